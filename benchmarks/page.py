"""The part of ``README.md`` that each benchmark writes: what stands between two marks."""

from __future__ import annotations

from pathlib import Path

__all__ = ["PAGE", "put"]

PAGE = Path(__file__).resolve().parent / "README.md"


def put(script: str, text: str) -> None:
    """Replace the part of the page that is marked with the script's name."""
    begin, end = f"<!-- begin: {script} -->\n", "<!-- end -->"
    head, found, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        raise SystemExit(f"{PAGE}: no part begins with '{begin.strip()}' and ends with '{end}'")
    PAGE.write_text(head + begin + text + end + tail, encoding="utf-8")
