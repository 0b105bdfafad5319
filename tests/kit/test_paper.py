"""A paper is written and read back exactly, and a damaged one is refused with a way out."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import toys
from htilde.errors import PaperError
from htilde.examination.paper import Example, Paper, Probe, plain_paper, read_paper, write_paper
from htilde.isolation.wire import encode
from htilde.language import choose, speaking
from htilde.model import Kind, Parts, Visibility
from htilde.values import Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

any_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

PAPER = toys.paper(
    toys.exercise(toys.double, points=2.0),
    toys.exercise(toys.pair, toys.question(toys.pair, kind=Kind.EDGE), mistakes=[toys.forgets_the_two], points=1.0),
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("papers") / "toys.paper"
    write_paper(PAPER, path)
    return path


def test_a_paper_is_read_as_it_was_written(written: Path, tmp_path: Path) -> None:
    """Reading gives back every part; the same paper gives the same bytes."""
    paper = read_paper(written)
    assert (paper.assignment, paper.visibility, paper.origin) == ("toys", "public", PAPER.origin)
    assert [(e.name, e.points, e.parameters) for e in paper.exercises] == [
        ("double", 2.0, ("x",)),
        ("pair", 1.0, ("x",)),
    ]
    assert paper.exercises[1].questions[0].kind is Kind.EDGE
    write_paper(paper, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == written.read_bytes()


@any_file
@given(st.lists(st.tuples(toys.values(), toys.values()), max_size=3), st.floats(0, 1e9))
def test_any_values_can_be_examples(tmp_path: Path, cases: list[tuple[Value, Value]], allowed: Value) -> None:
    """Whatever values a property is about, its examples survive the file."""
    question = replace(toys.question(toys.double), examples=tuple(Example((x,), y, allowed, (y,)) for x, y in cases))
    exercise = replace(toys.exercise(), questions=(question,), probes=tuple(Probe((x,), y) for x, y in cases))
    paper = toys.paper(exercise)
    write_paper(paper, tmp_path / "p")
    assert read_paper(tmp_path / "p").id == paper.id


def test_a_paper_replaces_another_as_a_whole(tmp_path: Path) -> None:
    """Writing makes the folders it needs, overwrites, and leaves nothing else behind."""
    path = tmp_path / "new" / "folder" / "toys.paper"
    for paper in (toys.paper(toys.exercise(toys.pair)), PAPER):
        write_paper(paper, path)
    assert read_paper(path).id == PAPER.id and list(path.parent.iterdir()) == [path]


def test_points_dont_make_another_paper() -> None:
    """An exercise may become worth more without a new paper; an unnamed one is worth nothing."""
    worth_more = PAPER.with_points({"double": 5})
    assert worth_more.id == PAPER.id
    assert [exercise.points for exercise in worth_more.exercises] == [5.0, 0.0]


KOREAN = {"double is_right.": "두 배이다.", "You added two; multiply by it.": "2를 더했습니다. 곱하세요."}


def test_texts_are_all_that_is_told() -> None:
    """Each claim and each hint, in the order of the exercises."""
    mistakes = [m for exercise in PAPER.exercises for m in exercise.mistakes]
    claims = [question.claim for exercise in PAPER.exercises for question in exercise.questions]
    assert list(PAPER.texts) == [*claims, *(mistake.hint for mistake in mistakes)] and len(PAPER.texts) == 5


def test_a_translated_paper_is_the_same_paper(tmp_path: Path) -> None:
    """It has more languages and another one to speak, survives the file, and its id and English stay."""
    paper = PAPER.with_translations({"ko": KOREAN}, language="ko")
    write_paper(paper, tmp_path / "p")
    found = read_paper(tmp_path / "p")
    assert (found.id, found.language, found.texts) == (PAPER.id, "ko", paper.texts)
    assert [text["en"] for text in found.texts] == [text["en"] for text in PAPER.texts]
    assert {text["en"]: text["ko"] for text in found.texts if "ko" in text} == KOREAN


def test_what_a_paper_says_is_chosen_by_who_reads() -> None:
    """Translated where somebody has translated it, otherwise English."""
    claim, *_, hint = PAPER.with_translations({"ko": KOREAN}, language="ko").texts
    with speaking("ko"):
        assert (choose(claim), choose(hint)) == ("두 배이다.", "The first part is twice x.")
    assert choose(claim) == "double is_right."


def test_translations_replace_those_of_before() -> None:
    """A text that is no longer translated, or is translated anew, doesn't keep its old words."""
    old = PAPER.with_translations({"ko": KOREAN}, language="ko")
    assert old.with_translations({"ko": KOREAN}, language="ko") == old
    assert old.with_translations({}, language="en") == PAPER
    (first, *_) = old.with_translations({"ko": {"double is_right.": "x의 두 배이다."}}, language="ko").texts
    assert first == {"en": "double is_right.", "ko": "x의 두 배이다."}


PARTS = Parts(("dW", "db"), "layer", True, ("db", "dW"))
GATES = replace(PARTS, along="step", once=("dW",), gates=("i", "f"), gated=("dW",))
KNOWN = [PARTS, replace(PARTS, each=True), Parts(("dh",), order=("dh",)), GATES, replace(PARTS, once=("dW",)), None]


@pytest.mark.parametrize("parts", KNOWN, ids=str)
def test_the_names_of_parts_survive_the_file(tmp_path: Path, parts: Parts | None) -> None:
    """With what they run along; an exercise without any is stored as before there were parts."""
    exercise = replace(PAPER.exercises[0], parts=parts)
    write_paper(toys.paper(exercise), tmp_path / "p")
    assert read_paper(tmp_path / "p").exercises[0].parts == parts
    assert (b"parts" in encode(plain_paper(toys.paper(exercise)))) is (parts is not None)


PLAIN = (("dW",), "", False, ("dW",), False)
BROKEN = [((), "", False, (), False), (("dW",), "", False, ("db",), False), ("dW",), 3, None]
BROKEN += [(*PLAIN, ("db",), (), ()), (*PLAIN, (), ("i",), ("db",)), (*PLAIN, (), (), ("dW",))]


@pytest.mark.parametrize("broken", BROKEN)
def test_parts_that_are_none_are_damage(tmp_path: Path, broken: Value) -> None:
    """Under a right checksum, too: a PaperError and nothing else."""
    plain: Any = plain_paper(PAPER)
    plain["exercises"][0]["parts"] = broken
    (tmp_path / "p").write_bytes(sealed(zlib.compress(encode(plain))))
    with pytest.raises(PaperError, match="damaged"):
        read_paper(tmp_path / "p")


def changes() -> dict[str, Paper]:
    """The paper with one thing different that examines."""
    first = PAPER.exercises[0]
    question, example = first.questions[0], first.questions[0].examples[0]

    def asking(**fields: object) -> Paper:
        changed = replace(first, questions=(replace(question, **fields),))  # type: ignore[arg-type]
        return replace(PAPER, exercises=(changed, *PAPER.exercises[1:]))

    def having(**fields: object) -> Paper:
        return replace(PAPER, exercises=(replace(first, **fields), *PAPER.exercises[1:]))  # type: ignore[arg-type]

    return {
        "an answer": asking(examples=(replace(example, answer=np.array([2.0 + 1e-15])), *question.examples[1:])),
        "an argument": asking(examples=(replace(example, arguments=(np.array([-0.0]),)), *question.examples[1:])),
        "what is allowed": asking(
            examples=(replace(example, allowed=np.array([-30], np.int16)), *question.examples[1:])
        ),
        "the order": asking(examples=question.examples[::-1]),
        "a kind": asking(kind=Kind.EDGE),
        "a claim": asking(claim={"en": "It is so."}),
        "a probe": having(probes=()),
        "a curve": having(curve=first.probes[0]),
        "the names of parts": having(parts=PARTS),
        "a hint": having(mistakes=(replace(first.mistakes[0], hint={"en": "Look again."}), *first.mistakes[1:])),
        "a parameter": having(parameters=("y",)),
        "the exercises": replace(PAPER, exercises=PAPER.exercises[:1]),
        "the visibility": replace(PAPER, visibility=Visibility.HIDDEN),
    }


@pytest.mark.parametrize("change", changes())
def test_anything_that_examines_makes_another_paper(change: str) -> None:
    """A grade names its paper, so another question or answer is another id."""
    assert changes()[change].id != PAPER.id


def test_exercises_are_found_by_name() -> None:
    """A paper knows its exercises, and says None about others."""
    assert PAPER.exercise("pair") is PAPER.exercises[1] and PAPER.exercise("other") is None


@any_file
@given(st.data())
def test_damage_is_noticed(written: Path, tmp_path: Path, data: st.DataObject) -> None:
    """Bytes changed, cut off or added anywhere make a PaperError, and nothing else."""
    whole = bytearray(written.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    match data.draw(st.sampled_from(["changed", "cut", "added"])):
        case "changed":
            whole[at] ^= data.draw(st.integers(1, 255))
        case "cut":
            del whole[at:]
        case _:
            whole += data.draw(st.binary(min_size=1, max_size=9))
    (tmp_path / "p").write_bytes(whole)
    with pytest.raises(PaperError):
        read_paper(tmp_path / "p")


def sealed(body: bytes) -> bytes:
    return b"htilde paper, format 1\n" + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


@any_file
@given(toys.values())
def test_other_values_under_a_right_checksum_are_noticed(tmp_path: Path, value: Value) -> None:
    """A well-formed file that holds something else than a paper is a PaperError, too."""
    (tmp_path / "p").write_bytes(sealed(zlib.compress(encode(value))))
    with pytest.raises(PaperError):
        read_paper(tmp_path / "p")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "no such paper"),
        (b"", "isn't a paper"),
        (b"PK\x03\x04" + bytes(200), "isn't a paper"),
        (b"htilde paper, format 99\nabc\n", "another version of the kit"),
        (sealed(b"not compressed"), "damaged"),
        (sealed(b"")[:-1], "damaged"),
    ],
)
def test_each_reason_comes_with_a_next_step(tmp_path: Path, content: bytes | None, why: str) -> None:
    """The message names the file and what is wrong with it, and what to do."""
    path = tmp_path / "toys.paper"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PaperError, match=why) as caught:
        read_paper(path)
    assert str(path) in caught.value.message and caught.value.next_step


def test_a_folder_isnt_a_paper(tmp_path: Path) -> None:
    """A path that can't be read as a file is named with the system's reason."""
    with pytest.raises(PaperError, match="can't be read"):
        read_paper(tmp_path)
