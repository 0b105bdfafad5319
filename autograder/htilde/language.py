"""The language in which people are spoken to: gettext for the engine, the paper's own texts for claims and hints."""

from __future__ import annotations

import functools
import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

__all__ = ["LANGUAGES", "Text", "_", "choose", "speak", "speaking"]

LANGUAGES = ("en", "ko")

Text = Mapping[str, str]
"""One text in several languages, by their codes; English is always among them."""

_current: ContextVar[str] = ContextVar("language", default="en")


def speak(language: str) -> None:
    """Speak this language from now on."""
    _current.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language inside the ``with`` block."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def _(text: str) -> str:
    """A text of the engine in the language that is spoken; in English if nobody has translated it."""
    return _catalog(_current.get()).gettext(text)


def choose(text: Text) -> str:
    """A text of a paper in the language that is spoken, or in English."""
    return text.get(_current.get()) or text["en"]


@functools.cache
def _catalog(language: str) -> gettext.NullTranslations:
    return gettext.translation("htilde", Path(__file__).parent / "locale", [language], fallback=True)
