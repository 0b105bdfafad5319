"""Beginning exercises and assignments: it holds at once, harms nothing, and the guide for authors says how to go on."""

from __future__ import annotations

import datetime as dt
import os
import re
import shlex
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from click.testing import CliRunner, Result
from clone import A1, REAL, ROOT, clone
from htilde import sample_class as classes
from htilde.authoring.declarations import load_declarations
from htilde.authoring.drawing import current_papers
from htilde.authoring.grading_file import with_assignment, with_exercise
from htilde.authoring.master import AIDS, FORMULA, IDEA, read_master
from htilde.authoring.scaffold import new_assignment, new_exercise
from htilde.authoring.scaffold_texts import ANSWER, PARTS
from htilde.authoring.translations import catalogs
from htilde.authoring.verify import verify
from htilde.cli.main import main
from htilde.codes import STRICT
from htilde.course import Course, load_course
from htilde.errors import CourseError, UsageError
from htilde.grading.export import COLUMNS, _status, grade_rows
from htilde.grading.records import GradeStatus
from nbgrader.utils import parse_utc

GUIDE = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```\w+ (\S+)\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
"""The blocks that name a file, and what they hold."""
COMMANDS = [shlex.split(line)[1:] for line in re.findall(r"^\$ (.*)$", GUIDE, re.MULTILINE)]

KINDS = ("public", "hidden", "misconceptions", "variants")


def run(*arguments: str) -> Result:
    """Type a command, in this process."""
    return CliRunner().invoke(main, arguments)


def files(course: Course) -> dict[str, bytes]:
    """All that is in a course's folder."""
    paths = (path for path in course.root.rglob("*") if path.is_file())
    return {str(path.relative_to(course.root)): path.read_bytes() for path in paths}


def again(course: Course) -> Course:
    return load_course(course.root / "grading.toml")


def wrong(course: Course, assignment: str) -> list[str]:
    """What verify finds."""
    return [f"{finding.case.name}: {finding.problem}" for finding in verify(course, assignment) if finding.problem]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The small course, where the author is."""
    course = clone(tmp_path / "course")
    monkeypatch.chdir(course.root)
    return course


# what is begun


def test_what_is_begun_holds_at_once(small: Course) -> None:
    """A new assignment, an exercise more in it and its sample class: nothing to mend."""
    new_assignment(small, "a2_backprop", "linear")
    new_exercise(again(small), "a2_backprop", "swish")
    course = again(small)
    assert course.assignment("a2_backprop").points == {"linear": 1, "swish": 1}
    findings = verify(course, "a2_backprop")
    assert [finding for finding in findings if finding.problem] == []
    kinds = [(finding.case.kind, finding.case.exercise) for finding in findings]
    for exercise in ("linear", "swish"):
        assert {("misconception", exercise), ("variant", exercise), ("stub", exercise)} <= set(kinds)
    members = {member.id: member.points for member in classes.sample_class(course, "a2_backprop")}
    assert members == {"right": 1, "untouched": 0}


@pytest.mark.parametrize("of", ["small", "real"])
def test_what_was_there_stays(tmp_path: Path, of: str) -> None:
    """A new exercise only adds lines: take them away and every file is what it was."""
    course = clone(tmp_path, of=REAL) if of == "real" else clone(tmp_path)
    before = files(course)
    places = new_exercise(course, A1, "swish")
    after = files(course)
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed == {str(place.path.relative_to(course.root)) for place in places} and len(places) == 6
    for name in changed:
        old, new = before[name].decode().splitlines(), after[name].decode().splitlines()
        rest = iter(new)
        assert all(line in rest for line in old), name
    assert list(again(course).assignment(A1).points)[-1] == "swish"


def test_the_places_are_where_the_additions_are(small: Course) -> None:
    """Each line that is named is the first one of what was added."""
    for place in new_exercise(small, A1, "swish"):
        line = place.path.read_text(encoding="utf-8").splitlines()[place.line - 1]
        assert line.startswith(
            ("# %% [markdown]", '@public("swish"', '@hidden("swish"', '@variant("swish"', "swish = 1")
        ) or (line == 'probes("swish", h_tilde=np.array([[-2.75, -0.3], [0.4, 3.0]]))')


def test_a_new_exercise_stands_below_the_last_one_in_every_language(tmp_path: Path) -> None:
    """In the real master: prose, the answer, what is told of it, and only then what came after the last exercise."""
    course = clone(tmp_path, of=REAL)
    old = read_master(course.master(A1), course.assignment(A1).exercises, tuple(course.assignment(A1).written)).cells
    new_exercise(course, A1, "swish")
    listed = again(course).assignment(A1)
    master = read_master(course.master(A1), listed.exercises, tuple(listed.written))
    at = next(number for number, cell in enumerate(master.cells) if cell.exercise == "swish")
    begun = master.cells[at - 2 : at + 7]
    assert [cell.lang for cell in begun] == ["en", "ko", "", *["en", "ko"] * 3]
    assert [(cell.aid, cell.about) for cell in begun[3:]] == [(aid, "swish") for aid in AIDS for _ in ("en", "ko")]
    above = old[at - 3]
    assert (above.aid, above.about) == (AIDS[-1], course.assignment(A1).exercises[-1])
    sources = [cell.source for cell in master.cells]
    assert sources[: at - 2] + sources[at + 7 :] == [cell.source for cell in old]


def test_a_new_master_has_the_languages_of_the_others(tmp_path: Path) -> None:
    """The real course's have two, so a new one has each prose cell twice; what runs the notebook is its end."""
    course = clone(tmp_path, of=REAL)
    new_assignment(course, "a9_another", "first")
    cells = read_master(course.master("a9_another"), ("first",)).cells
    prose = [cell.lang for cell in cells if not cell.is_code]
    assert prose == ["en", "ko"] * (len(prose) // 2) and len(prose) >= 4
    assert cells[-1].source == "check()" and cells[-1].tags == ("experiment",)


def test_imports_that_a_file_lacks_are_added(small: Course) -> None:
    """A file that got along without them gets what the addition needs, at its head, and verify agrees."""
    hidden = small.declarations("hidden", A1)
    hidden.write_text('"""Nothing hidden yet."""\n', encoding="utf-8")
    misconceptions = small.declarations("misconceptions", A1)
    misconceptions.write_text("", encoding="utf-8")
    new_exercise(small, A1, "swish")
    head = hidden.read_text(encoding="utf-8").partition("@hidden")[0]
    assert head.startswith('"""Nothing hidden yet."""\n\nfrom htilde import hidden\n')
    assert "from htilde.strategies import shapes\n" in head
    assert misconceptions.read_text(encoding="utf-8").startswith("import numpy as np\nfrom htilde import")
    assert load_declarations(again(small), A1).hidden.properties[0].exercise == "swish"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("public", "def arrays():\n    pass\n"),
        ("public", "from numpy import array as np\n"),
        ("misconceptions", "for probes in range(3):\n    pass\n"),
        ("misconceptions", "def flips_the_sign(x):\n    return -x\n"),
    ],
)
def test_a_name_that_means_something_else_is_told_with_its_line(small: Course, kind: str, text: str) -> None:
    """It would change what the file says, so nothing is written."""
    path = small.declarations(kind, A1)
    lines = len(path.read_text(encoding="utf-8").splitlines())
    with path.open("a", encoding="utf-8") as file:
        file.write(text)
    before = files(small)
    with pytest.raises(CourseError, match="means something else") as caught:
        new_exercise(small, A1, "swish")
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [(path, lines + 1)]
    assert caught.value.next_step and files(small) == before


# names


WRITTEN = "\n[assignment.written]\nwhy = 1\ncheck_this = 1\n"
NAMES = [
    ("sigmoid", "has sigmoid already"),
    ("why", "has why already"),
    ("check_sigmoid", "id of the check cell of sigmoid"),
    ("this", "would have the id check_this"),
    ("np", "something else in this notebook"),
    ("check", "something else in this notebook"),
    ("lambda", "can't be the name"),
    ("None", "can't be the name"),
    ("sum", "Python's own"),
    ("", "can't be the name"),
    ("two words", "can't be the name"),
    ("../up", "can't be the name"),
    ("2nd", "can't be the name"),
    ("_private", "can't be the name"),
    ("시그모이드", "can't be the name"),
    ("x\n", "can't be the name"),
    ("x" * 65, "can't be the name"),
]


@pytest.mark.parametrize(("name", "says"), NAMES, ids=[repr(name)[:20] for name, _ in NAMES])
def test_a_name_that_an_exercise_cant_have_changes_nothing(small: Course, name: str, says: str) -> None:
    """Taken in grading.toml or in the notebook, a word of Python's, or no name at all: told, with what to do."""
    with (small.root / "grading.toml").open("a", encoding="utf-8") as file:
        file.write(WRITTEN)
    with small.master(A1).open("a", encoding="utf-8") as file:
        file.writelines(f'\n# %% [markdown] lang="en" question="{q}"\n# Why?\n' for q in ("why", "check_this"))
    before = files(small)
    with pytest.raises(UsageError, match=re.escape(says)) as caught:
        new_exercise(again(small), A1, name)
    assert caught.value.next_step and files(small) == before


@pytest.mark.parametrize(
    ("names", "there", "says"),
    [
        ((A1,), None, "there is an assignment"),
        (("class",), None, "can't be the name"),
        (("a/b",), None, "can't be the name"),
        (("a2", "np"), None, "something else in this notebook"),
        (("a2", "max"), None, "Python's own"),
        (("a2",), "solutions/a2.py", "this is there already"),
        (("a2",), "tests/sample_class/a2.py", "this is there already"),
        (("a2",), "assignments/a2/a2.ipynb", "this is there already"),
        (("a2",), ".course/papers/a2.paper", "this is there already"),
    ],
    ids=str,
)
def test_a_name_that_an_assignment_cant_have_changes_nothing(
    small: Course, names: tuple[str, ...], there: str | None, says: str
) -> None:
    """Also where grading.toml knows nothing of it, but some file is there that building would replace."""
    if there:
        (small.root / there).parent.mkdir(parents=True, exist_ok=True)
        (small.root / there).write_text("somebody's work")
    before = files(small)
    with pytest.raises(UsageError, match=re.escape(says)) as caught:
        new_assignment(small, *names)
    assert caught.value.next_step and files(small) == before


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("variants", None, "there is no such file"),
        ("hidden", b"def (:\n", r"hidden/a1_activations.py:1: this isn't Python"),
        ("public", b"\xff\xfe", "can't be read"),
    ],
)
def test_a_file_that_cant_be_added_to_changes_nothing(small: Course, kind: str, text: bytes | None, says: str) -> None:
    """It is told with its path, and the files before it in order are as they were."""
    path = small.declarations(kind, A1)
    path.unlink()
    if text is not None:
        path.write_bytes(text)
    before = files(small)
    with pytest.raises(CourseError, match=says) as caught:
        new_exercise(small, A1, "swish")
    assert caught.value.next_step and files(small) == before


# writing


def fail_at(monkeypatch: pytest.MonkeyPatch, step: str, call: int) -> None:
    """Let the nth temporary file fail as on a full disk, when it is opened or when it is to replace another."""
    place = os if step == "open" else Path
    real, calls = getattr(place, step), iter(range(1, 100))

    def failing(path: Any, *arguments: Any, **more: Any) -> object:
        if str(path).endswith(".new") and next(calls) == call:
            raise OSError(28, "No space left on device", str(path))
        return real(path, *arguments, **more)

    monkeypatch.setattr(place, step, failing)


@pytest.mark.parametrize("step", ["open", "replace"])
@pytest.mark.parametrize("call", [1, 2, 7])
def test_a_full_disk_leaves_everything_as_it_was(
    small: Course, monkeypatch: pytest.MonkeyPatch, step: str, call: int
) -> None:
    """Whichever file it happens at, of six changed or seven new ones: nothing half-written, no folder left behind."""
    shutil_free = sorted(path for path in small.root.rglob("*") if "sample_class" not in str(path))
    for path in sorted((small.root / "tests" / "sample_class").iterdir()):
        path.unlink()
    (small.root / "tests" / "sample_class").rmdir()
    before = files(small)
    fail_at(monkeypatch, step, call)
    with pytest.raises(OSError, match="No space left"):
        new_assignment(small, "a2_backprop")
    assert files(small) == before and sorted(small.root.rglob("*")) == shutil_free
    if call < 7:
        monkeypatch.undo()
        fail_at(monkeypatch, step, call)
        with pytest.raises(OSError, match="No space left"):
            new_exercise(small, A1, "swish")
        assert files(small) == before


def test_line_ends_modes_and_links_stay(small: Course, tmp_path: Path) -> None:
    """A file of Windows keeps its line ends, a private one its mode, and a link leads where it led."""
    public, hidden, variants = (small.declarations(kind, A1) for kind in ("public", "hidden", "variants"))
    for path in (public, small.master(A1), small.root / "grading.toml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    hidden.chmod(0o600)
    variants.rename(tmp_path / "elsewhere.py")
    variants.symlink_to(tmp_path / "elsewhere.py")
    new_exercise(again(small), A1, "swish")
    for path in (public, small.master(A1), small.root / "grading.toml"):
        text = path.read_bytes()
        assert b"swish" in text and text.count(b"\r\n") == text.count(b"\n")
    assert stat.S_IMODE(hidden.stat().st_mode) == 0o600
    assert variants.is_symlink() and 'variant("swish")' in (tmp_path / "elsewhere.py").read_text(encoding="utf-8")
    assert "swish" in again(small).assignment(A1).points


# grading.toml


LAST = '[[assignment]]\nname = "b"\n[assignment.points]\nf = 1\n'
LAYOUTS = {
    "a section": ('[[assignment]]\nname = "a"\n[assignment.points]\nf = 1   # one\n', "new = 1\n", "\n# then\n" + LAST),
    "before another": (
        '[[assignment]]\nname = "a"\n[assignment.points]\nf = 1\n',
        "new = 1\n",
        "[assignment.written]\nf2 = 1\n",
    ),
    "indented": ('[[assignment]]\nname = "a"\n  [assignment.points]\n  f = 1\n', "  new = 1\n", LAST),
    "interleaved": (
        '[[assignment]]\nname = "a"\n[assignment.points]\nf = 1\n',
        "new = 1\n",
        "[limits]\ncall_seconds = 1\n" + LAST,
    ),
    "the second": (LAST + '[[ assignment ]]\nname = "a"\n[ assignment . points ]\n"f" = 1\n', "new = 1\n", "# end"),
    "dotted": ('[[assignment]]\nname = "a"\npoints.f = 1 # c\n', "points.new = 1\n", "# due = never\n" + LAST),
    "inline": ('[[assignment]]\nname = "a"\npoints = { f = 1', ", new = 1", "} # c\n" + LAST),
    "no end of line": ('[[assignment]]\nname = "a"\n[assignment.points]\nf = 1', "\nnew = 1\n", ""),
    "a list": ('assignment = [{ name = "a", points = { f = 1', ", new = 1", "} }]\n"),
    "a comment like it": (
        '[[assignment]]\nname = "a"\n[assignment.points]\n# f = 2\nf = 1\n',
        "new = 1\n",
        "# f = 3\n",
    ),
}


@pytest.mark.parametrize(("above", "added", "below"), LAYOUTS.values(), ids=LAYOUTS)
def test_points_are_added_below_the_last_in_any_layout(above: str, added: str, below: str) -> None:
    """One line or entry more; comments, blank lines, order and spelling stay."""
    text, line = with_exercise(Path("grading.toml"), above + below, "a", "new")
    assert text == above + added + below
    found = next(table for table in tomllib.loads(text)["assignment"] if table["name"] == "a")
    assert found["points"] == {"f": 1, "new": 1}
    assert "new = 1" in text.splitlines()[line - 1]


def test_an_assignment_is_added_at_the_end() -> None:
    """Below everything that is there, also where the last line has no end."""
    for text in (LAST, LAST.rstrip(), LAST + "\n[limits]\ncall_seconds = 1 # c\n"):
        added, line = with_assignment(Path("grading.toml"), text, "new", "g")
        assert added.startswith(text) and added.splitlines()[line - 1] == "[[assignment]]"
        assert tomllib.loads(added)["assignment"][-1] == {"name": "new", "points": {"g": 1}}


def test_a_layout_that_cant_be_added_to_is_told() -> None:
    """A list between brackets takes no block; the message says how to write it instead."""
    text = 'assignment = [{ name = "a", points = { f = 1 } }]\n'
    with pytest.raises(CourseError, match="nothing was changed") as caught:
        with_assignment(Path("grading.toml"), text, "new", "g")
    assert "[[assignment]]" in caught.value.next_step


# the commands


def test_the_assignment_needs_no_name_where_it_is_clear(small: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """The only one; of several the one in whose folder the author stands; else the message names them all."""
    assert run("new", "exercise", "swish").exit_code == 0
    assert run("new", "assignment", "a2_backprop", "--exercise", "linear").exit_code == 0
    told = run("new", "exercise", "mish")
    assert told.exit_code == 2 and told.stdout == ""
    assert f"--assignment {A1} or --assignment a2_backprop" in told.stderr
    (small.root / "assignments" / "a2_backprop").mkdir()
    monkeypatch.chdir(small.root / "assignments" / "a2_backprop")
    assert run("new", "exercise", "mish").exit_code == 0
    monkeypatch.chdir(small.root / "assignments")
    assert run("new", "exercise", "gelu", "--assignment", A1).exit_code == 0
    told = run("new", "exercise", "elu", "--assignment", "a2_backprob")
    assert told.exit_code == 2 and "did you mean 'a2_backprop'" in told.stderr
    points = {listed.name: list(listed.points)[-2:] for listed in again(small).assignments}
    assert points == {A1: ["swish", "gelu"], "a2_backprop": ["linear", "mish"]}


def test_the_commands_say_where_to_go_on(small: Course) -> None:
    """Each file with a line that is in it, as short as from here, and the command that proves it."""
    (small.root / "tests" / "locale" / "ko").mkdir(parents=True)
    for typed in (("exercise", "swish"), ("assignment", "a2_backprop")):
        told = run("new", *typed)
        spots = re.findall(r"^  (\S+?):(\d+)  ", told.stdout, re.MULTILINE)
        assert told.exit_code == 0 and told.stderr == ""
        assert len(spots) == 6 + (typed[0] == "assignment") and not any(os.path.isabs(path) for path, _ in spots)
        for path, line in spots:
            assert int(line) <= len((small.root / path).read_text(encoding="utf-8").splitlines())
        name = A1 if typed[0] == "exercise" else "a2_backprop"
        assert f"  tests/locale/ko/{name}.po  " in told.stdout
        assert told.stdout.endswith(f"Then: htilde verify {name}\n")


@pytest.mark.parametrize(
    "typed", [("exercise", "sigmoid"), ("exercise", "if"), ("assignment", A1), ("exercise",)], ids=str
)
def test_what_is_refused_is_wrong_usage(small: Course, typed: tuple[str, ...]) -> None:
    """GradeStatus 2, one message on standard error, and nothing changed."""
    before = files(small)
    told = run("new", *typed)
    assert told.exit_code == 2 and told.stdout == "" and "Traceback" not in told.stderr
    assert len(told.stderr.strip().splitlines()) > 1 and files(small) == before


# the guide


def paragraphs(text: str) -> Iterator[str]:
    return (part.strip("\n") for part in re.split(r"\n\n+", text) if part.strip())


def test_the_guide_is_found() -> None:
    """The reader of these tests sees blocks for every file of an assignment, and every command of the guide."""
    assert {path.replace(f"{A1}.", "A.") for path, _ in BLOCKS} == {
        "grading.toml",
        "solutions/A.py",
        "tests/sample_class/A.py",
        "tests/locale/ko/A.po",
        *(f"tests/{kind}/A.py" for kind in KINDS),
    }
    assert {command[0] for command in COMMANDS} == {"new", "verify", "release", "demo", "build"}


@pytest.mark.parametrize(("path", "block"), BLOCKS, ids=[f"{n} {path}" for n, (path, _) in enumerate(BLOCKS)])
def test_what_the_guide_quotes_is_in_the_course(path: str, block: str) -> None:
    """Each paragraph of a block stands in the file that it names, to the letter."""
    text = (REAL / path).read_text(encoding="utf-8")
    assert [part for part in paragraphs(block) if part not in text] == []


def test_the_commands_of_the_guide_are_there() -> None:
    """Each is understood, options and all."""
    for command, *arguments in COMMANDS:
        main.commands[command].make_context(command, list(arguments))
        if command == "new":
            main.commands["new"].commands[arguments[0]].make_context(arguments[0], arguments[1:])  # type: ignore[attr-defined]
    assert "A.py" in GUIDE and "`htilde build`" in GUIDE and "build" in main.commands


def test_who_follows_the_guide_arrives(small: Course) -> None:
    """Its commands typed, its blocks put where they belong: verify finds nothing wrong."""
    for command in COMMANDS:
        if command[0] == "new":
            assert run(*command).exit_code == 0, command
    for path, block in BLOCKS:
        if "sample_class" not in path:
            put(small.root / path, block)
    course = again(small)
    listed = course.assignment(A1)
    assert listed.points["dead_units"] == 2 and list(listed.written)
    master = read_master(course.master(A1), listed.exercises, tuple(listed.written))
    assert "⇔" in master.aid(FORMULA, "dead_units")["en"] and "⇔" not in master.aid(IDEA, "dead_units")["en"]
    assert wrong(course, A1) == []
    assert [p.exercise for p in load_declarations(course, "a2_backprop").public.properties] == ["linear"]
    public, hidden = current_papers(course, load_declarations(course, A1))
    part = public.exercise("dead_units")
    assert part is not None and [question.kind.value for question in part.questions] == ["main", "edge"]
    assert [mistake.name for mistake in part.mistakes] == ["returns_the_living", "takes_zero_for_alive"]
    assert {text.get("ko") for text in public.texts} > set(catalogs(course, A1)["ko"].values()) - {None}
    curves = {part.name for part in public.exercises if part.curve is not None}
    assert curves == {"sigmoid", "sigmoid_derivative", "tanh_derivative"} and hidden.exercise("dead_units") is not None


def put(path: Path, block: str) -> None:
    """A block in the place of what ``htilde new`` wrote there, or at the end of the file."""
    block = block.replace(', "relu", "relu_derivative"', "")  # the small course lacks these
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    kind = path.parent.name
    begun = ANSWER if kind == "solutions" else PARTS.get(kind, "")
    begun = begun.format(exercise="dead_units").strip() if kind != path.parent.parent.name else ""
    if block == "dead_units = 2\n":
        begun = "dead_units = 1"
    if f"[markdown] {IDEA}=" in block:
        for told in paragraphs(block):
            (there,) = [cell for cell in paragraphs(text) if cell.splitlines()[0] == told.splitlines()[0]]
            text = text.replace(there, told)
    elif begun and begun in text:
        text = text.replace(begun, block.strip())
    elif path.name == "grading.toml":
        text = text.replace(
            '\n[[assignment]]\nname = "a2_backprop"', f'\n{block}\n[[assignment]]\nname = "a2_backprop"'
        )
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = f"{text.rstrip()}\n\n\n{block}".lstrip()
    path.write_text(text, encoding="utf-8")


def test_the_student_of_the_guide_hands_in(small: Course) -> None:
    """The block about the sample class, below the head of a1's, is a class that edits the released notebook."""
    (block,) = [block for path, block in BLOCKS if "sample_class" in path]
    head = (REAL / "tests" / "sample_class" / f"{A1}.py").read_text(encoding="utf-8").partition("@student")[0]
    small.declarations("sample_class", A1).write_text(head + block, encoding="utf-8")
    members = classes.sample_class(small, A1)
    classes.hand_in(small, A1, members)
    assert [(member.id, member.points) for member in members] == [("half-done", 5)]
    notebook = small.root / "submitted" / "half-done" / A1 / f"{A1}.ipynb"
    assert (
        "small / (1 + small)" in notebook.read_text(encoding="utf-8") or "small) / (1 + small" in notebook.read_text()
    )


def test_the_page_on_grading_names_what_there_is(tmp_path: Path) -> None:
    """Its course can be read; every column and status of the exported grades has a row, and each key of [strict]."""
    page = (ROOT / "docs" / "grading.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    (tmp_path / "grading.toml").write_text(block, encoding="utf-8")
    (listed,) = load_course(tmp_path / "grading.toml").assignments
    assert listed.due is not None and listed.written
    rows = "\n".join(line.split("|")[1] for line in page.splitlines() if line.startswith("|"))
    statuses = {status.value for status in GradeStatus} | set(_words(_status)) | set(_words(grade_rows))
    named = set(re.findall(r"`([^`]+)`", rows))
    assert named == {*COLUMNS, *statuses, *STRICT} and len(statuses) == 8


def _words(function: FunctionType) -> list[str]:
    """The statuses that a function may give: its texts that are words apart from keys."""
    texts = (text for text in function.__code__.co_consts if isinstance(text, str))
    return [text for text in texts if re.fullmatch(r"[a-z]+( [a-z]+)+|graded|unprotected", text)]


def test_timestamps_are_read_as_the_page_on_grading_says() -> None:
    """What it advises is read right; what it warns of is still misread, and if not the warning can go."""
    page = (ROOT / "docs" / "grading.md").read_text(encoding="utf-8")
    utc, iso, blank = re.findall(r"`(2027-03-15[ T]\d[^`]*)`", page)
    assert parse_utc(utc) == parse_utc(iso) == dt.datetime(2027, 3, 15, 14, 59)
    assert parse_utc(blank) == dt.datetime(2027, 3, 15, 23, 59) - dt.timedelta(seconds=900)
    assert parse_utc(blank.replace("+0900", "+09:00")) == dt.datetime(2027, 3, 15, 23, 59)
