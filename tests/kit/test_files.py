"""Writing files that others may be reading, locks between processes, and fingerprints."""

from __future__ import annotations

import ast
import errno
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from htilde import files
from htilde.files import engine, engine_files, fingerprint, locked, to_disk, try_lock, write_file, write_files
from htilde.version import __version__
from hypothesis import given
from hypothesis import strategies as st
from test_layers import MODULES, closure

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and modes as POSIX has them")


@contextmanager
def process(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Run code in another process, which is ended with the block."""
    whole = "import sys\nfrom pathlib import Path\nfrom htilde.files import *\n" + textwrap.dedent(code)
    command = [sys.executable, "-c", whole, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


@pytest.mark.parametrize("durable", [False, True])
@pytest.mark.parametrize(
    ("content", "raw"), [("é\n", b"\xc3\xa9\n"), ("a\r\nb\n", b"a\r\nb\n"), (b"\xff\0", b"\xff\0"), ("", b"")]
)
def test_a_file_is_written_with_its_folders(tmp_path: Path, content: str | bytes, raw: bytes, durable: bool) -> None:
    """Text is UTF-8 with the line ends it has, bytes are bytes, and nothing else is left in the folder."""
    path = tmp_path / "new" / "folder" / "file.txt"
    for _ in range(2):
        write_file(path, content, durable=durable)
        assert path.read_bytes() == raw and list(path.parent.iterdir()) == [path]


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    """The temporary name is no longer than the one it is for."""
    write_file(tmp_path / ("n" * 250), "x")
    assert (tmp_path / ("n" * 250)).read_text() == "x"


@posix
@pytest.mark.parametrize("mode", [0o600, 0o444, 0o755])
def test_a_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    """A secret stays one, a read-only file is replaced and stays read-only, a script can still be run."""
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(mode)
    write_file(path, "new")
    assert path.stat().st_mode & 0o7777 == mode and path.read_text() == "new"


@posix
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_file_has_the_mode_of_any_new_file(tmp_path: Path, mask: int) -> None:
    """What the umask of the moment leaves."""
    before = os.umask(mask)
    try:
        write_file(tmp_path / "ours", "x")
        (tmp_path / "plain").write_text("x")
    finally:
        os.umask(before)
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


@posix
def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    """What it leads to stays as it is."""
    (tmp_path / "there").write_text("theirs")
    (tmp_path / "link").symlink_to(tmp_path / "there")
    write_file(tmp_path / "link", "ours")
    assert (tmp_path / "there").read_text() == "theirs" and not (tmp_path / "link").is_symlink()


def test_a_file_that_cant_be_written_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full, or the new file can't take its place: an OSError, the old content, no rubbish."""
    path = tmp_path / "file"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for place, name in ((os, "fsync"), (Path, "replace")):
        with monkeypatch.context() as patched:
            patched.setattr(place, name, full)
            with pytest.raises(OSError, match="No space"):
                write_file(path, "new", durable=True)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


@posix
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_folder_that_may_not_be_written_is_an_error(tmp_path: Path) -> None:
    """For an ordinary user, who is tried as root, too; and a file where a folder is expected, for anybody."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="file"):
        write_file(tmp_path / "file" / "below", "x")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "kept").write_text("old")
    folder.chmod(0o555)
    read, write = os.pipe()
    if (child := os.fork()) == 0:  # a process of its own: it gives up being root for good
        told = b"written"
        try:
            os.chdir(folder)  # whoever it is then, the folders above may be another's
            if os.getuid() == 0:
                os.setuid(65534)
            write_file(Path("kept"), "new")
        except OSError as error:
            told = type(error).__name__.encode()
        finally:
            os.write(write, told)
            os._exit(0)
    os.waitpid(child, 0)
    told = os.read(read, 99)
    os.close(read)
    os.close(write)
    folder.chmod(0o755)
    assert told == b"PermissionError" and (folder / "kept").read_text() == "old" and len(list(folder.iterdir())) == 1


def test_writers_at_once_write_whole_files(tmp_path: Path) -> None:
    """Of three processes that write one file each, each time, is heard without an error, and one of them wins."""
    path = tmp_path / "file"
    write = "for _ in range(200): write_file(Path(sys.argv[1]), sys.argv[2] * 50_000)\nprint('done')"
    with process(write, path, "a") as one, process(write, path, "b") as two, process(write, path, "c") as three:
        seen = set[str]()
        while any(running.poll() is None for running in (one, two, three)):
            if path.exists():
                seen.add(path.read_text())
        assert [line(running) for running in (one, two, three)] == ["done"] * 3
    assert seen <= {letter * 50_000 for letter in "abc"} and list(tmp_path.iterdir()) == [path]


@posix
def test_a_kill_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    """Whenever the writer ends, the file is one of those it wrote, and whole."""
    path = tmp_path / "file"
    write = "print('go', flush=True)\nn = 0\nwhile n := n + 1: write_file(Path(sys.argv[1]), f'{n:07}' * 100_000)"
    for wait in (0.02, 0.05, 0.11):
        with process(write, path) as writer:
            assert line(writer) == "go"
            while not path.exists():
                pass
            time.sleep(wait)
            writer.send_signal(signal.SIGKILL)
        text = path.read_text()
        assert len(text) == 700_000 and text == text[:7] * 100_000


def test_many_files_are_written_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the last can't be, those before it are as they were, and no new file or folder is left."""
    old, fresh, last = tmp_path / "old", tmp_path / "new" / "folder" / "fresh", tmp_path / "last"
    old.write_text("old")
    write_files({old: "changed", fresh: b"made"})
    assert (old.read_text(), fresh.read_bytes()) == ("changed", b"made")
    fresh.unlink(), fresh.parent.rmdir(), fresh.parent.parent.rmdir()
    replace = Path.replace

    def stubborn(path: Path, target: Path) -> Path:
        if target.name == "last":
            raise PermissionError(13, "Permission denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stubborn)
    with pytest.raises(PermissionError):
        write_files({old: "again", fresh: "made", last: "never"})
    assert old.read_text() == "changed" and list(tmp_path.iterdir()) == [old]


@posix
def test_of_many_files_a_link_is_followed(tmp_path: Path) -> None:
    """A course's file may lie elsewhere."""
    (tmp_path / "there").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "there")
    write_files({tmp_path / "link": "new"})
    assert (tmp_path / "there").read_text() == "new" and (tmp_path / "link").is_symlink()


HOLD = """
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
print("free", flush=True)
"""


def test_a_lock_holds_between_processes(tmp_path: Path) -> None:
    """A second process is told, or waits; when the first lets go or is killed, it has the lock."""
    path = tmp_path / "folder" / "lock"
    with process(HOLD, path) as first:
        assert line(first) == "held"
        with process("print('here', flush=True)\n" + HOLD, path) as second:
            assert line(second) == "here"
            with try_lock(path) as ours:
                assert not ours
            first.communicate("\n", timeout=30)
            assert line(second) == "held"
            second.kill()
            second.wait()
            with try_lock(path) as ours:
                assert ours
    with locked(path), try_lock(path) as ours:
        assert not ours, "a lock isn't reentrant"


def test_where_there_are_no_locks_work_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network file systems have none."""

    def unsupported(*_: object, **__: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(files, "_lock", unsupported)
    with locked(tmp_path / "lock"), try_lock(tmp_path / "lock") as ours:
        assert ours


def test_a_lock_that_cant_be_made_is_an_error(tmp_path: Path) -> None:
    """A file where its folder should be."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="file"), locked(tmp_path / "file" / "lock"):
        pass


def test_windows_has_the_same_names() -> None:
    """Its branch can't run here; it must be Python that defines the same function with the same signature."""
    parsed = ast.parse(Path(files.__file__).read_text(encoding="utf-8"))
    (branches,) = (node for node in parsed.body if isinstance(node, ast.If))
    heads = [
        [ast.unparse(node.args) for node in branch if isinstance(node, ast.FunctionDef) and node.name == "_lock"]
        for branch in (branches.body, branches.orelse)
    ]
    assert heads[0] == heads[1] and len(heads[0]) == 1


def test_windows_locks_are_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a stand-in for ``msvcrt``: held by another is told or waited for; a system without locks doesn't loop."""
    source = Path(files.__file__).read_text(encoding="utf-8")
    answers: list[OSError | None] = []

    class Locking:
        LK_LOCK, LK_NBLCK = 1, 2

        @staticmethod
        def locking(descriptor: int, how: int, count: int) -> None:
            if (answer := answers.pop(0)) is not None:
                raise answer

    monkeypatch.setitem(sys.modules, "msvcrt", Locking)
    monkeypatch.setattr(sys, "platform", "win32")
    there: dict[str, Any] = {"__name__": "files_on_windows", "__file__": files.__file__}
    exec(compile(source, files.__file__, "exec", dont_inherit=True), there)
    answers += [OSError(errno.EDEADLK, "deadlock avoided"), OSError(errno.EACCES, "denied"), None]
    with there["locked"](tmp_path / "lock"):
        assert answers == []
    answers += [OSError(errno.EACCES, "denied")]
    with there["try_lock"](tmp_path / "lock") as ours:
        assert not ours
    answers += [OSError(errno.EINVAL, "no locks here")]
    with there["locked"](tmp_path / "lock"):
        assert answers == []
    tries: list[int] = []
    replace = Path.replace

    def busy(path: Path, target: Path) -> Path:
        tries.append(1)
        if len(tries) < 3:
            raise PermissionError(13, "somebody reads it")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", busy)
    there["write_file"](tmp_path / "file", "new")
    assert (tmp_path / "file").read_text() == "new" and len(tries) == 3


@posix
def test_what_should_survive_a_power_cut_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file's content before it takes its place, and the folder's names after; of links and folders nothing."""
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.readlink(f"/proc/self/fd/{descriptor}")))
    if not Path("/proc/self/fd").exists():
        monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append("?"))
    write_file(tmp_path / "file", "x", durable=True)
    assert len(synced) == 2 and (synced[1] in (str(tmp_path.resolve()), "?"))
    (tmp_path / "link").symlink_to(tmp_path / "file")
    to_disk(tmp_path / "file", tmp_path / "link", tmp_path, tmp_path / "missing")
    assert len(synced) == 3


inputs = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(), st.binary()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=2), inner, max_size=3)),
    max_leaves=6,
)


@given(st.lists(inputs, max_size=3), st.lists(inputs, max_size=3))
def test_other_inputs_have_another_fingerprint(one: list[Any], other: list[Any]) -> None:
    """Types, order and nesting count; a list and a tuple are alike, as everything else is only to itself."""
    alike = described(one) == described(other)
    assert (fingerprint(*one) == fingerprint(*other)) is alike
    assert fingerprint(*one) == fingerprint(*one) and len(fingerprint(*one)) == 32
    assert fingerprint(one) == fingerprint(tuple(one)) != fingerprint(*one, None)


def described(value: Any) -> str:
    """Return what tells two inputs apart: True isn't 1, 1 isn't 1.0, and 0.0 isn't -0.0."""
    return repr(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((["a", "b"],), (["ab"],)),
        ((["a"], ["b"]), (["a", ["b"]],)),
        (({"a": 1},), (["a", 1],)),
        (("1",), (1,)),
        ((b"a",), ("a",)),
        ((None,), ("null",)),
        (({"a": 1, "b": 2},), ({"b": 2, "a": 1},)),
        ((), (None,)),
        (("\ud800",), ("?",)),
    ],
)
def test_nearly_the_same_inputs_are_told_apart(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    """What a hash of joined texts would take for one."""
    assert fingerprint(*one) != fingerprint(*other)


def test_a_path_counts_by_its_content(tmp_path: Path) -> None:
    """Two files alike are alike; a missing file isn't an empty one; one that can't be read is an error."""
    one, two, missing = tmp_path / "one", tmp_path / "two", tmp_path / "missing"
    one.write_bytes(b"x"), two.write_bytes(b"x")
    assert fingerprint(one) == fingerprint(two) != fingerprint(b"x")
    two.write_bytes(b"")
    assert len({fingerprint(path) for path in (one, two, missing)}) == 3
    assert fingerprint(missing) == fingerprint(one / "below")
    with pytest.raises(OSError, match="directory"):
        fingerprint(tmp_path)


@pytest.mark.parametrize("unfit", [object(), {1, 2}, 1j])
def test_what_has_no_fingerprint_is_an_error(unfit: object) -> None:
    """Nothing is taken by its repr, which may hold an address."""
    with pytest.raises(TypeError, match=type(unfit).__name__):
        fingerprint([unfit])


def test_the_engine_is_the_version_the_code_python_and_numpy() -> None:
    """In one line that a person can read."""
    import numpy as np

    python = f"Python {sys.version_info.major}.{sys.version_info.minor}, NumPy {np.__version__}"
    assert engine().startswith(f"{__version__} (") and engine().endswith(f"), {python}")


@pytest.mark.parametrize("edit", [lambda raw: raw + b"\n", lambda raw: raw.replace(b"def", b"DEF", 1)])
def test_another_code_is_another_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edit: Callable[[bytes], bytes]
) -> None:
    """A module of the examination that was edited counts, and one that was added; one of another room doesn't."""
    copied = tmp_path / "htilde"
    shutil.copytree(files.PACKAGE, copied, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(files, "PACKAGE", copied)
    current = engine.__wrapped__
    before, reports = current(), current("reports")
    other = copied / "reports" / "report.py"
    other.write_bytes(edit(other.read_bytes()))
    assert current() == before == engine() and current("reports") != reports
    module = copied / "examination" / "compare.py"
    module.write_bytes(edit(module.read_bytes()))
    edited = current()
    (copied / "isolation" / "another.py").write_text("")
    assert len({before, edited, current()}) == 3


def test_all_code_on_which_a_verdict_depends_is_in_the_engine() -> None:
    """Whatever examiner, diagnosis and worker can reach."""
    reached = closure("diagnosis.completion") | closure("isolation.worker")
    hashed = set(engine_files())  # what ``store.examiner`` names
    assert [module for module in sorted(reached) if MODULES[module] not in hashed] == []


def test_a_part_of_the_kit_that_isnt_there_is_an_error() -> None:
    """A list of parts that wasn't kept up to date can't pass in silence."""
    with pytest.raises(FileNotFoundError, match="no part of the kit"):
        engine_files("telling", "nowhere")
