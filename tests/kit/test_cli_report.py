"""Looking into grades from the command line: what is printed, what is written and where, and what is refused."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from clone import A1
from graded import copied
from htilde.reports.explanation_faces import WARNING
from htilde.reports.report_page import MARK
from htilde.reports.reproduction import MARK as SAVED
from test_cli import refused, run
from test_records import BEFORE


@pytest.fixture
def here(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the graded class in which two have handed in, where the person is."""
    monkeypatch.chdir(copied(tmp_path_factory, tmp_path, "right", "wrong"))
    return tmp_path


@pytest.mark.parametrize(("student", "status"), [("right", 0), ("wrong", 1)])
def test_explain_says_whether_all_passed(here: Path, student: str, status: int) -> None:
    """First of all who may read it; JSON says so, too."""
    shown = run("explain", student, "tanh_derivative")
    assert (shown.exit_code, shown.stderr) == (status, "") and shown.stdout.startswith(WARNING)
    plain = run("explain", student, "tanh_derivative", "--json")
    assert json.loads(plain.stdout)["warning"] == WARNING and bool(json.loads(plain.stdout)["failed"]) is bool(status)


def test_explain_saves_what_runs(here: Path) -> None:
    """Beside what is printed; a file of its own is written over, no other."""
    for _ in range(2):
        shown = run("explain", "wrong", "tanh_derivative", "--save", "wrong.py")
        assert shown.exit_code == 1 and shown.stdout.endswith("saved: wrong.py\n")
    text = (here / "wrong.py").read_text(encoding="utf-8")
    assert text.startswith(SAVED) and "(hidden, main)" in text
    exec(compile(text, "wrong.py", "exec"), {})
    plain = run("explain", "wrong", "tanh_derivative", "--json", "--save", "wrong.py")
    assert json.loads(plain.stdout) and "saved: wrong.py" in plain.stderr


@pytest.mark.parametrize(
    ("command", "path", "says"),
    [
        ("explain", f"assignments/{A1}/x.py", "may reach students"),
        ("explain", f"solutions/{A1}/x.py", "may reach students"),
        ("explain", "x/../submitted/x.py", "may reach students"),
        ("explain", "grading.toml", "is there already"),
        ("explain", "nowhere/x.py", "there is no folder"),
        ("report", f"feedback/{A1}.html", "may reach students"),
        ("report", "assignments", "may reach students"),
        ("report", "other.html", "is there already"),
        ("report", "nowhere", "there is no such folder"),
        ("report", "nowhere/x.html", "there is no folder"),
    ],
)
def test_what_is_not_for_students_is_written_with_care(here: Path, command: str, path: str, says: str) -> None:
    """Not to where they would receive it, and not over something else; nothing is examined in vain."""
    (here / "other.html").write_text("<p>mine</p>")
    (here / "x").mkdir()
    typed = ("explain", "wrong", "sigmoid", "--save") if command == "explain" else ("report", A1, "--output")
    before = {found: found.read_bytes() for found in here.rglob("*") if found.is_file()}
    refused(run(*typed, path), says)
    assert {found: found.read_bytes() for found in here.rglob("*") if found.is_file()} == before


def test_report_is_written_for_the_instructor(here: Path) -> None:
    """Into a folder that others can't list; a summary is printed within 80 columns."""
    for _ in range(2):
        shown = run("report", A1)
        assert (shown.exit_code, shown.stderr) == (0, "") and shown.stdout.endswith(f"report: reports/{A1}.html\n")
    assert max(map(len, shown.stdout.splitlines())) <= 80 and "forgets the square" in shown.stdout
    assert stat.S_IMODE((here / "reports").stat().st_mode) == 0o700
    assert (here / "reports" / f"{A1}.html").read_text(encoding="utf-8").startswith(MARK)
    assert [path.name for path in (here / "reports").iterdir()] == [f"{A1}.html"]


def test_what_the_figures_leave_out_is_printed_too(here: Path) -> None:
    """Not only on the page: of a record of an earlier version no mistake is known."""
    path = here / ".course" / "records" / A1 / "wrong.json"
    path.write_text(json.dumps(BEFORE | {"assignment": A1, "student": "wrong"}), encoding="utf-8")
    shown = run("report", A1)
    assert "note: Graded by an earlier version of the kit, and counted by points alone: 1." in " ".join(
        shown.stdout.split()
    )


def test_report_goes_where_it_is_told(here: Path) -> None:
    """A file, or a folder; tables beside it, JSON to standard output alone."""
    (here / "out").mkdir()
    shown = run("report", A1, "--output", "out", "--csv", "--json", "--anonymous")
    assert json.loads(shown.stdout)["anonymous"] and shown.stderr.count("report: out/") == 4
    names = [f"{A1}{end}" for end in (".html", "-students.csv", "-properties.csv", "-mistakes.csv")]
    assert sorted(path.name for path in (here / "out").iterdir()) == sorted(names)
    assert run("report", A1, "--output", "lecture.html").exit_code == 0 and (here / "lecture.html").is_file()


def test_what_there_is_no_report_on(here: Path) -> None:
    """An assignment that doesn't exist, with the nearest that does; no folder is made for it."""
    refused(run("report", "a1_activation"), "did you mean 'a1_activations'?")
    assert not (here / "reports").exists()


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_what_was_graded_in_one_language_is_told_in_the_other(here: Path, lang: str) -> None:
    """A verdict is told in the language of the reader, as text and JSON; nothing is graded anew."""
    korean = lang == "ko"
    graded = [here / ".course" / "records", here / ".course" / "verdicts"]
    before = sorted((path, path.read_bytes()) for folder in graded for path in folder.rglob("*") if path.is_file())
    explained = run("explain", "wrong", "tanh_derivative", "--lang", lang).stdout
    assert ("값이 틀렸습니다" in explained, "The value is wrong" in explained) == (korean, not korean)
    failed = json.loads(run("explain", "wrong", "tanh_derivative", "--lang", lang, "--json").stdout)["failed"]
    assert failed and all(has_hangul(one[key]) is korean for one in failed for key in ("reason", "message"))
    assert run("report", A1, "--lang", lang, "--csv").exit_code == 0
    mistakes = (here / "reports" / f"{A1}-mistakes.csv").read_text(encoding="utf-8")
    page = (here / "reports" / f"{A1}.html").read_text(encoding="utf-8")
    assert "forgets the square" in mistakes and "forgets the square" in page
    assert "The value is wrong" in run("explain", "wrong", "tanh_derivative").stdout
    assert before == sorted((p, p.read_bytes()) for folder in graded for p in folder.rglob("*") if p.is_file())


def has_hangul(text: str) -> bool:
    """Return whether a text holds a syllable of Korean."""
    return any("가" <= character <= "힣" for character in text)
