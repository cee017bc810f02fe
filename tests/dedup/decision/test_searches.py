"""The searches of one dossier, made in one pass."""

from __future__ import annotations

import pytest
from tests.dedup.decision.people import AN, BA, LEFT, RIGHT, again, claims, enrol, prints

from civid.dedup.decision import Enrolment, Policy
from civid.dedup.decision.prints.reader import PrintReader
from civid.dedup.decision.question import Question
from civid.dedup.decision.weights import Weights
from civid.fingerprint.template import Template
from civid.position import Position
from civid.register import Register

PROBE, STRANGER = again(prints(1)), prints(9)


@pytest.mark.parametrize("probe", [
    PROBE, {RIGHT: PROBE[LEFT], LEFT: PROBE[RIGHT]}, {LEFT: PROBE[LEFT]}, STRANGER,
    {Position.UNKNOWN: PROBE[LEFT], RIGHT: prints(2)[RIGHT]},
])  # fmt: skip
def test_they_lead_to_those_whom_one_at_a_time_leads_to(
    register: Register, probe: dict[Position, Template]
) -> None:
    first = enrol(register, AN, prints(1))
    enrol(register, BA, prints(2))
    question = Question(Enrolment(claims(AN), probe), Policy(), Weights())
    looks = question.foreseen()
    assert len(looks) == (2 if len(probe) == 1 else 4)
    reader = PrintReader(register._session)
    together = reader.search_one(looks, 20)
    alone = [reader.search([look], 20) for look in looks]
    assert [together.search([look]) for look in looks] == alone
    assert reader.search_one(looks, 20).search(looks[::-1]) == [one[0] for one in alone[::-1]]
    assert any(first in one[0] for one in alone) == (probe is not STRANGER)
