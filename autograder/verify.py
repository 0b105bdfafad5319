"""Proving a course: the reference, the stubs, every variant and every misconception through the students' door.

A right answer must pass everything, a stub must score zero with a kind message, and every misconception must
fail and be named, or be one of a set that no example and no probe tells apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from autograder.compare import alike
from autograder.course import Course
from autograder.declarations import Declarations, load_declarations
from autograder.diagnose import LIKENESS
from autograder.examiner import Asked, examine, examine_exercise
from autograder.explore import explore_exercise
from autograder.master import Master, read_master
from autograder.messages import not_implemented
from autograder.model import Examination, ExerciseResult, Visibility
from autograder.paper import ExercisePaper, Paper
from autograder.papers import current_papers
from autograder.sources import declared_sources
from autograder.submission import Submission, steps

__all__ = ["Case", "Finding", "cases", "verify"]


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the matrix. ``kind`` (reference, stub, variant, misconception) says what must come of it."""

    kind: str
    exercise: str
    name: str
    submission: Submission


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a case; ``problem`` is empty when it is what must come."""

    case: Case
    problem: str


def verify(
    course: Course,
    assignment: str,
    *,
    jobs: int = 2,
    tries: int = 0,
    device: str = "cpu",
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Finding]:
    """Send the whole matrix of an assignment through worker and examiner.

    With ``tries`` above 0 Hypothesis and torch ask that many live examples of each property instead of the
    stored papers. ``device`` is where torch computes. Raises CourseError if the course contradicts itself.
    """
    from autograder.oracle import using

    declarations = load_declarations(course, assignment)
    listed = declarations.assignment
    master = read_master(course.master(assignment), listed.exercises, tuple(listed.written))
    papers = current_papers(course, declarations, device=device)
    todo = list(cases(declarations, master))
    findings: list[Finding] = []

    def examined(case: Case) -> Finding:
        return _examined(case, declarations, papers, tries)

    with using(device), ThreadPoolExecutor(jobs) as pool:
        # Hypothesis belongs to one thread, and so does the device that torch is told to compute on.
        for finding in map(examined, todo) if tries else pool.map(examined, todo):
            findings.append(finding)
            progress(len(findings), len(todo))
    return findings


def cases(declarations: Declarations, master: Master) -> Iterator[Case]:
    """The matrix of an assignment."""
    course, name = declarations.course, declarations.assignment.name
    exercises = declarations.assignment.exercises

    def submission(answers: dict[str, str]) -> Submission:
        return Submission(steps(master.submission_cells(answers), exercises))

    yield Case("reference", "", "reference", submission({}))
    yield Case("stub", "", "all stubs", submission({exercise: master.stub(exercise) for exercise in exercises}))
    for exercise in exercises:
        yield Case("stub", exercise, f"stub of {exercise}", submission({exercise: master.stub(exercise)}))
    for kind, folder in (("variant", "variants"), ("misconception", "misconceptions")):
        for (exercise, answer), source in declared_sources(course.declarations(folder, name)).items():
            yield Case(kind, exercise, answer, submission({exercise: source}))


def _examined(case: Case, declarations: Declarations, papers: Sequence[Paper], tries: int) -> Finding:
    def by(exercise: ExercisePaper, asked: Asked) -> ExerciseResult:
        if tries and case.exercise in ("", exercise.name):
            return explore_exercise(declarations, exercise, asked, tuple(Visibility), tries=tries)
        return examine_exercise(exercise, papers, asked)

    if case.kind in ("variant", "misconception"):
        papers = [paper.only(case.exercise) for paper in papers]
    result = examine(case.submission, papers, declarations.course.limits, allow_unprotected=True, by=by)
    return Finding(case, _problem(case, result, papers[0]))


def _problem(case: Case, result: Examination, paper: Paper) -> str:
    if case.kind == "stub":
        return _problem_of_stub(case, result)
    own = [r for r in result.exercises if case.exercise in ("", r.name)]
    if case.kind in ("reference", "variant"):
        wrong = [f"{r.name}: {v.name} fails: {v.message}" for r in own for v in r.verdicts if not v.passed]
        return "; ".join(wrong)
    part = paper.exercise(case.exercise)
    assert part is not None
    return _problem_of_misconception(case, own[0], part)


def _problem_of_stub(case: Case, result: Examination) -> str:
    for exercise in result.exercises:
        stubbed = case.exercise in ("", exercise.name)
        if stubbed and (exercise.points or any(v.message != not_implemented().message for v in exercise.verdicts)):
            return f"{exercise.name} is a stub and got {exercise.points} points: {exercise.verdicts[0].message}"
        if not stubbed and not exercise.passed:
            return f"{exercise.name} fails because {case.exercise} is unfinished"
    return ""


def _problem_of_misconception(case: Case, result: ExerciseResult, part: ExercisePaper) -> str:
    failed = [verdict for verdict in result.verdicts if not verdict.passed]
    if not failed:
        return "passes every property"
    for verdict in failed:
        if case.name not in verdict.misconceptions:
            taken_for = verdict.misconception or "nothing known"
            return f"fails {verdict.name} but is taken for {taken_for}: {verdict.message}"
        for other in verdict.misconceptions:
            if not _inseparable(case.name, other, part):
                return f"is taken for {other} as well, though a probe tells them apart"
    return ""


def _inseparable(one: str, other: str, part: ExercisePaper) -> bool:
    answers = {mistake.name: mistake.answers for mistake in part.mistakes}
    return all(alike(a, b, tolerance=LIKENESS) for a, b in zip(answers[one], answers[other]))
