"""A worker is started, or says why not."""

from __future__ import annotations

import pytest
from htilde.errors import GraderFault
from htilde.isolation.sandbox import Worker
from htilde.model import Limits


def test_a_worker_that_doesnt_start_is_the_kits_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken installation is a grader fault with the last line of what Python said, never a zero."""
    monkeypatch.setattr("htilde.isolation.sandbox._BOOTSTRAP", "raise RuntimeError('no such luck')")
    with pytest.raises(GraderFault, match="RuntimeError: no such luck") as caught:
        Worker(Limits())
    assert "doctor" in caught.value.next_step
