"""A law is held against samples: honest draws pass, every other law is told, and the bounds are bounds."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from clone import REAL, ROOT
from htilde.authoring.declarations import load_declarations
from htilde.codes import Plain
from htilde.course import load_course
from htilde.declare import Property
from htilde.distributions import Law, Sample
from htilde.examination.paper import read_paper
from htilde.laws import DOUBT, departure, doubts, forget, is_random, normal, similar, uniform
from htilde.values import Array, Refused, Rng, Value, identical
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import init

A3 = "a3_initialization"

Draw = Callable[[np.random.Generator, int, int], Array]

SHAPES = [tuple(map(int, shape)) for shape in np.random.default_rng(1).integers(24, 72, (24, 2))]
"""As large as the matrices of a course, and as many."""


def std(fan_in: int, fan_out: int) -> float:
    return math.sqrt(2 / fan_in)


def bound(fan_in: int, fan_out: int) -> float:
    return math.sqrt(6 / fan_in)


def normals(shape: tuple[int, int]) -> Law:
    return normal(std=std(*shape), shape=shape)


def uniforms(shape: tuple[int, int]) -> Law:
    return uniform(bound=bound(*shape), shape=shape)


def drawn(draw: Draw, seed: int = 0) -> list[Array]:
    """A matrix of each shape, each from a generator of its own."""
    return [draw(np.random.default_rng((seed, at)), *shape) for at, shape in enumerate(SHAPES)]


def told(draw: Draw, law: Callable[[tuple[int, int]], Law], seed: int = 0) -> tuple[list[object], object]:
    """Return the test that each single matrix fails, and the one that all of them fail together; "" for none."""
    samples, laws = drawn(draw, seed), [law(shape) for shape in SHAPES]
    singles = [departure([sample], [law]).get("test", "") for sample, law in zip(samples, laws)]
    return singles, departure(samples, laws).get("test", "")


def box_muller(rng: np.random.Generator, n: int, m: int) -> Array:
    radius, angle = np.sqrt(-2 * np.log(1 - rng.random((n, m)))), 2 * np.pi * rng.random((n, m))
    return std(n, m) * radius * np.cos(angle)


def row_by_row(rng: np.random.Generator, n: int, m: int) -> Array:
    return np.array([rng.normal(0, std(n, m), m) for _ in range(n)])


def entry_by_entry(rng: np.random.Generator, n: int, m: int) -> Array:
    return np.array([[rng.normal(0, std(n, m)) for _ in range(m)] for _ in range(n)])


def filled_by_columns(rng: np.random.Generator, n: int, m: int) -> Array:
    W = np.empty((n, m))
    for column in range(m):
        W[:, column] = rng.uniform(-bound(n, m), bound(n, m), n)
    return W


NORMAL: dict[str, Draw] = {
    "normal": lambda rng, n, m: rng.normal(0, std(n, m), (n, m)),
    "scaled": lambda rng, n, m: std(n, m) * rng.standard_normal((n, m)),
    "divided": lambda rng, n, m: rng.standard_normal((n, m)) / math.sqrt(n / 2),
    "transposed": lambda rng, n, m: rng.normal(0, std(n, m), (m, n)).T,
    "reshaped": lambda rng, n, m: rng.normal(0, std(n, m), n * m).reshape(n, m),
    "column-major": lambda rng, n, m: rng.normal(0, std(n, m), n * m).reshape(n, m, order="F"),
    "row by row": row_by_row,
    "entry by entry": entry_by_entry,
    "Box and Muller": box_muller,
    "single precision": lambda rng, n, m: std(n, m) * rng.standard_normal((n, m), np.float32).astype(float),
}
UNIFORM: dict[str, Draw] = {
    "uniform": lambda rng, n, m: rng.uniform(-bound(n, m), bound(n, m), (n, m)),
    "shifted": lambda rng, n, m: (2 * rng.random((n, m)) - 1) * bound(n, m),
    "mirrored": lambda rng, n, m: bound(n, m) - 2 * bound(n, m) * rng.random((n, m)),
    "transposed": lambda rng, n, m: rng.uniform(-bound(n, m), bound(n, m), (m, n)).T,
    "by columns": filled_by_columns,
    "single precision": lambda rng, n, m: (2 * rng.random((n, m), np.float32).astype(float) - 1) * bound(n, m),
}
HONEST = [(draw, normals) for draw in NORMAL.values()] + [(draw, uniforms) for draw in UNIFORM.values()]


@pytest.mark.parametrize(("draw", "law"), HONEST, ids=[*NORMAL, *(f"uniform {name}" for name in UNIFORM)])
def test_every_honest_way_of_drawing_passes(draw: Draw, law: Callable[[tuple[int, int]], Law]) -> None:
    """One matrix, and all of them together."""
    singles, together = told(draw, law)
    assert {*singles, together} == {""}


def truncated(at: float, rescale: bool) -> Draw:
    def draw(rng: np.random.Generator, n: int, m: int) -> Array:
        z = rng.standard_normal(4 * n * m)
        z = z[np.abs(z) < at][: n * m].reshape(n, m)
        return std(n, m) * (z / z.std() if rescale else z)

    return draw


def smoothed(rng: np.random.Generator, n: int, m: int) -> Array:
    z = rng.standard_normal((n, m + 1))
    return std(n, m) * (z[:, 1:] + z[:, :-1]) / math.sqrt(2)


def mirrored(rng: np.random.Generator, n: int, m: int) -> Array:
    z = rng.normal(0, std(n, m), (n, m))
    return np.concatenate([z[: n // 2], -z[: n - n // 2]])


# Each wrong law, what is told about a single matrix (if it always is), and about all of them together.
WRONG_NORMAL: dict[str, tuple[Draw, str, str]] = {
    "zeros": (lambda rng, n, m: np.zeros((n, m)), "rows", "rows"),
    "signed zeros": (lambda rng, n, m: 0.0 * rng.normal(0, 1, (n, m)), "rows", "rows"),
    "one row": (lambda rng, n, m: np.tile(rng.normal(0, std(n, m), m), (n, 1)), "rows", "rows"),
    "one column": (lambda rng, n, m: np.tile(rng.normal(0, std(n, m), (n, 1)), m), "columns", "columns"),
    "one row twice": (lambda rng, n, m: row_by_row(rng, n, m)[[0, *range(n - 1)]], "rows", "rows"),
    "mirrored": (mirrored, "repeats", "repeats"),
    "rounded": (lambda rng, n, m: rng.normal(0, std(n, m), (n, m)).round(2), "repeats", "repeats"),
    "variance": (lambda rng, n, m: rng.normal(0, 2 / n, (n, m)), "std", "std"),
    "no root": (lambda rng, n, m: rng.normal(0, math.sqrt(2 / n + m), (n, m)), "std", "std"),
    "no two": (lambda rng, n, m: rng.normal(0, 1 / math.sqrt(n), (n, m)), "std", "std"),
    "other fan": (lambda rng, n, m: rng.normal(0, math.sqrt(2 / m), (n, m)), "", "std"),
    "positive": (lambda rng, n, m: rng.random((n, m)) * std(n, m), "mean", "mean"),
    "uniform": (lambda rng, n, m: rng.uniform(-1, 1, (n, m)) * math.sqrt(3) * std(n, m), "", "normal"),
    "truncated": (truncated(2, rescale=False), "", "std"),
    "truncated, rescaled": (truncated(2, rescale=True), "", "normal or far"),
    "truncated late": (truncated(2.8, rescale=False), "", "far"),
    "Laplace": (lambda rng, n, m: rng.laplace(0, std(n, m) / math.sqrt(2), (n, m)), "", "normal"),
    "smoothed": (smoothed, "", "neighbours_in_rows"),
    "smoothed down": (lambda rng, n, m: smoothed(rng, m, n).T * math.sqrt(m / n), "", "neighbours_in_columns"),
    "own seed": (lambda rng, n, m: NORMAL["scaled"](np.random.default_rng(0), n, m), "", "generators"),
    "seed of its size": (
        lambda rng, n, m: NORMAL["scaled"](np.random.default_rng(n // 8), n, m),
        "",
        "generators",
    ),
}
WRONG_UNIFORM: dict[str, tuple[Draw, str, str]] = {
    "no root of 3": (lambda rng, n, m: UNIFORM["uniform"](rng, n, m) / math.sqrt(3), "bound", "bound"),
    "a hair less": (lambda rng, n, m: UNIFORM["uniform"](rng, n, m) * 0.99, "", "bound"),
    "a hair more": (lambda rng, n, m: UNIFORM["uniform"](rng, n, m) * 1.01, "bound", "bound"),
    "one half": (lambda rng, n, m: rng.uniform(0, bound(n, m), (n, m)), "mean", "mean"),
    "no root": (lambda rng, n, m: rng.uniform(-6 / n, 6 / n, (n, m)), "bound", "bound"),
    "normal": (lambda rng, n, m: rng.normal(0, std(n, m), (n, m)), "bound", "bound"),
    "both ends": (
        lambda rng, n, m: np.sign(rng.random((n, m)) - 0.5) * rng.uniform(0.5, 1, (n, m)) * bound(n, m),
        "uniform",
        "uniform",
    ),
    "one row": (lambda rng, n, m: np.tile(rng.uniform(-0.1, 0.1, m), (n, 1)), "rows", "rows"),
    "own seed": (lambda rng, n, m: UNIFORM["uniform"](np.random.default_rng(0), n, m), "", "generators"),
}
WRONG = [(case, normals) for case in WRONG_NORMAL.values()] + [(case, uniforms) for case in WRONG_UNIFORM.values()]


@pytest.mark.parametrize(("case", "law"), WRONG, ids=[*WRONG_NORMAL, *(f"uniform, {name}" for name in WRONG_UNIFORM)])
def test_every_other_law_is_told(case: tuple[Draw, str, str], law: Callable[[tuple[int, int]], Law]) -> None:
    """At the sizes of a course: what is gross in each matrix, what is fine in all of them together."""
    draw, single, together = case
    for seed in range(2):
        singles, pooled = told(draw, law, seed)
        assert pooled in together.split(" or ") or pooled == together
        assert not single or {*singles} == {single}


def test_what_was_measured_is_told_beside_the_right_number() -> None:
    """In the units of the matrix; of many matrices, in those of each."""
    rng = np.random.default_rng(0)
    z = rng.standard_normal((2, 60, 50))
    z /= np.sqrt(np.mean(z**2, axis=(1, 2), keepdims=True))
    samples = [0.137 * z[0], 0.0137 * z[1]]
    laws = [normal(std=0.1, shape=(60, 50)), normal(std=0.01, shape=(60, 50))]
    assert departure(samples[:1], laws[:1]) == {"test": "std", "got": pytest.approx(0.137), "expected": 0.1}
    together = {"test": "std", "got": pytest.approx(1.37), "expected": 1.0, "examples": 2}
    assert departure(samples, laws) == together
    sample, law = rng.uniform(-1, 1, (60, 50)), Law("uniform", (60, 50), 1 / math.sqrt(3), 1.0)
    assert departure([sample + 1], [law]) == {}
    assert departure([sample - sample.mean() + 3], [law]) == {
        "test": "mean",
        "got": pytest.approx(3),
        "expected": 1.0,
    }


FAMILIES = {"normal": normal(std=1, shape=()), "uniform": uniform(bound=math.sqrt(3), shape=())}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("shape", [(1, 2), (3, 4), (12, 25)], ids=str)
def test_a_doubt_of_x_nats_is_as_rare_as_that(family: str, shape: tuple[int, int]) -> None:
    """Of many right samples, each test doubts at most a share e**-x by more than x nats; so at 40 it is never wrong.

    The samples are frozen. The share may exceed its bound by chance: five standard deviations are allowed for.
    """
    rng, count = np.random.default_rng(5), 1200
    law = Law(family, shape, 1.0)
    draws = rng.standard_normal((count, *shape)) if family == "normal" else rng.uniform(-1, 1, (count, *shape)) * 3**0.5
    found = np.array([[nats for nats, _about in _in_order(sample, law)] for sample in draws])
    assert found.max() < DOUBT / 2
    for nats in (0.5, 1.0, 2.0, 3.0, 5.0):
        share, most = (found > nats).mean(axis=0), math.exp(-nats)
        assert np.all(share <= most + 5 * math.sqrt(most / count)), (nats, share)


def _in_order(sample: Array, law: Law) -> list[tuple[float, dict[str, Plain]]]:
    """Return the doubts sorted by their tests: which of mean and scale comes first depends on the sample."""
    return sorted(doubts([sample], [law]), key=lambda doubt: str(doubt[1]["test"]))


def chance_of_a_mean(n: int, mean: float) -> float:
    """That of n standard normal draws is at least as far from 0."""
    return math.erfc(mean * math.sqrt(n / 2))


def chance_of_a_square(n: int, square: float) -> float:
    """That the mean of n squares of standard normal draws lies at least as far out, on its side; n is even."""
    half = n * square / 2
    above = math.exp(-half) * sum(half**j / math.factorial(j) for j in range(n // 2))
    return above if square > 1 else 1 - above


@given(st.sampled_from([2, 6, 40]), st.floats(0.02, 2.5))
def test_a_doubt_is_no_more_than_the_truth(n: int, size: float) -> None:
    """Where the chance of a mean, a scale or a reach is known exactly, e**-doubt is no less."""
    same = np.full(n, size)
    found = {about["test"]: nats for nats, about in doubts([same], [normal(std=1, shape=(n,))])}
    for name, chance in (("mean", chance_of_a_mean(n, size)), ("std", chance_of_a_square(n, size**2))):
        assert chance <= 1.001 * math.exp(-found[name]) or chance < 1e-12
    reach = size / 2.5
    found = {about["test"]: nats for nats, about in doubts([same * reach / size], [uniform(bound=1, shape=(n,))])}
    assert math.exp(-found["bound"]) == pytest.approx(reach**n)


@pytest.mark.parametrize("correlation", [0.02, 0.05, 0.08])
def test_a_doubt_about_neighbours_is_no_more_than_the_truth(correlation: float) -> None:
    """The mean of ten thousand products is nearly normal, and so is its chance known."""
    pairs = np.tile([1.0, correlation], 10_000)
    found = doubts([pairs], [normal(std=1, shape=(20_000,))])
    (nats,) = [nats for nats, about in found if about["test"] == "neighbours_in_rows"]
    chance = chance_of_a_mean(10_000, correlation)
    assert chance < 1.2 * math.exp(-nats) < 40 * chance


def test_the_bounds_arent_idle() -> None:
    """Where a bound is exact in the limit, right samples do reach the doubts that they may."""
    rng, law = np.random.default_rng(6), normal(std=1, shape=(200,))
    found = np.array([[nats for nats, _about in doubts([rng.standard_normal(200)], [law])] for _ in range(1000)])
    share = (found > 1).mean(axis=0)
    assert np.sum(share > 0.02) >= 3


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (3, 0), (1,), (1, 1), (1, 5), (5, 1), (2, 3, 4)], ids=str)
def test_any_shape_can_be_right(shape: tuple[int, ...]) -> None:
    """Nothing, one number, vectors and more than two dimensions: little can be doubted, and nothing breaks."""
    rng = np.random.default_rng(2)
    for law, right in (
        (normal(std=0.3, shape=shape), rng.normal(0, 0.3, shape)),
        (uniform(bound=0.3, shape=shape), rng.uniform(-0.3, 0.3, shape)),
    ):
        assert departure([np.asarray(right)], [law]) == {}
    zeros = departure([np.zeros(shape)], [normal(std=0.3, shape=shape)])
    assert (zeros == {}) == (0 in shape)


def test_a_law_says_what_it_is() -> None:
    """A uniform law is given by its bound; a law without a spread, or with an unknown name, is refused."""
    assert uniform(bound=3, shape=(2, np.int64(3))) == Law("uniform", (2, 3), 3 / math.sqrt(3))
    for wrong in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(ValueError, match="no law"):
            normal(std=wrong, shape=(2,))
    for family, shape, mean in (("cauchy", (2,), 0.0), ("normal", (-2,), 0.0), ("normal", (2,), math.nan)):
        with pytest.raises(ValueError, match="no law"):
            Law(family, shape, 1.0, mean)


# Recognising a mistake.

SHAPE = (100, 60)
LAW = normal(std=0.1, shape=SHAPE)
KINDS: dict[str, Callable[[np.random.Generator], Any]] = {
    "right": lambda rng: rng.normal(0, 0.1, SHAPE),
    "wide": lambda rng: rng.normal(0, 0.12, SHAPE),
    "narrow": lambda rng: rng.normal(0, 0.01, SHAPE),
    "shifted": lambda rng: rng.normal(0.02, 0.1, SHAPE),
    "uniform": lambda rng: rng.uniform(-0.1, 0.1, SHAPE) * math.sqrt(3),
    "truncated": lambda rng: truncated(2, rescale=True)(rng, *SHAPE) / std(*SHAPE) * 0.1,
    "one row": lambda rng: np.tile(rng.normal(0, 0.1, SHAPE[1]), (SHAPE[0], 1)),
    "one column": lambda rng: np.tile(rng.normal(0, 0.1, (SHAPE[0], 1)), SHAPE[1]),
    "zeros": lambda rng: np.zeros(SHAPE),
    "ones": lambda rng: np.ones(SHAPE),
    "transposed": lambda rng: rng.normal(0, 0.1, SHAPE[::-1]),
    "nothing": lambda rng: None,
    "a generator": lambda rng: Refused("a generator"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_mistake_is_like_itself_and_like_no_other(kind: str) -> None:
    """Whatever the draws, and whether arrays are at hand or what is kept of them."""
    for seed in range(3):
        mine = KINDS[kind](np.random.default_rng(seed))
        for other, draw in KINDS.items():
            theirs = forget(draw(np.random.default_rng(100 + seed)), LAW)
            numeric = isinstance(mine, np.ndarray)
            assert similar(mine, theirs) == (kind == other and numeric), other
            assert similar(theirs, mine) == similar(forget(mine, LAW), theirs) == similar(mine, theirs)
        assert similar(mine, LAW) == similar(LAW, mine) == (kind == "right")


def test_what_is_kept_of_a_sample_is_little() -> None:
    """Counts of different rows and columns and three moments, of any number of entries."""
    (kept,) = forget((np.ones((3, 2)),), (normal(std=1.0, shape=(3, 2)),))  # type: ignore[misc]
    assert kept == Sample((3, 2), 1, 1, 1.0, 0.0, 0.0)
    assert forget(np.array([1.0, -1.0]), normal(std=1.0, shape=(2,))) == Sample((2,), 2, 1, 0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (np.ones(3), np.ones(3)),
        ((np.ones(3), 1.0), (np.ones(3), 1.0)),
        (None, LAW),
        (Refused("a generator"), LAW),
        ((np.ones(3),), (LAW, LAW)),
        ({"W": None}, {"W": LAW}),
        ("text", LAW),
    ],
    ids=repr,
)
def test_only_arrays_in_the_place_of_a_law_are_forgotten(value: Value, right: Value) -> None:
    """Everything else is kept as it is."""
    assert identical(forget(value, right), value)


@pytest.mark.parametrize(
    "wrap",
    [lambda x: [x, 1.0], lambda x: (None, x), lambda x: {"W": x}, lambda x: x],
    ids=str.split("list tuple dict bare"),
)
def test_laws_may_be_parts(wrap: Callable[[Value], Value]) -> None:
    """A list of layers has a law for each matrix."""
    assert is_random(wrap(LAW)) and not is_random(wrap(np.ones(2)))
    kept = forget(wrap(np.ones(SHAPE)), wrap(LAW))
    assert identical(kept, wrap(forget(np.ones(SHAPE), LAW)))


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.5, 0.8, 1.25, 2.0]))
def test_samples_of_other_scales_arent_similar(seed: int, factor: float) -> None:
    """A quarter more or less is seen, whatever the draws."""
    rng = np.random.default_rng(seed)
    one, other = rng.normal(0, 1, SHAPE), rng.normal(0, factor, SHAPE)
    assert not similar(one, other) and not similar(one * 1e-8, other * 1e-8)


def test_the_samples_are_those_of_a_course() -> None:
    """So that what is said about power here is said about papers: two dozen matrices of some two thousand entries."""
    paper = read_paper(REAL / "assignments" / A3 / f"{A3}.paper")
    for exercise in ("xavier_normal", "xavier_uniform", "he_normal", "he_uniform"):
        examples = paper.exercise(exercise).questions[0].examples  # type: ignore[union-attr]
        shapes = {example.arguments[0]: example.answer.shape for example in examples}  # type: ignore[union-attr]
        assert 18 <= len(shapes) <= 30
        assert 35_000 < sum(n * m for n, m in shapes.values()) < 70_000
    assert len(SHAPES) == 24 and 35_000 < sum(n * m for n, m in SHAPES) < 70_000


@pytest.fixture(scope="module")
def initialization() -> dict[str, Property]:
    """The main public property of each exercise about initialization."""
    properties = load_declarations(load_course(REAL / "grading.toml"), A3).public.properties
    return {declared.exercise: declared for declared in reversed(properties) if declared.name == "follows_the_law"}


TORCH: dict[str, Callable[[torch.Tensor, torch.Generator, float], object]] = {
    "xavier_normal": lambda W, rng, _: init.xavier_normal_(W, generator=rng),
    "xavier_uniform": lambda W, rng, _: init.xavier_uniform_(W, generator=rng),
    "he_normal": lambda W, rng, slope: init.kaiming_normal_(W, slope, generator=rng),
    "he_uniform": lambda W, rng, slope: init.kaiming_uniform_(W, slope, generator=rng),
}


@pytest.mark.parametrize("exercise", TORCH)
def test_torch_follows_the_laws_of_the_course(exercise: str, initialization: dict[str, Property]) -> None:
    """The formulas that the course states are those by which torch draws, and nobody else's."""
    samples, laws, other = [], [], []
    for at, (n, m) in enumerate(SHAPES):
        slope = 0.1 * (at % 8)
        arguments = (Rng(at), n, m, slope)[: 4 if exercise.startswith("he") else 3]
        W = torch.empty(m, n, dtype=torch.float64)
        TORCH[exercise](W, torch.Generator().manual_seed(at), slope)
        samples.append(W.numpy().T.copy())
        laws.append(initialization[exercise].oracle(*arguments))
        init.trunc_normal_(W, 0, laws[-1].std, -2 * laws[-1].std, 2 * laws[-1].std, torch.Generator().manual_seed(at))
        other.append(W.numpy().T.copy())
    assert departure(samples, laws) == {} != departure(other, laws)


def test_the_guide_quotes_the_course() -> None:
    """What docs/authoring.md shows of a random answer stands in a3, line by line."""
    guide = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE)
    (block,) = [block for block in blocks if "htilde.laws" in block]
    source = (REAL / "tests" / "public" / f"{A3}.py").read_text(encoding="utf-8")
    at = source.index('@public("he_normal"')
    for line in block.strip().splitlines()[2:]:
        at = source.index(line, at)
    assert "def follows_the_law(rng, fan_in, fan_out, slope):" in block


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_nan_that_signals_is_looked_at_in_silence(dtype: str) -> None:
    """Bits that NumPy warns of wherever it computes with them, as a student may send them."""
    bits = np.array([[1, 2], [3, 4]], dtype=f"u{np.dtype(dtype).itemsize}") + np.array(np.inf, dtype).view(
        f"u{np.dtype(dtype).itemsize}"
    )
    signalling = bits.view(dtype)
    assert np.isnan(signalling).all()
    assert not similar(signalling, np.ones((2, 2)))
