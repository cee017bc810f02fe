"""Who has a name of some sound and was born in some year."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from civid.register.population.lookup import name_token
from civid.register.session import Work
from civid.register.store.prepared import Prepared
from civid.register.store.tables import names

_NAMED = Prepared(
    select(names.c.person)
    .where(names.c.token == bindparam("token"), names.c.birth_year == bindparam("year"))
    .order_by(names.c.person)
    .limit(bindparam("most"))
)


def named(work: Work, sound: str, year: int, most: int) -> list[bytes]:
    """Entries, at most so many."""
    token = name_token(work.vault, sound)
    found = _NAMED(work.connection, token=token, year=year, most=most).scalars()
    return [bytes(one) for one in found]
