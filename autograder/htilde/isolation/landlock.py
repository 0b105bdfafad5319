"""Restrict what a locked worker may read with Landlock, which takes rights away from the process that asks for it.

Every right that the kernel knows is handled, so everything is denied; then reading is allowed beneath the given paths.
Mapping a shared library needs the right to read and nothing more. Landlock doesn't cover stat, chmod, UDP or
descriptors that are open already: seccomp and the process that starts the worker see to those.

Source: linux/landlock.h and the kernel's userspace-api/landlock (ABI 1 to 7).
"""

from __future__ import annotations

import errno
import os
import stat
import struct
import sys
from collections.abc import Iterable, Iterator, Sequence

from htilde.isolation.libc import call

__all__ = ["readable_paths", "restrict", "version"]

# The same numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3


def _handled(abi: int) -> tuple[int, int, int]:
    """Return the rights on files and on TCP and the scopes that this version of the interface knows."""
    # 13 rights at first; then moving between directories, truncating, ioctl on devices.
    files = (1 << 13) - 1
    files |= (1 << 13) * (abi >= 2) | (1 << 14) * (abi >= 3) | (1 << 15) * (abi >= 5)
    bind_and_connect = 0b11 * (abi >= 4)
    abstract_sockets_and_signals = 0b11 * (abi >= 6)
    return files, bind_and_connect, abstract_sockets_and_signals


def version() -> int:
    """Return the version of the kernel's Landlock interface. Raises OSError where it has none."""
    return call("syscall", _CREATE_RULESET, 0, 0, _ASK_VERSION)


def restrict(readable: Iterable[str]) -> None:
    """Deny this thread, for good, all use of the file system but reading beneath ``readable``.

    Paths that don't exist are skipped. Needs "no new privileges" (or CAP_SYS_ADMIN).
    Raises OSError with the kernel's errno where Landlock can't be had; RuntimeError when a path exists but this
    user can't reach it, since every later import from there would fail.
    """
    # Fields that an older kernel doesn't know are zero, which it accepts.
    attributes = struct.pack("=QQQ", *_handled(version()))
    ruleset = call("syscall", _CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for path in readable:
            _allow(ruleset, path)
        call("syscall", _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str) -> None:
    if sys.platform != "linux":
        return
    try:
        descriptor = os.open(path, os.O_PATH)
    except PermissionError as error:
        # In practice: root, by now without capabilities, and an interpreter inside someone else's home.
        message = f"{path}: user {os.geteuid()} cannot reach it without privileges; make it readable for this user"
        raise RuntimeError(message) from error
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return
        raise
    try:
        # A right that only directories have is refused on a file.
        rights = _READ_FILE | _READ_DIR * stat.S_ISDIR(os.fstat(descriptor).st_mode)
        call("syscall", _ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)


def readable_paths() -> tuple[str, ...]:
    """Return the existing paths that work with NumPy reads: standard library, NumPy, system libraries, time zones.

    There is no other installed package, no home, no /proc, no temporary folder and no course. Call it before locking.
    """
    libraries = os.path.dirname(os.__file__)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    dynload = os.path.join(sys.base_exec_prefix, sys.platlibdir, version, "lib-dynload")
    zipped = os.path.join(sys.base_prefix, sys.platlibdir, version.replace(".", "") + ".zip")
    system = ("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo")
    found = [*_standard_library(libraries), dynload, zipped, *_numpy(), *_shared_libraries(), *system]
    return tuple(dict.fromkeys(path for path in found if os.path.exists(path)))


def _standard_library(folder: str) -> Iterator[str]:
    """Yield the folder, or its entries where other packages lie inside, because Landlock can't exclude a subfolder."""
    others = {"site-packages", "dist-packages"}
    entries = _entries(folder)
    if others.isdisjoint(entry.name for entry in entries):
        yield folder
    else:
        yield from (entry.path for entry in entries if entry.name not in others)


def _numpy() -> Iterator[str]:
    import numpy as np  # the caller has it already; asking for it by name costs nothing then

    for folder in np.__path__:
        yield folder
        yield folder + ".libs"  # where a wheel keeps the BLAS


def _shared_libraries() -> Iterator[str]:
    """Yield the dynamic linker's folders, or only the libraries in those that also hold an interpreter's packages."""
    multiarch = getattr(sys.implementation, "_multiarch", "")  # such as x86_64-linux-gnu, on Debian and its derivatives
    whole = [f"/lib/{multiarch}", f"/usr/lib/{multiarch}"] if multiarch else []
    # sys.base_prefix: conda keeps the libraries of its NumPy there.
    mixed: Sequence[str] = ["/lib", "/usr/lib", "/usr/local/lib", os.path.join(sys.base_prefix, "lib")]
    seen: set[str] = set()
    for folder in (*whole, "/lib64", "/usr/lib64", *mixed):
        real = os.path.realpath(folder)
        if real in seen:
            continue
        seen.add(real)
        entries = _entries(real)
        if folder in mixed or any(entry.name.startswith("python3") for entry in entries):
            # Landlock asks for the file that a link leads to, not for the link.
            yield from (entry.path for entry in entries if ".so" in entry.name and not entry.is_symlink())
        else:
            yield real


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []
