# tries: to take memory that no limit counts: anonymous files, shared segments
# grader: refuses each
# says: refused 3 of 3

# %% sigmoid
import ctypes
import os
from multiprocessing import shared_memory

libc = ctypes.CDLL(None, use_errno=True)


def sigmoid(h_tilde):
    got = []
    for take in (
        lambda: os.memfd_create("left_behind"),
        lambda: shared_memory.SharedMemory("left_behind", create=True, size=2**20),
        lambda: libc.shmget(0x51, 2**20, 0o1666) + 1 or 1 / 0,
    ):
        try:
            got.append(take())
        except (OSError, ZeroDivisionError):
            pass
    raise PermissionError(f"refused {3 - len(got)} of 3")
