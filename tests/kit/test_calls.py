"""Asking a function: fresh arguments in, a reply out, nothing escapes."""

from __future__ import annotations

import sys
import warnings
from contextlib import suppress

import numpy as np
import pytest
import toys
from htilde.codes import Note, NoteCode, is_plain
from htilde.isolation.calls import MAX_NOTED, MAX_PRINTED, Reply, Status, ask, captured, describe_error
from htilde.isolation.wire import decode, encode
from htilde.values import Refused, Rng, Value, identical, materialize
from hypothesis import given
from hypothesis import strategies as st


@given(toys.values(toys.arrays()))
def test_an_answer_comes_back_as_it_is(value: Value) -> None:
    """A function that returns its argument answers with it, and nothing is remarked."""
    assert identical(ask(lambda x: x, [value], {}).value, value)
    assert ask(lambda x: x, [value], {}).notes == ()


CHANGES = {
    "an array": (np.zeros(3), "x += 1"),
    "an array's sign": (np.zeros(3), "x *= -1"),
    "a list": ([1.0], "x.append(2.0)"),
    "a dict": ({"a": 1.0}, "x['b'] = 2.0"),
    "a part of a tuple": ((np.zeros(2), 1.0), "x[0][0] = 5"),
    "an array's shape": (np.zeros((2, 3)), "x.shape = 3, 2"),
}


@pytest.mark.parametrize(("argument", "change"), CHANGES.values(), ids=CHANGES)
def test_changes_in_place_are_noted_and_go_nowhere(argument: Value, change: str) -> None:
    """A function that changes what came in is told so; the next call gets the original."""
    before = materialize(argument)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # setting a shape is on its way out of NumPy
        reply = toys.ask_student(f"def f(y, x):\n    {change}\n    return 1.0", 0.0, argument)
    assert reply.status is Status.ANSWERED and Note(NoteCode.CHANGED_IN_PLACE, {"argument": 2}) in reply.notes
    assert identical(argument, before)


@pytest.mark.parametrize(("argument", "change"), CHANGES.values(), ids=CHANGES)
def test_arguments_that_are_to_be_kept_come_back_as_they_are(argument: Value, change: str) -> None:
    """Changed or not, in the order in which they are asked for; without being asked for none does."""
    namespace = toys.student(f"def f(y, x):\n    {change}\n    return 1.0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        reply = ask(namespace["f"], [0.0, argument], namespace, (1, 0))
    changed, same = reply.after
    assert same == 0.0 and not identical(changed, argument)
    assert toys.ask_student("def f(x):\n    return x", argument).after == ()
    assert Reply.from_message(decode(encode(reply.to_message()))).after[1] == 0.0


def test_what_was_put_into_an_argument_cant_be_more_than_a_value() -> None:
    """An object of the student's becomes the name of its type, and none of its methods is called."""
    namespace = toys.student(
        "class Sly(float):\n    def __eq__(self, other):\n        return True\n"
        "def f(x):\n    x[0] = Sly(1.0)\n    return 1.0"
    )
    assert ask(namespace["f"], [[1.0]], namespace, (0,)).after == ([Refused("a Sly")],)


@pytest.mark.parametrize(
    "argument",
    [
        Rng(3),
        (Rng(3),),
    ],
    ids=repr,
)
def test_drawing_from_a_generator_is_no_change(argument: Value) -> None:
    """A generator is there to be used, also as a part of an argument."""
    draw = "def f(x):\n    rng = x[0] if isinstance(x, tuple) else x\n    return rng.normal()"
    assert toys.ask_student(draw, argument).notes == ()


def test_each_call_gets_a_generator_of_its_own() -> None:
    """The same question twice gets the same draws."""
    namespace = toys.student("def f(rng):\n    return rng.normal(size=4)")
    first, again = (ask(namespace["f"], [Rng(3)], namespace).value for _ in range(2))
    assert identical(first, np.random.default_rng(3).normal(size=4)) and identical(first, again)


def test_prints_are_kept_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """What a function prints, on either stream, is in the reply and not on the screen."""
    source = "import sys\ndef f():\n    print('out')\n    print('err', file=sys.stderr)\n    return 1.0"
    assert toys.ask_student(source).printed == "out\nerr\n"
    assert capsys.readouterr() == ("", "")


@given(st.lists(st.text(max_size=1_500), max_size=4))
def test_only_the_first_prints_are_kept(texts: list[str]) -> None:
    """What is kept is the beginning of what was printed, up to the limit."""
    with captured() as output:
        for text in texts:
            print(text, end="")
    assert output.text == "".join(texts)[:MAX_PRINTED]


RAISES = {
    "ZeroDivisionError": "1 / 0",
    "SystemExit": "raise SystemExit(0)",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "GeneratorExit": "raise GeneratorExit",
    "NotImplementedError": "raise NotImplementedError",
    "RecursionError": "return f()",
    "LinAlgError": "return np.linalg.inv(np.zeros((2, 2)))",
    "AssertionError": "assert False, 'no'",
    "EOFError": "raise EOFError",
    "MemoryError": "raise MemoryError",
    "BaseExceptionGroup": "raise BaseExceptionGroup('many', [SystemExit()])",
}


@pytest.mark.parametrize(("error", "line"), RAISES.items(), ids=RAISES)
def test_whatever_is_raised_becomes_a_reply(error: str, line: str) -> None:
    """No exception escapes, and the reply names it with the student's own line, not NumPy's."""
    reply = toys.ask_student(f"import numpy as np\ndef f():\n    {line}")
    assert (reply.status, reply.error) == (Status.RAISED, error)
    assert (reply.line, reply.source, reply.function, reply.cell) == (3, line, "f", "cell 1")


def test_the_innermost_function_of_the_students_is_named() -> None:
    """An error in another function of the same notebook is told with that function's name."""
    reply = toys.ask_student("def helper():\n    raise NotImplementedError\n\ndef f():\n    return helper() + 1")
    assert (reply.line, reply.source, reply.function) == (2, "raise NotImplementedError", "helper")


def test_an_error_outside_the_students_lines_has_no_place() -> None:
    """A call with the wrong number of arguments happens before the student's first line."""
    reply = toys.ask_student("def f(x):\n    return x", 1.0, 2.0)
    assert (reply.error, reply.line, reply.source, reply.function, reply.cell) == ("TypeError", 0, "", "", "")


HOSTILE = {
    "its text raises": "class E(Exception):\n    def __str__(self): raise ValueError",
    "its text ends the process": "class E(Exception):\n    def __str__(self): raise SystemExit",
    "its text isn't text": "class E(Exception):\n    def __str__(self): return 3",
    "its text is endless": "class E(Exception):\n    def __str__(self): return 'x' * 10**6",
    "its name is long": "E = type('E' * 1000, (Exception,), {})",
    "its name is markup": "E = type('<script>', (Exception,), {})",
    "its text can't be cut": (
        "class S(str):\n    def __getitem__(self, _): raise ValueError\n"
        "class E(Exception):\n    def __str__(self): return S('x')"
    ),
    "its class hides its name": (
        "class M(type):\n    def __getattribute__(cls, name): raise ValueError\nclass E(Exception, metaclass=M): pass"
    ),
}


@pytest.mark.parametrize("definition", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_exception_is_described_within_bounds(definition: str) -> None:
    """An exception can't escape through its own description, nor flood the reply."""
    reply = None
    with suppress(BaseException):  # pytest couldn't describe some of these either
        reply = toys.ask_student(f"{definition}\ndef f():\n    raise E")
    assert reply is not None and reply.status is Status.RAISED
    assert len(reply.error) <= 60 and len(reply.message) <= MAX_PRINTED


def test_warnings_are_notes_and_stay_inside() -> None:
    """A floating-point warning costs nothing; the caller's own settings are back afterwards."""
    before = np.geterr()
    reply = toys.ask_student("import numpy as np\ndef f(x):\n    return 1 / x", np.zeros(2))
    assert reply.status is Status.ANSWERED
    assert reply.notes == (Note(NoteCode.WARNED, {"text": "divide by zero encountered in divide"}),)
    assert np.geterr() == before


def test_settings_of_a_function_stay_inside() -> None:
    """A function that silences NumPy or takes over standard output changes nothing outside."""
    before, out = np.geterr(), sys.stdout
    toys.ask_student(
        "import sys, warnings, numpy as np\n"
        "def f():\n    np.seterr(all='raise'); warnings.simplefilter('ignore'); sys.stdout = None\n    return 1.0"
    )
    assert (np.geterr(), sys.stdout) == (before, out)


def test_many_warnings_make_few_notes() -> None:
    """The same warning is noted once, and different ones don't flood the reply."""
    reply = toys.ask_student("import warnings\ndef f():\n    for n in range(99): warnings.warn(str(n) + 'x' * 999)")
    assert len(reply.notes) == 3 and all(len(str(note.details["text"])) == 200 for note in reply.notes)


def test_a_hostile_warning_becomes_a_reply() -> None:
    """A warning whose text raises when it is read later doesn't escape."""
    reply = toys.ask_student(
        "import warnings\n"
        "class W(UserWarning):\n    def __str__(self): raise ValueError\n"
        "def f():\n    warnings.showwarning(W(), W, 'file', 1)\n    return 1.0"
    )
    assert reply.status in (Status.ANSWERED, Status.RAISED)


IMPOSTORS = {
    "equal to everything": "class A:\n    def __eq__(self, _): return True",
    "an array by conversion": "import numpy as np\nclass A:\n    def __array__(self, *_, **__): return np.ones(1)",
    "above NumPy's functions": (
        "import numpy as np\nclass A(np.lib.mixins.NDArrayOperatorsMixin):\n"
        "    def __array_ufunc__(self, *_, **__): return np.True_\n    def __array_function__(self, *_): return True"
    ),
    "in an array of objects": (
        "import numpy as np\nclass B:\n    def __eq__(self, _): return True\n"
        "def A():\n    return np.array([B()], dtype=object)"
    ),
}


@pytest.mark.parametrize("definition", IMPOSTORS.values(), ids=IMPOSTORS)
def test_impostors_are_refused(definition: str) -> None:
    """Objects that pretend to be right never reach a comparison."""
    assert isinstance(toys.ask_student(f"{definition}\ndef f():\n    return A()").value, Refused)


ENDS = (Status.TIMED_OUT, Status.DIED)

notes = st.one_of(
    st.builds(lambda at: Note(NoteCode.CHANGED_IN_PLACE, {"argument": at}), st.integers(0, 9)),
    st.builds(lambda text: Note(NoteCode.WARNED, {"text": text}), st.text(max_size=9)),
    st.builds(lambda line: Note(NoteCode.SKIPPED, {"line": line}), st.text(max_size=9)),
)
replies = st.builds(
    Reply,
    st.sampled_from([status for status in Status if status not in ENDS]),
    toys.values(),
    *[st.text(max_size=9)] * 2,
    st.integers(0, 99),
    *[st.text(max_size=9)] * 5,
    st.lists(notes, max_size=3).map(tuple),
    st.text(max_size=9),
)


@given(replies)
def test_replies_cross_the_wire(reply: Reply) -> None:
    """A reply arrives as it was sent."""
    there = Reply.from_message(decode(encode(reply.to_message())))
    assert identical(there.to_message(), reply.to_message()) and there.notes == reply.notes


@given(replies, st.sampled_from(sorted(Reply.__dataclass_fields__)), toys.values(), toys.values())
def test_a_forged_message_is_a_reply_or_refused(reply: Reply, field: str, forged: Value, junk: Value) -> None:
    """Whatever an untrusted process sends in place of a reply raises ValueError, or is one in every field."""
    message = reply.to_message()
    assert isinstance(message, dict)
    short = {name: part for name, part in message.items() if name != field}
    for untrusted in ({**message, field: forged}, junk, short, {**message, "more": 1}):
        try:
            there = Reply.from_message(untrusted)
        except ValueError:
            continue
        texts = (there.error, there.message, there.source, there.function, there.cell, there.package, there.used)
        assert isinstance(there.status, Status) and all(type(text) is str for text in (*texts, there.printed))
        assert type(there.line) is int and is_plain([dict(note.details) for note in there.notes])
        assert (there.end, there.cause) == ({}, None)


FORGED_NOTES: list[Value] = [
    ["a list"],
    ("a text",),
    ({"code": "warned"},),
    ({"code": "warned", "text": 1},),
    ({"code": "warned", "text": "x", "more": "y"},),
    ({"code": "changed_in_place", "argument": True},),
    ({"code": "changed_in_place", "argument": np.ones(3)},),
    ({"code": "calls_wrong", "functions": ["sigmoid"]},),
    ({"code": np.ones(3), "text": "x"},),
    ({"code": "warned", "text": "x"},) * 21,
]


@pytest.mark.parametrize("notes", FORGED_NOTES, ids=str)
def test_a_worker_sends_no_other_notes(notes: Value) -> None:
    """Only the codes of a call or a cell, each with its one detail of the right type; whatever else is no reply."""
    with pytest.raises(ValueError, match="note"):
        Reply.from_message({"status": "answered", "value": None, "notes": notes})


@pytest.mark.parametrize("status", ENDS)
def test_how_a_process_ended_isnt_for_it_to_say(status: Status) -> None:
    """The examiner's own words on a time-out are told of hidden properties, too: nobody else may choose them."""
    with pytest.raises(ValueError, match="its own end"):
        Reply.from_message(Reply(status, message="what a hidden input was").to_message())


def test_a_forged_message_is_cut_to_size() -> None:
    """Long texts are cut by the reader, who can't rely on the writer."""
    long = "x" * 10_000
    note = Note(NoteCode.WARNED, {"text": long})
    sent = Reply(Status.RAISED, None, long, long, 1, long, long, long, long, long, (note,), long)
    there = Reply.from_message(sent.to_message())
    texts = (there.error, there.message, there.source, there.function, there.cell, there.package, there.used)
    assert {*map(len, (*texts, there.printed))} == {MAX_PRINTED}
    assert len(str(there.notes[0].details["text"])) == MAX_NOTED


def test_a_syntax_error_names_the_line() -> None:
    """An error that Python finds before anything runs has a place, too."""
    with pytest.raises(SyntaxError) as caught:
        compile("x = 1\ny = = 2\n", "<cell 1>", "exec")
    found = describe_error(caught.value, {})
    assert (found.line, found.source, found.cell) == (2, "y = = 2", "cell 1")
