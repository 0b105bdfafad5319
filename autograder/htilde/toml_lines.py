"""Find the line on which a TOML document says something, which ``tomllib`` doesn't keep."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator

__all__ = ["Place", "lines_of"]

Place = tuple[str | int, ...]
"""A path into the document: keys of tables and indices of arrays, like ("assignment", 1, "points", "relu")."""

_SPACE = re.compile(r"[ \t\r\n]*(?:#[^\n]*[ \t\r\n]*)*")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'  # its last quotes may stand before the three that close it
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]*")


def lines_of(text: str) -> dict[Place, int]:
    """Return the line, from 1, of every key, table and array element of a document that ``tomllib`` accepts.

    A table or array that is begun several times, or by a dotted key, has the line on which it is begun first.
    """
    return _Scanner(text).lines


class _Scanner:
    """Reads a document from front to back and notes where each place begins."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Place, int] = {}
        self._text, self._at = text, 0
        self._newlines = [found.start() for found in re.finditer("\n", text)]
        self._elements: dict[Place, int] = {}  # of each array of tables, how many there are so far
        table: Place = ()
        while self._skipped() < len(text):
            if self._takes("["):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Place:
        """Read the rest of ``[a.b]`` or ``[[a.b]]``; return the place of the table that it begins."""
        is_element = self._takes("[")
        line = self._line()
        place: Place = ()
        *above, last = self._key()
        for part in above:
            place = self._last_element((*place, part), line)
        place = (*place, last)
        if is_element:
            self.lines.setdefault(place, line)
            self._elements[place] = self._elements.get(place, 0) + 1
        place = self._last_element(place, line)
        self._at = self._text.index("]]" if is_element else "]", self._at) + 1 + is_element
        return place

    def _last_element(self, place: Place, line: int) -> Place:
        """Note a table; of an array of tables, its last element is meant."""
        self.lines.setdefault(place, line)
        if place in self._elements:
            place = (*place, self._elements[place] - 1)
            self.lines.setdefault(place, line)
        return place

    def _pair(self, table: Place) -> None:
        """Read a key, which may be dotted, and its value."""
        line, place = self._line(), table
        for part in self._key():
            place = (*place, part)
            self.lines.setdefault(place, line)
        self._takes("=")
        self._value(place)

    def _value(self, place: Place) -> None:
        self._skipped()
        if self._takes("["):
            number = 0
            while not self._takes("]"):
                self.lines[*place, number] = self._line()
                self._value((*place, number))
                self._takes(",")
                number += 1
        elif self._takes("{"):
            while not self._takes("}"):
                self._pair(place)
                self._takes(",")
        else:
            found = _STRING.match(self._text, self._at) or _SCALAR.match(self._text, self._at)
            self._at = found.end() if found else len(self._text)

    def _key(self) -> Iterator[str]:
        """Give the parts of a key, each as it is meant."""
        while True:
            self._skipped()
            quoted = _STRING.match(self._text, self._at)
            found = quoted or _BARE_KEY.match(self._text, self._at)
            if found is None:  # no TOML; it is never asked for
                raise ValueError(f"line {self._line()}: a key is expected")
            self._at = found.end()
            yield tomllib.loads(f"key = {found[0]}")["key"] if quoted else found[0]
            if not self._takes("."):
                return

    def _skipped(self) -> int:
        """Skip white space and comments; return the position behind them."""
        if found := _SPACE.match(self._text, self._at):
            self._at = found.end()
        return self._at

    def _takes(self, mark: str) -> bool:
        """Skip white space and comments, and the mark if it stands there."""
        found = self._text.startswith(mark, self._skipped())
        self._at += len(mark) * found
        return found

    def _line(self) -> int:
        return bisect_right(self._newlines, self._skipped()) + 1
