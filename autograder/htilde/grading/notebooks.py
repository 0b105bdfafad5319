# nbformat has types, but not everywhere.
# mypy: allow-untyped-calls
"""Write a notebook as nbformat does, faster."""

from __future__ import annotations

import json
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines, strip_transient

__all__ = ["write_notebook"]


def write_notebook(book: NotebookNode, path: Path) -> None:
    """Write a notebook of format 4, which is of no use any more afterwards: nbformat would copy it first."""
    plain = strip_transient(split_lines(book))
    text = json.dumps(plain, indent=1, sort_keys=True, separators=(",", ": "), ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")
