"""Lock the worker in before it has read a byte of a submission.

The order matters. Limits come first, while they may still be set; then privileges, so that root gains an attacker
nothing; then what may be read; last which system calls may be made, because that filter forbids all the steps before.
The process can't undo any of it.

What holds is *observed* afterwards, never inferred from a version. A layer that can't be had is reported, and the
caller refuses to grade without it. Known remainder: stat() tells whether a path exists that can be guessed.

The caller starts the worker with BLAS threads off, with pipes for its output (not files: no file may grow), with no
other descriptor, from a thread that outlives it, and imports all it needs of the package before locking. Where the
kernel has no Landlock, the caller starts it in Bubblewrap and says so.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from htilde.isolation import landlock, seccomp
from htilde.isolation.landlock import readable_paths
from htilde.isolation.libc import call

__all__ = ["Protection", "lock", "readable_paths"]

_LIMITS, _NO_NEW, _CAPABILITIES, _LANDLOCK, _SECCOMP = _LAYERS = (
    "resource limits",
    "no new privileges",
    "capabilities dropped",
    "landlock",
    "seccomp",
)
_BUBBLEWRAP = "bubblewrap"
"""The layer that may take the place of Landlock."""

# linux/prctl.h, linux/capability.h
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 1, 4, 24, 38, 47
_CLEAR_ALL_AMBIENT, _SIGKILL = 4, 9
_CAPABILITY_VERSION_3 = 0x20080522

_REASONS = {
    errno.ENOSYS: "this kernel, or the container around it, has no such call",
    errno.EOPNOTSUPP: "the kernel has it, but it wasn't switched on at boot",
    errno.EPERM: "something around this process, such as a container's own filter, forbids it",
    errno.EINVAL: "this kernel doesn't know what was asked of it",
}


@dataclass(frozen=True, slots=True)
class Protection:
    """The layers that hold in this process, as observed after locking.

    ``layers`` are names out of "resource limits", "no new privileges", "capabilities dropped", "landlock", "seccomp",
    and "bubblewrap" if that stands in for Landlock; ``missing`` is one sentence for each that doesn't hold, its name
    first.
    """

    layers: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def official(self) -> bool:
        """True if every layer holds, so that grades may be given."""
        return all(layer in self.layers or _replaced(layer, self.layers) for layer in _LAYERS)


def _replaced(layer: str, layers: Sequence[str]) -> bool:
    return layer == _LANDLOCK and _BUBBLEWRAP in layers


def lock(
    *, readable: Sequence[str], memory_bytes: int, cpu_seconds: int, open_files: int = 64, wrapped: bool = False
) -> Protection:
    """Lock this process in for good. Call it after NumPy is imported and before the submission is read.

    ``readable``: paths beneath which files may be read (see ``readable_paths``). ``memory_bytes``: address space,
    what is mapped already included. ``cpu_seconds``: processor time since the process began; at its end SIGXCPU, one
    second later SIGKILL. ``open_files``: descriptors, the open ones included. ``wrapped``: the process was started
    in Bubblewrap.

    Raises RuntimeError, before anything is changed, when there is a second thread (Landlock and seccomp would bind
    only this one); also when the starting process has ended, or when ``readable`` is out of reach.
    Raises ValueError for limits that aren't positive. What the system lacks raises nothing: see ``Protection``.
    """
    if min(memory_bytes, cpu_seconds, open_files) < 1:
        raise ValueError(f"limits must be positive: {memory_bytes=}, {cpu_seconds=}, {open_files=}")
    limits = _wanted(memory_bytes, cpu_seconds, open_files)
    faults = dict.fromkeys(_LAYERS, f"{sys.platform} has nothing like it")
    if sys.platform != "linux":
        _limit(limits)
        faults[_LIMITS] = _unlimited(limits)
        return _protection(faults)

    try:
        threads = len(os.listdir("/proc/self/task"))
    except OSError as error:
        raise RuntimeError("cannot lock: /proc isn't there, so the threads of this process can't be counted") from error
    if threads != 1:
        raise RuntimeError(f"cannot lock a process with {threads} threads: set OPENBLAS_NUM_THREADS=1 and start none")
    parent = os.getppid()

    _limit(limits)
    faults[_NO_NEW] = _attempt(lambda: call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    faults[_CAPABILITIES] = _attempt(_drop_capabilities)
    # Neither of these two can be taken back, so they may be looked at while /proc can still be read.
    with open("/proc/self/status", encoding="utf-8", errors="replace") as lines:
        status = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    faults[_NO_NEW] = faults[_NO_NEW] or ("" if status.get("NoNewPrivs") == "1" else "the kernel doesn't report it set")
    # Not the bounding set: without CAP_SETPCAP it stays, and without new privileges it gives nothing.
    left = [name for name in ("CapInh", "CapPrm", "CapEff", "CapAmb") if int(status.get(name, "1"), 16)]
    faults[_CAPABILITIES] = f"some are left in {', '.join(left)}" if left else ""
    _tie_to(parent)
    faults[_LANDLOCK] = _attempt(lambda: landlock.restrict(readable))
    if wrapped:
        faults[_BUBBLEWRAP] = _fault_of_bubblewrap()
    faults[_SECCOMP] = _attempt(seccomp.load)

    faults[_LIMITS] = _unlimited(limits)
    # The two refuse with different errnos. If they don't hold, these opens do no harm: reading a directory that anyone
    # may read, and one that can't be opened for writing by anyone.
    if not faults[_LANDLOCK] and _errno_of_opening("/", os.O_RDONLY) != errno.EACCES:
        faults[_LANDLOCK] = "it was set up, yet the root directory can still be read"
    if not faults[_SECCOMP] and _errno_of_opening("/", os.O_RDWR) != errno.EPERM:
        faults[_SECCOMP] = "it was set up, yet opening for writing isn't answered by it"
    return _protection(faults)


def _protection(faults: dict[str, str]) -> Protection:
    layers = tuple(layer for layer in faults if not faults[layer])
    missing = [layer for layer in faults if faults[layer] and not _replaced(layer, layers)]
    return Protection(layers, tuple(f"{layer}: {faults[layer]}" for layer in missing))


def _attempt(step: Callable[[], object]) -> str:
    """Take the step. Return what was wrong, or nothing."""
    try:
        step()
    except OSError as error:
        name = errno.errorcode.get(error.errno or 0, str(error.errno))
        return f"the kernel answered {name} ({_REASONS.get(error.errno or 0, error.strerror)})"
    except NotImplementedError as error:
        return str(error)
    return ""


def _wanted(memory_bytes: int, cpu_seconds: int, open_files: int) -> dict[str, tuple[int, int]]:
    """Return the soft and the hard value of each limit, by its name in the resource module."""
    return {
        "RLIMIT_AS": (memory_bytes, memory_bytes),
        # Two ends: the first names its cause in the exit status, the second can't be ignored.
        "RLIMIT_CPU": (cpu_seconds, cpu_seconds + 1),
        "RLIMIT_FSIZE": (0, 0),
        "RLIMIT_NOFILE": (open_files, open_files),
        "RLIMIT_CORE": (0, 0),
        "RLIMIT_NPROC": (0, 0),  # does nothing to root; seccomp is what forbids processes
    }


def _limit(limits: dict[str, tuple[int, int]]) -> None:
    """Set the limits that can be set; ``_unlimited`` tells which hold."""
    if sys.platform == "win32":
        return
    import resource

    for name, (soft, hard) in limits.items():
        # ValueError is what the module makes of EINVAL and EPERM; AttributeError, a limit that isn't known here.
        with suppress(OSError, ValueError, AttributeError):
            which = getattr(resource, name)
            ceiling = resource.getrlimit(which)[1]
            if ceiling == resource.RLIM_INFINITY:
                ceiling = hard
            resource.setrlimit(which, (min(soft, ceiling), min(hard, ceiling)))  # never more than there is


def _unlimited(limits: dict[str, tuple[int, int]]) -> str:
    """Return which limits aren't as tight as wanted, or nothing."""
    if sys.platform == "win32":
        return f"{sys.platform} has nothing like it"
    import resource

    loose: list[str] = []
    for name, wanted in limits.items():
        which = getattr(resource, name, None)
        now = (resource.RLIM_INFINITY,) * 2 if which is None else resource.getrlimit(which)
        if resource.RLIM_INFINITY in now or now[0] > wanted[0] or now[1] > wanted[1]:
            loose.append(name)
    return f"the system didn't accept {', '.join(loose)}" if loose else ""


def _drop_capabilities() -> None:
    """Give up every capability. Root stays user 0, and then may do only what the owner of root's files may.

    The process doesn't become "nobody", who couldn't import anything from an interpreter in /root (mode 700).
    """
    for capability in range(64):
        try:
            call("prctl", _PR_CAPBSET_DROP, capability, 0, 0, 0)
        except OSError:
            break  # past the last one, or not allowed to: without new privileges the bounding set gives nothing
    with suppress(OSError):  # they go with the permitted ones anyway
        call("prctl", _PR_CAP_AMBIENT, _CLEAR_ALL_AMBIENT, 0, 0, 0)
    # Header: version, this process. Data: effective, permitted, inheritable, twice 32 bits each.
    call("capset", struct.pack("=Ii", _CAPABILITY_VERSION_3, 0), bytes(24))


def _tie_to(parent: int) -> None:
    """End when the process that started this one ends, and let no other process of the same user look inside.

    Where a kernel can do neither, the end of the request pipe still ends the worker.
    """
    with suppress(OSError):
        call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)
    with suppress(OSError):
        call("prctl", _PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    # It may have ended just before, and then no signal would ever come.
    if os.getppid() != parent:
        raise RuntimeError("the process that started this worker has ended")


def _fault_of_bubblewrap() -> str:
    """Return what is wrong with the file system that Bubblewrap made, or nothing."""
    if os.path.exists("/etc/passwd"):
        return "this process was started in it, yet the system's files are there"
    if sys.platform == "linux" and not os.statvfs("/").f_flag & os.ST_RDONLY:
        return "this process was started in it, yet the root directory can be written to"
    return ""


def _errno_of_opening(path: str, flags: int) -> int:
    try:
        os.close(os.open(path, flags))
    except OSError as error:
        return error.errno or 0
    return 0
