"""A course with a canary in every file of the instructor's, and the search for them in what leaves the course."""

from __future__ import annotations

import base64
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from clone import A1, clone
from htilde.course import Course, load_course
from htilde.nbgrader import classroom
from once import once

CATALOG = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'

NUMBER = 1.234567890123456
"""A canary that is a float."""


def canary(where: str) -> str:
    """Return a word that stands nowhere else."""
    return f"canary_{where}_z7q"


SECRETS = [
    canary(where)
    for where in (
        *("answer", "comment", "hidden", "claim", "property", "variant", "class", "private", "aside"),
        *("idea", "formula", "commentary", "mutant", "points", "config", "translator", "shared"),
    )
]
"""What must not ship: answers and what helps with them, hidden properties, variants, mutants, the class, .course,
remarks in any file."""
ALLOWED = [canary(where) for where in ("prose", "public", "mistake", "hint")]
"""What may: prose, public claims, the names and hints of misconceptions."""


def plant(course: Course) -> None:
    """Put a canary into every file of the instructor's, in each place that text could be copied from."""
    master = course.master(A1)
    text = master.read_text(encoding="utf-8").replace("# ## tanh", f"# ## tanh {canary('prose')}")
    at = text.index("    ### END SOLUTION")
    text = f"{text[:at]}    assert '{canary('answer')}'  # {canary('comment')}\n{text[at:]}"
    aids = [
        f'\n# %% [markdown] {aid}="sigmoid" lang="en"\n# {canary(aid)}\n' for aid in ("idea", "formula", "commentary")
    ]
    master.write_text(text + "".join(aids), encoding="utf-8")
    add(course, "public", f"# {canary('aside')}\n@public('sigmoid', h_tilde=pre_activations)", canary("public"))
    hidden = f"@hidden('sigmoid', h_tilde=pre_activations)\n@example(h_tilde=np.array([{NUMBER}]))"
    add(course, "hidden", f"# {canary('hidden')}\n{hidden}", canary("claim"), name=canary("property"))
    mistake = f"# {canary('aside')}\n@misconception('sigmoid')"
    add(course, "misconceptions", mistake, canary("hint"), name=canary("mistake"), returns="0 * h_tilde - 7")
    add(course, "variants", "@variant('sigmoid')", canary("variant"), name=canary("variant"))
    add(course, "sample_class", f"@student('{canary('class')[:-4]}', '{canary('class')}', points=0)", canary("class"))
    course.declarations("shared", A1).parent.mkdir()
    course.declarations("shared", A1).write_text(f"# {canary('shared')}\n{canary('shared')} = 1\n", encoding="utf-8")
    brought = f"from shared.{A1} import {canary('shared')}"
    for kind in ("public", "hidden", "misconceptions", "variants"):
        path = course.declarations(kind, A1)
        path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{brought}\n", encoding="utf-8")
    remarks = {"grading.toml": "points", "nbgrader_config.py": "config", f"tests/mutants/{A1}.toml": "mutant"}
    for name, what in remarks.items():
        path = course.root / name
        path.write_text(f"# {canary(what)}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    catalog = course.root / "tests" / "locale" / "ko" / f"{A1}.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(f"# {canary('translator')}\n{CATALOG}", encoding="utf-8")
    course.private.mkdir()
    (course.private / "notes.txt").write_text(canary("private"))


def add(
    course: Course,
    kind: str,
    head: str,
    doc: str,
    *,
    name: str = "planted",
    returns: str = "evaluate(torch.sigmoid, h_tilde)",
) -> None:
    """Declare one thing more in a file of ``tests/``."""
    path = course.declarations(kind, A1)
    body = f'def {name}(h_tilde):\n    """{doc}"""\n    return {returns}\n'
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{head}\n{body}", encoding="utf-8")


def planted_course(factory: pytest.TempPathFactory) -> Course:
    """Return a released clone with canaries, which no test may change."""

    def make(folder: Path) -> None:
        course = clone(folder)
        plant(course)
        classroom.release(course, A1)

    return load_course(once(factory, "planted", make) / "grading.toml")


def forms(what: str | float) -> list[bytes]:
    """Return the bytes of a word in several encodings, or of a float in digits and in either order of its bytes."""
    if isinstance(what, float):
        return [struct.pack("<d", what), struct.pack(">d", what), repr(what).encode()]
    plain = what.encode()
    # Of base64 the middle, which is the same whatever stands around it, at each of the three places.
    coded = [base64.b64encode(bytes(shift) + plain)[4:-4] for shift in range(3)]
    return [plain, plain[::-1], plain.hex().encode(), what.encode("utf-16-le"), what.encode("utf-16-be"), *coded]


def layers(raw: bytes, depth: int = 6) -> Iterator[bytes]:
    """Yield the bytes and all that can be unpacked of them: zip members with their names, zlib and gzip streams."""
    yield raw
    if depth == 0:
        return
    if zipfile.is_zipfile(BytesIO(raw)):
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from layers(archive.read(name), depth - 1)
        return
    for found in _BEGINS.finditer(raw):
        unpacked = _unpacked(raw[found.start() :])
        if len(unpacked) > 32:
            yield from layers(unpacked, depth - 1)


_BEGINS = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
"""The beginning of a zlib stream, at any level of compression, or of a gzip file."""


def _unpacked(raw: bytes) -> bytes:
    """Return the content of a stream up to where it ends or breaks."""
    stream, whole = zlib.decompressobj(wbits=47), b""
    for at in range(0, len(raw), 4096):
        try:
            whole += stream.decompress(raw[at : at + 4096])
        except zlib.error:
            break
    return whole
