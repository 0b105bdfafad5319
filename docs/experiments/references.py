"""Load the course's reference solutions as functions, by running the masters' cells like a submission's."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

from htilde.authoring.master import read_master
from htilde.course import load_course
from htilde.isolation.calls import Status
from htilde.isolation.cells import new_namespace, run_cell
from htilde.submissions.steps import Run, steps

__all__ = ["references"]


def references(grading: Path) -> SimpleNamespace:
    """Return all exercises of the course of this ``grading.toml``, by name.

    Each assignment has a namespace of its own. Exits with a message if a cell fails.
    """
    course, found = load_course(grading), SimpleNamespace()
    for assignment in course.assignments:
        master = read_master(course.master(assignment.name), assignment.exercises, tuple(assignment.written))
        namespace = new_namespace()
        for step in steps(master.submission_cells(), assignment.exercises):
            if isinstance(step, Run):
                reply = run_cell(step.source, f"{assignment.name}, {step.label}", namespace)
                if reply.status is not Status.ANSWERED:
                    sys.exit(f"{master.path}, {step.label}: {reply.error} {reply.message}")
            else:
                setattr(found, step.exercise, namespace[step.exercise])
    return found
