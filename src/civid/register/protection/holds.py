"""Legal holds (lệnh lưu giữ): whose record is neither erased nor thinned out, come what may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, insert, or_, select, update

from civid.errors import FieldError, HeldError, NotInRegisterError, RegisterDamagedError
from civid.register.actor import Capability
from civid.register.ids import from_text, new_id, to_text
from civid.register.protection.about import one_person
from civid.register.session import Service, Work, changes, reads
from civid.register.store.tables import holds

_LONGEST = 500


@dataclass(frozen=True, slots=True, repr=False)
class Hold:
    """A legal hold.

    Attributes
    ----------
    hold : str
        Its own reference.
    reference : str
        Of the person.
    actor : str
        Who put it there.
    since : int
        Microseconds since 1970, UTC.
    until : date or None
        Last day; None = until it is released.
    reason : str
        Which order of which court or authority.
    released : int or None
        Since when it no longer holds.
    """

    hold: str
    reference: str
    actor: str
    since: int
    until: date | None
    reason: str
    released: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return found | {"until": None if self.until is None else self.until.isoformat()}

    def __repr__(self) -> str:
        return f"<Hold {'released' if self.released else 'in force'}>"


class Holds(Service):
    """Legal holds of a register. Safe for threads."""

    @changes("hold.set", Capability.ADMINISTER)
    def hold(self, work: Work, reference: str, reason: str, until: date | None) -> Hold:
        """See `Protection.hold`."""
        if not reason.strip() or len(reason) > _LONGEST:
            raise FieldError("reason", f"expected 1 to {_LONGEST} characters")
        person = from_text(reference)
        one_person(work, person, lock=True)
        made = new_id()
        key, sealed = work.vault.seal(
            reason.encode("utf-8", "surrogatepass"), "holds", made
        )  # sealed: it may name somebody
        work.connection.execute(
            insert(holds).values(
                id=made, person=person, actor=work.actor.name, since=work.now,
                until=None if until is None else until.isoformat(), key=key, sealed=sealed,
            )
        )  # fmt: skip
        return Hold(to_text(made), reference, work.actor.name, work.now, until, reason)

    @changes("hold.release", Capability.ADMINISTER)
    def release(self, work: Work, hold: str) -> Hold:
        """See `Protection.release`."""
        row = work.connection.execute(
            select(holds).where(holds.c.id == from_text(hold)).with_for_update()
        ).one_or_none()
        if row is None:
            raise NotInRegisterError("no such hold in this register")
        one_person(work, bytes(row.person), lock=True)
        if row.released is None:
            work.connection.execute(
                update(holds).where(holds.c.id == row.id).values(released=work.now)
            )
        return _hold(work, row, row.released or work.now)

    @reads("hold.read")
    def of(self, work: Work, reference: str) -> tuple[Hold, ...]:
        """See `Protection.holds`."""
        person = from_text(reference)
        one_person(work, person)
        rows = work.connection.execute(
            select(holds).where(holds.c.person == person).order_by(holds.c.id)
        )
        return tuple(_hold(work, row, row.released) for row in rows)


def in_force(today: date) -> Any:
    """Condition on rows of `holds`."""
    return and_(
        holds.c.released.is_(None),
        or_(holds.c.until.is_(None), holds.c.until >= today.isoformat()),
    )


def refuse_held(work: Work, people: list[bytes]) -> None:
    """Raise `HeldError` when one of these records is held."""
    found = work.connection.execute(
        select(holds.c.id)
        .where(holds.c.person.in_(people), in_force(work.session.today()))
        .limit(1)
    ).first()
    if found is not None:
        raise HeldError("a legal hold is in force for this record; release it first")


def _hold(work: Work, row: Row[Any], released: int | None) -> Hold:
    data = work.vault.open(row.key, row.sealed, "holds", bytes(row.id))
    try:
        reason = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise RegisterDamagedError("the reason of a hold cannot be read") from None
    until = None if row.until is None else date.fromisoformat(row.until)
    return Hold(to_text(row.id), to_text(row.person), row.actor, row.since, until, reason, released)
