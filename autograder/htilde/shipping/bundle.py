"""Bundles: one zip file with all that an audience needs, and nothing else.

Each file that goes in is named here; there is no list of files to leave out. The same course and kit give the same
bytes.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from htilde.authoring.master import read_master, source_notebook
from htilde.authoring.papers import is_reworded, misfit
from htilde.authoring.translations import catalogs
from htilde.course import Assignment, Course
from htilde.errors import KitError, UsageError
from htilde.examination.paper import read_paper
from htilde.files import write_file
from htilde.language import LANGUAGES
from htilde.model import PAPER_SUFFIX, Visibility
from htilde.self_study.material import course_material, make_material
from htilde.self_study.study import MATERIAL, STUDY_SUFFIX
from htilde.shipping.bundle_texts import INSTALL, NAMES, PAGE, SELF_STUDY, STUDENT
from htilde.shipping.wheel import kit_wheel, zipped

__all__ = ["START", "self_study_bundle", "student_bundle"]

START = "START.html"


def student_bundle(course: Course, assignments: Sequence[str], output: Path, *, lang: str | None = None) -> list[str]:
    """Write the bundle for students: the kit's wheel, released assignments and a start page. Returns the files' names.

    It holds all assignments unless some are named. They must be released in the language ``lang``, by default the
    course's. Raises KitError and writes nothing if a release is missing or stale.
    """
    chosen = [course.assignment(name) for name in assignments] or list(course.assignments)
    _require_writable(output)
    language = lang or course.language
    files: dict[str, bytes] = {}
    for assignment in chosen:
        files |= _released(course, assignment, language)
    return _write(course, files, chosen, STUDENT, output, first=language, extras="notebook")


def self_study_bundle(
    course: Course, output: Path, *, on_start: Callable[[str], object] = lambda assignment: None
) -> list[str]:
    """Write the bundle for self-learners: the kit's wheel, the material for ``htilde start`` and a start page.

    ``make_material`` brings the material up to date and calls ``on_start`` with each assignment's name. Returns the
    files' names.
    """
    _require_writable(output)
    material = make_material(course, course_material(course), on_start=on_start)
    files = {f"material/{MATERIAL}": (material.folder / MATERIAL).read_bytes()}
    for name in material.assignments:
        files[f"material/{name}{STUDY_SUFFIX}"] = material.study(name).read_bytes()
        for language in material.languages:
            folder = material.assignment(name, language)
            for file in (f"{name}.ipynb", f"{name}{PAPER_SUFFIX}"):
                files[f"material/{language}/{name}/{file}"] = (folder / file).read_bytes()
    chosen = [course.assignment(name) for name in material.assignments]
    return _write(course, files, chosen, SELF_STUDY, output, first=course.language, extras="notebook,self-study")


def _require_writable(output: Path) -> None:
    """Raise UsageError unless ``output`` is a zip file in a folder that exists."""
    if output.suffix != ".zip":
        raise UsageError(f"{output}: a bundle is a zip file.", next_step=f"Name it so: --output {output.stem}.zip")
    if not output.parent.is_dir():
        raise UsageError(f"{output.parent}: there is no such folder.", next_step="Make it, or name another one.")


def _write(
    course: Course,
    files: Mapping[str, bytes],
    assignments: Sequence[Assignment],
    texts: Mapping[str, str],
    output: Path,
    *,
    first: str,
    extras: str,
) -> list[str]:
    name, wheel = kit_wheel()
    about = {
        "title": html.escape(course.title),
        "wheel": html.escape(name),
        "extras": extras,
        "assignment": assignments[0].name,
        "exercise": assignments[0].exercises[0],
    }
    count = len(assignments), sum(len(assignment.points) for assignment in assignments)
    page = _start_page(texts, about, count, first).encode()
    # In a folder of their own, so that unpacking scatters nothing.
    whole = {f"{output.stem}/{file}": content for file, content in {**files, name: wheel, START: page}.items()}
    write_file(output, zipped(whole))
    return sorted(whole)


def _released(course: Course, assignment: Assignment, language: str) -> dict[str, bytes]:
    """Return the files of a release by their names in the bundle. Raises UsageError if it is missing or stale."""
    name = assignment.name
    again = f"Run: htilde release {name}{f' --lang {language}' if language != course.language else ''}"
    notebook, paper = course.release(name) / f"{name}.ipynb", course.public_paper(name)
    try:
        files = {f"{name}/{path.name}": path.read_bytes() for path in (notebook, paper)}
        stale = _stale(course, assignment, notebook, paper, language)
    except OSError as error:
        raise UsageError(f"{error.filename}: it isn't released ({error.strerror}).", next_step=again) from None
    if stale:
        raise UsageError(f"{course.release(name)}: {stale}", next_step=again)
    return files


def _stale(course: Course, assignment: Assignment, notebook: Path, paper: Path, language: str) -> str:
    """Return why a release isn't what the course would release today; empty if it is."""
    name = assignment.name
    try:
        released, book = read_paper(paper), json.loads(notebook.read_bytes())
        cells = _cells(book)
    except (KitError, ValueError, LookupError, TypeError) as error:
        return f"it can't be read ({getattr(error, 'message', error)})."
    if released.language != language:
        return f"it is released in {released.language!r}, not in {language!r}."
    texts = released.with_translations(catalogs(course, name), language=language).texts
    points = {exercise.name: exercise.points for exercise in released.exercises}
    public = Visibility.PUBLIC
    reworded = is_reworded(course, name, public, released) or released.texts != texts
    if reworded or misfit(course, name, public, released):
        return "its paper is stale; what it was written from has changed since."
    master = read_master(course.master(name), assignment.exercises, tuple(assignment.written))
    expected = source_notebook(master, {**assignment.points, **assignment.written}, language, answers=False)
    if points != dict(assignment.points) or cells != _cells(expected):
        return "it is stale; the master or grading.toml has changed since."
    return ""


def _cells(book: Mapping[str, Any]) -> list[tuple[object, ...]]:
    """Return what a notebook's cells have from the course, without nbgrader's notes to itself."""
    found: list[tuple[object, ...]] = []
    for cell in book["cells"]:
        source, marks = "".join(cell["source"]).rstrip(), cell["metadata"].get("nbgrader", {})
        found.append((cell["cell_type"], source, cell["id"], marks.get("grade_id"), marks.get("points")))
    return found


def _start_page(texts: Mapping[str, str], about: Mapping[str, str], count: tuple[int, int], first: str) -> str:
    """Return the page that tells how to begin, in every language, ``first`` at the top."""
    languages = sorted(LANGUAGES, key=lambda language: language != first)
    assignments, exercises = count
    counted = {
        "en": f"{assignments} assignment{'s' * (assignments != 1)} with {exercises} exercise{'s' * (exercises != 1)}",
        "ko": f"과제 {assignments}개, 문제 {exercises}개",
    }
    sections = []
    for language in languages:
        told = {**about, "count": counted[language]}
        told["install"] = Template(INSTALL[language]).substitute(told)
        body = Template(texts[language]).substitute(told)
        sections.append(f'<section id="{language}" lang="{language}">\n{body}</section>')
    links = " · ".join(f'<a href="#{language}" lang="{language}">{NAMES[language]}</a>' for language in languages)
    return Template(PAGE).substitute(about, lang=first, links=links, sections="\n".join(sections))
