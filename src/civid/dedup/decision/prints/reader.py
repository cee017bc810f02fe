"""Prints and people of a register as decisions need them: many at once, each look in the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from civid.dedup.decision.candidates import Look
from civid.dedup.decision.evidence import PrintEvidence
from civid.dedup.decision.policy import Policy
from civid.dedup.decision.prints.compared import Prints, evidence_of
from civid.register.actor import Capability
from civid.register.identity.prints import owner, subject_of
from civid.register.ids import from_text, to_text
from civid.register.population import records
from civid.register.population.people import as_person
from civid.register.population.person import Person
from civid.register.session import Service, Work, check_capability, reads
from civid.register.store.tables import persons
from civid.search import Gallery
from civid.search.fingers import Fingers, finger_set

#: Values in one question to the database.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Compared:
    """Answer of `PrintReader.compare`.

    Attributes
    ----------
    searched : int
        People with prints.
    evidence : dict of str to PrintEvidence
        By reference; whoever has no prints is left out.
    """

    searched: int = 0
    evidence: dict[str, PrintEvidence] = field(default_factory=dict)


class PrintReader(Service):
    """Searches and compares prints inside the register: no template leaves it. Safe for threads."""

    def size(self) -> int:
        """People with prints; 0 for a register without a gallery."""
        check_capability(self._session, "dedup.size", Capability.IDENTIFY)
        if self._session.link.path is None:
            return 0
        gallery = self._session.link.gallery
        gallery.refresh()
        return len(gallery)

    @reads("person.read")
    def people(self, work: Work, references: Sequence[str]) -> tuple[Person, ...]:
        """People by reference; those erased, merged or outside the scope are left out."""
        wanted = [from_text(one) for one in references]
        found = [
            record
            for part in _parts(wanted)
            for record in records.load_many(work.connection, work.vault, part)
            if record.state == records.ACTIVE and work.actor.covers(record.unit)
        ]
        work.about(*(record.id for record in found))
        return tuple(map(as_person, found))

    def search(self, wanted: Sequence[Look], most: int) -> list[tuple[str, ...]]:
        """References of those whose prints are like those of each look, best first.

        Looks that belong together are made together: the gallery is gone through once for all.

        Raises
        ------
        AccessRefusedError
            Without the capability to identify.
        """
        check_capability(self._session, "prints.identify", Capability.IDENTIFY)
        if self._session.link.path is None or not wanted:
            return [() for _ in wanted]
        gallery = self._session.link.gallery
        gallery.refresh()
        if len(wanted) == 1:
            (one,) = wanted
            hits = [[hit.subject_id for hit in gallery.search(
                one.fingers, most, max_fpir=one.share, swapped=one.swapped
            )]]  # fmt: skip
        else:
            hits = _together(gallery, wanted, most)
        return self._resolve(hits, len(gallery))

    @reads("prints.identify", Capability.IDENTIFY)
    def _resolve(self, work: Work, hits: list[list[str]], searched: int) -> list[tuple[str, ...]]:
        owners: dict[str, str] = {}
        subjects = dict.fromkeys(one for many in hits for one in many)
        for subject in subjects:
            person = owner(work, subject)
            if person is None:
                continue
            unit = work.connection.execute(
                select(persons.c.unit).where(persons.c.id == person)
            ).scalar_one_or_none()
            if unit is not None and work.actor.covers(unit):
                owners[subject] = to_text(person)
                work.about(person)
        outside = len(subjects) - len(owners)
        work.detail.update(searched=searched, candidates=len(subjects), looks=len(hits))
        if outside:
            work.detail["outside"] = outside
        # Several entries may be one person's: each person once.
        return [tuple(dict.fromkeys(owners[x] for x in many if x in owners)) for many in hits]

    @reads("dedup.compare", Capability.IDENTIFY)
    def compare(
        self, work: Work, references: Sequence[str], fingers: Fingers | None, policy: Policy
    ) -> Compared:
        """Evidence of the prints of each candidate.

        Raises
        ------
        AccessRefusedError
            Without the capability to identify, or for a record outside the scope.
        """
        if self._session.link.path is None:
            return Compared()
        gallery = self._session.link.gallery
        gallery.refresh()
        if fingers is None:
            return Compared(len(gallery))
        held = self._held(work, references, gallery)
        work.detail["candidates"] = len(references)
        return Compared(len(gallery), evidence_of(dict(finger_set(fingers)), held, policy))

    def _held(
        self, work: Work, references: Sequence[str], gallery: Gallery
    ) -> Mapping[str, Prints]:
        found: dict[str, Prints] = {}
        people = {from_text(one): one for one in references}
        for part in _parts(list(people)):
            for row in work.connection.execute(
                select(persons.c.id, persons.c.unit).where(persons.c.id.in_(part))
            ):
                person = bytes(row.id)
                work.about(person)
                work.within(row.unit)
                subject = subject_of(work, person)
                if subject is not None and subject in gallery:
                    found[people[person]] = gallery.get(subject)
        return found


def _together(gallery: Gallery, wanted: Sequence[Look], most: int) -> list[list[str]]:
    """Looks of one kind, as a gallery of their own that is compared with the large one."""
    hits: list[list[str]] = [[] for _ in wanted]
    for swapped, share in dict.fromkeys((one.swapped, one.share) for one in wanted):
        asked = Gallery()
        asked.enroll_many(
            (str(at), one.fingers)
            for at, one in enumerate(wanted)
            if (one.swapped, one.share) == (swapped, share)
        )
        for pair in asked.duplicates(gallery, share, swapped=swapped):
            mine = hits[int(pair.subject)]
            if len(mine) < most:
                mine.append(pair.other)
    return hits


def _parts(values: Sequence[bytes]) -> Iterable[Sequence[bytes]]:
    return (values[at : at + _AT_ONCE] for at in range(0, len(values), _AT_ONCE))
