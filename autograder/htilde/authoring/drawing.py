"""Draw papers: Hypothesis draws the questions and the oracle answers them, once.

Needs torch and Hypothesis. A stored paper is kept as long as the declarations it was drawn from stay the same, also
when the libraries or the kit have changed: neither promises the same draws tomorrow, and everyone should sit the same
paper.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from htilde.authoring.allowances import Case, derived
from htilde.authoring.declarations import Declarations
from htilde.authoring.origin import origin_today
from htilde.authoring.papers import misfit, paper_path
from htilde.authoring.translations import catalogs
from htilde.course import Course
from htilde.declare import Misconception, Property
from htilde.errors import CourseError, KitError, PaperError, Problem, UsageError
from htilde.examination.allowance import stated
from htilde.examination.paper import Example, ExercisePaper, Mistake, Paper, Probe, Question, read_paper, write_paper
from htilde.examination.places import fits
from htilde.laws import forget
from htilde.model import Parts, Tolerance, Visibility
from htilde.telling.wording import describe, show
from htilde.values import Refused, Value, canonical, leaves, materialize, snapshot

__all__ = ["answer_of", "current_papers", "draw_paper", "examples_of", "in_order"]

EXAMPLES = {Visibility.PUBLIC: 24, Visibility.HIDDEN: 40}
"""How many examples of each property are drawn, besides the explicit ones."""

MISTAKEN = 6
"""Examples of a public property beside which each misconception's own answer is kept.

It is shown beside a student's, of the first example that is wrong, which is nearly always one of these; of a network's
gradients a paper would otherwise hold hardly anything else.
"""

_WITHOUT_FORMS = Tolerance(rtol=1e-12, atol=1e-15)
"""The tolerance where there is neither a reference nor a variant to derive one from."""


def current_papers(
    course: Course,
    declarations: Declarations,
    *,
    device: str = "cpu",
    language: str | None = None,
    self_study: bool = False,
    redraw: bool = False,
) -> tuple[Paper, Paper]:
    """Return both papers, the stored ones if they still fit the declarations, otherwise new ones.

    A stored paper that fits keeps its questions whichever engine drew them, and gets today's claims and hints; with
    ``redraw`` both are drawn anew. The hidden paper is stored here; the public one ships in a folder that nbgrader
    writes, so storing it is left to ``build``. ``language`` is the one in which students are spoken to; without it, the
    course's. With ``self_study`` the hidden paper is that of those who work alone: of the same properties, drawn
    without the course's seed.
    """
    name, texts = declarations.assignment.name, catalogs(course, declarations.assignment.name)

    def current(visibility: Visibility, besides: Paper | None = None) -> Paper:
        alone = self_study and visibility is Visibility.HIDDEN
        path = course.self_study_paper(name) if alone else paper_path(course, name, visibility)
        stored = None if redraw else _fitting(declarations, visibility, path)
        if stored is None:
            secret = "self-study" if alone else _secret(course, visibility)
            paper = draw_paper(declarations, visibility, secret=secret, device=device, besides=besides)
        else:
            paper = _reworded(stored, declarations)
        paper = paper.with_translations(texts, language=language or course.language)
        is_new = stored is None or (paper.texts, paper.origin) != (stored.texts, stored.origin)
        if visibility is Visibility.HIDDEN and is_new:
            write_paper(paper, path)
        return paper

    public = current(Visibility.PUBLIC)
    return public, current(Visibility.HIDDEN, public)


def _fitting(declarations: Declarations, visibility: Visibility, path: Path) -> Paper | None:
    """Return the stored paper, if it asks what is declared."""
    course, name = declarations.course, declarations.assignment.name
    try:
        paper = read_paper(path)
    except PaperError:
        return None
    if misfit(course, name, visibility, paper):
        return None
    for part in paper.exercises:
        asked = [(question.name, question.kind) for question in part.questions]
        declared = [(found.name, found.kind) for found in declarations.properties(part.name, visibility)]
        mistakes = [mistake.name for mistake in part.mistakes]
        if asked != declared or mistakes != [mistake.name for mistake in declarations.mistakes(part.name)]:
            return None
    return paper


def _reworded(paper: Paper, declarations: Declarations) -> Paper:
    """Return a paper that fits with today's claims, hints and points, and with the origin that says so."""

    def reworded(part: ExercisePaper) -> ExercisePaper:
        properties = declarations.properties(part.name, paper.visibility)
        mistakes = declarations.mistakes(part.name)
        return replace(
            part,
            questions=tuple(replace(q, claim={"en": d.claim}) for q, d in zip(part.questions, properties)),
            mistakes=tuple(replace(m, hint={"en": d.hint}) for m, d in zip(part.mistakes, mistakes)),
        )

    today = origin_today(declarations.course, paper.assignment, paper.visibility)
    origin = replace(today, kit=paper.origin.kit, engine=paper.origin.engine)
    paper = replace(paper, origin=origin, exercises=tuple(map(reworded, paper.exercises)))
    return paper.with_points(declarations.assignment.points)


def _secret(course: Course, visibility: Visibility) -> str:
    """Return the secret that draws depend on: for hidden papers the instructor's seed, which is made on first use."""
    if visibility is Visibility.PUBLIC:
        return "public"
    path = course.private / "seed"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    except FileExistsError:
        pass
    secret = path.read_text(encoding="utf-8", errors="replace").strip()
    if not re.fullmatch(r"[0-9a-f]{64}", secret):
        raise CourseError(
            Problem(path, "this isn't a secret seed: 64 hexadecimal digits are expected."),
            next_step="Fetch it from your backup, or delete it: the next hidden papers will be drawn with a new one.",
        )
    return secret


def draw_paper(
    declarations: Declarations,
    visibility: Visibility,
    *,
    secret: str,
    device: str = "cpu",
    besides: Paper | None = None,
) -> Paper:
    """Write a new paper in memory. ``device`` is where the oracle computes: cpu, cuda or auto.

    What ``besides`` asks isn't drawn again: an answer learned by heart from one paper is no help in the other.
    """
    from htilde.oracle import using

    with using(device):
        exercises = tuple(
            _draw_exercise(declarations, exercise, points, visibility, secret, _already(besides, exercise))
            for exercise, points in declarations.assignment.points.items()
        )
    name = declarations.assignment.name
    return Paper(name, visibility, origin_today(declarations.course, name, visibility), exercises)


def _already(paper: Paper | None, exercise: str) -> set[object]:
    """Return the arguments that a paper asks about an exercise."""
    questions = part.questions if paper and (part := paper.exercise(exercise)) else ()
    return {canonical(example.arguments) for question in questions for example in question.examples}


def _draw_exercise(
    declarations: Declarations, exercise: str, points: float, visibility: Visibility, secret: str, asked: set[object]
) -> ExercisePaper:
    main = declarations.properties(exercise, Visibility.PUBLIC)[0]
    mistakes = declarations.mistakes(exercise)
    drawn = declarations.curve(exercise)
    over = in_order(drawn.arguments, main.parameters) if drawn else ()
    tests = [in_order(set_of_probes.arguments, main.parameters) for set_of_probes in declarations.probes(exercise)]
    questions = tuple(
        _draw_question(declarations, declared, f"{secret}/{exercise}/{declared.name}", asked)
        for declared in declarations.properties(exercise, visibility)
    )
    probes = tuple(Probe(arguments, answer_of(main, arguments)) for arguments in tests)
    return ExercisePaper(
        name=exercise,
        parameters=main.parameters,
        points=points,
        questions=questions,
        probes=probes,
        mistakes=tuple(
            Mistake(
                mistake.name,
                {"en": mistake.hint},
                tuple(forget(_mistaken(mistake, probe.arguments), probe.answer) for probe in probes),
            )
            for mistake in mistakes
        ),
        curve=Probe(over, answer_of(main, over)) if drawn else None,
        parts=_named(declarations, exercise, questions),
    )


def _named(declarations: Declarations, exercise: str, questions: Iterable[Question]) -> Parts | None:
    """Return the names of an exercise's parts. Raises CourseError unless every right answer has these parts."""
    if (named := declarations.named(exercise)) is None:
        return None
    for answer in (example.answer for question in questions for example in question.examples):
        if not fits(named.parts, answer):
            path = declarations.course.declarations("public", declarations.assignment.name)
            names = ", ".join(named.parts.names)
            what = f"the parts {names} aren't those of {exercise}'s right answer, {describe(answer)}."
            raise CourseError(Problem(path, what, line=named.line))
    return named.parts


def _draw_question(declarations: Declarations, declared: Property, secret: str, asked: set[object]) -> Question:
    from htilde.strategies import draw

    number = int.from_bytes(hashlib.sha256(secret.encode()).digest()[:8], "big")
    count = EXAMPLES[declared.visibility]
    explicit = [in_order(arguments, declared.parameters) for arguments in declared.examples]
    fresh = {canonical(arguments) for arguments in explicit}
    wanted = count + len(fresh)

    def enough(arguments: dict[str, Value]) -> bool:
        if (seen := canonical(in_order(arguments, declared.parameters))) not in asked:
            fresh.add(seen)
        return len(fresh) == wanted

    try:
        draws = draw(declared.strategies, 3 * count, number, enough)
    except UsageError as error:
        raise CourseError(_problem(declared, f"{declared.name}: {error.message}")) from None
    drawn = [in_order(arguments, declared.parameters) for arguments in draws]
    drawn = [arguments for arguments in drawn if canonical(arguments) not in asked] or drawn
    distinct: dict[object, tuple[Value, ...]] = {}
    for arguments in (*explicit, *drawn):
        distinct.setdefault(canonical(arguments), arguments)
    first = [distinct.pop(canonical(arguments)) for arguments in explicit if canonical(arguments) in distinct]
    rest = sorted(list(distinct.values())[:count], key=_size)
    shown = MISTAKEN if declared.visibility is Visibility.PUBLIC else 0
    return Question(
        declared.name,
        {"en": declared.claim},
        declared.kind,
        examples_of(declarations, declared, (*first, *rest), shown=shown),
    )


def examples_of(
    declarations: Declarations, declared: Property, asked: Sequence[tuple[Value, ...]], *, shown: int
) -> tuple[Example, ...]:
    """Return examples of a property: the arguments, the oracle's answer, how far from it an answer may be.

    With the first ones, as many as are ``shown``, goes what each misconception answers.
    """
    mistakes, forms = declarations.mistakes(declared.exercise), declarations.forms(declared.exercise)
    cases = [
        Case(arguments, answer_of(declared, arguments), [_mistaken(mistake, arguments) for mistake in mistakes])
        for arguments in asked
    ]
    if declared.tolerance is None and forms:
        allowances = derived(forms, cases)
    else:
        tolerance = declared.tolerance or _WITHOUT_FORMS
        allowances = [stated(case.answer, tolerance, _scale(declared, case)) for case in cases]
    return tuple(
        Example(
            tuple(case.arguments),
            case.answer,
            allowed,
            tuple(forget(value, case.answer) for value in case.mistaken) if at < shown else (),
        )
        for at, (case, allowed) in enumerate(zip(cases, allowances))
    )


def _scale(declared: Property, case: Case) -> float:
    if declared.scale is None:
        return max(1.0, _largest(case.answer))
    return float(_asked(declared, declared.scale, case.arguments))


def answer_of(declared: Property, arguments: Sequence[Value]) -> Value:
    """Return the oracle's answer. Raises CourseError if it raises, or if something isn't a value."""
    for name, argument in zip(declared.parameters, arguments):
        if refused := _refused(argument):
            what = f"{declared.name}: {name} would be {refused.what}; values are expected (docs/authoring.md)."
            raise CourseError(_problem(declared, what))
    answer = snapshot(_asked(declared, declared.oracle, arguments))
    if refused := _refused(answer):
        what = f"the oracle {declared.name} returned {refused.what}; values are expected (docs/authoring.md)."
        raise CourseError(_problem(declared, what))
    return answer


def _asked(declared: Property, function: Callable[..., Any], arguments: Sequence[Value]) -> Any:
    """Call an oracle, or the scale of a property. Raises CourseError with the arguments if it raises."""
    try:
        return function(*map(materialize, arguments))
    except KitError:
        raise
    except Exception as error:
        given = ", ".join(f"{name} = {show(value)}" for name, value in zip(declared.parameters, arguments))
        what = f"the oracle {declared.name} raised {type(error).__name__}: {error} ({given})"
        raise CourseError(_problem(declared, what)) from error


def _refused(value: Value) -> Refused | None:
    return next((leaf for _, leaf in leaves(value) if isinstance(leaf, Refused)), None)


def _problem(declared: Property, what: str) -> Problem:
    return Problem(declared.oracle.__code__.co_filename, what, line=declared.line)


def _mistaken(mistake: Misconception, arguments: Sequence[Value]) -> Value:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a warning is no answer, and an author can't mend a mistake
        try:
            return snapshot(mistake.function(*map(materialize, arguments)))
        except Exception as error:  # some mistakes raise; that is how they are recognised
            return Refused(f"raised {type(error).__name__}")


def in_order(arguments: Mapping[str, Any], parameters: Sequence[str]) -> tuple[Value, ...]:
    """Named arguments as values in the order in which the function takes them."""
    return tuple(snapshot(arguments[name]) for name in parameters)


def _largest(answer: Value) -> float:
    numbers = [np.abs(leaf).astype(float) for _, leaf in leaves(answer) if isinstance(leaf, (float, np.ndarray))]
    finite = [float(np.max(part[np.isfinite(part)], initial=0.0)) for part in numbers]
    return max(finite, default=0.0)


def _size(arguments: Sequence[Value]) -> tuple[int, int]:
    """Return a key that sorts the simplest arguments first: fewer entries, then shorter numbers."""
    parts = [np.ravel(leaf) for _, leaf in leaves(tuple(arguments)) if isinstance(leaf, np.ndarray)]
    return sum(part.size for part in parts), sum(len(repr(float(x))) for part in parts for x in part[:20].real)
