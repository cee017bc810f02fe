"""The whole register against itself: what is found, what is not asked again, and after kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.dedup.decision.people import AN, BA, CU, LEFT, RIGHT, again, enrol, prints

from civid.dedup.batch import Found, Sweep
from civid.dedup.decision import Outcome, Policy
from civid.errors import AccessRefusedError, SearchError
from civid.register import Actor, Capability, Register


def pairs(found: list[Found]) -> dict[frozenset[str], Outcome]:
    return {frozenset((one.person, one.other)): one.evidence.outcome for one in found}


def fill(register: Register) -> dict[str, str]:
    """Four people, three of them twice: by name, under another name, under a number of another."""
    an = enrol(register, AN, prints(1))
    again_an = enrol(register, AN, again(prints(1)), number="", name="NGUYEN THI AN")
    ba = enrol(register, BA, prints(2))
    other = enrol(register, CU, again(prints(2)))
    day = {"name": "Lê Văn Dần", "birth": "01/02/1990", "cmnd9": "012345678"}
    one = enrol(register, day, prints(3))
    two = enrol(register, {**CU, "number": "", "cmnd9": "012345678", "birth": "1955"}, prints(4))
    return {"an": an, "again": again_an, "ba": ba, "other": other, "one": one, "two": two}


def test_everybody_who_is_here_twice_is_found_once(register: Register, folder: Path) -> None:
    who = fill(register)
    sweep = Sweep(register, folder)
    found = list(sweep.run(threads=1))
    assert pairs(found) == {
        frozenset((who["an"], who["again"])): Outcome.DUPLICATE,
        frozenset((who["ba"], who["other"])): Outcome.TWO_NUMBERS,
    }
    assert len(found) == 2
    ways = {one.evidence.found_by for one in found}
    assert ways == {("name",), ("prints",)}
    assert sweep.compared >= 2
    text = "".join(path.read_text("ascii") for path in folder.iterdir())
    assert not any(value in text for value in (*AN.values(), "NGUYEN", "012345678"))


def test_a_settled_pair_is_not_asked_again(register: Register, folder: Path) -> None:
    who = fill(register)
    known = {who["an"]: frozenset({who["again"]}), who["again"]: frozenset({who["an"]})}
    sweep = Sweep(register, folder, settled=lambda one: known.get(one, frozenset()))
    assert set(pairs(list(sweep.run()))) == {frozenset((who["ba"], who["other"]))}


def test_a_rule_that_is_off_leads_to_nobody(register: Register, folder: Path) -> None:
    fill(register)
    off = {f"find:{one}": "for this test" for one in ("name", "number")}
    found = list(Sweep(register, folder, Policy(off=off)).run())
    assert {one.evidence.found_by for one in found} == {("prints",)}
    assert len(found) == 2


def test_it_says_again_what_it_found(register: Register, folder: Path) -> None:
    fill(register)
    first = pairs(list(Sweep(register, folder).run()))
    second = Sweep(register, folder)
    assert pairs(list(second.run())) == first
    assert second.compared == len(first)  # nothing else was compared again


def test_it_goes_on_where_it_stopped(register: Register, folder: Path) -> None:
    fill(register)
    whole = pairs(list(Sweep(register, folder).run()))
    lines = (folder / "sweep.jsonl").read_bytes()
    for cut in range(0, len(lines), 7):
        (folder / "sweep.jsonl").write_bytes(lines[:cut])
        assert pairs(list(Sweep(register, folder).run())) == whole


def test_another_sweeps_folder_is_refused(register: Register, folder: Path) -> None:
    fill(register)
    list(Sweep(register, folder).run())
    with pytest.raises(SearchError, match="another sweep"):
        list(Sweep(register, folder, Policy(version="2")).run())
    (folder / "sweep.jsonl").write_text('{"kind":"civid sweep 1","of":"default-4"}\n{"step":1}\n')
    with pytest.raises(SearchError, match="damaged"):
        list(Sweep(register, folder).run())


def test_it_needs_the_right_to_search(register: Register, folder: Path) -> None:
    fill(register)
    clerk = Actor("clerk", frozenset({Capability.READ}), scope=("",))
    with pytest.raises(AccessRefusedError):
        list(Sweep(register.acting_as(clerk), folder).run())


def test_what_changed_is_compared_with_everybody(register: Register, folder: Path) -> None:
    who = fill(register)
    since = register._session.clock()
    assert list(Sweep(register, folder).changed(since)) == []
    new = enrol(register, CU, {RIGHT: again(prints(3))[RIGHT], LEFT: prints(3)[LEFT]}, number="")
    found = dict(Sweep(register, folder).changed(since - 0))
    assert found == {}  # that moment is done
    later = dict(Sweep(register, folder / "next").changed(since))
    assert set(later) == {new}
    assert who["one"] in {one.reference for one in later[new].candidates}
    assert new not in {one.reference for one in later[new].candidates}
    known = {new: frozenset(who.values())}
    calm = Sweep(register, folder / "calm", settled=lambda one: known.get(one, frozenset()))
    assert dict(calm.changed(since)) == {}


_SWEEP = """
import sys, time
from civid.dedup.batch import Sweep
from civid.register import Register
with Register.open(sys.argv[1]) as register:
    for one in Sweep(register, sys.argv[2]).run(threads=1):
        print(one.person, one.other, flush=True)
        time.sleep(0.05)
"""


@pytest.mark.slow
def test_a_killed_sweep_goes_on(tmp_path: Path) -> None:
    with Register.open(tmp_path / "register", create=True) as register:
        for seed in range(30):
            values = {**BA, "number": f"0010706543{seed:02d}", "name": f"Trần Văn {chr(65 + seed)}"}
            enrol(register, values, prints(seed))
            enrol(register, {**values, "number": ""}, again(prints(seed)))
        whole = set(pairs(list(Sweep(register, tmp_path / "whole").run())))
    assert len(whole) >= 30
    command = [sys.executable, "-c", _SWEEP, str(tmp_path / "register"), str(tmp_path / "sweep")]
    for rounds in range(4):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as one:
            assert one.stdout is not None
            one.stdout.readline()
            time.sleep(0.1 * rounds)
            one.send_signal(signal.SIGKILL)
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    said = {frozenset(line.split()) for line in done.stdout.splitlines()}
    assert said == whole


def test_entries_that_are_one_person_are_no_pair_and_speak_together(
    register: Register, folder: Path
) -> None:
    who = fill(register)
    register.people.merge(who["an"], who["again"], reason="same_person")
    third = enrol(register, AN, again(again(prints(1))), number="", name="Nguyễn Thị An")
    found = pairs(list(Sweep(register, folder).run()))
    assert set(found) == {
        frozenset((who["an"], third)),
        frozenset((who["ba"], who["other"])),
    }
