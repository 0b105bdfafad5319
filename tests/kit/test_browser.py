"""A student's way through the released notebook in a real JupyterLab: walked once, and here is what was seen."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, chromium, jupyterlab, missing, references
from clone import A1, ROOT
from once import once

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"needs {missing()}")

NOTEBOOK = f"{A1}.ipynb"
WRONG = "def sigmoid_derivative(x):\n    return x * (1 - x)"
RIGHT = "def sigmoid_derivative(x):\n    h = 1 / (1 + np.exp(-np.abs(x)))\n    return h * (1 - h)"


def walk(base: Path) -> None:
    """Do what a student does, in a fresh folder, and write down what the page shows."""
    folder, server, profile = base / "work", base / "server", base / "browser"
    shutil.copytree(ROOT / "assignments" / A1, folder)
    for own in (server, profile):
        own.mkdir()
    seen: dict[str, Any] = {}
    with jupyterlab(folder, server) as address, chromium(profile) as browser:
        try:
            browser.open(address, NOTEBOOK)
            _walk(browser, seen)
        except BaseException as error:
            browser.driver.save_screenshot(str(base / "failed.png"))
            error.add_note(f"What the page looked like: {base / 'failed.png'}")
            raise
    seen["left"] = _left_running(base)
    (base / "seen.json").write_text(json.dumps(seen), encoding="utf-8")


def _walk(browser: Browser, seen: dict[str, Any]) -> None:
    browser.command("notebook:run-all-cells")
    seen["stub"] = browser.text("check_sigmoid_derivative")

    browser.write("sigmoid_derivative", WRONG)
    browser.run("sigmoid_derivative", "check_sigmoid_derivative")
    output = browser.output("check_sigmoid_derivative")
    seen["wrong"] = output.text
    seen["rows"] = [row.text for row in output.find_elements("css selector", "table tr")]
    seen["curve"] = _pictures(browser, "check_sigmoid_derivative")
    seen["validated"] = browser.validate()
    browser.close_dialog()

    browser.write("sigmoid_derivative", RIGHT)
    browser.run("sigmoid_derivative", "check_sigmoid_derivative")
    seen["right"] = browser.text("check_sigmoid_derivative")

    answers = references(A1)
    browser.put(**answers)
    browser.command("notebook:run-all-cells")
    browser.command("docmanager:save")
    *experiments, last = browser.experiments()
    browser.run(last)
    seen["last"] = browser.text(last)
    seen["checks"] = {name: browser.text(f"check_{name}") for name in answers}
    seen["experiments"] = [_pictures(browser, cell) for cell in experiments]
    errors = "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type='application/vnd.jupyter.stderr']"
    seen["errors"] = [error.text for error in browser.driver.find_elements("css selector", errors)]


def _pictures(browser: Browser, cell: str) -> list[dict[str, Any]]:
    """The pictures below a cell, as they are laid out, and what a screen reader says of them."""
    found = browser.output(cell).find_elements("css selector", "svg[role=img]")
    return [
        {
            "says": picture.get_attribute("aria-label"),
            "size": [picture.size["width"], picture.size["height"]],
            "paths": len(picture.find_elements("css selector", "path")),
        }
        for picture in found
    ]


def _left_running(base: Path, patience: float = 10) -> list[str]:
    """Processes that name our folder: server, kernel, browser. They have a moment to end."""
    until = time.monotonic() + patience
    while (found := _naming(base)) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def _naming(base: Path) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = os.fsdecode(path.read_bytes()).replace("\0", " ")
        except OSError:  # has just ended
            continue
        found += [line] if str(base) in line and path.parent.name != str(os.getpid()) else []
    return found


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the student saw."""
    text = (once(tmp_path_factory, "browser", walk) / "seen.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_an_untouched_exercise_is_not_implemented_yet(seen: dict[str, Any]) -> None:
    """Run All on the notebook as it is received: the check says what to do, kindly."""
    assert "0 of 3 points" in seen["stub"] and "Not implemented yet" in seen["stub"]


def test_a_wrong_answer_is_named_and_compared(seen: dict[str, Any]) -> None:
    """A known mistake, typed in: its name, its hint, and a table of the answer beside the right one."""
    assert "It looks like: differentiates the output." in seen["wrong"]
    assert "apply the sigmoid first" in seen["wrong"]
    assert seen["rows"] == ["h_tilde [0.]", "your answer [0.]", "right [0.25]", "differentiates the output [0.]"]


def test_a_wrong_answer_is_drawn_over_the_right_one(seen: dict[str, Any]) -> None:
    """JupyterLab lays the curves out and lets their words through to a screen reader."""
    (curve,) = seen["curve"]
    assert curve["says"].startswith("Your answer and the right one over h_tilde from -6 to 6")
    assert min(curve["size"]) >= 100 and curve["paths"] >= 4  # two curves and their places in the legend


def test_a_right_answer_is_a_green_line(seen: dict[str, Any]) -> None:
    """The mended function, run again: all points, and nothing of the mistake is left."""
    assert "✓ sigmoid_derivative: 3 of 3 points" in seen["right"]
    assert "looks like" not in seen["right"]


def test_validate_shows_the_diagnosis(seen: dict[str, Any]) -> None:
    """nbgrader's button says of a wrong answer what the check said, and of a stub that it is one."""
    assert "sigmoid_derivative: 0 of 3 points" in seen["validated"]
    assert "It looks like: differentiates the output." in seen["validated"]
    assert "sigmoid: 0 of 2 points" in seen["validated"] and "Not implemented yet" in seen["validated"]


def test_the_whole_notebook_is_checked_from_within(seen: dict[str, Any]) -> None:
    """``check()`` in the last cell runs the saved notebook and finds what every single check found."""
    assert all(text.count("✓") == 1 for text in seen["checks"].values())
    assert f"✓ {', '.join(seen['checks'])}" in seen["last"]
    assert f"{NOTEBOOK} as saved at" in seen["last"] and "26 of 26 points so far" in seen["last"]


def test_the_experiments_draw_three_pictures(seen: dict[str, Any]) -> None:
    """With right answers each experiment gives one picture that says what it shows; nothing goes to standard error."""
    for pictures in seen["experiments"]:
        (picture,) = pictures
        assert len(picture["says"]) > 40 and min(picture["size"]) >= 200 and picture["paths"] > 5
    assert len(seen["experiments"]) == 3 and seen["errors"] == []


def test_everything_is_ended(seen: dict[str, Any]) -> None:
    """No server, no kernel and no browser outlives the walk."""
    assert seen["left"] == []
