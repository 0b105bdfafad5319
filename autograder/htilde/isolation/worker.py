"""The untrusted process: it locks itself, then runs a submission's cells and answers questions.

Requests come on standard input, replies leave on what was standard output, one frame each (``wire``):

    -> (at once)                                                     <- {"layers": [...], "missing": [...]}
    -> {"do": "run", "cell": label, "source": text}                  <- a reply
    -> {"do": "remember", "place": name}                             <- a reply
    -> {"do": "call", "function": name, "cases": [arguments, ...], "order": [number of a case, ...], "place": name}
                                                                     <- a reply for each number
       besides, "keep": (places of arguments that each reply returns as they are after the call)

Nothing here knows an expected answer, a score or another student. The examiner ends the process by SIGKILL.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, BinaryIO

from htilde.isolation import lock
from htilde.isolation.calls import Reply, Status, ask
from htilde.isolation.cells import install_stub_package, new_namespace, run_cell
from htilde.isolation.wire import MAX_PARTS, read_frame, write_frame
from htilde.values import type_name

__all__ = ["main", "serve", "take_the_pipes"]


Asking = Callable[[Callable[..., object], Sequence[Any], Mapping[str, object], Sequence[int]], Reply]


def main(library: list[str], memory_mib: int, cpu_seconds: int, *, wrapped: bool = False) -> None:
    """Lock this process, say what holds, and serve until the requests end.

    ``library`` is the import path that the submission may use: the standard library's. NumPy is there already,
    and finds its own parts. ``wrapped``: that this process was started in Bubblewrap.
    """
    requests, replies = take_the_pipes()
    install_stub_package(check=lambda *_, **__: None)
    sys.path[:] = library
    protection = lock.lock(
        readable=lock.readable_paths(), memory_bytes=memory_mib * 2**20, cpu_seconds=cpu_seconds, wrapped=wrapped
    )
    write_frame(replies, {"layers": list(protection.layers), "missing": list(protection.missing)})
    serve(requests, replies)


def serve(requests: BinaryIO, replies: BinaryIO, asking: Asking = ask) -> None:
    """Do what is requested until nothing more comes; ``asking`` calls a function."""
    namespace, remembered = new_namespace(), dict[str, dict[str, Any]]()
    while True:
        try:
            request: Any = read_frame(requests, parts=MAX_PARTS)
        except EOFError:
            return
        if request["do"] == "run":
            write_frame(replies, run_cell(request["source"], request["cell"], namespace).to_message())
        elif request["do"] == "remember":
            remembered[request["place"]] = dict(namespace)
            write_frame(replies, Reply(Status.ANSWERED).to_message())
        else:
            if request["place"]:
                namespace.clear()
                namespace.update(remembered[request["place"]])
            for number in request["order"]:
                case = request["cases"][number]
                reply = _answer(request["function"], case, namespace, request.get("keep", ()), asking)
                write_frame(replies, reply.to_message())


def _answer(name: str, case: tuple[Any, ...], namespace: dict[str, Any], keep: Sequence[int], asking: Asking) -> Reply:
    function = namespace.get(name)
    if not callable(function):
        if function is not None:
            return Reply(Status.MISSING, message=type_name(type(function))[:60])
        names = (name for name, thing in namespace.items() if type(name) is str and callable(thing))
        others = [name for name in names if name[:1] != "_"]
        return Reply(Status.MISSING, function=next(iter(get_close_matches(name, others, 1)), ""))
    return asking(function, case, namespace, keep)


def take_the_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move the two pipes away from the standard descriptors, which then lead nowhere."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    sys.stdin = io.StringIO()
    return requests, replies
