"""``tests/shared/``: what several files of a course import, and where its faults are told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from clone import ROOT, clone
from htilde.authoring.declarations import load_declarations
from htilde.authoring.origin import declared_code
from htilde.authoring.shared import shared_files
from htilde.course import Course, load_course
from htilde.errors import CourseError, MissingExtra
from htilde.model import Visibility

PUBLIC, HIDDEN, SHARED = (f"tests/{kind}/toys.py" for kind in ("public", "hidden", "shared"))
USED = "from shared.toys import factor\n"


def share(course: Course, text: str, *, name: str = "toys") -> Path:
    path = course.root / "tests" / "shared" / f"{name}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def begin(course: Course, file: str, text: str) -> None:
    """Put lines at the top of a file."""
    path = course.root / file
    path.write_text(text + path.read_text(encoding="utf-8"), encoding="utf-8")


def problems(course: Course) -> list[str]:
    with pytest.raises(CourseError) as caught:
        load_declarations(course, "toys")
    return [str(problem).removeprefix(f"{course.root}/") for problem in caught.value.problems]


def test_files_share_what_they_import(course: Course) -> None:
    """Both files get the same object, also through another shared module, and also inside a function."""
    share(course, "from shared.deeper import factor\n")
    share(course, "factor = [2]\n", name="deeper")
    begin(course, PUBLIC, USED)
    begin(course, HIDDEN, "def late():\n    from shared.deeper import factor\n    return factor\n\n")
    found = load_declarations(course, "toys")
    public = found.public.properties[0].oracle.__globals__["factor"]
    assert public == [2] and found.hidden.properties[0].oracle.__globals__["late"]() is public


def test_nothing_of_it_is_known_to_python(course: Course, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No module, no path, no bytecode stays behind; another course with the same names has its own."""
    before, modules, path = sorted(course.root.rglob("*")), set(sys.modules), list(sys.path)
    for one, value in ((course, 1), (clone(tmp_path_factory.mktemp("small")), 2)):
        name = one.assignments[0].name
        share(one, f"factor = {value}\n", name=name)
        begin(one, f"tests/public/{name}.py", f"from shared.{name} import factor\n")
        declared = load_declarations(one, name).public.properties[0]
        assert declared.oracle.__globals__["factor"] == value
    assert not [name for name in set(sys.modules) - modules if name.startswith("shared")]
    assert sys.path == path
    fresh = {course.root / "tests" / "shared", course.root / SHARED}
    assert set(course.root.rglob("*")) - set(before) == fresh


def test_an_installed_package_of_the_name_is_not_asked(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The course's own folder is what counts, as the files say."""
    (tmp_path / "path" / "shared").mkdir(parents=True)
    (tmp_path / "path" / "shared" / "toys.py").write_text("factor = 'another'\n")
    monkeypatch.syspath_prepend(tmp_path / "path")
    share(course, "factor = 2\n")
    begin(course, PUBLIC, USED)
    assert load_declarations(course, "toys").public.properties[0].oracle.__globals__["factor"] == 2


WRONG = {
    "raises": ("import math\nfactor = math.sqrt(-1)\n", ":2: it raised ValueError: "),
    "isn't Python": ("factor = = 2\n", ":1: this isn't Python: invalid syntax."),
    "isn't text": ("\0", ": this isn't Python: "),
    "declares": (
        "factor = 2\nfrom htilde import public\n@public('double', x=1)\ndef new(x):\n    '''Claim.'''\n",
        ":3: declares something for double; it may only hold what the declarations use.",
    ),
}


@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_a_fault_in_it_is_told_once_with_its_place(course: Course, text: str, told: str) -> None:
    """Both files meet it, and one problem names the shared file and the line."""
    share(course, text)
    begin(course, PUBLIC, USED)
    begin(course, HIDDEN, USED)
    (problem,) = problems(course)
    # Which of the two a null character is, and whether it has a line, depends on Python's version.
    assert problem.startswith(SHARED) and (told in problem or told.removeprefix(": ") in problem)


@pytest.mark.parametrize(
    ("imported", "told"),
    [
        ("from shared.toys import nothing", "it raised ImportError: cannot import name 'nothing' from 'shared.toys'"),
        ("from shared.toy import factor", "No module named 'shared.toy': there is no tests/shared/toy.py"),
        ("import shared.toys", "write 'from shared.ASSIGNMENT import name, ...': only this form is understood"),
        ("from shared import toys", "only this form is understood"),
        ("from shared.toys import *", "only this form is understood"),
    ],
)
def test_an_import_that_cant_be_is_told_where_it_stands(course: Course, imported: str, told: str) -> None:
    """The problem names the file that imports, with the line."""
    share(course, "factor = 2\n")
    begin(course, PUBLIC, f"\n{imported}\n")
    (problem,) = problems(course)
    assert problem.startswith(f"{PUBLIC}:2: ") and told in problem


@pytest.mark.parametrize("package", ["torch", "hypothesis"])
def test_an_extra_that_it_needs_is_told(course: Course, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """The message is how to install it, not that the course is wrong."""
    share(course, f"import {package}\nfactor = 2\n")
    begin(course, PUBLIC, USED)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=f"shared/toys.py needs the package {package}"):
        load_declarations(course, "toys")


def test_a_change_in_it_is_a_change_of_the_papers_that_use_it(course: Course) -> None:
    """What only the hidden file imports concerns the hidden paper; what nobody imports concerns none."""

    def origins() -> list[str]:
        return [declared_code(course, "toys", visibility) for visibility in Visibility]

    share(course, "factor = 2\n", name="unused")
    share(course, "from shared.deeper import factor\n")
    deeper = share(course, "factor = 2\n", name="deeper")
    begin(course, HIDDEN, f"{USED}twice = 2 * factor\n")
    before = origins()
    share(course, "factor = 3\n", name="unused")
    assert origins() == before
    deeper.write_text("factor = 3\n")
    assert [old == new for old, new in zip(before, origins())] == [
        visibility is Visibility.PUBLIC for visibility in Visibility
    ]


def test_every_shared_file_of_the_course_is_used() -> None:
    """By the declarations of the assignment that it is called after."""
    course = load_course(ROOT / "grading.toml")
    used = [
        path
        for assignment in course.assignments
        for path in shared_files(
            course.root / "tests", [course.declarations(kind, assignment.name) for kind in ("public", "hidden")]
        )
        if path.stem == assignment.name
    ]
    assert used == sorted((course.root / "tests" / "shared").glob("*.py")) and used
