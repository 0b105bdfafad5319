"""Check that students are told of each edge before it is asked of them."""

from __future__ import annotations

from collections.abc import Iterator

from htilde.authoring.declarations import Declarations
from htilde.authoring.master import Master
from htilde.declare import Property
from htilde.model import Kind

__all__ = ["unannounced"]

_LANGUAGE = "en"
"""The language of the notebook in which ``announced`` quotes it."""


def unannounced(declarations: Declarations, master: Master) -> Iterator[Property]:
    """Yield each edge whose ``announced`` words stand nowhere where a student would read them before answering.

    That is the exercise's stub, the text between the code cell before and the stub, or the notebook's first text.
    Edges without such words aren't looked at.
    """
    for declared in (*declarations.public.properties, *declarations.hidden.properties):
        quoted = declared.announced if declared.kind is Kind.EDGE else ""
        if quoted and _plain(quoted) not in _plain(_read_before(master, declared.exercise)):
            yield declared


def _read_before(master: Master, exercise: str) -> str:
    """Return the notebook's first text, the texts above an exercise, and its stub."""
    cells = master.in_language(_LANGUAGE)
    at = next(number for number, cell in enumerate(cells) if cell.exercise == exercise)
    above: list[str] = []
    for cell in reversed(cells[:at]):
        if cell.is_code:
            break
        above.append(cell.source)
    first = next((cell.source for cell in cells if not cell.is_code), "")
    return "\n".join([first, *reversed(above), master.stub(exercise)])


def _plain(text: str) -> str:
    """Return a text on one line, without the marks of comments."""
    return " ".join(text.replace("#", " ").split())
