"""The verdict store: results of examinations, so that the same submission isn't examined twice.

The key of an entry is the fingerprint of what was examined (the cells that run, in order), the papers, the limits and
the engine. Points are no part of it. Each entry is a file of its own that is written whole; one that can't
be read counts as none, so the folder may be deleted at any time: that costs examining again, and no grade.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from htilde.examination.paper import Paper
from htilde.examination.verdicts import from_plain, plain_notes, to_plain
from htilde.files import engine, fingerprint, write_file
from htilde.model import Examination, Limits
from htilde.submissions.steps import Ask, Submission

__all__ = ["Entry", "Store", "examiner", "now"]

_MAGIC = b"htilde verdicts, format 1\n"
_MAX_BYTES = 64 * 2**20


def examiner() -> str:
    """Return the engine that examines here. Verdicts depend on no sentence, so no word is in it."""
    return engine()


def now() -> str:
    """Return the time as entries have it: UTC, ISO 8601."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Entry:
    """An examination, worth no points yet; when it was made, and by which engine."""

    examination: Examination
    at: str
    kit: str


class Store:
    """The verdicts of one assignment, as one run sees them.

    A verdict for which a time ran out, or a worker ended, is believed in the run that made it, and in others when a
    second run has come to the same: a busy machine mustn't freeze a wrong zero. With ``again`` only what was examined
    in this run is there. ``unprotected`` says whether verdicts on code that wasn't locked in may be used.
    """

    def __init__(self, folder: Path, *, again: bool = False, unprotected: bool = False) -> None:
        self._folder, self._again, self._unprotected = folder, again, unprotected
        self._run = secrets.token_hex(8)
        self._papers: tuple[Sequence[Paper], list[str]] = ((), [])

    def key(self, submission: Submission, papers: Sequence[Paper], limits: Limits) -> str:
        """Return the store key of a submission: the fingerprint of all that its examination depends on."""
        if self._papers[0] is not papers:
            self._papers = papers, [paper.digest for paper in papers]
        steps = [step.exercise if isinstance(step, Ask) else [step.label, step.source] for step in submission.steps]
        notes = plain_notes(submission.notes)
        return fingerprint(examiner(), self._papers[1], asdict(limits), self._unprotected, steps, notes)

    def find(self, key: str) -> Entry | None:
        """Return the entry of that key, if there is one that may be used."""
        found = self._read(key)
        if found is None:
            return None
        entry, run, confirmed = found
        usable = run == self._run or (confirmed and not self._again)
        return entry if usable and (self._unprotected or not entry.examination.unprotected) else None

    def keep(self, key: str, examination: Examination) -> Entry:
        """Store an examination that has just been made. Raises OSError."""
        entry = Entry(examination.worth({}), now(), examiner())
        before = self._read(key)
        confirmed = not examination.cut_short or (
            before is not None
            and before[1] != self._run
            and to_plain(before[0].examination) == to_plain(entry.examination)
        )
        said = {"kit": entry.kit, "at": entry.at, "run": self._run, "confirmed": confirmed}
        body = zlib.compress(json.dumps(said | {"examination": to_plain(entry.examination)}).encode(), 1)
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Not durable: after a power cut the checksum tells what didn't reach the disk.
        write_file(path, _MAGIC + hashlib.sha256(body).digest() + body)
        return entry

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:]

    def _read(self, key: str) -> tuple[Entry, str, bool] | None:
        try:
            raw = self._path(key).read_bytes()
            body = raw.removeprefix(_MAGIC)
            if raw == body or hashlib.sha256(body[32:]).digest() != body[:32]:
                return None
            plain = json.loads(zlib.decompressobj().decompress(body[32:], _MAX_BYTES))
            entry = Entry(from_plain(plain["examination"]), str(plain["at"]), str(plain["kit"]))
            return entry, str(plain["run"]), plain["confirmed"] is True
        except (OSError, ValueError, TypeError, KeyError, zlib.error):
            return None
