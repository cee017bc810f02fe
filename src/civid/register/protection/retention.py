"""Retention (thời hạn lưu trữ): rules that say how long what is kept, each with its legal basis.

Only what ended is thinned out: captures of dossiers that were delivered or refused, forms that were
decided, slips that were answered, cases and requests between units that were closed. People and
their acts stay until somebody erases them. No rule is built in: the periods are for the authority.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Table, delete, func, insert, select, tuple_

from civid.cards.lifecycle import DossierState
from civid.errors import FieldError
from civid.register.actor import Capability
from civid.register.protection.holds import in_force
from civid.register.session import Service, Work, changes, reads
from civid.register.store import identity_tables as i
from civid.register.store import tables as t
from civid.register.store.asking_tables import unit_request_events, unit_requests

_DAY = 86_400_000_000
_ENDED = (DossierState.DELIVERED.value, DossierState.REFUSED.value)
_LONGEST = 200


class Kept(StrEnum):
    """What a rule can be about."""

    CAPTURES = "captures"  #: prints, portrait and signature taken for a dossier
    FORMS = "forms"
    SLIPS = "slips"
    CASES = "cases"
    REQUESTS = "requests"  #: between units, with their history


@dataclass(frozen=True, slots=True)
class Rule:
    """For how many days something is kept after it ended, and by which law."""

    what: Kept
    days: int
    basis: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"what": self.what.value, "days": self.days, "basis": self.basis}


@dataclass(frozen=True, slots=True)
class Due:
    """How much is past its time.

    Attributes
    ----------
    what : Kept
    records : int
        That may be removed now, or were.
    held : int
        That stay because of a legal hold.
    """

    what: Kept
    records: int
    held: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"what": self.what.value, "records": self.records, "held": self.held}


class Retention(Service):
    """Retention rules of a register. Safe for threads."""

    @changes("retention.rule", Capability.ADMINISTER)
    def set_rule(self, work: Work, what: str, days: int, basis: str) -> Rule:
        """See `Protection.set_rule`."""
        if what not in list(Kept):
            raise FieldError("what", f"expected one of {', '.join(Kept)}")
        if not isinstance(days, int) or not 1 <= days <= 100 * 366:
            raise FieldError("days", "outside 1 to 36600")
        if not basis.strip() or not basis.isprintable() or len(basis) > _LONGEST:
            raise FieldError("basis", f"expected 1 to {_LONGEST} printable characters")
        work.connection.execute(delete(t.retention).where(t.retention.c.what == what))
        work.connection.execute(insert(t.retention).values(what=what, days=days, basis=basis))
        work.detail.update(what=what, days=days)
        return Rule(Kept(what), days, basis)

    @reads("retention.rules", Capability.ADMINISTER)
    def rules(self, work: Work) -> tuple[Rule, ...]:
        """See `Protection.rules`."""
        return _rules(work)

    @reads("retention.due", Capability.ADMINISTER)
    def due(self, work: Work) -> tuple[Due, ...]:
        """See `Protection.due`."""
        return tuple(_due(work, rule) for rule in _rules(work))

    @changes("retention.apply", Capability.DELETE)
    def apply(self, work: Work, limit: int) -> tuple[Due, ...]:
        """See `Protection.apply_rules`."""
        if not 1 <= limit <= 100_000:
            raise FieldError("limit", "outside 1 to 100000")
        work.within("")  # of every unit at once
        done = []
        for rule in _rules(work):
            table, past = _past(work, rule)
            key = list(table.primary_key.columns)
            chosen = select(*key).where(past, ~_held(work, table)).limit(limit)
            rows = [tuple(row) for row in work.connection.execute(chosen)]
            for at in range(0, len(rows), 500):
                some = rows[at : at + 500]
                if table is unit_requests:
                    events = unit_request_events.c.request.in_([one for (one,) in some])
                    work.connection.execute(delete(unit_request_events).where(events))
                work.connection.execute(delete(table).where(tuple_(*key).in_(some)))
            left = work.connection.execute(
                select(func.count()).select_from(table).where(past, _held(work, table))
            ).scalar_one()
            done.append(Due(rule.what, len(rows), left))
            work.detail[rule.what.value] = len(rows)
        return tuple(done)


def _rules(work: Work) -> tuple[Rule, ...]:
    rows = work.connection.execute(select(t.retention).order_by(t.retention.c.what))
    return tuple(Rule(Kept(row.what), row.days, row.basis) for row in rows)


def _due(work: Work, rule: Rule) -> Due:
    table, past = _past(work, rule)
    held = _held(work, table)
    free, kept = (
        work.connection.execute(
            select(func.count()).select_from(table).where(past, condition)
        ).scalar_one()
        for condition in (~held, held)
    )
    return Due(rule.what, free, kept)


def _past(work: Work, rule: Rule) -> tuple[Table, Any]:
    """The table of a rule, and which of its rows ended too long ago."""
    moment = work.now - rule.days * _DAY
    day = (work.session.today() - timedelta(days=rule.days)).isoformat()
    if rule.what is Kept.CAPTURES:
        ended = select(i.dossiers.c.id).where(
            i.dossiers.c.state.in_(_ENDED), i.dossiers.c.entered < moment
        )
        return i.captures, i.captures.c.dossier.in_(ended)
    if rule.what is Kept.FORMS:
        return t.forms, (t.forms.c.state != "waiting") & (t.forms.c.filled < day)
    if rule.what is Kept.SLIPS:
        return t.slips, t.slips.c.answered < day
    if rule.what is Kept.REQUESTS:
        return unit_requests, unit_requests.c.closed < day
    return t.cases, t.cases.c.closed < moment


def _held(work: Work, table: Table) -> Any:
    """Rows about somebody whose record is held."""
    held = select(t.holds.c.person).where(in_force(work.session.today()))
    if table is i.captures:
        return i.captures.c.dossier.in_(
            select(i.dossiers.c.id).where(i.dossiers.c.person.in_(held))
        )
    found: Any = func.coalesce(table.c.person.in_(held), False)
    if table is t.cases:
        found = found | func.coalesce(t.cases.c.other.in_(held), False)
    return found
