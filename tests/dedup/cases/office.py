"""An office: people with prints, decisions about them, officers who judge."""

from __future__ import annotations

from tests.dedup.decision.people import AN, BA, CU, again, claims, enrol, poor, prints

from civid.dedup.cases import Answer, CaseDesk, CaseFile, CaseSummary
from civid.dedup.decision import Decision, Deduplicator, Enrolment, Outcome
from civid.register import Register

SAME = ("same-person", "prints.alike")
OTHERS = ("different-people", "prints.unlike")
#: Like nobody else here.
DO = {
    "name": "Đỗ Quỳnh Giang", "birth": "02/12/1993", "sex": "Nữ", "number": "048193000777",
    "father_name": "Đỗ Minh Tâm", "mother_name": "Hồ Thị Sen", "home_town": "Đà Nẵng",
    "permanent_residence": "5 Bạch Đằng, Đà Nẵng", "residence_file": "HH0009",
}  # fmt: skip


def twice(register: Register) -> tuple[str, str]:
    """Somebody who is here under another name and number, with the same fingers."""
    hands = prints(1)
    first = enrol(register, AN, hands)
    enrol(register, CU, prints(3))
    return first, enrol(register, BA, again(hands))


def decision_about(register: Register, person: str) -> Decision:
    """What the machine makes of somebody who is in the register."""
    found = register.people.get(person)
    settled = CaseDesk(register).settled(person)
    return Deduplicator(register).check(
        Enrolment(found.citizen.claims, again(prints(1), 7), settled)
    )


def filed(register: Register, person: str, **kwargs: str) -> CaseSummary:
    made = CaseDesk(register).file(decision_about(register, person), person=person, **kwargs)
    assert made is not None
    return made


def alone_case(register: Register) -> CaseSummary:
    """A case with nobody to compare: poor prints, and data like nobody's."""
    who = enrol(register, DO, prints(9))
    decision = Deduplicator(register).check(
        Enrolment(claims(DO), poor(again(prints(9))), frozenset({who}))
    )
    assert decision.outcome is Outcome.UNPROVEN
    made = CaseDesk(register).file(decision, person=who)
    assert made is not None
    assert made.candidates == 0
    return made


def officer(register: Register, name: str) -> CaseDesk:
    return CaseDesk(register.acting_as(name))


def rule(
    register: Register, name: str, ruling: str, reason: str, **kwargs: object
) -> tuple[CaseFile, Answer]:
    """The next case of an officer, and what they say of it."""
    desk = officer(register, name)
    case = desk.assign()
    assert case is not None
    return case, desk.decide(case.reference, ruling, reason, ticket=case.ticket, **kwargs)  # type: ignore[arg-type]


def decided(register: Register, ruling: str, reason: str, **kwargs: object) -> Answer:
    """Two officers who say the same of the next case."""
    rule(register, "officer-1", ruling, reason, **kwargs)
    return rule(register, "officer-2", ruling, reason, **kwargs)[1]
