"""The oracle says what a person would derive by hand, in the precision that came in, and leaves nothing behind."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable

import numpy as np
import pytest
import torch
from htilde.errors import MissingExtra, UsageError
from htilde.oracle import downstream, evaluate, gradients, local_gradient, using
from htilde.strategies import arrays, shapes
from htilde.values import Array
from hypothesis import given
from hypothesis import strategies as st

Function = Callable[[Array], Array]
Torch = Callable[[torch.Tensor], torch.Tensor]


def sigmoid(x: Array) -> Array:
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


BY_HAND: dict[str, tuple[Torch, Function, Function]] = {
    "sigmoid": (torch.sigmoid, sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
    "tanh": (torch.tanh, np.tanh, lambda x: 1 / np.cosh(x) ** 2),
    "relu": (torch.relu, lambda x: np.maximum(x, 0), lambda x: (x > 0).astype(x.dtype)),
    "square": (torch.square, np.square, lambda x: 2 * x),
    "exponential": (torch.exp, np.exp, np.exp),
    "a product": (lambda x: x * x * x, lambda x: x**3, lambda x: 3 * x**2),
}
ANY = arrays(-20.0, 20.0, shape=shapes(min_dims=0, max_dims=3))


@pytest.mark.parametrize("name", BY_HAND)
@given(x=ANY)
def test_values_and_gradients_are_those_derived_by_hand(name: str, x: Array) -> None:
    """At each entry, to the last digits of a float64, and in the shape that came in."""
    function, value, gradient = BY_HAND[name]
    for mine, right in ((evaluate(function, x), value(x)), (local_gradient(function, x), gradient(x))):
        assert (mine.shape, mine.dtype) == (x.shape, np.float64)
        np.testing.assert_allclose(mine, right, rtol=1e-12, atol=1e-15)


def test_several_values_are_a_tuple() -> None:
    """Each an array of its own, also where torch changed one of the arguments in place."""
    x, mean = np.array([1.0, 3.0]), np.zeros(1)
    doubled, moved = evaluate(lambda t, m: (t * 2, m.add_(t.mean())), x, mean)
    assert (doubled.tolist(), moved.tolist(), mean.tolist()) == ([2, 6], [2], [0])


@given(st.integers(0, 2**32 - 1))
def test_gradients_of_all_arguments_are_those_derived_by_hand(number: int) -> None:
    """Through x W + b, for a random upstream gradient: of each argument, in its shape; also inside no_grad."""
    rng = np.random.default_rng(number)
    batch, fan_in, fan_out = rng.integers(1, 5, 3)
    x, W, b = rng.normal(size=(batch, fan_in)), rng.normal(size=(fan_in, fan_out)), rng.normal(size=fan_out)
    upstream = rng.normal(size=(batch, fan_out))
    with torch.no_grad():
        found = gradients(lambda x, W, b: x @ W + b, upstream, x, W, b)
    for mine, right in zip(found, (upstream @ W.T, x.T @ upstream, upstream.sum(axis=0)), strict=True):
        assert type(mine) is np.ndarray and mine.shape == right.shape
        np.testing.assert_allclose(mine, right, rtol=1e-12, atol=1e-13)
    (alone,) = gradients(torch.tanh, upstream, upstream)
    assert np.array_equal(alone, downstream(torch.tanh, upstream, upstream))


def test_kinks_follow_torchs_convention() -> None:
    """The derivative of the ReLU is 0 at 0, of either sign."""
    assert local_gradient(torch.relu, np.array([-0.0, 0.0, 1e-300])).tolist() == [0, 0, 1]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (2, 1, 3)], ids=str)
def test_precision_and_shape_are_kept(dtype: str, shape: tuple[int, ...]) -> None:
    """An example in float32 is answered in float32; a 0-d array and an empty batch are arrays like any other."""
    x = np.full(shape, 0.3, dtype)
    for mine in (evaluate(torch.sigmoid, x), local_gradient(torch.sigmoid, x)):
        assert type(mine) is np.ndarray and (mine.dtype, mine.shape) == (dtype, shape)


@given(ANY, st.floats(-2, 2))
def test_numbers_beside_arrays_lose_no_digit(x: Array, slope: float) -> None:
    """torch would take a Python float for a float32; here 0.1 stays 0.1."""
    assert np.array_equal(evaluate(lambda t, s: t * s, x, slope), x * slope)


def test_nothing_of_torch_comes_out() -> None:
    """Answers are NumPy's own and share no memory with the question, which stays as it is."""
    x = np.array([1.0, 2.0])
    for mine in (evaluate(lambda t: t, x), evaluate(lambda t: t.mul_(3), x), local_gradient(lambda t: t * 1, x)):
        assert type(mine) is np.ndarray and not np.shares_memory(mine, x)
    assert x.tolist() == [1, 2]


def test_no_gradients_leak() -> None:
    """Values are computed without gradients, gradients with them whatever goes on around, and torch stays as it was."""
    seen: list[bool] = []

    def look(t: torch.Tensor) -> torch.Tensor:
        seen.append(torch.is_grad_enabled())
        return t * 2

    x = np.ones(2)
    evaluate(look, x)
    with torch.no_grad():
        assert local_gradient(look, x).tolist() == [2, 2]
        assert not torch.is_grad_enabled()
    assert seen == [False, True] and torch.is_grad_enabled()


def test_the_device_is_that_of_the_innermost_with() -> None:
    """Without a word it is the CPU; after the block it is what it was, whatever happened inside."""
    seen: list[str] = []

    def look(t: torch.Tensor) -> torch.Tensor:
        seen.append(t.device.type)
        return t

    def elsewhere() -> None:
        with using("meta"):  # a device without memory, which every torch has: nothing can be read back from it
            evaluate(look, np.ones(1))

    with using("auto") as device:
        evaluate(look, np.ones(1))
        with pytest.raises(NotImplementedError):
            elsewhere()
        evaluate(look, np.ones(1))
    evaluate(look, np.ones(1))
    assert seen == [device.type, "meta", device.type, "cpu"]
    assert device.type == ("cuda" if torch.cuda.is_available() else "cpu")


def test_one_thread_answers_inside_with() -> None:
    """Afterwards torch has as many threads as before, whatever happened inside."""
    threads, seen = torch.get_num_threads(), []

    def look() -> None:
        with using("cpu"):
            seen.append(torch.get_num_threads())
            raise LookupError

    torch.set_num_threads(2)
    try:
        with pytest.raises(LookupError):
            look()
        assert (seen, torch.get_num_threads()) == ([1], 2)
    finally:
        torch.set_num_threads(threads)


def test_a_gpu_that_isnt_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for CUDA where there is none names the way without; "auto" goes that way by itself."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UsageError, match="no CUDA device") as caught, using("cuda"):
        pass
    assert "--device cpu" in caught.value.next_step
    with using("auto") as device:
        assert device.type == "cpu"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no CUDA device here")
@pytest.mark.parametrize("name", BY_HAND)
def test_a_gpu_says_the_same(name: str) -> None:
    """On CUDA values and gradients are the CPU's up to rounding, and come back as NumPy arrays."""
    function, _, _ = BY_HAND[name]
    x = np.linspace(-20, 20, 101)
    for ask in (evaluate, local_gradient):
        on_cpu = ask(function, x)
        with using("cuda"):
            on_gpu = ask(function, x)
        np.testing.assert_allclose(on_gpu, on_cpu, rtol=1e-12, atol=1e-15)


def test_without_torch_the_message_is_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A student's light environment has no torch, and needs none to check."""
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "htilde.oracle")
    with pytest.raises(MissingExtra, match="needs the package torch") as caught:
        importlib.import_module("htilde.oracle")
    assert "pip install" in caught.value.next_step
