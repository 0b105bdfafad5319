"""Values as bytes, and frames of bytes on a pipe. No pickle, no JSON: a tag, a length, the content.

Every count and dimension is checked against what is left of the frame before anything is allocated, so a
reply that claims ten terabytes costs nothing. The first byte of an encoded value is its tag:

    N none   T true   F false   i int64   f float64   s text   r seed   x refused
    p law   e sample: a tuple of its fields
    a array: dtype code (u8), dimensions (u8), each length (u32), then the entries, little-endian, C order
    t tuple  l list: count (u32), then the parts      d dict: count (u32), then text and part in turn
"""

from __future__ import annotations

import math
import struct
from dataclasses import astuple
from typing import Any, Protocol

import numpy as np

from htilde import sizes
from htilde.distributions import Law, Sample
from htilde.values import DTYPES, Array, Refused, Rng, Value

__all__ = ["MAX_FRAME", "MAX_PARTS", "Source", "WireError", "decode", "encode", "read_frame", "write_frame"]

MAX_FRAME = 64 * 2**20
"""Bytes of one frame, its length prefix not counted."""
MAX_PARTS = 1_000_000
"""Values within a frame that the examiner has written. An array of four bytes takes a hundred once it is made."""

_RECORDS = {b"p": Law, b"e": Sample}
_LENGTH = struct.Struct("<I")
_INT, _FLOAT, _U64 = struct.Struct("<q"), struct.Struct("<d"), struct.Struct("<Q")


class WireError(Exception):
    """Bytes that aren't a value, or a pipe that ended within a frame."""


class Source(Protocol):
    """The reading end of a pipe: ``read(n)`` returns up to n bytes, none at the end."""

    def read(self, size: int, /) -> bytes | None: ...


class Sink(Protocol):
    """The writing end of a pipe."""

    def write(self, data: bytes, /) -> object: ...
    def flush(self) -> object: ...


def encode(value: Value) -> bytes:
    """Return the bytes of a value. Raises TypeError for anything else."""
    out = bytearray()
    _encode(value, out)
    return bytes(out)


def _encode(value: Value, out: bytearray) -> None:
    if value is None:
        out += b"N"
    elif isinstance(value, bool):
        out += b"T" if value else b"F"
    elif isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise TypeError("not a value: an integer of more than 64 bits")
        out += b"i" + _INT.pack(value)
    elif isinstance(value, float):
        out += b"f" + _FLOAT.pack(value)
    elif isinstance(value, str):
        _encode_text(b"s", value, out)
    elif isinstance(value, np.ndarray):
        code = _CODES.get(value.dtype)
        if code is None:
            raise TypeError(f"not a value: an array of dtype {value.dtype}")
        out += b"a" + bytes((code, value.ndim)) + struct.pack(f"<{value.ndim}I", *value.shape)
        out += value.astype(_ON_WIRE[code], copy=False).tobytes()
    elif isinstance(value, Rng):
        out += b"r" + _U64.pack(value.seed)
    elif isinstance(value, Refused):
        _encode_text(b"x", value.what, out)
    elif isinstance(value, (Law, Sample)):
        out += b"p" if isinstance(value, Law) else b"e"
        _encode(astuple(value), out)
    elif isinstance(value, (tuple, list)):
        out += (b"t" if isinstance(value, tuple) else b"l") + _LENGTH.pack(len(value))
        for part in value:
            _encode(part, out)
    elif isinstance(value, dict):
        out += b"d" + _LENGTH.pack(len(value))
        for key, part in value.items():
            _encode_text(b"s", key, out)
            _encode(part, out)
    else:
        raise TypeError(f"not a value: {type(value).__name__}")


# longdouble has no portable layout: it travels as float64 under its own code. A bool travels as a number, for NumPy
# would take any byte for one, and only 0 and 1 are.
_OTHERS = {np.dtype(np.longdouble): "<f8", np.dtype(np.clongdouble): "<c16", np.dtype(np.bool_): "u1"}
_ON_WIRE = tuple(np.dtype(_OTHERS.get(dtype, dtype.newbyteorder("<").str)) for dtype in DTYPES)
_CODES = {dtype: code for code, dtype in enumerate(DTYPES)}


def _encode_text(tag: bytes, text: str, out: bytearray) -> None:
    if not isinstance(text, str):
        raise TypeError(f"not a key: {type(text).__name__}")
    raw = text.encode("utf-8", "replace")
    out += tag + _LENGTH.pack(len(raw)) + raw


def decode(data: bytes, *, depth: int = sizes.MAX_DEPTH + 4, parts: int = sizes.MAX_ITEMS + 100) -> Value:
    """Return the value that ``data`` encodes. Allocates little more than ``data`` holds. Raises WireError.

    ``depth`` bounds the nesting and ``parts`` the number of values; the message around a student's value adds
    levels and parts of its own.
    """
    reader = _Reader(data, parts)
    value = reader.value(depth)
    if reader.left:
        raise WireError(f"{reader.left} bytes after the end of the value")
    return value


class _Reader:
    """Reads one value after another. Every answer passes through here, so this code is written for speed."""

    def __init__(self, data: bytes, parts: int) -> None:
        self.data, self.view, self.at, self.end, self.parts_left = data, memoryview(data), 0, len(data), parts

    @property
    def left(self) -> int:
        return self.end - self.at

    def take(self, size: int) -> int:
        """Advance by ``size`` bytes and return the offset at which they begin."""
        at = self.at
        if size > self.end - at:
            raise WireError(f"{size} bytes announced, {self.left} there")
        self.at = at + size
        return at

    def count(self) -> int:
        number: int = _LENGTH.unpack_from(self.data, self.take(4))[0]
        return number

    def parts(self) -> int:
        number = self.count()
        self.parts_left -= number
        if number > self.left or self.parts_left < 0:  # each part takes a byte at least
            raise WireError(f"{number} parts announced in {self.left} bytes")
        return number

    def text(self) -> str:
        at = self.take(self.count())
        try:
            return str(self.view[at : self.at], "utf-8")
        except UnicodeDecodeError:
            raise WireError("text that isn't UTF-8") from None

    def value(self, depth: int) -> Value:
        if depth == 0:
            raise WireError("nested too deep")
        at = self.take(1)
        tag = self.data[at : at + 1]
        if tag == b"a":
            return self.array()
        if tag == b"s":
            return self.text()
        if tag in (b"t", b"l"):
            parts = [self.value(depth - 1) for _ in range(self.parts())]
            return tuple(parts) if tag == b"t" else parts
        if tag == b"d":
            return {self.key(): self.value(depth - 1) for _ in range(self.parts())}
        if tag == b"f":
            return float(_FLOAT.unpack_from(self.data, self.take(8))[0])
        if tag == b"i":
            return int(_INT.unpack_from(self.data, self.take(8))[0])
        if tag in (b"T", b"F"):
            return tag == b"T"
        if tag == b"N":
            return None
        if tag == b"r":
            return Rng(int(_U64.unpack_from(self.data, self.take(8))[0]))
        if tag == b"x":
            return Refused(self.text())
        if tag in _RECORDS:
            return self.record(_RECORDS[tag], depth - 1)
        raise WireError(f"unknown tag {tag!r}")

    def key(self) -> str:
        at = self.take(1)
        if self.data[at : at + 1] != b"s":
            raise WireError("a key that isn't text")
        return self.text()

    def record(self, kind: type[Law | Sample], depth: int) -> Value:
        fields: Any = self.value(depth)
        if not isinstance(fields, tuple):
            raise WireError("a record that isn't a tuple")
        try:
            return kind(*fields)
        except (TypeError, ValueError) as error:
            raise WireError(str(error)) from None

    def array(self) -> Array:
        at = self.take(2)
        code, dimensions = self.data[at], self.data[at + 1]
        if code >= len(DTYPES):
            raise WireError(f"unknown dtype code {code}")
        if dimensions > sizes.MAX_DIMENSIONS:
            raise WireError(f"an array of {dimensions} dimensions")
        shape: tuple[int, ...] = struct.unpack_from(f"<{dimensions}I", self.data, self.take(4 * dimensions))
        dtype, size = _ON_WIRE[code], math.prod(shape)
        at = self.take(size * dtype.itemsize)
        if not size:
            if sizes.extent(shape) > sizes.MAX_BYTES:  # one of shape (0, 2**32 - 1, ...) holds nothing but overflows
                raise WireError(f"an array of shape {shape}")
            return np.empty(shape, DTYPES[code])
        entries = np.frombuffer(self.data, dtype, size, at).reshape(shape)
        if dtype is DTYPES[code]:
            return entries.copy()
        with np.errstate(invalid="ignore"):  # a NaN that signals
            return entries.astype(DTYPES[code])


def write_frame(sink: Sink, message: Value) -> None:
    """Write one frame: its length in four bytes, then the encoded message."""
    payload = encode(message)
    if len(payload) > MAX_FRAME:
        raise WireError(f"a frame of {len(payload)} bytes; the limit is {MAX_FRAME}")
    sink.write(_LENGTH.pack(len(payload)) + payload)
    sink.flush()


def read_frame(source: Source, *, limit: int = MAX_FRAME, parts: int = sizes.MAX_ITEMS + 100) -> Value:
    """Read one frame of at most ``limit`` bytes and ``parts`` values.

    Raises EOFError when the pipe ends between frames and WireError for a broken one.
    """
    head = source.read(4)
    if not head:
        raise EOFError
    if len(head) < 4:
        head += _read_exactly(source, 4 - len(head))
    (size,) = _LENGTH.unpack(head)
    if size > limit:
        raise WireError(f"a frame of {size} bytes; the limit is {limit}")
    return decode(_read_exactly(source, size), parts=parts)


def _read_exactly(source: Source, size: int) -> bytes:
    chunks, left = [], size
    while left:
        chunk = source.read(min(left, 2**20))
        if not chunk:
            raise WireError(f"the pipe ended {left} bytes short of a frame")
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)
