"""Restrict the system calls that a locked worker may make, by a seccomp filter that is assembled here.

The table is an allow-list. A call that isn't in it fails with EPERM, so that a forbidden call is an ordinary
PermissionError in the student's function and doesn't end the worker. Calls of a foreign architecture or of x32, whose
numbers mean something else, end the process. Left out on purpose: every way to make a process or thread, to execute,
to open for writing, to change a file's metadata, to reach another process or the network, to get memory that
RLIMIT_AS doesn't count, and prctl (which would undo "not dumpable" and "die with the parent").

Sources: linux/seccomp.h, linux/bpf_common.h, linux/audit.h, asm/unistd_64.h, asm-generic/unistd.h and each
architecture's asm/fcntl.h.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from htilde.isolation.libc import call

__all__ = ["ARCHITECTURES", "Architecture", "load", "program"]

# A file may be opened with these flags and no others, which leaves reading: close-on-exec, not blocking, not
# becoming the controlling terminal; "a directory", "no symbolic link" and "large file" have other bits on each
# architecture.
_READING = 0o2000000 | 0o4000 | 0o400

# The calls that are allowed. ``program`` has rules for the arguments of some, by their names.
# stat tells whether a guessable path exists: importing needs it, and a filter can't look at paths.
_X86_64: Mapping[str, int] = {
    # files and pipes that are open already, and what importing a module needs
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "lseek": 8, "ioctl": 16,
    "pread64": 17, "readv": 19, "writev": 20, "fcntl": 72, "getcwd": 79, "getdents64": 217, "openat": 257,
    "newfstatat": 262, "statx": 332,
    # waiting
    "poll": 7, "select": 23, "sched_yield": 24, "nanosleep": 35, "futex": 202, "restart_syscall": 219,
    "clock_nanosleep": 230, "pselect6": 270, "ppoll": 271,
    # memory, all of it counted by RLIMIT_AS; mmap may map code because NumPy loads its libraries when needed
    "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "mremap": 25, "madvise": 28,
    # its own signals and its own end; abort() needs tgkill
    "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "exit": 60, "kill": 62, "sigaltstack": 131,
    "tkill": 200, "exit_group": 231, "tgkill": 234,
    # questions that change nothing
    "getpid": 39, "uname": 63, "gettimeofday": 96, "getrlimit": 97, "getrusage": 98, "sysinfo": 99, "times": 100,
    "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108, "getppid": 110, "gettid": 186, "time": 201,
    "sched_getaffinity": 204, "clock_gettime": 228, "clock_getres": 229, "prlimit64": 302, "getrandom": 318,
}  # fmt: skip

_AARCH64: Mapping[str, int] = {
    "getcwd": 17, "fcntl": 25, "ioctl": 29, "openat": 56, "close": 57, "getdents64": 61, "lseek": 62, "read": 63,
    "write": 64, "readv": 65, "writev": 66, "pread64": 67, "newfstatat": 79, "fstat": 80, "statx": 291,
    "pselect6": 72, "ppoll": 73, "futex": 98, "nanosleep": 101, "clock_nanosleep": 115, "sched_yield": 124,
    "restart_syscall": 128,
    "brk": 214, "munmap": 215, "mremap": 216, "mmap": 222, "mprotect": 226, "madvise": 233,
    "exit": 93, "exit_group": 94, "kill": 129, "tkill": 130, "tgkill": 131, "sigaltstack": 132,
    "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139,
    "clock_gettime": 113, "clock_getres": 114, "times": 153, "uname": 160, "getrlimit": 163, "getrusage": 165,
    "gettimeofday": 169, "sched_getaffinity": 123, "getpid": 172, "getppid": 173, "getuid": 174, "geteuid": 175,
    "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179, "prlimit64": 261, "getrandom": 278,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Architecture:
    """An architecture: its number in a filter's input, its system calls, its flags of open() that only read."""

    audit: int
    calls: Mapping[str, int]
    reading: int
    x32: bool = False


ARCHITECTURES: Mapping[str, Architecture] = {
    "x86_64": Architecture(0xC000003E, _X86_64, _READING | 0x10000 | 0x20000 | 0x8000, x32=True),
    "aarch64": Architecture(0xC00000B7, _AARCH64, _READING | 0x4000 | 0x8000 | 0x20000),
}

# Where a filter finds things in struct seccomp_data; the low half of an argument comes first on both machines.
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_LOAD, _RETURN, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT = 0x20, 0x06, 0x15, 0x35, 0x45
_ALLOW, _DENY, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_X32 = 0x40000000

_PR_SET_SECCOMP, _FILTER_MODE = 22, 2

# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC. Not F_SETOWN, F_SETSIG, F_NOTIFY, F_SETLEASE: they send
# signals to others. Not F_SETFL: a description may be shared with the examiner.
_FCNTL = (0, 1, 2, 3, 1030)
# Not even to itself: a process that was ended so was ended from outside, as by a kernel without memory.
_SIGKILL = 9
# TCGETS and TCGETS2 (is this a terminal?), FIOCLEX (close on exec).
_IOCTL = (0x5401, 0x802C542A, 0x5451)


def _instruction(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    """Return one struct sock_filter. ``yes`` and ``no`` count the instructions that a jump skips."""
    return struct.pack("=HBBI", code, yes, no, value)


def _load(argument: int, half: int = 0) -> bytes:
    return _instruction(_LOAD, _ARGUMENTS + 8 * argument + 4 * half)


def _one_of(argument: int, values: Iterable[int]) -> list[bytes]:
    # The kernel takes these arguments as 32-bit numbers, so comparing the low half is enough.
    tests = (b for value in values for b in (_instruction(_IF_EQUAL, value, 0, 1), _instruction(_RETURN, _ALLOW)))
    return [_load(argument), *tests, _instruction(_RETURN, _DENY)]


def _not(argument: int, value: int) -> list[bytes]:
    return [_load(argument), _instruction(_IF_EQUAL, value, 0, 1), _instruction(_RETURN, _DENY)]


def _no_bit_beyond(argument: int, bits: int) -> list[bytes]:
    return [
        _load(argument),
        _instruction(_IF_ANY_BIT, ~bits & 0xFFFFFFFF, 0, 1),
        _instruction(_RETURN, _DENY),
        _instruction(_RETURN, _ALLOW),
    ]


def _own_limits_unchanged() -> list[bytes]:
    """Allow prlimit64(0, which, NULL, old), which only reads a limit. The null pointer is compared in two halves."""
    body: list[bytes] = []
    for load in (_load(0), _load(2), _load(2, half=1)):
        body += [load, _instruction(_IF_EQUAL, 0, 1, 0), _instruction(_RETURN, _DENY)]
    return [*body, _instruction(_RETURN, _ALLOW)]


def program(machine: str, process: int) -> bytes:
    """Return the filter for the single-threaded process with the id ``process`` on a ``machine`` (as in os.uname).

    It is an array of struct sock_filter, 8 bytes each. Raises KeyError for a machine without a table.
    """
    target = ARCHITECTURES[machine]
    opening = target.reading
    rules = {
        "open": _no_bit_beyond(1, opening),
        "openat": _no_bit_beyond(2, opening),
        "fcntl": _one_of(1, _FCNTL),
        "ioctl": _one_of(1, _IOCTL),
        # With one thread, its thread id and its process id are the same number.
        "kill": [*_not(1, _SIGKILL), *_one_of(0, (process,))],
        "tkill": [*_not(1, _SIGKILL), *_one_of(0, (process,))],
        "tgkill": [*_not(2, _SIGKILL), *_one_of(0, (process,))],
        # Some BLAS ask how many processors there are; of another process it would tell whether that exists.
        "sched_getaffinity": _one_of(0, (0, process)),
        "prlimit64": _own_limits_unchanged(),
    }
    lines = [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_IF_EQUAL, target.audit, 1, 0),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, _NUMBER),
    ]
    if target.x32:
        lines += [_instruction(_IF_AT_LEAST, _X32, 0, 1), _instruction(_RETURN, _KILL)]
    for name, number in target.calls.items():
        body = rules.get(name, [_instruction(_RETURN, _ALLOW)])
        # Each body ends in a return, so the number is still loaded when the next comparison is reached.
        lines += [_instruction(_IF_EQUAL, number, 0, len(body)), *body]
    return b"".join([*lines, _instruction(_RETURN, _DENY)])


def load() -> None:
    """Filter the system calls of this process for good. Needs "no new privileges" (or CAP_SYS_ADMIN).

    Raises OSError with the kernel's errno, and NotImplementedError where there is no table for the machine.
    """
    machine = sys.platform
    if sys.platform == "linux":
        machine = os.uname().machine
    if machine not in ARCHITECTURES or sys.maxsize < 2**32:
        raise NotImplementedError(f"there is no table of system calls for {machine} at this word size")
    import ctypes

    code = program(machine, os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: how many instructions, where they are. Native alignment.
    call("prctl", _PR_SET_SECCOMP, _FILTER_MODE, struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer)), 0, 0)
