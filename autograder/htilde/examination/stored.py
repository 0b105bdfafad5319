"""A value in a file: a line that says what it is, a checksum, and the compressed bytes (``wire``).

Reading one runs no code. A sealed file's body is enciphered besides, with a key that the file itself holds: whoever
opens, greps or unpacks it sees nothing by accident. That keeps no secret from a reader who means to know.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from htilde.errors import PaperError
from htilde.files import write_file
from htilde.isolation.wire import MAX_PARTS, WireError, decode, encode
from htilde.values import Value

__all__ = ["Form", "checksum_in", "read_stored", "write_stored"]

MAX_BYTES = 64 * 2**20

_NAME, _NAME_BEFORE = "htilde", "autograder"
"""The kit's name in a file's first line, and the name it had before version 0.2; the formats are the same."""

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file. ``format`` grows when older kits can't read what this one writes; it reads from ``oldest`` on.

    ``fetch`` and ``renew`` say what to do about one that is missing or damaged, and about one of another version.
    """

    kind: str
    format: int
    fetch: str
    renew: str
    sealed: bool = False
    oldest: int = 0

    @property
    def magic(self) -> bytes:
        """The first line of a file of this kind."""
        return self._magic(self.format)

    @property
    def readable(self) -> tuple[bytes, ...]:
        """The first lines of the files that can be read."""
        return tuple(map(self._magic, range(self.oldest or self.format, self.format + 1)))

    def _magic(self, number: int) -> bytes:
        return f"{_NAME} {self.kind}, format {number}\n".encode()


def write_stored(form: Form, plain: Value, path: Path) -> None:
    """Write a value; the same value gives the same bytes. The file is replaced as a whole or not at all."""
    body = zlib.compress(encode(plain), 9)
    checksum = hashlib.sha256(body).hexdigest().encode()
    if form.sealed:
        body = _enciphered(body, checksum, _NAME)
    write_file(path, form.magic + checksum + b"\n" + body, durable=True)


def read_stored(form: Form, path: Path, make: Callable[[Any], _Made]) -> _Made:
    """Read a value and make of it what it stands for.

    Raises PaperError, with the next step, if the file is missing, damaged or of another format.
    """
    kind = form.kind
    try:
        with path.open("rb") as file:
            magic, checksum, body = file.readline(80), file.readline(80).strip(), file.read(MAX_BYTES)
    except FileNotFoundError:
        raise PaperError(f"{path}: there is no such {kind}.", next_step=form.fetch) from None
    except OSError as error:
        raise PaperError(f"{path}: the {kind} can't be read ({error.strerror}).", next_step=form.fetch) from None
    name = _NAME_BEFORE if magic.startswith(f"{_NAME_BEFORE} ".encode()) else _NAME
    magic = magic.replace(name.encode(), _NAME.encode(), 1)
    if not magic.startswith(form.magic.partition(b",")[0] + b","):
        raise PaperError(f"{path}: this isn't a {kind}.", next_step=form.fetch)
    if magic not in form.readable:
        said = magic.decode(errors="replace").strip()
        raise PaperError(
            f"{path}: written by another version of the kit ({said}; this one reads format {form.format}).",
            next_step=form.renew,
        )
    if form.sealed:
        body = _enciphered(body, checksum, name)
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        raise PaperError(f"{path}: the {kind} is damaged (its checksum doesn't match).", next_step=form.fetch)
    try:
        plain = zlib.decompressobj().decompress(body, 4 * MAX_BYTES)
        return make(decode(plain, depth=24, parts=MAX_PARTS))
    except (zlib.error, WireError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise PaperError(f"{path}: the {kind} is damaged ({error}).", next_step=form.fetch) from None


def checksum_in(path: Path) -> str:
    """Return the checksum that a file of any form states, or nothing; it shows whether the file has changed."""
    try:
        with path.open("rb") as file:
            return f"{file.readline(80)!r}{file.readline(80)!r}"
    except OSError:
        return ""


def _enciphered(body: bytes, checksum: bytes, name: str) -> bytes:
    """Return the body with the keystream over it, which takes it away again."""
    stream = hashlib.shake_256(f"{name} seal ".encode() + checksum).digest(len(body))
    return (np.frombuffer(body, np.uint8) ^ np.frombuffer(stream, np.uint8)).tobytes()
