"""A self-learner on a course of two small assignments: their material, their workspace, their files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import toys
from conftest import written
from htilde.course import Course
from htilde.self_study.material import make_material
from htilde.self_study.study import Material, read_material
from htilde.self_study.workspace import Workspace, begin
from once import once

CANARY = "canary_of_the_answer_q5v"

MASTER = f"""\
# %% [markdown] lang="en"
# # Doubles

# %% [markdown] lang="ko"
# # 두 배

# %%
import numpy as np

from htilde import check

# %% exercise="double"
def double(x):
    \"\"\"Twice x.\"\"\"
    ### BEGIN SOLUTION
    return 2 * x  # {CANARY}
    ### END SOLUTION

# %% [markdown] idea="double" lang="en"
# Add it to itself: canary_of_the_idea_q5v.
#
#     x + x

# %% [markdown] idea="double" lang="ko"
# 자기 자신을 더하세요.

# %% [markdown] formula="double" lang="en"
# It is 2·x.

# %% [markdown] formula="double" lang="ko"
# 2·x입니다.

# %% [markdown] commentary="double" lang="en"
# One multiplication: canary_of_the_commentary_q5v.

# %% [markdown] commentary="double" lang="ko"
# 곱셈 한 번입니다.

# %% tags=["experiment"]
print("seen")

# %% exercise="negate"
def negate(x):
    ### BEGIN SOLUTION
    return -x
    ### END SOLUTION

# %% [markdown] question="why" lang="en"
# ## Why?

# %% [markdown] question="why" lang="ko"
# ## 왜?
"""

MORE = """\
# %%
import numpy as np

# %% exercise="triple"
def triple(x):
    ### BEGIN SOLUTION
    return 3 * x
    ### END SOLUTION
"""

_GRADING = f"""\
{toys.COURSE["grading.toml"]}
[assignment.written]
why = 4

[[assignment]]
name = "more"

[assignment.points]
triple = 2
"""

_PUBLIC = """\
from htilde import public
from htilde.strategies import arrays

@public("triple", x=arrays(-4.0, 4.0))
def is_thrice(x):
    '''The result is three times x.'''
    return 3 * x
"""

COURSE = {
    **toys.COURSE,
    "grading.toml": _GRADING,
    "solutions/toys.py": MASTER,
    "solutions/more.py": MORE,
    "tests/public/more.py": _PUBLIC,
    "tests/hidden/more.py": "",
    "tests/misconceptions/more.py": "",
    "tests/variants/more.py": "",
}

RIGHT = "def double(x):\n    return 2 * x\n"
ADDS_TWO = "def double(x):\n    return x + 2\n"
RIGHT_BUT_FAR = """\
def double(x):
    far = (np.abs(x) > 4) & (np.abs(x) < 6) & (x % 1 != 0)
    return x + 2 if np.any(far) else 2 * x
"""
"""Right on all that the public properties ask about."""


def course(folder: Path) -> Course:
    return written(folder, COURSE)


def material(factory: pytest.TempPathFactory) -> Material:
    """Return the material of the course, which is made once and which no test may change."""
    folder = once(factory, "material", lambda folder: make_material(course(folder / "course"), folder / "made"))
    return read_material(folder / "made")


def workspace(factory: pytest.TempPathFactory, folder: Path, *, form: str = "py", language: str = "en") -> Workspace:
    """Return a new workspace."""
    return begin(material(factory), folder, form=form, language=language).workspace


def answer(space: Workspace, exercise: str, source: str, *, assignment: str = "toys") -> None:
    """Write an answer over a cell, as an editor would save it."""
    file = space.file(assignment)
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        begins = text.index(f"# %% {exercise}\n") + len(f"# %% {exercise}\n")
        ends = text.index("# %%", begins)
        file.write_text(f"{text[:begins]}{source}\n{text[ends:]}", encoding="utf-8")
        return
    book = json.loads(text)
    (cell,) = [c for c in book["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == exercise]
    cell["source"] = source.splitlines(keepends=True)
    file.write_text(json.dumps(book), encoding="utf-8")
