"""A submission full of scripts in a real browser: in feedback, and in formgrader within an instructor's session."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from browser import Browser, chromium, jupyterlab, missing
from clone import A1
from graded import copied, gradebook
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook
from once import once
from vectors import VECTORS

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"needs {missing()}")

TRAP = "window.pwned = 0; window.pwn = () => { window.pwned += 1 }"
PROVOKE = """
for (const element of document.querySelectorAll('body *'))
    for (const name of ['mouseover', 'focus', 'load', 'error', 'toggle', 'begin', 'start', 'animationstart'])
        element.dispatchEvent(new Event(name));
for (const link of document.querySelectorAll('main a, .rendered_html a'))
    if (!link.href.startsWith('http')) link.click();
"""
LOOK = """return {
    pwned: window.pwned,
    fetched: performance.getEntriesByType('resource').map(entry => entry.name),
    math: [...document.querySelectorAll('math')].map(math => math.getBoundingClientRect().height),
    pictures: [...document.images].map(image => image.naturalWidth),
}"""


def look(browser: Browser, address: str) -> dict[str, Any]:
    """What a page does when it is opened, and when everything in it is touched."""
    browser.driver.get(address)
    found = browser.driver.execute_script(f"{PROVOKE}; {LOOK}")
    stayed = re.split("[?#]", browser.driver.current_url)[0].rstrip("/") == address.rstrip("/")
    return found | {"stayed": stayed, "log": [entry["message"] for entry in browser.driver.get_log("browser")]}


def walk(base: Path, root: Path) -> None:
    """Open each page once and write down what it did."""
    seen: dict[str, Any] = {}
    stored = root / "autograded" / "acting" / A1 / f"{A1}.ipynb"
    unsafe = new_notebook(cells=[new_markdown_cell(v) for v in VECTORS if v.startswith(("<img", "<svg", "[x](java"))])
    for name, book in (("unsafe", unsafe), ("stored", nbformat.read(stored, as_version=4))):
        page = HTMLExporter(template_name="classic").from_notebook_node(book)[0]
        (base / f"{name}.html").write_text(page, encoding="utf-8")
    with gradebook(root) as found:
        submission = found.find_submission_notebook(A1, A1, "acting").id
    for own in ("server", "browser"):
        (base / own).mkdir()
    with jupyterlab(root, base / "server") as address, chromium(base / "browser") as browser:
        browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": TRAP})
        for name in ("unsafe", "stored"):
            seen[name] = look(browser, (base / f"{name}.html").as_uri())
        seen["feedback"] = look(browser, (root / "feedback" / "acting" / A1 / f"{A1}.html").as_uri())
        seen["formgrader"] = look(browser, f"{address}/formgrader/submissions/{submission}/")
        ready = "return document.querySelectorAll('input.score[placeholder]').length && MathJax.loaded"
        browser.until(lambda: browser.driver.execute_script(ready), "formgrader shows the scores")
        seen["address"] = address
        seen["scores"] = browser.driver.execute_script(
            "return [...document.querySelectorAll('input.score')].map(score => score.placeholder)"
        )
        seen["name"] = browser.driver.execute_script(
            "document.querySelector('span.glyphicon.name-hidden').click();"
            "return document.querySelector('a.name-shown').checkVisibility()"
        )
    (base / "seen.json").write_text(json.dumps(seen), encoding="utf-8")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the pages did."""

    def make(folder: Path) -> None:
        walk(folder, copied(tmp_path_factory, folder / "course", "acting"))

    text = (once(tmp_path_factory, "browser_pages", make) / "seen.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_submission_does_what_it_can(seen: dict[str, Any]) -> None:
    """Shown by nbconvert as it is handed in, it runs: these tests would see it."""
    assert seen["unsafe"]["pwned"] > 5


@pytest.mark.parametrize("page", ["feedback", "formgrader", "stored"])
def test_nothing_runs_and_nobody_is_led_away(seen: dict[str, Any], page: str) -> None:
    """Neither on the kit's pages nor where what is stored is shown without them, be everything in them touched."""
    assert seen[page]["pwned"] == 0 and seen[page]["stayed"]


def test_nothing_is_fetched(seen: dict[str, Any]) -> None:
    """Feedback is one file; formgrader asks for nbgrader's own files and grades, and for nothing else of its server."""
    fetched = [name for name in seen["feedback"]["fetched"] if not name.startswith("data:")]
    assert fetched == []
    own = tuple(f"{seen['address']}/formgrader/{part}/" for part in ("static", "api", "fonts"))
    fetched = [name for name in seen["formgrader"]["fetched"] if not name.startswith("data:")]
    assert len(fetched) > 10 and [name for name in fetched if not name.startswith(own)] == []


@pytest.mark.parametrize("page", ["feedback", "formgrader"])
def test_formulas_and_pictures_are_shown(seen: dict[str, Any], page: str) -> None:
    """The browser sets the formulas; a student's own pictures are there, beside the notebook and pasted into it."""
    assert len(seen[page]["math"]) > 10 and min(seen[page]["math"]) > 5
    assert seen[page]["pictures"] == [1, 1]


def test_formgrader_works_as_before(seen: dict[str, Any]) -> None:
    """Scores are loaded, a name can be shown, and the browser had nothing of nbgrader's to refuse."""
    assert {*seen["scores"]} == {"2", "3"} and seen["name"]
    assert [message for message in seen["formgrader"]["log"] if "favicon" not in message] == []
