"""The kit's wheel: of a source tree or of an installation, always the same; test_bundle installs one."""

from __future__ import annotations

import io
import zipfile
from importlib.metadata import PathDistribution, distribution
from pathlib import Path

import pytest
from htilde.errors import GraderFault, MissingExtra, UsageError
from htilde.shipping import wheel
from htilde.shipping.wheel import kit_wheel, zipped
from hypothesis import given
from hypothesis import strategies as st

names = st.text("abc/.é", min_size=1, max_size=8).filter(lambda name: name.strip("/.") == name and "//" not in name)


@given(st.dictionaries(names, st.binary(max_size=200), max_size=5))
def test_names_and_contents_decide_every_byte(files: dict[str, bytes]) -> None:
    """Not their order, not the time, not who writes; and all of them come out again."""
    raw = zipped(files)
    assert raw == zipped(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert {(entry.date_time[0], entry.external_attr >> 16) for entry in archive.infolist()} <= {(1980, 0o100644)}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit of two files as an installer leaves it, with what is its own; where the package is, there it runs from."""
    package, info = tmp_path / "htilde", tmp_path / "htilde-0.dist-info"
    package.mkdir()
    info.mkdir()
    files = {
        "htilde/__init__.py": b"",
        "htilde/check.py": b"1 + 1",
        f"{info.name}/WHEEL": b"Wheel-Version: 1.0",
    }
    record = [f"{name},sha256={wheel._digest(content)},{len(content)}\n" for name, content in files.items()]
    pip = f"{info.name}/INSTALLER,sha256={wheel._digest(b'pip')},3\n{info.name}/RECORD,,\nhtilde/check.pyc,,\n"
    for name, content in {**files, f"{info.name}/INSTALLER": b"pip", "htilde/check.pyc": b""}.items():
        (tmp_path / name).write_bytes(content)
    (info / "RECORD").write_text("".join(record) + pip)
    monkeypatch.setattr(wheel, "_PACKAGE", package)
    monkeypatch.setattr(wheel, "distribution", lambda name: PathDistribution(info))
    return tmp_path


def test_a_wheel_is_what_the_installer_noted(installed: Path) -> None:
    """Nothing of the installer's, nothing compiled, nothing that was laid beside; the record is complete."""
    (installed / "htilde" / "answers.py").write_text("nobody noted this")
    name, raw = kit_wheel()
    assert name == "htilde-0-py3-none-any.whl"
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        info = "htilde-0.dist-info"
        expected = [f"{info}/RECORD", f"{info}/WHEEL", "htilde/__init__.py", "htilde/check.py"]
        assert archive.namelist() == expected
        record = archive.read(f"{info}/RECORD").decode().splitlines()
    assert [line.partition(",")[0] for line in record] == [*expected[1:], expected[0]]


def test_a_changed_installation_is_refused(installed: Path) -> None:
    """What was edited or removed since isn't the kit any more."""
    (installed / "htilde" / "check.py").write_text("1 + 2")
    with pytest.raises(UsageError, match=r"check\.py: it was changed since it was installed"):
        kit_wheel()
    (installed / "htilde" / "check.py").unlink()
    with pytest.raises(UsageError, match=r"check\.py: can't be read"):
        kit_wheel()


def test_an_installation_that_isnt_noted_is_refused(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an editable one, whose files are elsewhere; or a folder on the path that nobody installed."""
    (installed / "htilde-0.dist-info" / "RECORD").write_text("")
    with pytest.raises(UsageError, match="aren't noted where they are"):
        kit_wheel()
    monkeypatch.setattr(wheel, "distribution", distribution)
    monkeypatch.setattr(wheel, "PROJECT", "no-such-project")
    with pytest.raises(UsageError, match="never installed"):
        kit_wheel()


@pytest.fixture
def source_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of the kit's name that can't be built."""
    (tmp_path / "autograder" / "htilde").mkdir(parents=True)
    for name in ("README.md", "LICENSE"):
        (tmp_path / name).write_text("")
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "htilde"\nversion = "not a version"\n'
    )
    monkeypatch.setattr(wheel, "_PACKAGE", tmp_path / "autograder" / "htilde")
    return tmp_path


def test_a_source_tree_that_cant_be_built_is_told(source_tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the builder's last word, or with what is missing; the tree stays as it is."""
    before = sorted(source_tree.rglob("*"))
    with pytest.raises(GraderFault, match=r"couldn't build the kit's wheel: .*"):
        kit_wheel()
    assert sorted(source_tree.rglob("*")) == before
    monkeypatch.setattr(wheel, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="setuptools"):
        kit_wheel()
