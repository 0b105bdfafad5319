"""What a self-learner gets: stubs, public papers, sealed answers, and a hidden paper that is nobody's grade."""

from __future__ import annotations

import json
from pathlib import Path

import learner
import pytest
import toys
from clone import REAL
from htilde.authoring import drawing
from htilde.authoring.declarations import Declarations, load_declarations
from htilde.authoring.master import read_master, source_notebook
from htilde.course import Course, load_course
from htilde.errors import CourseError
from htilde.examination.paper import Paper, read_paper, write_paper
from htilde.language import LANGUAGES
from htilde.model import Visibility
from htilde.self_study import material as made_by
from htilde.self_study.material import make_material, stale
from htilde.self_study.study import Material, read_study
from learner import CANARY


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return learner.material(tmp_path_factory)


@pytest.fixture
def alone(tmp_path: Path) -> Course:
    return learner.course(tmp_path / "course")


def cells(path: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return found


def test_it_holds_these_files_and_no_other(material: Material) -> None:
    """An allow-list."""
    found = {str(path.relative_to(material.folder)) for path in material.folder.rglob("*") if path.is_file()}
    notebooks = {f"{lang}/{a}/{a}{end}" for lang in LANGUAGES for a in ("toys", "more") for end in (".ipynb", ".paper")}
    assert found == notebooks | {"material.json", "toys.study", "more.study"}


def test_answers_and_hints_are_in_the_sealed_files_only(material: Material) -> None:
    """No byte of any file shows them; the study has them."""
    words = (
        CANARY,
        "canary_of_the_idea_q5v",
        "canary_of_the_commentary_q5v",
        "that you haven't seen",
        "is_twice_elsewhere",
    )
    raw = b"".join(path.read_bytes() for path in material.folder.rglob("*") if path.is_file())
    assert not [word for word in words if word.encode() in raw]
    lesson = read_study(material.study("toys")).lesson("double")
    assert CANARY in lesson.answer and "BEGIN SOLUTION" not in lesson.answer
    assert lesson.idea["en"].startswith("Add it") and lesson.idea["ko"] and lesson.commentary["en"]
    assert "raise NotImplementedError" in lesson.stub and CANARY not in lesson.stub
    assert not read_study(material.study("toys")).lesson("negate").idea


def test_the_hidden_paper_is_drawn_without_the_courses_seed(material: Material, alone: Course) -> None:
    """It asks the same properties about other inputs, and making it leaves no seed behind."""
    made = material.folder.parent / "course"
    assert not (made / ".course" / "seed").exists() and not (made / ".course" / "papers").exists()
    _, graded = drawing.current_papers(alone, papers_declared(alone))
    mine = read_study(material.study("toys")).hidden
    asked = [{repr(e.arguments) for e in p.exercises[0].questions[0].examples} for p in (graded, mine)]
    assert [q.name for q in graded.exercises[0].questions] == [q.name for q in mine.exercises[0].questions]
    assert graded.id != mine.id and mine.visibility is Visibility.HIDDEN
    assert len(asked[0] - asked[1]) > len(asked[0]) / 2


def papers_declared(course: Course) -> Declarations:
    return load_declarations(course, "toys")


def test_a_notebook_is_what_students_receive() -> None:
    """Of each assignment the cells of the release: the same sources, ids and tags, and no answer."""
    course = load_course(REAL / "grading.toml")
    for listed in course.assignments:
        master = read_master(course.master(listed.name), listed.exercises, tuple(listed.written))
        book = source_notebook(master, {**listed.points, **listed.written}, "en", answers=False)
        released = cells(course.release(listed.name) / f"{listed.name}.ipynb")

        def about(source: object, cell: dict[str, object]) -> list[object]:
            metadata = dict(cell["metadata"])  # type: ignore[call-overload]
            known = metadata.pop("nbgrader", {})
            known = {key: known[key] for key in known.keys() - {"checksum", "cell_type"}}
            return [str(source).rstrip(), cell["id"], cell["cell_type"], metadata, known]

        mine = [about(cell["source"], cell) for cell in book.cells]
        assert mine == [about("".join(cell["source"]), cell) for cell in released]  # type: ignore[arg-type]


def test_each_language_has_its_own_prose_and_paper(material: Material) -> None:
    """Code and ids are the same."""
    english, korean = (cells(material.assignment("toys", lang) / "toys.ipynb") for lang in ("en", "ko"))
    assert [cell["id"] for cell in english] == [cell["id"] for cell in korean]
    assert "두 배" in str(korean) and "두 배" not in str(english)
    spoken = [read_paper(material.assignment("toys", lang) / "toys.paper").language for lang in ("en", "ko")]
    assert spoken == ["en", "ko"]


def test_what_hasnt_changed_isnt_made_again(tmp_path: Path, alone: Course) -> None:
    """An assignment is made anew when something that it is made from changes, and only then."""
    begun: list[str] = []
    folder = tmp_path / "made"
    assert stale(alone, folder) == ["toys", "more"]
    make_material(alone, folder, on_start=begun.append)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.*") if path.name != "material.json"}
    make_material(alone, folder, on_start=begun.append)
    assert begun == ["toys", "more"] and stale(alone, folder) == []
    assert before == {path: path.stat().st_mtime_ns for path in before}
    master = alone.master("more")
    master.write_text(master.read_text().replace("3 * x", "x * 3"))
    assert stale(alone, folder) == ["more"]
    make_material(alone, folder, on_start=begun.append)
    assert begun == ["toys", "more", "more"] and "x * 3" in read_study(folder / "more.study").lesson("triple").answer


def test_another_engine_or_another_paper_makes_it_stale(
    tmp_path: Path, alone: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the kit of before made is made again, and so is what goes with a paper that was drawn anew since."""
    folder = tmp_path / "made"
    make_material(alone, folder, ["more"])
    assert stale(alone, folder) == ["toys"]
    with monkeypatch.context() as patched:
        patched.setattr(made_by, "engine", lambda *more: "another engine")
        assert stale(alone, folder) == ["toys", "more"]
    write_paper(toys.paper(), alone.public_paper("more"))
    assert stale(alone, folder) == ["toys", "more"]


def test_papers_are_drawn_once(tmp_path: Path, alone: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into another folder, a bundle say, the hidden paper comes from the course's own store."""
    make_material(alone, tmp_path / "one", ["more"])
    drawn: list[Visibility] = []
    draw = drawing.draw_paper

    def counted(declarations: Declarations, visibility: Visibility, **options: object) -> Paper:
        drawn.append(visibility)
        return draw(declarations, visibility, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(drawing, "draw_paper", counted)
    made = make_material(alone, tmp_path / "other", ["more"], ["en"])
    assert Visibility.HIDDEN not in drawn and made.assignments == ("more",) and made.languages == ("en",)
    assert (tmp_path / "one/more.study").read_bytes() == (tmp_path / "other/more.study").read_bytes()


def test_what_is_wrong_with_the_course_is_told(tmp_path: Path, alone: Course) -> None:
    """As by build; nothing says that the folder is complete."""
    alone.declarations("hidden", "toys").unlink()
    with pytest.raises(CourseError, match=r"hidden/toys\.py"):
        make_material(alone, tmp_path / "made")
    assert not (tmp_path / "made" / "material.json").exists()
