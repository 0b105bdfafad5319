"""The names under which an assignment's file is handed in, and what browsers, Windows and people make of them.

A download is saved as ``a1 (1).ipynb``, a copy is called ``a1-Copy1.ipynb``, ``a1 - Copy.ipynb`` or ``Copy of
a1.ipynb``, people write their names into it, and Windows doesn't tell ``A1.ipynb`` from ``a1.ipynb``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["SUFFIXES", "is_script", "is_submission", "renamed"]

SUFFIXES = (".ipynb", ".py")
"""The endings of a submission's file, the one that counts first."""

_KIND = re.compile(r"(?P<stem>.+)\.(?P<kind>ipynb|py)(\.(txt|json))?", re.IGNORECASE | re.DOTALL)
"""A browser adds ``.txt`` or ``.json`` to what it takes for text."""
_NOT_HANDED_IN = re.compile(r"[.~].*|test_.*|.*_test|.*[-.]checkpoint", re.IGNORECASE | re.DOTALL)
"""Stems of macOS's and of editors' own files, of tests, and of Jupyter's copies."""


def is_submission(name: str) -> bool:
    """Return whether a file with this name can be a submission, a notebook or a script."""
    return _KIND.fullmatch(name) is not None


def is_script(name: str) -> bool:
    """Return whether a file with this name is read as a script."""
    found = _KIND.fullmatch(name)
    return found is not None and found["kind"].lower() == "py"


def renamed(names: Iterable[str], assignment: str) -> list[str]:
    """Return, sorted, the names of files that look like an assignment's, renamed or copied; not its own two."""
    # "_" becomes a blank or nothing in many places; a digit behind a digit would be another assignment's.
    words = r"[\W_]*".join(re.escape(word) for word in _plain(assignment).split("_") if word)
    called = re.compile(rf"(?<![a-z0-9]){words}(?![a-z]){r'(?![0-9])' if words[-1:].isdigit() else ''}")
    own = {f"{assignment}{suffix}" for suffix in SUFFIXES}
    return sorted(name for name in set(names) - own if _is_called(name, called))


def _is_called(name: str, called: re.Pattern[str]) -> bool:
    if (found := _KIND.fullmatch(name)) is None or _NOT_HANDED_IN.fullmatch(found["stem"]):
        return False
    return called.search(_plain(found["stem"])) is not None


def _plain(name: str) -> str:
    """Return a name as a file system sees it that knows neither case nor two ways to write an accent."""
    return unicodedata.normalize("NFKC", name).casefold()
