"""Make the material for self-learners: stubs, public papers, and sealed study files (``study``).

Needs what building needs, torch and Hypothesis included. Nothing of the instructor's own goes in: the hidden papers are
drawn without the course's seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from htilde.authoring.build import write_notebook
from htilde.authoring.declarations import load_declarations
from htilde.authoring.drawing import current_papers
from htilde.authoring.master import COMMENTARY, FORMULA, IDEA, Master, read_master, source_notebook
from htilde.authoring.papers import paper_path
from htilde.authoring.shared import shared_files
from htilde.course import GRADING, Course
from htilde.errors import KitError
from htilde.examination.paper import write_paper
from htilde.examination.stored import checksum_in
from htilde.files import engine, fingerprint
from htilde.language import LANGUAGES
from htilde.model import PAPER_SUFFIX, Visibility
from htilde.self_study.study import Lesson, Material, Study, read_material, write_material, write_study

__all__ = ["course_material", "make_material", "stale"]


def make_material(
    course: Course,
    folder: Path,
    assignments: Sequence[str] | None = None,
    languages: Sequence[str] = LANGUAGES,
    *,
    on_start: Callable[[str], object] = lambda assignment: None,
) -> Material:
    """Write into ``folder`` what a self-learner may have; what there is from before and still fits is kept.

    All assignments, unless some are named. ``on_start`` is told of each that takes a while. Raises CourseError.
    """
    chosen = [course.assignment(name).name for name in assignments or [a.name for a in course.assignments]]
    made_from = {name: _made_from(course, name) for name in chosen}
    material = Material(folder, tuple(languages), made_from)
    before = _before(folder)
    for name in chosen:
        if before.languages != material.languages or before.made_from.get(name) != made_from[name]:
            on_start(name)
            _make(course, name, material)
    write_material(material)
    return material


def course_material(course: Course) -> Path:
    """Return the folder of a course's own material, for those who work alone in a clone."""
    return course.private / "self-study" / "material"


def stale(course: Course, folder: Path) -> list[str]:
    """Return the assignments whose material in a folder is missing or out of date. Needs no torch."""
    before = _before(folder)
    names = [assignment.name for assignment in course.assignments]
    return [name for name in names if before.made_from.get(name) != _made_from(course, name)]


def _before(folder: Path) -> Material:
    try:
        return read_material(folder)
    except KitError:
        return Material(folder, (), {})


def _make(course: Course, name: str, material: Material) -> None:
    listed, declarations = course.assignment(name), load_declarations(course, name)
    master = read_master(course.master(name), listed.exercises, tuple(listed.written))
    public, hidden = current_papers(course, declarations, self_study=True)
    for language in material.languages:
        folder = material.assignment(name, language)
        write_paper(replace(public.with_points(listed.points), language=language), folder / f"{name}{PAPER_SUFFIX}")
        book = source_notebook(master, {**listed.points, **listed.written}, language, answers=False)
        write_notebook(book, folder / f"{name}.ipynb")
    lessons = tuple(_lesson(master, exercise) for exercise in listed.exercises)
    write_study(Study(name, hidden.with_points(listed.points), lessons), material.study(name))


def _lesson(master: Master, exercise: str) -> Lesson:
    idea, formula, commentary = (master.aid(aid, exercise) for aid in (IDEA, FORMULA, COMMENTARY))
    return Lesson(exercise, idea, formula, commentary, master.answer(exercise), master.stub(exercise))


def _made_from(course: Course, assignment: str) -> str:
    """Return the fingerprint of all that an assignment's material is made from: the engine, the sources, the paper."""
    sources = [course.root / GRADING, course.master(assignment)]
    sources += [course.declarations(kind, assignment) for kind in ("public", "hidden", "misconceptions")]
    sources += shared_files(course.root / "tests", sources[2:])
    sources += sorted(course.root.glob(f"tests/locale/*/{assignment}.po"))
    texts = []
    for path in sources:
        raw = path.read_bytes().replace(b"\r\n", b"\n") if path.is_file() else b""  # what is missing is told later
        texts.append([path.relative_to(course.root).as_posix(), raw])
    paper = checksum_in(paper_path(course, assignment, Visibility.PUBLIC))
    return fingerprint(engine("authoring", "prose", "self_study"), texts, paper)
