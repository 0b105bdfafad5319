"""What a paper is drawn from is told by syntax: nothing is run, and only what matters counts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from htilde.authoring import origin as module
from htilde.authoring.origin import declared_code, declared_functions, declared_texts, drawing_engine, origin_today
from htilde.course import Course
from htilde.errors import CourseError
from htilde.model import Visibility

PUBLIC, HIDDEN = Visibility

SHARED = """\
'''What public and hidden properties share.'''
import numpy as np
from shared.deeper import factor

LOW, HIGH = -4.0, 4.0

def twice(x):
    '''Twice x.'''
    return factor() * scaled(x)

def scaled(x):
    return np.asarray(x) * LOW / -HIGH

def unused(x):
    return x
"""
DEEPER = "def factor():\n    return 2\n\ndef other():\n    return 3\n"


@pytest.fixture(autouse=True)
def _shared(course: Course) -> None:
    folder = course.root / "tests" / "shared"
    folder.mkdir()
    (folder / "toys.py").write_text(SHARED)
    (folder / "deeper.py").write_text(DEEPER)
    edit(course, "public", "from htilde import edge", "from shared.toys import twice as two\nfrom htilde import edge")
    edit(course, "public", "return 2 * x", "return two(x)")


def edit(course: Course, kind: str, old: str, new: str) -> None:
    path = course.root / "tests" / kind / "toys.py"
    if kind == "deeper":
        path = course.root / "tests" / "shared" / "deeper.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def code(course: Course) -> tuple[str, str]:
    return declared_code(course, "toys", PUBLIC), declared_code(course, "toys", HIDDEN)


SAME = {
    "a comment": ("public", "    return two(x)", "    # twice\n    return two(x)  # as two"),
    "another layout": ("public", "x=arrays(-4.0, 4.0)", "\n    x=arrays(\n        -4.0,\n        (4.0),\n    ),\n"),
    "other quotes": ("public", '"double"', "'double'"),
    "line ends": ("public", "\n", "\r\n"),
    "the order of imports": (
        "public",
        "from htilde import edge, example, public\nfrom htilde.strategies import arrays\n",
        "from htilde.strategies import arrays\nfrom htilde import public, example, edge\n",
    ),
    "an import more": ("public", "import numpy as np", "import math\nimport numpy as np"),
    "a helper more": ("public", '@public("negate"', 'def help(x):\n    return x\n\n@public("negate"'),
    "a module's docstring": ("misconceptions", "import numpy", "'''Mistakes.'''\nimport numpy"),
    "a claim": ("public", "The result is twice x.", "It is twice x."),
    "a hint": ("misconceptions", "multiply by it", "do multiply"),
    "a shared helper's docstring": ("shared", "'''Twice x.'''", "'''Two times.'''"),
    "a shared helper that isn't used": ("shared", "def unused(x):\n    return x", "def unused(x):\n    return -x"),
    "a module behind it that isn't used": ("deeper", "return 3", "return 4"),
}


@pytest.mark.parametrize(("kind", "old", "new"), SAME.values(), ids=SAME)
def test_what_draws_nothing_else_changes_nothing(course: Course, kind: str, old: str, new: str) -> None:
    """Comments, layout, texts, and what no declaration uses."""
    before = code(course)
    edit(course, kind, old, new)
    assert code(course) == before


OTHER: dict[str, tuple[str, str, str, bool, bool]] = {
    "an oracle": ("public", "return -x", "return 0 - x", True, True),
    "an oracle of the hidden file": ("hidden", "return 2 * x", "return x * 2", False, True),
    "a strategy": ("public", "-1e9", "-2e9", True, True),
    "its type": ("public", "-1e9", "-1_000_000_000", True, True),
    "an example": ("public", "np.array([9.0])", "np.array([8.0])", True, True),
    "an example less": ("public", "@example(x=np.array([9.0]))\n", "", True, True),
    "a kind": ("public", "@edge\n", "", True, True),
    "a parameter": ("hidden", "def is_twice_elsewhere(x)", "def is_twice_elsewhere(x, /)", False, True),
    "a name": ("hidden", "is_twice_elsewhere", "is_twice", False, True),
    "the order": ("misconceptions", "def adds_two", "def zz_adds", True, True),
    "a mistake": ("misconceptions", "return x + 2", "return x + 3", True, True),
    "a probe": ("misconceptions", "0.75", "0.5", True, True),
    "a tolerance": ("public", "@edge\n", "@edge\n@tolerance(rtol=1e-9, atol=0)\n", True, True),
    "a constant": ("public", '@public("negate"', 'WIDE = 3\n\n@public("negate"', True, True),
    "where a name comes from": ("public", "from htilde.strategies import", "from mine.strategies import", True, True),
    "a shared function": ("shared", "factor() *", "-factor() *", True, True),
    "what it uses": ("shared", "* LOW", "- LOW", True, True),
    "a constant that this uses": ("shared", "-4.0, 4.0", "-4.0, 5.0", True, True),
    "a module behind it": ("deeper", "return 2", "return 1 + 1", True, True),
}


@pytest.mark.parametrize(("kind", "old", "new", "public", "hidden"), OTHER.values(), ids=OTHER)
def test_what_may_draw_something_else_is_another_origin(
    course: Course, kind: str, old: str, new: str, public: bool, hidden: bool
) -> None:
    """Of the paper that depends on it; the hidden one depends on the public oracle, which answers its probes."""
    before = code(course)
    edit(course, kind, old, new)
    assert [was != now for was, now in zip(before, code(course))] == [public, hidden]


@pytest.mark.parametrize(
    ("kind", "old", "new", "public", "hidden"),
    [
        ("public", "The result is twice x.", "It is twice x.", True, False),
        ("hidden", "haven't", "have not", False, True),
        ("misconceptions", "multiply by it", "do multiply", True, True),
        ("public", "return -x", "return 0 - x", False, False),
        ("shared", "Twice x.", "Two times x.", False, False),
    ],
)
def test_claims_and_hints_are_told_apart(
    course: Course, kind: str, old: str, new: str, public: bool, hidden: bool
) -> None:
    """Each paper's own; nothing else is in them."""
    before = [declared_texts(course, "toys", visibility) for visibility in Visibility]
    edit(course, kind, old, new)
    after = [declared_texts(course, "toys", visibility) for visibility in Visibility]
    assert [was != now for was, now in zip(before, after)] == [public, hidden]


def test_nothing_is_run(course: Course) -> None:
    """A declaration that raises has an origin, and so has one whose shared module is missing."""
    edit(course, "public", "import numpy as np", "import numpy as np\nraise SystemExit")
    (course.root / "tests" / "shared" / "deeper.py").unlink()
    assert len({*code(course)}) == 2
    assert origin_today(course, "toys", HIDDEN).declarations == code(course)[1]
    assert declared_functions(course, "toys", HIDDEN) == {"is_twice_elsewhere", "adds_two", "gives_up"}


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: path.write_text("\n\ndef (:\n"), r"hidden/toys\.py:3: this isn't Python"),
        (lambda path: path.write_bytes(b"\0"), r"hidden/toys\.py.*: this isn't Python"),
        (Path.unlink, r"hidden/toys\.py: can't be read"),
    ],
)
def test_a_file_that_isnt_python_is_told(course: Course, spoil: Callable[[Path], object], told: str) -> None:
    """With its path and line."""
    spoil(course.declarations("hidden", "toys"))
    with pytest.raises(CourseError, match=told):
        declared_code(course, "toys", HIDDEN)


EVERYTHING = '''
@decorated(1, *a, k=2, **b)
async def f(x, /, y: int = 1, *z, w=None, **v) -> "t":
    """Doc."""
    with a as b, c: yield f"{x!r:>{w}} {y=}"
    try: return {**x, 1: 2}, x[1:, ..., -0], (lambda: 0), 10 ** 30, 1e-3j, b"y", True
    except* ValueError as e: raise
    match x:
        case [1, *_] | {"k": None}: pass
class C(B, metaclass=M):
    """Doc."""
'''


def test_every_python_reads_the_same() -> None:
    """A paper drawn under one version fits under another: the normal form is pinned, with later syntax trees in it."""
    assert module.fingerprint(module._normal_form(module._parsed(EVERYTHING.encode()))) == PINNED


PINNED = "77ed8523f09ac3803ccd0124d0114dd4"


def test_the_drawing_engine_is_its_code_and_its_libraries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Another oracle or strategy is another engine, a comment isn't; a library that is missing has no version."""
    before = drawing_engine()
    assert "Hypothesis" in before and "torch" in before and "+" not in before
    for name in module._DRAWING:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((module.PACKAGE / name).read_bytes() + b"\n# a remark\n")
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    assert drawing_engine.__wrapped__() == before
    for name in module._DRAWING:
        path = tmp_path / name
        path.write_bytes(path.read_bytes() + b"ADDED = 1\n")
        changed = drawing_engine.__wrapped__()
        assert changed != before
        before = changed
    monkeypatch.setattr(module, "_version", lambda package: "0")
    assert drawing_engine.__wrapped__().endswith("Hypothesis 0, torch 0")


def test_a_library_that_is_missing_has_no_version() -> None:
    """Grading needs neither."""
    assert module._version("no-such-package-at-all") == "none"


def test_no_torch_is_loaded_for_it(course: Course) -> None:
    """Grading asks on each run whether its papers are stale, where torch may be missing."""
    ask = (
        "import sys; from htilde.course import *; from htilde.model import Visibility; from pathlib import Path\n"
        "from htilde.authoring.origin import origin_today\n"
        "origin_today(load_course(Path(sys.argv[1])), 'toys', Visibility.HIDDEN)\n"
        "sys.exit('torch' in sys.modules or 'hypothesis' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", ask, course.root / "grading.toml"], check=False).returncode == 0
