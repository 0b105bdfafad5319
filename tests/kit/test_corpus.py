"""The corpus of wrong answers: how it is read, what it holds, and that each answer is really wrong."""

from __future__ import annotations

import ast
from collections import Counter

import pytest
from clone import REAL
from corpus import WrongAnswer, read_answers, wrong_answers
from htilde.course import load_course
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
    assert 0.15 < share["batchnorm_backward"] < 0.22  # 45 of 253
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
