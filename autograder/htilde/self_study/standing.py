"""Find out how a learner's exercises stand from the files as they are: public properties first, then hidden ones."""

from __future__ import annotations

import difflib
import functools
import os
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from htilde.diagnosis.completion import examine
from htilde.errors import KitError, SubmissionError, UsageError
from htilde.examination.paper import Paper, read_paper
from htilde.examination.stored import checksum_in
from htilde.files import engine, fingerprint
from htilde.isolation.session import Session
from htilde.language import _
from htilde.model import Examination, ExerciseResult, Limits
from htilde.self_study.progress import changing, read_progress
from htilde.self_study.study import Study, read_study
from htilde.self_study.workspace import Workspace
from htilde.submissions.definitions import definition_text
from htilde.submissions.names import renamed
from htilde.submissions.reading import read_submission
from htilde.submissions.steps import Ask, Submission

__all__ = [
    "Standing",
    "Standings",
    "State",
    "examine_own",
    "exercise_named",
    "papers",
    "read_own",
    "remember",
    "standings",
    "state",
]


class _Unknown(Exception):
    """It would have to be examined."""


class State(StrEnum):
    """The state of an exercise."""

    TODO = "to do"
    STARTED = "started"
    PUBLIC = "public"
    """Every public property passes, a hidden one doesn't."""
    PASSED = "passed"
    UNKNOWN = "unknown"
    """It hasn't been examined yet, or can't be."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An exercise and its state. ``given_up``: its solution was asked for before it passed."""

    assignment: str
    exercise: str
    state: State
    given_up: bool = False

    @property
    def passed(self) -> bool:
        return self.state is State.PASSED


@dataclass(frozen=True)
class Standings:
    """All exercises of a workspace in order, and for each file that couldn't be examined the reason."""

    all: tuple[Standing, ...]
    troubles: Mapping[str, KitError]

    @property
    def passed(self) -> int:
        return sum(standing.passed for standing in self.all)

    def but(self, assignment: str, states: Mapping[str, State], trouble: KitError | None = None) -> Standings:
        """Return the same with new states, or an error, for one assignment."""
        found = (
            replace(one, state=states.get(one.exercise, one.state)) if one.assignment == assignment else one
            for one in self.all
        )
        others = {name: error for name, error in self.troubles.items() if name != assignment}
        return Standings(tuple(found), others | ({} if trouble is None else {assignment: trouble}))

    def of(self, assignment: str) -> tuple[Standing, ...]:
        """Return those of one assignment."""
        return tuple(standing for standing in self.all if standing.assignment == assignment)

    def next(self, after: tuple[str, str] | None = None) -> Standing | None:
        """Return the first unfinished exercise, or the first one after ``after`` (an assignment and its exercise)."""
        names = [(standing.assignment, standing.exercise) for standing in self.all]
        at = names.index(after) + 1 if after in names else 0
        return next((standing for standing in (*self.all[at:], *self.all[:at]) if not standing.passed), None)


def exercise_named(workspace: Workspace, name: str) -> tuple[str, str]:
    """Return the assignment and the exercise that ``exercise`` or ``assignment/exercise`` names. Raises UsageError."""
    of, _slash, exercise = name.rpartition("/")
    found = [a for a, names in workspace.exercises.items() if exercise in names and of in ("", a)]
    if len(found) == 1:
        return found[0], exercise
    known = [exercise for names in workspace.exercises.values() for exercise in names]
    if found:
        message = _("{exercise} is an exercise of more than one assignment.").format(exercise=exercise)
        raise UsageError(message, next_step=" | ".join(f"{a}/{exercise}" for a in found))
    message = _("There is no exercise {exercise!r} here.").format(exercise=name)
    close = difflib.get_close_matches(exercise, known, 3)
    if close:
        raise UsageError(message, next_step=_("Did you mean {names}?").format(names=", ".join(close)))
    raise UsageError(message, next_step=_("'htilde list' shows all exercises."))


def papers(workspace: Workspace, assignment: str) -> tuple[Paper, Study]:
    """Return the public paper and the study of an assignment, from memory as long as the files are the same."""
    public, sealed = workspace.public_paper(assignment), workspace.study_file(assignment)
    return _loaded(public, sealed, checksum_in(public), checksum_in(sealed))


@functools.lru_cache(maxsize=32)
def _loaded(public: Path, sealed: Path, *_: str) -> tuple[Paper, Study]:
    return read_paper(public), read_study(sealed)


def read_own(workspace: Workspace, assignment: str) -> Submission:
    """Read the learner's file as it is now. Raises SubmissionError."""
    file = workspace.file(assignment)
    if not os.path.lexists(file):
        step = _("Run 'htilde start' to get a fresh one.")
        if others := renamed([beside.name for beside in file.parent.glob("*")], assignment):
            step = _("Your work may be in {names}: rename it to {file}.").format(
                names=", ".join(others), file=file.name
            )
        raise SubmissionError(_("{path}: there is no such file.").format(path=file), next_step=step)
    return read_submission(file, workspace.exercises[assignment])


def examine_own(
    workspace: Workspace,
    assignment: str,
    submission: Submission,
    exercises: Collection[str] = (),
    *,
    session: Session | None = None,
) -> Examination:
    """Ask the public properties of all exercises, or of some, and the hidden ones of those whose public ones pass."""
    public, study = papers(workspace, assignment)
    names = exercises or [exercise.name for exercise in public.exercises]
    asked = [public.only(*names), study.hidden.only(*names)]
    return examine(submission, asked, Limits(), allow_unprotected=True, in_turn=True, session=session)


def state(result: ExerciseResult, submission: Submission, study: Study) -> State:
    """Return the state of an exercise that was examined."""
    if result.passed:
        return State.PASSED
    if result.public.passed:
        return State.PUBLIC
    own, stub = submission.source_of(result.name), study.lesson(result.name).stub
    began = definition_text(own, result.name).split() not in ([], definition_text(stub, result.name).split())
    return State.STARTED if began else State.TODO


def remember(workspace: Workspace, assignment: str, submission: Submission, states: Mapping[str, State]) -> None:
    """Keep how the exercises of one file stand, until it changes; where nothing can be written, it isn't kept."""
    with suppress(OSError), changing(workspace) as progress:
        progress.seen[assignment] = _key(workspace, assignment, submission), {e: str(s) for e, s in states.items()}


def standings(workspace: Workspace, on_examine: Callable[[str], object] | None = None) -> Standings:
    """Return the states of all exercises. A file that hasn't changed since it was last examined isn't examined again.

    ``on_examine`` is called with the name of each assignment that is examined. Without it none is, and unknown states
    stay unknown.
    """
    progress = read_progress(workspace)
    found, troubles = [], dict[str, KitError]()
    for assignment, exercises in workspace.exercises.items():
        try:
            submission = read_own(workspace, assignment)
            states = _seen(workspace, assignment, submission)
            if states is None:
                if on_examine is None:
                    raise _Unknown
                on_examine(assignment)
                examination = examine_own(workspace, assignment, submission)
                _public, study = papers(workspace, assignment)
                states = {result.name: state(result, submission, study) for result in examination.exercises}
                remember(workspace, assignment, submission, states)
        except _Unknown:
            states = {}
        except KitError as error:
            troubles[assignment], states = error, {}
        for exercise in exercises:
            given_up = f"{assignment}/{exercise}" in progress.given_up
            found.append(Standing(assignment, exercise, states.get(exercise, State.UNKNOWN), given_up))
    return Standings(tuple(found), troubles)


def _seen(workspace: Workspace, assignment: str, submission: Submission) -> dict[str, State] | None:
    """Return the states of the exercises when this very file was examined, if it was."""
    key, states = read_progress(workspace).seen.get(assignment, ("", {}))
    if key != _key(workspace, assignment, submission) or {*states} != {*workspace.exercises[assignment]}:
        return None
    known = set(map(str, State))
    return {exercise: State(s) for exercise, s in states.items()} if {*states.values()} <= known else None


def _key(workspace: Workspace, assignment: str, submission: Submission) -> str:
    """Return the fingerprint of all that an exercise's state depends on: the engine, the papers and the file's code."""
    papers = [checksum_in(workspace.public_paper(assignment)), checksum_in(workspace.study_file(assignment))]
    steps = [step.exercise if isinstance(step, Ask) else [step.label, step.source] for step in submission.steps]
    return fingerprint(engine(), papers, steps)
