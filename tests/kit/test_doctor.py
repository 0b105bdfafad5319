"""What a machine can do, found by trying, and said in a form that programs can read."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import pytest
from htilde.isolation import bubblewrap, doctor, sandbox
from htilde.isolation.doctor import MachineReport, Package, examine_machine
from htilde.isolation.lock import Protection
from htilde.isolation.promises import PROMISES, PromiseResult
from htilde.model import Limits

LAYERS = ("resource limits", "no new privileges", "capabilities dropped", "landlock", "seccomp")


def found(monkeypatch: pytest.MonkeyPatch, *, layers: tuple[str, ...] = LAYERS, breached: int = 0) -> MachineReport:
    """What is found where these layers hold and so many promises don't."""

    def tries(_: Limits) -> Iterator[PromiseResult]:
        for number, promise in enumerate(PROMISES):
            held = number >= breached
            by = tuple(layer for layer in promise.by if layer in layers) if held else ()
            yield PromiseResult(promise, held, "held: PermissionError" if held else "breached", by)

    missing = tuple(f"{layer}: not here" for layer in LAYERS if layer not in layers)
    monkeypatch.setattr(sandbox, "protection", lambda: Protection(layers, missing))
    monkeypatch.setattr(doctor, "try_promises", tries)
    return examine_machine()


def test_this_machine_is_examined_for_real() -> None:
    """A worker is started, every promise is tried, and the two agree on whether grades may be given here."""
    machine = examine_machine()
    assert [tried.promise for tried in machine.tried] == list(PROMISES)
    assert machine.protected == (not machine.missing and all(tried.held for tried in machine.tried))
    versions = {package.name: package.version for package in machine.packages}
    assert versions["python"] == "{}.{}.{}".format(*sys.version_info) and versions["numpy"] and versions["torch"]
    assert all(package.purpose for package in machine.packages)


def test_the_json_form_is_the_documented_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """packages, layers, missing, promises, protected and ways, of plain values only."""
    form = json.loads(json.dumps(found(monkeypatch, layers=LAYERS[:4], breached=1).as_json()))
    assert list(form) == ["packages", "layers", "missing", "promises", "protected", "ways"]
    assert list(form["packages"]) == ["python", *doctor._PURPOSES]
    assert (form["layers"], form["missing"], form["protected"]) == (list(LAYERS[:4]), ["seccomp: not here"], False)
    assert form["promises"][:2] == [
        {"says": PROMISES[0].says, "held": False, "by": [], "detail": "breached"},
        {"says": PROMISES[1].says, "held": True, "by": ["landlock"], "detail": "held: PermissionError"},
    ]
    assert len(form["ways"]) == 1 and "profile" in form["ways"][0]


@pytest.mark.parametrize(
    ("layers", "breached", "protected"),
    [(LAYERS, 0, True), (LAYERS, 1, False), (LAYERS[:4], 0, False), ((), 14, False)],
)
def test_all_must_hold(
    monkeypatch: pytest.MonkeyPatch, layers: tuple[str, ...], breached: int, protected: bool
) -> None:
    """One missing layer, or one promise that is broken though all layers claim to be there, and grading is refused."""
    assert found(monkeypatch, layers=layers, breached=breached).protected is protected


def test_a_missing_package_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is listed all the same, with what it would be needed for."""
    monkeypatch.setattr(doctor, "_PURPOSES", {"numpy": "everything", "not-a-package": "nothing"})
    machine = found(monkeypatch)
    assert machine.packages[-1] == Package("not-a-package", "", "nothing")
    assert machine.as_json()["packages"]["not-a-package"] is None


def test_a_worker_that_doesnt_start_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor is where such a fault sends people: it reports it instead of failing in the same way."""
    monkeypatch.setattr(sandbox, "_BOOTSTRAP", "raise RuntimeError('no such luck')")
    machine = examine_machine()
    assert not machine.protected and machine.tried == ()
    assert [message for message in machine.missing if "no such luck" in message]


@pytest.mark.parametrize("layer", LAYERS)
def test_there_is_a_way_for_each_that_is_missing(monkeypatch: pytest.MonkeyPatch, layer: str) -> None:
    """Whoever lacks a layer is told what to do about it."""
    monkeypatch.setattr(bubblewrap, "trouble", lambda: "")
    (way,) = found(monkeypatch, layers=tuple(other for other in LAYERS if other != layer)).ways
    assert way == doctor._WAYS[layer]


def test_why_bubblewrap_cant_stand_in_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also that an Ubuntu forbids it, with where to read on."""
    monkeypatch.setattr(bubblewrap, "trouble", lambda: "No permissions to create new namespace")
    monkeypatch.setattr(doctor, "_read", {doctor._APPARMOR: "1"}.get)
    ways = found(monkeypatch, layers=LAYERS[:3] + LAYERS[4:]).ways
    assert "No permissions to create new namespace" in ways[1] and "AppArmor" in ways[2]


@pytest.mark.parametrize(("system", "word"), [("darwin", "virtual machine"), ("win32", "WSL2")])
def test_other_systems_are_told_where_to_grade(monkeypatch: pytest.MonkeyPatch, system: str, word: str) -> None:
    """One sentence instead of five that can't be followed there."""
    monkeypatch.setattr(doctor.sys, "platform", system)
    (way,) = found(monkeypatch, layers=()).ways
    assert word in way and "Students can check" in way
