# tornado's formatter is typed, but not everywhere in what it inherits.
# mypy: disable-error-code="import-untyped", allow-subclassing-any
"""nbgrader's log as people and the kit read it: a student's file name can't pose as a line of it."""

from __future__ import annotations

import copy
import logging
from typing import Any

from tornado.log import LogFormatter

from htilde.characters import clean

__all__ = ["CleanFormatter"]


class CleanFormatter(LogFormatter):
    """Shows control characters, and those that turn the writing, instead of obeying them.

    tornado's own way with line breaks stays: what comes behind one is indented, so only a record begins a line.
    """

    def format(self, record: logging.LogRecord) -> str:
        shown = copy.copy(record)
        try:
            shown.msg, shown.args = clean(record.getMessage()), None
        except (TypeError, ValueError):  # a record whose arguments don't fit; tornado tells of it
            pass
        return str(super().format(shown))

    def formatException(self, exc_info: Any) -> str:
        return clean(str(super().formatException(exc_info)))
