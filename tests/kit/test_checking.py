"""Checking a file from a clean start: against the paper beside it, in full or in part."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import toys
from htilde.errors import KitError, SubmissionError, UsageError
from htilde.examination.paper import write_paper
from htilde.language import speak, speaking
from htilde.self_study.checking import check_file, check_on_gpu
from htilde.telling.messages import reason

HERE = Path()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's folder: a paper and a script with the right answer."""
    write_paper(toys.paper(), tmp_path / "toys.paper")
    (tmp_path / "toys.py").write_text("def double(x):\n    return 2 * x\n")
    return tmp_path


def test_a_file_is_examined_by_itself_and_in_its_folder(folder: Path) -> None:
    """Naming the file or its folder makes no difference."""
    one, other = check_file(folder, HERE), check_file(folder / "toys.py", HERE)
    assert one == other and one.passed and one.points == one.max_points == 1


def test_only_the_chosen_exercises_are_asked(folder: Path) -> None:
    """--exercise leaves the others out."""
    write_paper(toys.paper(toys.exercise(), toys.exercise(toys.pair, mistakes=())), folder / "toys.paper")
    assert [r.name for r in check_file(folder, HERE, exercises=["double"]).exercises] == ["double"]
    assert [r.name for r in check_file(folder, HERE).exercises] == ["double", "pair"]


def test_whoever_checks_is_spoken_to_in_the_papers_language(folder: Path) -> None:
    """From then on, so that also what a command says afterwards is in that language."""
    write_paper(toys.paper().with_translations({}, language="ko"), folder / "toys.paper")
    (folder / "toys.py").write_text("def double(x):\n    return 3 * x\n")
    with speaking("en"):
        (verdict,) = check_file(folder, HERE)["double"].verdicts
        assert reason(verdict) == "값이 틀림"
        speak("en")


def test_a_file_that_cant_be_read_is_refused(folder: Path) -> None:
    """A notebook that is none costs one message; the script beside it isn't taken for it."""
    (folder / "toys.ipynb").write_text("{")
    with pytest.raises(SubmissionError, match=r"toys\.ipynb:1"):
        check_file(folder, HERE)


def test_hidden_and_explore_need_the_course(folder: Path) -> None:
    """A student who asks for hidden properties learns that a course is needed."""
    for options in ({"hidden": True}, {"explore": True}):
        with pytest.raises(KitError, match=r"grading\.toml"):
            check_file(folder, folder, **options)  # type: ignore[arg-type]


def test_on_a_gpu_only_what_passes_is_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the exercises that were chosen; without one it is an error, or nothing where "auto" asked for it."""
    write_paper(toys.paper(toys.exercise(), toys.exercise(toys.pair, mistakes=())), folder / "toys.paper")
    examination = check_file(folder, HERE)
    before = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent / "imitation"), before]))
    found = check_on_gpu(folder, HERE, examination)
    assert found is not None and [(row.exercise, row.right) for row in found.rows] == [("double", True), ("pair", None)]
    (row,) = check_on_gpu(folder, HERE, examination, exercises=["double"]).rows  # type: ignore[union-attr]
    assert row.exercise == "double"


def test_without_a_gpu_auto_says_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And "cuda" says what is missing."""

    def nothing(*_: object, **__: object) -> None:
        raise UsageError("CuPy finds no GPU here.")

    monkeypatch.setattr("htilde.examination.gpu.on_gpu", nothing)
    examination = check_file(folder, HERE)
    assert check_on_gpu(folder, HERE, examination, device="auto") is None
    with pytest.raises(UsageError, match="no GPU"):
        check_on_gpu(folder, HERE, examination, device="cuda")


def test_unknown_exercise_is_told_with_the_known_ones(folder: Path) -> None:
    """A typo in --exercise."""
    with pytest.raises(UsageError, match="did you mean 'double'") as caught:
        check_file(folder, HERE, exercises=["dubble"])
    assert "double" in caught.value.next_step
