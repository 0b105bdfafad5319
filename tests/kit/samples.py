"""List, for every code, the details that it can have and the sentences that they make in English."""

from __future__ import annotations

from htilde.codes import Code, Details, GpuCode, NoteCode
from htilde.model import Kind, Places, Verdict, Visibility

CALL = "mul(dh, h_tilde)"
LINE: Details = {"line": 3, "source": "return dh @ h_tilde", "function": "mul", "cell": "cell 7"}
WRONG: Details = {"got": 9.0, "expected": 0.0, "index": [1, 0], "count": 3, "size": 4}
ARRAY: Details = {"type": "array", "shape": [3, 2], "dtype": "float64"}
RENAMED = "There is no function mul. There is mull: was it renamed? Define one with exactly this name: def {call}:"
LETTERS = (
    "There is no function mul. m\u057dl has other letters, even if they look the same: type the name anew, def {call}:"
)
CLOSE = (
    " This is close, but farther off than rounding explains. Ways to such an answer are float32 on the way, a "
    "limit such as np.clip, a constant that is rounded or added, or a numerical derivative."
)
OWN = "Asked the same question twice, the function gave two different answers. "
RANDOM = (
    "Asked the same question twice, with generators in the same state, the function gave two different answers. "
    "Draw every number from the generator that is passed in; np.random has one of its own."
)

PUBLIC: list[tuple[Code, Details, str]] = [
    (Code.PASSED, {}, ""),
    (
        Code.NOT_IMPLEMENTED,
        {},
        "Not implemented yet: replace the line that raises NotImplementedError with your answer.",
    ),
    (
        Code.WAITS_FOR,
        {"function": "sigmoid"},
        "It calls sigmoid, which isn't implemented yet. Finish that one first.",
    ),
    (
        Code.NO_FUNCTION,
        {"call": CALL, "similar": ""},
        f"There is no function mul. Define one with exactly this name: def {CALL}:",
    ),
    (Code.NO_FUNCTION, {"call": CALL, "similar": "mull"}, RENAMED.format(call=CALL)),
    (Code.NO_FUNCTION, {"call": CALL, "similar": "m\u057dl"}, LETTERS.format(call=CALL)),
    (
        Code.NOT_CALLABLE,
        {"call": CALL, "type": "list"},
        f"mul is of type list, not a function. Define it with: def {CALL}:",
    ),
    (
        Code.CELL_FAILED,
        {"error": "NameError", "message": "no x", **LINE},
        "Its cell failed with NameError: no x in line 3: return dh @ h_tilde. So there is no function mul.",
    ),
    (
        Code.CELL_FAILED,
        {"error": "KeyboardInterrupt", "message": ""},
        "Its cell failed with KeyboardInterrupt. So there is no function mul.",
    ),
    (
        Code.CELL_TIMED_OUT,
        {"limit": "cell", "seconds": 10.0},
        "Its cell was stopped: it took longer than 10 s. So there is no function mul.",
    ),
    (
        Code.CELL_DIED,
        {"end": "exited"},
        "Its cell was stopped: the process ended itself. So there is no function mul.",
    ),
    (
        Code.RAISED,
        {"error": "ValueError", "message": "array is too big.", "call": CALL, **LINE},
        "It raised ValueError: array is too big. In line 3: return dh @ h_tilde",
    ),
    (
        Code.RAISED,
        {"error": "TypeError", "message": "too many", "call": CALL},
        f"It raised TypeError: too many. It is called as {CALL}.",
    ),
    (
        Code.NEEDS_PACKAGE,
        {"package": "torch", "used": "torch.exp", "by": "call"},
        "torch isn't there while grading, so torch.exp can't be used. Write it in NumPy.",
    ),
    (
        Code.NEEDS_PACKAGE,
        {"package": "torch", "used": "torch.exp", "by": "cell"},
        "torch isn't there while grading, so torch.exp can't be used. Write it in NumPy. So there is no function mul.",
    ),
    (
        Code.WAITS_FOR_INPUT,
        LINE,
        "It waits for the keyboard (input). A function gets all it needs through its arguments.",
    ),
    (
        Code.TIMED_OUT,
        {"limit": "call", "seconds": 5.0},
        "No answer within 5 s. Is there a loop that never ends?",
    ),
    (
        Code.TIMED_OUT,
        {"limit": "exercise", "seconds": 0.25},
        "No answer within 0.25 s in all. Is there a loop that never ends?",
    ),
    (
        Code.TIMED_OUT,
        {"limit": "submission", "seconds": 120.0},
        "No answer within 120 s for the whole notebook. Is there a loop that never ends?",
    ),
    (
        Code.TIMED_OUT,
        {"limit": "interrupt"},
        "No answer within the time you gave it. Is there a loop that never ends?",
    ),
    (
        Code.PROCESS_LOST,
        {"end": "signal", "signal": 6},
        "The process was lost while mul ran: the process was ended by signal 6, Aborted.",
    ),
    (
        Code.PROCESS_LOST,
        {"end": "closed_pipe"},
        "The process was lost while mul ran: it closed the pipe of its answers.",
    ),
    (
        Code.PROCESS_LOST,
        {"end": "not_an_answer"},
        "The process was lost while mul ran: it sent something that isn't an answer.",
    ),
    (Code.RETURNED_NOTHING, {}, "The function returned nothing. Is a return missing?"),
    (
        Code.WRONG_STRUCTURE,
        {"got": {"type": "tuple", "count": 2}, "expected": ARRAY},
        "It returned a tuple of 2 values; expected an array of shape (3, 2) of dtype float64.",
    ),
    (
        Code.WRONG_STRUCTURE,
        {"got": {"type": "other", "name": "a generator"}, "expected": {"type": "values", "count": 2}},
        "It returned a generator; expected 2 values.",
    ),
    (
        Code.WRONG_STRUCTURE,
        {"got": {"type": "dict", "keys": ["a"], "count": 1}, "expected": {"type": "text", "text": "b"}},
        "It returned a dict with the keys a; expected 'b'.",
    ),
    (Code.WRONG_SHAPE, {"got": [3], "expected": [3, 2]}, "Its shape is (3,); expected (3, 2)."),
    (
        Code.WRONG_DTYPE,
        {"got": "float32", "expected": "float64", "loses": "precision"},
        "It is float32 and has lost precision; expected float64.",
    ),
    (
        Code.WRONG_DTYPE,
        {"got": "int64", "expected": "float64", "loses": "fraction"},
        "Its dtype is int64; expected float64. It holds whole numbers only, and the right answer has others.",
    ),
    (
        Code.WRONG_DTYPE,
        {"got": "bool", "expected": "float64", "loses": "kind"},
        "Its dtype is bool; expected float64. "
        "Truth values aren't numbers: np.where(condition, 1.0, 0.0) makes numbers of them.",
    ),
    (
        Code.WRONG_DTYPE,
        {"got": "float64", "expected": "bool", "loses": "kind"},
        "Its dtype is float64; expected bool.",
    ),
    (
        Code.NOT_FINITE,
        {"got": "nan", "expected": 0.5, "index": [0]},
        "The result is NaN (not a number) where 0.5 is right.",
    ),
    (
        Code.NOT_FINITE,
        {"got": "-inf", "expected": 0.5, "index": [0]},
        "The result is infinite where 0.5 is right.",
    ),
    (
        Code.NOT_FINITE,
        {"got": {"real": "nan", "imag": 0.0}, "expected": {"real": 1.0, "imag": 2.0}, "index": []},
        "The result is NaN (not a number) where (1+2j) is right.",
    ),
    (
        Code.NOT_FINITE,
        {"got": "nan", "index": [0, 1], "count": 2, "size": 6},
        "The result is nan in 2 of 6 places.",
    ),
    (Code.WRONG_VALUES, WRONG, "3 of 4 entries are wrong: 9 at [1, 0] where 0 is right."),
    (
        Code.WRONG_VALUES,
        {"got": 0.3, "expected": 0.30000000000000004, "index": [], "count": 1, "size": 1},
        "The value is wrong: 0.29999999999999999 where 0.30000000000000004 is right.",
    ),
    (
        Code.WRONG_VALUES,
        {**WRONG, "where": "['dW'][1]"},
        "Value ['dW'][1] of the answer: 3 of 4 entries are wrong: 9 at [1, 0] where 0 is right.",
    ),
    (
        Code.WRONG_VALUES,
        {**WRONG, "where": "[0][1]", "part": "dW", "place": "2", "along": "layer"},
        "dW of layer 2: 3 of 4 entries are wrong: 9 at [1, 0] where 0 is right.",
    ),
    (
        Code.WRONG_VALUES,
        {**WRONG, "where": "[1]", "part": "dx", "beside": "layer"},
        "dx: 3 of 4 entries are wrong: 9 at [1, 0] where 0 is right. At every layer all is right.",
    ),
    (
        Code.WRONG_LAW,
        {"test": "rows", "different": 2, "count": 3},
        "Only 2 of its 3 rows are different.",
    ),
    (
        Code.WRONG_LAW,
        {"test": "columns", "different": 2, "count": 3},
        "Only 2 of its 3 columns are different.",
    ),
    (
        Code.WRONG_LAW,
        {"test": "mean", "got": 3.0, "expected": 1.0},
        "The mean of the entries is 3; 1 was expected.",
    ),
    (
        Code.WRONG_LAW,
        {"test": "std", "got": 1.37, "expected": 1.0, "examples": 2},
        "In 2 examples together, each in units of its standard deviation: "
        "The standard deviation of the entries is 1.37; 1 was expected.",
    ),
    (
        Code.WRONG_LAW,
        {"test": "std", "got": "inf", "expected": 1.0},
        "The standard deviation of the entries is inf; 1 was expected.",
    ),
    (
        Code.WRONG_LAW,
        {"test": "bound", "got": 2.0, "mean": 0.0, "expected": 1.0},
        "The entries reach 2 away from 0; 1 was expected.",
    ),
    (
        Code.WRONG_LAW,
        {"test": "uniform", "got": 0.25, "expected": 0.5, "below": 0.0},
        "The law isn't uniform: 25.0% of the entries lie below 0; 50.0% were expected.",
    ),
    (
        Code.WRONG_LAW,
        {"test": "normal", "got": 0.25, "expected": 0.5, "below": 0.0},
        "The law isn't normal: 25.0% of the entries lie below 0; 50.0% were expected.",
    ),
    (
        Code.WRONG_LAW,
        {"test": "far", "got": 0, "count": 1000, "expected": 2.7},
        "0 of 1000 entries lie more than three standard deviations from the mean; 2.7 were expected.",
    ),
    (
        Code.WRONG_LAW,
        {"test": "repeats", "different": 2, "count": 4},
        "Only 2 of its 4 entries are different, signs apart.",
    ),
    (
        Code.WRONG_LAW,
        {"test": "generators"},
        "From different generators it drew the same numbers. Draw from the one that is passed in, as it is.",
    ),
    (
        Code.WRONG_LAW,
        {"test": "neighbours_in_rows", "got": 0.5, "expected": 0.0},
        "Neighbours in a row depend on each other: their correlation is 0.5; 0 was expected.",
    ),
    (
        Code.WRONG_LAW,
        {"test": "neighbours_in_columns", "got": 0.5, "expected": 0.0},
        "Neighbours in a column depend on each other: their correlation is 0.5; 0 was expected.",
    ),
    (
        Code.WRONG_ORDER,
        {"got": ["dh", "dW"], "expected": ["dW", "dh"]},
        "These are the right values in another order: dh, dW. Asked is dW, dh.",
    ),
    (Code.CLOSE, WRONG, f"3 of 4 entries are wrong: 9 at [1, 0] where 0 is right.{CLOSE}"),
    (Code.WAVERS, {"random": False}, f"{OWN}It should depend on nothing but its arguments."),
    (Code.WAVERS, {"random": True}, RANDOM),
    (
        Code.CHANGED_ARGUMENT,
        {"argument": "grads"},
        "What it returns is right, but grads was changed, and has to stay as it is. "
        "Make new arrays: a = a * b, not a *= b or a[...] = b.",
    ),
    (
        Code.STRICT,
        {"note": "whole_numbers", "about": {"got": "int64", "expected": "float64"}},
        "The result is right, but this course takes it for a mistake: "
        "int64 where float64 is meant; all that is right here is whole.",
    ),
    (
        Code.STRICT,
        {"note": "changed_in_place", "about": {"argument": 1}},
        "The result is right, but this course takes it for a mistake: argument 1 was changed in place.",
    ),
]
"""Every code of a public property with details of every form, and its message."""

HIDDEN: list[tuple[Code, Details, str]] = [
    (Code.PASSED, {}, ""),
    (Code.NO_FUNCTION, {"call": CALL}, f"There is no function mul. Define one with exactly this name: def {CALL}:"),
    (
        Code.RAISED,
        {},
        "It raised an exception for some inputs. "
        "Try other inputs: a single number, no rows at all, values that are very large or very small.",
    ),
    (
        Code.RAISED,
        {"error": "IndexError"},
        "It raised IndexError for some inputs. "
        "Try other inputs: a single number, no rows at all, values that are very large or very small.",
    ),
    (Code.TIMED_OUT, {}, "No answer in time for some inputs. Is there a loop that never ends?"),
    (Code.PROCESS_LOST, {}, "The process was lost while mul ran."),
    (Code.WRONG_STRUCTURE, {}, "It returns something of another structure for some inputs."),
    (Code.WRONG_SHAPE, {}, "The result has the wrong shape for some inputs."),
    (Code.WRONG_DTYPE, {}, "The result has the wrong dtype for some inputs."),
    (Code.NOT_FINITE, {}, "The result is NaN or infinite for some inputs."),
    (Code.WRONG_VALUES, {}, "The result is wrong for some inputs."),
    (Code.WRONG_LAW, {}, "The entries don't follow the law that is asked for."),
    (Code.CLOSE, {}, f"The result is wrong for some inputs.{CLOSE}"),
    (Code.WAVERS, {"random": False}, f"{OWN}It should depend on nothing but its arguments."),
    (Code.WAVERS, {"random": True}, RANDOM),
    (
        Code.CHANGED_ARGUMENT,
        {},
        "What it returns is right, but for some inputs an argument that has to stay as it is was changed. "
        "Make new arrays: a = a * b, not a *= b or a[...] = b.",
    ),
    (Code.STRICT, {}, "The result is right, but for some inputs not in the form that this course asks for."),
]
"""Every code that a hidden property can have, with its message."""

NOTES: list[tuple[NoteCode, Details, str]] = [
    (NoteCode.CHANGED_IN_PLACE, {"argument": 2}, "argument 2 was changed in place"),
    (NoteCode.WARNED, {"text": "divide by zero"}, "NumPy warned: divide by zero"),
    (NoteCode.EXTRA_DIMENSIONS, {"got": [1, 3], "expected": [3]}, "shape (1, 3) where (3,) is meant"),
    (NoteCode.WIDER_DTYPE, {"got": "float64", "expected": "float32"}, "float64 where float32 came in"),
    (NoteCode.LIST, {"shape": [2, 3]}, "a list where an array of shape (2, 3) is meant"),
    (
        NoteCode.WHOLE_NUMBERS,
        {"got": "int64", "expected": "float64"},
        "int64 where float64 is meant; all that is right here is whole",
    ),
    (
        NoteCode.CALLS_WRONG,
        {"functions": ["f", "g"]},
        "it calls f, g, which isn't right yet: mend that first",
    ),
    (NoteCode.SKIPPED, {"line": "%time"}, "skipped %time"),
    (NoteCode.SKIPPED, {"cell": "cell 3", "line": "%time"}, "cell 3: skipped %time"),
    (
        NoteCode.CELL_RAISED,
        {"cell": "cell 3", "error": "NameError", "message": "no x", "line": 1, "source": "x"},
        "cell 3 raised NameError: no x in line 1: x; the rest of the notebook went on.",
    ),
    (
        NoteCode.CELL_RAISED,
        {"cell": "cell 3", "error": "KeyboardInterrupt", "message": ""},
        "cell 3 raised KeyboardInterrupt; the rest of the notebook went on.",
    ),
    (
        NoteCode.CELL_TIMED_OUT,
        {"cell": "cell 3", "limit": "cell", "seconds": 10.0},
        "cell 3 was stopped: it took longer than 10 s; the rest of the notebook went on without it.",
    ),
    (
        NoteCode.CELL_DIED,
        {"cell": "cell 3", "end": "exited"},
        "cell 3 was stopped: the process ended itself; the rest of the notebook went on without it.",
    ),
    (
        NoteCode.CELLS_REPEATED,
        {"exercise": "f", "count": 2},
        "there are 2 cells of f; the last one counts",
    ),
    (NoteCode.CELL_GONE, {"exercise": "f"}, "the cell of f is gone; its function is looked for in the others"),
    (NoteCode.CHECK_GONE, {"exercise": "f"}, "the check cell of f is gone; it is put back for grading"),
    (
        NoteCode.CHECK_CHANGED,
        {"exercise": "f"},
        "the check cell of f was changed; for grading it is as it was",
    ),
    (
        NoteCode.FILE_RENAMED,
        {"file": "toys (1).ipynb", "expected": "toys.ipynb"},
        "there is no toys.ipynb here, so toys (1).ipynb was checked; rename it to toys.ipynb",
    ),
    (
        NoteCode.COPIES_BESIDE,
        {"file": "toys.ipynb", "names": ["toys (1).py", "toys-Copy1.ipynb"]},
        "toys.ipynb was checked; the copies beside it were not: toys (1).py, toys-Copy1.ipynb",
    ),
    (NoteCode.MORE, {"count": 5}, "there are 5 more such notes"),
]
"""Every code of a note, with its sentence."""

ON_GPU: list[tuple[GpuCode, Details, str]] = [
    (GpuCode.RIGHT, {}, "Right, and it stays on the GPU."),
    (GpuCode.WRONG_ON_CPU, {}, "Not asked: it isn't right on the CPU yet."),
    (GpuCode.DRAWS_ON_CPU, {}, "Not asked: NumPy's random generators draw on the CPU."),
    (
        GpuCode.WRONG,
        {"code": "wrong_values", "details": dict(WRONG)},
        "Wrong on the GPU: 3 of 4 entries are wrong: 9 at [1, 0] where 0 is right.",
    ),
    (
        GpuCode.ENDED,
        {"code": "raised", "details": {"error": "ValueError", "message": "no", "call": CALL, **LINE}},
        "On the GPU it ends with ValueError: no. In line 3: return dh @ h_tilde",
    ),
    (
        GpuCode.ENDED,
        {"code": "timed_out", "details": {"limit": "call", "seconds": 0.3}},
        "On the GPU: No answer within 0.3 s. Is there a loop that never ends?",
    ),
    (
        GpuCode.LEFT,
        {"maker": "np.ones", "instead": "np.ones_like"},
        "Arrays on the GPU came in, and NumPy's own came out. np.ones makes an array on the CPU; "
        "np.ones_like makes one where its argument is.",
    ),
    (
        GpuCode.STAYS_BEHIND,
        {"line": 4, "source": "x = np.array(x)", "maker": "np.array", "instead": ""},
        "It stays on the CPU in line 4: x = np.array(x). np.array makes an array on the CPU.",
    ),
    (GpuCode.STAYS_BEHIND, {}, "It stays on the CPU in a place that isn't known."),
]
"""Every code of a row about a GPU, with its sentence."""

PLACES = Places("layer", True, ("dh_tilde", "dW"), ((False, True, None), (False, False, True)), (1, 1))


def verdict(code: Code = Code.WRONG_VALUES, details: Details = WRONG, **fields: object) -> Verdict:
    """Return a verdict on a property of ``mul``; a public one without ``fields``."""
    given: dict[str, object] = {
        "exercise": "mul",
        "name": "p",
        "claim": {"en": "It is so.", "ko": "그렇다."},
        "visibility": Visibility.PUBLIC,
        "kind": Kind.MAIN,
    }
    return Verdict(**{**given, **fields}, code=code, details=details)  # type: ignore[arg-type]
