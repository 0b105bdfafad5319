"""Files of values: damage is noticed, and of a sealed one nothing can be read that is in it."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path
from typing import Any

import pytest
import toys
from htilde.errors import PaperError
from htilde.examination.stored import Form, checksum_in, read_stored, write_stored
from htilde.values import Value, identical
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

OPEN = Form("thing", 1, "Fetch it.", "Renew it.")
SEALED = Form("thing", 1, "Fetch it.", "Renew it.", sealed=True)
FORMS = {"open": OPEN, "sealed": SEALED}

any_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)


def same(plain: Any) -> Any:
    return plain


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@any_file
@given(toys.values())
def test_what_was_written_is_read(tmp_path: Path, form: Form, value: Value) -> None:
    """Any value, and the same bytes each time."""
    for name in ("one", "other"):
        write_stored(form, value, tmp_path / name)
    assert identical(read_stored(form, tmp_path / "one", same), value)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(("form", "shows"), [(OPEN, True), (SEALED, False)], ids=FORMS)
def test_the_seal_hides_what_is_inside(tmp_path: Path, form: Form, shows: bool) -> None:
    """Neither a search nor zlib, begun at any byte, comes upon a word of it; upon one of an open file they do."""
    word = "canary" * 20
    write_stored(form, {"answer": word, "more": [word, word[::-1]]}, tmp_path / "f")
    raw = (tmp_path / "f").read_bytes()
    assert word[:12].encode() not in raw
    assert any(word[:12].encode() in unpacked(raw[at:]) for at in range(len(raw))) is shows


def unpacked(raw: bytes) -> bytes:
    """What each way to unpack makes of these bytes."""
    found = b""
    for bits in (15, -15, 31):
        try:
            found += zlib.decompressobj(bits).decompress(raw)
        except zlib.error:
            pass
    return found


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@any_file
@given(st.data())
def test_damage_is_noticed(tmp_path: Path, form: Form, data: st.DataObject) -> None:
    """Bytes changed, cut off or added anywhere are a PaperError that names the file and a next step."""
    write_stored(form, ["one", 2, 3.0], tmp_path / "f")
    whole = bytearray((tmp_path / "f").read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    match data.draw(st.sampled_from(["changed", "cut", "added"])):
        case "changed":
            whole[at] ^= data.draw(st.integers(1, 255))
        case "cut":
            del whole[at:]
        case _:
            whole += data.draw(st.binary(min_size=1, max_size=9))
    (tmp_path / "f").write_bytes(whole)
    with pytest.raises(PaperError) as caught:
        read_stored(form, tmp_path / "f", same)
    assert str(tmp_path / "f") in caught.value.message and caught.value.next_step


@pytest.mark.parametrize(
    ("content", "why", "step"),
    [
        (None, "there is no such thing", "Fetch it."),
        (b"", "this isn't a thing", "Fetch it."),
        (b"htilde things, format 1\n", "this isn't a thing", "Fetch it."),
        (b"htilde thing, format 99\nabc\n", "another version of the kit", "Renew it."),
        (b"htilde thing, format 1\nabc\n", "damaged", "Fetch it."),
    ],
)
def test_each_reason_has_its_step(tmp_path: Path, content: bytes | None, why: str, step: str) -> None:
    """Missing, something else, of another version, damaged."""
    if content is not None:
        (tmp_path / "f").write_bytes(content)
    with pytest.raises(PaperError, match=why) as caught:
        read_stored(OPEN, tmp_path / "f", same)
    assert caught.value.next_step == step


def test_what_can_make_nothing_of_it_calls_it_damaged(tmp_path: Path) -> None:
    """Well-formed values that stand for nothing."""
    write_stored(OPEN, {"a": 1}, tmp_path / "f")
    with pytest.raises(PaperError, match="damaged"):
        read_stored(OPEN, tmp_path / "f", lambda plain: plain["b"])


def test_another_content_is_another_checksum(tmp_path: Path) -> None:
    """Which is what a file says it holds; one that isn't there has none."""
    path = tmp_path / "f"
    assert checksum_in(path) == ""
    write_stored(SEALED, 1, path)
    first = checksum_in(path)
    write_stored(SEALED, 2, path)
    assert first != checksum_in(path) != ""
    assert hashlib.sha256(zlib.compress(b"")).hexdigest() not in first
