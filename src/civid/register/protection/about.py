"""Which rows are about a person: what an export has to give and an erasure to remove."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, or_, select

from civid.errors import NotInRegisterError
from civid.register.session import Work
from civid.register.store import adjudication_tables as a
from civid.register.store import asking_tables as q
from civid.register.store import identity_tables as i
from civid.register.store import sharing_tables as s
from civid.register.store import tables as t

#: Table -> columns that name a person. People, acts, numbers, names, prints and their promises have
#: rules of their own; entries of the log stay for ever and hold references alone.
OF_A_PERSON: dict[Table, tuple[Column[Any], ...]] = {
    t.members: (t.members.c.person,),
    t.forms: (t.forms.c.person,),
    t.slips: (t.slips.c.person,),
    i.dossiers: (i.dossiers.c.person,),
    i.cards: (i.cards.c.person,),
    t.cases: (t.cases.c.person, t.cases.c.other),
    t.sources: (t.sources.c.person,),
    t.holds: (t.holds.c.person,),
    a.unions: (a.unions.c.kept, a.unions.c.merged),
    a.apart: (a.apart.c.low, a.apart.c.high),
    a.suspects: (a.suspects.c.person,),  # and those below a case about the person: `condition`
    a.open_pairs: (a.open_pairs.c.low, a.open_pairs.c.high),
    a.adjudications: (a.adjudications.c.subject,),
    q.consent_terms: (q.consent_terms.c.person,),
    q.unit_requests: (q.unit_requests.c.person,),
    s.consents: (s.consents.c.person,),
    s.questions: (s.questions.c.person,),
    s.guesses: (s.guesses.c.person,),
    s.aliases: (s.aliases.c.person,),
}
#: Table -> (column that names the row above it, that table).
BELOW: dict[Table, tuple[Column[Any], Table]] = {
    i.dossier_events: (i.dossier_events.c.dossier, i.dossiers),
    i.captures: (i.captures.c.dossier, i.dossiers),
    i.card_events: (i.card_events.c.card, i.cards),
    q.unit_request_events: (q.unit_request_events.c.request, q.unit_requests),
    a.rulings: (a.rulings.c.adjudication, a.adjudications),
    a.adjudication_events: (a.adjudication_events.c.adjudication, a.adjudications),
}


def condition(table: Table, people: Sequence[bytes]) -> Any:
    """Rows of a table that are about some people."""
    if table in BELOW:
        column, above = BELOW[table]
        return column.in_(select(above.c.id).where(condition(above, people)))
    if table is a.suspects:
        mine = select(a.adjudications.c.id).where(condition(a.adjudications, people))
        return or_(a.suspects.c.person.in_(people), a.suspects.c.adjudication.in_(mine))
    return or_(*(column.in_(people) for column in OF_A_PERSON[table]))


def rows(connection: Connection, people: Sequence[bytes]) -> Iterator[tuple[Table, Row[Any]]]:
    """Every such row."""
    for table in (*OF_A_PERSON, *BELOW):
        for row in connection.execute(select(table).where(condition(table, people))):
            yield table, row


def one_person(work: Work, person: bytes, *, lock: bool = False) -> tuple[Row[Any], list[bytes]]:
    """The head of somebody within the actor's scope, and all records that were merged into it.

    With `lock`, nobody else holds, erases or gives prints to them before this transaction ends.

    Raises
    ------
    NotInRegisterError
        No such person.
    AccessRefusedError
        Of a unit outside the scope.
    """
    work.about(person)
    query = select(t.persons).where(t.persons.c.id == person)
    head = work.connection.execute(query.with_for_update() if lock else query).one_or_none()
    if head is None:
        raise NotInRegisterError("no such person in this register")
    work.within(head.unit)
    found, new = [person], [person]
    while new:
        merged = select(t.persons.c.id).where(t.persons.c.merged_into.in_(new))
        new = [bytes(one) for one in work.connection.execute(merged).scalars()]
        new = [one for one in new if one not in found]
        found += new
    work.about(*found)
    return head, found
