"""A workspace never loses a learner's work: made, made again, brought up to date, given back."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import learner
import pytest
from htilde.errors import KitError, UsageError
from htilde.examination.paper import read_paper
from htilde.language import speaking
from htilde.self_study.study import Material
from htilde.self_study.workspace import (
    FORMATS,
    Workspace,
    begin,
    enclosing_workspace,
    find_workspace,
    give_back,
)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return learner.material(tmp_path_factory)


@pytest.fixture(params=FORMATS)
def space(request: pytest.FixtureRequest, material: Material, tmp_path: Path) -> Workspace:
    return begin(material, tmp_path / "mine", form=request.param).workspace


def test_a_workspace_is_found_from_inside(space: Workspace) -> None:
    """With all that ``begin`` said about it, and its language is spoken from then on."""
    inside = space.file("toys").parent
    with speaking("ko"):
        assert find_workspace(inside) == enclosing_workspace(inside / "nowhere") == space
    assert space.exercises == {"toys": ("double", "negate"), "more": ("triple",)}
    assert all(space.file(name).is_file() and space.public_paper(name).is_file() for name in space.assignments)
    assert space.study("toys").lesson("double").stub in "".join(
        space.file("toys").read_text() if space.format == "py" else cells(space)[2]
    )


def cells(space: Workspace) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(space.file("toys").read_text())["cells"]]


def test_elsewhere_there_is_none(tmp_path: Path) -> None:
    """It says how to make one."""
    assert enclosing_workspace(tmp_path) is None
    with pytest.raises(UsageError, match="neither this folder") as caught:
        find_workspace(tmp_path)
    assert "htilde start" in caught.value.next_step


def test_beginning_again_keeps_all_work(space: Workspace, material: Material) -> None:
    """What is missing comes back, what is there stays to the byte, be it nonsense, and each is named."""
    space.file("toys").write_text("my own work")
    space.file("more").unlink()
    begun = begin(material, space.root)
    assert begun.kept == (space.file("toys"),) and begun.added == (space.file("more"),)
    assert space.file("toys").read_text() == "my own work" and begun.workspace == space


def test_a_new_assignment_is_added(material: Material, tmp_path: Path) -> None:
    """And one that the material no longer has stays where it is."""
    few, others = (replace(material, made_from={name: "1"}) for name in ("toys", "more"))
    root = tmp_path / "mine"
    assert begin(few, root).workspace.assignments == ("toys",)
    begun = begin(others, root)
    assert begun.workspace.assignments == ("more", "toys") and begun.kept == ()
    assert find_workspace(root) == begun.workspace and begun.workspace.file("toys").is_file()


def test_another_language_changes_what_is_said_and_no_work(space: Workspace, material: Material) -> None:
    """The papers are in it from then on; without --lang it stays."""
    before = space.file("toys").read_bytes()
    begin(material, space.root, language="ko")
    begun = begin(material, space.root)
    assert begun.workspace.language == read_paper(space.public_paper("toys")).language == "ko"
    assert space.file("toys").read_bytes() == before


def test_another_format_wants_another_folder(space: Workspace, material: Material) -> None:
    """Two files of one assignment would leave open which one counts."""
    (other,) = set(FORMATS) - {space.format}
    with pytest.raises(UsageError, match="already") as caught:
        begin(material, space.root, form=other)
    assert f"--format {other}" in caught.value.next_step
    assert find_workspace(space.root) == space


@pytest.mark.parametrize("where", [".", "assignments", "solutions"])
def test_a_course_is_no_place_to_work_in(material: Material, tmp_path: Path, where: str) -> None:
    """Nothing is written into it."""
    course = learner.course(tmp_path)
    before = sorted(course.root.rglob("*"))
    with pytest.raises(UsageError, match="belongs to a course"):
        begin(material, course.root / where)
    assert sorted(course.root.rglob("*")) == before


def test_a_language_that_isnt_there_is_told(material: Material, tmp_path: Path) -> None:
    """With those that are."""
    with pytest.raises(UsageError, match="'ko'") as caught:
        begin(replace(material, languages=("en",)), tmp_path / "mine", language="ko")
    assert "en" in caught.value.next_step and not (tmp_path / "mine").exists()


def test_damaged_material_spoils_no_workspace(material: Material, tmp_path: Path) -> None:
    """A study file that can't be read is told before anything of the assignment is written."""
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "toys.study").write_bytes(material.study("toys").read_bytes()[:-1])
    with pytest.raises(KitError, match="damaged"):
        begin(replace(material, folder=broken), tmp_path / "mine")
    assert not list((tmp_path / "mine").rglob("*.*"))


@pytest.mark.parametrize("content", ["", "[]", "{", '{"language": "tlh"}', '{"language": "en", "format": "py"}'])
def test_broken_settings_are_told_and_mended(material: Material, tmp_path: Path, content: str) -> None:
    """The message says how, and doing so keeps the work."""
    space = begin(material, tmp_path / "mine").workspace
    settings = space.private / "workspace.json"
    settings.write_text(content)
    with pytest.raises(UsageError, match=r"workspace\.json: it can't be read") as caught:
        find_workspace(space.root)
    assert "Delete it" in caught.value.next_step
    settings.unlink()
    assert begin(material, space.root).kept == (space.file("toys"), space.file("more"))


def test_giving_back_keeps_a_copy(space: Workspace) -> None:
    """The stub is there again, the file of before is kept whole, mode and all."""
    learner.answer(space, "double", learner.RIGHT)
    learner.answer(space, "negate", "def negate(x):\n    return -x\n")
    file, before = space.file("toys"), space.file("toys").read_bytes()
    file.chmod(0o600)
    copy = give_back(space, "toys", "double")
    assert copy.read_bytes() == before and copy.parent == space.private / "kept"
    now = file.read_text()
    assert "return 2 * x" not in now and "return -x" in now and now.count("NotImplementedError") == 1
    assert os.name != "posix" or file.stat().st_mode & 0o777 == 0o600
    assert give_back(space, "toys", "negate") != copy


def test_what_cant_be_given_back_changes_nothing(space: Workspace) -> None:
    """A file that is gone or broken; no copy either."""
    space.file("toys").write_bytes(b"\xff{")
    with pytest.raises(KitError):
        give_back(space, "toys", "double")
    assert space.file("toys").read_bytes() == b"\xff{" and not (space.private / "kept").exists()
    space.file("toys").unlink()
    with pytest.raises(UsageError) as caught:
        give_back(space, "toys", "double")
    assert "htilde start" in caught.value.next_step
