"""Find where along a network an answer goes wrong: part by part, place by place, with the question's tolerance.

Only answers whose parts have names (``declare.parts``) have places. What is wrong with any other answer is described
without them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np

from htilde.examination.allowance import Allowance
from htilde.examination.compare import Difference, compare
from htilde.model import Parts, Places
from htilde.values import Value

__all__ = ["fits", "named", "part_at", "places", "reordered"]

GATE = "gate"
"""What an answer runs along whose places are blocks of columns."""

_STEP = r"\[(\w+)\]"

MAX_REORDERED = 7
"""The most parts of an answer whose orders are tried."""


def fits(parts: Parts, answer: Value) -> bool:
    """Tell whether an answer has these parts and, where they run along something, entries for its places."""
    return _taken_apart(parts, answer) is not None


def places(parts: Parts, got: Value, want: Value, allowed: Allowance) -> tuple[Places | None, Difference] | None:
    """Return where an answer is wrong, and what is wrong at the first of these places; None if that isn't known.

    There are no Places, but still a difference, if all is right that has a place.
    """
    mine, right, near = (_taken_apart(parts, value) for value in (got, want, allowed))
    if not parts.along or mine is None or right is None or near is None:
        return None
    if [(row.name, len(row.entries)) for row in mine] != [(row.name, len(row.entries)) for row in right]:
        return None
    found = {
        row.name: [
            compare(part, true, distance).difference
            for part, true, distance in zip(row.entries, truth.entries, permitted.entries)
        ]
        for row, truth, permitted in zip(mine, right, near)
    }
    running = [row for row in right if row.runs]
    beside = [row for row in right if not row.runs]
    count = max((len(row.entries) for row in running), default=0)
    way = reversed(range(count)) if parts.backward else range(count)
    order = [(row, place) for place in way for row in running if place < len(row.entries)]
    order += [(row, 0) for row in beside]
    first = next(((row, place) for row, place in order if found[row.name][place] is not None), None)
    if first is None:
        return None
    row, place = first
    difference = found[row.name][place]
    assert difference is not None
    told = replace(difference, where=row.paths[place] + difference.where)
    if not row.runs:
        return None, told
    marks = tuple(
        tuple(found[row.name][at] is None if at < len(row.entries) else None for at in range(count)) for row in running
    )
    return Places(
        parts.along,
        parts.backward,
        tuple(row.name for row in running),
        marks,
        (running.index(row), place),
        parts.gates if parts.along == GATE else (),
        tuple(dict.fromkeys(row.part for row in beside if found[row.name][0] is not None)),
    ), told


@dataclass(frozen=True, slots=True)
class _Row:
    """A part of an answer, or the columns of one gate in it: what stands at each place and the paths that lead there.

    A row that doesn't ``run`` along anything has one entry.
    """

    part: str
    name: str
    entries: Sequence[Value]
    paths: Sequence[str]
    runs: bool


def _taken_apart(parts: Parts, answer: Value) -> list[_Row] | None:
    """Return the answer row by row, in the order of computation; None if it hasn't this form."""
    columns = _columns(parts, answer)
    if columns is None:
        return None
    rows: list[_Row] = []
    for name in parts.order or parts.names:
        at = parts.names.index(name)
        found = _rows(parts, name, columns[at], "" if len(parts.names) == 1 else f"[{at}]")
        if found is None:
            return None
        rows += found
    return rows


def _columns(parts: Parts, answer: Value) -> list[Value] | None:
    """Return the answer part by part; None if it hasn't this form."""
    if parts.each:
        rows = answer if isinstance(answer, (tuple, list)) else []
        if not rows or not all(isinstance(row, (tuple, list)) and len(row) == len(parts.names) for row in rows):
            return None
        return [list(column) for column in zip(*rows)]
    if len(parts.names) == 1:
        return [answer]
    if isinstance(answer, (tuple, list)) and len(answer) == len(parts.names):
        return list(answer)
    return None


def _rows(parts: Parts, name: str, column: Value, path: str) -> list[_Row] | None:
    """Return the rows of one part; None if it hasn't this form."""
    gated = name in parts.gated
    if parts.along == GATE and gated:
        blocks = _blocks(parts, column)
        return (
            None
            if blocks is None
            else [_Row(name, name, blocks, [f"{path}[{gate}]" for gate in parts.gates], runs=True)]
        )
    runs = bool(parts.along) and name not in parts.once and parts.along != GATE
    entries = _entries(column) if runs else [column]
    if entries is None:
        return None
    paths = [path]
    if runs:
        paths = [f"[{place}]{path}" if parts.each else f"{path}[{place}]" for place in range(len(entries))]
    if not gated:
        return [_Row(name, name, entries, paths, runs)]
    split = [_blocks(parts, entry) for entry in entries]
    whole = [blocks for blocks in split if blocks is not None]
    if len(whole) < len(split):
        return None
    return [
        _Row(name, f"{name}[{gate}]", [blocks[at] for blocks in whole], [f"{path}[{gate}]" for path in paths], runs)
        for at, gate in enumerate(parts.gates)
    ]


def _blocks(parts: Parts, entry: Value) -> list[Value] | None:
    """Return the columns of each gate, in order; None if they can't be divided."""
    if not isinstance(entry, np.ndarray) or not entry.ndim or entry.shape[-1] % len(parts.gates):
        return None
    return [np.asarray(block) for block in np.split(entry, len(parts.gates), axis=-1)]


def _entries(column: Value) -> Sequence[Value] | None:
    """Return the entry at each place: the parts of a list, or of an array along axis 0."""
    if isinstance(column, np.ndarray):
        return [np.asarray(entry) for entry in column] if column.ndim else None
    return column if isinstance(column, (tuple, list)) else None


def named(parts: Parts | None, where: str) -> tuple[str, str] | None:
    """Return the part that a path leads to and the place in it, which is empty if there is none; None if no part is."""
    path = re.findall(_STEP, where)
    if parts is None or len(path) < 1 + parts.each:
        return None
    if parts.each:
        path = [path[1], path[0]]
    elif len(parts.names) == 1:
        path = ["0", *path]
    if not path[0].isdigit() or int(path[0]) >= len(parts.names):
        return None
    name = parts.names[int(path[0])]
    if not parts.along or name in parts.once or len(path) == 1:
        return name, ""
    gate = next((step for step in path[1:] if not step.isdigit()), "")
    if parts.along == GATE:
        return name, gate
    return f"{name}[{gate}]" if gate else name, str(int(path[1]) + 1)


def part_at(value: Value, where: str, parts: Parts | None = None) -> Value:
    """Return the part of an answer that a path leads to; the answer itself if the path leads nowhere."""
    part = value
    for index in re.findall(_STEP, where):
        if not index.isdigit():
            blocks = _blocks(parts, part) if parts is not None and index in parts.gates else None
            if parts is None or blocks is None:
                return value
            part = blocks[parts.gates.index(index)]
        elif isinstance(part, (tuple, list)) and int(index) < len(part):
            part = part[int(index)]
        elif isinstance(part, np.ndarray) and part.ndim and int(index) < len(part):
            part = np.asarray(part[int(index)])
        else:
            return value
    return part


def reordered(parts: Parts, got: Value, want: Value, allowed: Allowance) -> tuple[str, ...] | None:
    """Return the names of the parts in the order in which they came, if nothing but the order is wrong."""
    count = len(parts.names)
    if parts.each or not 1 < count <= MAX_REORDERED:
        return None
    if not (isinstance(got, (tuple, list)) and isinstance(want, (tuple, list)) and len(got) == len(want) == count):
        return None
    near = allowed if isinstance(allowed, (tuple, list)) and len(allowed) == count else [None] * count
    same = [[compare(part, right, distance).ok for right, distance in zip(want, near)] for part in got]
    for order in permutations(range(count)):
        if all(same[at][other] for at, other in enumerate(order)):
            return tuple(parts.names[other] for other in order)
    return None
