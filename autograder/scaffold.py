"""Beginning an exercise or an assignment: every file that it needs, with an example that already holds.

What is written passes ``autograder verify`` as it is (the function returns its argument), so an author changes a
working course, never fills in a form.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from pathlib import Path

from autograder.course import GRADING, Course, load_course
from autograder.errors import MissingExtra, UsageError

__all__ = ["new_assignment", "new_exercise"]

_HEADS = {
    "public": '''"""Public properties of {assignment}: students may read these; their examples ship."""

import numpy as np

from autograder import example, public
from autograder.oracle import evaluate
from autograder.strategies import arrays
''',
    "hidden": '''"""Hidden properties of {assignment}: these never ship; students learn the claim of one that fails."""

from autograder import hidden
from autograder.oracle import evaluate
from autograder.strategies import arrays, shapes
''',
    "misconceptions": '''"""Known wrong answers to {assignment}. Each docstring is the hint."""

import numpy as np

from autograder import misconception, probes
''',
    "variants": '''"""Right answers to {assignment} in styles other than the reference's. Each must get full marks."""

from autograder import variant
''',
}

_PARTS = {
    "public": '''

@public("{exercise}", h_tilde=arrays(-6.0, 6.0))
@example(h_tilde=np.array([0.0]))
def matches_torch(h_tilde):
    """It equals h_tilde. (Say what is claimed; students read this.)"""
    return evaluate(lambda x: x, h_tilde)
''',
    "hidden": '''

@hidden("{exercise}", h_tilde=arrays(-6.0, 6.0, shape=shapes(max_dims=3, max_side=5)))
def matches_torch_on_other_inputs(h_tilde):
    """It equals h_tilde on batches that you haven't seen."""
    return evaluate(lambda x: x, h_tilde)
''',
    "misconceptions": '''

probes("{exercise}", h_tilde=np.array([[-2.75, -0.3], [0.4, 3.0]]))


@misconception("{exercise}")
def flips_the_sign(h_tilde):
    """The sign is wrong. (Say which mistake this is; students read it.)"""
    return -h_tilde
''',
    "variants": """

@variant("{exercise}")
def another_style(h_tilde):
    return 1 * h_tilde
""",
}

_MASTER = """# %% [markdown] lang="en"
# # {assignment}
#
# What this is about, and how to work.

# %%
import numpy as np

from autograder import check
"""

_CELLS = '''
# %% [markdown] lang="en"
# ## {exercise}
#
# What it is, with its formula, and what to notice about it.

# %% exercise="{exercise}"
def {exercise}(h_tilde):
    """One line: what it returns, of which shape, and every agreement that a student can't guess."""
    ### BEGIN SOLUTION
    return h_tilde
    ### END SOLUTION
'''

_CLASS = '''"""A sample class for {assignment}: each student edits the released notebook, as students do."""

from autograder.sample_class import student


@student("untouched", "handed in what was handed out", points=0)
def untouched(book):
    pass
'''


def new_assignment(course: Course, name: str) -> list[Path]:
    """Begin an assignment with one exercise, called ``example``. Returns the files written.

    Raises UsageError, before anything is written, if the name is taken or can't be a file's stem.
    """
    _check_name(name, "an assignment")
    if name in [assignment.name for assignment in course.assignments]:
        raise UsageError(f"{course.root / GRADING}: there is an assignment {name} already.")
    files = {course.master(name): _MASTER.format(assignment=name) + _CELLS.format(exercise="example")}
    for kind, head in _HEADS.items():
        files[course.declarations(kind, name)] = head.format(assignment=name) + _PARTS[kind].format(exercise="example")
    files[course.declarations("sample_class", name)] = _CLASS.format(assignment=name)
    for path in files:
        if path.exists():
            raise UsageError(f"{path}: this file is there already; nothing was changed.")
    grading = course.root / GRADING
    text = grading.read_text(encoding="utf-8").rstrip()
    files[grading] = f'{text}\n\n[[assignment]]\nname = "{name}"\n\n[assignment.points]\nexample = 1\n'
    return list(_written(files))


def new_exercise(course: Course, assignment: str, exercise: str) -> list[Path]:
    """Begin an exercise of an assignment: a cell, properties, a misconception, a variant, a point. Returns the files.

    Raises UsageError, before anything is written, if the name is taken or can't be a function's.
    """
    listed = course.assignment(assignment)
    _check_name(exercise, "an exercise")
    if exercise in (*listed.points, *listed.written):
        raise UsageError(f"{course.root / GRADING}: {assignment} has {exercise} already.")
    additions = {course.master(assignment): _CELLS}
    additions |= {course.declarations(kind, assignment): part for kind, part in _PARTS.items()}
    files = {}
    for path, part in additions.items():
        if not path.exists():
            raise UsageError(f"{path}: there is no such file.", next_step="autograder verify lists what is missing.")
        files[path] = path.read_text(encoding="utf-8").rstrip() + "\n" + part.format(exercise=exercise)
    grading = course.root / GRADING
    files[grading] = _with_points(grading.read_text(encoding="utf-8"), assignment, exercise)
    return list(_written(files))


def _with_points(text: str, assignment: str, exercise: str) -> str:
    try:
        import tomlkit
    except ImportError:
        raise MissingExtra("tomlkit", "Changing grading.toml", "instructor") from None
    document = tomlkit.parse(text)
    for table in document["assignment"]:
        if table["name"] == assignment:
            table["points"][exercise] = 1
    return tomlkit.dumps(document)


def _check_name(name: str, what: str) -> None:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or keyword.iskeyword(name):
        raise UsageError(f"{name!r} can't be the name of {what}: letters, digits and _, and no word of Python's.")


def _written(files: dict[Path, str]) -> Iterator[Path]:
    """Write the files, grading.toml last: until then the course doesn't know of the others."""
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
        yield path
    load_course(next(path for path in files if path.name == GRADING))
