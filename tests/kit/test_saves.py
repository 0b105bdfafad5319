"""A save is noticed whichever way an editor saves, once, and when it is complete."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
from htilde.self_study.saves import saves


def in_place(file: Path, content: bytes) -> None:
    file.write_bytes(content)


def by_renaming(file: Path, content: bytes) -> None:
    fresh = file.with_name("other~")
    fresh.write_bytes(content)
    fresh.replace(file)


def bit_by_bit(file: Path, content: bytes) -> None:
    with file.open("wb", buffering=0) as out:
        for byte in content:
            out.write(bytes([byte]))
            time.sleep(0.005)


def after_deleting(file: Path, content: bytes) -> None:
    file.unlink()
    file.write_bytes(content)


def of_the_same_size_and_time(file: Path, content: bytes) -> None:
    before = file.stat()
    by_renaming(file, content[: before.st_size])
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


WAYS: list[Callable[[Path, bytes], None]] = [
    in_place,
    by_renaming,
    bit_by_bit,
    after_deleting,
    of_the_same_size_and_time,
]


@pytest.fixture(params=["polling", "watchfiles"])
def seen(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SimpleQueue[bytes]]:
    """What stood in the file each time that a save of it was reported."""
    if request.param == "watchfiles":
        pytest.importorskip("watchfiles")
    else:
        monkeypatch.setitem(sys.modules, "watchfiles", None)
    found: SimpleQueue[bytes] = SimpleQueue()
    (tmp_path / "mine.py").write_bytes(b"before")
    (tmp_path / "other.py").write_bytes(b"before")
    with saves([tmp_path / "mine.py"], lambda file: found.put(file.read_bytes() if file.exists() else b"gone")):
        time.sleep(0.2)
        yield found


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_save_is_noticed(
    seen: SimpleQueue[bytes], tmp_path: Path, way: Callable[[Path, bytes], None]
) -> None:
    """The last report comes when the file is complete; of a save in one go there is one."""
    content = b"# what was written, at some length"
    way(tmp_path / "mine.py", content)
    complete, reports = (tmp_path / "mine.py").read_bytes(), [seen.get(timeout=5)]
    while reports[-1] != complete:
        reports.append(seen.get(timeout=5))
    with pytest.raises(Empty):
        seen.get(timeout=0.3)
    assert len(reports) == 1 or way is bit_by_bit


def test_other_files_arent_reported(seen: SimpleQueue[bytes], tmp_path: Path) -> None:
    """Nor one that is only read."""
    (tmp_path / "other.py").write_bytes(b"after")
    (tmp_path / "mine.py").read_bytes()
    with pytest.raises(Empty):
        seen.get(timeout=0.3)


def test_a_file_that_goes_and_comes_is_reported(seen: SimpleQueue[bytes], tmp_path: Path) -> None:
    """Deleted, and back."""
    (tmp_path / "mine.py").unlink()
    assert seen.get(timeout=5) == b"gone"
    (tmp_path / "mine.py").write_bytes(b"again")
    assert seen.get(timeout=5) == b"again"


def test_a_folder_that_isnt_there_is_waited_for(tmp_path: Path) -> None:
    """With or without watchfiles."""
    found: SimpleQueue[Path] = SimpleQueue()
    with saves([tmp_path / "later" / "mine.py"], found.put):
        time.sleep(0.2)
        (tmp_path / "later").mkdir()
        (tmp_path / "later" / "mine.py").touch()
        assert found.get(timeout=5).name == "mine.py"
