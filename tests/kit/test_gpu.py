"""A student's functions on a GPU: what stays there, what doesn't and why; here on an imitation of CuPy.

Where there is CuPy and a GPU, the last test runs the course's references on them in earnest.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import toys
from clone import REAL
from htilde.authoring.master import read_master
from htilde.codes import Code, GpuCode
from htilde.course import load_course
from htilde.diagnosis.completion import examine
from htilde.errors import UsageError
from htilde.examination.gpu import GpuWorker, on_gpu
from htilde.examination.paper import Paper, read_paper
from htilde.isolation.sandbox import Worker
from htilde.model import Examination, ExerciseResult, GpuRow, Kind, Limits, OnGpu, Verdict, Visibility
from htilde.submissions.steps import Ask, Run, Submission, steps
from htilde.telling.gpu_messages import gpu_message
from hypothesis import given
from hypothesis import strategies as st

IMITATION = Path(__file__).parent / "imitation"


@pytest.fixture
def imitation(monkeypatch: pytest.MonkeyPatch) -> None:
    """CuPy's place is taken in the processes that are started."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(IMITATION), os.environ.get("PYTHONPATH", "")]))


def asked(source: str, paper: Paper | None = None, limits: Limits | None = None, *, passed: bool = True) -> GpuRow:
    """How an answer to the toy exercise does on the GPU."""
    paper = paper or toys.paper()
    (part,) = paper.exercises
    submission = Submission((Run("cell 1", f"import numpy as np\n\n{source}"), Ask(part.name)))
    failed = Verdict(part.name, "is_right", {"en": ""}, Visibility.PUBLIC, Kind.MAIN, Code.WRONG_VALUES)
    result = ExerciseResult(part.name, 1.0, () if passed else (failed,))
    (row,) = on_gpu(submission, paper, Examination("toys", (result,)), limits or Limits()).rows
    return row


STAYS = [
    "def double(x):\n    return 2 * x",
    "def double(x):\n    return np.add(x, x)",
    "def double(x):\n    out = np.zeros_like(x)\n    out[...] = x\n    return out + x",
    "def double(x):\n    return np.where(x > 0, x, -np.abs(x)) * 2.0",
]


@pytest.mark.usefixtures("imitation")
@pytest.mark.parametrize("source", STAYS)
def test_what_uses_its_argument_stays_where_that_is(source: str) -> None:
    """NumPy's functions answer on the GPU, and the answers are the right ones."""
    assert asked(source) == GpuRow("double", GpuCode.RIGHT)


LEAVES = {
    "an array for the answer": (
        "def double(x):\n    out = np.zeros(x.shape)\n    out[...] = 2 * x\n    return out",
        "It stays on the CPU in line 5: out[...] = 2 * x. np.zeros makes an array on the CPU; np.zeros_like makes one "
        "where its argument is.",
    ),
    "a conversion": (
        "def double(x):\n    return 2 * np.asarray(x)",
        "It stays on the CPU in line 4: return 2 * np.asarray(x). np.asarray makes an array on the CPU.",
    ),
    "two kinds at once": (
        "def double(x):\n    return x * np.full(x.shape, 2.0)",
        "It stays on the CPU in line 4: return x * np.full(x.shape, 2.0). np.full makes an array on the CPU; "
        "np.full_like makes one where its argument is.",
    ),
    "something of NumPy's": (
        "def double(x):\n    return [np.ones(3)]",
        "Arrays on the GPU came in, and NumPy's own came out. np.ones makes an array on the CPU; np.ones_like makes "
        "one where its argument is.",
    ),
    "something of NumPy's in a lambda": (
        "double = lambda x: [np.ones(3)]",
        "Arrays on the GPU came in, and NumPy's own came out. np.ones makes an array on the CPU; np.ones_like makes "
        "one where its argument is.",
    ),
    "an exception": (
        "def double(x):\n    raise ValueError('no')",
        "On the GPU it ends with ValueError: no. In line 4: raise ValueError('no')",
    ),
    "another answer there": (
        "def double(x):\n    return 3 * x if hasattr(x, '_entries') else 2 * x",
        "Wrong on the GPU: The value is wrong: 3 where 2 is right.",
    ),
}


@pytest.mark.usefixtures("imitation")
@pytest.mark.parametrize(("source", "says"), LEAVES.values(), ids=LEAVES)
def test_what_keeps_code_on_the_cpu_is_told(source: str, says: str) -> None:
    """With the student's line, and what to write there."""
    row = asked(source)
    assert row.right is False and gpu_message(row) == says


@pytest.mark.usefixtures("imitation")
def test_an_endless_loop_ends_there_too() -> None:
    """After the time that a call has."""
    row = asked("def double(x):\n    while True: pass", limits=Limits(call_seconds=0.3))
    assert row == GpuRow("double", GpuCode.ENDED, {"code": "timed_out", "details": {"limit": "call", "seconds": 0.3}})


@pytest.mark.usefixtures("imitation")
def test_what_isnt_right_yet_isnt_asked() -> None:
    """First the formula, then the GPU."""
    assert asked(STAYS[0], passed=False) == GpuRow("double", GpuCode.WRONG_ON_CPU)


@pytest.mark.usefixtures("imitation")
def test_what_draws_isnt_asked() -> None:
    """A generator of NumPy's draws on the CPU, whoever asks."""
    noise = toys.exercise(toys.noise, toys.question(toys.noise, toys.NOISE[:2]), mistakes=(), probes=())
    row = asked("def noise(rng, n, m): return rng.normal(0, n**-0.5, (n, m))", toys.paper(noise))
    assert row == GpuRow("noise", GpuCode.DRAWS_ON_CPU)


@pytest.mark.usefixtures("imitation")
def test_torch_may_answer_in_the_place_of_the_paper() -> None:
    """What it says there is what counts."""
    submission = Submission((Run("cell 1", "def double(x): return 2 * x"), Ask("double")))
    passed = Examination("toys", (ExerciseResult("double", 1.0, ()),))
    found = on_gpu(submission, toys.paper(), passed, Limits(), right=lambda *_: 7.0)
    assert found.device == "Imitation 3000" and found.rows[0].right is False


def test_without_cupy_it_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing, and what to install."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(IMITATION / "nothing"), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setattr("htilde.examination.gpu.GpuWorker", lambda limits: _without(limits))
    with pytest.raises(UsageError, match="CuPy finds no GPU here: ModuleNotFoundError") as caught:
        asked(STAYS[0])
    assert "pip install cupy" in caught.value.next_step


def _without(limits: Limits) -> Worker:
    """A worker in which CuPy can't be imported, wherever this runs."""

    class Without(GpuWorker):
        def _start(self, limits: Limits, wrapper: object) -> subprocess.Popen[bytes]:
            from htilde.isolation.sandbox import piped

            code = "import sys; sys.modules['cupy'] = None; from htilde.isolation.gpu_worker import main; main()"
            return piped([sys.executable, "-B", "-X", "utf8", "-c", code])

    return Without(limits)


@given(st.recursive(st.integers(), lambda parts: st.one_of(st.lists(parts), st.dictionaries(st.text(), parts))))
def test_each_part_is_carried_over_and_none_is_forgotten(thing: object) -> None:
    """There and back again is the same thing."""
    from htilde.isolation.gpu_worker import _any, _each

    assert _each(lambda part: part, thing) == thing
    numbers: list[object] = []
    _each(numbers.append, thing)
    assert _any(lambda part: False, thing) is False and _any(lambda part: True, thing) is bool(numbers)


def _gpu() -> str:
    """Why the test in earnest can't be run here; empty if it can."""
    try:
        import cupy  # type: ignore[import-not-found, unused-ignore]

        cupy.cuda.runtime.getDeviceCount()
    except Exception as error:
        return f"CuPy finds no GPU here: {type(error).__name__}"
    return ""


@pytest.mark.skipif(bool(_gpu()), reason=_gpu() or "there is one")
@pytest.mark.parametrize("assignment", [listed.name for listed in load_course(REAL / "grading.toml").assignments])
def test_references_on_a_gpu_are_right_or_say_why_they_leave_it(assignment: str) -> None:
    """In earnest: no reference is wrong there, and none ends in a way that isn't explained."""
    course = load_course(REAL / "grading.toml")
    listed = course.assignment(assignment)
    master = read_master(course.master(assignment), listed.exercises, tuple(listed.written))
    submission = Submission(steps(master.submission_cells(), listed.exercises))
    paper = read_paper(course.public_paper(assignment))
    found: OnGpu = on_gpu(submission, paper, examine(submission, [paper], Limits()), Limits())
    assert [row for row in found.rows if row.right is False and row.code is not GpuCode.STAYS_BEHIND] == []
