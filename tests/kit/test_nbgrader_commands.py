"""nbgrader's own commands, explained when they fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from clone import A1
from graded import copied, scores
from htilde.course import Course, load_course
from htilde.errors import GraderFault
from htilde.grading.job import NOT_GRADED
from htilde.nbgrader.commands import nbgrader


def test_who_couldnt_be_graded_is_named_with_the_reason(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """The others are graded; the error names whom it hit and why, and where all of nbgrader's words are."""
    own = load_course(copied(tmp_path_factory, tmp_path, "007", "right") / "grading.toml")
    (own.root / "submitted" / "007" / A1 / "timestamp.txt").write_text("yesterday")
    with pytest.raises(GraderFault, match="holds no date and time") as caught:
        nbgrader(own, "autograde", A1, "--force")
    assert f"{NOT_GRADED}007." in caught.value.message
    log = own.private / "nbgrader.log"
    assert str(log) in caught.value.next_step and "timestamp" in log.read_text(encoding="utf-8")
    assert scores(own.root)["right"]["sigmoid"] == 2


ERROR = "[AutogradeApp | ERROR] "


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([], "it said nothing"),
        (["Traceback", "  File x", "ImportError: no x", ""], "ImportError: no x"),
        (["[A | INFO] x", f"{ERROR}one", f"{ERROR}two"], "one"),
        ([f"{ERROR}one", "Do this.", "[A | INFO] x"], "one\nDo this."),
        (["[A | INFO] x", "    [A | ERROR] y", f"{ERROR}one", f"    {ERROR}two"], f"one\n{ERROR.strip()} two"),
    ],
)
def test_what_nbgrader_complains_of_first_is_told(
    course: Course, monkeypatch: pytest.MonkeyPatch, said: list[str], told: str
) -> None:
    """The first error with all its lines; a crash by its last line."""
    assert complaint(course, monkeypatch, said) == f"nbgrader generate_feedback failed: {told}"


def test_who_was_left_out_is_told_with_all_reasons(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """What went wrong on the way is summed up in the last error."""
    said = [
        f"{ERROR}a isn't graded: x",
        "[A | INFO] y",
        f"{ERROR}{NOT_GRADED}a, b.",
        "    a: x",
        "    b: z",
        "[A | INFO]",
    ]
    assert complaint(course, monkeypatch, said) == f"{NOT_GRADED}a, b.\na: x\nb: z"


def complaint(course: Course, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> str:
    """What is told of an nbgrader that says this and fails."""
    (course.root / "nbgrader_config.py").touch()
    script = course.root / "nbgrader.py"
    script.write_text(f"import sys\nprint(*{said!r}, sep='\\n', file=sys.stderr)\nsys.exit(1)\n")
    start = subprocess.Popen

    def popen(command: list[str], **options: Any) -> Any:
        assert command[:3] == [sys.executable, "-m", "nbgrader"]
        return start([sys.executable, str(script)], **options)

    monkeypatch.setattr(subprocess, "Popen", popen)
    with pytest.raises(GraderFault) as caught:
        nbgrader(course, "generate_feedback", "toys")
    return caught.value.message


def test_a_log_that_cant_be_written_costs_no_word(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk, say: the reason is told all the same."""
    (course.root / ".course").touch()
    assert complaint(course, monkeypatch, [f"{ERROR}one"]) == "nbgrader generate_feedback failed: one"
