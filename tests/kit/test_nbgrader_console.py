"""nbgrader's log: whatever a folder is called, a line of it is one that was logged."""

from __future__ import annotations

import logging
import sys

import pytest
from htilde.nbgrader.configuration import configure
from htilde.nbgrader.console import CleanFormatter
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.apps import AutogradeApp
from traitlets.config import Config

FORMAT = "[%(name)s | %(levelname)s] %(message)s"
NAMES = st.text(st.sampled_from("ab \n\r\t\x00\x1b\x85\u2028\u202e\u200b\ud800%{}[]|"), max_size=20)


def logged(message: object, *arguments: object, error: bool = False) -> str:
    raised = None
    if error:
        try:
            raise ValueError(message)
        except ValueError:
            raised = sys.exc_info()
    record = logging.LogRecord("nbgrader", logging.ERROR, __file__, 1, message, arguments, raised)
    return CleanFormatter(fmt=FORMAT, color=False).format(record)


@given(NAMES, st.booleans(), st.booleans())
def test_a_name_begins_no_line_and_moves_no_cursor(name: str, formatted: bool, error: bool) -> None:
    """Neither as part of the text, nor as an argument, nor in a traceback."""
    text = logged("Skipping: %s", name, error=error) if formatted else logged(f"Skipping: {name}", error=error)
    first, *more = text.split("\n")
    assert first.startswith("[nbgrader | ERROR] Skipping:") and all(line.startswith("    ") for line in more)
    assert not set("\r\x00\x1b\x85\u2028\u202e\u200b\ud800") & set(text)


def test_a_record_that_doesnt_fit_its_arguments_is_told() -> None:
    """As tornado does; nothing is lost, and nothing raised."""
    assert "Bad message" in logged("%s %s", "one")


def test_nbgraders_commands_log_so(capsys: pytest.CaptureFixture[str]) -> None:
    """By the course's configuration, on standard error as before."""
    found = Config()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "/bin")
        configure(found)
    app = AutogradeApp(config=found)
    app.log.warning("Skipping %s", "a\n[AutogradeApp | ERROR] Not graded: bob.\r[")
    shown = capsys.readouterr().err.splitlines()
    assert shown == ["[AutogradeApp | WARNING] Skipping a", "    [AutogradeApp | ERROR] Not graded: bob.�["]
