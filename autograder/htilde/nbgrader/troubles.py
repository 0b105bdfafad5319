# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped"
"""Explain what gradebooks, disks and servers answer: what it means, and what to do."""

from __future__ import annotations

import errno
import re

from nbgrader.api import InvalidEntry
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from htilde.errors import GraderFault, KitError, MissingExtra

__all__ = ["explained", "is_out_of_reach"]

_LAST_GOOD = "Put the last good copy of it in its place and run this again."
_UPGRADE = "Copy it to a safe place, run 'nbgrader db upgrade', then run this again."
_OPEN = "Make the file and its folder readable and writable for you and run this again."
_PASSWORD = "Put the right one into ~/.pgpass (mode 600), or into the environment as PGPASSWORD, and run this again."
_ADDRESS = "Start the server, or mend db_url in grading.toml, and run this again."
_TROUBLES = (
    (
        "database is locked",
        "another program keeps it locked.",
        "Close what else has it open (formgrader, a database browser) and run this again.",
    ),
    ("readonly database", "it can't be written.", _OPEN),
    ("unable to open database file", "it can't be opened.", _OPEN),
    ("not a database", "this isn't a gradebook any more.", _LAST_GOOD),
    ("malformed", "this gradebook is damaged.", _LAST_GOOD),
    ("disk is full", "the disk is full.", "Make room and run this again."),
    ("password authentication failed", "the server refuses the password.", _PASSWORD),
    ("no password supplied", "the server asks for a password.", _PASSWORD),
    ("could not translate host name", "there is no such host.", _ADDRESS),
    ("Connection refused", "no server answers there.", _ADDRESS),
    ("Connection timed out", "no server answers there.", _ADDRESS),
    ("FATAL:  database", "the server has no such database.", "Create it (createdb) and run this again."),
    ("FATAL:  role", "the server knows no such user.", _ADDRESS),
    ("load plugin: sqlalchemy", "nobody knows this kind of database.", _ADDRESS),
    ("no such table", "it was made by another version of nbgrader.", _UPGRADE),
    ("no such column", "it was made by another version of nbgrader.", _UPGRADE),
)
"""Words in a gradebook's answer, the meaning, and the next step."""


def is_out_of_reach(error: Exception) -> bool:
    """Tell whether the gradebook or the disk fails as a whole, whoever's turn it is."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
    if isinstance(error, InvalidEntry):  # into which nbgrader turns some
        return any(words in str(error) for words, _, _ in _TROUBLES)
    return isinstance(error, (OperationalError, InterfaceError)) or type(error) is DatabaseError


def explained(error: Exception, db_url: str) -> KitError | None:
    """Return an error that has a reason outside the kit, in words; None for what looks like a fault of the kit."""
    if isinstance(error, KitError):
        return error
    if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("psycopg"):
        return MissingExtra(str(error.name), f"The gradebook ({_without_password(db_url)})", "postgresql")
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return GraderFault(f"{where}{error.strerror or error}.", next_step="Mend this and run it again.")
    if isinstance(error, (SQLAlchemyError, InvalidEntry)):
        found = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        is_file = db_url.startswith("sqlite")
        where = db_url.removeprefix("sqlite:///") if is_file else f"The gradebook ({_without_password(db_url)})"
        what, step = next(
            ((what, step) for words, what, step in _TROUBLES if words in found),
            (f"the gradebook answers: {found}.", "Mend this and run it again."),
        )
        return GraderFault(f"{where}: {what}", next_step=step)
    return None


def _without_password(db_url: str) -> str:
    return re.sub(r"//([^/@:]*):.*@", r"//\1@", db_url)
