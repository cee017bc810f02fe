"""People merged, or corrected, between two steps of a sweep: pairs of who stands for them now."""

from __future__ import annotations

from pathlib import Path

from tests.dedup.decision.people import AN, BA, CU, DAY, again, claims, enrol, prints

from civid.dedup.batch import Sweep
from civid.people.citizen import Source, claim
from civid.register import Register


def test_a_pair_found_before_is_that_of_the_kept_entry(register: Register, folder: Path) -> None:
    an = enrol(register, AN, prints(1))
    twice = enrol(register, AN, again(prints(1)), number="", name="NGUYEN THI AN")
    kept = enrol(register, CU, prints(5))
    assert len(list(Sweep(register, folder).run(threads=1))) == 1
    register.people.merge(kept, twice, "data.alike")
    (found,) = Sweep(register, folder).run(threads=1)
    assert {found.person, found.other} == {an, kept}


def test_a_pair_that_was_merged_is_none_any_more(register: Register, folder: Path) -> None:
    an = enrol(register, AN, prints(1))
    twice = enrol(register, AN, again(prints(1)), number="", name="NGUYEN THI AN")
    assert len(list(Sweep(register, folder).run(threads=1))) == 1
    register.people.merge(an, twice, "data.alike")
    assert list(Sweep(register, folder).run(threads=1)) == []


def test_a_pair_kept_apart_stays_settled_through_a_merge(register: Register, folder: Path) -> None:
    an = enrol(register, AN, prints(1))
    twice = enrol(register, AN, again(prints(1)), number="", name="NGUYEN THI AN")
    kept = enrol(register, CU, prints(5))
    assert len(list(Sweep(register, folder).run(threads=1))) == 1
    register.people.merge(kept, twice, "data.alike")
    known = {an: frozenset({kept}), kept: frozenset({an})}
    sweep = Sweep(register, folder, settled=lambda one: known.get(one, frozenset()))
    assert list(sweep.run(threads=1)) == []


def test_what_changed_is_said_again_with_the_prints_of_the_merged(
    register: Register, folder: Path
) -> None:
    an, ba = enrol(register, AN, prints(1)), enrol(register, BA, again(prints(1)))
    kept = enrol(register, CU)
    assert set(dict(Sweep(register, folder).changed(0))) == {an, ba}
    register.people.merge(kept, ba, "data.alike")
    found = dict(Sweep(register, folder).changed(0))
    assert {one: who.candidates[0].reference for one, who in found.items()} == {an: kept, kept: an}


def test_what_was_retracted_leads_to_nobody(register: Register, folder: Path) -> None:
    an = enrol(register, AN, prints(1), number="")
    enrol(register, CU)
    wrong = [claim(one, CU[one], Source.CIVIL_STATUS, DAY) for one in ("name", "birth")]
    register.people.record(an, wrong)
    assert set(dict(Sweep(register, folder / "1").changed(0)))
    for one in wrong:
        register.people.retract(an, one, "typing")
    assert dict(Sweep(register, folder / "2").changed(0)) == {}
    assert claims(AN)[0] in register.people.get(an).citizen.counting
