"""A workspace: the folder of a self-learner, found from inside as git finds a repository.

It has one folder an assignment, with the learner's file and the public paper, and ``.study`` with the sealed study
files, what was learnt so far, and copies of what was given back. A learner's file is never overwritten.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from htilde.course import GRADING
from htilde.errors import UsageError
from htilde.examination.paper import read_paper, write_paper
from htilde.files import write_file
from htilde.language import LANGUAGES, _, speak
from htilde.model import PAPER_SUFFIX
from htilde.self_study.study import STUDY_SUFFIX, Material, Study, read_study
from htilde.submissions.percent import as_script
from htilde.submissions.stubs import with_stub

__all__ = [
    "FORMATS",
    "Begun",
    "Workspace",
    "begin",
    "enclosing_workspace",
    "find_workspace",
    "give_back",
    "is_alone",
]

FORMATS = {"notebook": ".ipynb", "py": ".py"}
"""What a learner may work in, and how its files end."""

_PRIVATE, _SETTINGS = ".study", "workspace.json"


@dataclass(frozen=True)
class Workspace:
    """A folder to work in alone. Paths are absolute."""

    root: Path
    language: str
    format: str
    exercises: Mapping[str, tuple[str, ...]]
    """Of each assignment, in order."""

    @property
    def assignments(self) -> tuple[str, ...]:
        return tuple(self.exercises)

    @property
    def private(self) -> Path:
        """The folder for the kit's own files."""
        return self.root / _PRIVATE

    def file(self, assignment: str) -> Path:
        """Return the path of the learner's file of an assignment, which may be missing."""
        return self.root / assignment / f"{assignment}{FORMATS[self.format]}"

    def public_paper(self, assignment: str) -> Path:
        """Return the path of the paper beside the learner's file."""
        return self.root / assignment / f"{assignment}{PAPER_SUFFIX}"

    def study_file(self, assignment: str) -> Path:
        """Return the path of the sealed file with the hidden paper and the lessons of an assignment."""
        return self.private / f"{assignment}{STUDY_SUFFIX}"

    def study(self, assignment: str) -> Study:
        """Read the sealed file of an assignment. Raises PaperError."""
        return read_study(self.study_file(assignment))


def is_alone(place: Path) -> bool:
    """Return True if a path lies in a workspace, be it a broken one."""
    return _root(place) is not None


def enclosing_workspace(place: Path) -> Workspace | None:
    """Return the workspace that a path lies in, if any. Raises UsageError if there is one that can't be read."""
    root = _root(place)
    return None if root is None else _read(root)


def _root(place: Path) -> Path | None:
    folders = (place.resolve(), *place.resolve().parents)
    return next((folder for folder in folders if (folder / _PRIVATE / _SETTINGS).is_file()), None)


def find_workspace(place: Path) -> Workspace:
    """Return the workspace that a path lies in and use its language from now on. Raises UsageError if there is none."""
    found = enclosing_workspace(place)
    if found is None:
        raise UsageError(
            _("{path}: neither this folder nor one above it is a workspace.").format(path=place.resolve()),
            next_step=_("Go to yours, or make one: htilde start"),
        )
    speak(found.language)
    return found


def _read(root: Path) -> Workspace:
    path = root / _PRIVATE / _SETTINGS
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        language, form = str(plain["language"]), str(plain["format"])
        exercises = {str(name): tuple(map(str, names)) for name, names in plain["assignments"].items()}
        names = [*exercises, *(name for names in exercises.values() for name in names)]
        if language not in LANGUAGES or form not in FORMATS or not all(name.isidentifier() for name in names):
            raise ValueError("language, format, assignments")
        return Workspace(root, language, form, exercises)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise UsageError(
            _("{path}: it can't be read ({why}).").format(path=path, why=error),
            next_step=_("Delete it and run 'htilde start' on the folder again: your work stays as it is."),
        ) from None


@dataclass(frozen=True)
class Begun:
    """A workspace after ``begin``: the files that were written, and those that were there and are as they were."""

    workspace: Workspace
    added: tuple[Path, ...]
    kept: tuple[Path, ...]


def begin(material: Material, root: Path, *, language: str | None = None, form: str | None = None) -> Begun:
    """Make a workspace of some material, or bring an old one up to date. No file of a learner's is written over.

    Without ``language`` and ``form`` they are those of the workspace that is there, or English notebooks.
    """
    root = root.resolve()
    before = enclosing_workspace(root)
    before = before if before is not None and before.root == root else None
    _refuse_course(root)
    if before is not None and form not in (None, before.format):
        message = _("{path}: there is a workspace already, of {suffix} files.")
        step = _("Make another one: htilde start OTHER_FOLDER --format {format}")
        raise UsageError(message.format(path=root, suffix=FORMATS[before.format]), next_step=step.format(format=form))
    language = language or (before.language if before else LANGUAGES[0])
    if language not in material.languages:
        message = _("{path}: this material isn't there in {language!r}.").format(
            path=material.folder, language=language
        )
        raise UsageError(message, next_step=f"--lang {' | '.join(material.languages)}")
    fetched = Workspace(root, language, form or (before.format if before else "notebook"), {})
    exercises, added, kept = {}, list[Path](), list[Path]()
    for name in material.assignments:
        exercises[name], was_there = _fetch(fetched, material, name)
        (kept if was_there else added).append(fetched.file(name))
    # What the material no longer has stays a part of the workspace, behind what it has.
    workspace = replace(fetched, exercises=exercises | (dict(before.exercises) if before else {}) | exercises)
    plain = {"language": language, "format": workspace.format, "assignments": workspace.exercises}
    write_file(workspace.private / _SETTINGS, json.dumps(plain, indent=1) + "\n")
    return Begun(workspace, tuple(added), tuple(kept))


def _refuse_course(root: Path) -> None:
    generated = root.name in ("assignments", "solutions", "tests") and (root.parent / GRADING).exists()
    if generated or (root / GRADING).exists():
        message = _("{path}: this belongs to a course.").format(path=root)
        raise UsageError(message, next_step=_("Name another folder for your work."))


def _fetch(workspace: Workspace, material: Material, name: str) -> tuple[tuple[str, ...], bool]:
    """Bring one assignment. Returns its exercises, and whether the learner's file was there already."""
    folder, file = material.assignment(name, workspace.language), workspace.file(name)
    study = read_study(material.study(name))  # what is damaged is told before anything is written
    exercises = tuple(lesson.exercise for lesson in study.lessons)
    write_paper(read_paper(folder / f"{name}{PAPER_SUFFIX}"), workspace.public_paper(name))
    write_file(workspace.study_file(name), material.study(name).read_bytes())
    if os.path.lexists(file):
        return exercises, True
    notebook = (folder / f"{name}.ipynb").read_bytes()
    content = as_script(notebook, f"{name}.ipynb").encode() if workspace.format == "py" else notebook
    with file.open("xb") as fresh:  # whatever happens, nobody's work is written over
        fresh.write(content)
    return exercises, False


def give_back(workspace: Workspace, assignment: str, exercise: str) -> Path:
    """Give an exercise's stub back; returns the copy of the file as it was. Raises SubmissionError."""
    file = workspace.file(assignment)
    stub = workspace.study(assignment).lesson(exercise).stub
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}.", next_step=_("Run 'htilde start' to get a fresh one.")) from None
    changed = with_stub(raw, file.name, exercise, stub, workspace.exercises[assignment])
    now = dt.datetime.now().strftime("%Y-%m-%d_%H-%M-%S-%f")
    copy = workspace.private / "kept" / f"{now}-{file.name}"
    write_file(copy, raw, durable=True)
    write_file(file.resolve(), changed, durable=True)
    return copy
