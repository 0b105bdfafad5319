"""Sentences about notes, in the language that is spoken."""

from __future__ import annotations

from htilde.codes import Note, NoteCode
from htilde.language import _
from htilde.telling.phrases import error_text, missing_package, names, process_end, time_limit, where
from htilde.telling.wording import shape

__all__ = ["note_message"]

MAX_MESSAGE = 200
"""Characters of an exception's text in a note."""


def note_message(note: Note) -> str:
    """Return a remark in words."""
    details = note.details
    if note.code in (NoteCode.CELL_RAISED, NoteCode.CELL_TIMED_OUT, NoteCode.CELL_DIED):
        return _about_cell(note)
    if note.code is NoteCode.SKIPPED:
        text = _("skipped {line}").format(line=details["line"])
        return f"{details['cell']}: {text}" if "cell" in details else text
    if note.code is NoteCode.EXTRA_DIMENSIONS:
        got, expected = shape(details["got"]), shape(details["expected"])
        return _("shape {got} where {expected} is meant").format(got=got, expected=expected)
    if note.code is NoteCode.LIST:
        return _("a list where an array of shape {shape} is meant").format(shape=shape(details["shape"]))
    if note.code is NoteCode.CALLS_WRONG:
        text = _("it calls {functions}, which isn't right yet: mend that first")
        return text.format(functions=names(details["functions"]))
    if note.code is NoteCode.COPIES_BESIDE:
        text = _("{file} was checked; the copies beside it were not: {names}")
        return text.format(file=details["file"], names=names(details["names"]))
    return {
        NoteCode.CHANGED_IN_PLACE: _("argument {argument} was changed in place"),
        NoteCode.WARNED: _("NumPy warned: {text}"),
        NoteCode.WIDER_DTYPE: _("{got} where {expected} came in"),
        NoteCode.WHOLE_NUMBERS: _("{got} where {expected} is meant; all that is right here is whole"),
        NoteCode.CELLS_REPEATED: _("there are {count} cells of {exercise}; the last one counts"),
        NoteCode.CELL_GONE: _("the cell of {exercise} is gone; its function is looked for in the others"),
        NoteCode.CHECK_GONE: _("the check cell of {exercise} is gone; it is put back for grading"),
        NoteCode.CHECK_CHANGED: _("the check cell of {exercise} was changed; for grading it is as it was"),
        NoteCode.FILE_RENAMED: _("there is no {expected} here, so {file} was checked; rename it to {expected}"),
        NoteCode.MORE: _("there are {count} more such notes"),
    }[note.code].format_map(details)


def _about_cell(note: Note) -> str:
    """Return how a cell ended, and that the others ran all the same."""
    details, cell = note.details, note.details["cell"]
    if note.code is NoteCode.CELL_RAISED:
        if "package" in details:
            details = {**details, "message": missing_package(details)}
        error = error_text(details, MAX_MESSAGE)
        if "line" in details:
            text = _("{cell} raised {error} in {where}; the rest of the notebook went on.")
            return text.format(cell=cell, error=error, where=where(details))
        return _("{cell} raised {error}; the rest of the notebook went on.").format(cell=cell, error=error)
    if note.code is NoteCode.CELL_TIMED_OUT:
        text = _("{cell} was stopped: it took longer than {time}; the rest of the notebook went on without it.")
        return text.format(cell=cell, time=time_limit(details))
    text = _("{cell} was stopped: {why}; the rest of the notebook went on without it.")
    return text.format(cell=cell, why=process_end(details))
