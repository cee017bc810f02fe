"""Cards (thẻ) and older papers as a service: issued, lost, withdrawn, replaced, handed in."""

from __future__ import annotations

from datetime import date
from typing import Literal

from sqlalchemy import select

from civid.cards.generations import Generation, issued_on, order
from civid.cards.lifecycle import CardState, DossierState, Role, check_chain, current
from civid.cards.regimes import Procedure
from civid.cards.validity import cmnd_expires_on
from civid.errors import (
    AlreadyInRegisterError,
    ChangedMeanwhileError,
    FieldError,
    TransitionError,
)
from civid.register.actor import Capability
from civid.register.identity import card_rows
from civid.register.identity.card import Card, CardEvent, Fate, Papers
from civid.register.identity.dossiers import locked
from civid.register.identity.entitlement import expires as expires_by_law
from civid.register.ids import from_text
from civid.register.listing import checked_limit
from civid.register.population import unions
from civid.register.population.people import held, readable
from civid.register.session import Service, Work, changes, reads
from civid.register.store.identity_tables import cards, dossiers
from civid.register.store.tables import persons
from civid.register.units import in_scope

#: From these a paper becomes a replaced one when a new card is issued.
_REPLACEABLE = frozenset({CardState.ACTIVE, CardState.EXPIRED, CardState.LOST})
_GONE = frozenset({CardState.WITHDRAWN, CardState.DESTROYED})
_CMND = frozenset({Generation.CMND9, Generation.CMND12})


class Cards(Service):
    """Cards and papers of a register's people. Safe for threads."""

    @changes("card.issue", Capability.ENROL)
    def issue(
        self, work: Work, dossier: str, *, issued: date | None = None, reason: str = "request"
    ) -> Card:
        """The card of a dossier that was delivered; older papers are replaced by it.

        Parameters
        ----------
        dossier : str
            Reference of the dossier.
        issued : date, optional
            Day on the card; today, unless given.
        reason : str
            Why an older card of the same kind is replaced, as `civid.cards.lifecycle.card_machine`
            has it; papers of an older kind are replaced as such, lost ones as lost.

        Raises
        ------
        TransitionError
            The dossier was not delivered, or a reason that does not count.
        AlreadyInRegisterError
            The card of this dossier was issued already.
        FieldError
            The number is missing, or the date of birth too incomplete.
        """
        held = locked(work, dossier, None)
        if held.state is not DossierState.DELIVERED:
            raise TransitionError(f"card: no issue of a dossier that is {held.state}")
        record = unions.whole(work.connection, work.vault, held.person)
        before = card_rows.of_person(work, held.person, lock=True)
        if any(one.dossier == dossier and one.state not in _GONE for one in before):
            raise AlreadyInRegisterError("the card of this dossier was issued already")
        day = issued or work.session.today()
        number = record.citizen.value("number", on=day)
        if not isinstance(number, str):
            raise FieldError("number", "is missing in the register")
        kind = max(issued_on(day), key=order)
        until = expires_by_law(record.citizen, day, held.filed)
        lost = Procedure(held.row["procedure"]) is Procedure.REISSUE
        for one in before:
            if one.state in _REPLACEABLE:
                older = "old_document" if one.generation is not kind else reason
                why = "lost" if lost or one.state is CardState.LOST else older
                card_rows.advance(work, one, "replace", Role.COUNTER, why)
        work.detail.update(generation=kind.value, replaced=len(before))
        return card_rows.add(
            work, held.person, kind, number, day, until, dossier=held.id, event="issue"
        )

    @changes("card.record", Capability.ENROL)
    def record(
        self,
        work: Work,
        person: str,
        generation: Generation | str,
        number: str,
        issued: date,
        *,
        expires: date | Literal["law"] | None = "law",
        state: CardState | str = CardState.ACTIVE,
    ) -> Card:
        """A paper from before this register: a CMND of 9 or 12 digits, a CCCD.

        The number leads to the person only when it is claimed, too (``cmnd9``).

        Parameters
        ----------
        expires : date, None or "law"
            None = without end.

        Raises
        ------
        FieldError
            A number of another length, or a day on which such papers were not issued.
        """
        record = held(work, person, None)
        kind = Generation(generation)
        if len(number) != kind.facts.number_digits or not (number.isascii() and number.isdigit()):
            raise FieldError("number", f"expected {kind.facts.number_digits} digits")
        if kind not in issued_on(issued):
            raise FieldError("issued", "such papers were not issued on that day")
        if expires == "law":
            until = (
                cmnd_expires_on(issued)
                if kind in _CMND
                else expires_by_law(record.citizen, issued, issued)
            )
        else:
            until = expires
        work.detail["generation"] = kind.value
        return card_rows.add(
            work, record.id, kind, number, issued, until, dossier=None, state=CardState(state),
            event="record",
        )  # fmt: skip

    @reads("card.read")
    def get(self, work: Work, reference: str) -> Card:
        """One card; `NotInRegisterError` when there is none."""
        return _within(work, card_rows.load(work, from_text(reference)))

    @reads("card.papers")
    def papers(self, work: Work, person: str, *, on: date | None = None) -> Papers:
        """Every paper of somebody, the one in force on a day, and what is odd about them."""
        record = readable(work, from_text(person))
        found = card_rows.of_person(work, *unions.entries(work.connection, record.id))
        valid = current((one.paper for one in found), on or work.session.today())
        newest = next((one for one in found if one.paper == valid), None)
        return Papers(found, newest, check_chain([one.paper for one in found]))

    @reads("card.history")
    def history(self, work: Work, reference: str) -> tuple[CardEvent, ...]:
        """Everything that happened to a card, oldest first."""
        card = _within(work, card_rows.load(work, from_text(reference)))
        return card_rows.events(work, from_text(card.reference))

    @changes("card.take", Capability.ENROL)
    def take(
        self, work: Work, reference: str, transition: str, *, role: Role | str, reason: str = "",
        version: int | None = None,
    ) -> Card:  # fmt: skip
        """Take a card to its next state, such as ``report_lost`` as ``citizen``.

        Raises
        ------
        TransitionError
            No such step from here, by this role, or without a reason that counts.
        ChangedMeanwhileError
            Somebody else was first.
        """
        card = _locked(work, reference, version)
        work.detail["transition"] = transition
        return card_rows.advance(work, card, transition, role, reason)

    @changes("card.collect", Capability.ENROL)
    def collect(
        self, work: Work, reference: str, fate: Fate | str, *, version: int | None = None
    ) -> Card:
        """Note what was done to an old paper: taken in, corner cut, cancelled."""
        card = _locked(work, reference, version)
        return card_rows.collect(work, from_text(reference), fate, person=from_text(card.person))

    @changes("card.expire", Capability.ADMINISTER)
    def expire(self, work: Work, *, on: date | None = None, limit: int = 1000) -> int:
        """Mark cards whose day has passed as expired, as the calendar; returns how many.

        Call it until it returns 0.
        """
        day = (on or work.session.today()).isoformat()
        query = (
            select(cards)
            .join(persons, persons.c.id == cards.c.person)
            .where(
                cards.c.state.in_([CardState.ACTIVE.value, CardState.HELD.value]),
                cards.c.expires < day,
                in_scope(persons.c.unit, work.actor),
            )
            .order_by(cards.c.id)
            .limit(checked_limit(limit))
            .with_for_update(of=cards)
        )
        rows = work.connection.execute(query).all()
        for row in rows:
            work.about(bytes(row.person))
            card_rows.advance(work, card_rows.card_of(work, row), "expire", Role.SYSTEM, "")
        work.detail["expired"] = len(rows)
        return len(rows)


def _within(work: Work, card: Card) -> Card:
    """A card that the actor may see: kept by their unit, or issued from its dossier."""
    person = from_text(card.person)
    work.about(person)
    units = [
        work.connection.execute(select(persons.c.unit).where(persons.c.id == person)).scalar_one()
    ]
    if card.dossier is not None:
        units.append(
            work.connection.execute(
                select(dossiers.c.unit).where(dossiers.c.id == from_text(card.dossier))
            ).scalar_one()
        )
    work.within(*units)
    return card


def _locked(work: Work, reference: str, version: int | None) -> Card:
    card = _within(work, card_rows.load(work, from_text(reference), lock=True))
    if version is not None and version != card.version:
        raise ChangedMeanwhileError("somebody else changed this card first; read it again")
    return card
