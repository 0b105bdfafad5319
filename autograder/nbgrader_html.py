"""What students write in Markdown, made fit for the pages of others.

nbgrader shows it in feedback and, within the instructor's own Jupyter session, in formgrader: a script there
could do all that the instructor can.
"""

from __future__ import annotations

import html
import re

import bleach  # type: ignore[import-untyped]  # its types are a package of their own
from nbconvert.filters import markdown2html as convert

__all__ = ["markdown2html"]

_TAGS = """
    a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6
    hr i img ins kbd li ol p pre s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var
"""
_ATTRIBUTES = {
    "*": ["class", "id", "title"],
    "a": ["href"],
    "img": ["alt", "height", "src", "width"],
    "ol": ["start"],
    "td": ["align", "colspan", "rowspan"],
    "th": ["align", "colspan", "rowspan", "scope"],
}
_MATHJAX_HTML = re.compile(r"\\(href|class|cssId|style|require)(?![A-Za-z])")

_LONGEST = 20_000
"""Characters of one cell. What converts and cleans takes time with the square of nested tags."""


def markdown2html(source: str) -> str:
    """Markdown to HTML without scripts, styles, frames, forms and event handlers; mathematics stays.

    What is too long, or can't be converted, is shown as it was typed.
    """
    if len(source) <= _LONGEST:
        try:
            return _without_mathjax_html(bleach.clean(convert(source), tags=_TAGS.split(), attributes=_ATTRIBUTES))
        except Exception:  # one cell must not cost its author the page
            pass
    return _without_mathjax_html(f"<pre>{html.escape(source)}</pre>")


def _without_mathjax_html(page: str) -> str:
    return _MATHJAX_HTML.sub(r"\1", page)
