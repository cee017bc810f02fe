"""Laws of the evidence: symmetric, monotone, and nothing from nothing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dedup.decision.people import AN, BA, CU, LEFT, RIGHT, again, claims, finger, poor, prints

from civid.dedup.decision import (
    FingerEvidence,
    Outcome,
    Policy,
    PrintEvidence,
    Record,
    Verdict,
    Weights,
)
from civid.dedup.decision.evidence import despite
from civid.dedup.decision.judge import judge
from civid.dedup.decision.levels import FAMILY, LEVELS, MISSING
from civid.dedup.decision.prints.compared import evidence
from civid.dedup.decision.prints.scores import decibans, poor_beside_good, poor_decibans
from civid.errors import FieldError
from civid.fingerprint.scores.odds import MEASURED_TO

WEIGHTS, POLICY = Weights(), Policy()
_TEXTS = {name: sorted({AN[name], BA[name], CU[name]}) for name in AN}
_TEXTS["name"] += ["NGUYEN THI AN", "Nguyễn An", "Nguyễn Thị Ân", "Y Wang Niê"]
_TEXTS["birth"] += ["03/05/2001", "2001", "01/01/2001", "06/03/2001"]
_TEXTS["number"] += ["046301123465"]
#: People of every mixture, with every field missing at times.
PEOPLE = st.fixed_dictionaries(
    {name: st.sampled_from(["", *texts]) for name, texts in _TEXTS.items()}
).map(lambda values: Record.of_claims(claims(values)))


@given(PEOPLE, PEOPLE)
def test_it_does_not_matter_who_comes_first(one: Record, two: Record) -> None:
    assert WEIGHTS.compare(one, two) == WEIGHTS.compare(two, one)


@given(PEOPLE, PEOPLE)
def test_what_is_missing_says_nothing(one: Record, two: Record) -> None:
    for found in WEIGHTS.compare(one, two):
        if found.level == MISSING:
            assert found.decibans == 0
    assert sum(f.decibans for f in WEIGHTS.compare(one, Record())) == 0


@given(PEOPLE, PEOPLE)
def test_a_family_speaks_no_louder_than_it_may(one: Record, two: Record) -> None:
    shared = [f.decibans for f in WEIGHTS.compare(one, two) if f.field in FAMILY]
    assert sum(said for said in shared if said > 0) <= WEIGHTS.family_most + 1e-9


@given(st.floats(-500, 500), st.floats(0, 50), st.floats(0.001, 0.5))
def test_more_evidence_never_says_less(said: float, more: float, share: float) -> None:
    assert despite(said + more, share) >= despite(said, share) - 1e-9


@given(st.floats(0, 900), st.floats(0, 100), st.integers(1, 10))
def test_a_better_score_never_says_less(score: float, more: float, fingers: int) -> None:
    low, high = (decibans(one, fingers, POLICY) for one in (score, score + more))
    assert low <= high + 1e-9
    assert -33.1 <= low <= high <= POLICY.most  # 10 log10 of wrong_person, and the policy's most


@given(st.lists(st.floats(0, 900), max_size=10), st.floats(0, 100))
def test_poor_fingers_never_speak_against(scores: list[float], more: float) -> None:
    said = poor_decibans(scores, POLICY)
    assert 0 <= said <= POLICY.poor_most
    assert poor_decibans([one + more for one in scores], POLICY) >= said
    assert poor_decibans([*scores, 0.0], POLICY) <= said  # the best of more is less rare


def test_two_good_fingers_say_more_against_than_one() -> None:
    said = [decibans(0, fingers, POLICY) for fingers in (1, 2, 10)]
    assert said == sorted(said, reverse=True)
    assert said[1] < said[0] - 10
    floor = Policy(wrong_person=0.005)
    assert decibans(0, 2, floor) == pytest.approx(-23, abs=0.1)


def test_no_finger_says_nothing() -> None:
    assert decibans(0, 0, POLICY) == 0
    assert evidence(prints(1), {}, POLICY).decibans == 0
    assert evidence(prints(1, RIGHT), prints(1, LEFT), Policy(swapped=False)).decibans == 0


@pytest.mark.parametrize("fingers", [1, 2])
def test_beyond_what_was_measured_a_decibel_of_others_counts_less(fingers: int) -> None:
    def said(score: float, trust: float) -> float:
        return decibans(score, fingers, Policy(trust=trust, most=1000.0))

    for beyond in (10, 50, 150):
        score = MEASURED_TO + beyond
        lost = said(score, 1.0) - said(score, POLICY.trust)
        assert lost == pytest.approx((1 - POLICY.trust) * beyond, abs=0.1)
    # How often the same finger scores so is measured there, too: high scores are the usual ones.
    assert said(110, 1.0) - said(MEASURED_TO, 1.0) > 110 - MEASURED_TO


def test_evidence_is_what_was_counted() -> None:
    """Knots beyond 40: share of mated pairs a dB over that of others, as mated_scores counts."""
    share = {1: 1621 / 5474 / 40, 2: 3368 / 127_770 / 40}  # of 90 to 130
    for fingers, mates in share.items():
        others = math.log(10) / 10 * 10 ** (-110 / 10)
        counted = 10 * math.log10(mates / others)
        said = decibans(110, fingers, Policy(trust=1.0))
        assert counted - 1 < said <= counted


def test_two_poor_fingers_say_more_than_the_better_of_them() -> None:
    assert poor_decibans([34, 34], POLICY) > poor_decibans([34], POLICY)
    assert poor_decibans([34, 0], POLICY) < poor_decibans([34], POLICY)
    assert poor_beside_good([], POLICY) == poor_beside_good([0, 10], POLICY) == 0
    assert 0 < poor_beside_good([40], POLICY) < poor_decibans([40], POLICY)


def test_a_poor_finger_adds_to_a_good_one_and_never_brings_back_what_it_denies() -> None:
    mine, other = prints(1), again(prints(1))
    one = evidence({RIGHT: mine[RIGHT]}, {RIGHT: other[RIGHT]}, Policy(most=1000.0))
    both = evidence(mine, {RIGHT: other[RIGHT], **poor({LEFT: other[LEFT]})}, Policy(most=1000.0))
    assert one.decibans < both.decibans <= one.decibans + POLICY.poor_most
    stranger = {RIGHT: finger(9, RIGHT)}
    denied = evidence(mine, stranger, POLICY)
    assert denied.decibans < 0
    assert (
        evidence(mine, {**stranger, **poor({LEFT: other[LEFT]})}, POLICY).decibans
        == denied.decibans
    )


@pytest.mark.parametrize("field", [name for name in LEVELS if name not in ("name", "sex")])
def test_agreement_speaks_for_and_disagreement_against(field: str) -> None:
    levels = [WEIGHTS.decibans(field, one) for one in LEVELS[field]]
    assert levels[0] > 0 > levels[-1]
    assert max(levels) == levels[0]


def test_a_rare_name_says_more_than_a_common_one() -> None:
    def said(name: str) -> float:
        one = Record(names=(name,))
        return WEIGHTS.compare(one, one)[0].decibans

    assert said("Tôn Thất Diễm Khuê") > said("Phạm Thị Hương") > said("Nguyễn Thị Anh") > 0


def test_sex_is_not_counted_twice() -> None:
    one = Record.of_claims(claims(AN))
    said = {f.field: f.decibans for f in WEIGHTS.compare(one, one)}
    assert said["sex"] == 0
    other = Record.of_claims(claims(AN, name=BA["name"]))
    assert {f.field: f.decibans for f in WEIGHTS.compare(one, other)}["sex"] > 0


def test_the_first_of_january_is_a_year() -> None:
    one = Record.of_claims(claims({"birth": "01/01/1950"}))
    day = Record.of_claims(claims({"birth": "07/09/1950"}))
    said = {f.field: f for f in WEIGHTS.compare(one, one)}["birth"]
    full = {f.field: f for f in WEIGHTS.compare(day, day)}["birth"]
    assert said.level == "year"
    assert 0 < said.decibans < full.decibans


def test_prints_are_symmetric_and_poor_ones_say_nothing_against() -> None:
    mine, other = prints(1), again(prints(1))
    there, back = evidence(mine, other, POLICY), evidence(other, mine, POLICY)
    assert there.decibans == pytest.approx(back.decibans)
    assert there.decibans > 40
    assert evidence(mine, prints(2), POLICY).decibans < 0
    alike = evidence(mine, poor(other), POLICY)
    assert (alike.decibans, alike.good) == (POLICY.poor_most, 0)
    assert [one.poor for one in alike.fingers] == [True, True]
    assert evidence(mine, poor(prints(2)), POLICY).decibans == 0
    half = evidence(mine, {RIGHT: other[RIGHT], **poor({LEFT: finger(9, LEFT)})}, POLICY)
    assert half.good == 1
    assert half.decibans > 20


def test_data_can_be_kept_in_files_and_must_make_sense() -> None:
    assert Weights.from_dict(WEIGHTS.to_dict()) == WEIGHTS
    assert Policy.from_dict(POLICY.to_dict()) == POLICY
    assert Policy.from_dict({"fpir": 0.01, "version": "2"}).version == "2"
    off = Policy(off={"agree:mother": "brothers and sisters have one, too"})
    assert Policy.from_dict(off.to_dict()) == off
    for wrong in (
        {"off": {"agree:mother": " "}},
        {"off": {"none": "x"}},
        {"off": 1},
        {"off": {"agree:mother": 1}},
        {"fpir": 2},
        {"nothing": 1},
        {"cost_miss": 0.5},
        {"fpir": "x"},
    ):
        with pytest.raises(FieldError):
            Policy.from_dict(wrong)
    broken = WEIGHTS.to_dict()
    del broken["tables"]["name"]["same"]
    for other in (broken, {}, {"tables": 1}):
        with pytest.raises(FieldError):
            Weights.from_dict(other)


@given(st.integers(1, 10**8), st.floats(1.5, 1e4), st.floats(1.5, 1e4))
def test_limits_stand_in_order(people: int, miss: float, alarm: float) -> None:
    limits = Policy(cost_miss=miss, cost_false_alarm=alarm).thresholds(people)
    assert limits.unique <= limits.duplicate
    dearer = Policy(cost_miss=miss * 2, cost_false_alarm=alarm * 2).thresholds(people)
    assert dearer.unique <= limits.unique
    assert dearer.duplicate >= limits.duplicate


def test_no_repr_shows_a_value() -> None:
    one = Record.of_claims(claims(AN))
    text = repr((one, WEIGHTS.compare(one, one)))
    assert not any(value in text for value in AN.values())


def test_the_wanted_false_positive_rate_bounds_the_machine() -> None:
    cheap = Policy(cost_false_alarm=2, fpir=1e-6)
    assert cheap.thresholds(1000).duplicate == pytest.approx(90)  # 10 log10(1000 / 1e-6)
    assert Policy(cost_false_alarm=2, fpir=1e-3).thresholds(1000).duplicate == pytest.approx(60)


def test_a_finger_among_others_has_to_stand_out_in_a_large_register() -> None:
    fingers = (FingerEvidence(RIGHT, RIGHT, 50, 25.0), FingerEvidence(LEFT, LEFT, 1, -19.0))
    mixed = PrintEvidence(10.0, 45.0, fingers)
    one, two = Record.of_claims(claims(AN)), Record.of_claims(claims(BA))
    fields = WEIGHTS.compare(one, two)
    total = WEIGHTS.together(fields) + mixed.decibans
    said = {
        size: judge(one, two, fields, mixed, total, POLICY, POLICY.thresholds(size))[0]
        for size in (10, 10**6)
    }
    assert said == {10: Outcome.MIXED_BIOMETRICS, 10**6: Outcome.UNIQUE}


def test_a_poor_finger_has_to_stand_out_too() -> None:
    poor_finger = PrintEvidence(0.0, 60.0, (FingerEvidence(RIGHT, RIGHT, 60.0, 0.0, poor=True),))
    one, two = Record.of_claims(claims(AN)), Record.of_claims(claims(BA))
    fields = WEIGHTS.compare(one, two)
    said = {
        size: judge(one, two, fields, poor_finger, -13.0, POLICY, POLICY.thresholds(size))[1]
        for size in (10, 10**6)
    }
    assert said == {10: Verdict.ADJUDICATE, 10**6: Verdict.UNIQUE}
