"""Sentences about the outcomes of exercises on a GPU."""

from __future__ import annotations

import pytest
from htilde.codes import Details, GpuCode
from htilde.model import GpuRow
from htilde.telling.gpu_messages import gpu_message
from samples import ON_GPU


@pytest.mark.parametrize(("code", "details", "text"), ON_GPU)
def test_every_row_about_a_gpu_has_a_sentence(code: GpuCode, details: Details, text: str) -> None:
    """And is right, wrong or not asked."""
    row = GpuRow("mul", code, details)
    assert gpu_message(row) == text
    assert row.right is {"right": True, "wrong_on_cpu": None, "draws_on_cpu": None}.get(code, False)
