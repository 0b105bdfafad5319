"""What strangers send, bent in every way: it is read, or refused in the one foreseen way, at a bounded price."""

from __future__ import annotations

import copy
import io
import json
import re
import struct
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import nbformat
import numpy as np
import pytest
import toys
from clone import A1, SMALL
from deep import DEEP, tries
from htilde import sizes
from htilde.codes import Code
from htilde.course import load_course
from htilde.distributions import Law, Sample
from htilde.errors import SubmissionError
from htilde.examination.allowance import stated
from htilde.examination.compare import alike, compare
from htilde.examination.examiner import _blaming
from htilde.isolation.calls import MAX_PRINTED, Reply, Status
from htilde.isolation.cells import without_magics
from htilde.isolation.wire import MAX_FRAME, WireError, decode, encode, read_frame
from htilde.model import ExerciseResult, Kind, Verdict, Visibility
from htilde.submissions import cell, notebook
from htilde.submissions.cell import Cell
from htilde.submissions.definitions import MAX_PARSED, called
from htilde.submissions.notebook import cells_of_notebook
from htilde.submissions.percent import cells_of_script, parts
from htilde.submissions.reading import remarks
from htilde.submissions.rebuild import grade_id, rebuild
from htilde.submissions.steps import Ask, Run, Submission, steps
from htilde.telling.wording import MAX_SHOWN, describe, show
from htilde.values import DTYPES, Array, Refused, Value, identical, leaves
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

# Frames.

EXTREMES = (0, 1, 2, 4, 255, 2**16, 2**24, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1)
NANS = (0x7FF0000000000001, 0x7FF8000000000001, 0xFFF4000000000000, 0xFFFFFFFFFFFFFFFF)


def u32(number: int) -> bytes:
    return struct.pack("<I", number)


def bits(*numbers: int) -> bytes:
    return b"".join(struct.pack("<Q", number) for number in numbers)


lengths = st.one_of(st.integers(0, 4), st.sampled_from(EXTREMES)).map(u32)
texts = st.one_of(st.text(max_size=6).map(str.encode), st.binary(max_size=6), st.just(b"\xed\xa0\x80"))
shapes = st.lists(st.one_of(st.integers(0, 3), st.sampled_from(EXTREMES)), max_size=6)
contents = st.one_of(st.binary(max_size=40), st.sampled_from(NANS).map(bits), st.just(bytes(range(256))))


@st.composite
def announced(draw: st.DrawFn, tag: bytes, content: bytes) -> bytes:
    """Content behind its length, which is seldom a lie."""
    length = draw(lengths) if draw(st.integers(0, 9)) == 0 else u32(len(content))
    return tag + length + content


@st.composite
def arrays(draw: st.DrawFn) -> bytes:
    """An array of any code and shape; its entries seldom are as many as it says."""
    code, shape = draw(st.integers(0, len(DTYPES))), draw(shapes)
    dimensions = draw(st.integers(0, 255)) if draw(st.integers(0, 9)) == 0 else len(shape)
    size = int(np.prod(shape, dtype=object)) * (DTYPES[code].itemsize if code < len(DTYPES) else 1)
    content = draw(contents)
    filled = (content * (size // len(content) + 1))[:size] if content and size < 2_000 else content
    return b"a" + bytes((code, dimensions)) + b"".join(map(u32, shape)) + filled


lines = st.lists(st.one_of(st.integers(0, 3), st.sampled_from([-1, 2**31, 2**62, None])), max_size=3).map(tuple)
numbers = st.one_of(st.floats(), st.integers(-1, 9), st.just("1"))
laws = st.tuples(st.sampled_from(["normal", "uniform", "cauchy", "", 0]), lines, numbers, numbers)
samples = st.tuples(lines, numbers, numbers, numbers, numbers, numbers)
records = st.builds(
    lambda tag, fields, count: tag + encode(fields[:count]),
    st.sampled_from([b"p", b"e"]),
    st.one_of(laws, laws, samples, samples, lines),
    st.sampled_from([2, 3, 9, 9, 9]),
)

leaf_frames = st.one_of(
    records,
    st.sampled_from([b"N", b"T", b"F", b"q", b""]),
    st.sampled_from(NANS).map(lambda nan: b"f" + bits(nan)),
    st.builds(
        lambda tag, content: tag + content, st.sampled_from([b"i", b"f", b"r"]), st.binary(min_size=7, max_size=8)
    ),
    st.builds(lambda tag, text: (tag, text), st.sampled_from([b"s", b"x"]), texts).flatmap(lambda it: announced(*it)),
    arrays(),
)


def within(parts: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Containers of broken parts, with counts that may lie; keys may be missing, repeated or no text."""
    many, tags = st.lists(parts, max_size=4), st.sampled_from([b"t", b"l"])
    keys = st.one_of(st.sampled_from([b"s" + u32(1) + b"a", b"s" + u32(0)]), parts)
    pairs = st.lists(st.tuples(keys, parts).map(b"".join), max_size=4)
    counts = st.one_of(st.none(), st.none(), st.none(), lengths)

    def counted(tag: bytes, content: Sequence[bytes], lie: bytes | None) -> bytes:
        return tag + (lie if lie is not None else u32(len(content))) + b"".join(content)

    return st.one_of(st.builds(counted, tags, many, counts), st.builds(counted, st.just(b"d"), pairs, counts))


built = st.recursive(leaf_frames, within, max_leaves=8)
"""Frames put together from parts of which each may be wrong."""

some_values = toys.values(st.one_of(st.builds(Refused, st.text(max_size=5)), toys.arrays(DTYPES), st.none()))
replies = st.builds(Reply, st.sampled_from(Status), some_values, *[st.text(max_size=9)] * 4)


KINDS = ("flip", "cut", "extreme", "splice", "repeat", "wrap")


@st.composite
def bent(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Right bytes, spoilt in a few places."""
    data = draw(whole)
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3)):
        at = draw(st.integers(0, len(data)))
        if kind == "flip":
            data = data[:at] + bytes(draw(st.binary(min_size=1, max_size=1))) + data[at + 1 :]
        elif kind == "cut":
            data = data[:at] + data[at + draw(st.integers(1, 9)) :]
        elif kind == "extreme":
            data = data[:at] + u32(draw(st.sampled_from(EXTREMES))) + data[at + 4 :]
        elif kind == "splice":
            data = data[:at] + draw(whole)[draw(st.integers(0, 30)) :]
        elif kind == "repeat":
            data = data[:at] + data[at : at + 12] * draw(st.integers(2, 200)) + data[at:]
        else:
            data = (b"l" + u32(1)) * draw(st.sampled_from([1, 5, 12, 5_000])) + data
    return data


@st.composite
def forged(draw: st.DrawFn) -> bytes:
    """A reply of which some fields are anything at all."""
    fields = {name: encode(part) for name, part in _message(draw(replies)).items()}
    for name in draw(st.lists(st.sampled_from(sorted(fields)), max_size=2)):
        fields[name] = draw(st.one_of(built, some_values.map(encode)))
    return b"d" + u32(len(fields)) + b"".join(encode(name) + part for name, part in fields.items())


def _message(reply: Reply) -> dict[str, Value]:
    message = reply.to_message()
    assert isinstance(message, dict)
    return message


FRAMES = {
    "built": built,
    "forged replies": forged(),
    "bent values": bent(some_values.map(encode)),
    "bent replies": bent(forged()),
    "bytes": st.one_of(st.binary(max_size=300), st.lists(st.sampled_from([b"l", b"d", b"a", bytes(4)])).map(b"".join)),
}


def tried(sample: int, deep: int) -> Callable[[Any], Any]:
    """Settings of a test that looks further in a deep run; what it finds it shrinks."""
    phases = (Phase.explicit, Phase.generate, Phase.shrink)
    return settings(max_examples=tries(sample, deep), phases=phases, suppress_health_check=list(HealthCheck))


RIGHT: tuple[Value, ...] = (
    *(np.array([1.0, -2.0]), (np.zeros((2, 3)), 1.0), {"a": None}, "text", True),
    *(Law("normal", (2, 3), 1.0), Sample((2, 3), 2, 3, 0.0, 1.0, 3.0)),
)


@pytest.mark.parametrize("kind", FRAMES)
def test_any_frame_is_a_value_or_refused(kind: str) -> None:
    """Only WireError and EOFError leave the decoder and only ValueError the reader of replies.

    What is accepted means the same when it is sent again, and can be judged and shown.
    """
    seen: Counter[str] = Counter()

    @tried(100, 20_000)
    @given(FRAMES[kind], st.one_of(st.just(0), st.just(0), st.sampled_from([-1, 1, 2**31])))
    def each(data: bytes, lie: int) -> None:
        source = io.BytesIO(u32(max(0, len(data) + lie)) + data)
        try:
            value = read_frame(source)
        except (WireError, EOFError) as refusal:
            seen[type(refusal).__name__] += 1
            return
        seen["accepted"] += 1
        assert identical(decode(encode(value)), value) and encode(decode(encode(value))) == encode(value)
        assert all(leaf.dtype != bool or leaf.tobytes().strip(b"\0\1") == b"" for leaf in _arrays(value))
        _judged(value)
        try:
            reply = Reply.from_message(value)
        except ValueError:
            return
        seen["a reply"] += 1
        assert max(map(len, (reply.error, reply.message, reply.source, reply.function, reply.printed))) <= MAX_PRINTED

    each()
    if DEEP:  # a strategy that is too kind, or too wild, would find nothing; a sample may have bad luck
        assert seen["accepted"] and seen["WireError"] and (seen["a reply"] or "repl" not in kind)


def _arrays(value: Value) -> list[Array]:
    return [leaf for _, leaf in leaves(value) if isinstance(leaf, np.ndarray)]


def _judged(value: Value) -> None:
    """What the examiner does with an answer, whatever it is."""
    assert len(show(value)) <= MAX_SHOWN and len(describe(value)) <= 300
    for right in (*RIGHT, value):
        compare(value, right, stated(right, toys.TOLERANCE))
        alike(value, right, tolerance=1e-6)


def test_nothing_at_all_is_the_end() -> None:
    """An empty pipe ends between frames; half a length doesn't."""
    with pytest.raises(EOFError):
        read_frame(io.BytesIO())
    with pytest.raises(WireError):
        read_frame(io.BytesIO(b"\0\0"))


MIB = 2**20
GREEDY: dict[str, Callable[[], bytes]] = {
    "numbers of one byte": lambda: b"l" + u32(4 * MIB) + b"a\0\0\1" * (4 * MIB),
    "empty arrays": lambda: b"l" + u32(MIB) + (b"a\0\1" + u32(0)) * MIB,
    "empty lists": lambda: b"l" + u32(2 * MIB) + (b"l" + u32(0)) * (2 * MIB),
    "nothings": lambda: b"t" + u32(8 * MIB) + b"N" * (8 * MIB),
    "texts": lambda: b"t" + u32(MIB) + (b"s" + u32(2) + b"ab") * MIB,
    "keys": lambda: b"d" + u32(MIB) + b"".join(b"s" + u32(4) + b"%04x" % (n % 2**16) + b"N" for n in range(MIB)),
    "lists within lists": lambda: (b"l" + u32(1_000)) * 8 + b"N" * (8 * MIB),
    "a wide text": lambda: b"s" + u32(8 * MIB) + b"a" * (8 * MIB - 4) + "\U0001f600".encode(),
    "long doubles": lambda: b"a\x0c\1" + u32(MIB) + bytes(8 * MIB),
    "bytes": lambda: b"a\1\1" + u32(8 * MIB) + bytes(8 * MIB),
    "as many as may be": lambda: b"t" + u32(sizes.MAX_ITEMS) + b"a\0\0\1" * sizes.MAX_ITEMS,
}


@pytest.mark.parametrize("make", GREEDY.values(), ids=GREEDY)
def test_a_frame_costs_little_more_than_its_bytes(make: Callable[[], bytes]) -> None:
    """Reading n bytes of whatever kind takes at most five times n and 4 MiB, and a second or two."""
    frame = make()
    before = time.process_time()
    tracemalloc.start()
    try:
        decode(frame)
    except WireError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak <= 5 * len(frame) + 4 * MIB
    assert time.process_time() - before < 2
    assert len(frame) <= MAX_FRAME


def test_a_status_is_text_before_it_is_looked_at() -> None:
    """NumPy would take minutes to write out an array of nine dimensions, which a forged reply can hold."""
    message = {**_message(Reply(Status.ANSWERED)), "status": np.zeros((6,) * 9, dtype=np.uint8)}
    before = time.process_time()
    with pytest.raises(ValueError, match="a status that isn't text"):
        Reply.from_message(message)
    assert time.process_time() - before < 1


# Notebooks and scripts.

EXERCISES = load_course(SMALL / "grading.toml").assignment(A1).exercises
RELEASE = SMALL / "assignments" / A1 / f"{A1}.ipynb"
RELEASED = nbformat.read(RELEASE, as_version=4)
KNOWN = [name for cell in RELEASED.cells if (name := grade_id(cell))]
MARKS = {grade_id(cell): cell.metadata for cell in RELEASED.cells if grade_id(cell)}
BOOK: dict[str, Any] = json.loads(RELEASE.read_text(encoding="utf-8"))

RAW = [
    *("1e400", "-0", "NaN", "-Infinity", "1" + "0" * 5_000, "1." + "0" * 5_000, "0.1e-99999", "tru", "1 2", "", "'x'"),
    *('"\\ud800"', '"\\udfff\\ud83d"', '"\\u0000"', '"\\x41"', '"\n"', '"' + "\\n" * 3_000 + '"', '"\U0001f600"', '"'),
    *("[" * 98 + "]" * 98, "[" * 200 + "]" * 200, "[" * 5_000, '{"a":' * 50 + "1" + "}" * 50, "[1,]", "{,}", '{"a"}'),
    *(
        '{"source":"x","source":["y","z"],"cell_type":"code"}',
        '{"source":"a","metadata":{},"metadata":3}',
        "\x00",
        "\ufeff",
    ),
]
"""JSON, and nearly JSON, that no dump of a value gives."""

sources = st.one_of(
    st.sampled_from(
        [
            *("check(sigmoid)", "check('sigmoid');", "def sigmoid(h_tilde):\n    return 1", "%time x", "\0", "\ud800"),
            *("![](attachment:a.png)", "![a.png](attachment:\ud800) <img src='attachment:'>"),
        ]
    ),
    st.text(max_size=20),
    st.sampled_from(["x", "\n", " ", "# %%\n", "check(a)" + " " * 99]).map(lambda text: text * 5_000),
)
odd_values = st.one_of(
    st.sampled_from([f"@RAW {number}@" for number in range(len(RAW))]),
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | sources,
    st.lists(sources, max_size=3),
    st.sampled_from([{}, [], {"grade_id": 7}, {"nbgrader": {"grade_id": ["f"]}}, {"nbgrader": []}, {"tags": {"a": 1}}]),
    st.sampled_from([{"nbgrader": {"grade_id": name}} for name in (*KNOWN, "check_", "check_none", "\ud800")]),
)
pasted = st.dictionaries(
    st.sampled_from(["a.png", "", "\ud800", "pasted-1.png", "a.png)"]),
    odd_values | st.dictionaries(st.sampled_from(["image/png", "text/html"]), odd_values | st.just("iVBORw0KGgo=")),
    max_size=3,
)
cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "Code", 3]),
        "source": sources | odd_values,
        "metadata": odd_values,
        "id": odd_values,
        "outputs": odd_values,
        "attachments": odd_values | pasted,
    },
)


@st.composite
def places(draw: st.DrawFn, book: dict[str, Any]) -> tuple[Any, Any]:
    """Some container of a tree, and one of its keys."""
    holder: Any = book
    while True:
        key = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
        inner = holder[key]
        if not isinstance(inner, (dict, list)) or not inner or draw(st.integers(0, 4)) == 0:
            return holder, key
        holder = inner


KINDS_OF_BENDING = ("replace", "replace", "remove", "add", "new cell", "copied cell")


@st.composite
def bent_books(draw: st.DrawFn) -> bytes:
    """The released notebook with parts replaced, removed, repeated, exchanged and added."""
    book = copy.deepcopy(BOOK)
    for kind in draw(st.lists(st.sampled_from(KINDS_OF_BENDING), max_size=4)):
        found = book.get("cells")
        holder, key = draw(places(book)) if book else (book, "cells")
        if kind == "replace":
            holder[key] = copy.deepcopy(draw(odd_values))  # which the next bending may bend
        elif kind == "remove":
            holder.pop(key, None) if isinstance(holder, dict) else holder.pop(key)
        elif kind == "add" and isinstance(holder, dict):
            holder[draw(st.sampled_from(["cells", "source", "metadata", "nbgrader", "worksheets", "tags", ""]))] = key
        elif isinstance(found, list) and found:
            at, other = (draw(st.integers(0, len(found) - 1)) for _ in range(2))
            found.insert(at, copy.deepcopy(draw(cells) if kind == "new cell" else found[other]))
    if isinstance(found := book.get("cells"), list) and found and draw(st.integers(0, 19)) == 0:
        found += [found[-1]] * draw(st.sampled_from([900, cell.MAX_CELLS, 5_000]))
    text = json.dumps(book, ensure_ascii=draw(st.booleans()))
    for number, raw in enumerate(RAW):
        text = text.replace(f'"@RAW {number}@"', raw)
    return text.encode("utf-8", "surrogatepass")


ENCODINGS = ("utf-8-sig", "utf-16", "utf-32-be", "utf-7", "latin-1", "cp037")
right_bytes = st.just(RELEASE.read_bytes())
encoded = st.builds(
    lambda first, code: (first + RELEASE.read_text(encoding="utf-8")).encode(code, "replace"),
    st.sampled_from(["", "\0", "\ufeff"]),
    st.sampled_from(ENCODINGS),
)
BOOKS = {
    "bent": (bent_books(), 60, 6_000),
    "bent bytes": (st.one_of(bent(right_bytes), encoded), 100, 2_000),
    "bent twice": (bent(bent_books()), 20, 2_000),
}


@pytest.mark.parametrize(("books", "sample", "deep"), BOOKS.values(), ids=BOOKS)
def test_any_notebook_is_cells_or_refused(books: st.SearchStrategy[bytes], sample: int, deep: int) -> None:
    """Only SubmissionError leaves the reader; what it accepts asks each exercise once and can be rebuilt."""
    seen: Counter[str] = Counter()

    @tried(sample, deep)
    @given(books)
    def each(raw: bytes) -> None:
        try:
            found = cells_of_notebook(raw, "a.ipynb")
        except SubmissionError as refusal:
            seen["refused"] += 1
            _told(refusal, "a.ipynb")
            return
        seen["accepted"] += 1
        _read(found)
        _rebuilt(found)

    each()
    assert not DEEP or (seen["refused"] and seen["accepted"])


def _told(refusal: SubmissionError, name: str) -> None:
    """One message with the file's name, and nothing of what a student wrote but a line's number."""
    assert name in refusal.message and len(str(refusal)) < 300


def _read(found: list[Cell]) -> None:
    """What holds of every list of cells that was read."""
    assert [cell.number for cell in found] == list(range(1, len(found) + 1)) and len(found) <= cell.MAX_CELLS
    assert all(type(part) is str for cell in found for part in (cell.source, cell.id, *cell.tags))
    assert all(type(name) is type(data) is str for cell in found for name, data in cell.pasted)
    assert max((len(cell.source) for cell in found), default=0) <= cell.MAX_SOURCE
    todo = steps(found, EXERCISES)
    assert sorted(step.exercise for step in todo if isinstance(step, Ask)) == sorted(EXERCISES)
    run = [step.label for step in todo if isinstance(step, Run)]
    assert run == [cell.label for cell in found if cell.label in set(run)]  # once each, and in order
    assert len(list(remarks(found, EXERCISES))) <= 4 * len(EXERCISES)


def _rebuilt(found: list[Cell]) -> None:
    """Every cell of the release is there once, with its marks, whatever was handed in; and it is a notebook."""
    book = rebuild(RELEASED, found)
    assert sorted(filter(None, map(grade_id, book.cells))) == sorted(KNOWN)
    assert all(cell.metadata == MARKS[grade_id(cell)] for cell in book.cells if grade_id(cell))
    assert len({cell.id for cell in book.cells}) == len(book.cells) >= len(found)
    shown = [cell.get("attachments", {}) for cell in book.cells]
    assert all(kinds == {"image/png": "iVBORw0KGgo="} for held in shown for kinds in held.values())
    nbformat.validate(book)
    assert nbformat.reads(nbformat.writes(book).encode().decode(), as_version=4) == book


SCRIPT = '# %% [markdown]\n# Text.\n\n# %%\ndef sigmoid(h_tilde):\n    return 1\n\n# %% tags=["experiment"]\nplot()\n'
SCRIPTS = st.one_of(
    bent(st.sampled_from([SCRIPT.encode(), SCRIPT.replace("\n", "\r\n").encode(), SCRIPT.encode("utf-8-sig")])),
    st.lists(st.one_of(sources, st.sampled_from(["# %%\n", "\n# %% [markdown]\n", "#%%", "\r", "\n"])), max_size=8).map(
        lambda parts: "".join(parts).encode("utf-8", "surrogatepass")
    ),
    st.sampled_from([0, 1, cell.MAX_CELLS, cell.MAX_CELLS + 1]).map(lambda n: b"# %%\nx\n" * n),
    st.sampled_from(ENCODINGS).map(lambda code: SCRIPT.encode(code, "replace")),
)


@tried(150, 10_000)
@given(SCRIPTS)
def test_any_script_is_cells_or_refused(raw: bytes) -> None:
    """Only SubmissionError leaves the reader, and nothing is lost but marks, blanks and the signs before prose."""
    try:
        found = cells_of_script(raw, "a.py")
    except SubmissionError as refusal:
        _told(refusal, "a.py")
        return
    _read(found)
    text = raw.decode("utf-8-sig")
    where = parts(text)
    assert all(re.fullmatch(r"(# ?%%+([ \t][^\r\n]*)?\r?\n?)?", text[part.start : part.body]) for part in where)
    assert "".join(text[part.start : part.end] for part in where).split() == text.split()
    for one, part in zip(found, where, strict=True):
        body = text[part.body : part.end]
        shown = body if one.is_code else re.sub(r"^#", "", body, flags=re.MULTILINE)
        assert one.source.split() == shown.split()


def _dumped(count: int, part: Callable[[int], str], around: str = "[{}]") -> bytes:
    return around.replace("{}", ",".join(map(part, range(count)))).encode()


SIZE = cell.MAX_BYTES
MOST = notebook.MAX_PARTS - 10
CHAINS = (b'{"":' * 98 + b"0" + b"}" * 98 + b",") * (MOST // 99)
COSTLY: dict[str, Callable[[], bytes]] = {
    "brackets": lambda: b"[" * SIZE,
    "objects": lambda: b"[" + b"{}," * (SIZE // 3 - 1) + b"0]",
    "cells": lambda: b'{"cells":[' + b"{}," * (SIZE // 3 - 9) + b"{}]}",
    "zeros": lambda: b"[" + b"0," * (SIZE // 2 - 2) + b"0]",
    "one number": lambda: b"9" * SIZE,
    "one fraction": lambda: b"0." + b"9" * (SIZE - 2),
    "one text": lambda: b'"' + b"a" * (SIZE - 2) + b'"',
    "one wide text": lambda: ('"\U0001f600' + "a" * (SIZE - 6) + '"').encode(),
    "one text of escapes": lambda: b'"' + b"\\n" * (SIZE // 2 - 1) + b'"',
    "empty texts": lambda: b"[" + b'"",' * (SIZE // 3 - 1) + b"0]",
    "quotes": lambda: b'"' * SIZE,
    "backslashes": lambda: b'"' + b"\\" * (SIZE - 1),
    "lines": lambda: b"\n" * SIZE,
    "as many lists as may be": lambda: b"[" + b"[0]," * (MOST // 2) + b"0]",
    "as many objects as may be": lambda: b"[" + b'{"":0},' * (MOST // 2) + b"0]",
    "as many objects in objects": lambda: b"[" + CHAINS + b"0]",
    "and a wide text": lambda: ('["\U0001f600' + "x" * 14_000_000 + '",').encode() + CHAINS + b"0]",
    "as many keys": lambda: _dumped(MOST, lambda n: f'"{n:x}":0', "{{}}"),
    "as many wide keys": lambda: _dumped(MOST, lambda n: f'"\U0001f600{n:08x}":0', "{{}}"),
    "as many wide texts": lambda: _dumped(MOST, lambda n: f'"\U0001f600{n:010x}"'),
    "as many cells, as long, as may be": lambda: _dumped(
        cell.MAX_CELLS,
        lambda n: json.dumps({"cell_type": "code", "source": "\U0001f600" + "\n" * 1_990}),
        '{"cells":[{}]}',
    ),
}
SAMPLE = (
    "brackets",
    "cells",
    "one number",
    "empty texts",
    "as many cells, as long, as may be",
)


@pytest.mark.parametrize(
    "make", [COSTLY[name] for name in (COSTLY if DEEP else SAMPLE)], ids=COSTLY if DEEP else SAMPLE
)
def test_no_notebook_is_dear_to_read(make: Callable[[], bytes]) -> None:
    """The worst of 20 MiB takes no more than 350 MiB to read or to refuse, and a few seconds."""
    raw = make()
    assert len(raw) <= cell.MAX_BYTES
    tracemalloc.start()
    before = time.process_time()
    try:
        found = cells_of_notebook(raw, "a.ipynb")
        _read(found)
        rebuild(RELEASED, found)
    except SubmissionError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 350 * MIB
    assert time.process_time() - before < 8  # tracing makes it several times slower


LONG = cell.MAX_SOURCE - 30
STUMBLING = {
    "lines": "\n" * LONG,
    "lines of a space": " \n" * (LONG // 2),
    "a line of spaces": " " * LONG + "x",
    "a line of tabs": "\t" * LONG + "def sigmoid",
    "a check and spaces": "check(a)" + " " * LONG + "x",
    "a check of spaces": "check(" + " " * LONG + "x",
    "a check of a long name": "check(" + "a" * LONG,
    "a check and semicolons": "check(a)" + ";" * LONG,
    "questions": "?" * LONG + "(",
    "words": "a, " * (LONG // 3) + "(",
    "an assignment of spaces": "a =" + " " * LONG + "x",
    "a definition of spaces": "def sigmoid" + " " * LONG,
    "many definitions": "def\nsigmoid\n" * (LONG // 12),
    "many functions": "def sigmoid(" * (LONG // 12),
    "comments": "#\n" * (LONG // 2),
    "cell marks": "# %%" * (LONG // 4),
}


@pytest.mark.parametrize("text", STUMBLING.values(), ids=STUMBLING)
def test_no_pattern_goes_back_and_forth(text: str) -> None:
    """Whatever reads a source with a regular expression does so in a time that grows as its length does."""
    before = time.process_time()
    found = [Cell(1, text), Cell(2, text, is_code=False)]
    _read(found)
    rebuild(RELEASED, found)
    without_magics(text)
    wrong = [ExerciseResult(name, 1.0, (replace(WRONG, exercise=name),)) for name in EXERCISES]
    assert list(_blaming(wrong, Submission(steps(found, EXERCISES)))) == wrong
    assert time.process_time() - before < 1.5


WRONG = Verdict("", "is_right", {"en": "It is right."}, Visibility.PUBLIC, Kind.MAIN, Code.WRONG_VALUES)

LINE = MAX_PARSED - 40
DEEP_SOURCES = {
    "signs": "-" * LINE + "1",
    "negations": "not " * (LINE // 4) + "1",
    "powers": "1" + "**1" * (LINE // 3),
    "sums": "1" + "+1" * (LINE // 2),
    "attributes": "a" + ".a" * (LINE // 2),
    "calls": "a" + "()" * (LINE // 2),
    "lambdas": "lambda:" * (LINE // 7) + "1",
    "lambdas in brackets": "(lambda x=" * 199 + "1" + ":1)" * 199,
    "choices": "1 if 1 else " * (LINE // 12) + "1",
    "comprehensions": "[" * 199 + "1" + " for x in y]" * 199,
    "brackets": "[" * LINE,
    "keywords without end": "f(a=" * 199 + ")" * 199,
    "statements": "print " * (LINE // 6),
    "a long number": "9" * LINE,
    "texts": "f'{" * (LINE // 3),
    "half a character": "'\ud800'",
    "branches": "0\n    if 1:0\n" + "    elif 1:0\n" * (LINE // 14),
}


@pytest.mark.parametrize("expression", DEEP_SOURCES.values(), ids=DEEP_SOURCES)
def test_the_deepest_source_is_parsed_or_left(expression: str) -> None:
    """Python's parser gives up in good order on all that fits into what the examiner hands it."""
    source = f"def f(x):\n    return {expression}"
    assert len(source) <= MAX_PARSED
    before = time.process_time()
    assert called(source, "f") <= {"a", "f"}
    assert time.process_time() - before < 1
