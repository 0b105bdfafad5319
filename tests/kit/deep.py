"""How far to look: ``make test`` tries a sample, ``make check-deep`` everything (HTILDE_DEEP=1)."""

from __future__ import annotations

import os

__all__ = ["DEEP", "tries"]

DEEP = os.environ.get("HTILDE_DEEP", "0") not in ("", "0")


def tries(sample: int, deep: int) -> int:
    """How often to try: ``sample`` times, or in a deep run ``deep`` times."""
    return deep if DEEP else sample
