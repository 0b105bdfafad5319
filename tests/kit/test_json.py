"""An examination as JSON: the documented form, which the schema holds for every code and every real verdict."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import htilde
import jsonschema
import numpy as np
import pytest
import toys
from asking import DOUBLE, examined
from htilde.codes import UNSEEN, Code, Details, GpuCode, Note, NoteCode
from htilde.evidence import Evidence, excerpt
from htilde.language import speaking
from htilde.model import Examination, ExerciseResult, GpuRow, OnGpu, Places, Verdict, Visibility
from htilde.telling.json import as_json, gpu_json, mistaken_for
from hypothesis import given
from samples import HIDDEN, NOTES, ON_GPU, PLACES, PUBLIC, verdict

SCHEMA = Path(htilde.__file__).parent / "telling" / "schema.json"


@cache
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found


def validate(plain: Any, definition: str = "") -> None:
    """Raise ValidationError unless plain values are what the schema, or one of its definitions, describes."""
    chosen = {"$ref": f"#/$defs/{definition}", "$defs": schema()["$defs"]} if definition else schema()
    jsonschema.Draft202012Validator(chosen).validate(json.loads(json.dumps(plain, allow_nan=False)))


def whole(*verdicts: Verdict, notes: tuple[Note, ...] = ()) -> Examination:
    return Examination("toys", (ExerciseResult("f", 2.0, verdicts, notes=notes),), papers=("x",), notes=notes)


def test_the_schema_is_one() -> None:
    """And its lists of codes are those of the kit."""
    jsonschema.Draft202012Validator.check_schema(schema())
    for name, codes in (("verdict", Code), ("note", NoteCode), ("on_gpu", GpuCode)):
        listed = [each["properties"]["code"]["const"] for each in schema()["$defs"][name]["oneOf"]]
        assert listed == [code.value for code in codes]
    assert schema()["$defs"]["code"]["enum"] == [code.value for code in Code]


@pytest.mark.parametrize(("code", "details", "_text"), [*PUBLIC, *HIDDEN])
def test_the_schema_holds_for_every_code(code: Code, details: Details, _text: str) -> None:
    """With every form of its details, as a whole document."""
    validate(as_json(whole(verdict(code, details), verdict(code, details, places=PLACES))))


@pytest.mark.parametrize(("code", "details", "_text"), NOTES)
def test_the_schema_holds_for_every_note(code: NoteCode, details: Details, _text: str) -> None:
    """On a property, an exercise and a submission."""
    note = Note(code, details)
    validate(as_json(whole(verdict(notes=(note,)), notes=(note,))))


def test_the_schema_holds_for_every_row_about_a_gpu() -> None:
    """In the document of a check on a GPU."""
    rows = tuple(GpuRow(f"f{at}", code, details) for at, (code, details, _) in enumerate(ON_GPU))
    found = gpu_json(OnGpu("A GPU", rows))
    validate(as_json(whole(verdict())) | {"gpu": found})
    assert {row["code"] for row in found["exercises"].values()} == {code.value for code in GpuCode}


@pytest.mark.parametrize("key", ["got", "unknown", "errror"])
def test_the_schema_refuses_details_of_another_code(key: str) -> None:
    """A detail that a code hasn't, or a code that the kit hasn't, is an error."""
    with pytest.raises(jsonschema.ValidationError):
        validate(as_json(whole(verdict(Code.RAISED, {key: "x"}))))
    plain = as_json(whole(verdict()))
    plain["exercises"]["f"]["properties"][0]["code"] = "odd"
    with pytest.raises(jsonschema.ValidationError):
        validate(plain)


@given(toys.values(), toys.values())
def test_the_schema_holds_for_any_evidence(got: Any, right: Any) -> None:
    """Whatever an answer is."""
    found = Evidence({"x": excerpt(got)}, excerpt(got), excerpt(right), {"adds_two": excerpt(right)})
    validate(found.to_plain(), "evidence")


def test_of_each_code_the_hidden_form_is_one_of_few() -> None:
    """The samples of what can be told of a hidden property are those that ``UNSEEN`` gives."""
    assert {code for code, _, _ in HIDDEN} == {code for code, _ in UNSEEN.values()}


SUBMISSIONS = [
    "def double(x):\n    return x + 2",
    "def double(x):\n    return 2.00001 * x",
    "def double(x):\n    return None",
    "def double(x):\n    return [x, {'a': x}, 'text', 1j * x]",
    "def double(x):\n    x *= 2\n    print(x)\n    return x[None]",
    "import torch\ndef double(x):\n    return torch.exp(x)",
    "%time\n1 / 0",
    "while True: pass",
    "import os\nos._exit(1)",
    "def double(x):\n    return again(x)",
    "import numpy as np\ndef double(x):\n    return np.full(x.shape, np.nan)",
]


@pytest.mark.parametrize("source", SUBMISSIONS)
def test_the_schema_holds_for_what_a_submission_comes_to(source: str) -> None:
    """From the cell to the document, hidden properties among them; in Korean with the same codes and details."""
    papers = [toys.paper(DOUBLE), toys.paper(DOUBLE, visibility=Visibility.HIDDEN)]
    found = examined(source, papers=papers)
    plain = as_json(found)
    validate(plain)
    with speaking("ko"):
        korean = as_json(found)
    for one, other in zip(plain["exercises"]["double"]["properties"], korean["exercises"]["double"]["properties"]):
        assert (one["code"], one["details"], one["evidence"]) == (other["code"], other["details"], other["evidence"])
        assert one["passed"] or one["message"] != other["message"]


def test_where_it_is_wrong_has_a_form() -> None:
    """Null, or the first wrong part with its place, and every wrong place of each part."""
    found = Examination(
        "toys", (ExerciseResult("f", 2.0, (verdict(places=PLACES),)), ExerciseResult("g", 2.0, (verdict(),)))
    )
    plain = as_json(found)
    validate(plain)
    assert plain["exercises"]["g"]["places"] is None
    assert plain["exercises"]["f"]["places"] == {
        "along": "layer",
        "count": 3,
        "first": {"part": "dW", "place": 2},
        "wrong": {"dh_tilde": [1], "dW": [1, 2]},
        "beside": [],
    }
    gates = Places("gate", False, ("dW",), ((True, False),), (0, 1), ("i", "f"), ("dx",))
    assert as_json(whole(verdict(places=gates)))["exercises"]["f"]["places"] == {
        "along": "gate",
        "count": 2,
        "first": {"part": "dW", "place": "f"},
        "wrong": {"dW": ["f"]},
        "beside": ["dx"],
    }


@pytest.mark.parametrize(
    ("names", "form"), [((), None), (("sign",), "sign"), (("sign", "factor"), ["sign", "factor"])], ids=str
)
def test_a_misconception_has_its_form(names: tuple[str, ...], form: object) -> None:
    """No name is null, one is text, several are a list."""
    assert mistaken_for(verdict(mistakes=names)) == form


def test_nothing_of_a_students_is_dirty() -> None:
    """No text of a document could move a cursor, be it in a sentence or in a detail."""
    evil = "\x1b[31m\u202e\x00"
    raised = {"error": evil, "message": evil, "call": evil, "line": 1, "source": evil}
    note = Note(NoteCode.WARNED, {"text": evil})
    found = Evidence({"x": np.ones(2)}, {evil: evil}, evil)
    dirty = replace(verdict(Code.RAISED, raised, evidence=found, notes=(note,)), places=None)
    text = json.dumps(as_json(whole(dirty, notes=(note,))), ensure_ascii=False)
    assert not set("\x1b\u202e\x00") & set(text) and "\\u" not in text
