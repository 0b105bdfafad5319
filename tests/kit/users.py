"""An ordinary user, also where root runs the tests: what root may do with anybody's files is given up for a while."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_VERSION, _NO_ROOT = 0x20080522, 1
_GET_SECUREBITS, _SET_SECUREBITS = 27, 28


@contextmanager
def ordinary() -> Iterator[None]:
    """Let a file's mode hold for this thread and the programs that it starts, whoever runs it."""
    if os.geteuid() != 0:
        yield
        return
    assert sys.platform == "linux", "elsewhere than on Linux these tests want an ordinary user"
    libc = ctypes.CDLL(None, use_errno=True)
    header, before = struct.pack("=Ii", _VERSION, 0), ctypes.create_string_buffer(24)
    _checked(libc.capget(header, before))
    _, *low, _, permitted, inherited = struct.unpack("=6I", before.raw)
    bits = libc.prctl(_GET_SECUREBITS, 0, 0, 0, 0)
    # Or else a program that root starts has every privilege again.
    _checked(libc.prctl(_SET_SECUREBITS, bits | _NO_ROOT, 0, 0, 0))
    _checked(libc.capset(header, struct.pack("=6I", 0, *low, 0, permitted, inherited)))
    try:
        yield
    finally:
        _checked(libc.capset(header, before))
        _checked(libc.prctl(_SET_SECUREBITS, bits, 0, 0, 0))


def _checked(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
