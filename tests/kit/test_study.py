"""Study files and material: what is in them comes out again, and what is damaged is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import toys
from htilde.errors import KitError, PaperError, UsageError
from htilde.model import Visibility
from htilde.self_study.study import (
    MATERIAL,
    Lesson,
    Material,
    Study,
    read_material,
    read_study,
    write_material,
    write_study,
)

LESSON = Lesson("double", {"en": "the idea", "ko": "발상"}, {"en": "2·x"}, {}, "return 2 * x", "raise")
STUDY = Study("toys", toys.paper(visibility=Visibility.HIDDEN), (LESSON,))


def test_a_study_survives_the_file(tmp_path: Path) -> None:
    """Paper, texts in each language, a text that nobody has written."""
    write_study(STUDY, tmp_path / "toys.study")
    found = read_study(tmp_path / "toys.study")
    assert found.lessons == STUDY.lessons and found.hidden.id == STUDY.hidden.id
    assert found.lesson("double") == LESSON


def test_nothing_of_a_study_is_in_clear(tmp_path: Path) -> None:
    """Neither the answer nor a hint, a claim or a hidden number's digits."""
    write_study(STUDY, tmp_path / "toys.study")
    raw = (tmp_path / "toys.study").read_bytes()
    assert raw.startswith(b"htilde study file, format 2\n")
    assert not [word for word in ("return 2", "the idea", "발상", "is_right", "double") if word.encode() in raw]


@pytest.mark.parametrize(
    "spoilt",
    [
        replace(STUDY, hidden=toys.paper()),
        replace(STUDY, assignment="others"),
        replace(STUDY, lessons=()),
        replace(STUDY, lessons=(LESSON, LESSON)),
    ],
    ids=["a public paper", "another assignment", "no lesson", "a lesson too many"],
)
def test_a_study_that_doesnt_fit_together_is_damaged(tmp_path: Path, spoilt: Study) -> None:
    """A public paper in the hidden one's place, lessons on other exercises."""
    write_study(spoilt, tmp_path / "toys.study")
    with pytest.raises(PaperError, match="damaged") as caught:
        read_study(tmp_path / "toys.study")
    assert "htilde start" in caught.value.next_step


def test_material_survives_its_file(tmp_path: Path) -> None:
    """Assignments keep their order."""
    material = Material(tmp_path, ("en", "ko"), {"b": "1", "a": "2"})
    write_material(material)
    assert read_material(tmp_path) == material and read_material(tmp_path).assignments == ("b", "a")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(None, UsageError), ("", PaperError), ("[]", PaperError), ("{", PaperError), ('{"format": 2}', PaperError)],
)
def test_material_that_cant_be_read_is_told(tmp_path: Path, content: str | None, kind: type[KitError]) -> None:
    """With the folder or the file, and a next step."""
    if content is not None:
        (tmp_path / MATERIAL).write_text(content)
    with pytest.raises(kind) as caught:
        read_material(tmp_path)
    assert str(tmp_path) in caught.value.message and caught.value.next_step


def test_material_of_a_later_format_isnt_guessed_at(tmp_path: Path) -> None:
    """It says which format this kit reads."""
    (tmp_path / MATERIAL).write_text(json.dumps({"format": 2, "languages": [], "assignments": {}}))
    with pytest.raises(PaperError, match="this kit reads format 1"):
        read_material(tmp_path)
