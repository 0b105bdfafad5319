"""Call functions of the C library that Python doesn't offer. Linux only; nothing is loaded before the first call."""

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
    """Call ``function`` of the C library and return its result. Bytes are passed as a pointer to them.

    Raises OSError with the kernel's errno if the function returns -1.
    """
    import ctypes

    # Every number as a full word: ctypes would pass an int, and the other half of the word would be undefined.
    words = [ctypes.c_ulong(argument) if isinstance(argument, int) else argument for argument in arguments]
    answer = int(getattr(_library(), function)(*words))
    if answer == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), function)
    return answer
