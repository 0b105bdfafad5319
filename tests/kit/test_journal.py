"""A folder is as it was or as it shall be, whenever the process dies."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from deep import DEEP
from htilde.grading.journal import Journal
from htilde.isolation import libc

OLD, NEW = {"book": "old", "data/more": "old"}, {"book": "new", "list.json": "[]"}
NOTE = {"grade": 8}


class Killed(BaseException):
    """The process ends here."""


def fill(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def held(folder: Path) -> dict[str, str] | None:
    if not folder.exists():
        return None
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


class Place:
    """A course with one folder in it."""

    def __init__(self, root: Path, before: dict[str, str] | None = None) -> None:
        self.root, self.private = root, root / ".course"
        self.private.mkdir(parents=True)
        self.folder = root / "out" / "ada" / "a1"
        if before is not None:
            fill(self.folder, before)
        self.journal = Journal(root, self.private)

    def make(self, files: dict[str, str] = NEW) -> None:
        fill(self.journal.begin(self.folder), files)

    def settle(self) -> list[Any]:
        """What a run does first; the notes of what was pending."""
        notes = []
        for change in self.journal.pending():
            change.carry_out()
            notes.append(change.note)
            change.forget()
        self.journal.clean()
        return notes

    def replace(self) -> None:
        """What happens to a student's folder in one run."""
        self.settle()
        self.make()
        change = self.journal.decide(self.folder, NOTE)
        change.carry_out()
        change.forget()
        self.journal.clean()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path / "course", OLD)
    yield made
    made.settle()
    assert not [*made.private.iterdir()] and not [*made.root.rglob(".*.new")], "nothing stays behind"


def test_until_it_is_decided_the_old_stays(place: Place) -> None:
    """What was being made is forgotten if nobody decides."""
    place.make()
    assert held(place.folder) == OLD and place.journal.pending() == []
    place.journal.clean()
    assert held(place.folder) == OLD and not place.journal.making.exists()


def test_what_was_decided_is_done_by_whoever_comes_next(place: Place) -> None:
    """Another process finds the change with its note, and may put it in its place twice."""
    place.make()
    place.journal.decide(place.folder, NOTE)
    (change,) = Journal(place.root, place.private).pending()
    assert (change.folder, change.note, held(place.folder)) == (place.folder, NOTE, OLD)
    for _ in range(2):
        change.carry_out()
        assert held(place.folder) == NEW
    change.forget()
    assert place.journal.pending() == []


def test_a_course_that_was_moved_is_finished_where_it_is(place: Place, tmp_path: Path) -> None:
    """With what was pending, and without a look at where it was."""
    place.make()
    place.journal.decide(place.folder, NOTE)
    shutil.copytree(place.root, tmp_path / "copy")
    copy = Journal(tmp_path / "copy", tmp_path / "copy" / ".course")
    for change in copy.pending():
        change.carry_out()
    assert held(tmp_path / "copy" / "out" / "ada" / "a1") == NEW and held(place.folder) == OLD


def test_a_change_may_be_given_up(place: Place) -> None:
    """Forgotten before it was put in its place, it leaves the old."""
    place.make()
    place.journal.decide(place.folder).forget()
    assert place.settle() == [] and held(place.folder) == OLD


def test_the_latest_decision_counts(place: Place) -> None:
    """A second one about the same folder takes the place of the first."""
    for number, files in enumerate((OLD, NEW)):
        place.make(files)
        place.journal.decide(place.folder, number)
    assert place.settle() == [1] and held(place.folder) == NEW


def test_what_changed_after_it_was_decided_isnt_put_anywhere(place: Place) -> None:
    """What stands ready must be what was decided on; else the old stays."""
    place.make()
    change = place.journal.decide(place.folder)
    (change.fresh / "book").write_text("another")
    with pytest.raises(LookupError, match="isn't there any more"):
        change.carry_out()
    assert held(place.folder) == OLD
    change.forget()


def test_no_file_of_a_student_is_taken_for_a_decision(place: Place) -> None:
    """Whatever lies in a folder, be it a decision to the letter, is just a file."""
    place.make()
    place.journal.decide(place.folder, NOTE)
    (sheet,) = place.private.rglob("a1.json")
    forged = {name: sheet.read_text().replace("8", "9") for name in ("a1.json", "a1/a1.json", "decided/a1.json")}
    place.settle()
    place.make(NEW | forged)
    assert place.journal.pending() == []
    place.journal.decide(place.folder, NOTE)
    assert place.settle() == [NOTE] and held(place.folder) == NEW | forged


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"folder": 1}', '{"folder": "../x"}', "\udc80"])
def test_a_sheet_that_cant_be_read_is_none(place: Place, text: str) -> None:
    """A damaged decision is no decision."""
    place.make()
    sheet = place.journal.decide(place.folder, NOTE).entry
    sheet.write_bytes(text.encode(errors="surrogateescape"))
    assert place.settle() == [] and held(place.folder) == OLD


def test_a_folder_elsewhere_can_be_replaced(place: Place, tmp_path: Path) -> None:
    """A release may be written to any place."""
    elsewhere = Place(tmp_path / "elsewhere", OLD).folder
    place.folder = elsewhere
    place.replace()
    assert held(elsewhere) == NEW


# Killed


def _cannot(number: int) -> Callable[..., int]:
    def call(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    return call


def _between_disks(rename: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
    def call(source: Path, target: Path) -> Path:
        if (".course" in source.parts) != (".course" in target.parts):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return rename(source, target)

    return call


STEPS = [
    *((shutil, "rmtree"), (shutil, "copytree"), (libc, "call"), (Path, "rename"), (Path, "replace")),
    *((Path, "mkdir"), (Path, "unlink"), (os, "open")),
]
FILE_SYSTEMS = {
    "any": lambda patched: None,
    "without exchange": lambda patched: patched.setattr(libc, "call", _cannot(errno.EINVAL)),
    "two disks": lambda patched: (
        patched.setattr(libc, "call", _cannot(errno.EXDEV)),
        patched.setattr(Path, "rename", _between_disks(Path.rename)),
    ),
}


@pytest.mark.parametrize("before", [OLD, None], ids=["old", "none"])
@pytest.mark.parametrize("file_system", FILE_SYSTEMS.values(), ids=FILE_SYSTEMS)
def test_killed_at_any_step(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file_system: Callable[[pytest.MonkeyPatch], object],
    before: dict[str, str] | None,
) -> None:
    """Killed at each step of a run, and again at each of the next, a third finds all old or all new, with its note."""
    calls, deadly = count(), 0
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no power is cut here, and it takes long

    def mortal(step: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if next(calls) == deadly:
                if step.__name__ == "rmtree":  # it takes time, and leaves half
                    next(filter(Path.is_file, arguments[0].rglob("*")), arguments[0] / "none").unlink(missing_ok=True)
                raise Killed
            return step(*arguments, **options)

        return call

    died = True
    for deadly in range(0, 999, 1 if DEEP else 5):
        if not died:  # there aren't so many steps
            break
        died = False
        place = Place(tmp_path / str(deadly), before)
        calls = count()
        with monkeypatch.context() as patched:
            file_system(patched)
            for owner, name in STEPS:
                patched.setattr(owner, name, mortal(getattr(owner, name)))
            for _ in range(2):
                try:
                    place.replace()
                except Killed:
                    died = True
        pending = [change.note for change in place.journal.pending()]
        with monkeypatch.context() as patched:
            file_system(patched)
            assert place.settle() == pending
        assert held(place.folder) == (NEW if pending else held(place.folder)), f"killed at step {deadly}"
        assert held(place.folder) in (before, NEW), f"killed at step {deadly}"
        assert [*place.private.iterdir()] == [] and not [*place.root.rglob(".*.new")]
    assert deadly > 50


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges folders in one step")
def test_nobody_sees_a_gap(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the one step in which the folders change places there is always one."""
    call, seen = libc.call, []

    def watched(*arguments: Any) -> int:
        seen.append(held(place.folder))
        result = call(*arguments)
        seen.append(held(place.folder))
        return result

    monkeypatch.setattr(libc, "call", watched)
    place.replace()
    assert seen == [OLD, NEW]
