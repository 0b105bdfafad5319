"""Exercises small enough to check by eye, papers about them made in memory, and values of every kind."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from htilde.distributions import FAMILIES, Law, Sample
from htilde.examination.allowance import stated
from htilde.examination.judgement import Asked
from htilde.examination.paper import Example, ExercisePaper, Mistake, Origin, Paper, Probe, Question
from htilde.isolation.calls import Reply, Status, ask
from htilde.isolation.cells import new_namespace, run_cell
from htilde.laws import forget, normal
from htilde.model import Kind, Tolerance, Visibility
from htilde.values import DTYPES, Array, Refused, Rng, Value, materialize, snapshot
from hypothesis import strategies as st

TOLERANCE = Tolerance(rtol=1e-12, atol=1e-15)
ORDINARY = np.array([-1.5, 0.25, 3.0])
CASES = [(np.array([1.0]),), (ORDINARY,), (np.array([[0.5, -4.0], [7.0, 1e-3]]),)]
PROBES = [(np.array([-2.5, 0.75, 1.25]),)]


def double(x: Any) -> Any:
    """Twice x: the right answer to the toy exercise."""
    return 2 * x


def adds_two(x: Any) -> Any:
    """You added two; multiply by it."""
    return x + 2


def squares(x: Any) -> Any:
    """You squared x; that is another function."""
    return x**2


def squares_as_a_product(x: Any) -> Any:
    """This is the square, too, by another road."""
    return x * x


def pair(x: Any) -> Any:
    """Twice x, and its negative: an answer of two parts."""
    return 2 * x, -x


def forgets_the_two(x: Any) -> Any:
    """The first part is twice x."""
    return x, -x


def forgets_the_sign(x: Any) -> Any:
    """The second part is negative."""
    return 2 * x, x


def noise(rng: Any, n: Any, m: Any) -> Any:
    """An n by m matrix of draws from a normal law of variance 1/n."""
    return normal(std=n**-0.5, shape=(n, m))


def takes_the_variance(rng: Any, n: Any, m: Any) -> Any:
    """That is the variance; the generator takes the standard deviation."""
    return rng.normal(0, 1 / n, (n, m))


def draws_uniformly(rng: Any, n: Any, m: Any) -> Any:
    """Scale and mean are right, the law isn't."""
    return rng.uniform(-1, 1, (n, m)) * (3 / n) ** 0.5


def repeats_a_row(rng: Any, n: Any, m: Any) -> Any:
    """Every row is the same."""
    return np.tile(rng.normal(0, n**-0.5, m), (n, 1))


NOISE = [(Rng(seed), 30 + seed, 70 - 2 * seed) for seed in range(20)]
NOISE_MISTAKES = (takes_the_variance, draws_uniformly, repeats_a_row)


def answer(function: Callable[..., object], case: Sequence[Value]) -> Value:
    """Return what a function answers; if it raises, the name of the exception."""
    try:
        return snapshot(function(*map(materialize, case)))
    except Exception as error:
        return Refused(f"raised {type(error).__name__}")


def kept(mistake: Callable[..., object], right: Callable[..., object], case: Sequence[Value]) -> Value:
    """Return what a paper keeps of a misconception's answer."""
    return forget(answer(mistake, case), answer(right, case))


def question(
    right: Callable[..., object],
    cases: Iterable[Sequence[Value]] = CASES,
    *,
    name: str = "is_right",
    kind: Kind = Kind.MAIN,
    mistakes: Sequence[Callable[..., object]] = (),
) -> Question:
    """Return a property whose oracle is ``right``."""
    examples = [
        Example(
            tuple(case),
            (wanted := answer(right, case)),
            stated(wanted, TOLERANCE),
            tuple(kept(mistake, right, case) for mistake in mistakes),
        )
        for case in cases
    ]
    return Question(name, {"en": f"{right.__name__} {name}."}, kind, tuple(examples))


def exercise(
    right: Callable[..., object] = double,
    *questions: Question,
    mistakes: Sequence[Callable[..., object]] = (adds_two, squares),
    probes: Iterable[Sequence[Value]] = PROBES,
    points: float = 1.0,
) -> ExercisePaper:
    """Return an exercise of a paper, by default with a single main question."""
    asked = list(probes)
    return ExercisePaper(
        right.__name__,
        tuple(inspect.signature(right).parameters),
        points,
        questions or (question(right, mistakes=mistakes),),
        tuple(Probe(tuple(case), answer(right, case)) for case in asked),
        tuple(
            Mistake(m.__name__, {"en": m.__doc__ or ""}, tuple(kept(m, right, case) for case in asked))
            for m in mistakes
        ),
    )


def paper(*exercises: ExercisePaper, visibility: Visibility = Visibility.PUBLIC) -> Paper:
    """Return a paper about toys."""
    return Paper("toys", visibility, Origin("0", "0" * 32, "1" * 32, "2"), exercises or (exercise(),))


def live(function: Callable[..., object]) -> Asked:
    """Return the function itself, to be called in this process."""
    return lambda cases: [ask(function, case, function.__globals__) for case in cases]  # type: ignore[attr-defined]


def student(source: str) -> dict[str, Any]:
    """Return the names that a student's cell defines."""
    namespace = new_namespace()
    reply = run_cell(source, "cell 1", namespace)
    assert reply.status is Status.ANSWERED, reply
    return namespace


def ask_student(source: str, *arguments: Value, name: str = "f") -> Reply:
    """Define a function in a cell and call it."""
    namespace = student(source)
    return ask(namespace[name], arguments, namespace)


NUMBERS = (0.0, -0.0, 1.0, -1.0, 1.5, 250.0, 1e-300, -1e300, math.inf, -math.inf, math.nan)
LONG = {np.dtype(np.longdouble), np.dtype(np.clongdouble)} - {np.dtype(np.float64), np.dtype(np.complex128)}
PORTABLE = tuple(dtype for dtype in DTYPES if dtype not in LONG)
"""The dtypes that look the same on every machine."""
FLOATS = tuple(dtype for dtype in PORTABLE if dtype.kind == "f")


@st.composite
def arrays(draw: st.DrawFn, dtypes: Sequence[np.dtype[Any]] = PORTABLE, numbers: Sequence[float] = NUMBERS) -> Array:
    """Arrays of up to three dimensions, empty ones and 0-d ones among them."""
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    entries = st.lists(st.sampled_from(numbers), min_size=math.prod(shape), max_size=math.prod(shape))
    with np.errstate(all="ignore"):  # NaN as an integer is whatever the processor says
        return np.array(draw(entries), dtype=float).astype(draw(st.sampled_from(dtypes))).reshape(shape)


def values(leaf: st.SearchStrategy[Value] | None = None) -> st.SearchStrategy[Any]:
    """Values of every kind but ``Refused``, up to two containers deep."""
    shapes, scales = st.lists(st.integers(0, 9), max_size=3).map(tuple), st.floats(1e-3, 1e3)
    laws = st.builds(Law, st.sampled_from(FAMILIES), shapes, scales, scales)
    numbers, counts = st.sampled_from(NUMBERS), st.integers(0, 9)
    samples = st.builds(Sample, shapes, counts, counts, numbers, numbers, numbers)
    integers, floats, text = st.integers(-(2**63), 2**63 - 1), st.sampled_from(NUMBERS), st.text(max_size=4)
    seeds = st.integers(0, 2**64 - 1).map(Rng)
    if leaf is None:
        leaf = st.one_of(st.none(), st.booleans(), integers, floats, text, seeds, laws, samples, arrays())

    def around(part: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        parts = st.lists(part, max_size=3)
        return st.one_of(part, parts, parts.map(tuple), st.dictionaries(st.text(max_size=3), part, max_size=3))

    return around(around(leaf))


COURSE = {
    "grading.toml": """\
[course]
title = "Toys"

[[assignment]]
name = "toys"

[assignment.points]
double = 2
negate = 1
""",
    "tests/public/toys.py": """\
import numpy as np

from htilde import edge, example, public
from htilde.strategies import arrays

@public("double", x=arrays(-4.0, 4.0))
@example(x=np.array([9.0]))
@example(x=np.array([5.0, 6.0]))
def is_twice(x):
    '''The result is twice x.'''
    return 2 * x

@public("double", x=arrays(-1e9, 1e9))
@edge
def is_twice_when_large(x):
    '''Large numbers are doubled, too.'''
    return 2 * x

@public("negate", x=arrays(-4.0, 4.0))
def is_the_negative(x):
    '''The result is the negative of x.'''
    return -x
""",
    "tests/hidden/toys.py": """\
from htilde import hidden
from htilde.strategies import arrays

@hidden("double", x=arrays(-6.0, 6.0))
def is_twice_elsewhere(x):
    '''The result is twice x on inputs that you haven't seen.'''
    return 2 * x
""",
    "tests/misconceptions/toys.py": """\
import numpy as np

from htilde import misconception, probes

probes("double", x=np.array([-2.5, 0.75]))

@misconception("double")
def adds_two(x):
    '''You added two;
    multiply by it.'''
    return x + 2

@misconception("double")
def gives_up(x):
    '''It raises.'''
    raise ValueError("never")
""",
    "tests/variants/toys.py": """\
from htilde import variant

@variant("double")
def as_a_sum(x):
    return x + x
""",
}
"""The files of a course that needs NumPy only to answer."""

RANDOM_COURSE = {
    "grading.toml": COURSE["grading.toml"].replace("double = 2\nnegate = 1\n", "noise = 2\n"),
    "solutions/toys.py": """\
# %%
import numpy as np

# %% exercise="noise"
def noise(rng, n):
    ### BEGIN SOLUTION
    return rng.normal(0, n**-0.5, (n, 40))
    ### END SOLUTION
""",
    "tests/public/toys.py": """\
from htilde import example, public
from htilde.laws import normal
from htilde.strategies import generators, integers
from htilde.values import Rng

@public("noise", rng=generators(), n=integers(20, 60))
@example(rng=Rng(1), n=30)
@example(rng=Rng(2), n=30)
def is_normal(rng, n):
    '''The entries are draws from a normal law of variance 1/n.'''
    return normal(std=n**-0.5, shape=(n, 40))
""",
    "tests/hidden/toys.py": """\
from htilde import hidden
from htilde.laws import normal
from htilde.strategies import generators, integers

@hidden("noise", rng=generators(), n=integers(30, 60))
def is_normal_elsewhere(rng, n):
    '''So they are for other generators.'''
    return normal(std=n**-0.5, shape=(n, 40))
""",
    "tests/misconceptions/toys.py": """\
import numpy as np

from htilde import misconception, probes
from htilde.values import Rng

probes("noise", rng=Rng(5), n=80)

@misconception("noise")
def takes_the_variance(rng, n):
    '''That is the variance.'''
    return rng.normal(0, 1 / n, (n, 40))

@misconception("noise")
def cuts_the_tails(rng, n):
    '''Draws far from 0 are missing.'''
    z = rng.normal(0, 1, 40 * n * 2)
    return z[np.abs(z) < 2][: 40 * n].reshape(n, 40) * n**-0.5 / 0.8796
""",
    "tests/variants/toys.py": """\
from htilde import variant

@variant("noise")
def row_by_row(rng, n):
    import numpy as np
    return np.array([rng.standard_normal(40) for _ in range(n)]) / np.sqrt(n)
""",
}
"""The files of a course with one exercise, whose right answer is a law."""
