"""Study files and material: the hidden papers, hints and answers that self-learners have besides the notebooks.

A study file holds one assignment's. It is numbers and texts: no oracle, no property's source. The seal keeps an answer
from being seen by accident (``stored``), not from a reader who means to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from htilde.errors import PaperError, UsageError
from htilde.examination.paper import Paper, paper_of, plain_paper
from htilde.examination.stored import Form, read_stored, write_stored
from htilde.files import write_file
from htilde.language import Text
from htilde.model import Visibility
from htilde.values import Value

__all__ = [
    "MATERIAL",
    "STUDY_SUFFIX",
    "Lesson",
    "Material",
    "Study",
    "read_material",
    "read_study",
    "write_material",
    "write_study",
]

STUDY_SUFFIX = ".study"
MATERIAL = "material.json"
"""What a folder of material holds, in order."""

_AGAIN = "Unpack the bundle again and run 'htilde start'; in a clone, run 'htilde start' alone."
_FORM = Form(
    "study file", format=2, fetch=_AGAIN, renew=f"Install the kit that came with it. {_AGAIN}", sealed=True, oldest=1
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """The texts about an exercise: two hints for the asking, the commentary and the answer once it has passed.

    ``answer`` and ``stub`` are whole cells. A text that nobody has written is empty.
    """

    exercise: str
    idea: Text
    formula: Text
    commentary: Text
    answer: str
    stub: str


@dataclass(frozen=True, slots=True)
class Study:
    """The hidden paper of an assignment for self-learners, the same for all of them, and a lesson for each exercise."""

    assignment: str
    hidden: Paper
    lessons: tuple[Lesson, ...]

    def lesson(self, exercise: str) -> Lesson:
        """Return the lesson on an exercise of the assignment."""
        return next(lesson for lesson in self.lessons if lesson.exercise == exercise)


def write_study(study: Study, path: Path) -> None:
    """Write a study file, sealed; the same study gives the same bytes."""
    write_stored(_FORM, _plain(study), path)


def read_study(path: Path) -> Study:
    """Read a study file. Raises PaperError, with the next step, if it is missing, damaged or of another format."""
    return read_stored(_FORM, path, _study)


def _plain(study: Study) -> Value:
    return {
        "assignment": study.assignment,
        "hidden": plain_paper(study.hidden),
        "lessons": [
            (
                lesson.exercise,
                dict(lesson.idea),
                dict(lesson.formula),
                dict(lesson.commentary),
                lesson.answer,
                lesson.stub,
            )
            for lesson in study.lessons
        ],
    }


def _study(plain: Any) -> Study:
    hidden = paper_of(plain["hidden"])
    if hidden.visibility is not Visibility.HIDDEN or hidden.assignment != plain["assignment"]:
        raise ValueError("the paper in it is another")
    lessons = tuple(
        Lesson(str(exercise), _text(idea), _text(formula), _text(commentary), str(answer), str(stub))
        for exercise, idea, formula, commentary, answer, stub in plain["lessons"]
    )
    if [lesson.exercise for lesson in lessons] != [exercise.name for exercise in hidden.exercises]:
        raise ValueError("its lessons aren't those of its exercises")
    return Study(hidden.assignment, hidden, lessons)


def _text(plain: Any) -> Text:
    return {str(code): str(text) for code, text in plain.items()}


@dataclass(frozen=True)
class Material:
    """A folder with all that who works alone needs. ``made_from`` names, for each assignment in order, its sources.

    It holds ``material.json``, ``ASSIGNMENT.study`` and, for each language, ``LANGUAGE/ASSIGNMENT/`` with the notebook
    and its public paper.
    """

    folder: Path
    languages: tuple[str, ...]
    made_from: Mapping[str, str]

    @property
    def assignments(self) -> tuple[str, ...]:
        return tuple(self.made_from)

    def study(self, assignment: str) -> Path:
        """Return the path of the sealed file of an assignment."""
        return self.folder / f"{assignment}{STUDY_SUFFIX}"

    def assignment(self, assignment: str, language: str) -> Path:
        """Return the folder of an assignment as it is handed out in one language."""
        return self.folder / language / assignment


def write_material(material: Material) -> None:
    """Write ``material.json``, last of all: a folder that has it is complete."""
    plain = {"format": 1, "languages": list(material.languages), "assignments": dict(material.made_from)}
    write_file(material.folder / MATERIAL, json.dumps(plain, indent=1) + "\n")


def read_material(folder: Path) -> Material:
    """Read a folder of material. Raises UsageError if it is none, PaperError if it can't be read."""
    path = folder / MATERIAL
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        if plain["format"] != 1:
            raise ValueError(f"format {plain['format']}; this kit reads format 1")
        names = {str(name): str(made_from) for name, made_from in plain["assignments"].items()}
        return Material(folder, tuple(map(str, plain["languages"])), names)
    except FileNotFoundError:
        raise UsageError(f"{folder}: there is no {MATERIAL} in this folder.", next_step=_AGAIN) from None
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise PaperError(f"{path}: it can't be read ({error}).", next_step=_AGAIN) from None
