"""Bytes to values and back: exact for values, an orderly refusal for everything else."""

from __future__ import annotations

import functools
import io
import struct
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
import toys
from htilde.isolation.wire import MAX_FRAME, WireError, decode, encode, read_frame, write_frame
from htilde.sizes import MAX_DIMENSIONS, MAX_ITEMS, MAX_TEXT
from htilde.values import DTYPES, Refused, Value, identical, snapshot
from hypothesis import given
from hypothesis import strategies as st

refusals = st.builds(Refused, st.text(max_size=5))
messages = st.one_of(toys.values(), toys.values(refusals))


def u32(number: int) -> bytes:
    return struct.pack("<I", number)


@given(messages)
def test_decoding_undoes_encoding(value: Value) -> None:
    """Every value arrives bit by bit as it was sent."""
    assert identical(decode(encode(value)), value)


@given(messages, messages)
def test_bytes_are_the_same_exactly_when_values_are(one: Value, other: Value) -> None:
    """Papers are compared by their bytes, so equal bytes mean identical values and the reverse."""
    assert (encode(one) == encode(other)) == identical(one, other)


@pytest.mark.parametrize("name", ["longdouble", "clongdouble"])
def test_long_doubles_travel_as_doubles(name: str) -> None:
    """A wider float keeps its dtype and the digits of a float64."""
    there = decode(encode(np.array([1.5, -0.0, np.inf]).astype(name)))
    assert isinstance(there, np.ndarray) and there.dtype == np.dtype(name)
    assert np.array_equal(there, [1.5, -0.0, np.inf])


@given(st.one_of(st.binary(max_size=200), st.data()))
def test_decoding_never_raises_but_wire_errors(data: bytes | st.DataObject) -> None:
    """Bytes from an untrusted process are a value or a WireError, also when they were nearly right."""
    if not isinstance(data, bytes):
        right = bytearray(encode(data.draw(messages)))
        for _ in range(data.draw(st.integers(1, 3))):
            right[data.draw(st.integers(0, len(right) - 1))] = data.draw(st.integers(0, 255))
        data = bytes(right)
    try:
        value = decode(data)
    except WireError:
        return
    assert identical(decode(encode(value)), value)


@given(messages, st.data())
def test_an_encoded_value_has_no_slack(value: Value, data: st.DataObject) -> None:
    """No shortened and no lengthened encoding is read as a value."""
    whole = encode(value)
    for broken in (whole[: data.draw(st.integers(0, len(whole) - 1))], whole + data.draw(st.binary(min_size=1))):
        with pytest.raises(WireError):
            decode(broken)


BROKEN = {
    "nothing": b"",
    "an unknown tag": b"q",
    "text of 4 GB": b"s" + u32(2**32 - 1),
    "a list of 4 G parts": b"l" + u32(2**32 - 1) + b"N" * 100,
    "a dict of 4 G parts": b"d" + u32(2**32 - 1) + b"s" * 100,
    "an array of ten terabytes": b"a\x0b\x02" + u32(2**20) + u32(10 * 2**20 // 8) + bytes(100),
    "an array of 2**512 entries": b"a\x0b\x10" + u32(2**32 - 1) * 16,
    "an empty array that overflows": b"a\x0b\x03" + u32(0) + u32(2**32 - 1) * 2,
    "too many dimensions": bytes((97, 11, MAX_DIMENSIONS + 1)) + u32(1) * (MAX_DIMENSIONS + 1) + bytes(8),
    "an unknown dtype": bytes((97, len(DTYPES), 0)) + bytes(8),
    "text that isn't UTF-8": b"s" + u32(1) + b"\xff",
    "a surrogate": b"s" + u32(3) + b"\xed\xa0\x80",
    "a dict with a number for a key": b"d" + u32(1) + b"i" + bytes(8) + b"N",
    "nested too deep": (b"l" + u32(1)) * 5_000 + b"N",
    "half an integer": b"i" + bytes(4),
    "a law of one field": b"p" + encode(("normal",)),
    "a law that is a list": b"p" + encode(["normal", (2,), 1.0, 0.0]),
    "a law of an unknown family": b"p" + encode(("cauchy", (2,), 1.0, 0.0)),
    "a law without a spread": b"p" + encode(("normal", (2,), 0.0, 0.0)),
    "a law of arrays": b"p" + encode(("normal", (2,), np.ones(2), 0.0)),
    "a law of 2**62 entries": b"p" + encode(("normal", (2**31, 2**31), 1.0, 0.0)),
    "a sample of texts": b"e" + encode(((2,), 1, 1, "0", "1", "3")),
    "a sample of minus one rows": b"e" + encode(((-1,), 1, 1, 0.0, 1.0, 3.0)),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_claims_cost_nothing(data: bytes) -> None:
    """Whatever a broken message claims to hold, it is refused before memory is spent on it."""
    tracemalloc.start()
    with pytest.raises(WireError):
        decode(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


def test_depth_is_the_readers_to_choose() -> None:
    """A reader says how deep a message may be; one level more is refused."""
    nested: Value = 1.0
    for _ in range(4):
        nested = [nested]
    assert decode(encode(nested), depth=5) == nested
    with pytest.raises(WireError):
        decode(encode(nested), depth=4)


def test_parts_are_counted_together() -> None:
    """However they are nested, so many values are read and not one more; what trusts its writer reads more."""
    nested: Value = [[None] * 3, {"a": None, "b": ()}]
    assert decode(encode(nested), parts=7) == nested
    for read in (decode, lambda data, parts: read_frame(io.BytesIO(u32(len(data)) + data), parts=parts)):
        with pytest.raises(WireError, match="parts announced"):
            read(encode(nested), parts=6)


def test_a_bool_is_true_or_false() -> None:
    """Whatever byte stood for it in the memory of another process."""
    there = decode(b"a\0\1" + u32(4) + b"\0\1\2\xff")
    assert identical(there, np.array([False, True, True, True]))
    assert identical(decode(b"a\0\0\2"), np.array(True))


@pytest.mark.parametrize("name", ["longdouble", "clongdouble"])
def test_a_nan_that_signals_raises_no_alarm(name: str) -> None:
    """NumPy warns when it makes a wider float of one; that is nobody's business here."""
    code, signalling = DTYPES.index(np.dtype(name)), b"\1" + bytes(5) + b"\xf0\x7f"
    there = decode(bytes((97, code, 0)) + (signalling if name == "longdouble" else 2 * signalling))
    assert isinstance(there, np.ndarray) and np.isnan(there)


def test_surrogates_are_replaced() -> None:
    """Text that can't be UTF-8 crosses with question marks for what can't."""
    assert decode(encode({"a\ud800": "\udfff"})) == {"a?": "?"}


@pytest.mark.parametrize(
    "thing",
    [
        object(),
        {1},
        b"bytes",
        1j,
        [object()],
        2**63,
        np.array([None]),
        {1: 2},
    ],
    ids=str.split("object set bytes complex list integer objects keys"),
)
def test_only_values_are_encoded(thing: Value) -> None:
    """Encoding what isn't a value raises TypeError."""
    with pytest.raises(TypeError):
        encode(thing)


@pytest.mark.parametrize(
    "make",
    [
        lambda: np.zeros((0, 3)),
        lambda: {f"{number:0{MAX_TEXT}}": None for number in range(MAX_FRAME // MAX_TEXT + 1)},
        lambda: "\ud800",
        lambda: np.zeros((2**33, 0)),
        lambda: np.zeros((2**31, 0)),
        lambda: ["x" * MAX_TEXT] * (MAX_FRAME // MAX_TEXT + 1),
        lambda: functools.reduce(lambda inner, _: [inner, *[0] * (MAX_ITEMS // 2)], range(5), [0]),
    ],
    ids=[
        "no rows",
        "64 MiB of keys",
        "a surrogate",
        "2**33 rows of nothing",
        "2**31 rows of nothing",
        "64 MiB of text",
        "many things at each depth",
    ],
)
def test_whatever_a_snapshot_gives_can_be_sent(make: Callable[[], object]) -> None:
    """Any answer of a student's function, refused or not, makes a frame that can be read."""
    pipe = io.BytesIO()
    write_frame(pipe, snapshot(make()))
    pipe.seek(0)
    read_frame(pipe)


class Dribble(io.BytesIO):
    """A pipe that hands out a byte or two at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(2, size or 0))


@given(st.lists(messages, max_size=3), st.sampled_from([io.BytesIO, Dribble]))
def test_frames_are_read_in_order(values: list[Value], source: type[io.BytesIO]) -> None:
    """Frames come out as they went in, in whatever pieces the pipe hands them out, then EOFError."""
    pipe = io.BytesIO()
    for value in values:
        write_frame(pipe, value)
    out = source(pipe.getvalue())
    assert all(identical(read_frame(out), value) for value in values)
    with pytest.raises(EOFError):
        read_frame(out)


@given(messages, st.data())
def test_a_pipe_that_ends_within_a_frame_is_broken(value: Value, data: st.DataObject) -> None:
    """A frame cut short is no clean end."""
    pipe = io.BytesIO()
    write_frame(pipe, value)
    cut = data.draw(st.integers(1, len(pipe.getvalue()) - 1))
    with pytest.raises(WireError):
        read_frame(io.BytesIO(pipe.getvalue()[:cut]))


def test_a_frame_past_the_limit_is_refused_unread() -> None:
    """A frame's length is judged before its content is read."""
    pipe = io.BytesIO(u32(101) + bytes(101))
    with pytest.raises(WireError):
        read_frame(pipe, limit=100)
    assert pipe.tell() == 4


def test_a_frame_past_the_limit_isnt_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a message that is too large goes out."""
    monkeypatch.setattr("htilde.isolation.wire.MAX_FRAME", 100)
    pipe = io.BytesIO()
    with pytest.raises(WireError):
        write_frame(pipe, "x" * 101)
    assert pipe.getvalue() == b""
