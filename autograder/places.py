"""Finding where along a network an answer goes wrong: part by part, place by place, with the tolerance that judges.

Only answers whose parts have names (``declare.parts``) can be told apart so. Whatever else a student returned has no
places, and is told as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import permutations

import numpy as np

from autograder.compare import Difference, compare
from autograder.model import Parts, Places, Tolerance
from autograder.values import Value

__all__ = ["fits", "named", "part_at", "places", "reordered"]

MAX_REORDERED = 6
"""Parts of an answer whose order is looked into; of more there are too many."""


def fits(parts: Parts, answer: Value) -> bool:
    """Whether an answer has these parts, and where they run along something, entries for its places."""
    return _columns(parts, answer) is not None


def places(
    parts: Parts, got: Value, want: Value, tolerance: Tolerance, *, scale: float = 1.0
) -> tuple[Places, Difference] | None:
    """Where an answer is wrong, and what is wrong at the first of these places; None if that can't be told."""
    mine, right = _columns(parts, got), _columns(parts, want)
    if not parts.along or mine is None or right is None:
        return None
    if [len(column) for column in mine] != [len(column) for column in right]:
        return None
    count = max(map(len, right), default=0)
    found = {
        (name, place): compare(part, true, tolerance, scale=scale).difference
        for name, column, truth in zip(parts.names, mine, right)
        for place, (part, true) in enumerate(zip(column, truth))
    }
    way = reversed(range(count)) if parts.backward else range(count)
    first = next(
        ((name, place) for place in way for name in parts.order if found.get((name, place)) is not None),
        None,
    )
    if first is None:
        return None
    marks = tuple(
        tuple(found[name, place] is None if (name, place) in found else None for place in range(count))
        for name in parts.order
    )
    name, place = first
    where, difference = _path(parts, name, place), found[first]
    assert difference is not None
    return (
        Places(parts.along, parts.backward, parts.order, marks, (parts.order.index(name), place)),
        Difference(difference.aspect, difference.message, where + difference.where, difference.index),
    )


def _columns(parts: Parts, answer: Value) -> list[Sequence[Value]] | None:
    """The answer part by part; where it runs along something, each part as the entries for the places."""
    columns: list[Value]
    if parts.each:
        rows = answer if isinstance(answer, (tuple, list)) else []
        if not rows or not all(isinstance(row, (tuple, list)) and len(row) == len(parts.names) for row in rows):
            return None
        columns = [list(column) for column in zip(*rows)]
    elif len(parts.names) == 1:
        columns = [answer]
    elif isinstance(answer, (tuple, list)) and len(answer) == len(parts.names):
        columns = list(answer)
    else:
        return None
    entries = [_entries(column) if parts.along else [column] for column in columns]
    whole = [column for column in entries if column is not None]
    return whole if len(whole) == len(entries) else None


def _entries(column: Value) -> Sequence[Value] | None:
    """What stands at each place: the parts of a list, or of an array along axis 0."""
    if isinstance(column, np.ndarray):
        return [np.asarray(entry) for entry in column] if column.ndim else None
    return column if isinstance(column, (tuple, list)) else None


def _path(parts: Parts, name: str, place: int) -> str:
    at = parts.names.index(name)
    if parts.each:
        return f"[{place}][{at}]"
    return f"[{place}]" if len(parts.names) == 1 else f"[{at}][{place}]"


def named(parts: Parts | None, where: str) -> tuple[str, int | None] | None:
    """The part that a path into the answer leads to, and the place in it (from 1), if the path goes that far."""
    path = [int(index) for index in re.findall(r"\[(\d+)\]", where)]
    if parts is None or len(path) < 1 + parts.each:
        return None
    if parts.each:
        path = [path[1], path[0]]
    elif len(parts.names) == 1:
        path = [0, *path]
    if path[0] >= len(parts.names):
        return None
    return parts.names[path[0]], path[1] + 1 if parts.along and len(path) > 1 else None


def part_at(value: Value, where: str) -> Value:
    """The part of an answer that a path leads to; the answer itself if the path leads nowhere."""
    part = value
    for index in re.findall(r"\[(\d+)\]", where):
        if isinstance(part, (tuple, list)) and int(index) < len(part):
            part = part[int(index)]
        elif isinstance(part, np.ndarray) and part.ndim and int(index) < len(part):
            part = np.asarray(part[int(index)])
        else:
            return value
    return part


def reordered(
    parts: Parts, got: Value, want: Value, tolerance: Tolerance, *, scale: float = 1.0
) -> tuple[str, ...] | None:
    """The names of the parts in the order in which a student returned them, if that is all that is wrong."""
    count = len(parts.names)
    if parts.each or not 1 < count <= MAX_REORDERED:
        return None
    if not (isinstance(got, (tuple, list)) and isinstance(want, (tuple, list)) and len(got) == len(want) == count):
        return None
    same = [[compare(part, right, tolerance, scale=scale).ok for right in want] for part in got]
    for order in permutations(range(count)):
        if all(same[at][other] for at, other in enumerate(order)):
            return tuple(parts.names[other] for other in order)
    return None
