"""What a card needs of a record, and what is doubtful: the rules of `civid.people.findings`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from civid.people.citizen import Citizen, Claim
from civid.people.findings import Finding, Severity, check_record
from civid.people.findings.flatten import row_of

#: Without these a card cannot be made. Numbers that contradict sex or year are not among them:
#: after a correction the citizen may keep the old number (Decree 70/2024 Art 11(7)).
NEEDED = frozenset({
    "number.missing", "number.malformed", "number.zero_lost", "name.missing", "name.unreadable",
    "name.encoding", "birth.missing", "birth.unreadable", "birth.impossible", "birth.future",
    "sex.missing", "sex.unreadable",
})  # fmt: skip


def examined(citizen: Citizen, day: date) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What is lacking for a card, and what is doubtful, as things stand on a day."""
    found = check_record(row_of(citizen, day), day)
    lacking = tuple(one for one in found if one.rule in NEEDED)
    doubts = tuple(
        one for one in found if one.rule not in NEEDED and one.severity >= Severity.WARNING
    )
    return lacking, doubts


def differing(citizen: Citizen, shown: Iterable[Claim], day: date) -> tuple[str, ...]:
    """Fields in which papers that the citizen shows say something else than the register."""
    found = {
        one.field
        for one in shown
        if (held := citizen.value(one.field, on=day)) is not None and held != one.value
    }
    return tuple(sorted(found))
