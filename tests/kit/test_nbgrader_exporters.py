"""nbgrader's own commands call the kit; the order in nbgrader that this rests on."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any, ClassVar

import pytest
from clone import A1
from graded import config, convert, copied, feedback, generate, give_feedback, gradebook, nbgrader, scores
from htilde.nbgrader.exporters import AutogradeExporter, FeedbackExporter, ReleaseExporter
from lost import FILE
from nbconvert.exporters import Exporter
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A copy of the graded course in which two have handed in."""
    return copied(tmp_path_factory, tmp_path, "right", "wrong")


def configure(root: Path, line: str) -> None:
    """Put a line below the course's configuration."""
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nget_config().{line}\n")


# What is pinned


class Looking(Exporter):
    """Sees what a converter is like when it makes its exporter, and empties the list."""

    seen: ClassVar[dict[str, Any]]

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if self.parent is None or not hasattr(self.parent, "assignments"):
            return
        converter = self.parent
        type(self).seen = {
            "selected": [*converter.assignments],
            "force": converter.force,
            "student": converter.coursedir.student_id,
            "assignment": converter.coursedir.assignment_id,
            "folder": os.getcwd(),
            "permissions": converter.permissions,
        }
        converter.assignments = {}

    def from_filename(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("a converter converts, though its list of assignments was emptied")


CONVERTERS = (
    (Autograde, "submitted", "right"),
    (GenerateFeedback, "autograded", "right"),
    (GenerateAssignment, "source", "."),
)


@pytest.mark.parametrize(("converter", "step", "student"), CONVERTERS, ids=[c[0].__name__ for c in CONVERTERS])
def test_the_order_in_nbgrader_that_the_exporters_rest_on(
    root: Path, monkeypatch: pytest.MonkeyPatch, converter: type, step: str, student: str
) -> None:
    """If one of these fails, nbgrader has changed, and htilde.nbgrader.exporters must be looked at."""
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    convert(root, converter, student="right", exporter_class=Looking)
    seen = Looking.seen
    assert len(seen["selected"]) == 1, "nbgrader selects what to convert before it makes the exporter"
    assert (seen["force"], seen["student"], seen["assignment"]) == (True, student, A1), "options are known by then"
    assert seen["folder"] != str(root), "nbgrader goes to the course's folder after it has made the exporter"
    assert isinstance(seen["permissions"], int), "permissions are known by then"
    after = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    assert after == before, "nbgrader touches no file when its list of assignments was emptied"


def test_exporters_are_nbconverts_and_nothing_of_nbgraders_is_changed() -> None:
    """No class of nbgrader's is subclassed by an exporter, and importing the kit swaps and patches none."""
    for exporter in (AutogradeExporter, FeedbackExporter, ReleaseExporter):
        assert issubclass(exporter, Exporter) and not any(
            "nbgrader" in base.__module__.split(".")[0] for base in exporter.__mro__
        )
    for converter in (Autograde, GenerateAssignment, GenerateFeedback):
        functions = (value for kind in converter.__mro__ for value in vars(kind).values() if callable(value))
        assert not [function for function in functions if str(getattr(function, "__module__", "")).startswith("htilde")]


def test_an_exporter_without_a_converter_does_nothing() -> None:
    """nbconvert's own tools make exporters, too."""
    assert AutogradeExporter().parent is None


# What is honoured, and what is refused


@pytest.mark.parametrize("converter", [c[0] for c in CONVERTERS])
def test_hooks_are_run(root: Path, converter: type) -> None:
    """Before a student's folder is read and when the new one is complete, with what nbgrader gives them."""
    told: list[tuple[Any, ...]] = []

    def note(*, assignment: str, student: str, notebooks: list[str]) -> None:
        told.append((assignment, student, [Path(notebook).name for notebook in notebooks]))

    convert(root, converter, student="right", pre_convert_hook=note, post_convert_hook=note)
    student = "." if converter is GenerateAssignment else "right"
    kind = "html" if converter is GenerateFeedback else "ipynb"
    assert told == [(A1, student, [FILE]), (A1, student, [f"{A1}.{kind}"])]


def test_files_of_the_masters_folder_replace_the_students_unless_excluded(root: Path) -> None:
    """As nbgrader's ``exclude_overwriting`` says."""
    for name in ("data.csv", "mine.csv"):
        (root / "solutions" / A1 / name).write_text("master")
        (root / "submitted" / "right" / A1 / name).write_text("student")
    configure(root, f"Autograde.exclude_overwriting = {{{A1!r}: ['mine.csv']}}")
    convert(root, student="right")
    folder = root / "autograded" / "right" / A1
    assert ((folder / "data.csv").read_text(), (folder / "mine.csv").read_text()) == ("master", "student")


def test_unknown_students_are_refused_where_none_may_be_made(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """``create_student = False``: by name, and the others are graded."""
    (root / "submitted" / "right").rename(root / "submitted" / "zoe")
    with pytest.raises(NbGraderException, match="Not graded: zoe"):
        convert(root, create_student=False)
    assert "the gradebook doesn't know this student" in caplog.text and "zoe" not in scores(root)
    convert(root)
    assert "zoe" in scores(root)


def test_permissions_are_set(root: Path) -> None:
    """nbgrader's defaults, or the course's own."""
    configure(root, "GenerateFeedback.permissions = 640")
    convert(root)
    give_feedback(root)
    assert (root / "autograded" / "right" / A1 / FILE).stat().st_mode & 0o777 == 0o444
    assert (root / "feedback" / "right" / A1 / f"{A1}.html").stat().st_mode & 0o777 == 0o640


REFUSED = [
    (Autograde, "CourseDirectory.notebook_id = 'p1'", "a1_activations has one notebook"),
    (Autograde, "Execute.enabled = False", "--no-execute"),
    (Autograde, "Autograde.sanitize_preprocessors = ['nbgrader.preprocessors.ClearOutput']", "sanitize_preprocessors"),
    (Autograde, "Autograde.autograde_preprocessors.append('nbgrader.preprocessors.LimitOutput')", "LimitOutput"),
    (GenerateFeedback, "GenerateFeedback.preprocessors = ['nbgrader.preprocessors.GetGrades']", "preprocessors"),
]


@pytest.mark.parametrize(("converter", "line", "says"), REFUSED, ids=[line for _, line, _ in REFUSED])
def test_what_the_kit_doesnt_do_is_refused_by_name(
    root: Path, caplog: pytest.LogCaptureFixture, converter: type, line: str, says: str
) -> None:
    """Before anything is touched; silently it would be ignored."""
    if "notebook_id" in line:  # else nbgrader finds nothing, and says so
        (root / "submitted" / "right" / A1 / "p1.ipynb").write_bytes(b"{}")
    configure(root, line)
    before = scores(root), feedback(root, "right")
    with pytest.raises(NbGraderException, match=says):
        convert(root, converter)
    assert (scores(root), feedback(root, "right")) == before
    assert [record.levelno for record in caplog.records if says in record.getMessage()] == [logging.ERROR]


def test_a_courses_own_preprocessors_are_run_at_a_release(root: Path) -> None:
    """Among nbgrader's, in the order in which they are listed."""
    (root / "own.py").write_text(
        "from nbgrader.preprocessors import NbGraderPreprocessor\n"
        "class Sign(NbGraderPreprocessor):\n"
        "    def preprocess(self, nb, resources):\n"
        '        nb.cells[0].source += f\' Signed {resources["nbgrader"]["assignment"]}.\'\n'
        "        return nb, resources\n"
    )
    configure(root, "GenerateAssignment.preprocessors.append('own.Sign')")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(root))
        generate(root)
    assert f"Signed {A1}." in (root / "assignments" / A1 / FILE).read_text(encoding="utf-8")


def test_a_release_without_a_gradebook_touches_none(root: Path) -> None:
    """``--no-db``."""
    before = (root / "gradebook.db").read_bytes()
    convert(
        root,
        GenerateAssignment,
        no_database=True,
        preprocessors=[
            name for name in config(root).GenerateAssignment.preprocessors if not name.endswith("SaveCells")
        ],
    )
    assert (root / "gradebook.db").read_bytes() == before


def test_formgraders_buttons_call_the_kit(root: Path) -> None:
    """``NbGraderAPI``: success with the log; failure with the reason."""
    found = config(root)
    api = NbGraderAPI(CourseDirectory(config=found, root=str(root)), config=found)
    with gradebook(root) as book:
        book.remove_submission(A1, "right")
    done = api.autograde(A1, "right")
    assert done["success"] and "Autograding " in done["log"] and sum(map(float, scores(root)["right"].values())) == 8
    assert api.generate_feedback(A1, "right")["success"] and api.generate_assignment(A1)["success"]
    (root / "submitted" / "wrong" / A1 / FILE).rename(root / "submitted" / "wrong" / A1 / "x.ipynb")
    failed = api.autograde(A1, "wrong")
    assert not failed["success"] and "its notebook must be called" in failed["log"]


def test_feedback_can_be_released_for_all(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """nbgrader's ``release_feedback`` ends at the first page without a time and a secret beside it: each has both."""
    (root / "submitted" / "right" / A1 / "timestamp.txt").write_text("2027-03-15 10:00:00 UTC")
    (root / "submitted" / "right" / A1 / "submission_secret.txt").write_text("of the exchange")
    convert(root)
    give_feedback(root)
    found = {name: root / "feedback" / name / A1 for name in ("right", "wrong")}
    assert (found["right"] / "submission_secret.txt").read_text() == "of the exchange"
    secret = (found["wrong"] / "submission_secret.txt").read_text()
    assert len(secret) == 32 and (found["wrong"] / "timestamp.txt").read_text() == ""
    give_feedback(root)
    assert (found["wrong"] / "submission_secret.txt").read_text() == secret, "it stays the same"
    exchange = tmp_path_factory.mktemp("exchange")
    exchange.chmod(0o777)
    configure(root, f"Exchange.root = {str(exchange)!r}\nget_config().CourseDirectory.course_id = 'vg'")
    nbgrader(root, "release_feedback", A1)
    assert len([*(exchange / "vg" / "feedback").iterdir()]) == 2
