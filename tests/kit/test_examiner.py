"""The examiner: one bad exercise breaks no other, each is asked as it was at its check, no hidden input comes out."""

from __future__ import annotations

import builtins
import json
import re
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import toys
from asking import DOUBLE, HIDDEN, LIMITS, PUBLIC, RIGHT, examined, submission, verdict
from htilde.codes import UNSEEN, Code, Details, Note, NoteCode
from htilde.diagnosis.completion import examine, examine_exercise, judge
from htilde.errors import Unprotected
from htilde.examination.examiner import MAX_NOTES
from htilde.examination.paper import ExercisePaper, Probe
from htilde.isolation import sandbox
from htilde.isolation.calls import Reply, Status
from htilde.isolation.session import Session
from htilde.model import Curves, Examination, ExerciseResult, Visibility
from htilde.submissions.definitions import MAX_PARSED, called
from htilde.submissions.steps import Ask
from htilde.telling.html import as_html
from htilde.telling.json import as_json
from htilde.telling.text import as_text, whole_text
from htilde.values import Value
from hypothesis import given
from hypothesis import strategies as st


def test_a_submission_is_examined() -> None:
    """Points, verdicts, the papers' ids; nothing remarked of a worker that is locked."""
    found = examined("import numpy as np", RIGHT)
    assert (found.assignment, found.points, found.max_points, found.notes, found.unprotected) == ("toys", 2, 2, (), "")
    assert found.papers == (toys.paper(DOUBLE).id,) and found["double"].passed


def test_an_exercise_without_probes_can_be_failed() -> None:
    """Where no misconceptions are declared a wrong answer is just wrong."""
    exercise = toys.exercise(toys.double, toys.question(toys.double), mistakes=(), probes=())
    (found,) = examined("def double(x):\n    return 7 * x", papers=[toys.paper(exercise)])["double"].verdicts
    assert found.code is Code.WRONG_VALUES


GUARDED = replace(DOUBLE, questions=(replace(DOUBLE.questions[0], unchanged=(0,)),))
IN_PLACE = "def double(x):\n    x = x if hasattr(x, 'shape') else 1.0 * x\n    x *= 2\n    return x"


@pytest.mark.parametrize("visibility", Visibility)
def test_a_locked_worker_shows_what_became_of_an_argument(visibility: Visibility) -> None:
    """Where it has to stay, changing it is a loss, told with the argument's name unless its property is hidden."""
    paper = replace(toys.paper(GUARDED), visibility=visibility)
    public = toys.paper(replace(GUARDED, questions=()))
    papers = [paper] if visibility is Visibility.PUBLIC else [public, paper]
    (found,) = examined(IN_PLACE, papers=papers)["double"].verdicts
    assert found.code is Code.CHANGED_ARGUMENT
    assert found.details == ({"argument": "x"} if visibility is Visibility.PUBLIC else {})
    assert examined(RIGHT, papers=papers)["double"].passed


SECOND = replace(toys.exercise(toys.double, mistakes=(), probes=(), points=1.0), name="again")
BOTH = (toys.paper(DOUBLE, SECOND),)
AGAIN = "def again(x):\n    return x + x"

SPOILT = {
    "a stub": ("def double(x):\n    raise NotImplementedError", Code.NOT_IMPLEMENTED, {}),
    "another's stub": (
        "def other():\n    raise NotImplementedError\ndef double(x):\n    return other()",
        Code.WAITS_FOR,
        {"function": "other"},
    ),
    "no function": ("x = 1", Code.NO_FUNCTION, {"call": "double(x)", "similar": ""}),
    "another name": ("def doubel(x):\n    return 2 * x", Code.NO_FUNCTION, {"call": "double(x)", "similar": "doubel"}),
    "no longer a function": (f"{RIGHT}\ndouble = 3", Code.NOT_CALLABLE, {"call": "double(x)", "type": "int"}),
    "a cell that raises": (
        "import nothing_at_all\nhalf = nothing\n" + RIGHT,
        Code.CELL_FAILED,
        {
            "error": "NameError",
            "message": "name 'nothing' is not defined",
            "line": 2,
            "source": "half = nothing",
            "function": "<module>",
            "cell": "cell 1",
        },
    ),
    "a syntax error": (
        "def double(x):\n    return 2 x",
        Code.CELL_FAILED,
        {
            "error": "SyntaxError",
            "message": "invalid syntax",
            "line": 2,
            "source": "return 2 x",
            "function": "",
            "cell": "cell 1",
        },
    ),
    "a cell that never ends": (
        "while True: pass\n" + RIGHT,
        Code.CELL_TIMED_OUT,
        {"limit": "cell", "seconds": LIMITS.cell_seconds},
    ),
    "a cell that dies": ("import os; os._exit(0)\n" + RIGHT, Code.CELL_DIED, {"end": "exited"}),
    "a package": (
        "import torch\ndef double(x):\n    return torch.exp(x)",
        Code.NEEDS_PACKAGE,
        {"package": "torch", "used": "torch.exp", "by": "call"},
    ),
    "a package in its cell": (
        "import torch\ntwo = torch.tensor(2)\n" + RIGHT,
        Code.NEEDS_PACKAGE,
        {"package": "torch", "used": "torch.tensor", "by": "cell"},
    ),
    "the keyboard": (
        "def double(x):\n    return input('x?')",
        Code.WAITS_FOR_INPUT,
        {"line": 2, "source": "return input('x?')", "function": "double", "cell": "cell 1"},
    ),
    "a death": ("def double(x):\n    import os; os._exit(0)", Code.PROCESS_LOST, {"end": "exited"}),
    "an endless function": (
        "def double(x):\n    while True: pass",
        Code.TIMED_OUT,
        {"limit": "call", "seconds": LIMITS.call_seconds},
    ),
}


@pytest.mark.parametrize(("source", "code", "details"), SPOILT.values(), ids=SPOILT)
def test_one_bad_exercise_breaks_no_other(source: str, code: Code, details: Details) -> None:
    """It gets no points and says why; the next one gets full marks."""
    found = examined(source, Ask("double"), AGAIN, Ask("again"), papers=BOTH)
    assert [result.points for result in found.exercises] == [0, 1]
    assert {(v.code, repr(v.details)) for v in found["double"].verdicts} == {(code, repr(details))}


def test_a_cell_that_failed_is_the_reason_only_where_its_function_is_missing() -> None:
    """What an earlier cell defined is asked, and a cell's failure is noted beside the grade."""
    found = examined("import numpy as np", RIGHT, "def double(x):\n    return x\n1 / 0", "%magic\ny = 1")
    assert found["double"].verdicts[0].code is Code.WRONG_VALUES
    found = examined(RIGHT, "1 / 0\ndef double(x):\n    return x", "%magic\ny = 1")
    assert found.passed
    raised = {"cell": "cell 2", "error": "ZeroDivisionError", "message": "division by zero"}
    assert found.notes == (
        Note(NoteCode.CELL_RAISED, {**raised, "line": 1, "source": "1 / 0"}),
        Note(NoteCode.SKIPPED, {"cell": "cell 3", "line": "%magic"}),
    )


def test_of_many_notes_a_few_are_told() -> None:
    """A notebook in which everything fails is no reason for a page that nobody can read."""
    found = examined(RIGHT, *["1 / 0"] * (MAX_NOTES + 5))
    assert found.passed and len(found.notes) == MAX_NOTES + 1
    assert found.notes[-1] == Note(NoteCode.MORE, {"count": 5})
    assert examined(RIGHT, *["1 / 0"] * MAX_NOTES).notes == found.notes[:-1]


def test_a_time_out_ends_the_exercise() -> None:
    """One endless call costs one limit, however many questions are left; each verdict says so."""
    many = [toys.question(toys.double, name=f"is_right_{n}") for n in range(5)]
    exercise, hidden = toys.exercise(toys.double, *many), toys.exercise(toys.double, *many)
    papers = [toys.paper(exercise), toys.paper(hidden, visibility=HIDDEN)]
    started = time.monotonic()
    found = examined("def double(x):\n    while True: pass", papers=papers)["double"]
    assert time.monotonic() - started < 5 * LIMITS.call_seconds + 2
    assert len(found.verdicts) == 10 and {v.code for v in found.verdicts} == {Code.TIMED_OUT}


def test_an_exercise_has_its_time_as_a_whole() -> None:
    """Calls that are each quick enough end together."""
    slow = "import time\ndef double(x):\n    time.sleep(0.1)\n    return 2 * x"
    limits = replace(LIMITS, exercise_seconds=0.25)
    (found,) = examined(slow, limits=limits)["double"].verdicts
    assert (found.code, found.details) == (Code.TIMED_OUT, {"limit": "exercise", "seconds": 0.25})


LATER = {
    "the function": "def double(x):\n    return 0 * x",
    "its helper": "def helper(x):\n    return 0 * x",
    "a name that it uses": "TWO = 0",
    "what it imported": "np = None",
    "a name of Python's own": "abs = None",
    "everything": "for name in [n for n in globals() if n[0] != '_']: del globals()[name]",
    "nothing, but it raises": "TWO = 0\nraise ValueError",
    "nothing, but it never ends": "TWO = 0\nwhile True: pass",
}
PLACED = """
import numpy as np
TWO = 2
def helper(x):
    return np.multiply(abs(TWO), x)
def double(x):
    return helper(x)
"""


@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
def test_a_function_is_asked_as_it_was_at_its_check(later: str) -> None:
    """A cell further down that redefines what an exercise needs changes nothing about that exercise."""
    limits = replace(LIMITS, cell_seconds=0.3)
    found = examined(PLACED, Ask("double"), later, AGAIN, Ask("again"), papers=BOTH, limits=limits)
    assert found.passed


def test_each_check_sees_its_own_version() -> None:
    """A helper that two exercises define differently serves each as it was at its check."""
    first = "def helper(x):\n    return 2 * x\ndef double(x):\n    return helper(x)"
    second = "def helper(x):\n    return x + x\ndef again(x):\n    return helper(x)\ndef double(x):\n    return None"
    assert examined(first, Ask("double"), second, Ask("again"), papers=BOTH).passed


LOST = {"hangs": "while True: pass", "dies": "import os; os._exit(0)"}


@pytest.mark.parametrize("end", LOST.values(), ids=LOST)
def test_places_survive_a_lost_worker(end: str) -> None:
    """When a function took the process with it, the next one is asked in another, still as it was at its check."""
    first = f"TWO = 2\ndef double(x):\n    {end}"
    second = "def again(x):\n    return TWO * x"
    found = examined(first, Ask("double"), second, Ask("again"), "TWO = 0\ndef again(x): return None", papers=BOTH)
    assert [result.points for result in found.exercises] == [0, 1]


# What a hidden question asks mustn't come out. Each attack sees the input as x; whether anything differs between two
# hidden inputs is looked at in everything that a student may be told.

SECRETS = (1234.5, 6543.25)
STASH = "seen = []\ndef text():\n    return '/'.join(str(x) for x in seen)\n"
LEAKS = {
    "an exception's text": "raise ValueError(str(x))",
    "an exception's name": "raise type(f'E{x[0]:.0f}', (Exception,), {})",
    "a function's name": "exec(f'def a{x[0]:.0f}(): raise NotImplementedError\\na{x[0]:.0f}()', globals())",
    "a warning": "import warnings; warnings.warn(str(x)); return 2 * x",
    "print": "print(x); return 2 * x",
    "standard error": "import sys; print(x, file=sys.stderr); return 2 * x",
    "a type's name": "return type(f'T{x[0]:.0f}', (), {})()",
    "a string": "return str(x)",
    "a shape": "return np.zeros(int(x[0]))",
    "the answer": "return x + 0.5",
    "a package's name": "m = __import__(f'p{x[0]:.0f}'); m.a",
    "the exit status": "import os; os._exit(int(x[0]) % 7)",
}
BY_STATE = {
    "a later cell's exception": ("raise ValueError(text())", ""),
    "another exercise's exception": ("", "raise ValueError(text())"),
    "another exercise's prints": ("", "print(text()); return 2 * x"),
    "another exercise's notes": ("", "import warnings; warnings.warn(text()); return 2 * x"),
    "another exercise's answer": ("", "return float(text().strip('[]').partition(']')[0] or 0)"),
}


def told(found: Examination) -> Examination:
    """What a student may be told: all but the ids of the papers."""
    return replace(found, papers=())


def sat(number: float, *cells: str | Ask, public: bool = False) -> Examination:
    """The examination with a paper that asks only about this number, as a hidden or a public paper."""
    asked = toys.question(toys.double, [(np.array([number]),)], name="elsewhere")
    exercise = replace(DOUBLE, questions=(asked,))
    if public:
        return examined(*cells, papers=[toys.paper(exercise, SECOND)])
    return examined(*cells, papers=[*BOTH, toys.paper(exercise, SECOND, visibility=HIDDEN)])


def attack(body: str) -> list[str | Ask]:
    """A function that is right on public inputs and does this on others."""
    source = f"import numpy as np\ndef double(x):\n    if np.size(x) != 1 or x.flat[0] < 1000: return 2 * x\n    {body}"
    return [source, Ask("double"), AGAIN, Ask("again")]


@pytest.mark.parametrize("body", LEAKS.values(), ids=LEAKS)
def test_nothing_that_a_function_chooses_comes_out_of_a_hidden_property(body: str) -> None:
    """The same is told whatever the hidden input was."""
    one, other = (told(sat(number, *attack(body))) for number in SECRETS)
    assert one == other
    assert one["double"].verdicts[0].passed


HARMLESS = {"the exit status"}  # nobody is told that, be the property public


@pytest.mark.parametrize("name", [name for name in LEAKS if name not in HARMLESS])
def test_the_leaks_are_real(name: str) -> None:
    """Of a public property each of these is told: that it isn't of a hidden one is the examiner's doing."""
    one, other = (told(sat(number, *attack(LEAKS[name]), public=True)) for number in SECRETS)
    assert one != other


@pytest.mark.parametrize(("later", "again"), BY_STATE.values(), ids=BY_STATE)
def test_nothing_that_a_function_remembers_comes_out_elsewhere(later: str, again: str) -> None:
    """Neither a later cell nor another exercise's public property can tell what a function was asked in private."""
    source = STASH + "def double(x):\n    seen.append(x)\n    return 2 * x"
    other_exercise = f"def again(x):\n    {again or 'return x + x'}"
    cells = [source, Ask("double"), other_exercise, Ask("again"), later or "pass"]
    results = [told(sat(number, *cells)) for number in SECRETS]
    assert results[0] == results[1]
    assert not any(f"{number:g}"[:4] in repr(found) for number, found in zip(SECRETS, results))


class Named(Exception):
    """What a student may call as it likes."""

    def __str__(self) -> str:
        return str(self.args)


def _named(x: Any) -> Any:
    error = type(f"E{x[0]}", (Named,), {"__module__": f"m{x[0]}"})(x)
    error.add_note(str(x))
    raise error


def _builtin(x: Any) -> Any:
    kinds = [kind for kind in vars(builtins).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    raise kinds[int(x[0]) % len(kinds)]()


def _unfinished(x: Any) -> Any:
    namespace: dict[str, Any] = {}
    exec(f"def f{int(x[0])}(): raise NotImplementedError('{x[0]}')", namespace)
    namespace[f"f{int(x[0])}"]()


def _leaving(x: Any) -> Any:
    raise SystemExit(str(x)) from KeyError(x[0])


def _telling(x: Any) -> Any:
    print(x, file=sys.stderr)
    warnings.warn(f"{x[0]}", stacklevel=1)
    x *= 2
    return x


WAYS: list[Callable[[Any], Any]] = [
    _named,
    _builtin,
    _unfinished,
    _leaving,
    _telling,
    lambda x: [x, _telling(x)][0] + 1,
    lambda x: str(x),
    lambda x: type(f"T{x[0]}", (), {"__repr__": lambda self: str(x)})(),
    lambda x: np.zeros((int(x[0]) % 5, int(x[0]) % 7)),
    lambda x: np.zeros(1, [np.float16, np.float32, np.complex128, np.int8, bool, "U9", object][int(x[0]) % 7]),
    lambda x: {str(x): x},
    lambda x: x * [np.nan, np.inf, -np.inf][int(x[0]) % 3],
    lambda x: 2 * x * (1 + 1e-6 * (int(x[0]) % 3)),
    lambda x: [x + 2, x**2, x][int(x[0]) % 3],
    lambda x: 2 * x,
]


def out(way: Callable[[Any], Any]) -> Callable[..., object]:
    """A function that is right on public inputs, and tells of others in this way."""

    def function(x: Any) -> Any:
        return 2 * x if np.size(x) != 1 or abs(np.ravel(x)[0]) < 1000 else way(x)

    return function


def on_paper(way: Callable[[Any], Any], secrets: Sequence[float]) -> ExerciseResult:
    """The result with a hidden property about these numbers."""
    asked = toys.question(toys.double, [(np.array([secret]),) for secret in secrets], name="elsewhere")
    hidden = toys.paper(replace(DOUBLE, questions=(asked,)), visibility=HIDDEN)
    with np.errstate(all="ignore"):
        return examine_exercise(DOUBLE, [toys.paper(DOUBLE), hidden], toys.live(out(way)))


@given(st.sampled_from(WAYS), st.lists(st.integers(10**6, 10**9).map(lambda n: n / 7), min_size=1, max_size=3))
def test_of_a_hidden_property_so_much_can_be_said_and_no_more(way: Callable[[Any], Any], secrets: list[float]) -> None:
    """Whatever a function does with what it sees, no page has a digit of it; the codes are few, without details."""
    result = on_paper(way, secrets)
    (*public, hidden) = result.verdicts
    assert all(found.passed for found in public)
    assert hidden.code in {code for code, _ in UNSEEN.values()}
    assert hidden.details in ({}, {"random": False})
    assert set(hidden.mistakes) <= {"adds_two", "squares"} and hidden.evidence is hidden.places is None
    assert hidden.notes == () and hidden.printed == "" and result.curves is None
    plain = as_json(Examination("toys", (result,)))
    for face in (as_html(result), as_text(result), json.dumps(plain), whole_text(Examination("toys", (result,)))):
        digits = re.sub(r"\D", "", face)
        assert not [secret for secret in secrets if f"{secret:.10g}".replace(".", "")[:5] in digits]


def test_a_known_exception_is_named_again() -> None:
    """Where a public property has failed by the same exception with another text, its name tells nothing new."""
    papers = [toys.paper(DOUBLE), toys.paper(DOUBLE, visibility=HIDDEN)]
    source = "seen = []\ndef double(x):\n    seen.append(x)\n    raise {}(len(seen))"
    public, hidden = examined(source.format("IndexError"), papers=papers)["double"].verdicts
    assert (public.code, public.details["error"]) == (Code.RAISED, "IndexError") and public.details["message"]
    assert (hidden.code, hidden.details) == (Code.RAISED, {"error": "IndexError"})


# Pictures of wrong answers.

GRID = np.linspace(-3.0, 3.0, 25)
DRAWN = replace(DOUBLE, curve=Probe((GRID,), 2 * GRID))


def curves(source: str, exercise: ExercisePaper = DRAWN) -> Curves | None:
    return examined(source, papers=[toys.paper(exercise)])["double"].curves


def test_a_wrong_answer_is_drawn_beside_the_right_one() -> None:
    """Over the argument that rises, by its name."""
    found = curves("def double(x):\n    return x + 2")
    assert found == Curves("x", tuple(GRID), tuple(GRID + 2), tuple(2 * GRID)) and found.part == -3.0
    assert curves("def double(x):\n    return x > 0") == Curves("x", tuple(GRID), tuple(1.0 * (GRID > 0)), found.right)


NOT_DRAWN = {
    "a right answer": RIGHT,
    "one that is right where it is drawn": "def double(x):\n    return 2 * x if x.size == 25 else x",
    "one that is a hair off": "def double(x):\n    return 2.00001 * x",
    "an exception": "def double(x):\n    1 / 0",
    "a number": "def double(x):\n    return 3.0",
    "another shape": "def double(x):\n    return x[1:] if x.size > 1 else x",
    "complex numbers": "def double(x):\n    return 2j * x",
    "text": "def double(x):\n    return 'x'",
    "a list": "def double(x):\n    return [*3 * x, None] if x.ndim else x",
    "dates": "import numpy as np\ndef double(x):\n    return x.astype('M8[s]')",
    "no function": "double = 3",
}


@pytest.mark.parametrize("source", NOT_DRAWN.values(), ids=NOT_DRAWN)
def test_what_cant_be_drawn_or_doesnt_part_isnt(source: str) -> None:
    """No picture, and the verdict is the one without it."""
    found = examined(source, papers=[toys.paper(DRAWN)])["double"]
    assert found.curves is None
    assert found.verdicts == examined(source)["double"].verdicts


def test_without_a_declared_curve_nothing_is_asked_for_one() -> None:
    """An exercise of several arguments, or of numbers, has none."""
    assert curves("def double(x):\n    return x + 2", DOUBLE) is None


def test_a_picture_is_asked_for_before_any_hidden_question() -> None:
    """What a function was asked in private can't be told by what it draws."""
    source = STASH + "def double(x):\n    seen.append(x.flat[0])\n    return x * max(map(abs, seen))"
    public = replace(DRAWN, questions=(toys.question(toys.double, [(np.array([1.0]),)]),))
    pictures = []
    for number in SECRETS:
        asked = toys.question(toys.double, [(np.array([number]),)], name="elsewhere")
        hidden = replace(DRAWN, questions=(asked,))
        papers = [toys.paper(public), toys.paper(hidden, visibility=HIDDEN)]
        drawn, again = (examined(source, papers=order)["double"].curves for order in (papers, papers[::-1]))
        assert drawn is not None and drawn == again
        pictures.append(drawn)
    assert pictures[0] == pictures[1] and max(map(abs, pictures[0].yours)) <= 9


def test_a_picture_of_one_exercise_tells_nothing_hidden_of_another() -> None:
    """Functions of one submission share a process: all pictures are drawn before the first hidden question."""
    cells = [
        STASH + "def double(x):\n    seen.append(x.flat[0])\n    return 2 * x",
        Ask("double"),
        "def again(x):\n    return x * max([1, *map(abs, seen)])",
        Ask("again"),
    ]
    public, pictures = toys.paper(DOUBLE, replace(SECOND, curve=DRAWN.curve)), []
    for number in SECRETS:
        asked = toys.question(toys.double, [(np.array([number]),)], name="elsewhere")
        hidden = toys.paper(replace(DOUBLE, questions=(asked,)), SECOND, visibility=HIDDEN)
        pictures.append(examined(*cells, papers=[public, hidden])["again"].curves)
    assert pictures[0] is not None and pictures[0] == pictures[1]


# One exercise that uses another.

WRONG_AGAIN = "def again(x):\n    return 3 * x"


def blamed(double: str, again: str = WRONG_AGAIN) -> tuple[Note, ...]:
    """Return what is remarked about ``double``, the exercise after ``again``."""
    return examined(again, Ask("again"), double, Ask("double"), papers=BOTH)["double"].notes


BLAME = Note(NoteCode.CALLS_WRONG, {"functions": ["again"]})


@pytest.mark.parametrize(
    "double",
    [
        "def double(x):\n    return again(x)",
        "def double(x):\n    return again (x)",
        "def double (x):\n    return again(x)",
        "double = lambda x: again(x)",
        "if True:\n    double = lambda x: again(x)",
        "def double(x):\n    for part in [x]:\n        total = again(part)\n    return total",
    ],
)
def test_an_exercise_that_calls_a_wrong_one_says_so(double: str) -> None:
    """There is one mistake, not two; where the other one is right, nothing is said."""
    assert blamed(double) == (BLAME,)
    assert blamed(f"{double} + 1", AGAIN) == ()


@pytest.mark.parametrize(
    "double",
    [
        "def double(x):\n    return 3 * x",
        "def double(x):\n    return list(map(again, [x]))[0]",
        "def double(x):\n    return begain(x)\ndef begain(x):\n    return x",
        "def double(x):\n    return double(x) and again",
        "def double(x):\n    return 3 x",
        "double = 3",
    ],
)
def test_what_calls_no_wrong_exercise_blames_none(double: str) -> None:
    """A function that is only passed on, another one of a similar name, or a cell that is no Python."""
    assert BLAME not in blamed(double)


MENTIONED = {
    "a comment": "def double(x):\n    return 3 * x  # again(x) does the same",
    "a docstring": 'def double(x):\n    """Like again(x)."""\n    return 3 * x',
    "a string": "def double(x):\n    name = 'again(x)'\n    return 3 * x",
    "a method": "def double(x):\n    import types\n    t = types.SimpleNamespace(again=abs)\n    return t.again(x)",
    "an argument": "def double(x, again=abs):\n    return again(x)",
    "a name of its own": "def double(x):\n    again = abs\n    return again(x)",
    "a call outside": "def double(x):\n    return 3 * x\nagain(1.0)",
    "no Python": "def double(x):\n    again(x",
}


@pytest.mark.parametrize("double", MENTIONED.values(), ids=MENTIONED)
def test_what_only_mentions_a_wrong_exercise_blames_none(double: str) -> None:
    """A text that looks like a call, or a call of something else by that name."""
    assert BLAME not in blamed(double)


def test_a_very_long_cell_isnt_parsed() -> None:
    """The examiner's own process reads no more of a stranger's source than a person would write."""
    calling = "def double(x):\n    return again(x)\n"
    assert called(calling, "double") == {"again"}
    assert called(calling + "#" * MAX_PARSED, "double") == set()


HOSTILE = {
    "too deep": "    return " + "-" * 50_000 + "x",
    "too long a sum": "    return x" + "+ again(x)" * 15_000,
    "a zero": "    return '\0'",
    "a backslash": "    return '\\d' and again(x)",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_no_source_is_too_odd_to_be_read(body: str) -> None:
    """Whatever can't be read blames nobody, breaks nothing and warns of nothing."""
    found = examined(WRONG_AGAIN, Ask("again"), f"def double(x):\n{body}", Ask("double"), papers=BOTH)
    assert found["double"].notes in ((), (BLAME,)) and not found.passed


def test_only_the_exercises_own_function_is_read() -> None:
    """Several may stand in one cell; of one that is defined twice the last counts."""
    other = "def other(x):\n    return again(x)\n"
    assert blamed(f"{other}def double(x):\n    return 3 * x") == ()
    assert blamed(f"{other}def double(x):\n    return again(x)") == (BLAME,)
    assert blamed("def double(x):\n    return again(x)\ndef double(x):\n    return 3 * x") == ()


UNFIT_CURVES = {
    "a number": (1.0, 2.0),
    "no points": (np.zeros(0), np.zeros(0)),
    "several rows": (np.array([1.0, 2.0]), np.ones((2, 2))),
    "another length": (np.array([1.0, 2.0]), np.ones(3)),
    "a pair": (np.array([1.0, 2.0]), (np.ones(2), np.ones(3))),
    "falling": (np.array([2.0, 1.0]), np.array([4.0, 2.0])),
}


@pytest.mark.parametrize(("axis", "answer"), UNFIT_CURVES.values(), ids=UNFIT_CURVES)
def test_a_curve_that_is_none_breaks_no_check(axis: Value, answer: Value) -> None:
    """What an author has declared by mistake is left out of the picture, and the student is examined."""
    exercise = replace(DOUBLE, curve=Probe((axis,), answer))
    assert curves("import numpy as np\ndef double(x):\n    return np.zeros_like(x)", exercise) is None


def test_a_right_exercise_blames_nobody() -> None:
    """Also if it calls a wrong one, where that is right."""
    again = "def again(x):\n    return 2 * x if x.size < 5 else x"
    easy = replace(DOUBLE, questions=(toys.question(toys.double, toys.CASES[:2]),))
    paper = toys.paper(easy, replace(SECOND, questions=(toys.question(toys.double, [(GRID,)]),)))
    found = examined(again, Ask("again"), "def double(x):\n    return again(x)", Ask("double"), papers=[paper])
    assert [result.passed for result in found.exercises] == [True, False] and found["double"].notes == ()


def test_a_blame_names_exercises_and_nothing_of_a_students() -> None:
    """Whatever else is called, and whatever was seen in private, only exercises are named."""
    for name in ("leak_1", "leak_2", "print"):
        assert blamed(f"def double(x):\n    return {name}(again(x))") == (BLAME,)
    papers = [*BOTH, toys.paper(DOUBLE, SECOND, visibility=HIDDEN)]
    found = examined(WRONG_AGAIN, Ask("again"), "def double(x):\n    return again(x)", Ask("double"), papers=papers)
    assert found["double"].notes == (BLAME,)
    assert [verdict.notes for verdict in found["double"].verdicts] == [(), ()]


# An exception may be a mistake, too.


def product(a: Any, b: Any) -> Any:
    """The matrix product."""
    return a @ b


def the_other_way_round(a: Any, b: Any) -> Any:
    """You exchanged the factors."""
    return b @ a


SQUARE, LONG = np.array([[1.0, 2.0], [3.0, 5.0]]), np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize("visibility", Visibility)
def test_a_mistake_that_raises_is_known_by_the_answers_that_it_gives(visibility: Visibility) -> None:
    """Shapes that don't fit raise, square ones don't: the probes name the mistake, the message the exception."""
    question = toys.question(product, [(SQUARE.T, LONG)])
    exercise = toys.exercise(product, question, mistakes=[the_other_way_round], probes=[(SQUARE, SQUARE.T)])
    found = verdict(the_other_way_round, exercise, visibility)
    assert (found.code, found.details.get("error")) == (Code.RAISED, "ValueError" if visibility is PUBLIC else None)
    assert (found.mistakes, found.hints) == (("the_other_way_round",), ({"en": "You exchanged the factors."},))
    assert found.evidence is None


def test_an_exception_that_no_mistake_explains_stays_one() -> None:
    """Where the probes raise as well, or are answered right, nothing is guessed."""
    exercise = toys.exercise(product, toys.question(product, [(SQUARE.T, LONG)]), mistakes=[the_other_way_round])
    exercise = replace(exercise, probes=(Probe((SQUARE, SQUARE.T), SQUARE @ SQUARE.T),))
    for function in (lambda a, b: 1 // 0, lambda a, b: a @ b if b.shape == (2, 2) else 1 // 0):
        found = verdict(function, exercise)
        assert (found.code, found.details["error"]) == (Code.RAISED, "ZeroDivisionError")
        assert (found.mistakes, found.hints) == ((), ())


def test_of_a_time_out_nothing_more_is_asked() -> None:
    """Who didn't answer in time isn't asked the probes on top of it."""
    asked: list[object] = []

    def never(cases: Sequence[Sequence[Value]], /) -> list[Reply]:
        asked.append(cases)
        return [Reply(Status.TIMED_OUT, end={"limit": "call", "seconds": 5.0})]

    assert judge(DOUBLE.questions[0], DOUBLE, PUBLIC, never).mistakes == () and len(asked) == 1


def test_what_public_properties_told_is_told_again() -> None:
    """A function that fails everywhere alike gets the full message also for its hidden properties."""
    papers = [toys.paper(DOUBLE), toys.paper(DOUBLE, visibility=HIDDEN)]
    public, hidden = examined("def double(x):\n    return nothing", papers=papers)["double"].verdicts
    assert (public.code, public.details) == (hidden.code, hidden.details)
    assert (public.details["message"], public.details["line"]) == ("name 'nothing' is not defined", 2)


def test_of_a_hidden_property_nothing_is_noted() -> None:
    """Not even what was noted of a public one: which of the known notes come again is for the function to choose."""
    papers = [toys.paper(DOUBLE), toys.paper(DOUBLE, visibility=HIDDEN)]
    source = "import warnings\ndef double(x):\n    warnings.warn('a word')\n    print(x)\n    x += x\n    return x"
    public, hidden = examined(source, papers=papers)["double"].verdicts
    assert len(public.notes) == 2 and public.printed
    assert (hidden.notes, hidden.printed) == ((), "")


def test_of_a_hidden_property_the_mistake_is_named() -> None:
    """Claim, misconception and hint are told; no input, no number."""
    papers = [toys.paper(DOUBLE), toys.paper(DOUBLE, visibility=HIDDEN)]
    public, hidden = examined("def double(x):\n    return x + 2", papers=papers)["double"].verdicts
    assert public.mistakes == hidden.mistakes == ("adds_two",)
    assert (public.hints, public.claim) == (hidden.hints, hidden.claim)
    assert public.evidence is not None and hidden.evidence is None
    assert (public.code, hidden.code, hidden.details) == (Code.WRONG_VALUES, Code.WRONG_VALUES, {})


def test_the_order_of_papers_makes_no_difference() -> None:
    """Public before hidden, whichever way they are handed over."""
    papers = [toys.paper(DOUBLE), toys.paper(DOUBLE, visibility=HIDDEN)]
    cells = ["def double(x):\n    print(x)\n    return x + 2"]
    assert examined(*cells, papers=papers) == examined(*cells, papers=papers[::-1])


def test_an_exercise_may_be_examined_in_another_way() -> None:
    """Exploring asks the same function by other questions."""
    seen: list[Value] = []

    def by(exercise: ExercisePaper, asked: Callable[[Sequence[Sequence[Value]]], list[Reply]]) -> ExerciseResult:
        seen.extend(reply.value for reply in asked([(21.0,)]))
        return ExerciseResult(exercise.name, 1.0, ())

    found = examine(submission(RIGHT), [toys.paper(DOUBLE)], LIMITS, by=by)
    assert seen == [42.0] and [result.max_points for result in found.exercises] == [1.0]


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers as on a machine that lacks Landlock."""
    lacking = "lock.lock = lambda **_: lock.Protection((), ('landlock: not here', 'seccomp: not here'))"
    begin = "from htilde.isolation.worker import main"
    assert begin in sandbox._BOOTSTRAP
    monkeypatch.setattr(sandbox, "_BOOTSTRAP", sandbox._BOOTSTRAP.replace(begin, f"{begin}, lock\n{lacking}"))


@pytest.mark.usefixtures("unlocked")
def test_without_a_lock_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The examiner refuses before a line of the submission has run, says what is missing and what to do."""
    ran: list[object] = []
    monkeypatch.setattr(Session, "run", lambda *given: ran.append(given))
    with pytest.raises(Unprotected, match="landlock: not here; seccomp: not here") as caught:
        examined(RIGHT)
    assert ran == [] and "htilde doctor" in caught.value.next_step


@pytest.mark.usefixtures("unlocked")
def test_without_a_lock_a_check_says_so() -> None:
    """Where it is allowed in so many words the result carries the reason."""
    found = examine(submission(RIGHT), [toys.paper(DOUBLE)], LIMITS, allow_unprotected=True)
    assert found.passed and found.unprotected == "landlock: not here; seccomp: not here"


def test_a_question_whose_replies_break_off_isnt_passed() -> None:
    """However few replies there are, the last one is the reason."""
    over = Reply(Status.TIMED_OUT, end={"limit": "call", "seconds": 5.0})
    right = [Reply(Status.ANSWERED, example.answer) for example in DOUBLE.questions[0].examples]
    replies = [*right, *reversed(right)]
    for at in range(len(replies)):
        found = judge(DOUBLE.questions[0], DOUBLE, PUBLIC, lambda _, at=at: [*replies[:at], over])  # type: ignore[misc]
        assert found.code is Code.TIMED_OUT
    assert judge(DOUBLE.questions[0], DOUBLE, PUBLIC, lambda _: replies).passed
