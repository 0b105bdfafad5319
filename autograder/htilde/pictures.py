"""Show a matplotlib figure in a notebook, with a text for those who can't see it."""

from __future__ import annotations

import html
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["show"]


def show(figure: Figure, *, alt: str) -> None:
    """Show ``figure`` once as a vector graphic, which a screen reader reads as ``alt``, and close it."""
    import matplotlib.pyplot as plt
    from IPython.display import HTML, display

    drawn = io.StringIO()
    # Without a date and with ids of its own, the same picture is the same text, and two don't share a clip path.
    with plt.rc_context({"svg.hashsalt": alt, "svg.fonttype": "path"}):
        try:
            figure.savefig(drawn, format="svg", metadata={"Date": None})
        finally:
            plt.close(figure)
    svg = drawn.getvalue()[drawn.getvalue().index("<svg") :]
    label = html.escape(alt, quote=True)
    named = f'<svg role="img" aria-label="{label}" style="max-width:100%"'
    display(HTML(svg.replace("<svg", named, 1)))  # type: ignore[no-untyped-call]
