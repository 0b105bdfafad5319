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


SHARED = """
'''What several files use.'''
import torch
from shared.constants import HALF

def twice(x):
    return x / HALF

def half(x):
    return torch.mul(x, HALF)
"""
SHARING = """
from shared.toys import half
from shared.toys import twice as by_division
from htilde import variant

table = {}
table["double"] = by_division

@variant("double")
def looks_up(x):
    return table["double"](x)

@variant("halve")
def by_torch(x):
    return half(x)
"""


def test_what_an_answer_imports_from_shared_comes_along(tmp_path: Path) -> None:
    """The cell stands alone: it has what the answer uses, and nothing else of the shared files."""
    path = tmp_path / "variants" / "toys.py"
    for name, text in {"variants/toys": SHARING, "shared/toys": SHARED, "shared/constants": "HALF = 0.5"}.items():
        (tmp_path / f"{name}.py").parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.py").write_text(text)
    namespace = run(declared_sources(path)["double", "looks_up"])
    assert np.array_equal(namespace["double"](np.array([1.0, -2.0])), [2.0, -4.0])  # type: ignore[operator]
    assert "torch" not in declared_sources(path)["double", "looks_up"]
    assert not {"twice", "by_division", "HALF", "table"} & set(namespace)
