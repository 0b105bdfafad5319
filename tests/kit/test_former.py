"""The kit's former name: what a course of that time is told, file by file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from htilde.authoring.declarations import load_declarations
from htilde.authoring.master import read_master
from htilde.course import Course
from htilde.errors import CourseError
from htilde.former import former_imports
from htilde.nbgrader import classroom
from htilde.nbgrader.demo import demo_folder
from htilde.sample_class import sample_class
from test_verify import MASTER

SOURCE = '''"""Made for autograder 0.1: import autograder."""
import autograder
import autograders, my.autograder
from autograder.oracle import evaluate

def late():
    from  autograder import (
        edge,
    )
autograder = "the name"
'''


def test_every_line_that_imports_it_is_found() -> None:
    """With what it has to be; other packages, other words and longer names aren't meant."""
    assert former_imports(SOURCE) == [
        (2, "import htilde"),
        (4, "from htilde.oracle import evaluate"),
        (7, "from  htilde import ("),
    ]


def test_declarations_are_told_file_by_file(course: Course) -> None:
    """All files of an assignment at once, each with its lines."""
    for kind in ("public", "misconceptions"):
        _as_before(course.declarations(kind, "toys"))
    with pytest.raises(CourseError) as caught:
        load_declarations(course, "toys")
    assert {Path(problem.path).parent.name for problem in caught.value.problems} == {"public", "misconceptions"}
    assert all("write: from htilde" in problem.what for problem in caught.value.problems)


def _as_before(path: Path) -> None:
    path.write_text(path.read_text().replace("from htilde", "from autograder"))


def test_a_master_is_told(tmp_path: Path) -> None:
    """Or else students would be handed out what they can't import."""
    master = tmp_path / "toys.py"
    master.write_text(MASTER.replace("import numpy as np\n", "import numpy as np\nfrom autograder import check\n"))
    with pytest.raises(CourseError, match=r"toys.py:3: .*write: from htilde import check") as caught:
        read_master(master, ["double", "negate"])
    assert "docs/upgrading.md" in caught.value.next_step


def test_a_sample_class_is_told(course: Course) -> None:
    """As its own message, not as something that the file raised."""
    path = course.declarations("sample_class", "toys")
    path.parent.mkdir()
    path.write_text("from autograder.sample_class import student\n")
    with pytest.raises(CourseError, match=r"toys.py:1: since version 0.2 .*from htilde.sample_class import student"):
        sample_class(course, "toys")


@pytest.mark.parametrize("command", [classroom.grade, classroom.renew_feedback])
def test_a_configuration_is_told_before_anything_is_graded(course: Course, command: Callable[..., object]) -> None:
    """Whatever is installed under the former name: nbgrader would run with its own defaults, unprotected."""
    config = course.root / "nbgrader_config.py"
    config.write_text("from autograder.nbgrader.configuration import configure\nconfigure(get_config(), __file__)\n")
    with pytest.raises(CourseError, match=r"nbgrader_config.py:1: .*from htilde.nbgrader.configuration import"):
        command(course, "toys", progress=None)


def test_a_demos_folder_of_that_time_is_a_demos(tmp_path: Path) -> None:
    """It may be replaced by the next demo."""
    for name in (".autograder-demo", "grades.csv"):
        (tmp_path / name).touch()
    demo_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".htilde-demo"]
