"""Sentences about random answers: the test of a distribution that an answer fails, and its numbers."""

from __future__ import annotations

from collections.abc import Mapping

from htilde.codes import Details
from htilde.language import _

__all__ = ["departure_text"]


def departure_text(details: Details) -> str:
    """Return how random numbers depart from the right distribution, from the details that ``laws.departure`` gives."""
    numbers = {key: float(given) if given in ("nan", "inf", "-inf") else given for key, given in details.items()}
    text = _departures()[str(details["test"])].format_map(numbers)
    if "examples" not in details:
        return text
    together = _("In {count} examples together, each in units of its standard deviation: {problem}")
    return together.format(count=details["examples"], problem=text)


def _departures() -> Mapping[str, str]:
    return {
        "rows": _("Only {different} of its {count} rows are different."),
        "columns": _("Only {different} of its {count} columns are different."),
        "mean": _("The mean of the entries is {got:.4g}; {expected:.4g} was expected."),
        "std": _("The standard deviation of the entries is {got:.4g}; {expected:.4g} was expected."),
        "bound": _("The entries reach {got:.4g} away from {mean:.4g}; {expected:.4g} was expected."),
        "uniform": _(
            "The law isn't uniform: {got:.1%} of the entries lie below {below:.4g}; {expected:.1%} were expected."
        ),
        "normal": _(
            "The law isn't normal: {got:.1%} of the entries lie below {below:.4g}; {expected:.1%} were expected."
        ),
        "far": _(
            "{got} of {count} entries lie more than three standard deviations from the mean; "
            "{expected:.3g} were expected."
        ),
        "repeats": _("Only {different} of its {count} entries are different, signs apart."),
        "generators": _(
            "From different generators it drew the same numbers. Draw from the one that is passed in, as it is."
        ),
        "neighbours_in_rows": _(
            "Neighbours in a row depend on each other: their correlation is {got:.2g}; 0 was expected."
        ),
        "neighbours_in_columns": _(
            "Neighbours in a column depend on each other: their correlation is {got:.2g}; 0 was expected."
        ),
    }
