"""Exhibits as a service: one person, one read, one entry in the log."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template
from civid.position import Position
from civid.register.actor import Capability
from civid.register.enrolment import captures
from civid.register.enrolment.prints_taken import Print
from civid.register.exhibits.exhibit import CaptureNote, Exhibit, ShownPrint, Sitting
from civid.register.identity import card_rows, dossier_rows
from civid.register.identity.prints import subject_of
from civid.register.ids import from_text
from civid.register.population import records
from civid.register.population.households import rows as household_rows
from civid.register.population.households.record import HouseholdRecord
from civid.register.population.people import as_person
from civid.register.session import Service, Work, reads
from civid.register.store import tables
from civid.search.arrays.encoding import encode

#: Dossiers of one person that are shown; nobody has had so many cards.
_MOST = 20


class Exhibits(Service):
    """What people are shown who decide about duplicates. Safe for threads.

    The capability to identify is needed: who is shown whom is the outcome of a search. Prints and
    portraits leave the register here, for the eyes of one officer.
    """

    @reads("case.exhibit", Capability.IDENTIFY)
    def of(self, work: Work, reference: str) -> Exhibit:
        """Everything that is kept of one person.

        Parameters
        ----------
        reference : str
            Of the person; of one that was merged into another, the record as it was before.

        Raises
        ------
        NotInRegisterError
            No such person, or erased.
        AccessRefusedError
            Without the capability to identify, or for a record outside the scope.
        """
        person = from_text(reference)
        work.about(person)
        record = records.load(work.connection, work.vault, person)
        work.within(record.unit)
        held = [
            dossier_rows.held_of(work, row)
            for row in work.connection.execute(
                select(tables.dossiers)
                .where(tables.dossiers.c.person == person)
                .order_by(tables.dossiers.c.id.desc())
                .limit(_MOST)
            ).all()
        ]
        taken = [captures.prints(work, one.id) for one in held]
        portraits = (captures.kept(work, one.id, captures.PORTRAIT) for one in held)
        households = _households(work, person)
        work.detail["households"] = len(households)
        return Exhibit(
            as_person(record),
            households,
            _names(work, households),
            card_rows.of_person(work, person),
            tuple(
                Sitting(one.public(work), dossier_rows.events(work, one.id), _notes(work, one.id))
                for one in held
            ),
            next(filter(None, portraits), None),
            self._prints(work, person, [one for frames in taken for one in frames.values()]),
        )

    def _prints(
        self, work: Work, person: bytes, taken: list[tuple[Print, ...]]
    ) -> dict[Position, ShownPrint]:
        shots = [one for frame in taken for one in frame]
        subject = subject_of(work, person)
        if subject is not None and self._session.link.path is not None:
            gallery = self._session.link.gallery
            gallery.refresh()
            if subject in gallery:
                return {
                    place: ShownPrint(one, _image(one, shots))
                    for place, one in gallery.get(subject).items()
                }
        best: dict[Position, Print] = {}
        for one in shots:
            if one.position not in best or one.quality > best[one.position].quality:
                best[one.position] = one
        return {
            place: ShownPrint(best[place].template, best[place].image) for place in sorted(best)
        }


def _image(template: Template, shots: Iterable[Print]) -> FingerImage | None:
    """The capture in which exactly these minutiae were found."""
    wanted = encode(template)
    return next((one.image for one in shots if encode(one.template) == wanted), None)


def _households(work: Work, person: bytes) -> tuple[HouseholdRecord, ...]:
    found = [
        household_rows.load(work, one)
        for one in household_rows.of_person(work, person, former=True)
    ]
    return tuple(one for one in found if work.actor.covers(one.unit))


def _names(work: Work, households: tuple[HouseholdRecord, ...]) -> dict[str, str]:
    people = {one.reference for kept in households for one in kept.household.members}
    wanted = [from_text(one) for one in sorted(people)]
    work.about(*wanted)
    found = records.load_many(work.connection, work.vault, wanted)
    return {one.reference: one.name for one in map(as_person, found)}


def _notes(work: Work, dossier: bytes) -> tuple[CaptureNote, ...]:
    table = tables.captures
    rows = work.connection.execute(
        select(table.c.frame, table.c.attempt, table.c.at, table.c.quality, table.c.kept)
        .where(table.c.dossier == dossier)
        .order_by(table.c.at, table.c.frame, table.c.attempt)
    )
    return tuple(
        CaptureNote(one.frame, one.attempt, one.at, one.quality, bool(one.kept)) for one in rows
    )
