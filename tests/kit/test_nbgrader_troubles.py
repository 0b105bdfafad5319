"""What a gradebook, a disk or a server answers: explained, with what to do."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest
from htilde.errors import CourseError, KitError
from htilde.nbgrader.troubles import explained, is_out_of_reach
from nbgrader.api import InvalidEntry, MissingEntry
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError


def database(kind: type[DatabaseError], text: str) -> DatabaseError:
    return kind("select", {}, sqlite3.OperationalError(text))


FULL = OSError(errno.ENOSPC, "No space left on device", "/course/x")
TOLD: dict[str, tuple[Exception, str, bool]] = {
    "locked": (database(OperationalError, "database is locked"), "another program keeps it locked", True),
    "locked, says nbgrader": (InvalidEntry("(OperationalError) database is locked"), "keeps it locked", True),
    "read-only": (database(OperationalError, "attempt to write a readonly database"), "can't be written", True),
    "full": (database(OperationalError, "database or disk is full"), "the disk is full", True),
    "not one": (database(DatabaseError, "file is not a database"), "isn't a gradebook any more", True),
    "damaged": (database(DatabaseError, "database disk image is malformed"), "is damaged", True),
    "old": (database(OperationalError, "no such column: x"), "another version of nbgrader", True),
    "another": (database(OperationalError, "disk I/O error"), "answers: disk I/O error", True),
    "one entry": (database(IntegrityError, "UNIQUE constraint failed"), "answers: UNIQUE constraint failed", False),
    "one entry, says nbgrader": (InvalidEntry("no such student"), "answers: no such student", False),
    "disk full": (FULL, "/course/x: No space left on device.", True),
    "a file": (OSError(errno.EACCES, "Permission denied", "/course/x"), "/course/x: Permission denied.", False),
    "explained already": (CourseError([]), "", False),
}


@pytest.mark.parametrize(("error", "what", "for_all"), TOLD.values(), ids=TOLD)
def test_what_has_a_reason_is_explained(error: Exception, what: str, for_all: bool) -> None:
    """Where, what, and what to do; and whether the next student would meet the same."""
    known = explained(error, "sqlite:////course/gradebook.db")
    assert isinstance(known, KitError) and what in known.message
    assert isinstance(error, KitError) or (known.next_step and "/course/" in known.message)
    assert is_out_of_reach(error) is for_all


def test_a_fault_of_the_kit_isnt_explained_away() -> None:
    """What nobody foresaw has no reason outside the kit."""
    for error in (RuntimeError("x"), ValueError("database is locked"), MissingEntry("no such student")):
        assert explained(error, "sqlite:///gradebook.db") is None and not is_out_of_reach(error)


def test_a_gradebook_elsewhere_keeps_its_password(tmp_path: Path) -> None:
    """The address of a server is told without it."""
    known = explained(database(OperationalError, "gone"), "postgresql://ada:secret@example/grades")
    assert known is not None and "secret" not in str(known) and "(postgresql://ada@example/grades): " in known.message
