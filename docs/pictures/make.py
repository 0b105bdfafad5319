"""Make the pictures of the docs anew: ``make pictures``. It needs chromium and chromedriver and takes two minutes."""

from __future__ import annotations

import base64
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "autograder"), str(HERE.parents[1] / "tests" / "kit")]

from browser import Browser, chromium, jupyterlab, missing, references  # noqa: E402
from clone import A1, REAL, ROOT, SOURCES, clone  # noqa: E402

if TYPE_CHECKING:
    from selenium.webdriver.remote.webelement import WebElement

WRONG = "def sigmoid_derivative(x):\n    return x * (1 - x)"
STUDENT, MISTAKEN = "mistake-no-square", "tanh_derivative"
WIDTH, MOST = 900, 120_000
"""The width of a picture in pixels, and the most bytes that it may have."""
PLAIN = ".jp-cell-toolbar, .jp-Collapser, .anchor-link, .jp-RawCell { display: none !important }"


def take(browser: Browser, name: str, elements: Sequence[WebElement], *, margin: int = 8) -> None:
    """Save a small picture of the area that these elements cover together."""
    boxes = [browser.driver.execute_script("return arguments[0].getBoundingClientRect().toJSON()", e) for e in elements]
    x, y = min(box["left"] for box in boxes) - margin, min(box["top"] for box in boxes) - margin
    right, bottom = max(box["right"] for box in boxes) + margin, max(box["bottom"] for box in boxes) + margin
    top = browser.driver.execute_script("return window.scrollY")
    clip = {"x": max(x, 0), "y": max(y, 0) + top, "width": right - x, "height": bottom - y, "scale": 1}
    shot = browser.driver.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
    picture = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
    picture = picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.LANCZOS)
    path = HERE / f"{name}.png"
    picture.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    if (size := path.stat().st_size) > MOST:
        sys.exit(f"{path.name} has {size} bytes, more than {MOST}.")
    print(f"{path.name}: {picture.width} x {picture.height}, {size / 1000:.0f} kB")


def plain(browser: Browser, css: str = PLAIN) -> None:
    """Hide the elements that a picture needn't show."""
    script = "document.head.appendChild(document.createElement('style')).textContent = arguments[0]"
    browser.driver.execute_script(script, css)


def notebook_pictures(base: Path) -> None:
    """Take pictures of a diagnosis and of an experiment in a student's notebook."""
    folder = base / "work"
    shutil.copytree(ROOT / "assignments" / A1, folder)
    with jupyterlab(folder, base) as address, chromium(base, width=1080, height=1400, scale=2) as browser:
        browser.open(address, f"{A1}.ipynb")
        browser.command("application:toggle-left-area")
        plain(browser)
        browser.put(**references(A1))
        browser.command("notebook:run-all-cells")
        depth = browser.experiments()[1]
        browser.look_at(depth, "center")
        take(browser, "depth", browser.output(depth).find_elements("css selector", "svg[role=img]"), margin=0)
        browser.put(sigmoid_derivative=WRONG)
        browser.run("sigmoid_derivative", "check_sigmoid_derivative", "check_sigmoid")
        browser.look_at("check_sigmoid_derivative", "center")
        cells = ("sigmoid_derivative", "check_sigmoid_derivative")
        parts = ".jp-Cell-inputArea, .jp-OutputArea-child"
        take(
            browser, "diagnosis", [e for cell in cells for e in browser.cell(cell).find_elements("css selector", parts)]
        )


def class_pictures(base: Path) -> None:
    """Take pictures of the demo's class in formgrader, of a feedback page and of a report."""
    course = clone(base / "course", of=REAL).root
    subprocess.run([sys.executable, "-m", "htilde", "demo"], cwd=course, check=True, capture_output=True)
    demo = course / ".demo"
    with jupyterlab(demo, base) as address, chromium(base, width=1080, height=1400, scale=2) as browser:
        driver = browser.driver
        driver.get(f"{address}/formgrader/manage_submissions/{A1}")
        browser.until(lambda: driver.find_elements("css selector", "tbody td a"), "formgrader lists the class")
        # The class has ids and no names, and handed in without a date.
        driver.execute_script("$('table').DataTable().columns([0, 2]).visible(false)")
        rows = driver.find_elements("css selector", "table tr")
        take(browser, "class", [row for row in rows if row.is_displayed()][:16])
        driver.get(f"file://{demo}/feedback/{STUDENT}/{A1}/{A1}.html")
        plain(browser, ".anchor-link { display: none }")
        find = "return [...document.querySelectorAll('.cell')].filter(cell => cell.textContent.includes(arguments[0]))"
        cells = [driver.execute_script(find, text)[0] for text in (f"def {MISTAKEN}", f'check("{MISTAKEN}')]
        driver.execute_script("arguments[0].scrollIntoView()", cells[0])
        take(browser, "feedback", cells, margin=0)
        report_picture(browser, demo)


def report_picture(browser: Browser, demo: Path) -> None:
    """Take a picture of the top of the report on the demo's class."""
    command = [sys.executable, "-m", "htilde", "report", A1]
    subprocess.run(command, cwd=demo, env=os.environ | {"PYTHONPATH": str(SOURCES)}, check=True, capture_output=True)
    browser.driver.get(f"file://{demo}/reports/{A1}.html")
    plain(browser, "nav { display: none } body { max-width: 52rem !important }")
    take(browser, "report", browser.driver.find_elements("css selector", "header, .causes tr:nth-child(-n+5)")[:6])


def main() -> None:
    """Make all pictures."""
    if absent := missing():
        sys.exit(f"The pictures need {absent}.")
    for make in (notebook_pictures, class_pictures):
        with tempfile.TemporaryDirectory() as base:
            make(Path(base))


if __name__ == "__main__":
    main()
