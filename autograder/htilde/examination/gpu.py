"""Examine a student's functions on a GPU, ungraded: whether they are right there, and whether they stay there.

NumPy's functions run where their arguments are, if these are CuPy's; what makes its own arrays (``np.zeros``) makes
them on the CPU. Each exercise that is right on the CPU is asked the public questions again, on the GPU.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Sequence

from htilde.codes import Details, GpuCode, Plain
from htilde.errors import UsageError
from htilde.examination.compare import compare
from htilde.examination.judgement import no_answer
from htilde.examination.paper import Example, ExercisePaper, Paper, Question
from htilde.isolation.calls import Reply, Status
from htilde.isolation.gpu_worker import LEFT
from htilde.isolation.sandbox import Worker, piped
from htilde.isolation.session import Session
from htilde.model import Examination, GpuRow, Limits, OnGpu
from htilde.submissions.steps import Ask, Run, Submission
from htilde.values import Rng, Value, leaves

__all__ = ["GpuWorker", "Right", "on_gpu"]

Right = Callable[[str, Question, Example], Value]
"""The right answer to an example of an exercise's question."""

_MAKERS = {
    **{name: f"np.{name}_like" for name in ("zeros", "ones", "empty", "full")},
    **dict.fromkeys(("array", "asarray", "ascontiguousarray", "asanyarray"), ""),
    **dict.fromkeys(("arange", "linspace", "eye", "identity", "diag"), ""),
}
"""Functions that make an array where NumPy is, and what makes one where another array is."""
_STAYS_BEHIND = ("Implicit conversion to a NumPy array", "Unsupported type <class 'numpy.ndarray'>")
"""What CuPy says when an array of each kind meets."""


class GpuWorker(Worker):
    """A worker with CuPy. It isn't locked, and must be asked nothing but what its student may know."""

    def _start(self, limits: Limits, wrapper: Sequence[str] | None) -> subprocess.Popen[bytes]:
        return piped([sys.executable, "-B", "-X", "utf8", "-c", "from htilde.isolation.gpu_worker import main; main()"])


def on_gpu(
    submission: Submission, paper: Paper, examination: Examination, limits: Limits, *, right: Right | None = None
) -> OnGpu:
    """Ask every exercise that passed on the CPU again on the GPU. ``right`` answers in the place of the paper.

    Raises UsageError where there is no CuPy or no GPU.
    """
    answer = right or (lambda _exercise, _question, example: example.answer)
    with Session(limits, start=GpuWorker) as session:
        if not session.protection.layers:
            raise UsageError(
                f"CuPy finds no GPU here: {'; '.join(session.protection.missing)}.",
                next_step="Install CuPy for your CUDA (pip install cupy-cuda12x), or leave --device out.",
            )
        asked: list[ExercisePaper] = []
        for step in submission.steps:
            if isinstance(step, Run):
                session.run(step.label, step.source)
            elif isinstance(step, Ask) and (part := paper.exercise(step.exercise)) is not None:
                session.remember(part.name)
                asked.append(part)
        rows = [_row(session, part, submission, examination[part.name].public.passed, answer) for part in asked]
        return OnGpu(session.protection.layers[0], tuple(rows))


def _row(session: Session, part: ExercisePaper, submission: Submission, passed: bool, right: Right) -> GpuRow:
    if not passed:
        return GpuRow(part.name, GpuCode.WRONG_ON_CPU)
    examples = [(question, example) for question in part.questions for example in question.examples]
    if any(isinstance(leaf, Rng) for _question, example in examples for _at, leaf in leaves(example.arguments)):
        return GpuRow(part.name, GpuCode.DRAWS_ON_CPU)
    for question in part.questions:
        cases = [example.arguments for example in question.examples]
        replies = session.call(part.name, cases, seconds=session.limits.exercise_seconds, place=part.name)
        for example, reply in zip(question.examples, replies):
            if reply.status is not Status.ANSWERED:
                return GpuRow(part.name, *_why(reply, part, submission.source_of(part.name)))
            wanted = right(part.name, question, example)
            found = compare(reply.value, wanted, example.allowed).difference
            if found is not None:
                wrong: dict[str, Plain] = {"code": found.code.value, "details": {**found.details}}
                return GpuRow(part.name, GpuCode.WRONG, wrong)
    return GpuRow(part.name, GpuCode.RIGHT)


def _why(reply: Reply, part: ExercisePaper, source: str) -> tuple[GpuCode, Details]:
    """Return what kept the code on the CPU, as far as that can be seen."""
    left = reply.error == LEFT
    if not left and not any(text in reply.message for text in _STAYS_BEHIND):
        code, details = no_answer(reply, part)
        return GpuCode.ENDED, {"code": code.value, "details": {**details}}
    where: dict[str, Plain] = {"line": reply.line, "source": reply.source} if reply.line else {}
    if found := _maker(reply.source) or _maker(source):
        where |= {"maker": f"np.{found}", "instead": _MAKERS[found]}
    return GpuCode.LEFT if left else GpuCode.STAYS_BEHIND, where


def _maker(code: str) -> str:
    """Return the first function in a piece of code that makes arrays on the CPU."""
    found = re.search(rf"\bnp\.({'|'.join(_MAKERS)})\(", code)
    return found[1] if found else ""
