"""An explanation as it is read: within a terminal, complete, and harmless whatever a student wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
import toys
from clone import ROOT
from graded import graded
from htilde.codes import Code, Note, NoteCode
from htilde.diagnosis.completion import judge
from htilde.examination.judgement import first_failure
from htilde.isolation.calls import Reply, Status
from htilde.model import ExerciseResult, Visibility
from htilde.reports.explanation import Explained, Explanation, explain
from htilde.reports.explanation_faces import MAX_LINES, MAX_PARTS, WARNING, as_json, as_text
from htilde.values import Value

NOTE = Note(NoteCode.CELL_GONE, {"exercise": "double"})
NASTY = "\x1b[2J\u202egood\u2028line"


class Heard:
    """A function in this process, and all that it replied."""

    def __init__(self, function: Callable[..., object]) -> None:
        self._asked, self.replies = toys.live(function), list[list[Reply]]()

    def __call__(self, cases: Sequence[Sequence[Value]], /) -> list[Reply]:
        self.replies.append(self._asked(cases))
        return self.replies[-1]


def explained(function: Callable[..., object], source: str = "def double(x): ...") -> Explanation:
    """What is explained of a function, its property being asked in public and in private."""
    part = toys.exercise(toys.double)
    verdicts, failed = [], []
    for visibility in Visibility:
        heard = Heard(function)
        verdict = judge(part.questions[0], part, visibility, heard, explain=True)
        verdicts.append(verdict)
        failure, _ = first_failure(part.questions[0], heard.replies[0])
        failed += [Explained(verdict, failure)] if failure else []
    result = ExerciseResult(part.name, 2.0, tuple(verdicts))
    reference = "def double(x):\n    return 2 * x"
    return Explanation("toys", "ada", result, part.parameters, tuple(failed), "cell 3", source, reference, (NOTE,))


def raises(x: object) -> object:
    print(f"{NASTY}\nrecorded")
    raise ValueError(f"{NASTY}\nerror: all is well")


def stub() -> Callable[..., object]:
    """The exercise's function as it is handed out."""

    def double(x: object) -> object:
        raise NotImplementedError

    return double


FUNCTIONS: dict[str, Callable[..., object]] = {
    "wrong": toys.adds_two,
    "right": toys.double,
    "raises": raises,
    "long": lambda x: ["word" * 30] * 200,
    "refused": lambda x: iter(()),
    "stub": stub(),
    "wavers": lambda x: 2 * x * (1 + 1e-15 * np.random.default_rng().integers(0, 2, np.shape(x))),
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_whatever_failed_fits_a_terminal(function: Callable[..., object]) -> None:
    """80 columns, no control character, and first of all who may see it."""
    text = as_text(explained(function))
    assert text.startswith(f"{WARNING}\n") and max(map(len, text.splitlines())) <= 80
    assert all(c == "\n" or c.isprintable() for c in text)


def test_a_wrong_answer_stands_beside_the_right_one() -> None:
    """Input, expected, got, and of a public property what the mistake answers; a hint is told once."""
    text = as_text(explained(toys.adds_two))
    assert re.search(
        r"^      x +\[1\.\]\n      expected +\[2\.\]\n      got +\[3\.\]\n      adds two +\[3\.\]$", text, re.M
    )
    assert text.count("It looks like: adds two.") == 2 and text.count("You added two; multiply by it.") == 1
    assert "1. [public] double is_right." in text and "2. [hidden] double is_right." in text
    assert text.count("      got ") == 2, "the hidden one has its input, too"


def test_what_was_raised_and_printed_is_told_in_full() -> None:
    """Quoted line by line, so that none passes for the kit's own; what was told before isn't told again."""
    text = as_text(explained(raises))
    assert "      | error: all is well" in text and not re.search(r"^error: ", text, re.MULTILINE)
    assert text.count("      | recorded") == 2 and text.count("It raised ValueError") == 1
    assert "The same: raised ValueError." in text


def test_without_an_answer_there_is_no_input_to_look_at() -> None:
    """A stub is a stub on every input."""
    text = as_text(explained(stub()))
    assert "expected" not in text and text.count("Not implemented yet") == 1


def test_after_a_time_out_nothing_more_was_asked() -> None:
    """So no input is shown for what would have been next."""
    found = explained(toys.adds_two)
    late = Reply(Status.TIMED_OUT, end={"limit": "call", "seconds": 5.0})
    same = tuple(
        replace(
            each,
            verdict=replace(each.verdict, code=Code.TIMED_OUT, details=late.end, evidence=None),
            failure=replace(each.failure, reply=late),
        )
        for each in found.failed
    )
    text = as_text(replace(found, failed=same))
    assert text.count("expected") == 1 and "Not asked any more: no answer in time before." in text


def test_sources_have_line_numbers_and_an_end() -> None:
    """As messages count them; a long one is cut, and a long reference left out."""
    found = explained(toys.adds_two, source="\n".join(f"x{n} = '{NASTY}'" for n in range(1, MAX_LINES + 5)))
    text = as_text(replace(found, reference="y\n" * MAX_LINES))
    assert (
        "   60  x60 = " in text
        and "x61" not in text
        and not {*NASTY} & {*"\x1b\u202e\u2028"} & {*text}
        and "... and 4 lines more" in text
    )
    assert "The reference:" not in text
    text = as_text(found)
    assert "The reference:\n    1  def double(x):\n    2      return 2 * x" in text
    assert "No cell defines double." in as_text(replace(found, source=""))
    assert "The reference" not in as_text(explained(toys.double)) and "Every property passes." in as_text(
        explained(toys.double)
    )


def test_a_grade_on_record_that_is_another_is_pointed_out() -> None:
    """Nothing is said of one that is the same."""
    found = explained(toys.adds_two)
    assert "on record" not in as_text(replace(found, recorded=0.0))
    assert "The grade on record is 2: something has changed since." in as_text(replace(found, recorded=2.0))


def test_json_is_the_documented_form(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With the keys of docs/json.md, hidden inputs included."""
    shown = as_json(explain(graded(tmp_path_factory), "wrong", "tanh_derivative"))
    blocks = re.findall(r"```json\n(.*?)```", (ROOT / "docs/json.md").read_text(encoding="utf-8"), re.DOTALL)
    documented = next(block for block in map(json.loads, blocks) if "warning" in block)
    assert shown.keys() == documented.keys() and shown["failed"][0].keys() == documented["failed"][0].keys()
    hidden = [one for one in shown["failed"] if one["visibility"] == "hidden"]
    assert hidden and all({"h_tilde", "expected", "got"} <= one["evidence"].keys() for one in hidden)
    assert json.loads(json.dumps(shown)) == shown


def test_what_has_parts_is_told_part_by_part() -> None:
    """Each on a line, with its place; of many a few, and where the others are."""
    found = explained(raises)
    many: list[Value] = [np.array([float(n)]) for n in range(MAX_PARTS + 3)]
    example = replace(found.failed[0].failure.example, arguments=(many,), answer=(np.array([1.0]), 2.0))
    failed = replace(found.failed[0], failure=replace(found.failed[0].failure, example=example))
    rows = [line.split(None, 1) for line in as_text(replace(found, failed=(failed,))).splitlines() if "[" in line]
    assert ["x[0]", "[0.]"] in rows and ["x[5]", "[5.]"] in rows and not any(row[0] == "x[6]" for row in rows)
    assert ["expected[0]", "[1.]"] in rows and ["expected[1]", "2"] in rows
    assert "... and 3 more: --save FILE.py writes them all" in as_text(replace(found, failed=(failed,)))
