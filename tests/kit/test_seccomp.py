"""The filter's program, run here by a small interpreter: so that both machines' tables are examined on any machine."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from htilde.isolation.seccomp import ARCHITECTURES, program

OWN, OTHER = 4242, 1
ALLOW, DENY, KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000
both = pytest.mark.parametrize("machine", sorted(ARCHITECTURES))


def verdict(machine: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """What the kernel's virtual machine would answer; the six instructions that the filter uses."""
    code = [struct.unpack("=HBBI", line) for line in struct.iter_unpack("8s", program(machine, OWN)) for line in line]
    words = [argument % 2**64 for argument in (*arguments, *[0] * 6)][:6]
    data = struct.pack("<IIQ6Q", number, ARCHITECTURES[machine].audit if audit is None else audit, 0, *words)
    accumulator, at = 0, 0
    while True:
        operation, yes, no, value = code[at]
        at += 1
        match operation:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, value)
            case 0x06:
                return int(value)
            case 0x15:
                at += yes if accumulator == value else no
            case 0x35:
                at += yes if accumulator >= value else no
            case 0x45:
                at += yes if accumulator & value else no
            case _:
                raise AssertionError(f"unknown instruction {operation:#x}")


@both
def test_what_the_table_does_not_name_is_denied(machine: str) -> None:
    """Of the first thousand numbers only those in the table can be allowed; the others answer EPERM."""
    named = set(ARCHITECTURES[machine].calls.values())
    assert {number for number in range(1000) if verdict(machine, number) != DENY} <= named


@both
def test_dangerous_calls_are_not_in_the_table(machine: str) -> None:
    """No way to make a process, execute, connect, write elsewhere, trace, or undo the lock is named at all."""
    dangerous = """
        clone clone3 fork vfork execve execveat socket socketpair connect bind ptrace process_vm_readv
        memfd_create shmget shmat io_uring_setup userfaultfd bpf perf_event_open prctl seccomp setrlimit
        pidfd_open pidfd_send_signal unlink unlinkat rename renameat2 mkdirat symlinkat linkat chmod fchmodat
        fchownat utimensat truncate ftruncate openat2 setxattr mount umount2 chroot unshare setns setuid
        capset keyctl splice sendfile pwrite64 mlock rt_sigqueueinfo setpriority sched_setaffinity setitimer
        timer_create dup3 pipe2 eventfd2 inotify_init1
    """
    assert not set(dangerous.split()) & set(ARCHITECTURES[machine].calls)


@both
def test_another_architecture_ends_the_process(machine: str) -> None:
    """A system call made by the numbers of i386 or of any other machine is not looked up: it kills."""
    for audit in (0x40000003, 0xC00000F3, 0):
        assert verdict(machine, ARCHITECTURES[machine].calls["read"], audit=audit) == KILL


def test_x32_ends_the_process() -> None:
    """The x32 numbers, 2**30 and up, kill on x86_64."""
    assert verdict("x86_64", 2**30) == KILL
    assert verdict("x86_64", 2**30 + 1) == KILL


@both
@pytest.mark.parametrize("call", ["open", "openat"])
def test_files_open_for_reading_only(machine: str, call: str) -> None:
    """Reading is allowed; each flag that could write, create, truncate, append or hold a bare path is denied."""
    calls = ARCHITECTURES[machine].calls
    if call not in calls:
        pytest.skip(f"{machine} has no {call}")
    # O_TMPFILE, O_PATH, O_NOATIME, O_ASYNC, O_APPEND, O_TRUNC, O_EXCL, O_CREAT, O_RDWR, O_WRONLY, and the odd 3
    for flag in (0o20000000, 0o10000000, 0o1000000, 0o20000, 0o2000, 0o1000, 0o200, 0o100, 2, 1, 3):
        assert verdict(machine, calls[call], *([0] * (call == "openat")), 0, flag | 0o2000000) == DENY
    for flag in (0, 0o2000000, 0o2000000 | 0o4000):
        assert verdict(machine, calls[call], *([0] * (call == "openat")), 0, flag) == ALLOW


@both
def test_signals_reach_only_itself(machine: str) -> None:
    """kill, tkill and tgkill are allowed for the own process and denied for another, a group, and everyone."""
    for call in ("kill", "tkill", "tgkill"):
        number = ARCHITECTURES[machine].calls[call]
        assert verdict(machine, number, OWN, OWN, 6) == ALLOW
        assert {verdict(machine, number, target, OWN, 9) for target in (OTHER, 0, -1, -OWN, OWN + 1)} == {DENY}


@both
def test_limits_can_be_asked_for_and_not_set(machine: str) -> None:
    """prlimit64 is allowed for the own process with no new limit; a pointer in either half is denied."""
    number = ARCHITECTURES[machine].calls["prlimit64"]
    assert verdict(machine, number, 0, 7, 0, 2**40) == ALLOW
    assert {verdict(machine, number, 0, 7, pointer) for pointer in (1, 2**32, 2**40 + 8)} == {DENY}
    assert verdict(machine, number, OTHER, 7, 0) == DENY


@both
def test_descriptors_cannot_be_made_to_signal(machine: str) -> None:
    """fcntl answers five harmless commands; F_SETFL, F_SETOWN, F_SETSIG, F_NOTIFY, F_SETLEASE are denied."""
    number = ARCHITECTURES[machine].calls["fcntl"]
    assert {verdict(machine, number, 0, command) for command in (0, 1, 2, 3, 1030)} == {ALLOW}
    assert {verdict(machine, number, 0, command) for command in (4, 8, 10, 15, 1024, 1026, 1031, 1033)} == {DENY}


@both
def test_terminals_can_be_recognised_and_not_typed_into(machine: str) -> None:
    """ioctl answers what isatty() asks; TIOCSTI, which types into a terminal, is denied."""
    number = ARCHITECTURES[machine].calls["ioctl"]
    assert verdict(machine, number, 0, 0x5401) == ALLOW
    assert {verdict(machine, number, 0, command) for command in (0x5412, 0x5413, 0x541C, 0x541B)} == {DENY}


@pytest.mark.parametrize(
    ("machine", "header"),
    [
        ("x86_64", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
        ("aarch64", "/usr/include/asm-generic/unistd.h"),
    ],
)
def test_numbers_are_those_of_the_kernel(machine: str, header: str) -> None:
    """Every number in the table is the one in the kernel's own header, where this system has the header."""
    if not Path(header).exists():
        pytest.skip(f"{header} isn't here")
    found = re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", Path(header).read_text())
    numbers = {name: int(number) for name, number in found}
    numbers.setdefault("newfstatat", numbers.get("fstatat", -1))  # the generic header's name for it
    calls = ARCHITECTURES[machine].calls
    assert {name: numbers.get(name) for name in calls} == dict(calls)
