"""What ships: nothing of an answer is in what students receive, nor in the package; and it is what is committed."""

from __future__ import annotations

import itertools
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from canaries import ALLOWED, NUMBER, SECRETS, canary, forms, plant, planted_course
from clone import A1, REAL, ROOT, SMALL, SOURCES, build_wheel, clone
from htilde.authoring.master import read_master
from htilde.course import Course, load_course
from htilde.examination.paper import read_paper
from released import released


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A clone with canaries, released."""
    return planted_course(tmp_path_factory)


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """All names and all bytes below a folder, those of papers also decompressed."""
    for path in folder.rglob("*"):
        yield path, path.name.encode()
        if path.is_file():
            raw = path.read_bytes()
            yield path, raw
            if path.suffix == ".paper":
                yield path, zlib.decompress(raw.split(b"\n", 2)[2])


def found(word: str, folder: Path) -> set[str]:
    """The names of the files below a folder that hold a word."""
    return {path.name for path, raw in contents(folder) if word.encode() in raw}


def found_number(number: float, folder: Path) -> set[str]:
    """The files that hold a float, in either order of its bytes or in digits."""
    return {path.name for path, raw in contents(folder) if any(form in raw for form in forms(number))}


@pytest.mark.parametrize("word", SECRETS)
def test_nothing_of_the_instructors_is_in_what_students_receive(planted: Course, word: str) -> None:
    """Each canary stands in the course, and in no byte of the release."""
    assert found(word, planted.root) and not found(word, planted.root / "assignments")


def test_hidden_inputs_are_in_the_hidden_paper_only(planted: Course) -> None:
    """A number from a hidden example, and the claim of a hidden property."""
    hidden = planted.hidden_paper(A1)
    assert found_number(NUMBER, hidden.parent) == found(canary("claim"), hidden.parent) == {hidden.name}
    assert not found_number(NUMBER, planted.root / "assignments")
    public = read_paper(planted.public_paper(A1))
    secret = read_paper(hidden)
    assert public.id != secret.id and not found(secret.id, planted.root / "assignments")
    seed = (planted.private / "seed").read_text().strip()
    assert len(seed) == 64 and not found(seed, planted.root / "assignments")


@pytest.mark.parametrize("word", ALLOWED)
def test_what_may_ship_is_found(planted: Course, word: str) -> None:
    """The search finds what is there: prose in the notebook, public claims and hints in the paper."""
    assert found(word, planted.release(A1)) == {f"{A1}.ipynb" if word == canary("prose") else f"{A1}.paper"}


def test_hidden_questions_ask_what_is_not_public(planted: Course) -> None:
    """Small round inputs are drawn for both papers; each hidden question has enough that nobody can read."""
    public, hidden = (read_paper(path) for path in (planted.public_paper(A1), planted.hidden_paper(A1)))
    for exercise in hidden.exercises:
        shown = public.exercise(exercise.name)
        assert shown is not None
        known = {repr(example.arguments) for question in shown.questions for example in question.examples}
        for question in exercise.questions:
            assert len([e for e in question.examples if repr(e.arguments) not in known]) >= 10, question.name


def test_a_written_question_is_asked_as_it_is_written() -> None:
    """nbgrader clears answers; what is asked must not go with them."""
    course = load_course(ROOT / "grading.toml")
    for listed in course.assignments:
        master = read_master(course.master(listed.name), listed.exercises, tuple(listed.written))
        book = json.loads((course.release(listed.name) / f"{listed.name}.ipynb").read_text(encoding="utf-8"))
        released = {c["metadata"].get("nbgrader", {}).get("grade_id"): "".join(c["source"]) for c in book["cells"]}
        asked = {cell.question: cell.source for cell in master.in_language("en") if cell.question}
        assert {question: released[question].strip() for question in asked} == asked and asked


def test_a_release_is_the_notebook_and_its_paper(planted: Course) -> None:
    """An allow-list: two files for an assignment, whatever lies around."""
    released = {path.relative_to(planted.root / "assignments") for path in planted.root.glob("assignments/**/*")}
    assert released == {Path(A1), Path(A1, f"{A1}.ipynb"), Path(A1, f"{A1}.paper")}


ASSIGNMENTS = [
    (origin, assignment.name)
    for origin in (REAL, SMALL)
    for assignment in load_course(origin / "grading.toml").assignments
]


@pytest.mark.parametrize(("origin", "assignment"), ASSIGNMENTS, ids=lambda it: it.name if isinstance(it, Path) else it)
def test_what_is_committed_is_a_fresh_release(
    tmp_path_factory: pytest.TempPathFactory, origin: Path, assignment: str
) -> None:
    """assignments/ byte by byte: whoever changes a master or a property releases again."""
    course = released(tmp_path_factory, assignment, of=origin)
    fresh, committed = (
        {path.relative_to(root): path.read_bytes() for path in (root / "assignments" / assignment).iterdir()}
        for root in (course.root, origin)
    )
    assert fresh.keys() == committed.keys()
    assert [name for name in fresh if fresh[name] != committed[name]] == []


def test_the_wheel_is_the_engine_alone(tmp_path: Path) -> None:
    """Built from a whole course with canaries: htilde/ and metadata, every module, pages, nothing else."""
    root = tmp_path / "project"
    root.mkdir()
    plant(clone(root))
    for name in ("pyproject.toml", "README.md", "LICENSE", "nbgrader_config.py"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(SOURCES, root / "autograder", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    (root / "autograder" / "htilde" / "left_behind.txt").write_text("no module")
    with zipfile.ZipFile(build_wheel(root, tmp_path / "dist")) as archive:
        names = {Path(name) for name in archive.namelist()}
        shipped = b"".join(archive.read(name) for name in archive.namelist())
    catalogs = {path.relative_to(SOURCES) for path in SOURCES.glob("htilde/locale/*/LC_MESSAGES/htilde.?o")}
    modules = {path.relative_to(SOURCES) for path in SOURCES.rglob("*.py")}
    templates = {path.relative_to(SOURCES) for path in SOURCES.rglob("templates/**/*.j2")}
    engine = {*modules, *catalogs, *templates, Path("htilde/py.typed"), Path("htilde/telling/schema.json")}
    assert len(templates) == 4
    assert {name for name in names if not name.parts[0].endswith(".dist-info")} == engine
    assert not [word for word in itertools.chain(SECRETS, ALLOWED) if word.encode() in shipped]
