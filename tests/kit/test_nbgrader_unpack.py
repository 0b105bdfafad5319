"""Archives of a class: what can be unpacked is, in its own folder; one that can't costs nobody else anything."""

from __future__ import annotations

import io
import logging
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from clone import A1
from graded import copied, nbgrader
from htilde.nbgrader import unpack as module
from htilde.nbgrader.unpack import CheckedCollector, CheckedExtractor
from traitlets.config import LoggingConfigurable


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return raw.getvalue()


def tarred(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return raw.getvalue()


def link(name: str, to: str) -> tuple[zipfile.ZipInfo, bytes]:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info, to.encode()


def tar_link(name: str, to: str, kind: bytes = tarfile.SYMTYPE) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, to
    return info, b""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Where archives come from and go to, with somebody's good one among them."""
    archives, extracted = tmp_path / "archive", tmp_path / "extracted"
    archives.mkdir()
    extracted.mkdir()
    (archives / "zoe.zip").write_bytes(zipped(("d/a1.ipynb", b"zoe's")))
    return archives, extracted


def unpack(folders: tuple[Path, Path]) -> dict[str, bytes]:
    CheckedExtractor().extract(*map(str, folders))
    return {str(path.relative_to(folders[1])): path.read_bytes() for path in folders[1].rglob("*") if path.is_file()}


ZOES = {"zoe/d/a1.ipynb": b"zoe's"}


def test_archives_are_unpacked_and_files_copied(folders: tuple[Path, Path]) -> None:
    """Those of students within that of the class too, in folders below as well."""
    archives, _ = folders
    inner = zipped(("a1.ipynb", b"bob's"))
    (archives / "class.zip").write_bytes(zipped(("bob.zip", inner), ("readme.txt", b"read me")))
    (archives / "ada_a1.ipynb").write_bytes(b"ada's")
    (archives / "late").mkdir()
    (archives / "late" / "cy.tar.gz").write_bytes(tarred((tarfile.TarInfo("a1.ipynb"), b"cy's")))
    assert unpack(folders) == ZOES | {
        "class/bob.zip": inner,
        "class/bob/a1.ipynb": b"bob's",
        "class/readme.txt": b"read me",
        "ada_a1.ipynb": b"ada's",
        "late/cy/a1.ipynb": b"cy's",
    }


def matryoshka(depth: int) -> bytes:
    inner = zipped(("a1.ipynb", b"deep"))
    for _ in range(depth):
        inner = zipped(("inner.zip", inner))
    return inner


BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "up": ("eve.zip", lambda: zipped(("ok", b""), ("../up", b"x")), "leads elsewhere"),
    "far up": ("eve.zip", lambda: zipped(("d/../../../up", b"x")), "leads elsewhere"),
    "a root": ("eve.zip", lambda: zipped(("/tmp/up", b"x")), "leads elsewhere"),
    "backslashes": ("eve.zip", lambda: zipped(("..\\up", b"x")), "leads elsewhere"),
    "a drive": ("eve.zip", lambda: zipped(("C:up", b"x")), "leads elsewhere"),
    "twice": ("eve.zip", lambda: zipped(("a", b"x"), ("./a", b"y")), "exists"),
    "a bomb": ("eve.zip", lambda: zipped(("zeros", bytes(3_000_000))), "more than"),
    "a bomb within": ("eve.zip", lambda: zipped(("a.zip", zipped(("zeros", bytes(3_000_000))))), "more than"),
    "a crowd": ("eve.zip", lambda: zipped(*((str(n), b"") for n in range(300))), "more than"),
    "no archive": ("eve.zip", lambda: b"\x89PNG", "not a zip file"),
    "cut off": ("eve.zip", lambda: zipped(("a", b"x" * 99))[:-30], "not a zip file"),
    "no tar": ("eve.tar.gz", lambda: b"x", "not a gzip file"),
    "up by tar": ("eve.tar.gz", lambda: tarred((tarfile.TarInfo("../up"), b"x")), "leads elsewhere"),
    "a tar bomb": ("eve.tar.gz", lambda: tarred((tarfile.TarInfo("zeros"), bytes(3_000_000))), "more than"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("name", "make", "why"), BAD.values(), ids=BAD)
def test_a_bad_archive_leaves_nothing_and_stops_nobody(
    folders: tuple[Path, Path],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    make: Callable[[], bytes],
    why: str,
) -> None:
    """One error with its name and the reason; nothing of it is left, here or elsewhere."""
    monkeypatch.setattr(module, "MAX_BYTES", 2_000_000)
    monkeypatch.setattr(module, "MAX_FILES", 200)
    archives, extracted = folders
    (archives / name).write_bytes(make())
    before = {*archives.parent.iterdir()}
    assert unpack(folders) == ZOES and {*archives.parent.iterdir()} == before
    assert {path.name for path in extracted.iterdir()} == {"zoe"}
    (error,) = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert error.startswith(f"{archives / name} isn't unpacked: ") and why in error


def test_links_are_left_out(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """In an archive of either kind; one in the folder of archives isn't followed."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    archives, _ = folders
    (archives / "eve.zip").write_bytes(zipped(link("a1.ipynb", str(secret)), ("mine", b"x")))
    tar = tarred(
        tar_link("a", str(secret)), tar_link("b", "../../secret", tarfile.LNKTYPE), (tarfile.TarInfo("c"), b"x")
    )
    (archives / "mal.tar.gz").write_bytes(tar)
    (archives / "a1.ipynb").symlink_to(secret)
    assert unpack(folders) == ZOES | {"eve/mine": b"x", "mal/c": b"x"}


def test_archives_within_archives_end(folders: tuple[Path, Path]) -> None:
    """Two deep; what is deeper stays packed."""
    (folders[0] / "eve.zip").write_bytes(matryoshka(6))
    assert {path for path in unpack(folders) if path.startswith("eve")} == {"eve/inner.zip", "eve/inner/inner.zip"}


PATTERN = r".*/(?P<student_id>[^/_]+)_(?P<timestamp>[^_/]+)_(?P<file_id>.+)"


@pytest.mark.parametrize(
    ("name", "collected"),
    [
        (f"/x/ada_2027-03-15_{A1}.ipynb", {"student_id": "ada", "timestamp": "2027-03-15", "file_id": f"{A1}.ipynb"}),
        (f"/x/ada_soon_{A1}.ipynb", {"student_id": "ada", "timestamp": None, "file_id": f"{A1}.ipynb"}),
        (f"/x/.._2027_{A1}.ipynb", None),
        (f"/x/<b>_2027_{A1}.ipynb", None),
        (f"/x/a b_2027_{A1}.ipynb", None),
        ("/x/ada_2027_../../bob/a1.ipynb", None),
        ("/x/ada_2027_/etc/a1.ipynb", None),
        ("/x/ada.ipynb", None),
    ],
)
def test_names_are_believed_as_far_as_they_can_be(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, name: str, collected: dict[str, Any] | None
) -> None:
    """A time that is none is left out; an id or a place that can't be is refused."""
    (tmp_path / "grading.toml").write_text(f'[[assignment]]\nname = "{A1}"\n[assignment.points]\nf = 1\n')
    app = LoggingConfigurable()
    app.coursedir = SimpleNamespace(root=str(tmp_path))
    assert CheckedCollector(parent=app, named_regexp=PATTERN).collect(name) == collected


def test_nbgraders_command_uses_both(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    """zip_collect by the course's configuration: a good archive gets to submitted/, a bad one is named."""
    root = copied(tmp_path_factory, tmp_path, "right")
    archives = root / "downloaded" / A1 / "archive"
    archives.mkdir(parents=True)
    right = (root / "submitted" / "right" / A1 / f"{A1}.ipynb").read_bytes()
    (archives / "zoe_x.zip").write_bytes(zipped((f"{A1}.ipynb", right)))
    (archives / "eve_x.zip").write_bytes(zipped(("../../up", b"x")))
    pattern = r"--FileNameCollectorPlugin.named_regexp=.*/(?P<student_id>\w+)_x/(?P<file_id>\w+)"
    said = nbgrader(root, "zip_collect", A1, pattern)
    assert (root / "submitted" / "zoe" / A1 / f"{A1}.ipynb").read_bytes() == right
    assert (
        "eve_x.zip isn't unpacked" in said
        and not [*root.rglob("up")]
        and os.listdir(root / "submitted" / "zoe") == [A1]
    )
