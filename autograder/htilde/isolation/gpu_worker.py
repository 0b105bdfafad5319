"""The GPU worker: run a student's NumPy functions on arrays of a GPU, as information for the student.

NumPy's functions hand CuPy's arrays over to CuPy, so ``np.exp(h_tilde)`` runs where ``h_tilde`` lies. Unlike ``worker``
this process doesn't lock itself, because a GPU's driver needs files, devices and threads. Therefore it is never used
for grades, and receives only the questions of a public paper.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from htilde.isolation.calls import Reply, Status, captured, describe_error
from htilde.isolation.cells import install_stub_package
from htilde.isolation.wire import write_frame
from htilde.isolation.worker import serve, take_the_pipes
from htilde.values import Value, materialize, snapshot

__all__ = ["LEFT", "ask_there", "main"]

LEFT = "LeftTheGpu"
"""The name of the exception in a reply if arrays were passed on the GPU and came back on the CPU."""


def main() -> None:
    """Tell which GPU there is, or why there is none, and answer requests until they end."""
    requests, replies = take_the_pipes()
    install_stub_package(check=lambda *_, **__: None)
    try:
        import cupy

        number = cupy.cuda.runtime.getDevice()
        name = cupy.cuda.runtime.getDeviceProperties(number)["name"]
    except Exception as error:  # whatever a driver that isn't there makes of it
        write_frame(replies, {"layers": [], "missing": [f"{type(error).__name__}: {error}"]})
        return
    write_frame(replies, {"layers": [name.decode() if isinstance(name, bytes) else str(name)], "missing": []})
    serve(requests, replies, partial(ask_there, cupy))


def ask_there(
    xp: Any,
    function: Callable[..., object],
    arguments: Sequence[Value],
    namespace: Mapping[str, object],
    _keep: Sequence[int] = (),
) -> Reply:
    """Call ``function`` with arrays of ``xp`` (CuPy) as ``calls.ask`` does, but without notes, and keep nothing."""
    there = partial(_each, lambda part: xp.asarray(part) if type(part) is np.ndarray else part)
    here = partial(_each, lambda part: xp.asnumpy(part) if type(part) is xp.ndarray else part)
    with captured() as output, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = function(*map(there, map(materialize, arguments)))
            if _any(lambda part: type(part) is np.ndarray, value):
                return Reply(Status.RAISED, error=LEFT, printed=output.text)
            return Reply(Status.ANSWERED, snapshot(here(value)), printed=output.text)
        except BaseException as error:
            return replace(describe_error(error, namespace), printed=output.text)


def _each(change: Callable[[Any], Any], thing: Any) -> Any:
    """Return a copy of ``thing`` in which ``change`` was applied to each part that holds no others."""
    if type(thing) is tuple or type(thing) is list:
        return type(thing)(_each(change, part) for part in thing)
    if type(thing) is dict:
        return {key: _each(change, part) for key, part in thing.items()}
    return change(thing)


def _any(holds: Callable[[Any], bool], thing: Any) -> bool:
    if type(thing) is tuple or type(thing) is list:
        return any(_any(holds, part) for part in thing)
    if type(thing) is dict:
        return any(_any(holds, part) for part in thing.values())
    return holds(thing)
