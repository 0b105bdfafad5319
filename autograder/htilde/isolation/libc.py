"""Calls to the C library for what Python has no name for. Linux only; nothing is loaded before the first call."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes

__all__ = ["call"]


@functools.cache
def _library() -> ctypes.CDLL:
    import ctypes  # here, so that importing the package stays cheap and works where there is no C library to load

    library = ctypes.CDLL(None, use_errno=True)
    # Only syscall(2) returns a long; reading an int as a long would turn -1 into 4294967295.
    library.syscall.restype = ctypes.c_long
    return library


def call(function: str, *arguments: int | bytes) -> int:
    """Call ``function`` of the C library; bytes are passed as a pointer to them. Returns what it returned.

    Raises OSError, with the kernel's errno, when the function answers -1.
    """
    import ctypes

    # Every number as a full word: ctypes would pass an int, and what is in the other half is anyone's guess.
    words = [ctypes.c_ulong(argument) if isinstance(argument, int) else argument for argument in arguments]
    answer = int(getattr(_library(), function)(*words))
    if answer == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), function)
    return answer
