"""A naive grader, as many are written: asserts after the student's code, in the same process.

It is here to be fooled: an attack that fools it is real, so that it means something if the kit isn't fooled.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["fooled", "main"]

STYLES = {
    "np.allclose": "assert np.allclose({name}(question.copy()), want)",
    "==": "assert np.all({name}(question.copy()) == want)",
    "no difference": "assert not np.any(np.abs({name}(question.copy()) - want) > 1e-6)",
    "the oracle afterwards": "assert np.allclose({name}(question), oracle(question))",
}
TEST = """
for question, want in EXAMPLES:
    {claim}
"""


def fooled(submissions: Sequence[dict[str, Any]]) -> list[str]:
    """Return the names of the submissions that get full marks: each runs in a fork that must end with status 0."""
    found: list[str] = []
    for submission in submissions:
        if not (child := os.fork()):
            _be_graded(submission)
        if os.waitpid(child, 0)[1] == 0:
            found.append(submission["name"])
    return found


def _be_graded(submission: dict[str, Any]) -> None:
    """Grade, in this process, and end: with status 0 unless something was raised."""
    resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    namespace: dict[str, Any] = vars(sys.modules["__main__"])
    examples = [(np.array(question), np.array(answer)) for question, answer in submission["examples"]]
    namespace |= {"np": np, "EXAMPLES": examples, "oracle": lambda question: 1 / (1 + np.exp(-question))}
    claim = STYLES[submission["style"]].format(name=submission["exercise"])
    try:
        exec(submission["source"], namespace)
        exec(TEST.format(claim=claim), namespace)
    except SystemExit as error:
        _end(error.code if isinstance(error.code, int) else bool(error.code))
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
        _end(1)
    _end(0)


def _end(status: int) -> None:
    import atexit

    atexit._run_exitfuncs()
    os._exit(status)


def main() -> None:
    """Read submissions from standard input, and print the names of those that fool this grader."""
    print(json.dumps(fooled(json.load(sys.stdin))))


if __name__ == "__main__":
    main()
