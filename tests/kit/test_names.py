"""A renamed file is known by its name; what only looks a little like it isn't."""

from __future__ import annotations

import pytest
from htilde.submissions.names import is_script, is_submission, renamed
from hypothesis import given
from hypothesis import strategies as st

A1 = "a1_activations"
RENAMED = [
    "a1_activations (1).ipynb",  # browsers
    "a1_activations(1).ipynb",
    "a1_activations.ipynb.txt",
    "a1_activations.ipynb.json",
    "a1_activations.py.txt",
    "a1_activations-Copy1.ipynb",  # Jupyter
    "a1_activations - Copy.ipynb",  # Windows
    "a1_activations - Kopie (2).ipynb",
    "a1_activations - 복사본.ipynb",
    "A1_Activations.ipynb",
    "A1_ACTIVATIONS.IPYNB",
    "a1_activations copy.ipynb",  # macOS
    "a1_activations 2.ipynb",
    "Copy of a1_activations.ipynb",  # Colab
    "a1_activations의 사본.ipynb",
    "a1_activations_kim.ipynb",  # people
    "Kim_a1_activations.ipynb",
    "김민수 a1_activations_final.ipynb",
    "a1_activations2.ipynb",
    "a1_activations.v2.ipynb",
    "a1 activations.ipynb",
    "a1-activations.py",
    "kimminsu_123_4567_a1_activations-1.ipynb",  # Canvas
    "Kim Minsu_123_assignsubmission_file_a1_activations.ipynb",  # Moodle
    "ａ1_activations.ipynb",  # a wide letter
]
OTHERS = [
    "a1_activations.ipynb",
    "a1_activations.py",
    "a1_activations.paper",
    "a1_activations.ipynb.bak",
    "a1_activations.html",
    "a1_activationsipynb",
    "._a1_activations.ipynb",
    ".~a1_activations.ipynb",
    "~$a1_activations.ipynb",
    "a1_activations-checkpoint.ipynb",
    "test_a1_activations.py",
    "a1_activations_test.py",
    "a2_gradients.ipynb",
    "activations.ipynb",
    "ba1_activations.ipynb",
    "a11_activations.ipynb",
    "Untitled.ipynb",
    "notes.py",
    ".ipynb",
    "",
]


@pytest.mark.parametrize("name", RENAMED)
def test_what_browsers_windows_and_people_make_of_a_name(name: str) -> None:
    """It is found among others, and read as what it is."""
    assert renamed([*OTHERS, name], A1) == [name]
    assert is_submission(name) and is_script(name) == (".py" in name)


def test_what_isnt_a_renamed_file() -> None:
    """The two own names, files of systems and editors, tests, and other assignments'."""
    assert renamed(OTHERS, A1) == []
    assert renamed(["a10.ipynb", "a1_b.ipynb", "a11 (1).ipynb"], "a1") == ["a1_b.ipynb"]
    assert [name for name in OTHERS if is_submission(name)] == [
        name for name in OTHERS if name.endswith((".ipynb", ".py"))
    ][:-1]


@given(st.lists(st.text(max_size=30) | st.sampled_from([*RENAMED, *OTHERS])))
def test_any_names_are_looked_through(names: list[str]) -> None:
    """Those that are found are among them, once each, in order, and can be read."""
    found = renamed(names, A1)
    assert found == sorted({*found}) and {*found} <= {*names} and all(map(is_submission, found))
