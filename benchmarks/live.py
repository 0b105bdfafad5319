"""Ask an exercise's properties live, as a test cell would without the kit; only ``grading.py`` uses this.

Hypothesis draws in the student's kernel, torch answers, NumPy compares. The properties are the kit's, with as many
examples each as its papers hold.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from htilde.authoring.declarations import Declarations, load_declarations
from htilde.authoring.drawing import EXAMPLES, example_of, in_order
from htilde.course import find_course
from htilde.examination.compare import compare
from htilde.model import Visibility
from htilde.strategies import draw
from htilde.values import materialize, snapshot

__all__ = ["ask"]

ASSIGNMENT = "a1_activations"


@functools.cache
def _declarations() -> Declarations:
    return load_declarations(find_course(Path(__file__).parent), ASSIGNMENT)


def ask(exercise: str, function: Callable[..., object]) -> None:
    """Raise AssertionError if the function fails a property of the exercise, public or hidden."""
    for visibility in Visibility:
        for declared in _declarations().properties(exercise, visibility):
            drawn = draw(declared.strategies, EXAMPLES[visibility], 0, lambda _: False)
            for arguments in (*declared.examples, *drawn):
                example = example_of(declared, in_order(arguments, declared.parameters), ())
                got = snapshot(function(*map(materialize, example.arguments)))
                outcome = compare(got, example.answer, declared.tolerance, scale=example.scale)
                assert outcome.ok, f"{exercise}, {declared.name}: {outcome.difference}"
