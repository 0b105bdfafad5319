"""Bundles hold what their audience may have and not a byte more, and are enough to work with."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from canaries import ALLOWED, CATALOG, NUMBER, SECRETS, canary, forms, layers, planted_course
from click.testing import CliRunner, Result
from clone import A1, clone
from htilde.authoring.master import STUB
from htilde.cli.main import main
from htilde.course import Course, load_course
from htilde.errors import KitError, UsageError
from htilde.examination.paper import read_paper, write_paper
from htilde.self_study.material import course_material
from htilde.self_study.study import read_study
from htilde.shipping import bundle
from htilde.shipping.bundle import self_study_bundle, student_bundle
from once import once
from packaging.requirements import Requirement

AUDIENCES = ["student", "self-study"]
WHEEL = "htilde-0.2.0-py3-none-any.whl"
STUDENT = "canary_student_z7q"


def spoil(path: Path, old: str, new: str) -> None:
    """Change a file in one place."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def plant_class(course: Course) -> None:
    """What grading leaves behind, with a student's name in it."""
    for name in (
        f"submitted/{STUDENT}/{A1}/{A1}.ipynb",
        f".course/records/{A1}/{STUDENT}.json",
        f"feedback/{STUDENT}/{A1}.html",
        "gradebook.db",
        "grades.csv",
        f"assignments/{A1}/notes of {STUDENT}.txt",
        f"solutions/{A1}/{A1}.ipynb",
    ):
        path = course.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STUDENT, encoding="utf-8")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both bundles of a course full of canaries, made twice and unpacked once; for looking only."""
    planted = planted_course(tmp_path_factory)

    def make(folder: Path) -> None:
        course = clone(folder / "course", of=planted.root)
        course.private.mkdir()
        for name in ("notes.txt", "seed"):
            (course.private / name).write_bytes((planted.private / name).read_bytes())
        plant_class(course)
        for again in (".", "again"):
            (folder / again).mkdir(exist_ok=True)
            student_bundle(course, [], folder / again / "student.zip")
            self_study_bundle(course, folder / again / "self-study.zip")
        for audience in AUDIENCES:
            with zipfile.ZipFile(folder / f"{audience}.zip") as archive:
                archive.extractall(folder / "unpacked")

    return once(tmp_path_factory, "bundles", make)


@pytest.fixture(scope="module")
def contents(bundles: Path) -> dict[str, bytes]:
    """All that can be read of each bundle by whoever unpacks whatever can be unpacked."""
    return {name: b"\0".join(layers((bundles / f"{name}.zip").read_bytes())) for name in AUDIENCES}


NAMES = {
    "student": ["START.html", f"{A1}/{A1}.ipynb", f"{A1}/{A1}.paper", WHEEL],
    "self-study": [
        "START.html",
        WHEEL,
        f"material/{A1}.study",
        *(f"material/{lang}/{A1}/{A1}.{kind}" for lang in ("en", "ko") for kind in ("ipynb", "paper")),
        "material/material.json",
    ],
}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_bundle_is_what_the_list_says(bundles: Path, audience: str) -> None:
    """File by file, in a folder of its own, whatever else lies in the course."""
    with zipfile.ZipFile(bundles / f"{audience}.zip") as archive:
        assert archive.namelist() == [f"{audience}/{name}" for name in NAMES[audience]]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_same_course_gives_the_same_bytes(bundles: Path, audience: str) -> None:
    """Whoever builds a bundle again can compare it."""
    assert (bundles / f"{audience}.zip").read_bytes() == (bundles / "again" / f"{audience}.zip").read_bytes()


@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_of_the_instructors_can_be_read(bundles: Path, contents: dict[str, bytes], audience: str) -> None:
    """No answer, no hidden property, no helper's text, no student, nothing of .course: at no level of packing."""
    seed = (bundles / "course" / ".course" / "seed").read_text().strip()
    for what in (*SECRETS, STUDENT, seed, NUMBER):
        assert not [form for form in forms(what) if form in contents[audience]], what


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_search_finds_what_is_there(contents: dict[str, bytes], audience: str) -> None:
    """Prose and public claims, names and hints of mistakes: in notebooks and in compressed papers; the wheel's own."""
    assert not [word for word in ALLOWED if word.encode() not in contents[audience]]
    assert b"def student_bundle" in contents[audience]


def test_what_is_sealed_is_in_the_self_study_bundle(bundles: Path) -> None:
    """The same answer, hints and hidden property that nobody finds there in clear."""
    study = read_study(bundles / "unpacked" / "self-study" / "material" / f"{A1}.study")
    lesson = study.lesson("sigmoid")
    assert canary("answer") in lesson.answer and canary("answer") not in lesson.stub
    assert [lesson.idea["en"], lesson.formula["en"], lesson.commentary["en"]] == [
        canary(aid) for aid in ("idea", "formula", "commentary")
    ]
    assert canary("claim") in [question.claim["en"] for part in study.hidden.exercises for question in part.questions]


def test_the_hidden_papers_differ(bundles: Path) -> None:
    """What is asked at home isn't what a course asks: its seed has no part in it."""
    study = read_study(bundles / "unpacked" / "self-study" / "material" / f"{A1}.study")
    planted = load_course(bundles.parent / "planted" / "grading.toml")
    assert study.hidden.id != read_paper(planted.hidden_paper(A1)).id


# A computer with Python and what the wheel asks for.


def _lay_beside(names: set[str], folder: Path) -> None:
    """Link these packages, and those that they ask for, each alone in what it may bring along."""
    todo, done = set(names), set[str]()
    while todo:
        name = todo.pop()
        done.add(name)
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or [] if ".." not in file.parts} - {"__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(Path(str(found.locate_file(top))).resolve())
        todo |= _asked_for(found.requires or []) - done


def _asked_for(requirements: list[str]) -> set[str]:
    parsed = map(Requirement, requirements)
    return {one.name for one in parsed if one.marker is None or one.marker.evaluate({"extra": ""})}


@pytest.fixture(scope="module")
def computer(bundles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel of a bundle and its plain requirements; no network was asked."""

    def make(folder: Path) -> None:
        wheel = bundles / "unpacked" / "student" / WHEEL
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
        install = ["--quiet", "--no-index", "--no-deps", "--no-compile", "--disable-pip-version-check", str(wheel)]
        pip = [sys.executable, "-m", "pip", "--python", str(folder / "venv"), "install", *install]
        done = subprocess.run(pip, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        (site,) = folder.glob("venv/lib/python*/site-packages")
        (folder / "others").mkdir()
        (metadata,) = site.glob("*.dist-info/METADATA")
        lines = [
            line for line in metadata.read_text(encoding="utf-8").splitlines() if line.startswith("Requires-Dist:")
        ]
        _lay_beside(_asked_for([line.partition(":")[2] for line in lines]), folder / "others")
        (site / "others.pth").write_text(str(folder / "others"))

    return once(tmp_path_factory, "computer", make)


def on(computer: Path, program: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of that environment, and nothing of this one."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    command = [str(computer / "venv" / "bin" / program), *arguments]
    return subprocess.run(command, cwd=folder, env=bare, capture_output=True, encoding="utf-8", timeout=120)


def test_nothing_else_can_be_imported_there(computer: Path, tmp_path: Path) -> None:
    """Of what this test runs in; and the kit is the one that was installed."""
    names = ["torch", "hypothesis", "nbgrader", "nbformat", "jupytext", "babel", "pytest", "IPython", "pip"]
    code = f"import importlib.util as u; print([name for name in {names} if u.find_spec(name)])"
    assert on(computer, "python", "-c", code, folder=tmp_path).stdout.strip() == "[]"
    where = on(computer, "python", "-c", "import htilde; print(htilde.__file__)", folder=tmp_path).stdout
    assert Path(where.strip()).is_relative_to(computer / "venv")


SIGMOID = "def sigmoid(h):\n    e = np.exp(-abs(h))\n    return np.where(h >= 0, 1, e) / (1 + e)\n"


def test_a_student_works_through_an_exercise(bundles: Path, computer: Path, tmp_path: Path) -> None:
    """As the start page says: check, answer, check."""
    with zipfile.ZipFile(bundles / "student.zip") as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "student"
    page = (folder / "START.html").read_text(encoding="utf-8")
    assert f"<pre>htilde check {A1}</pre>" in page and f'pip install "./{WHEEL}[notebook]"' in page
    done = on(computer, "htilde", "check", A1, folder=folder)
    assert (done.returncode, done.stderr) == (1, "") and "sigmoid: 0 of 2 points" in done.stdout
    file = folder / A1 / f"{A1}.ipynb"
    book = json.loads(file.read_text(encoding="utf-8"))
    (cell,) = [c for c in book["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "sigmoid"]
    cell["source"] = SIGMOID
    file.write_text(json.dumps(book), encoding="utf-8")
    done = on(computer, "htilde", "check", A1, "-e", "sigmoid", folder=folder)
    assert (done.returncode, done.stderr) == (0, "") and "ok  sigmoid: 2 of 2 points" in done.stdout


def test_a_self_learner_works_through_an_exercise(bundles: Path, computer: Path, tmp_path: Path) -> None:
    """From start to solution, hidden properties included."""
    with zipfile.ZipFile(bundles / "self-study.zip") as archive:
        archive.extractall(tmp_path)
    folder, mine = tmp_path / "self-study", tmp_path / "self-study" / "my-work"
    assert "htilde start my-work\ncd my-work" in (folder / "START.html").read_text(encoding="utf-8")
    done = on(computer, "htilde", "start", "my-work", "--format", "py", folder=folder)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert on(computer, "htilde", "solution", "sigmoid", folder=mine).returncode == 1
    file = mine / A1 / f"{A1}.py"
    spoil(
        file, STUB, "e = np.exp(-abs(h_tilde)); return np.where(h_tilde >= 0, 1, e) / (1 + e)"
    )  # the first is sigmoid's
    done = on(computer, "htilde", "check", str(file), "--hidden", "-e", "sigmoid", folder=mine)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    done = on(computer, "htilde", "solution", "sigmoid", folder=mine)
    assert done.returncode == 0 and canary("answer") in done.stdout and canary("commentary") in done.stdout


def test_the_wheel_can_be_made_again_of_what_was_installed(bundles: Path, computer: Path, tmp_path: Path) -> None:
    """Byte by byte; of an installation that somebody has changed there is none."""
    code = "import sys; from htilde.shipping.wheel import kit_wheel; open('it.whl', 'wb').write(kit_wheel()[1])"
    done = on(computer, "python", "-c", code, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "it.whl").read_bytes() == (bundles / "unpacked" / "student" / WHEEL).read_bytes()


# What is refused.


@pytest.fixture
def released(tmp_path: Path) -> Course:
    """The small course with its release, to be spoilt."""
    return clone(tmp_path / "course")


@pytest.fixture(autouse=True)
def quick_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test of this process needs a real one: those of the bundles above were made in a fixture before."""
    monkeypatch.setattr(bundle, "kit_wheel", lambda: (WHEEL, b"a wheel"))


SPOILT = {
    "a declaration": ("tests/public/a1_activations.py", "equals", "equals still", "its paper is stale"),
    "a mistake": (
        "tests/misconceptions/a1_activations.py",
        "return 1 / np.exp(-h_tilde)",
        "return 2 / np.exp(-h_tilde)",
        "its paper is stale",
    ),
    "prose": ("solutions/a1_activations.py", "NumPy is all you need", "NumPy is enough", "the master or grading.toml"),
    "points": ("grading.toml", "sigmoid = 2", "sigmoid = 3", "the master or grading.toml"),
    "the paper": ("assignments/a1_activations/a1_activations.ipynb", '"cells"', '"cell"', "it can't be read"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_stale_release_is_refused(released: Course, tmp_path: Path, what: str) -> None:
    """With the command that mends it; a bundle of before stays as it is."""
    output = tmp_path / "student.zip"
    student_bundle(released, [], output)
    before = output.read_bytes()
    name, old, new, expected = SPOILT[what]
    spoil(released.root / name, old, new)
    with pytest.raises(UsageError, match=expected) as caught:
        student_bundle(load_course(released.root / "grading.toml"), [], output)
    assert caught.value.next_step == f"Run: htilde release {A1}"
    assert output.read_bytes() == before and sorted(path.name for path in tmp_path.iterdir()) == ["course", output.name]


def test_a_stale_paper_is_refused(released: Course, tmp_path: Path) -> None:
    """Worth other points than the notebook beside it, or without a translation that there is by now."""
    paper = read_paper(released.public_paper(A1))
    write_paper(paper.with_points({"sigmoid": 7}), released.public_paper(A1))
    with pytest.raises(UsageError, match="the master or grading"):
        student_bundle(released, [], tmp_path / "it.zip")
    write_paper(paper, released.public_paper(A1))
    catalog = released.root / "tests" / "locale" / "ko" / f"{A1}.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(f'{CATALOG}\nmsgid "{paper.texts[0]["en"]}"\nmsgstr "번역"\n', encoding="utf-8")
    with pytest.raises(UsageError, match="its paper is stale"):
        student_bundle(released, [], tmp_path / "it.zip")


def test_what_isnt_released_is_refused(released: Course, tmp_path: Path) -> None:
    """Not at all, or in another language."""
    with pytest.raises(UsageError, match="released in 'en', not in 'ko'") as caught:
        student_bundle(released, [], tmp_path / "it.zip", lang="ko")
    assert caught.value.next_step == f"Run: htilde release {A1} --lang ko"
    released.public_paper(A1).unlink()
    with pytest.raises(UsageError, match="it isn't released") as caught:
        student_bundle(released, [A1], tmp_path / "it.zip")
    assert caught.value.next_step == f"Run: htilde release {A1}" and not (tmp_path / "it.zip").exists()


def test_only_a_zip_file_is_written(released: Course, tmp_path: Path) -> None:
    """A slip of the hand mustn't write over grading.toml; a folder that isn't there is told."""
    for output in (released.root / "grading.toml", tmp_path / "nowhere" / "it.zip"):
        for make in (lambda to: student_bundle(released, [], to), lambda to: self_study_bundle(released, to)):
            with pytest.raises(UsageError):
                make(output)
    with pytest.raises(KitError, match="did you mean"):
        student_bundle(released, ["a1_activation"], tmp_path / "it.zip")
    assert load_course(released.root / "grading.toml") == released


def test_a_bundle_that_cant_be_written_leaves_the_old_one(
    released: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole or not at all, and nothing beside it."""
    output = tmp_path / "it.zip"
    output.write_text("the old one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        student_bundle(released, [], output)
    assert output.read_text() == "the old one" and not (tmp_path / ".it.zip.new").exists()


def test_the_start_page_speaks_both_languages(released: Course, tmp_path: Path) -> None:
    """The course's first; what stands in grading.toml can't break it."""
    spoil(released.root / "grading.toml", 'title = "Three exercises"', "title = '<b>$5 & more</b>'")
    course = load_course(released.root / "grading.toml")
    student_bundle(course, [], tmp_path / "it.zip")
    with zipfile.ZipFile(tmp_path / "it.zip") as archive:
        page = archive.read("it/START.html").decode()
    assert page.index("1. Install") < page.index("1. 설치하기")
    assert "<h1>&lt;b&gt;$5 &amp; more&lt;/b&gt;</h1>" in page and "1 assignment with 3 exercises" in page
    assert "$" not in page.replace("$5", "")


def test_material_is_made_once(released: Course, tmp_path: Path) -> None:
    """The second bundle takes what the first has made."""
    told: list[str] = []
    for _ in range(2):
        self_study_bundle(released, tmp_path / "it.zip", on_start=told.append)
    assert told == [A1] and (course_material(released) / "material.json").is_file()


def typed(course: Course, folder: Path, *arguments: str) -> Result:
    """Type a command in a folder."""
    with contextlib.chdir(folder):
        return CliRunner().invoke(main, ["--course", str(course.root), "bundle", *arguments])


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_commands_tell_what_they_wrote(released: Course, tmp_path: Path, audience: str) -> None:
    """File by file, and how large it is; where no file is named, one is called like the audience."""
    done = typed(released, tmp_path, audience)
    assert done.exit_code == 0, done.output
    names = [f"  {audience}/{name}" for name in NAMES[audience]]
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{audience}.zip (") and lines[1:] == names
    assert typed(released, tmp_path, audience, "--output", "other.zip").exit_code == 0
    assert (tmp_path / "other.zip").stat().st_size == pytest.approx(
        (tmp_path / f"{audience}.zip").stat().st_size, abs=99
    )


def test_the_commands_refuse_in_one_message(released: Course, tmp_path: Path) -> None:
    """Exit status 2, what is wrong, what to do."""
    done = typed(released, tmp_path, "student", "--lang", "ko")
    assert (done.exit_code, done.stdout) == (2, "") and f"htilde release {A1} --lang ko" in done.stderr
    done = typed(released, tmp_path, "student", "--output", str(released.root / "grading.toml"))
    assert done.exit_code == 2 and "a bundle is a zip file" in done.stderr
