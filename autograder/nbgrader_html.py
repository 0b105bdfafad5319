"""What students write in Markdown, made fit for the pages of others.

nbgrader shows it in feedback and, within the instructor's own Jupyter session, in formgrader: a script there
could do all that the instructor can.
"""

from __future__ import annotations

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
_MATHJAX_HTML = re.compile(r"\\(href|class|cssId|style|require)\b")


def markdown2html(source: str) -> str:
    """Markdown to HTML without scripts, styles, frames, forms and event handlers; mathematics stays."""
    safe = bleach.clean(convert(source), tags=_TAGS.split(), attributes=_ATTRIBUTES)
    return _MATHJAX_HTML.sub(r"\1", safe)
