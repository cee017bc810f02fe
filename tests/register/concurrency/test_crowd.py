"""Eight writers, eight readers: no lost update, no number twice, no deadlock, a whole chain."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests import child
from tests.register.concurrency import crowd
from tests.register.conftest import Opener
from tests.register.people import KEYS, said, somebody
from tests.search.prints import person

from civid.errors import AlreadyInRegisterError, RegisterError
from civid.people.citizen import Source
from civid.position import Position
from civid.register import Register

ROOT = Path(__file__).resolve().parents[3]
EACH = 8


def begun(register: Register) -> str:
    first = said("permanent_residence", "Số 0", source=Source.RESIDENCE)
    return register.people.add([*somebody(1), first], unit="46").reference


def as_threads(register: Register, where: str, gallery: str, shared: str, rounds: int) -> list[Any]:
    works = [(work, who) for who in range(EACH) for work in (crowd.write, crowd.read)]
    with ThreadPoolExecutor(len(works)) as pool:
        jobs = [pool.submit(work, register, who, shared, rounds) for work, who in works]
        return [job.result(timeout=300) for job in jobs]


def as_processes(
    register: Register, where: str, gallery: str, shared: str, rounds: int
) -> list[Any]:
    environment = child.environment()
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.register.concurrency.crowd", where, gallery, what,
             str(who), shared, str(rounds)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for who in range(EACH)
        for what in ("write", "read")
    ]  # fmt: skip
    found = []
    for one in running:
        out, error = one.communicate(timeout=300)
        assert one.returncode == 0, error
        found.append(json.loads(out))
    return found


def outcome(register: Register, shared: str, found: list[Any], rounds: int) -> None:
    writers = [one for one in found if "changed" in one]
    assert [one["changed"] for one in writers] == [rounds] * EACH
    last = register.people.get(shared)
    assert last.version == 1 + EACH * rounds  # no update was lost
    assert last.citizen.text("permanent_residence") == f"Số {EACH * rounds}"
    taken = sorted(turn for one in writers for turn in one["taken"])
    assert taken == list(range(rounds))  # each number once
    report = register.check()
    assert report.clean
    assert report.counts["people"] == 1 + EACH * rounds + rounds


def test_threads(opened: Opener, where: str, tmp_path: Path) -> None:
    register = opened(keys=KEYS)
    shared = begun(register)
    found = as_threads(register, where, str(tmp_path / "gallery"), shared, 5)
    outcome(register, shared, found, 5)


@pytest.mark.slow
def test_processes(opened: Opener, where: str, tmp_path: Path) -> None:
    register = opened(keys=KEYS)
    shared = begun(register)
    found = as_processes(register, where, str(tmp_path / "gallery"), shared, 5)
    outcome(register, shared, found, 5)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Start at the same moment; what each gives or raises."""
    gate = threading.Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return work()
        except RegisterError as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return [job.result(timeout=120) for job in [pool.submit(one, work) for work in works]]


def test_two_stations_enrol_one_person_in_the_same_second(opened: Opener) -> None:
    register, station = opened(), opened()
    for turn in range(5):
        found = together(
            lambda turn=turn: register.people.add(somebody(turn), unit="46"),  # type: ignore[misc]
            lambda turn=turn: station.people.add(somebody(turn), unit="46"),  # type: ignore[misc]
        )
        assert sum(isinstance(one, AlreadyInRegisterError) for one in found) == 1
    made = register.people.add(somebody(50), unit="46")
    prints = [person(which, Position.RIGHT_INDEX) for which in range(4)]
    found = together(
        *(lambda one=one: register.prints.enrol(made.reference, one) for one in prints)  # type: ignore[misc]
    )
    assert sum(isinstance(one, AlreadyInRegisterError) for one in found) == 3
    assert len(register._session.link.gallery) == 1
    (winner,) = (which for which, one in enumerate(found) if one is None)
    assert register.prints.identify(prints[winner])
    assert register.check().clean


def test_prints_that_everybody_replaces(opened: Opener) -> None:
    register = opened(keys=KEYS)
    made = register.people.add(somebody(1), unit="46")
    works = [
        (lambda which=which: register.prints.enrol(  # type: ignore[misc]
            made.reference, person(which, Position.RIGHT_INDEX, count=12), replace=True))
        for which in range(8)
    ]  # fmt: skip
    assert together(*works) == [None] * 8
    assert len(register._session.link.gallery) == 1
    assert register.check().clean  # the gallery holds those that the register says


def test_keys_change_under_writers(opened: Opener, where: str) -> None:
    register, other = opened(keys=KEYS), opened(keys=KEYS)
    shared = begun(register)
    rotate = register.protection.rotate
    found = together(
        lambda: [rotate("fields", batch=3).retired for _ in range(3)],
        lambda: crowd.write(other, 1, shared, 6),
        lambda: crowd.write(register, 2, shared, 6),
        lambda: crowd.read(other, 3, shared, 6),
    )
    assert (
        sum(found[0]) + rotate("fields").retired == 4
    )  # one that was still in use goes with the next
    assert found[1]["changed"] == found[2]["changed"] == 6
    late = opened(keys=KEYS)
    assert late.people.get(shared).version == 13
    assert late.check().clean


def test_erasure_against_enrolment(opened: Opener) -> None:
    register, other = opened(), opened()
    for turn in range(4):
        made = register.people.add(somebody(turn), unit="46")
        claim = said("permanent_residence", "Huế", source=Source.RESIDENCE)
        together(
            lambda made=made: register.protection.erase(made.reference, basis="thử"),  # type: ignore[misc]
            lambda made=made, turn=turn: register.prints.enrol(  # type: ignore[misc]
                made.reference, person(turn, Position.RIGHT_INDEX)
            ),
            lambda made=made, claim=claim: other.people.record(made.reference, [claim]),  # type: ignore[misc]
        )
        if register.people.get(made.reference).state == "active":  # it lost against the record
            register.protection.erase(made.reference, basis="thử")
        proof = register.protection.verify_certificate(
            register.protection.certificate(made.reference)
        )
        assert proof.holds, proof.problems
    assert len(register._session.link.gallery) == 0
    assert register.check(repair=True).clean


def test_several_make_the_same_register(where: str, tmp_path: Path) -> None:
    def make() -> bytes:
        with Register.open(where, create=True, keys=KEYS, gallery=tmp_path / "gallery") as one:
            return one._session.vault.register

    made = together(*[make] * 6)
    assert len(set(made)) == 1, made
    with Register.open(where, keys=KEYS, gallery=tmp_path / "gallery") as register:
        assert register.check().clean
