"""A system that names somebody whom the register has from elsewhere, by the personal number.

Where name and birth agree it is one person, and what the system says is recorded under its name.
Where they do not, the number is wrong on one of the sides: nobody guesses which, a case is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from civid.people.citizen import Citizen
from civid.people.dates import PartialDate
from civid.people.names import Level, compare
from civid.register.bulk.row import Incoming
from civid.register.cases.case import CaseKind, CaseState
from civid.register.cases.rows import case_of, open_case
from civid.register.population import claims, records
from civid.register.population.records import Record
from civid.register.session import Work
from civid.register.store.among import among
from civid.register.store.fill import fill
from civid.register.store.tables import cases, sources

#: Of the case, and of the refused row.
CODE = "number_taken"
_ASKED = 500


def agreeing(
    work: Work, source: str, asked: Sequence[tuple[Incoming, bytes]]
) -> dict[int, bytes]:  # fmt: skip
    """Rows whose number leads to the person they mean, by row: whom they mean.

    Empty where the record belongs to a unit outside the actor's scope.

    Parameters
    ----------
    source : str
        The system; whom it names under another id already is left out: that is two people to it.
    asked : sequence of (Incoming, bytes)
        Rows of people whom it did not name before, and who has the number.
    """
    rows = among(
        work.connection, "SELECT person FROM sources WHERE source = ? AND person",
        list({owner for _, owner in asked}), source,
    )  # fmt: skip
    named = {bytes(one) for (one,) in rows}
    asked = [(one, owner) for one, owner in asked if owner not in named]
    found: dict[int, bytes] = {}
    for at in range(0, len(asked), _ASKED):
        part = asked[at : at + _ASKED]
        held = {
            one.id: one
            for one in records.load_many(
                work.connection, work.vault, list({owner for _, owner in part})
            )
        }
        for one, owner in part:
            record = held.get(owner)
            if record is not None and record.state == records.ACTIVE and not differing(record, one):
                found[one.row] = owner if work.actor.covers(record.unit) else b""
    return found


def differing(record: Record, one: Incoming) -> tuple[str, ...]:
    """Of name and birth, in which a row is about somebody else, or does not say enough."""
    here, there = record.citizen, claims.citizen("", [(1, one.said)])
    return (
        *(() if _one_name(here, there) else ("name",)),
        *(() if _one_birth(here.value("birth"), there.value("birth")) else ("birth",)),
    )


def _one_name(here: Citizen, there: Citizen) -> bool:
    said = there.value("name")
    held = (one.value for field in ("name", "other_name") for one in here.history(field))
    return isinstance(said, str) and any(
        isinstance(name, str) and compare(name, said).level >= Level.ACCENTS_LOST for name in held
    )


def _one_birth(here: object, there: object) -> bool:
    if not isinstance(here, PartialDate) or not isinstance(there, PartialDate):
        return False
    return here.year == there.year is not None and all(
        one is None or two is None or one == two
        for one, two in ((here.month, there.month), (here.day, there.day))
    )


def join(work: Work, source: str, joined: Sequence[tuple[Incoming, bytes]]) -> None:
    """Remember under which ids the system names these people."""
    rows = sorted((source, one.external, person, one.digest) for one, person in joined)
    fill(work.connection, sources, ("source", "external", "person", "digest"), rows)


def dispute(
    work: Work, source: str, disputed: Sequence[tuple[Incoming, bytes, bytes | None]]
) -> None:
    """Open a case for each number that a row and the register give to different people.

    Parameters
    ----------
    disputed : sequence of (Incoming, bytes, bytes or None)
        The row, who has the number here, and who the row is about, if known. The same row again
        opens no second case.
    """
    known = _cases(work, [owner for _, owner, _ in disputed])
    held = {
        one.id: one
        for at in range(0, len(disputed), _ASKED)
        for one in records.load_many(
            work.connection, work.vault, [owner for _, owner, _ in disputed[at : at + _ASKED]]
        )
    }
    for one, owner, other in disputed:
        record = held[owner]
        external, said = one.external.hex(), one.digest.hex()
        if any(
            (case["source"], case["external"]) == (source, external)
            and (case["open"] or case["said"] == said)
            for case in known.setdefault(owner, [])
        ):
            continue
        evidence = {
            "source": source, "row": one.row, "external": external, "said": said,
            "differs": list(differing(record, one)),
        }  # fmt: skip
        open_case(
            work, CaseKind.CONFLICT, record.unit, person=owner, other=other, codes=(CODE,),
            evidence=evidence,
        )  # fmt: skip
        known[owner].append({**evidence, "open": True})
        work.about(owner)


def _cases(work: Work, people: Sequence[bytes]) -> dict[bytes, list[Mapping[str, object]]]:
    """Evidence of the cases of this kind about people, and whether they are open."""
    found: dict[bytes, list[Mapping[str, object]]] = {}
    for at in range(0, len(people), _ASKED):
        rows = work.connection.execute(
            select(cases).where(
                cases.c.person.in_(people[at : at + _ASKED]),
                cases.c.kind == CaseKind.CONFLICT.value,
            )
        ).all()
        for row in rows:
            case = case_of(work, row)
            if CODE in case.codes and "external" in case.evidence:
                is_open = case.state is not CaseState.CLOSED
                found.setdefault(bytes(row.person), []).append({**case.evidence, "open": is_open})
    return found
