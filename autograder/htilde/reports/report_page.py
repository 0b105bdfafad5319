"""The report as a page that loads nothing, as tables for spreadsheets, and as JSON for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from htilde.characters import cell, clean, points
from htilde.reports import charts
from htilde.reports.causes import RULE, Cause, outcome
from htilde.reports.report import HELP, ExerciseReport, Member, Report, bins, summary
from htilde.telling.messages import reason
from htilde.version import __version__

__all__ = ["MARK", "POLICY", "as_html", "as_json", "as_tables"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What the page may do: be styled."""
MARK = "<!DOCTYPE html>\n<!-- A report of htilde. -->\n"
"""How the page begins."""
FIRST = 8
"""Mistakes that are shown at once."""
FEW = 12
"""Names that are shown at once."""


def as_html(report: Report) -> str:
    """Return the page. All that isn't a picture of ``charts`` is escaped, and cleaned of what can't be seen."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda thing: clean(thing) if type(thing) is str else thing,
        trim_blocks=False,
    )
    environment.filters |= {"points": points, "time": lambda at: at[:16].replace("T", " ")}
    causes = [_with_bar(cause, report) for cause in report.causes]
    return environment.get_template("report.html.j2").render(
        report=report,
        version=__version__,
        policy=POLICY,
        patterns=Markup(charts.PATTERNS),
        rule=RULE,
        few=FEW,
        headline=list(_headline(report)),
        distributions=list(_distributions(report)),
        first=causes[:FIRST],
        others=causes[FIRST:],
        examined=max((exercise.answers for exercise in report.exercises), default=0),
        key=[(name, Markup(charts.bar([(fill, 1.0)]))) for fill, name in _KEY.items()],
        rows=[_row(exercise) for exercise in report.exercises],
        help=[
            {"name": name, "about": HELP[name], "members": [(m.name, _why(name, m)) for m in members]}
            for name, members in report.help.items()
            if members
        ],
    )


_KEY = {"full": "all points", "part": "a part", "nothing": "nothing", "not begun": "not begun"}


def _headline(report: Report) -> Iterator[tuple[str, str]]:
    statuses = [member.status for member in report.members]
    yield "students", str(len(statuses))
    yield "handed in", str(sum(status != "not submitted" for status in statuses))
    yield "with points", str(len(report.points))
    median = summary(report.points)["median"]
    yield "median", "–" if median is None else f"{points(median)} of {points(report.max_points)}"
    yield "all points", str(sum(found >= report.max_points for found in report.points))


# Of a few complete grades only those that needed no reading are there, which says nothing about the class.
def _distributions(report: Report) -> Iterator[dict[str, Any]]:
    """Return histograms of the points for exercises, and of the whole grades where these differ."""
    if report.points:
        yield _distribution("Points for the exercises", report.points, report.max_points)
    if report.grades != report.points and 2 * len(report.grades) >= len(report.points) > 0:
        yield _distribution("Whole grades, written answers included, less lateness", report.grades, report.max_grade)


def _distribution(what: str, numbers: Sequence[float], most: float) -> dict[str, Any]:
    found = bins(numbers, most)
    about = summary(numbers)
    counts = "; ".join(f"from {points(low)} to {points(high)}: {count}" for low, high, count in found if count)
    caption = f"{what}, of {points(most)} ({len(numbers)} student{'s' * (len(numbers) != 1)})."
    svg = charts.histogram(found, median=about["median"], label=f"{caption} {counts}.")
    return {"caption": caption, "svg": Markup(svg), "about": about, "bins": found}


def _with_bar(cause: Cause, report: Report) -> dict[str, Any]:
    most = max((each.lost for each in report.causes), default=0.0)
    svg = charts.bar([("full", cause.lost / most if most else 0.0)])
    return {
        "exercise": cause.exercise,
        "words": cause.words,
        "hints": cause.hints_in_words,
        "lost": cause.lost,
        "students": cause.students,
        "svg": Markup(svg),
    }


def _row(exercise: ExerciseReport) -> dict[str, Any]:
    counts = (exercise.full, exercise.part, exercise.nothing, exercise.not_begun)
    words = ", ".join(f"{name} {count}" for name, count in zip(_KEY.values(), counts))
    shares = [(fill, count / exercise.answers if exercise.answers else 0.0) for fill, count in zip(_KEY, counts)]
    worst = min((one.passed / one.asked for one in exercise.properties), default=0.0)
    return {
        "exercise": exercise,
        "svg": Markup(charts.bar(shares, label=f"{exercise.name}: {words}.")),
        "summary": f"{len(exercise.properties)} properties, the hardest passed by {worst:.0%}",
        "properties": [
            {
                "about": one,
                "share": f"{one.passed / one.asked:.0%}",
                "svg": Markup(charts.bar([("full", one.passed / one.asked)])),
            }
            for one in exercise.properties
        ],
    }


def _why(group: str, member: Member) -> str:
    """Return why a student is in one of the groups of those who need help."""
    if group == "late" and member.score is not None:
        off = f"; {points(member.score.penalty)} points off" if member.score.penalty else ""
        return f"{_time(member.score.late_seconds)} late{off}"
    if group == "half not begun":
        return f"{sum(outcome(a) != 'not_begun' for a in member.exercises)} of {len(member.exercises)} begun"
    if group == "no points":
        failed = {reason(one) for each in member.exercises for one in each.verdicts if not one.passed}
        return next(iter(failed)) if len(failed) == 1 else ""
    return member.message if group == member.status else ""


def _time(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{max(minutes, 1)} min"
    return f"{minutes / 60:.0f} h" if minutes < 72 * 60 else f"{minutes / 60 / 24:.0f} days"


def as_json(report: Report) -> dict[str, Any]:
    """Return the report in the documented form (docs/json.md)."""
    return {
        "assignment": report.assignment,
        "at": report.at,
        "anonymous": report.anonymous,
        "notes": list(report.notes),
        "points": _numbers(report.points, report.max_points),
        "grades": _numbers(report.grades, report.max_grade),
        "exercises": [asdict(exercise) for exercise in report.exercises],
        "reteach": [_cause(cause) for cause in report.causes],
        "left_out": report.left_out,
        "help": {name: [member.name for member in members] for name, members in report.help.items()},
        "waiting": report.waiting,
        "students": [_student(member) for member in report.members],
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "exercise": cause.exercise,
        "misconceptions": list(cause.mistakes),
        "code": cause.code and cause.code.value,
        "details": {key: clean(str(detail)) for key, detail in cause.details.items()},
        "reason": clean(cause.reason),
        "hints": list(cause.hints_in_words),
        "students": list(cause.students),
        "lost": cause.lost,
    }


def _numbers(numbers: Sequence[float], most: float) -> dict[str, Any]:
    keys = ("from", "to", "students")
    return {
        "max": most,
        "students": len(numbers),
        **summary(numbers),
        "bins": [dict(zip(keys, each)) for each in bins(numbers, most)],
    }


def _student(member: Member) -> dict[str, Any]:
    score = member.score
    return {
        "student": clean(member.name),
        "status": member.status,
        "message": clean(member.message),
        "points": member.points,
        "grade": score and score.grade,
        "late_seconds": score.late_seconds if score else 0.0,
        "penalty": score.penalty if score else 0.0,
        "waiting": list(score.waiting) if score else [],
        "exercises": {each.name: each.points for each in member.exercises},
    }


def as_tables(report: Report) -> dict[str, str]:
    """Return the report as CSV, by name: one table of students, one of properties, one of mistakes."""
    exercises = [exercise.name for exercise in report.exercises]
    plain = [_student(member) for member in report.members]
    students = [
        [
            *(one[key] for key in ("student", "status", "points", "grade", "late_seconds")),
            *(one["exercises"].get(name) for name in exercises),
            one["message"],
        ]
        for one in plain
    ]
    return {
        "students": _csv(["student", "status", "points", "grade", "late_seconds", *exercises, "message"], students),
        "properties": _csv(
            ["exercise", "property", "visibility", "kind", "claim", "passed", "asked"],
            [
                [exercise.name, one.name, one.visibility, one.kind, one.claim, one.passed, one.asked]
                for exercise in report.exercises
                for one in exercise.properties
            ],
        ),
        "mistakes": _csv(
            ["exercise", "mistake", "hint", "students", "points_lost", "who"],
            [
                [c.exercise, c.words, " ".join(c.hints_in_words), len(c.students), points(c.lost), " ".join(c.students)]
                for c in report.causes
            ],
        ),
    }


def _csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Write rows as CSV: text made harmless, numbers as they are, None as an empty cell."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([_cell(thing) for thing in row] for row in rows)
    return file.getvalue()


def _cell(thing: object) -> str:
    if thing is None:
        return ""
    return points(thing) if isinstance(thing, float) else cell(clean(str(thing)))
