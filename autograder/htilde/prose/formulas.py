r"""Turn TeX formulas into MathML, which browsers show without a script, fonts or a network.

An unknown command isn't guessed: the caller shows the TeX as it was typed. All names of elements and attributes are
written in this file, and all text of a formula is escaped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager

from htilde.prose.symbols import (
    ACCENTS,
    ALPHABETS,
    ARROWS,
    BELOW,
    COLORS,
    ESCAPED,
    LETTERS,
    NAMES,
    OPERATORS,
    SIZES,
    SPACES,
    SUMS,
    in_alphabet,
)

__all__ = ["mathml"]

MAX_LENGTH = 4_000
"""The most characters of a formula."""
MAX_DEPTH = 40
"""The most arguments within arguments."""

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
_LENGTH = re.compile(r"(-?\d{0,2}(?:\.\d{1,3})?) ?(em|ex|pt|px|cm|mm|in)")
_HEX_COLOR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")

_IN_TEXT = {*"_%&# {}"}
"""Characters that are written with a backslash in a text."""
_SIGNS = ("<mo>−</mo>", "<mo>+</mo>")

Ends = Callable[[str | None], bool]
"""A function that returns True for the token, or None for the end of the formula, that ends what is being read."""


class _UnknownError(Exception):
    """TeX that this module doesn't know."""


def mathml(tex: str, *, display: bool) -> str | None:
    """Return a formula as MathML, or None if it has something unknown. ``display`` sets it on a line of its own."""
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
        """Read the whole formula. Rows and columns without an environment are set as aligned ones."""
        rows, lines = self._rows(lambda token: token is None)
        if lines:
            raise _UnknownError
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

    def _rows(self, ends: Ends) -> tuple[list[list[str]], set[int]]:
        r"""Read cells between ``&`` in rows between ``\\``. Return the rows, and the numbers of those below a line."""
        rows: list[list[str]] = [[]]
        lines: set[int] = set()
        while True:
            while not rows[-1] and self._peek() == r"\hline":
                self._next()
                lines.add(len(rows) - 1)
            rows[-1].append(self._row(lambda token: ends(token) or token in ("&", r"\\")))
            if ends(self._peek()):
                break
            if self._next() != "&":
                rows.append([])
        if len(rows) > 1 and rows[-1] == [_element("mrow")]:
            rows.pop()  # nothing follows the last line break
        return rows, lines

    def _row(self, ends: Ends) -> str:
        parts: list[str] = []
        while not ends(token := self._peek()):
            if token is not None and (change := self._style(token)):  # holds up to the end of the row or group
                with self._deeper():
                    parts.append(_element("mstyle", self._row(ends), more=change))
                break
            part = self._scripted()
            if part in _SIGNS and parts and parts[-1].startswith("<mo>"):  # after another operator it is a sign
                part = part.replace("<mo>", '<mo form="prefix">')
            parts.append(part)
        return parts[0] if len(parts) == 1 else _element("mrow", *parts)

    def _scripted(self) -> str:
        """Read an atom with its scripts or limits."""
        token = self._peek() or ""
        base = _element("mrow") if token in ("^", "_", "'") else self._atom()
        name = token.removeprefix("\\")
        stacked = name in ("underbrace", "overbrace") or (self._display and name in {*BELOW, "operatorname*"})
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
            else:
                stacked = mark == r"\limits"
        above = _element("mrow", above) if above else ""
        over, under, both = ("mover", "munder", "munderover") if stacked else ("msup", "msub", "msubsup")
        if below and above:
            return _element(both, base, below, above)
        if below:
            return _element(under, base, below)
        return _element(over, base, above) if above else base

    def _argument(self) -> str:
        """Read a group, or the one token that takes its place."""
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
            if single and len(token) > 1:  # x^10 is x to the one, followed by a 0
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
            "phantom": lambda: _element("mphantom", self._argument()),
            "hphantom": lambda: self._padded(' height="0" depth="0"'),
            "vphantom": lambda: self._padded(' width="0"'),
            "textcolor": lambda: self._colored(self._color()),
            "pmod": lambda: _element("mrow", _space("quad"), _between("(", self._modulo(), ")")),
            "bmod": lambda: _leaf("mo", "mod"),
            **dict.fromkeys(("tag", "tag*"), lambda: self._tag(starred=name == "tag*")),
            **dict.fromkeys(("hspace", "hspace*"), self._horizontal_space),
            **dict.fromkeys(ARROWS, lambda: self._arrow(ARROWS[name])),
            "substack": self._substack,
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
        """Read the tokens between braces, blanks included, or one token without braces."""
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
        index = self._optional()
        return _element("msqrt", self._argument()) if index is None else _element("mroot", self._argument(), index)

    def _optional(self) -> str | None:
        """Read an argument in brackets, if there is one."""
        if self._peek() != "[":
            return None
        self._next()
        with self._deeper():
            inside = self._row(lambda token: token in ("]", None))
        self._next("]")
        return inside

    def _style(self, token: str) -> str:
        r"""Read ``\color{...}`` or a size, and return the attribute that it sets; "" if the token is neither."""
        name = token.removeprefix("\\")
        if token[0] != "\\" or (name != "color" and name not in SIZES):
            return ""
        self._next()
        return (
            self._color() if name == "color" else f' mathsize="{SIZES[name]:g}rem"'
        )  # not em: sizes within sizes don't multiply

    def _color(self) -> str:
        name = "".join(self._verbatim()).strip()
        if name not in COLORS and not _HEX_COLOR.fullmatch(name):
            raise _UnknownError
        return f' mathcolor="{name}"'

    def _colored(self, color: str) -> str:
        return _element("mstyle", self._argument(), more=color)

    def _padded(self, more: str) -> str:
        return _element("mpadded", _element("mphantom", self._argument()), more=more)

    def _modulo(self) -> str:
        return _element("mrow", _leaf("mi", "mod"), _space(" "), self._argument())

    def _tag(self, *, starred: bool) -> str:
        text = "".join(self._verbatim())
        if "\\" in text or "$" in text:
            raise _UnknownError
        return _element("mrow", _space("qquad"), _leaf("mtext", text if starred else f"({text})"))

    def _horizontal_space(self) -> str:
        length = _LENGTH.fullmatch("".join(self._verbatim()).strip())
        if length is None or length[1] in ("", "-"):
            raise _UnknownError
        return _element("mspace", more=f' width="{float(length[1]):g}{length[2]}"')

    def _arrow(self, sign: str) -> str:
        below, above = self._optional(), self._argument()
        arrow = _leaf("mo", sign, ' stretchy="true"')
        return _element("mover", arrow, above) if below is None else _element("munderover", arrow, below, above)

    def _substack(self) -> str:
        self._next("{")
        with self._deeper():
            rows, lines = self._rows(lambda token: token in ("}", None))
        self._next("}")
        return _table(rows, "substack", lines)

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
        rows, lines = self._rows(lambda token: token in (r"\end", None))
        self._next(r"\end")
        if "".join(self._verbatim()) != name:
            raise _UnknownError
        fences = _FENCED.get(plain, "  ")
        return _between(fences[0].strip(), _table(rows, plain, lines), fences[1].strip())


def _plain(name: str) -> str | None:
    """Return a command that takes no argument as MathML, or None if it is another."""
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


def _table(rows: list[list[str]], environment: str, lines: Set[int] = frozenset()) -> str:
    """Return rows as a table with a line above each row in ``lines``; their number there is a line below the last one.

    The columns of an aligned environment are right- and left-aligned in turn, those of cases left, others centred.
    """
    if environment in _ALIGNED:
        styles = ["text-align:right;padding-right:0", "text-align:left;padding-left:0"]
    else:
        styles = ["text-align:left" if environment == "cases" else "text-align:center"]
    found = []
    for number, row in enumerate(rows):
        border = ";border-top:1px solid" * (number in lines)
        border += ";border-bottom:1px solid" * (number == len(rows) - 1 and len(rows) in lines)
        cells = (
            _element("mtd", cell, more=f' style="{styles[at % len(styles)]}{border}"') for at, cell in enumerate(row)
        )
        found.append(_element("mtr", *cells))
    return _element("mtable", *found, more=' displaystyle="true"' if environment in _ALIGNED else "")
