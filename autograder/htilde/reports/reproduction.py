"""Write values as Python, and what failed as a small file to paste into a notebook.

The student's code is not in the file: it would run there as whoever opens it.
"""

from __future__ import annotations

import pprint
import textwrap
from collections.abc import Iterator, Sequence

import numpy as np

from htilde.characters import clean
from htilde.distributions import Law, Sample
from htilde.examination.allowance import distances
from htilde.isolation.calls import Status
from htilde.language import choose
from htilde.reports.explanation import Explained, Explanation
from htilde.telling.messages import message
from htilde.telling.outline import likely
from htilde.telling.wording import show
from htilde.values import Array, Refused, Rng, Value, leaves

__all__ = ["MARK", "literal", "reproduction"]

MARK = "# For instructors: holds hidden inputs. Don't hand it on.\n"
"""The first line of the file."""
WIDTH = 100
MAX_ENTRIES = 2_000
"""Of an answer that is written out; questions always are."""


def literal(value: Value) -> str:
    """Return a Python expression with this value, given ``numpy as np``, ``inf`` and ``nan``.

    What has no values of its own, a law or what the kit refused to read, becomes a text that tells what it is.
    """
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, Rng):
        return f"np.random.default_rng({value.seed})"
    if isinstance(value, (Law, Sample, Refused)):
        return ascii(clean(show(value)))
    if isinstance(value, tuple):
        return _around("(", ")", [*map(literal, value)])
    if isinstance(value, list):
        return _around("[", "]", [*map(literal, value)])
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!a}: {literal(part)}' for key, part in value.items())}}}"
    return ascii(value)


def _around(first: str, last: str, parts: Sequence[str]) -> str:
    """Write the parts on one line, or each on its own; a last comma makes a tuple of one."""
    inside = ", ".join(parts) + "," * (len(parts) == 1)
    if len(inside) <= WIDTH:
        return f"{first}{inside}{last}"
    lines = textwrap.indent(",\n".join(parts), "    ")
    return f"{first}\n{lines},\n{last}"


_NAMES = {np.dtype(bool): "bool_", np.dtype(np.clongdouble): "clongdouble", np.dtype(np.longdouble): "longdouble"}
"""Dtypes whose names aren't those of NumPy's types, or not on every machine."""


def _array(array: Array) -> str:
    kind = array.dtype
    name = f"np.{_NAMES.get(kind, kind.name)}"
    if kind in _NAMES and kind.kind != "b":  # digits that differ from machine to machine
        array = array.astype(np.complex128 if kind.kind == "c" else np.float64)
    if not array.size:
        return f"np.zeros({array.shape}, {name})"
    if kind.kind == "c":  # the text of a complex number isn't always read back as that number
        pairs = np.stack([array.real, array.imag], axis=-1).astype(np.float64)
        exact = f"{_array(pairs)}.view(np.complex128)[..., 0]"
        return exact if kind == np.complex128 else f"{exact}.astype({name})"
    entries = pprint.pformat(array.tolist(), width=WIDTH, compact=True)
    return f"np.array({entries})" if kind in (np.float64, np.bool_) else f"np.array({entries}, {name})"


def reproduction(explanation: Explanation) -> str:
    """Return a file in cells, one for each property that failed: its input, what is right, what came back."""
    name = explanation.result.name
    head = (
        f"{MARK}# {explanation.student}, {explanation.assignment}, {name}: where it failed, and what is right there.\n"
        f"# Each cell asks your {name}, if there is one.\n\n"
        "import numpy as np\nfrom numpy import inf, nan  # noqa: F401\n"
    )
    return "\n".join([head, *("\n".join(_cell(explanation, failed)) + "\n" for failed in explanation.failed)])


def _cell(explanation: Explanation, failed: Explained) -> Iterator[str]:
    verdict, example, reply = failed.verdict, failed.failure.example, failed.failure.reply
    yield f"# %% {verdict.name} ({verdict.visibility}, {verdict.kind})"
    for text in (choose(verdict.claim), message(verdict), likely(verdict), *map(choose, verdict.hints)):
        yield from (f"# {line}" for line in textwrap.wrap(clean(text), WIDTH - 2))
    for parameter, argument in zip(explanation.parameters, example.arguments):
        yield f"{parameter} = {literal(argument)}"
    yield f"expected = {literal(example.answer)}"
    if reply.status is Status.ANSWERED:
        size = sum(part.size if isinstance(part, np.ndarray) else 1 for _, part in leaves(reply.value))
        yield f"got = {literal(reply.value) if size <= MAX_ENTRIES else ascii(clean(show(reply.value)))}"
    near = [float(distances(part).max(initial=0.0)) for _, part in leaves(example.allowed) if part is not None]
    if near:
        yield f"# right within {max(near):.1e}, in some entries perhaps within less"
    call = f"{explanation.result.name}({', '.join(explanation.parameters)})"
    yield f'if "{explanation.result.name}" in globals():\n    print({call})'
