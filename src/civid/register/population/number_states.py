"""What became of a person's numbers, computed from the acts: in force, cancelled, closed by death.

An act of the kind `RENUMBER` cancels the number before it; a death closes the one in force, and a
death that was retracted opens it again. Acts are all that counts, so that an import or a merge
comes to the same states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from civid.register.population import claims
from civid.register.population.claims import Said
from civid.register.population.lookup import NumberKind, is_of, number_token
from civid.register.session import Work
from civid.register.store.tables import acts, numbers

if TYPE_CHECKING:
    from civid.register.population.records import Record

#: Kind of the act that cancels the number before.
RENUMBER = "renumber"
_FIELDS = frozenset({"number", "death"})


def concerned(said: Said) -> bool:
    """Whether an act may change what became of a number."""
    return bool(said.retracted) or any(one.field in _FIELDS for one in said.claims)


def settle_numbers(work: Work, record: Record) -> None:
    """Write into the rows of numbers what the acts say became of them."""
    citizen = record.own
    current = citizen.value("number")
    if not isinstance(current, str):
        return
    dead = citizen.value("death") is not None
    now = number_token(work.vault, NumberKind.PERSONAL, current)
    _become(work, record.id, now, "closed" if dead else "active", None, "death" if dead else "")
    for number in _cancelled(work, record) - {current}:
        token = number_token(work.vault, NumberKind.PERSONAL, number)
        _become(work, record.id, token, "cancelled", now, RENUMBER)


def _cancelled(work: Work, record: Record) -> set[str]:
    seqs = set(
        work.connection.execute(
            select(acts.c.seq).where(acts.c.person == record.id, acts.c.kind == RENUMBER)
        ).scalars()
    )
    found = set()
    for at, (seq, _) in enumerate(record.acts):
        if seq in seqs:
            before = claims.citizen("", record.acts[:at]).value("number")
            if isinstance(before, str):
                found.add(before)
    return found


def _become(
    work: Work, person: bytes, token: bytes, state: str, replaced_by: bytes | None, reason: str
) -> None:
    work.connection.execute(
        update(numbers)
        .where(
            numbers.c.token == token, is_of(NumberKind.PERSONAL),
            numbers.c.person == person, numbers.c.state != state,
        )
        .values(state=state, replaced_by=replaced_by, reason=reason)
    )  # fmt: skip
