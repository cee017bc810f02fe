"""Erasure (xóa dữ liệu): the acts give way to one that says only that they are gone.

What was there is overwritten in the database and taken out of the gallery. Backups still hold it,
under the keys of their day: see `civid.register.protection.keys` for how these become unreadable.
The number stays used for ever: its keyed token stays, the number itself does not.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from civid.errors import FieldError, GalleryError, NotInRegisterError
from civid.register.actor import Capability
from civid.register.audit import log
from civid.register.identity import prints as print_service
from civid.register.ids import from_text, to_text
from civid.register.population import claims, records
from civid.register.population.claims import Said
from civid.register.population.lookup import NumberKind
from civid.register.protection.about import BELOW, OF_A_PERSON, condition, one_person
from civid.register.protection.certificate import Certificate, Proof
from civid.register.protection.holds import refuse_held
from civid.register.session import Service, Work, changes, check_capability, reads
from civid.register.store import tables as t

OPERATION = "person.erase"
#: State of the number of somebody who was erased.
GONE = "erased"
_LONGEST = 200
_TRIES = 10
_KEPT = (
    "keyed token and cell of the personal number: a number is never given again",
    "entries of the audit log: references, never values",
    "keyed tokens of what other systems call the person: an import does not bring them back",
)
#: What is removed, lowest first. Rows of `sources` hold a keyed token alone, and stay.
_REMOVED = (*BELOW, *(table for table in OF_A_PERSON if table is not t.sources))


class Erasure(Service):
    """Erasures. Safe for threads."""

    def erase(self, reference: str, basis: str) -> Certificate:
        """See `Protection.erase`."""
        check_capability(self._session, OPERATION, Capability.DELETE)
        if self._session.link.exists:
            self._session.link.gallery  # noqa: B018 - nothing is erased where prints would stay
        certificate = self._erase(reference, basis)
        if self._session.link.path is not None:
            print_service.settle(self._session)
            if self._session.link.exists:
                self._purge()
        self._session.database.scrub(t.acts, t.numbers, t.names, t.prints, t.intents)
        return certificate

    def _purge(self) -> None:
        """Bytes of removed prints stay in a gallery's files until these are made anew."""
        for attempt in range(_TRIES):
            try:
                self._session.link.gallery.compact(purge=True)
                return
            except GalleryError as error:
                # The gallery was compacting by itself, and was done first: once more.
                if type(error) is not GalleryError or attempt == _TRIES - 1:
                    raise

    @changes(OPERATION, Capability.DELETE)
    def _erase(self, work: Work, reference: str, basis: str) -> Certificate:
        if not basis.strip() or not basis.isprintable() or len(basis) > _LONGEST:
            raise FieldError("basis", f"expected 1 to {_LONGEST} printable characters")
        person = from_text(reference)
        head, people = one_person(work, person, lock=True)
        if head.state == records.ERASED:
            raise NotInRegisterError("this person was erased before")
        refuse_held(work, people)
        removed = _remove(work, people)
        certificate = Certificate(
            work.vault.register.hex(), reference, tuple(map(to_text, people[1:])), work.now,
            work.actor.name, work.actor.unit, work.actor.purpose, basis, removed, _KEPT,
        )  # fmt: skip
        for one in people:
            _tombstone(work, one, certificate)
        work.detail.update(certificate=certificate.digest, people=len(people))
        return certificate

    @reads("certificate.read")
    def certificate(self, work: Work, reference: str) -> Certificate:
        """See `Protection.certificate`."""
        person = from_text(reference)
        head, _ = one_person(work, person)
        if head.state != records.ERASED:
            raise NotInRegisterError("this person was not erased")
        record = records.load(work.connection, work.vault, person)
        return _read(record.acts[-1][1].note)

    @reads("certificate.verify")
    def verify(self, work: Work, certificate: Certificate) -> Proof:
        """See `Protection.verify_certificate`."""
        people = [from_text(one) for one in (certificate.reference, *certificate.merged)]
        head, _ = one_person(work, people[0])
        problems = []
        if certificate.register != work.vault.register.hex():
            problems.append("the certificate is of another register")
        entries = [
            one.seq
            for one in log.about(work.connection, people[0])
            if one.operation == OPERATION and one.detail.get("certificate") == certificate.digest
        ]
        if not entries:
            problems.append("no entry of the log holds its digest")
        if head.state != records.ERASED:
            problems.append("the person is not erased")
        problems += [f"{name} still holds something" for name in _still(work, people)]
        return Proof(entries[-1] if entries else None, tuple(problems))


def _remove(work: Work, people: list[bytes]) -> dict[str, int]:
    run = work.connection.execute
    removed = {}
    for table in _REMOVED:
        removed[table.name] = run(delete(table).where(condition(table, people))).rowcount
    removed["prints"] = 0
    for person in people:
        with suppress(NotInRegisterError):  # has none
            print_service.promise_removal(work, person)
            removed["prints"] += 1
    removed["acts"] = run(delete(t.acts).where(t.acts.c.person.in_(people))).rowcount
    removed["names"] = run(delete(t.names).where(t.names.c.person.in_(people))).rowcount
    removed["numbers"] = 0
    for row in run(select(t.numbers).where(t.numbers.c.person.in_(people))).all():
        _forget_number(work, row)
        removed["numbers"] += 1
    return {name: count for name, count in removed.items() if count}


def _forget_number(work: Work, row: Row[Any]) -> None:
    if row.kind != NumberKind.PERSONAL:
        work.connection.execute(delete(t.numbers).where(t.numbers.c.id == row.id))
        return
    key, sealed = work.vault.seal(b"", "numbers", bytes(row.token))
    work.connection.execute(
        update(t.numbers)
        .where(t.numbers.c.id == row.id)
        .values(person=None, state=GONE, replaced_by=None, reason="", key=key, sealed=sealed)
    )


def _tombstone(work: Work, person: bytes, certificate: Certificate) -> None:
    run = work.connection.execute
    seq = run(select(t.persons.c.version).where(t.persons.c.id == person)).scalar_one() + 1
    run(
        update(t.persons)
        .where(t.persons.c.id == person)
        .values(version=seq, state=records.ERASED, changed=work.now)
    )
    said = Said(note=certificate.canonical())
    key, sealed = work.vault.seal(claims.encode(said), "acts", person, seq)
    run(
        insert(t.acts).values(
            person=person, seq=seq, at=work.now, kind="erase", actor=work.actor.name,
            unit=work.actor.unit, source="", key=key, sealed=sealed,
        )
    )  # fmt: skip


def _still(work: Work, people: list[bytes]) -> list[str]:
    """Tables that still hold something about people who were erased."""
    checks: list[tuple[str, Any, int]] = [
        (table.name, select(func.count()).select_from(table).where(condition(table, people)), 0)
        for table in _REMOVED
    ]
    for table, allowed in ((t.names, 0), (t.numbers, 0), (t.prints, 0), (t.acts, len(people))):
        query = select(func.count()).select_from(table).where(table.c.person.in_(people))
        checks.append((table.name, query, allowed))
    enrolling = select(func.count()).select_from(t.intents)
    checks.append(("intents", enrolling.where(t.intents.c.person.in_(people)), 0))
    return [
        name for name, query, most in checks if work.connection.execute(query).scalar_one() > most
    ]


def _read(note: str) -> Certificate:
    try:
        return Certificate.from_dict(json.loads(note))
    except ValueError:
        raise NotInRegisterError("this person has no certificate") from None
