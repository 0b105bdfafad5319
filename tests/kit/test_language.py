"""What students read exists in every language of the kit, says the same there, and is compiled."""

from __future__ import annotations

import ast
import io
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from clone import REAL, ROOT

import autograder
from autograder.course import load_course
from autograder.declarations import load_declarations
from autograder.language import LANGUAGES, _, choose, speaking
from autograder.translations import catalogs

OTHERS = [language for language in LANGUAGES if language != "en"]
PACKAGE = Path(autograder.__file__).parent


def said() -> Iterator[tuple[str, str]]:
    """Every text that the engine marks for translation, with its module."""
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                (text,) = node.args
                assert isinstance(text, ast.Constant), f"{path.name}:{node.lineno}: only a literal can be looked up"
                yield path.name, str(text.value)


def catalog(language: str) -> dict[str, str]:
    path = PACKAGE / "locale" / language / "LC_MESSAGES" / "autograder.po"
    return {str(m.id): str(m.string) for m in read_po(io.BytesIO(path.read_bytes())) if m.id and m.string}


def blanks(text: str) -> set[str]:
    """The places of a text that are filled in."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_everything_that_the_engine_says_is_translated(language: str) -> None:
    """No text is missing, none is left over, and each has the same blanks."""
    texts, known = {text: module for module, text in said()}, catalog(language)
    assert {text: module for text, module in texts.items() if text not in known} == {}
    assert [text for text in known if text not in texts] == []
    assert [text for text in texts if blanks(text) != blanks(known[text])] == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_ships_is_what_is_written(language: str) -> None:
    """The compiled catalog holds the same texts: make translations was not forgotten."""
    folder = PACKAGE / "locale" / language / "LC_MESSAGES"
    compiled = {str(m.id): str(m.string) for m in read_mo(io.BytesIO((folder / "autograder.mo").read_bytes())) if m.id}
    assert compiled == catalog(language)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("assignment", [path.stem for path in (REAL / "solutions").glob("*.py")])
def test_every_claim_and_hint_of_the_course_is_translated(assignment: str, language: str) -> None:
    """No text of the course is missing, and none is left over."""
    course = load_course(REAL / "grading.toml")
    declared = load_declarations(course, assignment)
    properties = (*declared.public.properties, *declared.hidden.properties)
    texts = {p.claim for p in properties} | {m.hint for m in declared.misconceptions.misconceptions}
    known = catalogs(course, assignment)[language]
    assert sorted({" ".join(text.split()) for text in texts} ^ known.keys()) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_page_of_prose_is_there_in_every_language(language: str) -> None:
    """A master has as many prose cells, with the same questions in the same places, in each language."""
    from autograder.master import read_master

    course = load_course(REAL / "grading.toml")
    for assignment in course.assignments:
        master = read_master(course.master(assignment.name), assignment.exercises, tuple(assignment.written))
        shapes = [
            [(cell.is_code, cell.exercise, cell.question) for cell in master.in_language(code)]
            for code in ("en", language)
        ]
        assert shapes[0] == shapes[1], assignment.name


def test_a_language_is_spoken_inside_its_block() -> None:
    """Afterwards it is the one of before; what nobody has translated stays English."""
    with speaking("ko"):
        assert _("your answer") == "여러분의 답" and _("no such text") == "no such text"
        assert choose({"en": "yes", "ko": "네"}) == "네" and choose({"en": "only"}) == "only"
    assert _("your answer") == "your answer"


def test_a_process_can_speak_one_language_for_good() -> None:
    """A command speaks the language of the paper that it found."""
    code = "from autograder.language import _, speak; speak('ko'); print(ascii(_('your answer')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ascii("여러분의 답")
