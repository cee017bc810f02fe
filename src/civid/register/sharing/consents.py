"""Rows of consents (đồng ý của công dân): given, until when, withdrawn; none is overwritten."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from civid.errors import ChangedMeanwhileError
from civid.register.session import Work
from civid.register.store.sharing_tables import consents


def give(work: Work, grant: bytes, person: bytes, evidence: str, until: int | None) -> None:
    """Record a consent."""
    run = work.connection.execute
    last = run(
        select(func.max(consents.c.seq)).where(
            consents.c.grant == grant, consents.c.person == person
        )
    ).scalar_one()
    try:
        run(
            insert(consents).values(
                grant=grant, person=person, seq=1 + int(last or 0), given=work.now, until=until,
                actor=work.actor.name, evidence=evidence,
            )
        )  # fmt: skip
    except IntegrityError:
        raise ChangedMeanwhileError("somebody else recorded a consent at the same time") from None


def withdraw(work: Work, grant: bytes, people: Sequence[bytes]) -> int:
    """End every consent that has not ended; how many."""
    done = work.connection.execute(
        update(consents)
        .where(
            consents.c.grant == grant, consents.c.person.in_(people),
            consents.c.withdrawn.is_(None),
        )
        .values(withdrawn=work.now, withdrawn_by=work.actor.name)
    )  # fmt: skip
    return done.rowcount
