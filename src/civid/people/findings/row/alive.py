"""Alive (sống): births, deaths and moves that the record has not followed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from civid.people.findings.model import Axis, Decider, Severity
from civid.people.findings.row.complete import REGISTRATION_DAYS
from civid.people.findings.rules import rule
from civid.people.findings.table import Memo
from civid.people.residence.calendar import add_months

if TYPE_CHECKING:
    from civid.people.findings.table import Mask, Table

_AXIS, _COMMUNE = Axis.ALIVE, Decider.COMMUNE
#: A record that nobody confirmed for two years is no longer known to be true; civid's choice.
STALE_MONTHS = 24
#: Deregistration after 12 months (Law 68/2020 Art 24(1)d).
ABSENT_MONTHS = 12
OLD_AGE = 100

_DEAD = Memo(lambda text: int(text.strip().lower() in ("dead", "chết", "đã chết", "mất")))
_LIVING = Memo(lambda text: int(text.strip().lower() in ("alive", "sống", "còn sống", "active")))


def _before(day: date, months: int) -> int:
    earlier = add_months(day, -months)
    return earlier.year * 10_000 + earlier.month * 100 + earlier.day


def _alive(table: Table) -> Mask:
    return (table.memo("life", _DEAD) == 0) & ~table.has("death")


@rule("life.dead_active", _AXIS, Severity.ERROR, ("life", "death"), _COMMUNE,
      "Đã chết nhưng vẫn ở trạng thái sống")  # fmt: skip
def life_dead_active(table: Table) -> Mask:
    """A day of death is recorded and the person still counts as living."""
    return table.has("death") & (table.memo("life", _LIVING) == 1)


@rule("life.no_death_day", Axis.COMPLETE, Severity.WARNING, ("life", "death"),
      Decider.CIVIL_STATUS, "Đã chết nhưng thiếu ngày chết")  # fmt: skip
def life_no_death_day(table: Table) -> Mask:
    """Recorded as dead without a day of death."""
    return (table.memo("life", _DEAD) == 1) & table.missing("death")


@rule("life.very_old", _AXIS, Severity.INFO, ("birth", "confirmed"), _COMMUNE,
      "Trên 100 tuổi, cần xác minh còn sống")  # fmt: skip
def life_very_old(table: Table) -> Mask:
    """A hundred years or more and recorded as living: worth a visit."""
    return (table.age() >= OLD_AGE) & _alive(table)


@rule("number.child", _AXIS, Severity.WARNING, ("number", "birth"), _COMMUNE,
      "Trẻ sơ sinh quá hạn chưa có số định danh")  # fmt: skip
def number_child(table: Table) -> Mask:
    """A child in its first year, over 60 days old, without a number."""
    from datetime import timedelta

    last = table.as_of - timedelta(days=REGISTRATION_DAYS)
    limit = last.year * 10_000 + last.month * 100 + last.day
    birth = table.day("birth")
    late = (birth > 0) & (birth < limit) & (table.age() == 0)
    return table.missing("number") & late


@rule("residence.absent", _AXIS, Severity.WARNING, ("absent_since", "temporary_until"), _COMMUNE,
      "Vắng mặt liên tục từ 12 tháng")  # fmt: skip
def residence_absent(table: Table) -> Mask:
    """Absent for 12 months or more, and nowhere registered temporarily."""
    since = table.day("absent_since")
    limit = _before(table.as_of, ABSENT_MONTHS)
    return (since > 0) & (since <= limit) & ~table.has("temporary_until") & _alive(table)


@rule("residence.temporary_expired", _AXIS, Severity.WARNING, ("temporary_until",), _COMMUNE,
      "Hết thời hạn tạm trú")  # fmt: skip
def residence_temporary_expired(table: Table) -> Mask:
    """The term of the temporary registration has passed."""
    until = table.day("temporary_until")
    return (until > 0) & (until < table.today) & _alive(table)


@rule("card.expired", _AXIS, Severity.WARNING, ("card_expires",), Decider.CITIZEN_PAPER,
      "Thẻ hết hạn")  # fmt: skip
def card_expired(table: Table) -> Mask:
    """The card of a living person has expired."""
    expires = table.day("card_expires")
    return (expires > 0) & (expires < table.today) & _alive(table)


@rule("record.stale", _AXIS, Severity.WARNING, ("confirmed",), _COMMUNE,
      "Lâu chưa được xác nhận")  # fmt: skip
def record_stale(table: Table) -> Mask:
    """Nobody has confirmed the record for two years."""
    confirmed = table.day("confirmed")
    return (confirmed > 0) & (confirmed < _before(table.as_of, STALE_MONTHS)) & _alive(table)
