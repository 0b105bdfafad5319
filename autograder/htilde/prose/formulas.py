r"""TeX formulas as MathML, which browsers set by themselves: a page needs no script, no fonts and no network for them.

What isn't known here isn't guessed: the caller shows the TeX as it was typed. All names of elements and attributes
are written in this file, and whatever comes from a formula is escaped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from htilde.prose.symbols import (
    ACCENTS,
    ALPHABETS,
    BELOW,
    ESCAPED,
    LETTERS,
    NAMES,
    OPERATORS,
    SPACES,
    SUMS,
    in_alphabet,
)

__all__ = ["mathml"]

MAX_LENGTH = 4_000
"""Characters of one formula."""
MAX_DEPTH = 40
"""Arguments within arguments."""

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_UPRIGHT = {"operatorname", "mathrm"}
_TEXTS = {"text", "textrm", "textit", "textbf", "texttt", "mbox", *_UPRIGHT}
_IGNORED = {"displaystyle", "textstyle", "limits", "nolimits", "nonumber", "notag"} | {
    f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
}
_FENCED = {"pmatrix": "()", "bmatrix": "[]", "Bmatrix": "{}", "vmatrix": "||", "Vmatrix": "‖‖", "cases": "{ "}
_ALIGNED = {"aligned", "align", "split"}
_TABLES = {"matrix", "smallmatrix", "array", "gathered", "gather", "equation", *_ALIGNED, *_FENCED}
_DELIMITERS = {"(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "/": "/", ".": "", "<": "⟨", ">": "⟩"}
_NOT_STRETCHED = ' stretchy="false"'

_IN_TEXT = {*"_%&# {}"}
"""What a text has behind a backslash, and without it."""
_SIGNS = ("<mo>−</mo>", "<mo>+</mo>")

Ends = Callable[[str | None], bool]
"""Whether a token, or the end of the formula, ends what is being read."""


class _UnknownError(Exception):
    """Something that this module can't set."""


def mathml(tex: str, *, display: bool) -> str | None:
    """A formula as MathML, for a line of its own or within one; None if it holds what isn't known here."""
    if len(tex) > MAX_LENGTH:
        return None
    try:
        inside = _Reader(tex, display=display).formula()
    except _UnknownError:
        return None
    return _element("math", inside, more=' display="block"' if display else "")


def _element(name: str, *parts: str, more: str = "") -> str:
    return f"<{name}{more}>{''.join(parts)}</{name}>"


def _leaf(name: str, text: str, more: str = "") -> str:
    return _element(name, html.escape(text), more=more)


class _Reader:
    """Reads the tokens once, from left to right."""

    def __init__(self, tex: str, *, display: bool) -> None:
        self._tokens: list[str] = _TOKEN.findall(tex)
        self._at, self._depth, self._display = 0, 0, display

    def formula(self) -> str:
        """The whole. Rows and columns without an environment around them are set as aligned ones."""
        rows = self._rows(lambda token: token is None)
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else _table(rows, "aligned")

    def _peek(self) -> str | None:
        while self._at < len(self._tokens) and self._tokens[self._at].isspace():
            self._at += 1
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self, expected: str = "") -> str:
        token = self._peek()
        if token is None or (expected and token != expected):
            raise _UnknownError
        self._at += 1
        return token

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _UnknownError
        yield
        self._depth -= 1

    def _rows(self, ends: Ends) -> list[list[str]]:
        r"""Cells between ``&``, in rows between ``\\``, up to the token that ends them."""
        rows: list[list[str]] = [[]]
        while True:
            rows[-1].append(self._row(lambda token: ends(token) or token in ("&", r"\\")))
            if ends(self._peek()):
                break
            if self._next() != "&":
                rows.append([])
        if len(rows) > 1 and rows[-1] == [_element("mrow")]:
            rows.pop()  # behind the last line break there is nothing
        return rows

    def _row(self, ends: Ends) -> str:
        parts: list[str] = []
        while not ends(self._peek()):
            part = self._scripted()
            if part in _SIGNS and parts and parts[-1].startswith("<mo>"):  # behind another operator it is a sign
                part = part.replace("<mo>", '<mo form="prefix">')
            parts.append(part)
        return parts[0] if len(parts) == 1 else _element("mrow", *parts)

    def _scripted(self) -> str:
        """One atom with what stands above and below it."""
        token = self._peek() or ""
        base = _element("mrow") if token in ("^", "_", "'") else self._atom()
        below, above = "", ""
        while (mark := self._peek()) in ("^", "_", "'", r"\limits", r"\nolimits"):
            self._next()
            if mark == "_" and below:
                raise _UnknownError
            if mark == "_":
                below = self._argument()
            elif mark == "^":
                above += self._argument()
            elif mark == "'":
                above += _leaf("mo", "′")
        above = _element("mrow", above) if above else ""
        name = token.removeprefix("\\")
        stacked = name in ("underbrace", "overbrace") or (name in BELOW and self._display)
        over, under, both = ("mover", "munder", "munderover") if stacked else ("msup", "msub", "msubsup")
        if below and above:
            return _element(both, base, below, above)
        if below:
            return _element(under, base, below)
        return _element(over, base, above) if above else base

    def _argument(self) -> str:
        """A group, or the one token that stands for it."""
        with self._deeper():
            return self._group() if self._peek() == "{" else self._one(self._next(), single=True)

    def _group(self) -> str:
        self._next("{")
        inside = self._row(lambda token: token in ("}", None))
        self._next("}")
        return inside

    def _atom(self) -> str:
        with self._deeper():
            return self._group() if self._peek() == "{" else self._one(self._next())

    def _one(self, token: str, *, single: bool = False) -> str:
        if token in ("{", "}", "&", "^", "_", "'", "#", "%", "$", r"\\", "\\"):
            raise _UnknownError
        if token[0] == "\\":
            return self._command(token[1:])
        if token[0].isdigit():
            if single and len(token) > 1:  # x^10 is x to the one, then a nought
                self._at -= 1
                token, self._tokens[self._at] = token[0], token[1:]
            return _leaf("mn", token)
        if token.isalpha():
            return _leaf("mi" if token.isascii() else "mtext", token)
        if token == "~":
            return _space(" ")
        return _leaf("mo", "−" if token == "-" else token, _NOT_STRETCHED if token in "()[]|/" else "")

    def _command(self, name: str) -> str:
        if (plain := _plain(name)) is not None:
            return plain
        if name in ACCENTS:
            return self._accented(name)
        if name.removesuffix("*") in _TEXTS:
            return self._text(name.removesuffix("*"))
        if name in ALPHABETS:
            return _leaf("mi", "".join(in_alphabet(letter, name) for letter in self._letters()))
        built: dict[str, Callable[[], str]] = {
            **dict.fromkeys(("frac", "dfrac", "tfrac"), self._fraction),
            **dict.fromkeys(("overset", "stackrel"), lambda: self._stacked("mover")),
            "underset": lambda: self._stacked("munder"),
            "binom": lambda: _between("(", self._fraction(' linethickness="0"'), ")"),
            "boxed": lambda: _element("mrow", self._argument(), more=' style="border:1px solid;padding:.2em"'),
            "sqrt": self._root,
            "left": self._fenced,
            "middle": lambda: _leaf("mo", self._delimiter(), ' stretchy="true"'),
            "begin": self._environment,
        }
        if name not in built:
            raise _UnknownError
        return built[name]()

    def _accented(self, name: str) -> str:
        base, mark = self._argument(), ACCENTS[name]
        if name.startswith("under"):
            return _element("munder", base, _leaf("mo", mark), more=' accentunder="true"')
        stretched = "" if name.startswith(("wide", "over")) else _NOT_STRETCHED
        return _element("mover", base, _leaf("mo", mark, stretched), more=' accent="true"')

    def _text(self, name: str) -> str:
        tokens = [token[1:] if token[1:] in _IN_TEXT else token for token in self._verbatim()]
        text = "".join(tokens)
        if "\\" in text or "$" in tokens:
            raise _UnknownError
        return _leaf("mi" if name in _UPRIGHT and len(text) > 1 else "mtext", text)

    def _letters(self) -> Iterator[str]:
        for token in self._verbatim():
            letter = LETTERS.get(token[1:], token)
            if not (letter.isalnum() or letter.isspace()):
                raise _UnknownError
            yield letter.strip()

    def _verbatim(self) -> Sequence[str]:
        """The tokens between braces, blanks included; without braces one token."""
        if self._peek() != "{":
            return [self._next()]
        self._next()
        start = self._at
        while self._at < len(self._tokens) and self._tokens[self._at] not in "{}":
            self._at += 1
        tokens = self._tokens[start : self._at]
        self._next("}")
        return tokens

    def _fraction(self, more: str = "") -> str:
        return _element("mfrac", self._argument(), self._argument(), more=more)

    def _stacked(self, element: str) -> str:
        mark = self._argument()
        return _element(element, self._argument(), mark)

    def _root(self) -> str:
        if self._peek() != "[":
            return _element("msqrt", self._argument())
        self._next()
        index = self._row(lambda token: token in ("]", None))
        self._next("]")
        return _element("mroot", self._argument(), index)

    def _fenced(self) -> str:
        opening = self._delimiter()
        inside = self._row(lambda token: token in (r"\right", None))
        self._next(r"\right")
        return _between(opening, inside, self._delimiter())

    def _delimiter(self) -> str:
        token = self._next()
        found = _DELIMITERS.get(token)
        if found is None and token[0] == "\\":
            found = ESCAPED.get(token[1:]) or OPERATORS.get(token[1:])
        if found is None:
            raise _UnknownError
        return found

    def _environment(self) -> str:
        name = "".join(self._verbatim())
        plain = name.removesuffix("*")
        if plain not in _TABLES:
            raise _UnknownError
        if plain == "array":
            self._verbatim()
        rows = self._rows(lambda token: token in (r"\end", None))
        self._next(r"\end")
        if "".join(self._verbatim()) != name:
            raise _UnknownError
        fences = _FENCED.get(plain, "  ")
        return _between(fences[0].strip(), _table(rows, plain), fences[1].strip())


def _plain(name: str) -> str | None:
    """A command that takes no argument, or None."""
    if (letter := LETTERS.get(name)) is not None:
        return _leaf("mi", letter, "" if letter.islower() else ' mathvariant="normal"')
    if (operator := OPERATORS.get(name) or ESCAPED.get(name)) is not None:
        return _leaf("mo", operator, _NOT_STRETCHED)
    if name in SUMS:
        return _leaf("mo", SUMS[name])
    if name in NAMES:
        return _leaf("mi", name)
    if name in SPACES:
        return _space(name)
    return _element("mrow") if name in _IGNORED else None


def _space(name: str) -> str:
    return _element("mspace", more=f' width="{SPACES[name]:g}em"')


def _between(opening: str, inside: str, closing: str) -> str:
    if not opening and not closing:
        return inside
    fences = [_leaf("mo", fence, ' fence="true" stretchy="true"') if fence else "" for fence in (opening, closing)]
    return _element("mrow", fences[0], inside, fences[1])


def _table(rows: list[list[str]], environment: str) -> str:
    """Columns of an aligned environment go right and left in turn, those of cases left, others to the middle."""
    if environment in _ALIGNED:
        styles = ["text-align:right;padding-right:0", "text-align:left;padding-left:0"]
    else:
        styles = ["text-align:left" if environment == "cases" else "text-align:center"]
    found = [
        _element("mtr", *(_element("mtd", cell, more=f' style="{styles[at % len(styles)]}"') for at, cell in row))
        for row in map(enumerate, rows)
    ]
    return _element("mtable", *found, more=' displaystyle="true"' if environment in _ALIGNED else "")
