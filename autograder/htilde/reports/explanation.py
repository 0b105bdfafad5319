"""Explain one student's answer to one exercise to the instructor, with what hidden properties asked.

The submission is examined again as for a grade, in the locked worker. Nothing of what is found here is kept, and
none of it is for students.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from htilde.authoring.master import read_master
from htilde.authoring.papers import stored_papers
from htilde.codes import Note
from htilde.course import GRADING, Assignment, Course
from htilde.diagnosis.completion import examine, examine_exercise, judge
from htilde.errors import CourseError, SubmissionError, UsageError
from htilde.examination.judgement import Asked, Failure, first_failure
from htilde.examination.paper import ExercisePaper, Paper
from htilde.grading.records import read_record
from htilde.isolation.calls import Reply
from htilde.model import ExerciseResult, Verdict
from htilde.submissions.definitions import called
from htilde.submissions.names import renamed
from htilde.submissions.reading import cells_of, read_bytes, remarks
from htilde.submissions.steps import Submission, steps
from htilde.values import Value

__all__ = ["Explained", "Explanation", "explain"]


@dataclass(frozen=True, slots=True)
class Explained:
    """A property that failed: the verdict on it, told in full, and the simplest example that shows it."""

    verdict: Verdict
    failure: Failure


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is known of one student's answer to one exercise.

    ``cell`` says where ``source`` stands; both are empty if no cell defines the function. ``reference`` is the course's
    own answer. ``recorded`` are the points of the last grade, if there was one.
    """

    assignment: str
    student: str
    result: ExerciseResult
    parameters: tuple[str, ...]
    failed: tuple[Explained, ...]
    cell: str
    source: str
    reference: str
    notes: tuple[Note, ...] = ()
    unprotected: str = ""
    recorded: float | None = None


def explain(course: Course, student: str, exercise: str, *, assignment: str = "") -> Explanation:
    """Examine what a student handed in for one exercise, and tell everything.

    ``assignment`` is needed where several have an exercise of that name. Raises UsageError for names that don't exist,
    with the nearest that do, SubmissionError for a file that can't be read, and Unprotected as grading does.
    """
    listed = _assignment(course, exercise, assignment)
    path = _handed_in(course, listed.name, student)
    public, hidden = stored_papers(course, listed.name)
    try:
        submission = _read(course, listed, path)
    except SubmissionError as error:
        raise SubmissionError(f"{student}: {error.message}", next_step=error.next_step) from None
    cell = submission.cell_of(exercise)
    source = cell.source if cell else ""
    helpers = called(source, exercise).intersection(listed.exercises)
    failures: list[Failure] = []

    def by(part: ExercisePaper, asked: Asked) -> ExerciseResult:
        if part.name != exercise:  # asked for one thing only: whether this exercise calls one that isn't right
            return examine_exercise(part, [public.only(part.name)], asked)
        verdicts = []
        for paper, own in _parts(exercise, public, hidden):
            for question in own.questions:
                heard: list[Sequence[Reply]] = []
                verdicts.append(judge(question, own, paper.visibility, _heard(asked, heard), explain=True))
                failure, _ = first_failure(question, heard[0])
                failures.extend([failure] if failure else [])
        return ExerciseResult(part.name, part.points, tuple(verdicts))

    examination = examine(
        submission,
        [public.only(exercise, *helpers)],
        course.limits,
        allow_unprotected=course.allow_unprotected,
        by=by,
    )
    result = examination[exercise]
    failed = [verdict for verdict in result.verdicts if not verdict.passed]
    return Explanation(
        listed.name,
        student,
        result,
        next(own.parameters for _, own in _parts(exercise, public)),
        tuple(Explained(verdict, failure) for verdict, failure in zip(failed, failures, strict=True)),
        cell.label if cell else "",
        source,
        _reference(course, listed, exercise),
        examination.notes,
        examination.unprotected,
        record.points.get(exercise) if (record := read_record(course, listed.name, student)) else None,
    )


def _parts(exercise: str, *papers: Paper) -> list[tuple[Paper, ExercisePaper]]:
    return [(paper, part) for paper in papers if (part := paper.exercise(exercise)) is not None]


def _heard(asked: Asked, replies: list[Sequence[Reply]]) -> Asked:
    """Return a function that asks the same and keeps the replies."""

    def ask(cases: Sequence[Sequence[Value]], /) -> list[Reply]:
        replies.append(answers := asked(cases))
        return answers

    return ask


def _assignment(course: Course, exercise: str, named: str) -> Assignment:
    among = [course.assignment(named)] if named else course.assignments
    found = [listed for listed in among if exercise in listed.points]
    if len(found) == 1:
        return found[0]
    if found:
        names = [listed.name for listed in found]
        raise UsageError(
            f"{course.root / GRADING}: {len(names)} assignments have an exercise {exercise!r}.",
            next_step=f"Say which one: --assignment {' or --assignment '.join(names)}",
        )
    exercises = [name for listed in among for name in listed.exercises]
    where = f"in {named}" if named else "in this course"
    raise UsageError(
        f"{course.root / GRADING}: there is no exercise {exercise!r} {where}{_meant(exercise, exercises)}",
        next_step=f"Its exercises are: {', '.join(exercises)}.",
    )


def _handed_in(course: Course, assignment: str, student: str) -> Path:
    """Return the notebook that a student handed in. Refuses a link, which could lead to another student's."""
    submitted = course.root / "submitted"
    folders = {path.parent.name: path for path in submitted.glob(f"*/{assignment}")}
    if student not in folders:
        known = (submitted / course.student(student)).is_dir()
        what = f"{student} handed in nothing for {assignment}" if known else f"there is no student {student!r}"
        meant = "." if known else _meant(student, sorted(folders))
        raise UsageError(
            f"{submitted}: {what}{meant}", next_step=f"Submissions stand at submitted/STUDENT/{assignment}/."
        )
    path = folders[student] / f"{assignment}.ipynb"
    if not path.is_file():
        others = renamed([beside.name for beside in folders[student].glob("*")], assignment)
        there = f" There is {', '.join(others)}: rename what counts." if others else ""
        raise SubmissionError(
            f"{student} handed in no {path.name}.{there}",
            next_step=f"See what there is in submitted/{student}/{assignment}.",
        )
    if path.resolve() != submitted.resolve() / course.student(student) / assignment / path.name:
        raise SubmissionError(
            f"{student}: {path.name} is a link to another file.", next_step="It earns nothing, and isn't followed."
        )
    return path


def _meant(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {near[0]!r}?" if near else "."


def _read(course: Course, listed: Assignment, path: Path) -> Submission:
    """Read a submission as it is examined for a grade: the student's sources on the released notebook."""
    import nbformat

    from htilde.submissions.rebuild import rebuild, submission_cells

    cells = cells_of(read_bytes(path), path.name)
    release = course.release(listed.name) / path.name
    try:
        released = nbformat.read(release, as_version=4)
    except Exception as error:  # nbformat raises whatever it meets
        raise UsageError(
            f"{release}: there is no released notebook to put the answer on ({type(error).__name__}).",
            next_step=f"Run 'htilde release {listed.name}'.",
        ) from None
    rebuilt = submission_cells(rebuild(released, cells))
    return Submission(steps(rebuilt, listed.exercises), tuple(remarks(cells, listed.exercises)))


def _reference(course: Course, listed: Assignment, exercise: str) -> str:
    """Return the course's own answer; empty if its master can't be read, for the rest can be explained without it."""
    try:
        master = read_master(course.master(listed.name), listed.exercises, tuple(listed.written))
    except CourseError:
        return ""
    return master.answer(exercise)
