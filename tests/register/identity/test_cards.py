"""Cards and papers: issued once, replaced, lost, withdrawn, expired, handed in."""

from __future__ import annotations

from datetime import date

import pytest
from tests.register.citizens import Clock, citizen
from tests.register.conftest import Opener
from tests.register.identity.test_dossiers import UNIT, WAY, filed, through_the_counter

from civid.cards.generations import Generation
from civid.cards.lifecycle import CardState, Role
from civid.errors import (
    AccessRefusedError,
    AlreadyInRegisterError,
    ChangedMeanwhileError,
    FieldError,
    NotInRegisterError,
    TransitionError,
)
from civid.register import Actor, Capability, Register
from civid.register.identity.card import Card, Fate


def delivered(register: Register, **more: object) -> str:
    """A dossier at its end."""
    dossier = through_the_counter(register, filed(register, **more))  # type: ignore[arg-type]
    for transition, role, _ in WAY:
        register.dossiers.take(dossier.reference, transition, role=role)
    return dossier.reference


def again(register: Register, card: Card, procedure: str, reason: str = "request") -> Card:
    """The next card of somebody."""
    from tests.register.citizens import WEEKDAYS

    dossier = register.dossiers.open(card.person, procedure=procedure, unit=UNIT, calendar=WEEKDAYS)
    through_the_counter(register, dossier)
    for transition, role, _ in WAY:
        register.dossiers.take(dossier.reference, transition, role=role)
    return register.cards.issue(dossier.reference, reason=reason)


def test_a_card_is_issued_once(opened: Opener) -> None:
    register = opened(clock=Clock())
    dossier = delivered(register)
    card = register.cards.issue(dossier)
    assert (card.generation, card.issued) == (Generation.CAN_CUOC, date(2026, 3, 2))
    assert card.expires == date(2041, 3, 5)
    with pytest.raises(AlreadyInRegisterError):
        register.cards.issue(dossier)
    # A misprint: the wrong card is withdrawn, the dossier goes its way again.
    register.cards.take(
        card.reference, "withdraw", role=Role.NATIONAL_CENTRE, reason="issued_wrongly"
    )
    second = register.cards.issue(dossier)
    states = [one.state for one in register.cards.papers(card.person).cards]
    assert sorted(states) == [CardState.ACTIVE, CardState.WITHDRAWN]
    assert register.cards.get(second.reference) == second
    assert card.to_dict()["expires"] == "2041-03-05"
    assert card.number not in repr(card)


def test_the_newest_generation_of_its_day(opened: Opener) -> None:
    register = opened(clock=Clock(date(2021, 6, 10)))
    card = register.cards.issue(delivered(register))
    assert (card.generation, card.expires) == (Generation.CCCD_CHIP, date(2026, 3, 5))


def test_older_papers_are_replaced_for_the_right_reason(opened: Opener) -> None:
    register = opened(clock=Clock())
    first = register.cards.issue(delivered(register))
    register.cards.record(first.person, "cmnd9", "191234567", date(2012, 5, 5))
    with pytest.raises(AlreadyInRegisterError, match="renewal or re-issue"):
        again(register, first, "first")
    with pytest.raises(TransitionError, match="needs a reason"):
        again(register, first, "renewal", "whim")
    dossier = register.dossiers.of(first.person)[-1]
    second = register.cards.issue(dossier.reference, reason="name")
    lost = register.cards.take(second.reference, "report_lost", role=Role.CITIZEN)
    assert lost.state is CardState.LOST
    third = again(register, second, "reissue")
    reasons = {}
    for card in register.cards.papers(first.person).cards:
        if card.reference != third.reference:
            last = register.cards.history(card.reference)[-1]
            assert last.transition == "replace"
            reasons[card.generation, last.reason] = card.state
    assert reasons == {
        (Generation.CAN_CUOC, "name"): CardState.REPLACED,
        (Generation.CMND9, "old_document"): CardState.REPLACED,
        (Generation.CAN_CUOC, "lost"): CardState.REPLACED,
    }
    found = register.cards.papers(first.person)
    assert found.current == third
    assert found.to_dict()["current"] == third.reference


def test_papers_from_before(opened: Opener) -> None:
    register = opened(clock=Clock())
    who = register.people.add(citizen(), unit=UNIT)
    record = register.cards.record
    assert who.number is not None
    cmnd = record(who.reference, "cmnd9", "191234567", date(2012, 5, 5))
    assert cmnd.expires == date(2024, 12, 31)
    chip = record(who.reference, Generation.CCCD_CHIP, who.number, date(2021, 6, 10))
    assert chip.expires == date(2026, 3, 5)
    endless = record(
        who.reference, "cccd-barcode", who.number, date(2018, 1, 2), expires=None,
        state="withdrawn",
    )  # fmt: skip
    assert (endless.expires, endless.state) == (None, CardState.WITHDRAWN)
    found = register.cards.papers(who.reference)
    assert [one.issued.year for one in found.cards] == [2012, 2018, 2021]
    assert found.current == chip
    assert [one.code for one in found.warnings] == ["chain.active"]
    assert register.cards.papers(who.reference, on=date(2013, 1, 1)).current == cmnd
    with pytest.raises(FieldError, match="9 digits"):
        record(who.reference, "cmnd9", "19123456", date(2012, 5, 5))
    with pytest.raises(FieldError, match="not issued"):
        record(who.reference, "can-cuoc", who.number, date(2020, 5, 5))


def test_an_old_paper_is_handed_in(opened: Opener) -> None:
    register = opened(clock=Clock())
    who, other = (register.people.add(citizen(), unit=UNIT) for _ in range(2))
    old = register.cards.record(who.reference, "cmnd9", "191234567", date(2012, 5, 5))
    cut = register.cards.collect(old.reference, Fate.CORNER_CUT)
    assert (cut.fate, cut.state, cut.number) == ("corner_cut", CardState.ACTIVE, "191234567")
    with pytest.raises(FieldError):
        register.cards.collect(old.reference, "eaten")
    with pytest.raises(ChangedMeanwhileError):
        register.cards.collect(old.reference, "cancelled", version=1)
    assert [one.transition for one in register.cards.history(old.reference)] == [
        "record", "corner_cut",
    ]  # fmt: skip
    assert register.cards.papers(other.reference).cards == ()


def test_the_calendar_ends_cards(opened: Opener) -> None:
    clock = Clock(date(2021, 6, 10))
    register = opened(clock=clock)
    cards = [register.cards.issue(delivered(register)) for _ in range(3)]
    register.cards.take(cards[0].reference, "hold", role=Role.DETENTION_AUTHORITY, reason="prison")
    register.cards.take(cards[1].reference, "report_lost", role=Role.CITIZEN)
    assert register.cards.expire(on=date(2026, 3, 5)) == 0  # the last day counts
    assert register.cards.expire(on=date(2026, 3, 6), limit=1) == 1
    assert register.cards.expire(on=date(2026, 3, 6)) == 1
    assert register.cards.expire(on=date(2026, 3, 6)) == 0
    states = [register.cards.get(one.reference).state for one in cards]
    assert states == [CardState.EXPIRED, CardState.LOST, CardState.EXPIRED]


def test_who_may(opened: Opener) -> None:
    register = opened(clock=Clock())
    card = register.cards.issue(delivered(register))
    take = register.cards.take
    with pytest.raises(TransitionError, match="counter may not withdraw"):
        take(card.reference, "withdraw", role=Role.COUNTER, reason="altered")
    with pytest.raises(FieldError):
        take(card.reference, "withdraw", role="king", reason="altered")
    elsewhere = register.acting_as(Actor("x", unit="79"))
    for attempt in (
        lambda: elsewhere.cards.get(card.reference),
        lambda: elsewhere.cards.papers(card.person),
        lambda: elsewhere.cards.take(card.reference, "report_lost", role=Role.COUNTER),
        lambda: elsewhere.cards.collect(card.reference, "cancelled"),
    ):
        with pytest.raises(AccessRefusedError):
            attempt()
    assert elsewhere.cards.expire(on=date(2060, 1, 1)) == 0
    reader = register.acting_as(Actor("r", frozenset({Capability.READ}), unit="46"))
    assert reader.cards.get(card.reference) == card
    with pytest.raises(AccessRefusedError):
        reader.cards.take(card.reference, "report_lost", role=Role.COUNTER)
    with pytest.raises(NotInRegisterError):
        register.cards.get("0" * 32)
    with pytest.raises(ChangedMeanwhileError):
        take(card.reference, "report_lost", role=Role.COUNTER, version=7)
