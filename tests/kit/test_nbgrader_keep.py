"""A folder is as it was or as it shall be, whenever the process dies."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from autograder.nbgrader_keep import Kept

OLD, NEW = {"book": "old", "data/more": "old"}, {"book": "new"}


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


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    (tmp_path / "private").mkdir()
    yield Kept(tmp_path / "out" / "ada" / "a1", tmp_path / "private" / "kept" / "out+ada+a1")
    left = {path.name for path in (tmp_path / "private").rglob("*")}
    assert left <= {"kept"}, "nothing stays behind"


@pytest.mark.parametrize("before", [OLD, None])
def test_restore_brings_back_what_was_there(kept: Kept, before: dict[str, str] | None) -> None:
    """After a failure the folder is as before; if there was none, there is none."""
    if before is not None:
        fill(kept.folder, before)
    kept.keep()
    assert kept.pending
    shutil.rmtree(kept.folder, ignore_errors=True)
    fill(kept.folder, NEW)
    kept.restore()
    assert held(kept.folder) == before and not kept.pending


def test_forget_leaves_the_new(kept: Kept) -> None:
    """Once the new folder is complete nothing brings back the old."""
    fill(kept.folder, OLD)
    kept.keep()
    shutil.rmtree(kept.folder)
    fill(kept.folder, NEW)
    kept.forget()
    kept.keep()
    kept.restore()
    assert held(kept.folder) == NEW


def test_links_are_kept_as_links(kept: Kept, tmp_path: Path) -> None:
    """A link is never followed into somebody else's files."""
    fill(kept.folder, OLD)
    (kept.folder / "link").symlink_to(tmp_path / "nowhere")
    kept.keep()
    kept.restore()
    assert (kept.folder / "link").is_symlink()


def replace(kept: Kept, before: dict[str, str] | None) -> None:
    """What happens to a student's folder in one run."""
    kept.keep()
    shutil.rmtree(kept.folder, ignore_errors=True)
    for name, text in NEW.items():
        fill(kept.folder, {name: text})
    kept.forget()


STEPS = [(shutil, "rmtree"), (shutil, "copytree"), (shutil, "move"), (Path, "rename"), (Path, "mkdir"), (Path, "rmdir")]


@pytest.mark.parametrize("after", [False, True], ids=["before the step", "after the step"])
@pytest.mark.parametrize("before", [OLD, None])
def test_killed_at_any_moment_the_next_run_restores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: dict[str, str] | None, after: bool
) -> None:
    """Killed at each step of a run, and once more at each step of the next, a third finds all old or all new."""
    calls, deadly = count(), 0

    def mortal(step: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            dies = next(calls) == deadly
            if dies and not after:
                if step.__name__ == "rmtree":  # it takes time, and leaves half
                    next(filter(Path.is_file, arguments[0].rglob("*")), arguments[0] / "none").unlink(missing_ok=True)
                raise Killed
            result = step(*arguments, **options)
            if dies:
                raise Killed
            return result

        return call

    died = 0
    for deadly in range(60):
        private = tmp_path / f"private{deadly}"
        private.mkdir()
        kept = Kept(tmp_path / f"out{deadly}" / "a1", private / "kept" / "a1")
        if before is not None:
            fill(kept.folder, before)
        calls = count()
        with monkeypatch.context() as patched:
            for owner, name in STEPS:
                patched.setattr(owner, name, mortal(getattr(owner, name)))
            for _ in range(2):
                try:
                    replace(kept, before)
                except Killed:
                    died += 1
        kept.keep()
        assert held(kept.folder) in (before, NEW), f"killed at step {deadly}"
        kept.restore()
        assert held(kept.folder) in (before, NEW), f"killed at step {deadly}"
    assert died > 15
