"""Declared answers as cells of a submission."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from htilde.authoring.sources import declared_sources
from htilde.isolation.calls import Status
from htilde.isolation.cells import new_namespace, run_cell

DECLARED = '''
"""A file of misconceptions."""
import math
import numpy as np
from htilde import misconception, probes

FACTOR = 3
probes("double", x=np.zeros(2))

def double(x):
    return 2 * x

@misconception("double")
def triples(x):
    """Three isn't two."""
    return FACTOR * x

@misconception("double")
def quadruples(x):
    """Twice is enough."""
    return double(double(x))
'''


def run(source: str) -> dict[str, object]:
    namespace = new_namespace()
    assert run_cell(source, "cell", namespace).status is Status.ANSWERED
    return namespace


def test_declared_answer_takes_the_exercises_name_and_keeps_its_helpers(tmp_path: Path) -> None:
    """Constants, imports and helpers of the file come along; a helper named like the exercise doesn't recurse."""
    path = tmp_path / "toys.py"
    path.write_text(DECLARED)
    sources = declared_sources(path)
    assert list(sources) == [("double", "triples"), ("double", "quadruples")]
    x = np.array([1.0, -2.0])
    for name, factor in (("triples", 3), ("quadruples", 4)):
        namespace = run(sources["double", name])
        assert np.array_equal(namespace["double"](x), factor * x)  # type: ignore[operator]
        assert not {"FACTOR", "triples", "probes"} & set(namespace)
