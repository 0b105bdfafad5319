r"""Turn TeX formulas into MathML, which browsers show without a script, fonts or a network.

An unknown command isn't guessed: the caller shows the TeX as it was typed. All names of elements and attributes are
written in this file and in ``elements``, and all text of a formula is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from htilde.prose.elements import ENVIRONMENTS, NOT_STRETCHED, between, element, leaf, space, symbol, table
from htilde.prose.symbols import (
    ACCENTS,
    ALPHABETS,
    ARROWS,
    BELOW,
    COLORS,
    ESCAPED,
    LETTERS,
    OPERATORS,
    SIZES,
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
_DELIMITERS = {"(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "/": "/", ".": "", "<": "⟨", ">": "⟩"}
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
    return element("math", inside, more=' display="block"' if display else "")


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
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else table(rows, "aligned")

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
        if len(rows) > 1 and rows[-1] == [element("mrow")]:
            rows.pop()  # nothing follows the last line break
        return rows, lines

    def _row(self, ends: Ends) -> str:
        parts: list[str] = []
        while not ends(token := self._peek()):
            if token is not None and (change := self._style(token)):  # holds up to the end of the row or group
                with self._deeper():
                    parts.append(element("mstyle", self._row(ends), more=change))
                break
            part = self._scripted()
            if part in _SIGNS and parts and parts[-1].startswith("<mo>"):  # after another operator it is a sign
                part = part.replace("<mo>", '<mo form="prefix">')
            parts.append(part)
        return parts[0] if len(parts) == 1 else element("mrow", *parts)

    def _scripted(self) -> str:
        """Read an atom with its scripts or limits."""
        token = self._peek() or ""
        base = element("mrow") if token in ("^", "_", "'") else self._atom()
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
                above += leaf("mo", "′")
            else:
                stacked = mark == r"\limits"
        above = element("mrow", above) if above else ""
        over, under, both = ("mover", "munder", "munderover") if stacked else ("msup", "msub", "msubsup")
        if below and above:
            return element(both, base, below, above)
        if below:
            return element(under, base, below)
        return element(over, base, above) if above else base

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
            return leaf("mn", token)
        if token.isalpha():
            return leaf("mi" if token.isascii() else "mtext", token)
        if token == "~":
            return space(" ")
        return leaf("mo", "−" if token == "-" else token, NOT_STRETCHED if token in "()[]|/" else "")

    def _command(self, name: str) -> str:
        if (plain := symbol(name)) is not None:
            return plain
        if name in ACCENTS:
            return self._accented(name)
        if name.removesuffix("*") in _TEXTS:
            return self._text(name.removesuffix("*"))
        if name in ALPHABETS:
            return leaf("mi", "".join(in_alphabet(letter, name) for letter in self._letters()))
        built: dict[str, Callable[[], str]] = {
            **dict.fromkeys(("frac", "dfrac", "tfrac"), self._fraction),
            **dict.fromkeys(("overset", "stackrel"), lambda: self._stacked("mover")),
            "underset": lambda: self._stacked("munder"),
            "binom": lambda: between("(", self._fraction(' linethickness="0"'), ")"),
            "boxed": lambda: element("mrow", self._argument(), more=' style="border:1px solid;padding:.2em"'),
            "sqrt": self._root,
            "phantom": lambda: element("mphantom", self._argument()),
            "hphantom": lambda: self._padded(' height="0" depth="0"'),
            "vphantom": lambda: self._padded(' width="0"'),
            "textcolor": self._colored,
            "pmod": self._modulo,
            "bmod": lambda: leaf("mo", "mod"),
            **dict.fromkeys(("tag", "tag*"), lambda: self._tag(starred=name == "tag*")),
            **dict.fromkeys(("hspace", "hspace*"), self._horizontal_space),
            **dict.fromkeys(ARROWS, lambda: self._arrow(ARROWS[name])),
            "substack": self._substack,
            "left": self._fenced,
            "middle": lambda: leaf("mo", self._delimiter(), ' stretchy="true"'),
            "begin": self._environment,
        }
        if name not in built:
            raise _UnknownError
        return built[name]()

    def _accented(self, name: str) -> str:
        base, mark = self._argument(), ACCENTS[name]
        if name.startswith("under"):
            return element("munder", base, leaf("mo", mark), more=' accentunder="true"')
        stretched = "" if name.startswith(("wide", "over")) else NOT_STRETCHED
        return element("mover", base, leaf("mo", mark, stretched), more=' accent="true"')

    def _text(self, name: str) -> str:
        tokens = [token[1:] if token[1:] in _IN_TEXT else token for token in self._verbatim()]
        text = "".join(tokens)
        if "\\" in text or "$" in tokens:
            raise _UnknownError
        return leaf("mi" if name in _UPRIGHT and len(text) > 1 else "mtext", text)

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
        return element("mfrac", self._argument(), self._argument(), more=more)

    def _stacked(self, name: str) -> str:
        mark = self._argument()
        return element(name, self._argument(), mark)

    def _root(self) -> str:
        index = self._optional()
        return element("msqrt", self._argument()) if index is None else element("mroot", self._argument(), index)

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
        # In rem, for sizes in em would multiply within one another.
        return self._color() if name == "color" else f' mathsize="{SIZES[name]:g}rem"'

    def _color(self) -> str:
        name = "".join(self._verbatim()).strip()
        if name not in COLORS and not _HEX_COLOR.fullmatch(name):
            raise _UnknownError
        return f' mathcolor="{name}"'

    def _colored(self) -> str:
        color = self._color()
        return element("mstyle", self._argument(), more=color)

    def _padded(self, more: str) -> str:
        return element("mpadded", element("mphantom", self._argument()), more=more)

    def _modulo(self) -> str:
        inside = element("mrow", leaf("mi", "mod"), space(" "), self._argument())
        return element("mrow", space("quad"), between("(", inside, ")"))

    def _tag(self, *, starred: bool) -> str:
        text = "".join(self._verbatim())
        if "\\" in text or "$" in text:
            raise _UnknownError
        return element("mrow", space("qquad"), leaf("mtext", text if starred else f"({text})"))

    def _horizontal_space(self) -> str:
        length = _LENGTH.fullmatch("".join(self._verbatim()).strip())
        if length is None or length[1] in ("", "-"):
            raise _UnknownError
        return element("mspace", more=f' width="{float(length[1]):g}{length[2]}"')

    def _arrow(self, sign: str) -> str:
        below, above = self._optional(), self._argument()
        arrow = leaf("mo", sign, ' stretchy="true"')
        return element("mover", arrow, above) if below is None else element("munderover", arrow, below, above)

    def _substack(self) -> str:
        self._next("{")
        with self._deeper():
            rows, lines = self._rows(lambda token: token in ("}", None))
        self._next("}")
        return table(rows, "substack", lines)

    def _fenced(self) -> str:
        opening = self._delimiter()
        inside = self._row(lambda token: token in (r"\right", None))
        self._next(r"\right")
        return between(opening, inside, self._delimiter())

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
        if plain not in ENVIRONMENTS:
            raise _UnknownError
        if plain == "array":
            self._verbatim()
        rows, lines = self._rows(lambda token: token in (r"\end", None))
        self._next(r"\end")
        if "".join(self._verbatim()) != name:
            raise _UnknownError
        return table(rows, plain, lines)
