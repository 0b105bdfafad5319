"""What students read exists in every language of the kit, says the same there, and is compiled."""

from __future__ import annotations

import ast
import html
import io
import re
import shutil
import string
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import htilde
import nbformat
import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from clone import A1, REAL, ROOT, clone
from htilde.authoring.build import build
from htilde.authoring.declarations import load_declarations
from htilde.authoring.drawing import EXAMPLES
from htilde.authoring.translations import catalogs
from htilde.course import Course, load_course
from htilde.examination.paper import read_paper
from htilde.language import LANGUAGES, _, choose, speaking
from htilde.model import Visibility
from htilde.nbgrader import classroom
from htilde.nbgrader.commands import nbgrader
from htilde.sample_class import Student, hand_in
from htilde.self_study.notebook import check
from once import once

OTHERS = [language for language in LANGUAGES if language != "en"]
PACKAGE = Path(htilde.__file__).parent


def said() -> Iterator[tuple[str, str]]:
    """Every text that the engine marks for translation, with its module."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                (text,) = node.args
                assert isinstance(text, ast.Constant), f"{path.name}:{node.lineno}: only a literal can be looked up"
                yield path.name, str(text.value)


def catalog(language: str) -> dict[str, str]:
    path = PACKAGE / "locale" / language / "LC_MESSAGES" / "htilde.po"
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
    compiled = {str(m.id): str(m.string) for m in read_mo(io.BytesIO((folder / "htilde.mo").read_bytes())) if m.id}
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
    from htilde.authoring.master import read_master

    course = load_course(REAL / "grading.toml")
    for assignment in course.assignments:
        master = read_master(course.master(assignment.name), assignment.exercises, tuple(assignment.written))
        shapes = [
            [(cell.is_code, cell.exercise, cell.question) for cell in master.in_language(code)]
            for code in ("en", language)
        ]
        assert shapes[0] == shapes[1], assignment.name


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("assignment", [path.stem for path in (REAL / "solutions").glob("*.py")])
def test_the_released_paper_speaks_every_language(assignment: str, language: str) -> None:
    """Each text as the paper carries it, to the last space, is translated in it."""
    texts = read_paper(load_course(REAL / "grading.toml").public_paper(assignment)).texts
    assert [text["en"] for text in texts if language not in text] == []


# A course in Korean, from the master to a student's feedback.

MISTAKE = "def sigmoid_derivative(h_tilde):\n    return h_tilde * (1 - h_tilde)"
HINT = "x(1 - x)"


@pytest.fixture(scope="module")
def korean(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A clone of the real course, released with --lang ko, in which one student has been graded."""

    def make(folder: Path) -> None:
        course = clone(folder, of=REAL)
        with pytest.MonkeyPatch.context() as patch:  # a short hidden paper is enough to be graded by
            patch.setitem(EXAMPLES, Visibility.HIDDEN, 4)
            classroom.release(course, A1, lang="ko")
        ada = Student("ada", "one mistake", 0, lambda book: book.answer(sigmoid_derivative=MISTAKE))
        hand_in(course, A1, [ada])
        (course.root / "submitted" / "lin" / A1).mkdir(parents=True)
        (course.root / "submitted" / "lin" / A1 / f"{A1}.ipynb").symlink_to(course.source(A1) / f"{A1}.ipynb")
        nbgrader(course, "autograde", A1)
        nbgrader(course, "generate_feedback", A1)

    return load_course(once(tmp_path_factory, "korean", make) / "grading.toml")


def book_of(folder: Path) -> nbformat.NotebookNode:
    return nbformat.read(folder / f"{A1}.ipynb", as_version=4)


def is_korean(text: str) -> bool:
    return any("HANGUL" in unicodedata.name(character, "") for character in text)


def test_a_korean_release_has_the_ids_of_the_english_one(korean: Course) -> None:
    """Cell by cell the same ids, nbgrader's marks and code; all sentences are Korean."""
    ours, english = book_of(korean.release(A1)), book_of(REAL / "assignments" / A1)

    def marks(book: nbformat.NotebookNode) -> list[object]:
        # All but the checksum, which of prose is another one.
        about = [{k: v for k, v in c.metadata.get("nbgrader", {}).items() if k != "checksum"} for c in book.cells]
        return [(c.id, c.cell_type, found, c.metadata.get("tags")) for c, found in zip(book.cells, about)]

    assert marks(ours) == marks(english)
    code = [[cell.source for cell in book.cells if cell.cell_type == "code"] for book in (ours, english)]
    assert code[0] == code[1]
    prose = [cell.source for cell in ours.cells if cell.cell_type == "markdown" and len(cell.source.split()) > 4]
    assert len(prose) > 9 and all(map(is_korean, prose))
    assert (ours.metadata.lang, english.metadata.lang) == ("ko", "en")


def test_a_korean_release_asks_the_same_questions(korean: Course) -> None:
    """Its paper is the English one that speaks another language."""
    ours, english = (read_paper(course.public_paper(A1)) for course in (korean, load_course(REAL / "grading.toml")))
    assert (ours.id, ours.language, english.language) == (english.id, "ko", "en")


def test_check_answers_in_korean(korean: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a notebook of that folder: claim, message and hint; afterwards English is spoken again."""
    monkeypatch.chdir(korean.release(A1))
    namespace: dict[str, Any] = {"check": check}
    exec(MISTAKE, namespace)
    shown = eval("check('sigmoid_derivative')", namespace)
    (hint,) = (text["ko"] for text in read_paper(korean.public_paper(A1)).texts if text["en"].startswith(HINT))
    for face in (str(shown), html.unescape(shown.html)):
        told = " ".join(face.split())
        assert hint in told and "여러분의 답" in told
        assert "your answer" not in told and "It looks like" not in told
    assert shown.points == 0 and _("your answer") == "your answer"


def test_the_command_answers_in_korean(korean: Course) -> None:
    """``htilde check`` speaks the language of the paper that it found; nothing is implemented there yet."""
    command = [sys.executable, "-X", "utf8", "-m", "htilde", "check", str(korean.release(A1))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60)
    assert (done.returncode, done.stderr) == (1, "")
    assert "아직 구현하지 않았습니다" in done.stdout and "Not implemented" not in done.stdout
    assert is_korean(done.stdout.splitlines()[-1])


def page_of(course: Course, student: str) -> str:
    """The text of a student's page."""
    page = (course.root / "feedback" / student / A1 / f"{A1}.html").read_text(encoding="utf-8")
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def test_feedback_of_a_korean_release_is_korean(korean: Course) -> None:
    """Graded through nbgrader: the student's page has the Korean verdict, hint and prose."""
    text = page_of(korean, "ada")
    hints = catalogs(korean, A1)["ko"]
    (english,) = [known for known in hints if known.startswith(HINT)]
    assert hints[english] in text and english not in text
    assert "아직 구현하지 않았습니다" in text and "Not implemented" not in text


def test_why_nothing_was_examined_is_korean_too(korean: Course) -> None:
    """On the page of a student whose notebook is a link; the reason stands at the first check."""
    text = page_of(korean, "lin")
    assert f"{A1}.ipynb은(는) 다른 파일을 가리키는 링크입니다." in text and "is a link" not in text
    assert "이 노트북의 첫 번째 검사를 보세요." in text and "See the first check" not in text


def test_a_course_in_korean_needs_no_option(korean: Course, tmp_path: Path) -> None:
    """``language = "ko"`` in grading.toml builds the same notebook and the same paper, byte by byte."""
    for name in ("tests", "solutions", ".course"):
        shutil.copytree(korean.root / name, tmp_path / name)
    grading = (korean.root / "grading.toml").read_text(encoding="utf-8")
    (tmp_path / "grading.toml").write_text(grading.replace('language = "en"', 'language = "ko"'), encoding="utf-8")
    course = load_course(tmp_path / "grading.toml")
    assert (korean.language, course.language) == ("en", "ko")
    build(course, A1)
    ours, theirs = ({path.name: path.read_bytes() for path in c.source(A1).iterdir()} for c in (course, korean))
    assert len(ours) == 2 and ours == theirs


def test_a_language_is_spoken_inside_its_block() -> None:
    """Afterwards it is the one of before; what nobody has translated stays English."""
    with speaking("ko"):
        assert _("your answer") == "여러분의 답" and _("no such text") == "no such text"
        assert choose({"en": "yes", "ko": "네"}) == "네" and choose({"en": "only"}) == "only"
    assert _("your answer") == "your answer"


def test_a_process_can_speak_one_language_for_good() -> None:
    """A command speaks the language of the paper that it found."""
    code = "from htilde.language import _, speak; speak('ko'); print(ascii(_('your answer')))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ascii("여러분의 답")
