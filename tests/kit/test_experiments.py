"""The page of experiments says what was measured, all of it and nothing else, and can be written anew."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from clone import ROOT

DOCS = ROOT / "docs"
FOLDER = DOCS / "experiments"
FIGURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
LARGEST = 60_000
"""Bytes of a figure."""


@pytest.fixture(scope="module")
def make() -> ModuleType:
    """``docs/experiments/make.py``, which isn't run by being imported."""
    spec = importlib.util.spec_from_file_location("make_experiments", FOLDER / "make.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def results() -> Any:
    """What was measured when the page was written."""
    return json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def text() -> str:
    """The words of the page, with places for numbers."""
    return (FOLDER / "text.md").read_text(encoding="utf-8")


def test_every_number_is_the_measured_one(make: ModuleType, results: Any, text: str) -> None:
    """The page is its text with the stored results filled in, to the last byte."""
    page = (DOCS / "experiments.md").read_text(encoding="utf-8")
    assert page == make.fill(text, results) and "{{" not in page
    assert len(make.PLACE.findall(text)) > 60


def test_what_the_words_say_holds(make: ModuleType, results: Any, text: str) -> None:
    """Each claim stands in the text in these words, and the stored results bear it out."""
    assert make.untrue(results, text) == []


def test_a_claim_that_doesnt_hold_is_told(make: ModuleType, results: Any, text: str) -> None:
    """Were He's network not to learn, or the words others, nothing would be written."""
    other = json.loads(json.dumps(results))
    other["training"]["he"]["rate_0"]["loss"] = 0.9
    assert make.untrue(other, text) == ["learns at every one of the rates"]
    assert make.untrue(results, text.replace("with larger ones", "with others")) == ["with larger ones it explodes"]


def test_every_figure_is_there_and_told_in_words() -> None:
    """Each one that is linked exists and is small, none is left over, and its alt text has numbers in it."""
    page = (DOCS / "experiments.md").read_text(encoding="utf-8")
    found = {DOCS / link: alt for alt, link in FIGURE.findall(page)}
    assert set(found) == set(FOLDER.glob("*.png")) and len(found) == 10
    assert all(path.stat().st_size < LARGEST for path in found)
    assert all(len(alt.split()) > 15 and re.search(r"\d", alt) for alt in found.values())


@pytest.mark.parametrize(
    ("number", "said"),
    [(0.0, "0"), (3.4e-7, "3·10⁻⁷"), (67370.0, "7·10⁴"), (0.0012, "0.0012"), (2284.9, "2285"), (1.66, "1.7")],
)
def test_powers_of_ten_are_for_what_is_far_from_one(make: ModuleType, number: float, said: str) -> None:
    """Between a thousandth and ten thousand a number stands as it is."""
    assert make.power(number) == said


def test_a_place_without_a_number_is_told(make: ModuleType) -> None:
    """By its whole name."""
    assert make.fill("{{a.b:.1f}} of {{n}}", {"a": {"b": 0.25}, "n": 3}) == "0.2 of 3"
    with pytest.raises(KeyError, match=r"a\.c"):
        make.fill("{{a.c}}", {"a": {"b": 0.25}})


def shape(found: Any) -> Any:
    return {name: shape(part) for name, part in found.items()} if isinstance(found, dict) else None


def test_a_short_run_writes_the_whole_page(tmp_path: Path, results: Any) -> None:
    """With a few layers and steps of the real course's reference solutions: all figures, and every number by name."""
    command = [sys.executable, "-W", "error", str(FOLDER / "make.py"), "--short", "--into", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    written = {path.name for path in (tmp_path / "experiments").iterdir()}
    assert written == {path.name for path in FOLDER.glob("*.png")} | {"results.json"}
    found = json.loads((tmp_path / "experiments" / "results.json").read_text(encoding="utf-8"))
    assert shape(found) == shape(results)
    assert found["depth"]["layers"] < results["depth"]["layers"]
    assert "{{" not in (tmp_path / "experiments.md").read_text(encoding="utf-8")
    assert "training ..." in done.stderr  # progress
