"""The corpus of wrong answers: how it is read, what it holds, and that each answer is really wrong."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from inspect import signature
from typing import Any

import numpy as np
import pytest
from clone import REAL
from corpus import REWRITTEN, WrongAnswer, read_answers, right_names, wrong_answers
from htilde.authoring.declarations import load_declarations
from htilde.course import load_course
from htilde.examination.compare import alike
from htilde.values import snapshot
from mutants import Assay, Mutant

TEXT = """\
# %% sign_1
# Teacher: the sign is wrong.
def f(x):
    # a comment
    return -x

# %% sign_2 (held out)
# Teacher: the sign is wrong: 0 - x.
def f(x):
    return 0 - x
"""


def test_reader_yields_each_cell_as_an_answer() -> None:
    first, second = read_answers("f", TEXT)
    assert first == WrongAnswer(
        "f", "sign_1", "sign", "the sign is wrong", False, "def f(x):\n    # a comment\n    return -x\n"
    )
    assert (second.id, second.held_out, second.teacher) == ("sign_2", True, "the sign is wrong: 0 - x")
    assert str(second) == "f/sign_2"


@pytest.mark.parametrize("begin", ["# %% sign", "# %% sign_1 (held)", "# %%", "def f(x): ..."])
def test_reader_refuses_a_cell_without_a_proper_head(begin: str) -> None:
    with pytest.raises(ValueError, match=r"f: .* isn't the beginning of an answer"):
        list(read_answers("f", TEXT.replace("# %% sign_1", begin, 1)))


def test_each_answer_has_an_id_of_its_own_and_defines_its_exercise() -> None:
    answers = wrong_answers()
    assert max(Counter(map(str, answers)).values()) == 1
    for answer in answers:
        (function,) = ast.parse(answer.source).body
        assert isinstance(function, ast.FunctionDef)
        assert function.name == answer.exercise


def test_corpus_has_the_proportions_of_the_study() -> None:
    answers = wrong_answers()
    share = {name: number / len(answers) for name, number in Counter(answer.exercise for answer in answers).items()}
    assert len(answers) >= 210
    assert 0.3 < share["batchnorm_train"] + share["batchnorm_eval"] < 0.4  # 86 of 253
    assert 0.15 < share["batchnorm_backward"] < 0.25  # 45 of 253
    assert 0.08 < sum(share[name] for name in share if "loss" in name or "bce" in name) < 0.14  # 28 of 253


def test_a_third_is_held_out_of_each_common_kind() -> None:
    answers = wrong_answers()
    held_out = Counter(answer.kind for answer in answers if answer.held_out)
    assert abs(held_out.total() - len(answers) / 3) <= 1
    for kind, number in Counter(answer.kind for answer in answers).items():
        assert number // 3 <= held_out[kind] <= -(-number // 3), kind


def test_every_answer_is_wrong() -> None:
    course = load_course(REAL / "grading.toml")
    answers = wrong_answers()
    for assignment in course.assignments:
        mine = [Mutant(a.exercise, a.id, a.source) for a in answers if a.exercise in assignment.exercises]
        right = [str(fate) for fate in Assay(course, assignment.name).fates(mine) if not fate.noticed]
        assert not right


def test_each_answer_has_its_right_names() -> None:
    assert right_names().keys() == set(map(str, wrong_answers()))


def test_rewritten_answers_are_what_the_declared_mistakes_are() -> None:
    course = load_course(REAL / "grading.toml")
    answers = wrong_answers(REWRITTEN)
    assert len(answers) >= 90
    for assignment in course.assignments:
        declarations = load_declarations(course, assignment.name)
        for answer in answers:
            if answer.exercise in assignment.exercises:
                (mistake,) = [m for m in declarations.mistakes(answer.exercise) if m.name == answer.kind]
                defined: dict[str, Any] = {"np": np, "sigmoid": lambda x: (1 + np.tanh(x / 2)) / 2}
                exec(answer.source, defined)
                for probe in declarations.probes(answer.exercise):
                    given = [
                        probe.arguments[name]
                        for name in signature(mistake.function).parameters
                        if name in probe.arguments
                    ]
                    with np.errstate(all="ignore"):
                        got, want = (f(*copy.deepcopy(given)) for f in (defined[answer.exercise], mistake.function))
                    assert alike(snapshot(got), snapshot(want), tolerance=1e-6), answer
