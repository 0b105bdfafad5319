# distributed is typed in part.
# mypy: disable-error-code="no-untyped-call"
"""Examine on machines that a site has already: the workers of a dask.distributed scheduler.

The kit must be installed there as it is here. Papers travel once, submissions one by one, only verdicts come back;
no file is shared. Each worker locks student code in as this machine would, or refuses.
"""

from __future__ import annotations

import functools
import pickle
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future
from types import TracebackType
from typing import Any, Self

from htilde.diagnosis.executors import Examiner
from htilde.errors import GraderFault, MissingExtra, UsageError
from htilde.examination.store import examiner
from htilde.model import Examination
from htilde.submissions.steps import Submission

__all__ = ["ClusterExecutor"]

_SECONDS = 15
"""The seconds that a scheduler may take to answer."""
_DEATHS = ("KilledWorker", "CancelledError", "FutureCancelledError", "FuturesCancelledError")
"""The errors by which distributed says that work can't be given to anybody any more."""


class ClusterExecutor:
    """Examines on the workers of a scheduler.

    Raises UsageError if there is no scheduler, or it has no workers; GraderFault if the kit there isn't the kit here.
    """

    def __init__(self, examiner: Examiner, address: str) -> None:
        try:
            from distributed import Client
        except ModuleNotFoundError:
            raise MissingExtra("distributed", "--scheduler", "cluster") from None
        self._address, self._packed = address, examiner.packed()
        try:
            self._client = Client(address, timeout=_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise UsageError(
                f"No scheduler answers at {address} ({error}).",
                next_step="Start one there (dask scheduler), or mend the address: tcp://HOST:8786.",
            ) from None
        try:
            self._look_around()
            self._start()
        except BaseException:
            self.close()
            raise

    def _look_around(self) -> None:
        if not (threads := self._client.nthreads()):
            raise UsageError(
                f"The scheduler at {self._address} has no workers.",
                next_step=f"Start some: dask worker {self._address} --nthreads 1",
            )
        self.window = 2 * sum(threads.values())
        try:
            there = self._client.run(_code_there)
        except Exception as error:  # what a worker without the kit, or with a very different one, comes to
            why = f"The workers of {self._address} can't load the kit: {type(error).__name__}: {error}"
            raise GraderFault(why, next_step=_SAME) from None
        if others := {worker: found for worker, found in there.items() if found != examiner()}:
            raise _differs(others)

    def _start(self) -> None:
        self._examiner = self._client.scatter(self._packed, broadcast=True, hash=False)
        self._executor = self._client.get_executor(pure=False)

    def submit(self, submission: Submission) -> Future[Examination]:
        future: Future[Examination] = self._executor.submit(_examine, examiner(), self._examiner, submission)
        return future

    def is_broken(self, error: BaseException) -> bool:
        return isinstance(error, CancelledError) or type(error).__name__ in _DEATHS

    def restart(self) -> None:
        """Send the papers anew: they may have been with those who died."""
        try:
            self._start()
        except Exception as error:
            raise GraderFault(
                f"The scheduler at {self._address} doesn't answer any more, or has no workers left ({error}).",
                next_step="What was examined is kept. Run this again when it is back, or without --scheduler.",
            ) from None

    def close(self) -> None:
        """Let go of the workers; what they are at isn't waited for."""
        self._client.close(timeout=5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_SAME = "Install the same kit, Python and NumPy on all machines: pip install -c constraints.txt '.[cluster]'"


def _differs(others: Mapping[str, str]) -> GraderFault:
    told = "\n".join(f"{worker}: {found}" for worker, found in others.items())
    return GraderFault(f"Not all machines have the same kit.\nhere: {examiner()}\n{told}", next_step=_SAME)


# From here on: on the workers.


def _code_there() -> str:
    return examiner()


@functools.lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> Examiner:
    examiner: Examiner = pickle.loads(packed)
    return examiner


def _examine(here: str, packed: Any, submission: Submission) -> Examination:
    if here != examiner():  # it came after the others were asked
        raise _differs({"a worker": examiner()})
    return _unpacked(packed).examine(submission)
