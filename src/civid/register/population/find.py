"""Finding people: by number, by name and birth, by household; in pages, always by an index."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select, tuple_

from civid.errors import FieldError
from civid.people.dates import PartialDate, parse
from civid.people.names import compare
from civid.register.ids import from_text, to_text
from civid.register.population import records, unions
from civid.register.population.lookup import name_token, sounds
from civid.register.population.people import as_person, number_of
from civid.register.population.person import Page, Person
from civid.register.population.records import Record
from civid.register.session import Service, Work, reads
from civid.register.store.tables import households, members, names

MOST = 200
#: Names less alike than this are not what was asked for; see `civid.people.names.compare`.
LEAST_ALIKE = 0.5


class Finder(Service):
    """Questions about who is in the register. Safe for threads."""

    @reads("person.find")
    def find(
        self,
        work: Work,
        *,
        number: str | None = None,
        name: str | None = None,
        birth: int | str | date | None = None,
        household: str | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """People by number, by name (with or without a birth), or by household.

        Accents, spelling and what dialects merge do not matter for finding; the more alike come
        first within a page. People outside the actor's scope are left out.

        Parameters
        ----------
        number : str
            Any number somebody has or had.
        name : str
            The whole name.
        birth : int, str or date
            With a name: a year, or a day as it may be incomplete.
        household : str
            Residence file number (số hồ sơ cư trú).
        limit : int
            Most people a page, up to 200.
        after : str, optional
            From the page before.

        Raises
        ------
        FieldError
            Not exactly one of number, name and household, or one that cannot be read.
        """
        if not 1 <= limit <= MOST:
            raise FieldError("limit", f"outside 1 to {MOST}")
        if sum(one is not None for one in (number, name, household)) != 1:
            raise FieldError("find", "give a number, a name or a household")
        if number is not None:
            kind, digits = number_of(number)
            found = records.holders(work.connection, work.vault, kind, digits)
            page = _page(work, found[:limit], None)
            if len(page.people) == 1:  # what is recorded under this number is that entry's
                asked = to_text(found[0])
                return replace(page, people=(replace(page.people[0], entry=asked),))
            return page
        if household is not None:
            return _page(work, _members(work, household)[:MOST], None)
        assert name is not None
        return _by_name(work, name, _birth(birth), limit, after)


def _birth(given: int | str | date | None) -> PartialDate | None:
    if given is None:
        return None
    if isinstance(given, date):
        return parse(given.strftime("%d/%m/%Y"))
    return parse(str(given))


def _by_name(
    work: Work, name: str, birth: PartialDate | None, limit: int, after: str | None
) -> Page:
    token = name_token(work.vault, sounds(name))
    query = select(names.c.birth_year, names.c.person).where(names.c.token == token)
    if birth is not None:
        query = query.where(names.c.birth_year == birth.year)
    if after is not None:
        year, person = _position(after)
        query = query.where(tuple_(names.c.birth_year, names.c.person) > tuple_(year, person))
    query = query.order_by(names.c.birth_year, names.c.person)
    kept: list[tuple[float, Record]] = []
    last: tuple[int, bytes] | None = None
    rows = work.connection.execute(query.limit(limit + 1)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    for record in unions.whole_many(
        work.connection, work.vault, [bytes(row.person) for row in rows]
    ):
        if record.state != records.ACTIVE or not work.actor.covers(record.unit):
            continue
        alike = max(
            (
                compare(name, one.name).score
                for one in _entries(record)
                if _agrees(birth, one.birth)
            ),
            default=0.0,
        )
        if alike >= LEAST_ALIKE:
            kept.append((alike, record))
    if more:
        last = rows[-1].birth_year, bytes(rows[-1].person)
    kept.sort(key=lambda one: -one[0])
    work.about(*(record.id for _, record in kept))
    next_page = None if last is None else f"{last[0]}-{last[1].hex()}"
    return Page(tuple(as_person(record) for _, record in kept), next_page)


def _entries(record: Record) -> list[Person]:
    """A person as they count, and as each entry has them that was merged into theirs."""
    return [as_person(record), *(as_person(one) for one, _ in record.joined)]


def _agrees(asked: PartialDate | None, held: PartialDate | None) -> bool:
    if asked is None or held is None:
        return True
    return all(
        one is None or two is None or one == two
        for one, two in ((asked.month, held.month), (asked.day, held.day))
    )


def _position(text: str) -> tuple[int, bytes]:
    year, _, person = text.partition("-")
    if not year.isdecimal() or len(year) > 4:
        raise FieldError("after", "not from an earlier page")
    return int(year), from_text(person)


def _members(work: Work, code: str) -> list[bytes]:
    token = work.vault.token("household", code.strip())
    rows = work.connection.execute(
        select(members.c.person)
        .join(households, households.c.id == members.c.household)
        .where(households.c.code == token, members.c.until.is_(None))
        .order_by(members.c.since, members.c.person)
    ).scalars()
    return [bytes(one) for one in rows]


def _page(work: Work, people: list[bytes], after: str | None) -> Page:
    kept = [
        record
        for record in unions.whole_many(work.connection, work.vault, people)
        if record.state == records.ACTIVE and work.actor.covers(record.unit)
    ]
    work.about(*(record.id for record in kept))
    return Page(tuple(as_person(record) for record in kept), after)
