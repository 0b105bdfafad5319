"""Handing in through nbgrader's exchange: as oneself, what is one's own, and one bad folder costs nobody anything."""

from __future__ import annotations

import datetime as dt
import logging
import os
import pwd
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from clone import A1
from graded import convert, copied, nbgrader, scores
from htilde.course import load_course
from htilde.grading.records import GradeStatus, read_record
from htilde.nbgrader import collect as module
from htilde.nbgrader.collect import MAX_DEPTH, MAX_FILES, CheckedCollect
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory
from nbgrader.exchange.default import ExchangeCollect
from traitlets.config.loader import PyFileConfigLoader

try:
    ME = pwd.getpwuid(os.getuid()).pw_name
except KeyError:
    pytest.skip("the exchange knows students by name, and this user has none", allow_module_level=True)
FILE = f"{A1}.ipynb"
NOON = dt.datetime(2027, 3, 15, 12)


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A course in which one student has handed in, and an exchange beside it."""
    root = copied(tmp_path_factory, tmp_path / "course", "right")
    exchange, mine = tmp_path / "exchange", tmp_path / "mine"
    for folder in (exchange, mine):
        folder.mkdir()
    exchange.chmod(0o777)
    with (root / "nbgrader_config.py").open("a") as file:
        settings = {"CourseDirectory.course_id": "c", "Exchange.root": str(exchange), "Exchange.cache": str(mine)}
        settings |= {"CourseDirectory.max_file_size": 100, "CourseDirectory.max_dir_size": 150}
        file.write("".join(f"\nget_config().{name} = {value!r}" for name, value in settings.items()))
    exchanged(root, "ReleaseAssignment")
    return root


def exchanged(root: Path, what: str, **options: Any) -> None:
    """Run one of the exchange's steps as nbgrader's commands and formgrader do: by its name."""
    found = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    for name, value in options.items():
        found.Exchange[name] = value
    coursedir = CourseDirectory(config=found, root=str(root), assignment_id=A1)
    factory = ExchangeFactory(config=found)
    getattr(factory, what)(coursedir=coursedir, authenticator=Authenticator(config=found), config=found).start()


def inbound(root: Path, student: str = ME, when: dt.datetime = NOON, more: str = "+abc") -> Path:
    """Hand in by hand, as who knows the exchange can: a folder with the right answers."""
    folder = root.parent / "exchange" / "c" / "inbound" / f"{student}+{A1}+{when} UTC{more}"
    shutil.copytree(root / "submitted" / "right" / A1, folder)
    return folder


def collected(root: Path, student: str = ME) -> Path:
    return root / "submitted" / student / A1


def said(caplog: pytest.LogCaptureFixture, level: int = logging.ERROR) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == level]


def test_the_way_of_a_notebook_through_the_exchange(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Released, fetched, submitted, collected by nbgrader's command, graded: the paper comes along, the points too."""
    monkeypatch.chdir(tmp_path / "mine")
    exchanged(root, "FetchAssignment")
    assert {path.name for path in (tmp_path / "mine" / A1).iterdir()} == {FILE, f"{A1}.paper"}
    shutil.copy(root / "submitted" / "right" / A1 / FILE, tmp_path / "mine" / A1)
    exchanged(root, "Submit")
    nbgrader(root, "collect", A1)
    assert (collected(root) / FILE).read_bytes() == (root / "submitted" / "right" / A1 / FILE).read_bytes()
    stamp = dt.datetime.fromisoformat((collected(root) / "timestamp.txt").read_text().removesuffix(" UTC"))
    assert abs(stamp - dt.datetime.now(dt.UTC).replace(tzinfo=None)) < dt.timedelta(minutes=10)
    convert(root, student=ME)
    assert sum(map(float, scores(root)[ME].values())) == 8


@pytest.mark.parametrize("to", ["solutions/{name}/{name}.ipynb", "submitted/right/{name}/{name}.ipynb", "nowhere"])
def test_a_linked_notebook_hands_in_nothing(root: Path, to: str) -> None:
    """nbgrader would fetch the reference, with the instructor's rights: it stays a link, and is worth nothing."""
    folder = inbound(root)
    (folder / FILE).unlink()
    (folder / FILE).symlink_to(root / to.format(name=A1))
    exchanged(root, "Collect")
    assert (collected(root) / FILE).is_symlink()
    convert(root, student=ME)
    assert {*scores(root)[ME].values()} == {0}
    record = read_record(load_course(root / "grading.toml"), A1, ME)
    assert record is not None and record.status is GradeStatus.UNREADABLE and "link" in record.message


def test_the_stock_collector_would_have_followed_it(root: Path) -> None:
    """Or else the test above would show nothing."""
    folder = inbound(root)
    (folder / FILE).unlink()
    (folder / FILE).symlink_to(root / "solutions" / A1 / FILE)
    with (root / "nbgrader_config.py").open("a") as file:
        file.write("\nget_config().ExchangeFactory.collect = 'nbgrader.exchange.default.ExchangeCollect'")
    exchanged(root, "Collect")
    assert (collected(root) / FILE).read_bytes() == (root / "solutions" / A1 / FILE).read_bytes()


def test_nothing_is_read_from_behind_a_link(root: Path) -> None:
    """A link in place of a file, of a folder, of the time or of all of it."""
    secret = root / ".course"
    folder = inbound(root)
    for name in ("seed.txt", "timestamp.txt"):
        (folder / name).symlink_to(secret / "seed")
    (folder / "papers").symlink_to(secret / "papers")
    inbound(root, when=NOON.replace(hour=11), more="+whole").rename(root.parent / "elsewhere")
    exchanged(root, "Collect")
    links = {path.name for path in collected(root).iterdir() if path.is_symlink()}
    assert links == {"seed.txt", "papers"} and (collected(root) / "timestamp.txt").read_text() == f"{NOON} UTC"


ODD = [
    "..",
    ".",
    "-x",
    "a b",
    "a,b",
    "a'b",
    "<img src=x onerror=alert(1)>",
    "a\nb",
    "x" * 80,
    "раypal",
    "a\u202eb",
    "*",
]


@pytest.mark.parametrize("student", ODD, ids=ascii)
def test_nobody_is_called_so(root: Path, caplog: pytest.LogCaptureFixture, student: str) -> None:
    """A name that can't be a student's id, or doesn't belong to who handed in, is said, and stays where it is."""
    folder = inbound(root, student)
    inbound(root)
    before = {*(root / "submitted").rglob("*")}
    exchanged(root, "Collect", check_owner=False)
    new = {path.relative_to(root / "submitted").parts[0] for path in {*(root / "submitted").rglob("*")} - before}
    assert new == {ME}
    if student[0] == ".":  # nbgrader doesn't see those
        return
    (error,) = said(caplog)
    assert error.startswith(f"{folder} can't be collected: ") and "can't be a student id" in error


def test_nobody_hands_in_for_another(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not even later than they themselves; where ids aren't names on the machine, the instructor can say so."""
    forged = inbound(root, "bob", NOON.replace(hour=13))
    exchanged(root, "Collect")
    assert not collected(root, "bob").exists()
    (error,) = said(caplog)
    assert (
        f"bob handed it in, but it belongs to {ME}" in error and "check_owner = False" in error and str(forged) in error
    )
    exchanged(root, "Collect", check_owner=False)
    assert (collected(root, "bob") / FILE).is_file()


def deep(folder: Path) -> None:
    for _ in range(MAX_DEPTH + 1):
        folder = folder / "d"
    folder.mkdir(parents=True)


def crowded(folder: Path) -> None:
    for number in range(MAX_FILES):
        (folder / str(number)).touch()


def heavy(folder: Path) -> None:
    for name in ("heavy", "heavier"):
        (folder / name).write_bytes(bytes(90_000))


def linked(folder: Path) -> None:
    folder.rename(folder.parents[1] / "elsewhere")
    folder.symlink_to(folder.parents[1] / "elsewhere")


def dateless(folder: Path) -> None:
    folder.rename(folder.with_name(f"{ME}+{A1}+soon+abc"))


def a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("")


SPOILT: dict[str, tuple[Callable[[Path], None], str]] = {
    "deep": (deep, "nested"),
    "crowded": (crowded, f"more than {MAX_FILES} files"),
    "heavy": (heavy, "too large"),
    "a link": (linked, "it is a link"),
    "dateless": (dateless, "no date and time"),
    "a file": (a_file, "it is a link or a file"),
}


@pytest.mark.parametrize(("spoil", "why"), SPOILT.values(), ids=SPOILT)
def test_what_cant_be_collected_stays_and_what_was_before_too(
    root: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[Path], None], why: str
) -> None:
    """One error with the place and the reason; the submission of before is there, and the others' are collected."""
    inbound(root, more="+first")
    exchanged(root, "Collect")
    before = {path.name: path.read_bytes() for path in collected(root).iterdir()}
    other = inbound(root, "right", NOON.replace(hour=14))
    (other / "new.txt").write_text("new")
    spoil(inbound(root, when=NOON.replace(hour=13)))
    caplog.clear()
    exchanged(root, "Collect", update=True, check_owner=False)
    (error,) = said(caplog)
    assert why in error and f"{ME}+{A1}+" in error
    assert {path.name: path.read_bytes() for path in collected(root).iterdir()} == before
    assert (collected(root, "right") / "new.txt").read_text() == "new"
    assert {path.name for path in collected(root).parent.iterdir()} == {A1}


def test_what_isnt_a_plain_file_is_left_out(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A pipe isn't waited for; a file that is too large, or ignored, is named or passed over."""
    folder = inbound(root)
    os.mkfifo(folder / "pipe")
    (folder / "d").mkdir()
    (folder / "d" / "mine.txt").write_text("mine")
    (folder / "x.pyc").touch()
    (folder / "large").write_bytes(bytes(101_000))
    exchanged(root, "Collect")
    found = {str(path.relative_to(collected(root))) for path in collected(root).rglob("*") if path.is_file()}
    assert found == {FILE, "timestamp.txt", "d/mine.txt"}
    assert [text.split(" ")[1:3] for text in said(caplog, logging.WARNING) if "left out" in text] == [
        ["is", "too"],
        ["isn't", "a"],
    ]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files to another")
def test_anothers_file_under_a_second_name_is_left_out(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A hard link looks like a file of one's own, but for its owner."""
    folder, secret = inbound(root), root / "secret.txt"
    secret.write_text("secret")
    os.chown(secret, 65534, 65534)
    os.link(secret, folder / "mine.txt")
    exchanged(root, "Collect")
    assert not (collected(root) / "mine.txt").exists()
    assert "belongs to somebody else" in caplog.text


def test_a_file_that_becomes_a_link_while_it_is_read_ends_it(
    root: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was a file when it was looked at isn't followed when it is opened."""
    folder = inbound(root)
    (folder / "seed.txt").symlink_to(root / ".course" / "seed")
    monkeypatch.setattr(module.stat, "S_ISLNK", lambda _: False)
    monkeypatch.setattr(module.stat, "S_ISREG", lambda _: True)
    exchanged(root, "Collect")
    assert not collected(root).exists() and len(said(caplog)) == 1


def test_the_newest_is_collected_and_only_when_asked(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Of several the last; again only with --update and if there is a newer one; a broken time counts as older."""
    for hour in (12, 11):
        (inbound(root, when=NOON.replace(hour=hour), more=f"+{hour}") / "hour").write_text(str(hour))
    exchanged(root, "Collect")
    assert (collected(root) / "hour").read_text() == "12"
    (inbound(root, when=NOON.replace(hour=15)) / "hour").write_text("15")
    exchanged(root, "Collect")
    assert (collected(root) / "hour").read_text() == "12"
    (collected(root) / "timestamp.txt").write_text("yesterday")
    exchanged(root, "Collect", update=True)
    assert (collected(root) / "hour").read_text() == "15" and not said(caplog)
    (collected(root) / "mark").touch()
    exchanged(root, "Collect", update=True)
    assert (collected(root) / "mark").exists()


def test_a_time_that_is_too_good_is_told(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A folder may say that it was handed in long ago: when it was changed nobody but the system can say."""
    inbound(root, when=dt.datetime(2020, 1, 1, 12))
    exchanged(root, "Collect")
    (warning,) = [text for text in said(caplog, logging.WARNING) if "was changed at" in text]
    assert "handed in at 2020-01-01 12:00" in warning
    caplog.clear()
    inbound(root, when=dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0), more="+now")
    exchanged(root, "Collect", update=True)
    assert not [text for text in said(caplog, logging.WARNING) if "was changed at" in text]


def test_it_is_nbgraders_collector_otherwise() -> None:
    """Its options are nbgrader's."""
    assert issubclass(CheckedCollect, ExchangeCollect)
    assert {*CheckedCollect.class_traits(config=True)} == {*ExchangeCollect.class_traits(config=True)}
