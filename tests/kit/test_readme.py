"""The README shows real output, and its commands exist."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from clone import A1, ROOT, SOURCES

README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """Return the first fenced block of a language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def test_the_diagnosis_is_the_one_that_a_student_gets(tmp_path: Path) -> None:
    """The output shown for the answer shown is what the kit prints, to the letter."""
    (tmp_path / f"{A1}.py").write_text(block("python"), encoding="utf-8")
    shutil.copy(ROOT / "assignments" / A1 / f"{A1}.paper", tmp_path)
    command = [sys.executable, "-m", "htilde", "check", f"{A1}.py", "--exercise", "sigmoid_derivative"]
    environment = os.environ | {"PYTHONPATH": str(SOURCES)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith(block("text") + "\n") and done.returncode == 1


def test_its_commands_are_targets() -> None:
    """Each 'make' command of the README is a target of the Makefile; the demo and the tests are both there."""
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    commands = re.findall(r"^\$ make (\S+)", README, re.MULTILINE)
    assert commands == ["demo", "test"] and set(commands) <= set(targets)


def test_every_page_is_linked_once() -> None:
    """The README is the index of the docs: each page has one link there."""
    linked = sorted(re.findall(r"\]\((docs/[\w-]+\.md|benchmarks/README\.md)\)", README))
    assert linked == sorted([*(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")), "benchmarks/README.md"])
