"""The language of messages: gettext for the engine's texts, a choice among a paper's own for claims and hints."""

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
"""One text in several languages, by their codes. English is always there."""

_current: ContextVar[str] = ContextVar("language", default="en")


def speak(language: str) -> None:
    """Use this language from now on."""
    _current.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use this language inside the ``with`` block."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def _(text: str) -> str:
    """Return a text of the engine in the current language, or in English if it isn't translated."""
    return _catalog(_current.get()).gettext(text)


def choose(text: Text) -> str:
    """Return a text of a paper in the current language, or in English."""
    return text.get(_current.get()) or text["en"]


@functools.cache
def _catalog(language: str) -> gettext.NullTranslations:
    return gettext.translation("htilde", Path(__file__).parent / "locale", [language], fallback=True)
