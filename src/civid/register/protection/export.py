"""Everything held about one person (trích xuất dữ liệu cá nhân), as plain values for JSON."""

from __future__ import annotations

import base64
import json
from typing import Any

from sqlalchemy import Row, Table, select

from civid.errors import GalleryError
from civid.people.citizen import Claim
from civid.register.actor import Capability
from civid.register.audit.access import accesses
from civid.register.cases.case import WATCHED
from civid.register.identity import prints as print_service
from civid.register.ids import from_text, to_text
from civid.register.population import records
from civid.register.population.people import as_person
from civid.register.protection.about import one_person, rows
from civid.register.session import Service, Work, reads
from civid.register.store import adjudication_tables as a
from civid.register.store import identity_tables as i
from civid.register.store import sharing_tables as s
from civid.register.store import tables as t
from civid.register.store.sealed import SEALED
from civid.search.fingers import encoded

VERSION = 1
_BY_TABLE = {one.table: one for one in SEALED}
#: Keyed tokens and numbers of keys say nothing to anybody outside.
#: Rulings are independent: who can export shall not learn the first before the last is said. And
#: what a case holds is evidence about others as well.
#: What partners asked is told by `accesses`, and only when it may be.
_BLIND = (
    *(a.rulings, a.adjudication_events, a.suspects, a.open_pairs),
    *(s.questions, s.guesses, s.aliases),
)
_INSIDE = frozenset({"key", "sealed", "token", "external", "digest", "request", "replaced_by"})


class Export(Service):
    """Exports. Safe for threads."""

    @reads("person.export", Capability.EXPORT)
    def export(self, work: Work, reference: str, biometrics: bool) -> dict[str, Any]:
        """See `Protection.export`."""
        person = from_text(reference)
        _, people = one_person(work, person)
        record = records.load(work.connection, work.vault, person)
        work.detail["biometrics"] = biometrics
        found: dict[str, Any] = {"civid": VERSION, **as_person(record).to_dict()}
        found["merged"] = [to_text(one) for one in people[1:]]
        found["acts"] = [act for one in people for act in _acts(work, one)]
        found["numbers"] = [
            {"kind": row.kind, "state": row.state, "number": _opened(work, t.numbers, row)}
            for row in work.connection.execute(
                select(t.numbers).where(t.numbers.c.person.in_(people)).order_by(t.numbers.c.id)
            )
        ]
        found["prints"] = [_prints(work, one, biometrics) for one in people]
        found["records"] = [
            {"table": table.name, **_row(work, table, row, biometrics)}
            for table, row in rows(work.connection, people)
            if table not in _BLIND and not _watched(table, row)
        ]
        found["read_by"] = [
            one.to_dict() for who in people for one in accesses(work.connection, who, work.now)
        ]
        return found


def _acts(work: Work, person: bytes) -> list[dict[str, Any]]:
    record = records.load(work.connection, work.vault, person)
    heads = {
        row.seq: row
        for row in work.connection.execute(select(t.acts).where(t.acts.c.person == person))
    }
    return [
        {
            "reference": to_text(person), "version": seq, "at": heads[seq].at,
            "kind": heads[seq].kind, "unit": heads[seq].unit, "source": heads[seq].source,
            "claims": [_claim(one) for one in said.claims],
            "retracted": [
                {"version": act, "place": at, "day": day.isoformat(), "reason": why}
                for act, at, day, why in said.retracted
            ],
            "note": said.note,
        }
        for seq, said in record.acts
    ]  # fmt: skip


def _claim(one: Claim) -> dict[str, Any]:
    return {
        "field": one.field, "value": one.recorded_as, "source": one.source.name.lower(),
        "effective": one.effective.isoformat(), "recorded": one.recorded.isoformat(),
        "evidence": one.evidence, "unit": one.unit,
    }  # fmt: skip


def _prints(work: Work, person: bytes, biometrics: bool) -> dict[str, Any]:
    subject = print_service.subject_of(work, person)
    found: dict[str, Any] = {"reference": to_text(person), "fingers": []}
    if subject is None:
        return found
    try:
        with work.session.link.looking() as gallery:
            fingers = gallery.get(subject)
    except GalleryError as error:  # the rest is given all the same
        return found | {"unavailable": type(error).__name__}
    found["fingers"] = [one.name.lower() for one in fingers]
    if biometrics:
        found["templates"] = [_base64(data) for _, data in encoded(fingers)]
    return found


def _watched(table: Table, row: Row[Any]) -> bool:
    """A hit of a watch-list: an export is handed to the person, who shall not learn of it."""
    return table is t.cases and row.kind in WATCHED


def _row(work: Work, table: Table, row: Row[Any], biometrics: bool) -> dict[str, Any]:
    plain = {
        name: value.hex() if isinstance(value, bytes) else value
        for name, value in row._mapping.items()
        if name not in _INSIDE
    }
    if table is a.adjudications:
        del plain["officer"], plain["assigned"], plain["ticket"], plain["rulings"]
    elif table in _BY_TABLE and (biometrics or table is not i.captures):
        plain["contents"] = _opened(work, table, row)
    return plain


def _opened(work: Work, table: Table, row: Row[Any]) -> Any:
    """What was sealed: JSON or text where it is that, base64 otherwise."""
    data = _BY_TABLE[table].open(work.vault, row)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _base64(data)
    try:
        return text if table is t.numbers else json.loads(text)
    except ValueError:
        return text


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
