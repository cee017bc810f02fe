"""A day's dossiers decided together are decided as one by one, and against each other."""

from __future__ import annotations

import pytest
from tests.dedup.decision.people import (
    AN,
    BA,
    CU,
    LEFT,
    RIGHT,
    again,
    claims,
    enrol,
    finger,
    poor,
    prints,
)

from civid.dedup.batch import check_day
from civid.dedup.decision import Deduplicator, Enrolment, Outcome, Verdict
from civid.errors import FieldError
from civid.register import Register


def dossiers() -> list[Enrolment]:
    """The same, other data, hands exchanged, one finger of another, poor, nobody, no prints."""
    an = again(prints(1))
    return [
        Enrolment(claims(AN), an),
        Enrolment(claims(CU), again(prints(2))),
        Enrolment(claims(CU), {RIGHT: an[LEFT], LEFT: an[RIGHT]}),
        Enrolment(claims(CU), {RIGHT: an[RIGHT], LEFT: finger(50, LEFT)}),
        Enrolment(claims(BA), poor(again(prints(2)))),
        Enrolment(claims(CU), prints(60)),
        Enrolment(claims(BA)),
    ]


def test_together_is_as_one_by_one(register: Register) -> None:
    enrol(register, AN, prints(1))
    enrol(register, BA, prints(2))
    deduplicator = Deduplicator(register)
    alone = [deduplicator.check(one) for one in dossiers()]
    for size in (2, 7, 500):
        assert list(deduplicator.check_many(dossiers(), together=size)) == alone
    assert check_day(deduplicator, dossiers()).decisions == tuple(alone)
    outcomes = [one.outcome for one in alone]
    assert outcomes[:4] == [
        Outcome.DUPLICATE, Outcome.TWO_NUMBERS, Outcome.TWO_NUMBERS, Outcome.MIXED_BIOMETRICS
    ]  # fmt: skip
    assert outcomes[5:] == [Outcome.UNIQUE, Outcome.ADJUDICATE]


def test_dossiers_of_one_day_are_compared_with_each_other(register: Register) -> None:
    day = [
        Enrolment(claims(AN), prints(1)),
        Enrolment(claims(BA), prints(2)),
        Enrolment(claims(CU), again(prints(1))),
        Enrolment(claims(BA, name="Trần Văn Bá"), again(prints(2))),
    ]
    found = check_day(Deduplicator(register), day)
    assert [one.verdict for one in found.decisions] == [Verdict.UNIQUE] * 4
    assert {(one.first, one.second): one.evidence.outcome for one in found.among} == {
        (0, 2): Outcome.TWO_NUMBERS, (1, 3): Outcome.DUPLICATE,
    }  # fmt: skip
    assert set(found.among[1].evidence.found_by) == {"number", "name", "prints"}


def test_a_day_tells_how_far_it_is(register: Register) -> None:
    told: list[tuple[int, int]] = []
    check_day(
        Deduplicator(register), dossiers(), together=3, on_progress=lambda *one: told.append(one)
    )
    assert told == [(one, 7) for one in range(1, 8)]
    assert check_day(Deduplicator(register), []).among == ()


@pytest.mark.parametrize("together", [0, -1, 10**6])
def test_nonsense_is_refused(register: Register, together: int) -> None:
    with pytest.raises(FieldError):
        list(Deduplicator(register).check_many(dossiers(), together=together))
