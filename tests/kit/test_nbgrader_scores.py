"""The gradebook, read at once: the same sums as nbgrader's own, and a reason where it can't be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from clone import A1
from graded import copied, gradebook, graded
from htilde.course import Course, load_course
from htilde.errors import GraderFault
from htilde.nbgrader.scores import Scores, read_scores


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Course:
    """A copy of the graded class, free to be spoilt."""
    return load_course(copied(tmp_path_factory, tmp_path, "right", "wrong") / "grading.toml")


def same_as_nbgraders(course: Course) -> Scores:
    """What was read, compared with what nbgrader's own queries say of everybody."""
    found = read_scores(course, A1)
    with gradebook(course.root) as book:
        assignment = book.find_assignment(A1)
        assert (found.max_points, found.max_grade) == (assignment.max_code_score, assignment.max_score)
        assert found.students == {student.id for student in book.students}
        assert found.scores.keys() == {submission.student.id for submission in assignment.submissions}
        for submission in assignment.submissions:
            score = found.scores[submission.student.id]
            assert score.late_seconds == submission.total_seconds_late
            assert score.penalty == submission.late_submission_penalty
            assert score.points is None or score.points == pytest.approx(submission.code_score)
            assert score.grade is None or score.grade == pytest.approx(max(0, submission.score - score.penalty))
    return found


def test_scores_are_nbgraders(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of everybody in a graded class."""
    found = same_as_nbgraders(graded(tmp_path_factory))
    assert (found.scores["right"].points, found.scores["wrong"].grade) == (8, 5)


def test_what_a_person_gave_and_lateness_count(own: Course) -> None:
    """Points by hand stand before the examiner's, extra ones beside them; a penalty is taken off, down to 0."""
    with gradebook(own.root) as book:
        submission = book.find_submission(A1, "wrong")
        (notebook,) = submission.notebooks
        notebook.grades[0].manual_score, notebook.grades[0].extra_credit = 1.5, 0.25
        notebook.late_submission_penalty = 2.0
        book.find_submission(A1, "right").notebooks[0].late_submission_penalty = 100.0
        book.db.commit()
    found = same_as_nbgraders(own)
    assert found.scores["wrong"].penalty == 2 and found.scores["right"].grade == 0


def test_what_waits_is_no_zero(own: Course) -> None:
    """Without points for an exercise there are none; a written answer that nobody has read is named."""
    with gradebook(own.root) as book:
        (notebook,) = book.find_submission(A1, "wrong").notebooks
        notebook.grades[0].auto_score = None
        (other,) = book.find_submission(A1, "right").notebooks
        cell = other.grades[0].cell
        cell.cell_type = "markdown"
        other.grades[0].auto_score = None
        name = cell.name
        book.db.commit()
    found = read_scores(own, A1).scores
    assert (found["right"].grade, found["right"].waiting) == (None, (name,)) and found["right"].points is not None
    with gradebook(own.root) as book:
        book.find_notebook(A1, A1).grade_cells[0].cell_type = "code"
        book.find_submission(A1, "right").notebooks[0].grades[0].cell.cell_type = "code"
        book.db.commit()
    found = read_scores(own, A1).scores
    assert (found["wrong"].points, found["wrong"].grade, found["wrong"].waiting) == (None, None, ())


def test_where_there_is_nothing_to_read(own: Course) -> None:
    """An assignment that was never released, a gradebook that was never made: and none is made by reading."""
    assert read_scores(own, "a9").scores == {} and read_scores(own, "a9").students
    (own.root / "gradebook.db").unlink()
    assert read_scores(own, A1) == Scores() and not (own.root / "gradebook.db").exists()


def test_the_gradebook_is_where_the_configuration_says(own: Course) -> None:
    """Also by a path from the course's folder, wherever the command is typed; without a configuration at nbgrader's."""
    here, config = read_scores(own, A1), own.root / "nbgrader_config.py"
    (own.root / "gradebook.db").rename(own.root / "other.db")
    config.write_text(config.read_text() + '\nget_config().CourseDirectory.db_url = "sqlite:///other.db"\n')
    assert read_scores(own, A1) == here and here.scores
    config.unlink()
    assert read_scores(own, A1) == Scores()
    (own.root / "other.db").rename(own.root / "gradebook.db")
    assert read_scores(own, A1) == here


def test_a_damaged_gradebook_has_a_reason(own: Course) -> None:
    """Not a traceback: where, what, and what to do."""
    (own.root / "gradebook.db").write_bytes(b"not a database, but long enough to be read as one" * 100)
    with pytest.raises(GraderFault, match="this isn't a gradebook any more") as caught:
        read_scores(own, A1)
    assert "last good copy" in caught.value.next_step
