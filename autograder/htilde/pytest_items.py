"""A submission as pytest sees it: a file collects exercises, an exercise collects properties, a property is an item.

A file is examined once, when the first of its items runs, in the worker; properties that pytest deselected aren't
asked. The result of an item goes into its report: the diagnosis as the failure, notes and prints as sections, points
as properties of the JUnit file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import pytest

from htilde.characters import clean
from htilde.errors import KitError
from htilde.examination.finding import find_submission
from htilde.examination.paper import Paper, Question
from htilde.language import _, speaking
from htilde.model import Examination, ExerciseResult, Verdict, Visibility
from htilde.self_study.checking import check_file, hidden_paper
from htilde.submissions.reading import read_submission
from htilde.telling.messages import reason
from htilde.telling.notes import note_message
from htilde.telling.outline import mistake_names, total
from htilde.telling.text import note_text, verdict_text
from htilde.version import __version__

__all__ = ["ExerciseCollector", "PropertyFailed", "PropertyItem", "SubmissionFile", "summary"]


class PropertyFailed(Exception):
    """A property of a submission doesn't hold; ``str`` is the diagnosis, ``reason`` a few words."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict_text(verdict))
        self.reason = clean(": ".join(filter(None, (reason(verdict), mistake_names(verdict)))))


class SubmissionFile(pytest.File):
    """A notebook or percent-format ``.py``: the exercises of its paper."""

    papers: Sequence[Paper] = ()
    _outcome: Examination | KitError | None = None
    _remarked = False

    def collect(self) -> Iterator[ExerciseCollector]:
        """Yield the exercises. Raises CollectError for a file that can't be read or has no paper."""
        hidden = bool(self.config.getoption("htilde_hidden"))
        try:
            found = find_submission(self.path, Path())
            file, paper = found.file, found.paper
            with speaking(paper.language):
                read_submission(file, [exercise.name for exercise in paper.exercises])
                self.papers = (paper, *([hidden_paper(file, paper.assignment, Path())] if hidden else []))
        except KitError as error:
            raise self.CollectError(clean(str(error))) from None
        for exercise in paper.exercises:
            parts = [(given.visibility, part) for given in self.papers if (part := given.exercise(exercise.name))]
            asked = [(visibility, question) for visibility, part in parts for question in part.questions]
            yield ExerciseCollector.from_parent(self, name=exercise.name, asked=asked)

    @cached_property
    def ids(self) -> str:
        """The ids of its papers as they are in whole, also where only some exercises are asked."""
        return ", ".join(paper.id for paper in self.papers)

    def result(self, exercise: str) -> ExerciseResult:
        """Return the result on an exercise. Raises KitError if the file couldn't be examined."""
        if self._outcome is None:
            self._outcome = self._examined()
        if isinstance(self._outcome, KitError):
            raise self._outcome
        return self._outcome[exercise]

    def _examined(self) -> Examination | KitError:
        items = (item for item in self.session.items if isinstance(item, PropertyItem) and item.file is self)
        chosen = dict.fromkeys(item.exercise.name for item in items)
        hidden = len(self.papers) > 1
        try:
            with speaking(self.papers[0].language):
                return check_file(self.path, Path(), exercises=[*chosen], hidden=hidden)
        except KitError as error:
            return error

    def remarks(self) -> Iterator[tuple[str, str]]:
        """Yield the notes on the file as a whole, at the first call only."""
        if isinstance(self._outcome, Examination) and not self._remarked:
            self._remarked = True
            yield from (("note", clean(note_message(note))) for note in self._outcome.notes)
            if self._outcome.unprotected:
                yield "unprotected", clean(self._outcome.unprotected)


class ExerciseCollector(pytest.Collector):
    """An exercise: its properties, the public ones first."""

    def __init__(self, *, asked: Sequence[tuple[Visibility, Question]], **given: Any) -> None:
        super().__init__(**given)
        self.asked = asked

    def collect(self) -> Iterator[PropertyItem]:
        """Yield the properties as the papers ask them."""
        public = {question.name for visibility, question in self.asked if visibility is Visibility.PUBLIC}
        for visibility, question in self.asked:
            twice = visibility is Visibility.HIDDEN and question.name in public
            name = f"{question.name}[hidden]" if twice else question.name
            yield PropertyItem.from_parent(self, name=name, visibility=visibility, question=question)


class PropertyItem(pytest.Item):
    """One property of one exercise."""

    def __init__(self, *, visibility: Visibility, question: Question, **given: Any) -> None:
        super().__init__(**given)
        self.visibility, self.question = visibility, question
        self.add_marker(visibility.value)
        self.add_marker(question.kind.value)

    @property
    def exercise(self) -> ExerciseCollector:
        return cast(ExerciseCollector, self.parent)

    @property
    def file(self) -> SubmissionFile:
        return cast(SubmissionFile, self.exercise.parent)

    def listchain(self) -> list[Any]:
        """Return the nodes to set up before it: no package, for that would run the folder's ``__init__.py`` here."""
        return [node for node in super().listchain() if not isinstance(node, pytest.Package)]

    def setup(self) -> None:
        """Examine the file, unless that was done; if it can't be examined, that is an error, not a failure."""
        try:
            self.file.result(self.exercise.name)
        except KitError as error:
            pytest.fail(clean(str(error)), pytrace=False)

    def runtest(self) -> None:
        """Report the verdict. Raises PropertyFailed if it isn't passed; skips a property that wasn't asked."""
        result, papers = self.file.result(self.exercise.name), self.file.papers
        asked = self.visibility, self.question.name
        verdict = next((one for one in result.verdicts if (one.visibility, one.name) == asked), None)
        if verdict is None:  # a workspace's hidden property
            with speaking(papers[0].language):
                pytest.skip(_("It is asked once the public properties of its exercise pass."))
        self.user_properties += [
            ("htilde", __version__),
            ("assignment", papers[0].assignment),
            ("exercise", result.name),
            ("visibility", verdict.visibility.value),
            ("kind", verdict.kind.value),
            ("points", result.share(verdict)),
            ("max_points", result.max_points / len(result.verdicts)),
            *(("misconception", name) for name in verdict.mistakes),
            ("papers", self.file.ids),
            ("language", papers[0].language),
        ]
        with speaking(papers[0].language):
            self.user_properties += self.file.remarks()
        if verdict.printed:
            self.add_report_section("call", "stdout", clean(verdict.printed))
        if verdict.notes:
            with speaking(papers[0].language):
                told = [clean(note_message(note)) for note in verdict.notes]
            self.add_report_section("call", "notes", "\n".join(told))
        if not verdict.passed:
            with speaking(papers[0].language):
                raise PropertyFailed(verdict)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the diagnosis as the failure's text; a traceback only for an error that isn't the student's."""
        error = excinfo.value
        if not isinstance(error, PropertyFailed):
            return super().repr_failure(excinfo, style)
        shown = excinfo.getrepr(style="value", chain=False)
        if shown.reprcrash is not None:  # the one line of pytest's summary
            shown.reprcrash.path, shown.reprcrash.lineno = str(self.path), 1
            shown.reprcrash.message = error.reason
        return shown

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return the file and the name for headlines."""
        return self.path, None, f"{self.exercise.name}::{self.name}"


def summary(asked: Iterable[tuple[str, Iterable[tuple[str, Any]]]]) -> Iterator[str]:
    """Yield lines about submissions, from the node ids and properties of their items."""
    files: dict[str, list[tuple[str, Any]]] = {}
    for nodeid, properties in asked:
        files.setdefault(nodeid.partition("::")[0], []).extend(properties)
    for file, properties in files.items():
        told: dict[str, list[Any]] = {}
        for name, value in properties:
            told.setdefault(name, []).append(value)
        earned, most = (round(sum(told[what]), 2) for what in ("points", "max_points"))
        with speaking(told["language"][0]):
            yield total(clean(file), earned, most, hidden_remain=Visibility.HIDDEN not in told["visibility"])
            yield from map(note_text, dict.fromkeys(told.get("note", ())))
            for reason in dict.fromkeys(told.get("unprotected", ())):
                yield note_text(f"this ran without protection ({reason})")
