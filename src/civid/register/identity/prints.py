"""Prints of people: kept in the gallery under random ids that only this register can resolve.

A change of the gallery is first promised here (`intents`), with all that is needed to do it, then
done there, then ticked off. Whatever a crash leaves behind is completed by `settle`, which anybody
may call at any time: doing it twice is doing it once.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import isnan
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from civid.errors import (
    AlreadyInRegisterError,
    ChangedMeanwhileError,
    CividError,
    GalleryError,
    GalleryStorageError,
    NotInRegisterError,
    RegisterDamagedError,
    RegisterStorageError,
    SubjectNotFoundError,
)
from civid.position import Position
from civid.register.actor import Capability
from civid.register.identity.gallery_link import digest, pack, unpack
from civid.register.ids import from_text, new_id, to_text
from civid.register.population import records, unions
from civid.register.session import (
    Service,
    Session,
    Work,
    changes,
    check_capability,
    reads,
)
from civid.register.store.tables import intents, persons, prints
from civid.register.vault import Purpose
from civid.search import Candidate, Gallery
from civid.search.fingers import Fingers

ENROL, REMOVE = "enrol", "remove"


@dataclass(frozen=True, slots=True, repr=False)
class Hit:
    """Somebody in the register whose prints are like those searched with.

    Attributes
    ----------
    reference : str
        Of the person.
    score : float
        Fused comparison score, -10 log10 of the false match rate.
    fpir : float
        How often a search for somebody who is not here scores as high. NaN where the score is
        not calibrated (`civid.search.Candidate`), None in `to_dict`.
    swapped : bool
        Whether the hands had to be exchanged.
    """

    reference: str
    score: float
    fpir: float
    swapped: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON.

        >>> Hit("7", 50.0, float("nan")).to_dict()
        {'reference': '7', 'score': 50.0, 'fpir': None, 'swapped': False}
        """
        made = {name: getattr(self, name) for name in self.__slots__}
        return made | {"fpir": None if isnan(self.fpir) else self.fpir}

    def __repr__(self) -> str:
        return f"<Hit of score {self.score:.1f}>"


class Prints(Service):
    """Prints of a register's people. Safe for threads."""

    def enrol(self, reference: str, fingers: Fingers, *, replace: bool = False) -> None:
        """Keep somebody's prints; when this returns, register and gallery both have them.

        Raises
        ------
        AlreadyInRegisterError
            The person has prints, and `replace` was not given.
        NotInRegisterError
            No such person.
        """
        check_capability(self._session, "prints.enrol", Capability.ENROL)
        self._session.link.gallery  # noqa: B018 - nothing is promised where there is no gallery
        self._promise(reference, pack(fingers), replace)
        settle(self._session)

    @changes("prints.enrol", Capability.ENROL)
    def _promise(self, work: Work, reference: str, packed: bytes, replace: bool) -> None:
        person = from_text(reference)
        work.about(person)
        unit = work.connection.execute(
            select(persons.c.unit).where(persons.c.id == person)
        ).scalar_one_or_none()
        if unit is None:
            raise NotInRegisterError("no such person in this register")
        work.within(unit, work.actor.unit)
        work.detail["fingers"] = packed[0]
        promise_enrol(work, person, packed, replace=replace)

    def remove(self, reference: str) -> None:
        """Take somebody's prints out of the gallery for good."""
        check_capability(self._session, "prints.remove", Capability.DELETE)
        self._session.link.gallery  # noqa: B018
        self._promise_removal(reference)
        settle(self._session)

    @changes("prints.remove", Capability.DELETE)
    def _promise_removal(self, work: Work, reference: str) -> None:
        person = from_text(reference)
        work.about(person)
        record = records.load(work.connection, work.vault, person)
        work.within(record.unit)
        promise_removal(work, person)

    def identify(
        self,
        fingers: Fingers,
        *,
        most: int = 10,
        max_fpir: float = 0.01,
        swapped: bool = False,
    ) -> tuple[Hit, ...]:
        """Who in the register has these prints (1:N), best first.

        Everybody is searched; only people inside the actor's scope are named, others are counted
        in the log as ``outside``.

        Parameters
        ----------
        most : int
            Most people to name.
        max_fpir : float
            Leave out whoever would turn up more often than that in a search for somebody who is
            not here.
        swapped : bool
            Also look for mixed hands and exchanged fingers.
        """
        check_capability(self._session, "prints.identify", Capability.IDENTIFY)
        gallery = self._session.link.gallery
        gallery.refresh()
        found = gallery.search(fingers, most, max_fpir=max_fpir, swapped=swapped)
        return self._resolve(found, len(gallery))

    @reads("prints.identify", Capability.IDENTIFY)
    def _resolve(self, work: Work, found: list[Candidate], searched: int) -> tuple[Hit, ...]:
        hits: list[Hit] = []
        for one in found:
            person = owner(work, one.subject_id)
            if person is None or any(hit.reference == to_text(person) for hit in hits):
                continue
            record = records.load(work.connection, work.vault, person)
            if not work.actor.covers(record.unit):
                work.detail["outside"] = work.detail.get("outside", 0) + 1
                continue
            work.about(person)
            hits.append(Hit(to_text(person), one.score, one.fpir, one.swapped))
        work.detail.update(searched=searched, candidates=len(found))
        return tuple(hits)

    @reads("prints.verify", Capability.VERIFY)
    def verify(self, work: Work, reference: str, fingers: Fingers) -> float:
        """How much these prints are like those of one person (1:1), fused over the fingers."""
        person = from_text(reference)
        work.about(person)
        record = records.load(work.connection, work.vault, person)
        work.within(record.unit, work.actor.unit)
        subjects = subjects_of(work, person)
        if not subjects:
            raise NotInRegisterError("this person has no prints here")
        one = Gallery(backend="exact")
        for subject in subjects:
            one.enroll(subject, self._session.link.gallery.get(subject))
        found = one.search(fingers, 1)
        return found[0].score if found else 0.0

    @reads("prints.fingers")
    def fingers(self, work: Work, reference: str) -> tuple[Position, ...]:
        """Which fingers of somebody are kept."""
        person = from_text(reference)
        work.about(person)
        record = records.load(work.connection, work.vault, person)
        work.within(record.unit)
        kept = subjects_of(work, person)
        if not kept:
            return ()
        gallery = self._session.link.gallery
        return tuple(sorted({place for one in kept for place in gallery.get(one)}))


def promise_enrol(work: Work, person: bytes, packed: bytes, *, replace: bool = False) -> None:
    """Write down that prints go into the gallery; `settle` does it after this transaction.

    Raises
    ------
    AlreadyInRegisterError
        The person has prints, perhaps since a moment ago, and `replace` was not given.
    NotInRegisterError
        No such person (any more).
    ChangedMeanwhileError
        The prints were removed in this moment.
    """
    # Locked until the end: nobody is erased while prints of theirs are promised.
    state = work.connection.execute(
        select(persons.c.state).where(persons.c.id == person).with_for_update()
    ).scalar_one_or_none()
    if state not in (records.ACTIVE, records.MERGED):  # prints stay with the entry they came for
        raise NotInRegisterError("no such person in this register")
    subject = subject_of(work, person)
    if subject is not None and not replace:
        raise AlreadyInRegisterError("this person has prints already")
    values = {"digest": digest(packed), "fingers": packed[0]}
    if subject is None:
        subject = secrets.token_hex(16)
        key, sealed = work.vault.seal(subject.encode(), "prints", person, purpose=Purpose.MAPPING)
        values |= {
            "person": person, "subject": work.vault.token("subject", subject), "key": key,
            "sealed": sealed,
        }  # fmt: skip
        try:
            work.connection.execute(insert(prints).values(values))
        except IntegrityError:
            raise AlreadyInRegisterError("this person has prints already") from None
    else:
        done = work.connection.execute(
            update(prints).where(prints.c.person == person).values(values)
        )
        if done.rowcount != 1:
            raise ChangedMeanwhileError("the prints of this person were just removed")
    _intend(work, ENROL, person, {"subject": subject, "fingers": packed.hex()})


def promise_removal(work: Work, person: bytes) -> None:
    """Write down that prints leave the gallery.

    Raises
    ------
    NotInRegisterError
        There are none.
    """
    subject = subject_of(work, person)
    done = work.connection.execute(delete(prints).where(prints.c.person == person))
    if subject is None or done.rowcount != 1:
        raise NotInRegisterError("this person has no prints here")
    _intend(work, REMOVE, person, {"subject": subject})


def _intend(work: Work, kind: str, person: bytes, body: dict[str, str]) -> None:
    intent, token = new_id(), work.vault.token("subject", body["subject"])
    data = json.dumps(body).encode()
    key, sealed = work.vault.seal(data, "intents", intent, purpose=Purpose.PRINTS)
    work.connection.execute(delete(intents).where(intents.c.subject == token))
    work.connection.execute(
        insert(intents).values(
            id=intent, subject=token, kind=kind, person=person, at=work.now, key=key, sealed=sealed
        )
    )


def subjects_of(work: Work, person: bytes) -> list[str]:
    """The subjects of the gallery that a person is: one for each entry that has prints."""
    root = unions.root_of(work.connection, person)
    found = (subject_of(work, one) for one in unions.entries(work.connection, root))
    return [one for one in found if one is not None]


def subject_of(work: Work, person: bytes) -> str | None:
    """The subject of the gallery that an entry is."""
    row = work.connection.execute(
        select(prints.c.key, prints.c.sealed).where(prints.c.person == person)
    ).one_or_none()
    return None if row is None else work.vault.open(row.key, row.sealed, "prints", person).decode()


def owner(work: Work, subject: str) -> bytes | None:
    """Whose prints a subject of the gallery are: the person that its entry stands for."""
    found = work.connection.execute(
        select(prints.c.person).where(prints.c.subject == work.vault.token("subject", subject))
    ).scalar_one_or_none()
    return None if found is None else unions.root_of(work.connection, bytes(found))


def settle(session: Session, on_progress: Callable[[int, int], None] | None = None) -> int:
    """Do what was promised to the gallery and not ticked off yet; returns how much.

    Raises
    ------
    RegisterStorageError
        The gallery cannot be written now. Nothing is lost: the next call completes it.
    RegisterDamagedError
        A promise cannot be read; the others are kept.
    """
    if not open_intents(session):
        return 0
    first: CividError | None = None
    # One at a time: a promise that was overtaken must not be kept after the later one.
    with session.link.changing() as gallery:
        rows = open_intents(session)
        for done, row in enumerate(rows, 1):
            try:
                _keep(session, gallery, row)
            except GalleryStorageError:
                raise RegisterStorageError(
                    "the gallery cannot be written; what was promised to it is kept here and "
                    "completed by the next enrolment or by civid check --repair"
                ) from None
            except (RegisterDamagedError, GalleryError) as error:
                first = first or error
            if on_progress is not None:
                on_progress(done, len(rows))
    if first is not None:
        raise first
    return len(rows)


def open_intents(session: Session) -> Sequence[Any]:
    """What was promised to the gallery and not done yet, oldest first."""
    with session.database.reading() as connection:
        return connection.execute(select(intents).order_by(intents.c.id)).all()


def _keep(session: Session, gallery: Gallery, row: Any) -> None:
    intent = bytes(row.id)
    body = json.loads(session.vault.open(row.key, row.sealed, "intents", intent))
    if row.kind == ENROL:
        gallery.enroll(body["subject"], unpack(bytes.fromhex(body["fingers"])), replace=True)
    else:
        with suppress(SubjectNotFoundError):  # it was done before the crash
            gallery.remove(body["subject"])
    session.database.write(_ticked(intent))


def _ticked(intent: bytes) -> Callable[[Connection], None]:
    def write(connection: Connection) -> None:
        connection.execute(delete(intents).where(intents.c.id == intent))

    return write
