"""Say how much a test tries: a sample by ``make test``, everything by ``make check-deep`` (HTILDE_DEEP=1)."""

from __future__ import annotations

import os

__all__ = ["DEEP", "tries"]

DEEP = os.environ.get("HTILDE_DEEP", "0") not in ("", "0")


def tries(sample: int, deep: int) -> int:
    """Return ``sample``, or ``deep`` in a deep run."""
    return deep if DEEP else sample
