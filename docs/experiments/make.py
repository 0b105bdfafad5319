"""Write ``docs/experiments.md`` anew: ``make experiments``. It takes a few minutes.

The text stands in ``text.md``, with a place for each number: ``{{depth.relu.he.ratio:.2f}}`` (a format of Python's, or
``power`` for a power of ten). Before anything is written, the numbers are checked against ``CLAIMS``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

PLACE = re.compile(r"\{\{([\w.]+)(?::([^}]*))?\}\}")
SHORT = {
    "depth": 6,
    "narrowing": 3,
    "networks": 2,
    "trained_depth": 3,
    "epochs": 1,
    "draws": 5,
    "steps": 6,
    "rounds": 2,
    "clipped_steps": 3,
    "pretraining": 2,
    "tunings": 1,
    "tuning_steps": 4,
    "remedy_steps": 2,
}
DIGITS = 4
"""Significant digits that are kept of each number; the rest differs from machine to machine."""

CLAIMS: dict[str, Callable[[Any], bool]] = {
    "the sigmoid loses three quarters and more": lambda r: (
        max(r["depth"]["sigmoid"][start]["per_layer"] for start in ("small", "xavier")) < 0.25
    ),
    "tanh with Xavier's weights loses little": lambda r: 0.9 < r["depth"]["tanh"]["xavier"]["per_layer"] < 1,
    "ReLU with Xavier's weights loses a factor of about √2": lambda r: (
        abs(r["depth"]["relu"]["xavier"]["per_layer"] - 0.5**0.5) < 0.03
    ),
    "neither vanishes nor explodes": lambda r: 0.5 < r["depth"]["relu"]["he"]["ratio"] < 2,
    "hardly differs from start to start": lambda r: (
        max(ratios := [of["first"] / of["last"] for of in (r["depth"]["relu"][s] for s in ("small", "xavier", "he"))])
        < 1.1 * min(ratios)
    ),
    "Each of the two keeps its own variance and gives up the other": lambda r: (
        0.7 < r["conditions"]["forward"]["forward"] < 1.3
        and 0.7 < r["conditions"]["backward"]["backward"] < 1.3
        and r["conditions"]["forward"]["backward"] < 0.1
        and r["conditions"]["backward"]["forward"] > 10
    ),
    "it misses both, but by less": lambda r: (
        1.5 < r["conditions"]["xavier"]["forward"] < r["conditions"]["backward"]["forward"] / 2
        and r["conditions"]["forward"]["backward"] * 2 < r["conditions"]["xavier"]["backward"] < 0.7
    ),
    "halves the variance in each layer": lambda r: abs(r["conditions"]["relu_xavier"]["forward"] - 0.5) < 0.03,
    "He's factor of 2 makes up for it": lambda r: abs(r["conditions"]["relu_he"]["forward"] - 1) < 0.06,
    "whatever the size of the weights": lambda r: (
        max(r["remedies"]["normalized"][start] for start in ("small", "xavier", "he"))
        < 1.2 * min(r["remedies"]["normalized"][start] for start in ("small", "xavier", "he"))
    ),
    "grows by about √(π/(π − 1)) ≈ 1.21 in each layer": lambda r: (
        abs(r["remedies"]["normalized"]["he_per_layer"] - 1.2114) < 0.02
    ),
    "With small weights it hardly changes": lambda r: abs(r["remedies"]["residual"]["small"] - 1) < 0.01,
    "with larger ones it explodes": lambda r: r["remedies"]["residual"]["he"] > 1e3,
    "gives back a gradient of exactly 0": lambda r: r["shortcuts"]["taken_away"] == 0,
    "Each block has directions that it shrinks": lambda r: r["shortcuts"]["block"]["largest_smallest"] < 0.5,
    "most gradients grow": lambda r: r["shortcuts"]["random"]["below_one"] < 0.1,
    "no direction is lost, and the median stays above 1": lambda r: (
        r["shortcuts"]["residual"]["directions"] == r["shortcuts"]["units"] and r["shortcuts"]["residual"]["median"] > 1
    ),
    "no later layer brings back what a ReLU has switched off": lambda r: r["shortcuts"]["plain"]["directions"] < 32,
    "learns at every one of the rates": lambda r: (
        max(r["training"]["he"][rate]["loss"] for rate in r["training"]["rates"]) < 0.75
    ),
    "it stalls": lambda r: r["training"]["xavier"]["best"] > 0.8,
    "At the highest rate it has begun to leave that plateau": lambda r: (
        r["training"]["xavier"]["rate_2"]["loss"] < 0.89
    ),
    "the slopes become smaller as the weights grow": lambda r: (
        (slopes := [r["through_time"]["plain"][f"scale_{at}"]["slope"] for at in range(4)])
        == sorted(slopes, reverse=True)
    ),
    "and yet the gradient explodes with the largest": lambda r: (
        r["through_time"]["plain"]["scale_1"]["first"] < 1e-10 and r["through_time"]["plain"]["scale_3"]["first"] > 1e6
    ),
    "A memory doesn't keep a gradient by itself": lambda r: r["through_time"]["memory"]["bias_0"]["first"] < 1e-15,
    "no more is left than in a plain net": lambda r: (
        r["through_time"]["memory"]["bias_0"]["first"] < 10 * r["through_time"]["plain"]["scale_1"]["first"]
    ),
    "A bias of 1 helps by many powers of ten, and still next to nothing arrives": lambda r: (
        1e5 * r["through_time"]["memory"]["bias_0"]["first"] < r["through_time"]["memory"]["bias_1"]["first"] < 1e-6
    ),
    "With a bias of 3 a good part of it arrives": lambda r: 0.1 < r["through_time"]["memory"]["bias_3"]["first"] < 1,
    "somewhat larger than the forget gate": lambda r: all(
        1.02 < found["per_step"] / found["gate"] < 1.5 for found in r["through_time"]["memory"].values()
    ),
    "In eight steps both learn to read, and the plain net's loss is the lower one": lambda r: all(
        plain["loss"] < lstm["loss"] and min(plain["right"], lstm["right"]) > 0.85
        for plain, lstm in readers(r["reading"]["rows"])
    ),
    "In sixty-four the LSTM is ahead at either rate, on digits that it has seen and on others": lambda r: all(
        plain["loss"] > lstm["loss"] and plain["right"] < lstm["right"]
        for plain, lstm in readers(r["reading"]["pixels"])
    ),
    "But the plain net learns, too, and neither reads as well pixel by pixel as row by row": lambda r: all(
        0.5 < r["reading"]["pixels"][kind]["best"] < r["reading"]["rows"][kind]["best"] for kind in ("plain", "lstm")
    ),
    "the clipped steps all come first": lambda r: all(
        0 < r["clipping"][limit]["clipped"] == r["clipping"][limit]["last_clipped"] < r["clipping"]["steps"] / 2
        for limit in ("ten", "one")
    ),
    "clips every step": lambda r: r["clipping"]["tenth"]["clipped"] == r["clipping"]["steps"],
    "needs no clipping and learns more": lambda r: (
        r["clipping"]["he"]["loss"] < min(r["clipping"][limit]["loss"] for limit in ("ten", "one", "tenth"))
    ),
    "That is less than the draws differ from each other": lambda r: (
        0 < r["tuning"]["ahead"]["mean"] < min(r["tuning"][way]["spread"] for way in ("nothing", "tuned"))
    ),
    "serve it no better than random ones do": lambda r: (
        r["tuning"]["frozen"]["right"] < r["tuning"]["random"]["right"] + 0.01
    ),
    "no more than the last layer's biases can learn alone": lambda r: all(
        abs(r["remedy"][name]["loss"] - 0.9) < 0.005 for name in ("sigmoid", "relu", "leaky")
    ),
    "tanh, whose slope is below 1, learns; ReLU, whose slope is 1, doesn't": lambda r: (
        r["remedy"]["tanh"]["loss"] < 0.6 and r["remedy"]["relu"]["loss"] > 0.89
    ),
    "The leak changes nothing": lambda r: (
        abs(r["remedy"]["leaky"]["per_layer"] - r["remedy"]["relu"]["per_layer"]) < 0.005
    ),
    "learns more slowly than tanh": lambda r: (
        r["remedy"]["he"]["loss"] > r["remedy"]["tanh"]["loss"]
        and r["remedy"]["he"]["ratio"] > r["remedy"]["tanh"]["ratio"]
    ),
    "nearly the same direction": lambda r: r["remedy"]["he"]["alike"] > 0.98 > 0.8 > r["remedy"]["tanh"]["alike"],
    "the worst of all networks becomes the best": lambda r: (
        min(
            networks := ("sigmoid", "tanh", "relu", "leaky", "he", "normalized", "residual"),
            key=lambda n: r["remedy"][n]["loss"],
        )
        == "normalized"
        and min(networks, key=lambda n: r["remedy"][n]["ratio"]) == "sigmoid"
    ),
    "At the largest rate the residual network diverges nevertheless": lambda r: (
        r["remedy"]["residual"]["diverged"] == 1
    ),
    "the gradient is about as large in the first layer as in the last": lambda r: (
        0.8 < r["remedy"]["residual"]["ratio"] < 1.25
    ),
}
"""Sentences of the text, and what each of them says about the numbers."""


def readers(found: Any) -> list[tuple[Any, Any]]:
    """Return the pairs of a plain net and an LSTM that learned at the same rate."""
    return [(found["plain"][rate], found["lstm"][rate]) for rate in ("rate_0", "rate_1")]


def run(grading: Path, *, short: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run all experiments; return their numbers and their curves. Progress goes to stderr."""
    import descent
    import forty
    import recurrent
    import study
    from references import references

    the, size = references(grading), study.Size(**SHORT) if short else study.Size()
    numbers, curves = {}, {}
    parts = study.EXPERIMENTS, recurrent.EXPERIMENTS, descent.EXPERIMENTS, forty.EXPERIMENTS
    for name, experiment in (item for part in parts for item in part.items()):
        started = time.monotonic()
        print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
        found, curves[name] = experiment(the, size)
        numbers[name] = rounded(found)
        print(f"{time.monotonic() - started:.1f} s", file=sys.stderr)
    return numbers, curves


def rounded(found: Any) -> Any:
    """Return a tree of numbers with every float rounded to ``DIGITS``."""
    if isinstance(found, Mapping):
        return {name: rounded(part) for name, part in found.items()}
    return found if isinstance(found, int) else float(f"{found:.{DIGITS}g}")


def fill(text: str, numbers: Mapping[str, Any]) -> str:
    """Return the text with its numbers filled in. Raises KeyError with the name of a missing one."""

    def filled(place: re.Match[str]) -> str:
        found: Any = numbers
        for name in place[1].split("."):
            if name not in found:
                raise KeyError(place[1])
            found = found[name]
        return power(found) if place[2] == "power" else format(found, place[2] or "")

    return PLACE.sub(filled, text)


def power(number: float) -> str:
    """Return a number as text: 3·10⁻⁷, or plain if it is between a thousandth and ten thousand."""
    if number == 0 or 1e-3 <= abs(number) < 1e4:
        return f"{number:.2g}" if abs(number) < 100 else f"{number:.0f}"
    front, exponent = f"{number:.0e}".split("e")
    return f"{front}·10{str(int(exponent)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def untrue(numbers: Mapping[str, Any], text: str) -> list[str]:
    """Return the claims that the numbers contradict, and those that the text no longer makes in these words."""
    plain = " ".join(text.split())
    return [claim for claim, holds in CLAIMS.items() if claim not in plain or not holds(numbers)]


def main() -> None:
    """Run the experiments, draw the figures and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--course", type=Path, default=ROOT, help="the course whose reference solutions run")
    parser.add_argument("--into", type=Path, default=ROOT / "docs", help="where to write")
    parser.add_argument("--short", action="store_true", help="a few layers and steps, to see whether all of it runs")
    options = parser.parse_args()
    sys.path[:0] = [str(HERE), str(ROOT / "autograder")]
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(threads, "1")  # matrices as small as these are faster on one
    from draw import FIGURES, save

    text = (HERE / "text.md").read_text(encoding="utf-8")
    numbers, curves = run(options.course / "grading.toml", short=options.short)
    if not options.short and (wrong := untrue(numbers, text)):
        sys.exit("The numbers contradict text.md: " + "; ".join(wrong))
    folder = options.into / "experiments"
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in FIGURES.items():
        save(draw(curves[name]), folder / f"{name}.png")
    kept = json.dumps(numbers, indent=1) + "\n"
    (folder / "results.json").write_text(kept, encoding="utf-8")
    (options.into / "experiments.md").write_text(fill(text, json.loads(kept)), encoding="utf-8")
    print(f"wrote {options.into / 'experiments.md'} and {len(FIGURES)} figures")


if __name__ == "__main__":
    main()
