# Neither bleach nor jinja2 and nbconvert have types everywhere.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""Make students' prose, code and pictures safe for pages that others read.

nbgrader shows them in feedback and, within the instructor's own Jupyter session, in formgrader. A script there could do
all that the instructor can, and so could the address of a picture. Therefore nothing runs, nothing is fetched, and
formulas are MathML, which needs no script.
"""

from __future__ import annotations

import functools
import html
import mimetypes
import re
import unicodedata
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import bleach
from bs4 import BeautifulSoup, Tag
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from htilde.language import _
from htilde.prose.formulas import mathml
from htilde.submissions.pictures import ATTACHMENT, BESIDE, Pictures

__all__ = ["acts", "at_rest", "highlight_code", "markdown2html", "prose"]

_TAGS = """
    a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6
    hr i img ins kbd li ol p pre s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var
""".split()  # noqa: SIM905
_TEX = {"tex-inline": False, "tex-display": True}
"""The classes with which the renderer marks formulas, and whether these are displayed on a line of their own."""
_ATTRIBUTES: dict[str, Any] = {
    # Neither classes nor ids: formgrader finds its own fields by them, and with them a text could cover the page.
    "*": ["title"],
    "a": ["href"],
    "code": lambda _tag, name, value: name == "class" and value in _TEX,
    "img": ["alt", "src"],
    "ol": ["start"],
    "td": ["align", "colspan", "rowspan"],
    "th": ["align", "colspan", "rowspan", "scope"],
}
_PROTOCOLS = ("http", "https", "mailto", ATTACHMENT.rstrip(":"))
_SHOWN = frozenset("\n\t\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}\N{SOFT HYPHEN}")
"""Invisible characters that are kept, because scripts and emoji need them."""
_ADDRESS = re.compile(r"(https?://|mailto:)\S+\Z", re.IGNORECASE)
_SHOWN_FILES = re.compile(
    r"(image/(?!svg)|audio/|video/|text/(plain|csv|tab-separated-values|markdown)\Z|application/(json|pdf|zip)\Z)"
)
_PLACE = re.compile("\ue000([0-9]+)\ue001")
"""The placeholder of a formula. Nobody can type it, because these characters are replaced in what is typed."""
_PASTED = re.compile(
    rf"!\[(?:[^\[\]\n]|\[[^\[\]\n]{{0,100}}\]){{0,200}}\]"
    rf"\({ATTACHMENT}(?P<name>(?:[^()\n]|\([^()\n]{{0,100}}\)){{0,200}})\)"
)
_MATHJAX_HTML = re.compile(r"\\(href|class|cssId|style|require|unicode)(?![A-Za-z])")

_LONGEST = 20_000
"""The most characters of a cell. Converting and cleaning take time with the square of nested tags."""


class _Renderer(IPythonRenderer):
    """A renderer that marks formulas and doesn't colour code, whose lexer would be the student's choice."""

    def __init__(self) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.languages: set[str] = set()

    def inline_math(self, body: str) -> str:
        return f'<code class="tex-inline">{html.escape(body)}</code>'

    def block_math(self, body: str) -> str:
        return f'<code class="tex-display">{html.escape(body)}</code>'

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        name = "th" if head else "td"
        return f'<{name} align="{align}">{text}</{name}>\n' if align else f"<{name}>{text}</{name}>\n"

    def task_list_item(self, text: str, checked: bool = False) -> str:
        return f"<li>{'☑' if checked else '☐'} {text}</li>\n"

    def block_code(self, code: str, info: str | None = None) -> str:
        self.languages.add((info or "").partition(" ")[0])
        return f"<pre><code>{html.escape(code)}</code></pre>\n"

    def _embed_image_or_attachment(self, src: str) -> str:
        return src


def prose(
    source: str,
    *,
    pictures: Pictures | None = None,
    attachments: Mapping[str, Mapping[str, str]] | None = None,
    clickable: bool = True,
) -> str:
    """Convert Markdown to HTML without scripts, styles, frames, forms, event handlers and anything from other sites.

    ``attachments`` are those of its cell, by name and type. With ``clickable``, links to other sites are links, else
    their addresses are text. A source that is too long, or can't be converted, is shown as it was typed.
    """
    source = _visible(source)
    if len(source) <= _LONGEST:
        try:
            cached = _without_pictures(source, clickable)
            if cached is not None:
                return cached
            return _finished(_cleaned(_converted(source)), pictures, clickable, attachments or {})
        except Exception:  # one cell must not cost its author the page
            pass
    return f"<pre>{html.escape(source)}</pre>"


@functools.lru_cache(maxsize=256)
def _without_pictures(source: str, clickable: bool) -> str | None:
    """Return the HTML of prose without pictures, which is cached; None if it has pictures."""
    page = _cleaned(_converted(source))
    return None if "<img" in page else _finished(page, None, clickable, {})


@pass_context
def markdown2html(context: Context, source: str, cell: Mapping[str, Any] | None = None) -> str:
    """Convert Markdown to HTML, as a template filter that replaces nbconvert's in feedback and in formgrader.

    ``cell`` is the cell of the source, by default the template's current one. In formgrader links aren't clickable,
    because an address could be one of the instructor's own Jupyter server.
    """
    resources: Any = context.get("resources") or {}
    cell = cell or context.get("cell") or {}
    return prose(
        source,
        pictures=_pictures(resources),
        attachments=cell.get("attachments"),
        clickable=bool(resources.get("nbgrader")),
    )


def highlight_code(source: str, language: str | None = None, metadata: Mapping[str, Any] | None = None) -> str:
    """Highlight Python code, without characters that turn the direction of writing or hide text."""
    source = _visible(source)
    if len(source) > _LONGEST:
        return f'<div class="highlight"><pre>{html.escape(source)}</pre></div>'
    return _highlighted(source)


@functools.lru_cache(maxsize=256)
def _highlighted(source: str) -> str:
    return str(Highlight2HTML()(source))


def at_rest(source: str, attached: Collection[str] = ()) -> str:
    """Return Markdown that does no harm even where nbgrader shows it without this module.

    formgrader keeps the configuration with which its server was started, which needn't be the course's. Most prose
    stays as it is; what holds more than plain Markdown is put in a fence, which shows it as it was typed. ``attached``
    names the pictures that its cell holds, because nbgrader fails at one that isn't there.
    """
    lost = _("(a picture was pasted here and can't be shown: paste it as PNG or JPEG)")
    source = _PASTED.sub(lambda found: found[0] if found["name"] in attached else lost, source)
    if _is_plain(source, attached):
        return source
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", source)), default=0))
    return f"{_('(Shown as it was typed:)')}\n\n{fence}text\n{source}\n{fence}"


def acts(path: str) -> bool:
    """Return True if a browser could run the file when formgrader serves it: a page, a drawing, a program.

    formgrader serves what lies beside an autograded notebook from the address of the instructor's Jupyter server.
    """
    kind, encoding = mimetypes.guess_type(path)
    return encoding is None and kind is not None and not _SHOWN_FILES.match(kind)


def _visible(text: str) -> str:
    text = text.replace("\r\n", "\n")
    hidden = {c for c in set(text) - _SHOWN if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs")}
    return text.translate({ord(c): "\N{REPLACEMENT CHARACTER}" for c in hidden})


def _converted(source: str, renderer: _Renderer | None = None) -> str:
    return str(MarkdownWithMath(renderer=renderer or _Renderer()).render(source))


def _cleaned(page: str) -> str:
    return str(bleach.clean(page, tags=_TAGS, attributes=_ATTRIBUTES, protocols=_PROTOCOLS))


def _finished(
    page: str, pictures: Pictures | None, clickable: bool, attachments: Mapping[str, Mapping[str, str]]
) -> str:
    """Return a clean page with its formulas, pictures and links replaced."""
    soup = BeautifulSoup(page, "html.parser")
    _show_entities(soup)
    formulas: list[str] = []
    for code in soup.find_all("code", class_=list(_TEX)):
        _set(code, formulas, display=_TEX[code["class"][0]])
    for image in soup.find_all("img"):
        address, text = str(image.get("src", "")), str(image.get("alt", ""))
        if pictures is not None and (url := pictures.url(address, attachments)) is not None:
            image["src"] = url
        else:
            image.replace_with(f"[{_('picture')}: {text} {address}]")
    for link in soup.find_all("a"):
        address = str(link.attrs.pop("href", ""))
        if not _ADDRESS.match(address):
            link.unwrap()
        elif clickable:
            link["href"], link["rel"] = address, "noopener noreferrer"
        else:
            link.append(f" ({address})" if link.get_text() != address else "")
            link.unwrap()
    return _PLACE.sub(lambda found: formulas[int(found[1])], str(soup))


def _show_entities(soup: BeautifulSoup) -> None:
    """Replace invisible characters that were written as entities, too."""
    for text in soup.find_all(string=lambda string: string != _visible(string)):
        text.replace_with(_visible(text))
    for tag in soup.find_all(True):
        tag.attrs = {name: _visible(value) if isinstance(value, str) else value for name, value in tag.attrs.items()}


def _set(code: Tag, formulas: list[str], *, display: bool) -> None:
    """Put a placeholder in the place of a formula, or the formula as it was typed if it can't be set."""
    tex = code.get_text()
    if (formula := mathml(tex, display=display)) is not None:
        code.name, code.attrs = "span", {}  # replacing each here would take time with the square of their number
        code.string = f"\ue000{len(formulas)}\ue001"
        formulas.append(formula)
        return
    mark = "$$" if display else "$"
    del code["class"]
    code.string = f"{mark}{tex}{mark}"


_MARKUP = re.compile(
    rf"""</?(?:{"|".join(_TAGS)})
    (?: [ ] (?: href="(?P<link>[^"<>]*)" | src="(?P<picture>[^"<>]*)"
      | (?:title|alt|align|start)="[^"<>]*" | class="tex-[a-z]+" ) )*
    (?:[ ]/)?>""",
    re.VERBOSE,
)
"""A tag as the converter writes it, which every parser of HTML reads in the same way."""


def _is_plain(source: str, attached: Collection[str]) -> bool:
    if (
        len(source) > _LONGEST
        or _visible(html.unescape(source)) != html.unescape(source)
        or _MATHJAX_HTML.search(source)
    ):
        return False
    renderer = _Renderer()
    try:
        page = _converted(source, renderer)
    except Exception:  # nbgrader might fail as well
        return False
    known = renderer.languages <= {"", "python", "py", "ipython", "text"}
    own = {f"{ATTACHMENT}{name}" for name in attached}
    harmless = all(_is_harmless(tag, own) for tag in _MARKUP.finditer(page))
    return known and harmless and "<" not in _MARKUP.sub("", page)


def _is_harmless(tag: re.Match[str], own: Collection[str]) -> bool:
    """Return True if a tag fetches only what lies beside the notebook, and doesn't link to the server that shows it."""
    link, picture = (html.unescape(tag[name] or "x") for name in ("link", "picture"))
    return bool((picture in own or BESIDE.match(picture)) and (BESIDE.match(link) or _ADDRESS.match(link)))


def _pictures(resources: Any) -> Pictures | None:
    """Return the pictures beside the notebook that is shown, with one budget for the whole page."""
    folder = (resources.get("metadata") or {}).get("path")
    if folder is None:
        return None
    if "htilde_pictures" not in resources:
        resources["htilde_pictures"] = Pictures(Path(folder))
    found: Pictures = resources["htilde_pictures"]
    return found
