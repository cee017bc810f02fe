"""Rules have names, a precision, and a switch."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.dedup.decision.people import AN, BA, RIGHT, again, check, claims, enrol, prints

from civid.dedup.decision import Outcome, Policy, Record, Verdict, Weights
from civid.dedup.decision.rules import AGREE, FIND, RULES
from civid.dedup.rule_report import rule_report, wilson
from civid.register import Register

#: A sister: of the same parents and home.
SISTER = {"name": "Nguyễn Thị Bình", "birth": "17/08/2004", "number": "046304555666"}


def test_a_household_leads_to_somebody(register: Register) -> None:
    """The only thing that two dossiers have in common."""
    reference = enrol(register, AN)
    register.households.make("HH0001", {reference: "chủ hộ"}, unit="46")
    stranger = {**BA, "residence_file": "HH0001"}
    (one,) = check(register, stranger).candidates
    assert (one.reference, one.found_by) == (reference, ("household",))
    off = Policy(off={"find:household": "whole dormitories share one file"})
    assert check(register, stranger, None, off).candidates == ()


def test_each_way_can_be_switched_off(register: Register) -> None:
    reference = enrol(register, AN, prints(1))
    asked = again(prints(1))
    assert check(register, AN, asked).candidates[0].found_by == ("number", "name")
    off = {FIND[one]: "for this test" for one in ("number", "name", "household")}
    (only,) = check(register, AN, asked, Policy(off=off)).candidates
    assert (only.reference, only.found_by[0]) == (reference, "prints")
    off |= {FIND[one]: "for this test" for one in ("prints", "swapped", "one finger")}
    assert check(register, AN, asked, Policy(off=off)).candidates == ()
    lone = {FIND[one]: "for this test" for one in ("prints", "swapped", "number", "name")}
    (found,) = check(register, BA, asked, Policy(off=lone)).candidates
    assert found.found_by == ("one finger",)


def test_the_same_mother_is_no_duplicate() -> None:
    one = Record.of_claims(claims(AN))
    sister = Record.of_claims(claims(AN, **SISTER))
    usual = {f.field: f for f in Weights().compare(one, sister)}
    silent = {f.field: f for f in Weights().compare(one, sister, ["mother"])}
    assert usual["mother"].decibans > 0 == silent["mother"].decibans
    assert silent["mother"].level == "same"
    apart = Record.of_claims(claims(AN, **SISTER, mother_name="Lê Thị Hoa"))
    against = {f.field: f for f in Weights().compare(one, apart, ["mother"])}
    assert against["mother"].decibans < 0


def test_a_rule_that_misleads_shows(register: Register) -> None:
    enrol(register, AN, prints(1))
    known = {key: value for key, value in AN.items() if key != "residence_file"}
    (same,) = check(register, known, again(prints(1))).candidates
    (sister,) = check(register, {**known, **SISTER, "name": AN["name"], "birth": "2001"}).candidates
    decided = [(same, True)] * 5 + [(sister, False)] * 200
    figures = {one.rule: one for one in rule_report(decided, {"agree:mother": "sisters"})}
    assert set(figures) == set(RULES)
    mother = figures["agree:mother"]
    assert (mother.pairs, mother.same, mother.off) == (205, 5, "sisters")
    assert mother.low < 5 / 205 < mother.high
    assert not figures["agree:number"].misleads
    assert (figures["agree:number"].pairs, figures["agree:number"].same) == (5, 5)
    assert figures["find:name"].alone == 200
    assert figures["find:name"].alone_same == 0
    assert rule_report(decided, least=0.08)[RULES.index("agree:mother")].misleads
    assert figures["find:household"].precision is None


def test_a_situation_of_two_people_is_right_when_they_are_two(register: Register) -> None:
    enrol(register, AN, prints(1))
    decision = check(register, {**BA, "number": AN["number"]}, prints(2))
    assert decision.outcome is Outcome.SHARED_NUMBER
    (pair,) = decision.candidates
    figures = {one.rule: one for one in rule_report([(pair, False)] * 9 + [(pair, True)])}
    assert figures["situation:shared-number"].precision == 0.9
    off = Policy(off={"situation:shared-number": "one office counts the copies of a form"})
    free = check(register, {**BA, "number": AN["number"]}, prints(2), off)
    assert free.verdict is Verdict.UNIQUE


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_its_share(count: int, more: int) -> None:
    total = count + more
    low, high = wilson(count, total)
    assert 0 <= low <= count / total <= high <= 1
    wider = wilson(count, total + more)
    assert wider[0] <= low


def test_every_field_has_a_rule() -> None:
    assert len(set(RULES)) == len(RULES) == len(FIND) + len(AGREE) + 4
    assert RIGHT in prints(1)
