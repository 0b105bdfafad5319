"""The gradebook on a real PostgreSQL server, where one is installed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from clone import A1
from graded import config, convert, copied, generate, graded, scores
from htilde.errors import KitError
from htilde.nbgrader.gradebook import NbGraderGradebook
from test_nbgrader_grade_class import anew, grade, renew

PASSWORD = "of no use elsewhere"


def _program(name: str) -> str:
    found = [shutil.which(name), *map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True))]
    program = next(filter(None, found[1:] or found), None)
    if program is None:
        pytest.skip(f"PostgreSQL isn't installed here (there is no {name})")
    return program


def _as_its_user() -> list[str]:
    """The server refuses to run as root."""
    if os.geteuid():
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("PostgreSQL doesn't run as root, and there is no user for it")
    return ["runuser", "-u", "postgres", "--"]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where a server of our own listens, on loopback."""
    pytest.importorskip("psycopg", reason="psycopg isn't installed (the extra postgresql)")
    initdb, control, user = _program("initdb"), _program("pg_ctl"), _as_its_user()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="kit-pg-"))  # pytest's own are closed to other users
    (folder / "password").write_text(PASSWORD)
    if user:
        shutil.chown(folder, "postgres")
        shutil.chown(folder / "password", "postgres")
    data, log = str(folder / "data"), str(folder / "log")
    listen = f"-p {number} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"

    def run(*command: str) -> None:
        subprocess.run([*user, *command], cwd=folder, check=True, capture_output=True, timeout=120)

    try:
        run(initdb, "-D", data, "-U", "kit", "-A", "scram-sha-256", f"--pwfile={folder / 'password'}", "-N")
        run(control, "-D", data, "-o", listen, "-l", log, "-w", "start")
        try:
            yield number
        finally:
            run(control, "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def root(port: int, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course whose gradebook is a fresh database on that server."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    name = tmp_path.name.lower().replace("-", "_")
    command = [_program("createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "kit", name]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    root = copied(tmp_path_factory, tmp_path / "course", "right", "wrong", "not_json")
    anew(root)
    (root / "gradebook.db").unlink()
    address(root, f"postgresql+psycopg://kit@127.0.0.1:{port}/{name}")
    return root


def address(root: Path, url: str) -> None:
    """Write an address into grading.toml, in the place of the one before."""
    path = root / "grading.toml"
    text = path.read_text(encoding="utf-8").partition("\n[gradebook]\n")[0]
    path.write_text(f'{text}\n[gradebook]\ndb_url = "{url}"\n', encoding="utf-8")


def on_server(root: Path) -> dict[str, dict[str, float | None]]:
    """The scores there, by student and exercise."""
    found = config(root).CourseDirectory
    with NbGraderGradebook(found.db_url, found.course_id) as gradebook:
        return {
            row.student: {name.removeprefix("check_"): cell.auto for name, cell in row.cells.items()}
            for row in gradebook.grades(A1)
        }


def test_a_class_is_graded_there(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Release, grades, feedback and export as with a file; a second run touches nothing; stock nbgrader agrees."""
    generate(root)
    outcome, fault = grade(root)
    renew(root)
    theirs = scores(graded(tmp_path_factory).root)
    assert fault is None and outcome.first == outcome.recorded == {"right", "wrong", "not_json"}
    assert on_server(root) == {name: theirs[name] for name in ("right", "wrong", "not_json")}
    assert grade(root)[0].unchanged == outcome.recorded
    convert(root)
    assert on_server(root) == {name: theirs[name] for name in ("right", "wrong", "not_json")}
    assert "right,,,,graded,8,8,8,8," in (root / "grades.csv").read_text(encoding="utf-8")
    assert not (root / "gradebook.db").exists()


@pytest.mark.parametrize(
    ("mistake", "says", "step"),
    [
        ("password", "the server refuses the password", "~/.pgpass"),
        ("database", "the server has no such database", "createdb"),
        ("port", "no server answers there", "db_url"),
    ],
)
def test_what_is_wrong_with_the_address_is_one_message(
    root: Path, port: int, monkeypatch: pytest.MonkeyPatch, mistake: str, says: str, step: str
) -> None:
    """With what to do, and without the password."""
    if mistake == "password":
        monkeypatch.setenv("PGPASSWORD", "another")
    elif mistake == "database":
        address(root, f"postgresql+psycopg://kit@127.0.0.1:{port}/nowhere")
    else:
        address(root, "postgresql+psycopg://kit@127.0.0.1:9/nowhere")
    with pytest.raises(KitError, match=says) as caught:
        grade(root)
    assert step in caught.value.next_step and PASSWORD not in str(caught.value)
