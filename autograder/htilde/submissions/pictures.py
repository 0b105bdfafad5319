"""Pictures of a submission: files beside its notebook, and what was pasted into a cell of prose.

Neither the name nor the type that a notebook states is trusted. A file that begins like a picture that every
browser shows is put whole into a page, so that a page fetches nothing.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

__all__ = ["ATTACHMENT", "BESIDE", "MAX_PICTURES", "Pictures", "shown_pictures"]

ATTACHMENT = "attachment:"
"""How Markdown addresses what was pasted into its cell."""
BESIDE = re.compile(r"(?!\.)[\w -][\w .,()+-]*(/(?!\.)[\w .,()+-]+)*\Z")
"""A file beside the notebook: no way up, no root, no query."""
MAX_PICTURES = 16 * 2**20
"""Bytes of all the pictures on a page: more than a submitted notebook can hold in base64."""
MAX_PASTED = 50
"""Pictures of one cell."""
_MAGIC = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"RIFF": "webp"}

Attachments = dict[str, dict[str, str]]
"""As a cell has them: by name, the picture's type and its bytes in base64."""


def _kind(raw: bytes) -> str | None:
    """Return the type of a picture by its first bytes; None if it is no picture."""
    return next((kind for magic, kind in _MAGIC.items() if raw.startswith(magic)), None)


def _decoded(data: object) -> bytes:
    """Return what was pasted; nothing if that isn't base64."""
    try:
        return base64.b64decode("".join(data.split()), validate=True) if isinstance(data, str) else b""
    except ValueError:
        return b""


def shown_pictures(source: str, pasted: Sequence[tuple[str, str]]) -> tuple[str, Attachments]:
    """Return prose and the pictures that it shows, each under a name of ours instead of the student's.

    ``pasted`` are names and data in base64. What is no picture is left out, and its address in the prose as it was.
    """
    fresh: Attachments = {}
    places: dict[str, str] = {}
    for name, data in pasted[:MAX_PASTED]:
        ways = {name, quote(name, errors="replace")}
        if name in places or not any(f"{ATTACHMENT}{way}" in source for way in ways):
            continue
        raw = _decoded(data)
        if (kind := _kind(raw)) is not None:
            ours = f"pasted-{len(fresh) + 1}.{kind}"
            fresh[ours] = {f"image/{kind}": base64.b64encode(raw).decode()}
            places |= dict.fromkeys(ways, ours)
    if fresh:
        names = "|".join(re.escape(way) for way in sorted(places, key=len, reverse=True))
        source = re.sub(f"{ATTACHMENT}({names})", lambda found: ATTACHMENT + places[found[1]], source)
    return source, fresh


class Pictures:
    """The pictures that one page may show, MAX_PICTURES bytes of them."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._left = folder, MAX_PICTURES

    def url(self, address: str, attachments: Mapping[str, Mapping[str, str]]) -> str | None:
        """Return a picture as an address that holds all of it; None if it isn't one, or the page has too many."""
        name = unquote(address)
        if name.startswith(ATTACHMENT):
            raw = _decoded(next(iter(attachments.get(name.removeprefix(ATTACHMENT), {}).values()), ""))
        else:
            raw = self._beside(name)
        kind = _kind(raw)
        if kind is None or len(raw) > self._left:
            return None
        self._left -= len(raw)
        return f"data:image/{kind};base64,{base64.b64encode(raw).decode()}"

    def _beside(self, name: str) -> bytes:
        """Return the content of a file beside the notebook; nothing if it is none, a link or too large."""
        path = self._folder / name
        try:
            if not BESIDE.match(name) or path.resolve() != self._folder.resolve() / name:
                return b""
            if not path.is_file() or path.stat().st_size > self._left:
                return b""
            return path.read_bytes()
        except (OSError, ValueError):
            return b""
