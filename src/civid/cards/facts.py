"""Facts with an era: every table, and every row that has days of its own, with source and check.

Laws, fees and holidays change while the code stays. What was last held against its source long ago
can be listed, so that somebody looks again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from civid.people.tables import packaged

#: Package -> tables whose rows state their own days; the columns that say what a row is about.
_DATED: dict[str, dict[str, tuple[str, ...]]] = {
    "civid.people": {
        "province_changes": ("list", "code", "name", "kind"),
        "swapped_days": ("day_off", "worked"),
    },
    "civid.cards": {"fees": ("regime", "procedure", "case", "channel", "amount_vnd")},
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One table, or one row of it.

    Attributes
    ----------
    table : str
        ``people/swapped_days``.
    what : str
        What the row says; empty for a table as a whole.
    valid_from, valid_to : date or None
        Its era; None where open or not known.
    confidence : str
        ``A`` law text or several independent sources, ``B`` one good source, ``C`` doubtful.
    source : str
        The law, circular or publication.
    checked : date
        When it was last held against its source.
    """

    table: str
    what: str
    valid_from: date | None
    valid_to: date | None
    confidence: str
    source: str
    checked: date


def facts(*, checked_before: date | None = None) -> tuple[Fact, ...]:
    """List the facts, those that were checked longest ago first.

    Parameters
    ----------
    checked_before : date, optional
        Only those that nobody has looked at since that day.

    Examples
    --------
    >>> [fact.source for fact in facts() if fact.what.startswith("2026-01-02")]
    ['12729/VPCP-KGVX']
    >>> facts(checked_before=date(2020, 1, 1))
    ()
    """
    found = [fact for package in _DATED for fact in _of(package)]
    wanted = [one for one in found if checked_before is None or one.checked < checked_before]
    return tuple(sorted(wanted, key=lambda one: (one.checked, one.table)))


def _of(package: str) -> list[Fact]:
    room, dated = package.rpartition(".")[2], _DATED[package]
    made = list[Fact]()
    for row in packaged(package, "sources"):
        made.append(_fact(f"{room}/{row['table']}", "", row))
        for one in packaged(package, row["table"]) if row["table"] in dated else ():
            what = ", ".join(one[title] for title in dated[row["table"]] if one[title])
            made.append(_fact(f"{room}/{row['table']}", what, one))
    return made


def _fact(table: str, what: str, row: dict[str, str]) -> Fact:
    first, last = row.get("valid_from", row.get("day_off", "")), row.get("valid_to", "")
    return Fact(
        table, what, _day(first), _day(last), row["confidence"], row["source"],
        date.fromisoformat(row["checked"]),
    )  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
