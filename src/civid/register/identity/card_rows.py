"""Reading and writing the rows of cards, inside a transaction; no rights are checked here."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from civid.cards.generations import Generation
from civid.cards.lifecycle import CardState, Role, card_machine
from civid.errors import ChangedMeanwhileError, FieldError, NotInRegisterError
from civid.register.identity.card import Card, CardEvent, Fate
from civid.register.identity.course import stepped
from civid.register.ids import new_id, to_text
from civid.register.session import Work
from civid.register.store.identity_tables import card_events, cards


def add(
    work: Work, person: bytes, generation: Generation, number: str, issued: date,
    expires: date | None, *, dossier: bytes | None, state: CardState = CardState.ACTIVE,
    event: str,
) -> Card:  # fmt: skip
    """A new card or paper."""
    made = new_id()
    key, sealed = _seal(work, made, number, "")
    work.connection.execute(
        insert(cards).values(
            id=made, person=person, dossier=dossier, generation=generation.value,
            state=state.value, issued=issued.isoformat(),
            expires=None if expires is None else expires.isoformat(), version=1, key=key,
            sealed=sealed,
        )
    )  # fmt: skip
    _event(work, made, event, state, Role.COUNTER, "")
    return load(work, made)


def load(work: Work, reference: bytes, *, lock: bool = False) -> Card:
    """One card; `NotInRegisterError` when there is none."""
    query = select(cards).where(cards.c.id == reference)
    row = work.connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotInRegisterError("no such card in this register")
    return card_of(work, row)


def of_person(work: Work, *people: bytes, lock: bool = False) -> tuple[Card, ...]:
    """Cards and papers of an entry, or of several, by day of issue."""
    query = select(cards).where(cards.c.person.in_(people)).order_by(cards.c.issued, cards.c.id)
    rows = work.connection.execute(query.with_for_update() if lock else query).all()
    return tuple(card_of(work, row) for row in rows)


def card_of(work: Work, row: Row[Any]) -> Card:
    """A row as a card."""
    reference = bytes(row.id)
    body = json.loads(work.vault.open(row.key, row.sealed, "cards", reference))
    return Card(
        to_text(reference), to_text(row.person),
        None if row.dossier is None else to_text(row.dossier), Generation(row.generation),
        CardState(row.state), date.fromisoformat(row.issued),
        None if row.expires is None else date.fromisoformat(row.expires), body["number"],
        body["fate"], row.version,
    )  # fmt: skip


def advance(work: Work, card: Card, transition: str, role: Role | str, reason: str) -> Card:
    """Take a locked card to its next state; errors as `course.stepped`."""
    reference = bytes.fromhex(card.reference)
    last = work.connection.execute(
        select(func.max(card_events.c.at)).where(card_events.c.card == reference)
    ).scalar_one()
    state, acting = stepped(
        work, card_machine(), card.state, last or work.now, transition, role, reason
    )
    _update(work, card, state=state.value)
    _event(work, reference, transition, state, acting, reason)
    return load(work, reference)


def collect(work: Work, reference: bytes, fate: Fate | str, *, person: bytes) -> Card:
    """Note what was done to an old paper of this person."""
    try:
        done = Fate(fate)
    except ValueError:
        raise FieldError("fate", f"not one of {', '.join(Fate)}") from None
    card = load(work, reference, lock=True)
    if bytes.fromhex(card.person) != person:
        raise FieldError("card", "belongs to somebody else")
    key, sealed = _seal(work, reference, card.number, done.value)
    _update(work, card, key=key, sealed=sealed)
    _event(work, reference, done.value, card.state, Role.COUNTER, "")
    return load(work, reference)


def events(work: Work, reference: bytes) -> tuple[CardEvent, ...]:
    """Everything that happened to a card, oldest first."""
    rows = work.connection.execute(
        select(card_events).where(card_events.c.card == reference).order_by(card_events.c.seq)
    )
    return tuple(
        CardEvent(one.at, one.transition, one.state, one.role, one.officer, one.reason)
        for one in rows
    )


def _update(work: Work, card: Card, **values: Any) -> None:
    done = work.connection.execute(
        update(cards)
        .where(cards.c.id == bytes.fromhex(card.reference), cards.c.version == card.version)
        .values(version=card.version + 1, **values)
    )
    if done.rowcount != 1:
        raise ChangedMeanwhileError("somebody else changed this card first; read it again")


def _seal(work: Work, reference: bytes, number: str, fate: str) -> tuple[int, bytes]:
    body = json.dumps({"number": number, "fate": fate}).encode()
    return work.vault.seal(body, "cards", reference)


def _event(
    work: Work, reference: bytes, transition: str, state: CardState, role: Role, reason: str
) -> None:
    last = work.connection.execute(
        select(func.max(card_events.c.seq)).where(card_events.c.card == reference)
    ).scalar_one()
    try:
        work.connection.execute(
            insert(card_events).values(
                card=reference, seq=(last or 0) + 1, at=work.now, transition=transition,
                state=state.value, role=role.value, officer=work.actor.name, reason=reason,
            )
        )  # fmt: skip
    except IntegrityError:
        raise ChangedMeanwhileError("somebody else changed this card first") from None
