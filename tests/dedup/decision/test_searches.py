"""The searches of one dossier, made in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from tests.dedup.decision.people import AN, BA, LEFT, RIGHT, again, claims, enrol, prints

from civid.dedup.decision import Enrolment, Policy
from civid.dedup.decision.prints import reader as reader_module
from civid.dedup.decision.prints.reader import PrintReader
from civid.dedup.decision.question import Question
from civid.dedup.decision.weights import Weights
from civid.fingerprint.template import Template
from civid.position import Position
from civid.register import Register
from civid.search import Gallery
from civid.search.queries import ask_many

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
    together = reader.searches([looks], 20)
    alone = [reader.searches([[look]], 20).search([(0, look)]) for look in looks]
    assert [together.search([(0, look)]) for look in looks] == alone
    back = reader.searches([looks], 20).search([(0, look) for look in looks[::-1]])
    assert back == [one[0] for one in alone[::-1]]
    assert any(first in one[0] for one in alone) == (probe is not STRANGER)


def test_those_of_several_dossiers_are_made_when_each_asks_first(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(register, AN, prints(1))
    enrol(register, BA, prints(2))
    probes = [again(prints(1)), again(prints(2)), {LEFT: again(prints(2))[LEFT]}, STRANGER]
    looks = [
        Question(Enrolment(claims(AN), probe), Policy(), Weights()).foreseen() for probe in probes
    ]
    reader = PrintReader(register._session)
    alone = [[reader.searches([[one]], 20).search([(0, one)])[0] for one in many] for many in looks]
    calls: list[int] = []

    def counted(gallery: Gallery, asked: Sequence[Any], limit: int) -> object:
        calls.append(len(asked))
        return ask_many(gallery, asked, limit)

    monkeypatch.setattr(reader_module, "ask_many", counted)
    monkeypatch.setattr(reader_module, "_TOGETHER", 2)
    together = reader.searches(looks, 20)
    first = [(at, looks[at][0]) for at in (3, 0, 1)]
    assert together.search(first) == [alone[3][0], alone[0][0], alone[1][0]]
    assert calls == [2, 1]
    every = [(at, one) for at, many in enumerate(looks) for one in many]
    assert together.search(every) == [found for many in alone for found in many]
    assert calls == [2, 1, 1]
