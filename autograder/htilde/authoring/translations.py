"""Read translations of claims and hints: ``tests/locale/<language>/<assignment>.po``, keyed by the English text.

They are read when papers are written; a paper has its texts in every language.
"""

from __future__ import annotations

from pathlib import Path

from htilde.course import Course
from htilde.errors import CourseError, MissingExtra, Problem
from htilde.language import LANGUAGES

__all__ = ["catalogs"]


def catalogs(course: Course, assignment: str) -> dict[str, dict[str, str]]:
    """Return the translations by language and English original, for each language that has a catalog.

    Raises CourseError if a catalog can't be read.
    """
    others = [language for language in LANGUAGES if language != "en"]  # the originals are in English
    found = {language: course.root / "tests" / "locale" / language / f"{assignment}.po" for language in others}
    return {language: _read(path) for language, path in found.items() if path.exists()}


def _read(path: Path) -> dict[str, str]:
    try:
        from babel.messages.pofile import PoFileError, read_po
    except ImportError:
        raise MissingExtra("babel", "Reading translations", "instructor") from None
    try:
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
    except (OSError, PoFileError, LookupError, ValueError) as error:  # also of its header: an unknown charset, no date
        raise CourseError(Problem(path, f"can't be read as a catalog of translations ({error}).")) from None
    # As everywhere with gettext, a translation that is marked as fuzzy isn't used before somebody has confirmed it.
    sure = (message for message in catalog if message.id and message.string and not message.fuzzy)
    return {str(message.id): str(message.string) for message in sure}
