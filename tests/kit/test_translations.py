"""Catalogs of claims and hints: read when they are there, and told with their path when they are broken."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from htilde.authoring.translations import catalogs
from htilde.course import Course
from htilde.errors import CourseError, MissingExtra

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
ENTRY = 'msgid "The result is twice x."\nmsgstr "결과는 x의 두 배이다."\n'


def write(course: Course, text: str | bytes, language: str = "ko", assignment: str = "toys") -> Path:
    path = course.root / "tests" / "locale" / language / f"{assignment}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_catalog_gives_texts_by_their_originals(course: Course) -> None:
    """For each language that has one; that of another assignment isn't this one's."""
    write(course, HEADER + ENTRY)
    write(course, HEADER + 'msgid "another"\nmsgstr "다른"\n', assignment="others")
    assert catalogs(course, "toys") == {"ko": {"The result is twice x.": "결과는 x의 두 배이다."}}


def test_without_catalogs_there_is_nothing_to_translate(course: Course) -> None:
    """A course in English needs none, nor the package that reads them."""
    assert catalogs(course, "toys") == {}
    (course.root / "tests" / "locale" / "ko").mkdir(parents=True)
    assert catalogs(course, "toys") == {}


def test_babel_is_needed_only_where_a_catalog_is(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the message says what to install."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "babel"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "babel", None)
    assert catalogs(course, "toys") == {}
    write(course, HEADER + ENTRY)
    with pytest.raises(MissingExtra, match="babel") as caught:
        catalogs(course, "toys")
    assert "instructor" in caught.value.next_step


@pytest.mark.parametrize(
    "entry",
    [
        'msgid "a claim"\nmsgstr ""\n',
        '#, fuzzy\nmsgid "a claim"\nmsgstr "아마도"\n',
        '#~ msgid "a claim"\n#~ msgstr "옛말"\n',
    ],
    ids=["empty", "fuzzy", "obsolete"],
)
def test_what_nobody_has_translated_for_sure_stays_english(course: Course, entry: str) -> None:
    """As everywhere with gettext: not yet, perhaps, and no longer are no translations."""
    write(course, HEADER + entry + "\n" + ENTRY)
    assert list(catalogs(course, "toys")["ko"]) == ["The result is twice x."]


def test_english_is_what_is_declared(course: Course) -> None:
    """Texts are known by their English originals, so nothing may take their place."""
    write(course, HEADER + 'msgid "The result is twice x."\nmsgstr "Twice x."\n', language="en")
    assert catalogs(course, "toys") == {}


BROKEN = {
    "not a catalog": b"hello there\n",
    "half a character": HEADER.encode() + b'msgid "a"\nmsgstr "\xed\x95"\n',
    "an unknown charset": HEADER.replace("utf-8", "nonsense") + ENTRY,
    "a date that is none": HEADER.replace("Content-Type: text/plain; charset=utf-8", "PO-Revision-Date: never") + ENTRY,
    "zeros of a full disk": bytes(64),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_catalog_is_told_with_its_path(course: Course, content: str | bytes) -> None:
    """Whatever is wrong with it is the course's to mend: one problem, one path."""
    path = write(course, content)
    with pytest.raises(CourseError, match="can't be read as a catalog") as caught:
        catalogs(course, "toys")
    assert [Path(problem.path) for problem in caught.value.problems] == [path]


def test_a_catalog_that_cant_be_opened_is_told_with_its_path(course: Course) -> None:
    """A folder in its place, say."""
    path = course.root / "tests" / "locale" / "ko" / "toys.po"
    path.mkdir(parents=True)
    with pytest.raises(CourseError, match=r"toys\.po"):
        catalogs(course, "toys")
