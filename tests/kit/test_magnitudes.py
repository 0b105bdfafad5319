"""Mutants that are right in the usual range: what is changed, and that a property must ask far outside to notice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from clone import REAL
from htilde.course import load_course
from magnitudes import CAPS, FLOORS, family, in_place, magnitudes, widths
from mutants import Assay

SOURCE = """\
def f(x, y):
    z = x * y
    return z, [x, y]
"""


def defined(source: str) -> Any:
    namespace: dict[str, Any] = {"np": np}
    exec(source, namespace)
    return namespace["f"]


def test_arguments_steps_and_parts_of_the_result_are_changed() -> None:
    changes = dict(magnitudes(SOURCE, "xy"))
    assert {f"x clipped at {cap}" for cap in CAPS} <= changes.keys()
    assert {f"result[1] set to 0 below {floor}" for floor in FLOORS} <= changes.keys()
    assert {"z = x * y clipped at 10", "result[0] rounded to 1e-09", "result[0] plus 1e-09"} <= changes.keys()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("x clipped at 2", (6.0, [2.0, 3.0])),
        ("z = x * y clipped at 10", (10.0, [4.0, 3.0])),
        ("result[0] clipped at 5", (5.0, [4.0, 3.0])),
        ("result[1] clipped at 1", (12.0, [1.0, 1.0])),
        ("result[0] plus 1e-09", (12.000000001, [4.0, 3.0])),
    ],
)
def test_change_does_what_it_says(change: str, expected: Any) -> None:
    first, second = defined(dict(magnitudes(SOURCE, "xy"))[change])(np.array([4.0]), np.array([3.0]))
    assert (first.item(), [part.item() for part in second]) == expected


def test_small_numbers_become_0_and_digits_are_lost() -> None:
    changes = dict(magnitudes("def f(x):\n    return x", "x"))
    x = np.array([1e-13, 1e-16, 0.5])
    assert defined(changes["result set to 0 below 1e-15"])(x).tolist() == [1e-13, 0, 0.5]
    assert defined(changes["result set to 0 below 1e-06"])(-x).tolist() == [0, 0, -0.5]
    assert defined(changes["result rounded to 1e-09"])(x + 1e-11).tolist() == [0, 0, 0.5]


def test_numbers_that_are_not_floats_stay() -> None:
    for _, source in magnitudes("def f(n, flag, name):\n    return n, flag, name", ["n", "flag", "name"]):
        assert defined(source)(20, True, "tanh") == (20, True, "tanh")


def test_widths_change_where_they_are_counted_with() -> None:
    changes = dict(widths("def f(fan_in, fan_out):\n    return 2 / (fan_in + fan_out), (fan_in, fan_out)"))
    assert list(changes) == [
        f"{name} -> {name} {more}" for name in ("fan_in", "fan_out") for more in ("- 1", "+ 1", "+ 2")
    ]
    assert defined(changes["fan_out -> fan_out + 2"])(2, 1) == (0.4, (2, 1))


@pytest.mark.parametrize("expression", ["a - 2 * b", "np.clip(a, -1, 1)", "a * 3"])
def test_operation_written_into_an_operand_answers_the_same_and_changes_it(expression: str) -> None:
    source = f"def f(a, b):\n    return {expression}"
    (changed,) = (text for change, text in in_place(source) if change.endswith("written into a"))
    a, b = np.array([4.0, 0.5]), np.array([1.0, 1.0])
    right = defined(source)(a.copy(), b)
    answer = defined(changed)(a, b)
    assert answer.tolist() == right.tolist() == a.tolist()
    assert answer is not a or "clip" in expression


def test_family_forgets_the_size() -> None:
    assert family("result[0] set to 0 below 1e-15") == "result[0] set to 0 below any"
    assert family("z = x * y clipped at 10") == "z = x * y clipped at any"
    assert family("a + b -> a") == "a + b -> a"


def test_assay_changes_widths_of_random_weights_and_what_must_stay() -> None:
    course = load_course(REAL / "grading.toml")
    of_weights = {mutant.change for mutant in Assay(course, "a3_initialization").far if mutant.exercise == "he_normal"}
    assert of_weights == {"fan_in -> fan_in - 1", "fan_in -> fan_in + 1", "fan_in -> fan_in + 2"}
    assert not [mutant for mutant in Assay(course, "a1_activations").far if mutant.exercise == "dead_units"]
