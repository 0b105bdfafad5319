"""Make the kit's own wheel, from its source tree or from its installed files.

The same kit gives the same bytes.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath, distribution
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree, ignore_patterns

from htilde.errors import GraderFault, MissingExtra, UsageError

__all__ = ["kit_wheel", "zipped"]

PROJECT = "htilde"
_PACKAGE = Path(__file__).parents[1]
_OF_THE_INSTALLER = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}
_BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
_FIRST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can hold."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file of these contents by name. Nothing else has an influence on its bytes."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _FIRST)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # a plain file as Unix writes it, anywhere
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return raw.getvalue()


def kit_wheel() -> tuple[str, bytes]:
    """Return the wheel's file name and its bytes. Raises KitError if it can't be made."""
    root = _PACKAGE.parents[1]
    if _is_source_tree(root):
        return _built(root)
    try:
        return _as_installed(distribution(PROJECT))
    except PackageNotFoundError:
        raise UsageError(
            f"{_PACKAGE}: the kit runs from here, but it was never installed and its pyproject.toml isn't beside it.",
            next_step="Run this in an environment into which the kit was installed, or from a clone.",
        ) from None


def _is_source_tree(root: Path) -> bool:
    try:
        about = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(about.get("project", {}).get("name") == PROJECT)


def _built(root: Path) -> tuple[str, bytes]:
    """Build the wheel in a copy of the source tree, because setuptools would leave files behind in it."""
    if find_spec("setuptools") is None:
        raise MissingExtra("setuptools", "Building the kit's wheel", "instructor")
    with tempfile.TemporaryDirectory() as folder:
        project, out = Path(folder, "project"), Path(folder, "out")
        project.mkdir()
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            (project / name).write_bytes((root / name).read_bytes())
        copytree(_PACKAGE, project / _PACKAGE.parent.name / _PACKAGE.name, ignore=ignore_patterns("__pycache__"))
        command = [sys.executable, "-c", _BUILD, str(out)]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, errors="replace")
        wheels = sorted(out.glob("*.whl"))
        if done.returncode or len(wheels) != 1:
            said = [line for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
            raise GraderFault(
                f"setuptools couldn't build the kit's wheel: {said[-1]}",
                next_step="Bring it up to date: pip install 'setuptools>=77'",
            )
        with zipfile.ZipFile(wheels[0]) as archive:
            return _packed({name: archive.read(name) for name in archive.namelist()})


def _as_installed(kit: Distribution) -> tuple[str, bytes]:
    """Make the wheel of the files that were installed. Raises UsageError if one has changed since."""
    files: dict[str, bytes] = {}
    for file in kit.files or []:
        top = file.parts[0]
        of_the_package = top == _PACKAGE.name and file.suffix != ".pyc"
        of_the_metadata = top.endswith(".dist-info") and file.name not in _OF_THE_INSTALLER
        if file.hash is not None and (of_the_package or of_the_metadata):
            files[file.as_posix()] = _unchanged(kit, file)
    if f"{_PACKAGE.name}/__init__.py" not in files:
        raise UsageError(
            f"{_PACKAGE}: the files of this installation aren't noted where they are, so no wheel can be made of them.",
            next_step="Run this in an environment into which the kit's wheel was installed, or from a clone.",
        )
    return _packed(files)


def _packed(files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Return the name and the bytes of a wheel of these files, with a new RECORD."""
    (info,) = (name.partition("/")[0] for name in files if name.endswith(".dist-info/WHEEL"))
    files = {name: content for name, content in files.items() if name != f"{info}/RECORD"}
    record = io.StringIO()
    rows = csv.writer(record, lineterminator="\n")
    rows.writerows((name, f"sha256={_digest(content)}", len(content)) for name, content in sorted(files.items()))
    rows.writerow((f"{info}/RECORD", "", ""))
    whole = {**files, f"{info}/RECORD": record.getvalue().encode()}
    return f"{info.removesuffix('.dist-info')}-py3-none-any.whl", zipped(whole)


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


def _unchanged(kit: Distribution, file: PackagePath) -> bytes:
    path = Path(str(kit.locate_file(file)))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: can't be read ({error.strerror}).", next_step="Install the kit again.") from None
    if file.hash is None or _digest(content) != file.hash.value:
        raise UsageError(f"{path}: it was changed since it was installed.", next_step="Install the kit again.")
    return content
