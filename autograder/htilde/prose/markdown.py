# Neither bleach nor jinja2 and nbconvert have types everywhere.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""What students write, made fit for the pages of others: their prose, their code, their pictures.

nbgrader shows it in feedback and, within the instructor's own Jupyter session, in formgrader: a script there could do
all that the instructor can, and so could the address of a picture. So nothing acts, nothing is fetched, and
formulas are MathML, for which no script is needed.
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
"""The classes by which the renderer marks formulas, and whether they stand on a line of their own."""
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
"""Of the characters that can't be seen, those without which scripts and signs fall apart."""
_ADDRESS = re.compile(r"(https?://|mailto:)\S+\Z", re.IGNORECASE)
_SHOWN_FILES = re.compile(
    r"(image/(?!svg)|audio/|video/|text/(plain|csv|tab-separated-values|markdown)\Z|application/(json|pdf|zip)\Z)"
)
_PLACE = re.compile("\ue000([0-9]+)\ue001")
"""Where a formula goes. Nobody can type it, for these characters aren't shown."""
_PASTED = re.compile(
    rf"!\[(?:[^\[\]\n]|\[[^\[\]\n]{{0,100}}\]){{0,200}}\]"
    rf"\({ATTACHMENT}(?P<name>(?:[^()\n]|\([^()\n]{{0,100}}\)){{0,200}})\)"
)
_MATHJAX_HTML = re.compile(r"\\(href|class|cssId|style|require|unicode)(?![A-Za-z])")

_LONGEST = 20_000
"""Characters of one cell. What converts and cleans takes time with the square of nested tags."""


class _Renderer(IPythonRenderer):
    """Marks formulas, and colours no code: which of many lexers reads it would be the student's choice."""

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
    """Markdown to HTML without scripts, styles, frames, forms, event handlers and anything from elsewhere.

    ``attachments`` are what its cell holds, by name and type. ``clickable`` says whether links to other sites are
    links, or addresses to be read. What is too long, or can't be converted, is shown as it was typed.
    """
    source = _visible(source)
    if len(source) <= _LONGEST:
        try:
            still = _still(source, clickable)
            if still is not None:
                return still
            return _finished(_cleaned(_converted(source)), pictures, clickable, attachments or {})
        except Exception:  # one cell must not cost its author the page
            pass
    return f"<pre>{html.escape(source)}</pre>"


@functools.lru_cache(maxsize=256)
def _still(source: str, clickable: bool) -> str | None:
    """Prose without pictures, most of which is the same on everybody's page; None if there are some."""
    page = _cleaned(_converted(source))
    return None if "<img" in page else _finished(page, None, clickable, {})


@pass_context
def markdown2html(context: Context, source: str, cell: Mapping[str, Any] | None = None) -> str:
    """The filter that takes the place of nbconvert's, in feedback and in formgrader.

    ``cell`` is whose source it is; without it, as with nbconvert's, the template's own.

    In formgrader nothing can be clicked: an address there might be one of the instructor's own Jupyter server.
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
    """Code as it is read, with nothing in it that turns the direction of writing or hides. It is Python's always."""
    source = _visible(source)
    if len(source) > _LONGEST:
        return f'<div class="highlight"><pre>{html.escape(source)}</pre></div>'
    return _highlighted(source)


@functools.lru_cache(maxsize=256)
def _highlighted(source: str) -> str:
    return str(Highlight2HTML()(source))


def at_rest(source: str, attached: Collection[str] = ()) -> str:
    """Markdown that does no harm even where nbgrader shows it without this module.

    formgrader keeps the configuration with which its server was started, which needn't be the course's. Most prose
    stays to the letter; what holds more than plain Markdown is put between marks that show it as it was typed.
    ``attached`` names the pictures that its cell holds; nbgrader fails at one that isn't there.
    """
    lost = _("(a picture was pasted here and can't be shown: paste it as PNG or JPEG)")
    source = _PASTED.sub(lambda found: found[0] if found["name"] in attached else lost, source)
    if _is_plain(source, attached):
        return source
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", source)), default=0))
    return f"{_('(Shown as it was typed:)')}\n\n{fence}text\n{source}\n{fence}"


def acts(path: str) -> bool:
    """Whether formgrader would hand a browser this file as something that can act: a page, a drawing, a program.

    It serves what lies beside an autograded notebook, from the address of the instructor's Jupyter server.
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
    """With formulas, pictures and links as they shall be."""
    soup = BeautifulSoup(page, "html.parser")
    _show_all(soup)
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


def _show_all(soup: BeautifulSoup) -> None:
    """What was hidden in the form of an entity is shown, too."""
    for text in soup.find_all(string=lambda string: string != _visible(string)):
        text.replace_with(_visible(text))
    for tag in soup.find_all(True):
        tag.attrs = {name: _visible(value) if isinstance(value, str) else value for name, value in tag.attrs.items()}


def _set(code: Tag, formulas: list[str], *, display: bool) -> None:
    """Keep a place for a formula as MathML, or put it between its marks as it was typed."""
    tex = code.get_text()
    if (formula := mathml(tex, display=display)) is not None:
        code.name, code.attrs = "span", {}  # to replace each would take the square of their number
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
"""A tag as the converter writes it: all who read HTML read it alike."""


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
    except Exception:  # whoever shows it might fail as well
        return False
    known = renderer.languages <= {"", "python", "py", "ipython", "text"}
    own = {f"{ATTACHMENT}{name}" for name in attached}
    tame = all(_leads_nowhere(tag, own) for tag in _MARKUP.finditer(page))
    return known and tame and "<" not in _MARKUP.sub("", page)


def _leads_nowhere(tag: re.Match[str], own: Collection[str]) -> bool:
    """Nothing is fetched but what lies beside the notebook, and no link leads into the server that shows it."""
    link, picture = (html.unescape(tag[name] or "x") for name in ("link", "picture"))
    return bool((picture in own or BESIDE.match(picture)) and (BESIDE.match(link) or _ADDRESS.match(link)))


def _pictures(resources: Any) -> Pictures | None:
    """Those beside the notebook that is being shown; counted for the whole page."""
    folder = (resources.get("metadata") or {}).get("path")
    if folder is None:
        return None
    if "htilde_pictures" not in resources:
        resources["htilde_pictures"] = Pictures(Path(folder))
    found: Pictures = resources["htilde_pictures"]
    return found
