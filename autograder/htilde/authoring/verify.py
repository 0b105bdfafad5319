"""Verify a course: examine the reference, the stubs, every variant and every misconception as submissions.

A right answer, and a derivation of one, must pass everything, a stub must get no points and a friendly message, and
every misconception must fail and be named, or be one of a set that no example and no probe tells apart.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from htilde.authoring.announcements import unannounced
from htilde.authoring.declarations import Declarations, load_declarations
from htilde.authoring.drawing import current_papers
from htilde.authoring.explore import explore_exercise
from htilde.authoring.master import Master, read_master
from htilde.authoring.sources import declared_sources
from htilde.authoring.translations import catalogs
from htilde.codes import Code
from htilde.course import Course
from htilde.declare import Property
from htilde.diagnosis.completion import examine, examine_exercise
from htilde.diagnosis.diagnose import LIKENESS
from htilde.errors import CourseError, Problem
from htilde.examination.compare import alike
from htilde.examination.examiner import in_worker
from htilde.examination.judgement import Asked
from htilde.examination.paper import ExercisePaper, Paper
from htilde.isolation.session import Session
from htilde.model import ExerciseResult, Visibility
from htilde.submissions.steps import Run, Submission, steps
from htilde.telling.json import mistaken_for
from htilde.telling.messages import message

__all__ = ["Case", "Extent", "Finding", "cases", "extent", "verify"]


@dataclass(frozen=True, slots=True)
class Case:
    """A submission to examine. ``kind`` decides what the result must be.

    It is reference, stub, variant, derivation or misconception; or edge, for one that isn't announced. For a variant, a
    derivation or a misconception, ``submission`` is the reference and ``answer`` the other answer to ``exercise``.
    """

    kind: str
    exercise: str
    name: str
    submission: Submission
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a case. ``problem`` is empty if it is as it must be."""

    case: Case
    problem: str


@dataclass(frozen=True, slots=True)
class Extent:
    """The numbers of what an assignment's files declare.

    ``explained`` counts the changes to reference solutions for which ``tests/mutants`` explains that no input shows
    them. ``translated`` counts by language how many of the ``texts`` (claims and hints) are translated.
    """

    exercises: int
    properties: int
    explained: int
    texts: int
    translated: dict[str, int]


def extent(course: Course, assignment: str) -> Extent:
    """Count what the files of an assignment declare. Raises CourseError if they contradict each other."""
    declared = load_declarations(course, assignment)
    properties = [*declared.public.properties, *declared.hidden.properties]
    claims = {" ".join(each.claim.split()) for each in properties}
    texts = claims | {" ".join(each.hint.split()) for each in declared.misconceptions.misconceptions}
    known = catalogs(course, assignment)
    return Extent(
        len(declared.assignment.exercises),
        len(properties),
        _explained(course.root / "tests" / "mutants" / f"{assignment}.toml"),
        len(texts),
        {language: len(texts & {" ".join(text.split()) for text in of}) for language, of in known.items()},
    )


def _explained(path: Path) -> int:
    """Return how many explanations a file of ``tests/mutants`` has."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, ValueError) as error:  # neither TOML nor UTF-8
        raise CourseError(Problem(path, f"can't be read as reasons for mutants ({error}).")) from None
    return sum(len(table) for table in tables.values() if isinstance(table, dict))


def verify(
    course: Course,
    assignment: str,
    *,
    jobs: int = 2,
    tries: int = 0,
    device: str = "cpu",
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Finding]:
    """Examine all cases of an assignment and return the findings.

    With ``tries`` above 0 Hypothesis draws that many examples of each property, and the stored papers aren't used.
    ``device`` is where torch computes. ``progress`` is called with the numbers of findings and of cases. Raises
    CourseError if the course contradicts itself.
    """
    from htilde.oracle import using

    declarations = load_declarations(course, assignment)
    listed = declarations.assignment
    master = read_master(course.master(assignment), listed.exercises, tuple(listed.written))
    papers = current_papers(course, declarations, device=device)
    todo = list(cases(declarations, master))
    findings: list[Finding] = []

    def examined(group: Sequence[Case]) -> list[Finding]:
        return list(_examined(group, declarations, papers, tries))

    groups = _together(todo)
    with using(device), ThreadPoolExecutor(jobs) as pool:
        # Hypothesis belongs to one thread, and so does the device that torch is told to compute on.
        for found in map(examined, groups) if tries else pool.map(examined, groups):
            for finding in found:
                findings.append(finding)
                progress(len(findings), len(todo))
    return findings + [
        Finding(Case("edge", edge.exercise, edge.name, todo[0].submission), _problem_of_edge(edge))
        for edge in unannounced(declarations, master)
    ]


def _together(todo: Iterable[Case]) -> list[list[Case]]:
    """Group the cases that may share a worker, which are other answers to one exercise."""
    groups: dict[object, list[Case]] = {}
    for case in todo:
        groups.setdefault(case.exercise if case.answer else case, []).append(case)
    return list(groups.values())


def cases(declarations: Declarations, master: Master) -> Iterator[Case]:
    """Yield all cases of an assignment."""
    course, name = declarations.course, declarations.assignment.name
    exercises = declarations.assignment.exercises

    def submission(answers: dict[str, str]) -> Submission:
        return Submission(steps(master.submission_cells(answers), exercises))

    reference = submission({})
    yield Case("reference", "", "reference", reference)
    yield Case("stub", "", "all stubs", submission({exercise: master.stub(exercise) for exercise in exercises}))
    for exercise in exercises:
        yield Case("stub", exercise, f"stub of {exercise}", submission({exercise: master.stub(exercise)}))
    folders = {"variant": "variants", "derivation": "derivations", "misconception": "misconceptions"}
    for kind, folder in folders.items():
        path = course.declarations(folder, name)
        for (exercise, answer), source in (declared_sources(path) if path.exists() else {}).items():
            yield Case(kind, exercise, answer, reference, source)


def _examined(
    group: Sequence[Case], declarations: Declarations, papers: Sequence[Paper], tries: int
) -> Iterator[Finding]:
    limits = declarations.course.limits

    def by(exercise: ExercisePaper, asked: Asked) -> ExerciseResult:
        if tries and group[0].exercise in ("", exercise.name):
            return explore_exercise(declarations, exercise, asked, tuple(Visibility), tries=tries)
        return examine_exercise(exercise, papers, asked)

    if not group[0].answer:
        (case,) = group
        examined = examine(case.submission, papers, limits, allow_unprotected=True, by=by)
        yield Finding(case, _problem(case, examined.exercises, papers[0]))
        return
    part = papers[0].exercise(group[0].exercise)
    assert part is not None
    with Session(replace(limits, submission_seconds=limits.submission_seconds * len(group))) as session:
        for step in group[0].submission.steps:
            if isinstance(step, Run):
                session.run(step.label, step.source)
        for case in group:  # each takes the place of the one before
            session.run(case.name, case.answer)
            session.remember(case.name)
            result = by(part, in_worker(session, case.exercise, limits, place=case.name))
            yield Finding(case, _problem(case, [result], papers[0]))


def _problem(case: Case, results: Sequence[ExerciseResult], paper: Paper) -> str:
    if case.kind == "stub":
        return _problem_of_stub(case, results)
    if case.kind in ("reference", "variant", "derivation"):
        wrong = [f"{r.name}: {v.name} fails: {message(v)}" for r in results for v in r.verdicts if not v.passed]
        return "; ".join(wrong)
    part = paper.exercise(case.exercise)
    assert part is not None
    return _problem_of_misconception(case, results[0], part)


def _problem_of_edge(edge: Property) -> str:
    where = "neither its stub, nor the text above it, nor the notebook's first text"
    return f"{where} says {edge.announced!r}: announce the edge there, or quote the words that do"


def _problem_of_stub(case: Case, results: Sequence[ExerciseResult]) -> str:
    for exercise in results:
        stubbed = case.exercise in ("", exercise.name)
        if stubbed and (exercise.points or any(v.code is not Code.NOT_IMPLEMENTED for v in exercise.verdicts)):
            return f"{exercise.name} is a stub and got {exercise.points} points: {message(exercise.verdicts[0])}"
        if not stubbed and not exercise.passed:
            return f"{exercise.name} fails because {case.exercise} is unfinished"
    return ""


def _problem_of_misconception(case: Case, result: ExerciseResult, part: ExercisePaper) -> str:
    failed = [verdict for verdict in result.verdicts if not verdict.passed]
    if not failed:
        return "passes every property"
    for verdict in failed:
        if case.name not in verdict.mistakes:
            taken_for = mistaken_for(verdict) or "nothing known"
            return f"fails {verdict.name} but is taken for {taken_for}: {message(verdict)}"
        for other in verdict.mistakes:
            if not _inseparable(case.name, other, part):
                return f"is taken for {other} as well, though a probe tells them apart"
    return ""


def _inseparable(one: str, other: str, part: ExercisePaper) -> bool:
    answers = {mistake.name: mistake.answers for mistake in part.mistakes}
    return all(alike(a, b, tolerance=LIKENESS) for a, b in zip(answers[one], answers[other]))
