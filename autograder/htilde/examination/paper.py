"""A paper: all that is needed to examine an assignment without torch, Hypothesis or the course.

It is one file of numbers and texts (``stored``); reading one runs no code. Its id is the checksum of what examines:
neither points nor where the paper comes from make it another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from htilde.codes import NoteCode
from htilde.examination.allowance import Allowance, stated
from htilde.examination.stored import Form, read_stored, write_stored
from htilde.isolation.wire import encode
from htilde.language import Text
from htilde.model import Kind, Parts, Tolerance, Visibility
from htilde.values import Value

__all__ = [
    "Example",
    "ExercisePaper",
    "Mistake",
    "Origin",
    "Paper",
    "Probe",
    "Question",
    "paper_of",
    "plain_paper",
    "read_paper",
    "write_paper",
]

_FORM = Form(
    "paper",
    format=2,
    oldest=1,
    fetch="Fetch the assignment folder again, or, as instructor, run 'htilde build'.",
    renew="Install the kit's newest version; or, as an instructor, rebuild: htilde build.",
)


@dataclass(frozen=True, slots=True)
class Example:
    """One question and its answer.

    ``allowed`` is how far from it an answer may be (``allowance``); ``mistaken`` is what each misconception answers, in
    the exercise's order (of the first examples of public papers only: it is shown beside the student's answer).
    """

    arguments: tuple[Value, ...]
    answer: Value
    allowed: Allowance = None
    mistaken: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A property in the form in which it is asked: examples, simplest first.

    ``unchanged`` are the places of the arguments that must be after the call what they were before.
    """

    name: str
    claim: Text
    kind: Kind
    examples: tuple[Example, ...]
    unchanged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """Arguments on which mistakes are told apart, and the right answer there."""

    arguments: tuple[Value, ...]
    answer: Value


@dataclass(frozen=True, slots=True)
class Mistake:
    """A misconception: its name, its hint and what it answers on each probe."""

    name: str
    hint: Text
    answers: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ExercisePaper:
    """The questions about one exercise. ``parameters`` are the names of its arguments, in order.

    ``curve`` is where a wrong answer is drawn, if it can be; ``parts`` says what the answer's parts are called, if
    they have names. ``strict`` are the notes that the course takes for losses.
    """

    name: str
    parameters: tuple[str, ...]
    points: float
    questions: tuple[Question, ...]
    probes: tuple[Probe, ...]
    mistakes: tuple[Mistake, ...]
    curve: Probe | None = None
    parts: Parts | None = None
    strict: tuple[NoteCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """The version, declarations and engine that a paper was drawn with.

    ``kit`` is the version that drew it, ``declarations`` and ``texts`` are fingerprints of the course's files (the code
    of the declarations; their claims and hints), and ``engine`` names the code and the libraries that drew it. Papers
    of version 0.1 say nothing about texts and engine, and something else about declarations.
    """

    kit: str = ""
    declarations: str = ""
    texts: str = ""
    engine: str = ""

    @property
    def comparable(self) -> bool:
        """True if it can be compared with that of a paper drawn today."""
        return bool(self.texts)


@dataclass(frozen=True, slots=True)
class Paper:
    """The public or the hidden paper of an assignment; ``language`` is the one in which its student is spoken to."""

    assignment: str
    visibility: Visibility
    origin: Origin
    exercises: tuple[ExercisePaper, ...]
    language: str = "en"
    _id: list[str] = field(default_factory=list, init=False, repr=False, compare=False)
    """Once it has been asked for: every examination names its papers."""

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits that change whenever anything that examines changes."""
        if not self._id:
            bare = replace(self.with_points({}).with_translations({}, language="en"), origin=Origin())
            self._id.append(hashlib.sha256(encode(plain_paper(bare))).hexdigest()[:12])
        return self._id[0]

    @property
    def digest(self) -> str:
        """The checksum of what examines and of all that the paper says, in every language."""
        bare = replace(self.with_points({}), origin=Origin(), language="en")
        return hashlib.sha256(encode(plain_paper(bare))).hexdigest()

    def exercise(self, name: str) -> ExercisePaper | None:
        """Return the part about one exercise, or None."""
        return next((part for part in self.exercises if part.name == name), None)

    def only(self, *names: str) -> Paper:
        """Return the same paper about these exercises alone."""
        return replace(self, exercises=tuple(part for part in self.exercises if part.name in names))

    def with_points(self, points: Mapping[str, float]) -> Paper:
        """Return the same paper, worth other points; an exercise that isn't named is worth none."""
        return replace(self, exercises=tuple(replace(e, points=float(points.get(e.name, 0))) for e in self.exercises))

    def with_strict(self, strict: tuple[NoteCode, ...]) -> Paper:
        """Return the same paper for a course in which these notes are losses."""
        return replace(self, exercises=tuple(replace(part, strict=strict) for part in self.exercises))

    @property
    def texts(self) -> tuple[Text, ...]:
        """All claims and hints, each in every language that there is."""
        parts = self.exercises
        claims = (question.claim for part in parts for question in part.questions)
        return (*claims, *(mistake.hint for part in parts for mistake in part.mistakes))

    def with_translations(self, catalogs: Mapping[str, Mapping[str, str]], *, language: str) -> Paper:
        """Return the paper in other languages, too; ``catalogs`` gives the texts of each by their English originals."""

        def text(known: Text) -> Text:
            english = known["en"]
            return {"en": english} | {code: texts[english] for code, texts in catalogs.items() if english in texts}

        def translated(part: ExercisePaper) -> ExercisePaper:
            questions = tuple(replace(question, claim=text(question.claim)) for question in part.questions)
            mistakes = tuple(replace(mistake, hint=text(mistake.hint)) for mistake in part.mistakes)
            return replace(part, questions=questions, mistakes=mistakes)

        return replace(self, exercises=tuple(map(translated, self.exercises)), language=language)


def write_paper(paper: Paper, path: Path) -> None:
    """Write a paper; the same paper gives the same bytes. The file is replaced as a whole or not at all."""
    write_stored(_FORM, plain_paper(paper), path)


def read_paper(path: Path) -> Paper:
    """Read a paper. Raises PaperError, with the next step, if it is missing, damaged or of another format."""
    return read_stored(_FORM, path, paper_of)


def plain_paper(paper: Paper) -> Value:
    """Return a paper as a value, to be stored."""
    return {
        "assignment": paper.assignment,
        "visibility": paper.visibility.value,
        "kit": paper.origin.kit,
        "origin": paper.origin.declarations,
        "texts": paper.origin.texts,
        "engine": paper.origin.engine,
        "language": paper.language,
        "exercises": [_plain_exercise(exercise) for exercise in paper.exercises],
    }


def _plain_exercise(exercise: ExercisePaper) -> Value:
    plain: dict[str, Value] = {
        "name": exercise.name,
        "parameters": list(exercise.parameters),
        "points": exercise.points,
        "questions": [
            {
                "name": question.name,
                "claim": dict(question.claim),
                "kind": question.kind.value,
                "examples": [(e.arguments, e.answer, e.allowed, e.mistaken) for e in question.examples],
                **({"unchanged": question.unchanged} if question.unchanged else {}),
            }
            for question in exercise.questions
        ],
        "probes": [(probe.arguments, probe.answer) for probe in exercise.probes],
        "mistakes": [(mistake.name, dict(mistake.hint), mistake.answers) for mistake in exercise.mistakes],
        "curve": (exercise.curve.arguments, exercise.curve.answer) if exercise.curve else None,
    }
    if (parts := exercise.parts) is not None:  # without any, a paper is what it was before there were parts
        more = (parts.once, parts.gates, parts.gated) if parts.once or parts.gates else ()
        plain["parts"] = (parts.names, parts.along, parts.backward, parts.order, parts.each, *more)
    if exercise.strict:
        plain["strict"] = [note.value for note in exercise.strict]
    return plain


def paper_of(plain: Any) -> Paper:
    """Return the paper that a value stands for. Raises LookupError, TypeError or ValueError if it stands for none."""
    return Paper(
        assignment=str(plain["assignment"]),
        visibility=Visibility(plain["visibility"]),
        origin=Origin(
            *(str(plain[key]) for key in ("kit", "origin")), *(str(plain.get(key, "")) for key in ("texts", "engine"))
        ),
        exercises=tuple(_exercises(plain["exercises"])),
        language=str(plain["language"]),
    )


def _text(plain: Any) -> Text:
    return {"en": str(plain["en"])} | {str(code): str(text) for code, text in plain.items()}


def _exercises(plain: Any) -> Iterator[ExercisePaper]:
    for exercise in plain:
        yield ExercisePaper(
            name=str(exercise["name"]),
            parameters=tuple(map(str, exercise["parameters"])),
            points=float(exercise["points"]),
            questions=tuple(
                Question(
                    name=str(question["name"]),
                    claim=_text(question["claim"]),
                    kind=Kind(question["kind"]),
                    examples=tuple(_examples(question)),
                    unchanged=_places(question.get("unchanged", ()), len(exercise["parameters"])),
                )
                for question in exercise["questions"]
            ),
            probes=tuple(Probe(*probe) for probe in exercise["probes"]),
            mistakes=tuple(Mistake(name, _text(hint), answers) for name, hint, answers in exercise["mistakes"]),
            curve=Probe(*exercise["curve"]) if exercise["curve"] is not None else None,
            parts=_parts(*exercise["parts"]) if "parts" in exercise else None,
            strict=tuple(map(NoteCode, exercise.get("strict", ()))),
        )


def _examples(question: Any) -> Iterator[Example]:
    """Yield the examples of a question. In papers of format 1 it states a tolerance, and each example its scale."""
    tolerance = Tolerance(*map(float, question["tolerance"])) if "tolerance" in question else None
    for arguments, answer, allowed, mistaken in question["examples"]:
        near = allowed if tolerance is None else stated(answer, tolerance, float(allowed))
        yield Example(arguments, answer, near, mistaken)


def _places(plain: Any, count: int) -> tuple[int, ...]:
    """Read the places of arguments. Raises ValueError for one that isn't there."""
    if not all(type(place) is int and 0 <= place < count for place in plain):
        raise ValueError("an argument that isn't there")
    return tuple(plain)


def _parts(
    names: Any, along: Any, backward: Any, order: Any, each: Any, once: Any = (), gates: Any = (), gated: Any = ()
) -> Parts:
    def texts(found: Any) -> tuple[str, ...]:
        return tuple(map(str, found))

    found = Parts(
        texts(names), str(along), bool(backward), texts(order), bool(each), texts(once), texts(gates), texts(gated)
    )
    known = {*found.names}
    if not known or sorted(known) != sorted(found.order) or not known.issuperset((*found.once, *found.gated)):
        raise ValueError("the parts of an answer and their order")
    if found.gated and not found.gates:
        raise ValueError("gated parts without gates")
    return found
