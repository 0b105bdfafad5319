"""The codes of verdicts and notes: closed lists, each with plain details. ``telling`` makes sentences of them.

``telling/schema.json`` gives the details of each code and their types; docs/json.md explains them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

__all__ = [
    "STRICT",
    "UNSEEN",
    "Code",
    "Details",
    "GpuCode",
    "Note",
    "NoteCode",
    "Plain",
    "distinct",
    "is_plain",
]

Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"
"""A value that JSON can hold. Numbers that it can't hold are written as by ``evidence.number``."""
Details: TypeAlias = Mapping[str, Plain]


class Code(StrEnum):
    """The outcome of a property."""

    PASSED = "passed"
    NOT_IMPLEMENTED = "not_implemented"
    WAITS_FOR = "waits_for"
    """It calls another function, which isn't implemented."""
    NO_FUNCTION = "no_function"
    NOT_CALLABLE = "not_callable"
    CELL_FAILED = "cell_failed"
    """The cell that should define the function raised."""
    CELL_TIMED_OUT = "cell_timed_out"
    CELL_DIED = "cell_died"
    RAISED = "raised"
    NEEDS_PACKAGE = "needs_package"
    """It, or the cell that should define it, uses a package that isn't there while grading."""
    WAITS_FOR_INPUT = "waits_for_input"
    TIMED_OUT = "timed_out"
    PROCESS_LOST = "process_lost"
    RETURNED_NOTHING = "returned_nothing"
    WRONG_STRUCTURE = "wrong_structure"
    WRONG_SHAPE = "wrong_shape"
    WRONG_DTYPE = "wrong_dtype"
    NOT_FINITE = "not_finite"
    WRONG_VALUES = "wrong_values"
    WRONG_LAW = "wrong_law"
    WRONG_ORDER = "wrong_order"
    CLOSE = "close_but_not_exact"
    WAVERS = "wavers"
    """Asked the same question twice, it gave two answers."""
    CHANGED_ARGUMENT = "changed_argument"
    """The answer is right, but an argument that has to stay as it is was changed."""
    STRICT = "strict"
    """The answer is right, but the course takes a kind of note for a loss."""


UNSEEN: Mapping[Code, tuple[Code, frozenset[str]]] = {
    **{code: (code, frozenset[str]()) for code in Code},
    **dict.fromkeys(
        (Code.NOT_IMPLEMENTED, Code.WAITS_FOR, Code.RAISED, Code.NEEDS_PACKAGE, Code.WAITS_FOR_INPUT),
        (Code.RAISED, frozenset[str]()),
    ),
    **dict.fromkeys(
        (Code.NO_FUNCTION, Code.NOT_CALLABLE, Code.CELL_FAILED, Code.CELL_TIMED_OUT, Code.CELL_DIED),
        (Code.NO_FUNCTION, frozenset({"call"})),
    ),
    **dict.fromkeys((Code.RETURNED_NOTHING, Code.WRONG_STRUCTURE), (Code.WRONG_STRUCTURE, frozenset[str]())),
    Code.WRONG_ORDER: (Code.WRONG_VALUES, frozenset()),
    Code.WAVERS: (Code.WAVERS, frozenset({"random"})),
    Code.STRICT: (Code.STRICT, frozenset()),
    Code.CHANGED_ARGUMENT: (Code.CHANGED_ARGUMENT, frozenset()),
}
"""For each code the one that stands for it in the verdict on a hidden property, and the details that are kept.

A student's function sees the hidden input, so nothing is kept that it could choose: few codes, and only details that
the paper gives. ``judgement`` adds what a public property of the same exercise has shown already.
"""


class NoteCode(StrEnum):
    """The kinds of remarks that cost no points: on a call, an exercise or a submission."""

    CHANGED_IN_PLACE = "changed_in_place"
    WARNED = "warned"
    EXTRA_DIMENSIONS = "extra_dimensions"
    WIDER_DTYPE = "wider_dtype"
    LIST = "list"
    """A list or a tuple of equal numbers or arrays stands where an array is asked for."""
    WHOLE_NUMBERS = "whole_numbers"
    """Integers stand where floating-point numbers are asked for, all of which are whole."""
    CALLS_WRONG = "calls_wrong"
    """A wrong exercise calls others that are wrong: there is one mistake, not two."""
    SKIPPED = "skipped"
    """A line of IPython's own was left out."""
    CELL_RAISED = "cell_raised"
    CELL_TIMED_OUT = "cell_timed_out"
    CELL_DIED = "cell_died"
    CELLS_REPEATED = "cells_repeated"
    CELL_GONE = "cell_gone"
    CHECK_GONE = "check_gone"
    CHECK_CHANGED = "check_changed"
    FILE_RENAMED = "file_renamed"
    """The file that was checked isn't called as it should be."""
    COPIES_BESIDE = "copies_beside"
    """Beside the file that was checked lie others that look like copies of it."""
    MORE = "more"
    """There are more notes than are listed."""


STRICT: Mapping[str, NoteCode] = {
    "lists": NoteCode.LIST,
    "whole_numbers": NoteCode.WHOLE_NUMBERS,
    "extra_dimensions": NoteCode.EXTRA_DIMENSIONS,
    "wider_dtype": NoteCode.WIDER_DTYPE,
    "changed_in_place": NoteCode.CHANGED_IN_PLACE,
    "warnings": NoteCode.WARNED,
}
"""The kinds of notes that a course may take for losses, by their keys in ``grading.toml``."""


class GpuCode(StrEnum):
    """The outcome of an exercise on a GPU."""

    RIGHT = "right"
    WRONG_ON_CPU = "wrong_on_cpu"
    """It wasn't asked, for it isn't right on the CPU."""
    DRAWS_ON_CPU = "draws_on_cpu"
    """It wasn't asked, for NumPy's generators draw on the CPU."""
    WRONG = "wrong"
    ENDED = "ended"
    """It raised, or didn't answer."""
    LEFT = "left"
    """Arrays went in on the GPU and came out off it."""
    STAYS_BEHIND = "stays_behind"
    """Arrays on the GPU met others that aren't there."""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark that costs no points."""

    code: NoteCode
    details: Details = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, *sorted(self.details)))


def distinct(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return each note once, in order."""
    return tuple(dict.fromkeys(notes))


def is_plain(thing: object) -> bool:
    """Tell whether something is made of what JSON holds, and of nothing else."""
    if isinstance(thing, dict):
        return all(isinstance(key, str) and is_plain(part) for key, part in thing.items())
    if isinstance(thing, list):
        return all(map(is_plain, thing))
    return thing is None or isinstance(thing, (str, int, float, bool))
