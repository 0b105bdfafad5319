"""The oracle: right answers by torch, on the CPU or a GPU, in the precision of the arguments (float64 by default)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from htilde.errors import MissingExtra, UsageError
from htilde.values import Array

try:
    import torch
except ImportError:
    raise MissingExtra("torch", "Writing papers and exploring", "instructor") from None

__all__ = ["cuda", "downstream", "evaluate", "gradients", "local_gradient", "using"]

_device: ContextVar[torch.device] = ContextVar("device", default=torch.device("cpu"))


@contextmanager
def using(device: str) -> Iterator[torch.device]:
    """Let torch compute on ``"cpu"``, ``"cuda"`` or ``"auto"`` (a GPU if there is one) inside the ``with`` block.

    One thread computes on the CPU. Raises UsageError if ``device`` is "cuda" and torch finds no GPU.
    """
    if device == "auto":
        device = "cuda" if cuda() else "cpu"
    if device == "cuda" and not cuda():
        raise UsageError("torch finds no CUDA device here.", next_step="Use --device cpu; the papers are the same.")
    token, threads = _device.set(torch.device(device)), torch.get_num_threads()
    torch.set_num_threads(1)  # questions are small: on a busy machine several threads mostly wait for each other
    try:
        yield _device.get()
    finally:
        torch.set_num_threads(threads)
        _device.reset(token)


def cuda() -> bool:
    """Return True if torch finds a GPU."""
    return torch.cuda.is_available()


def evaluate(function: Callable[..., Any], *arguments: Array | float) -> Any:
    """Return ``function(*arguments)`` as an array, or as a tuple of arrays if the function returns a tuple.

    The function gets tensors of the arguments' dtypes; a Python number becomes a float64.
    """
    with torch.no_grad():
        found = function(*map(_tensor, arguments))
        return tuple(map(_array, found)) if isinstance(found, tuple) else _array(found)


def local_gradient(function: Callable[[torch.Tensor], torch.Tensor], h_tilde: Array) -> Array:
    """Return the derivative of an elementwise function at ``h_tilde``, in its shape and dtype."""
    with torch.enable_grad():
        at = _tensor(h_tilde).requires_grad_()
        (gradient,) = torch.autograd.grad(function(at).sum(), at)
    return _array(gradient)


def downstream(function: Callable[[torch.Tensor], torch.Tensor], dh: Array, h_tilde: Array) -> Array:
    """Return the gradient with respect to ``h_tilde`` if that with respect to ``function(h_tilde)`` is ``dh``.

    ``dh`` has the shape of the function's value, the result the shape of ``h_tilde``.
    """
    at = _tensor(h_tilde).requires_grad_()
    (gradient,) = torch.autograd.grad(function(at), at, _tensor(dh))
    return _array(gradient)


def gradients(function: Callable[..., torch.Tensor], upstream: Array, *arguments: Array) -> tuple[Array, ...]:
    """Return the gradients with respect to all arguments if that with respect to the function's value is ``upstream``.

    ``upstream`` has the shape of the value, each gradient the shape of its argument.
    """
    with torch.enable_grad():
        at = [_tensor(argument).requires_grad_() for argument in arguments]
        found = torch.autograd.grad(function(*at), at, _tensor(upstream))
    return tuple(map(_array, found))


def _tensor(array: Array | float) -> torch.Tensor:
    # By way of NumPy: torch would make a float32 of a Python float.
    return torch.tensor(np.asarray(array), device=_device.get())


def _array(tensor: torch.Tensor) -> Array:
    result: Array = tensor.detach().cpu().numpy()
    return result
