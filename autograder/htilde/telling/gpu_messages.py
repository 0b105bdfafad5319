"""Sentences about the outcomes of exercises on a GPU, in the language that is spoken."""

from __future__ import annotations

from typing import Any

from htilde.codes import Code, Details, GpuCode
from htilde.language import _
from htilde.model import GpuRow
from htilde.telling.messages import code_message
from htilde.telling.phrases import error_text, where

__all__ = ["gpu_message"]


def gpu_message(row: GpuRow) -> str:
    """Return how an exercise came out on a GPU, and what to do if it didn't stay there."""
    details: Any = row.details
    if row.code is GpuCode.WRONG:
        text = code_message(Code(details["code"]), details["details"], row.exercise)
        return _("Wrong on the GPU: {message}").format(message=text)
    if row.code is GpuCode.ENDED:
        return _ended_on_gpu(row.exercise, Code(details["code"]), details["details"])
    if row.code in (GpuCode.LEFT, GpuCode.STAYS_BEHIND):
        return f"{_left_gpu(row.code, details)} {_maker(details)}".strip()
    return {
        GpuCode.RIGHT: _("Right, and it stays on the GPU."),
        GpuCode.WRONG_ON_CPU: _("Not asked: it isn't right on the CPU yet."),
        GpuCode.DRAWS_ON_CPU: _("Not asked: NumPy's random generators draw on the CPU."),
    }[row.code]


def _ended_on_gpu(name: str, code: Code, details: Details) -> str:
    if code is not Code.RAISED:
        return _("On the GPU: {message}").format(message=code_message(code, details, name))
    place = _("In {where}").format(where=where(details)) if "line" in details else ""
    return f"{_('On the GPU it ends with {error}.').format(error=error_text(details))} {place}".strip()


def _left_gpu(code: GpuCode, details: Details) -> str:
    if code is GpuCode.LEFT:
        return _("Arrays on the GPU came in, and NumPy's own came out.")
    place = where(details) or _("a place that isn't known")
    return _("It stays on the CPU in {where}.").format(where=place)


def _maker(details: Details) -> str:
    """Return what makes an array on the CPU, and what to write instead."""
    if "maker" not in details:
        return ""
    name = str(details["maker"]).removeprefix("np.")
    if instead := details["instead"]:
        text = _("np.{name} makes an array on the CPU; {instead} makes one where its argument is.")
        return text.format(name=name, instead=instead)
    return _("np.{name} makes an array on the CPU.").format(name=name)
