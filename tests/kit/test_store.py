"""The verdict store: found by content, believed only where it may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import toys
from htilde.codes import Note, NoteCode
from htilde.examination import store as module
from htilde.examination.paper import Paper
from htilde.examination.store import Store, examiner
from htilde.model import Examination, ExerciseResult, Kind, Limits, Verdict, Visibility
from htilde.submissions.steps import Ask, Run, Submission

VERDICT = Verdict("f", "p", {"en": "c"}, Visibility.PUBLIC, Kind.MAIN)
DONE = Examination("toys", (ExerciseResult("f", 3.0, (VERDICT,)),))
NOTE = Note(NoteCode.CELL_GONE, {"exercise": "f"})
SHORT = replace(DONE, cut_short=True)
PAPER = toys.paper(toys.exercise(), toys.exercise(toys.pair))
HANDED_IN = Submission((Run("cell 1", "def f(x): return x"), Ask("f")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "verdicts"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_kept_is_found_again(folder: Path) -> None:
    """By another run, too: without points, with the time and the kit; nothing else lies in the folder."""
    kept = Store(folder).keep("ab12", DONE)
    assert kept == Store(folder).find("ab12") and kept.examination == DONE.worth({}) and kept.kit == examiner()
    assert Store(folder).find("ab13") is None and len(files(folder)) == 1


@pytest.mark.parametrize("spoil", [lambda raw: raw[:-1], lambda raw: b"", lambda raw: raw[:-9] + b"x" + raw[-8:]])
def test_a_damaged_entry_counts_as_none(folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    """Cut off, empty or changed; it is written over as if it weren't there."""
    Store(folder).keep("ab12", DONE)
    (path,) = files(folder)
    path.write_bytes(spoil(path.read_bytes()))
    assert Store(folder).find("ab12") is None
    Store(folder).keep("ab12", DONE)
    assert Store(folder).find("ab12") is not None


def test_a_verdict_cut_short_is_believed_when_a_second_run_agrees(folder: Path) -> None:
    """A busy machine can't freeze a zero: the run itself has it, the next examines again, and then it stays."""
    first = Store(folder)
    first.keep("ab12", SHORT)
    assert first.find("ab12") is not None and Store(folder).find("ab12") is None
    first.keep("ab12", SHORT)  # twice in one run is once
    assert Store(folder).find("ab12") is None
    Store(folder).keep("ab12", SHORT)
    assert Store(folder).find("ab12") is not None


def test_two_runs_that_disagree_settle_nothing(folder: Path) -> None:
    """Two different verdicts that were cut short."""
    Store(folder).keep("ab12", SHORT)
    Store(folder).keep("ab12", replace(SHORT, notes=(NOTE,)))
    assert Store(folder).find("ab12") is None


def test_again_means_in_this_run(folder: Path) -> None:
    """What another run has examined isn't there, what this one has is."""
    Store(folder).keep("ab12", DONE)
    again = Store(folder, again=True)
    assert again.find("ab12") is None
    again.keep("ab12", DONE)
    assert again.find("ab12") is not None


def test_code_that_wasnt_locked_in_is_examined_anew_where_it_can_be(folder: Path) -> None:
    """Verdicts on it are found only where it can't be locked in either."""
    Store(folder, unprotected=True).keep("ab12", replace(DONE, unprotected="no seccomp"))
    assert Store(folder, unprotected=True).find("ab12") is not None and Store(folder).find("ab12") is None


def paper(**changes: object) -> Paper:
    return replace(PAPER, **changes)  # type: ignore[arg-type]


OTHERS = {
    "a cell": (Submission((Run("cell 1", "def f(x): return 2"), Ask("f"))), [PAPER], Limits()),
    "a cell's number": (Submission((Run("cell 2", "def f(x): return x"), Ask("f"))), [PAPER], Limits()),
    "the order": (Submission(tuple(reversed(HANDED_IN.steps))), [PAPER], Limits()),
    "a remark": (replace(HANDED_IN, notes=(NOTE,)), [PAPER], Limits()),
    "a limit": (HANDED_IN, [PAPER], Limits(call_seconds=1)),
    "the questions": (HANDED_IN, [paper(exercises=PAPER.exercises[:-1])], Limits()),
    "a translation": (
        HANDED_IN,
        [PAPER.with_translations({"ko": {text["en"]: "다" for text in PAPER.texts}}, language="en")],
        Limits(),
    ),
    "another paper": (HANDED_IN, [PAPER, PAPER], Limits()),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_whatever_examines_or_is_examined_is_in_the_key(
    folder: Path, other: tuple[Submission, list[Paper], Limits]
) -> None:
    """If it is another, so is the key."""
    store = Store(folder)
    assert store.key(HANDED_IN, [PAPER], Limits()) != store.key(*other)


def test_another_kit_has_another_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Version, code, Python and NumPy are one text."""
    key = Store(folder).key(HANDED_IN, [PAPER], Limits())
    monkeypatch.setattr(module, "examiner", lambda: "another")
    assert Store(folder).key(HANDED_IN, [PAPER], Limits()) != key


def test_no_language_is_in_the_key(folder: Path) -> None:
    """A verdict reads in any, so one that was made for a course in English stands when it is taught in Korean."""
    store = Store(folder)
    assert store.key(HANDED_IN, [PAPER], Limits()) == store.key(HANDED_IN, [paper(language="ko")], Limits())


def test_points_are_not_in_the_key(folder: Path) -> None:
    """A course may change them without a new examination."""
    store = Store(folder)
    priced = PAPER.with_points(dict.fromkeys((part.name for part in PAPER.exercises), 9.0))
    assert store.key(HANDED_IN, [PAPER], Limits()) == store.key(HANDED_IN, [priced], Limits())
