"""Prints and people of a register as decisions need them: many at once, each look in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from civid.dedup.decision.candidates import Look
from civid.dedup.decision.evidence import PrintEvidence
from civid.dedup.decision.policy import Policy
from civid.dedup.decision.prints.compared import Prints, evidence_of
from civid.dedup.decision.rules import FINGER
from civid.register.actor import Capability
from civid.register.identity.prints import subjects_of
from civid.register.ids import from_text, to_text
from civid.register.population import records, unions
from civid.register.population.people import as_person
from civid.register.population.person import Person
from civid.register.session import Service, Work, check_capability, reads
from civid.register.store.among import parts
from civid.register.store.tables import persons, prints
from civid.search import Gallery
from civid.search.fingers import Fingers, finger_set
from civid.search.queries import Asked, ask_many

#: Dossiers whose prints are prepared at once.
_TOGETHER = 256


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
        """People by reference, each once; those erased or outside the scope are left out."""
        wanted = [from_text(one) for one in references]
        found = [
            record
            for part in parts(wanted)
            for record in unions.whole_many(work.connection, work.vault, part)
            if record.state == records.ACTIVE and work.actor.covers(record.unit)
        ]
        work.about(*(record.id for record in found))
        return tuple(map(as_person, found))

    def searches(self, looks: Sequence[Sequence[Look]], most: int) -> Searches:
        """All looks of some dossiers; those of a dossier are made at once when it asks first."""
        return Searches(self, looks, most)

    def _searched(self) -> Gallery | None:
        """The gallery as it is now."""
        check_capability(self._session, "prints.identify", Capability.IDENTIFY)
        if self._session.link.path is None:
            return None
        gallery = self._session.link.gallery
        gallery.refresh()
        return gallery

    @reads("prints.identify", Capability.IDENTIFY)
    def _resolve(self, work: Work, hits: list[list[str]], searched: int) -> list[tuple[str, ...]]:
        owners: dict[str, str] = {}
        subjects = {work.vault.token("subject", one): one for many in hits for one in many}
        for part in parts(list(subjects)):
            rows = work.connection.execute(
                select(prints.c.subject, prints.c.person, persons.c.unit, persons.c.merged_into)
                .join(persons, persons.c.id == prints.c.person)
                .where(prints.c.subject.in_(part))
            )
            for row in rows.all():
                person, unit = bytes(row.person), row.unit
                if row.merged_into is not None:
                    person = unions.root_of(work.connection, person)
                    unit = records.load(work.connection, work.vault, person).unit
                if work.actor.covers(unit):
                    owners[subjects[bytes(row.subject)]] = to_text(person)
                    work.about(person)
        outside = len(subjects) - len(owners)
        work.detail.update(searched=searched, candidates=len(subjects), looks=len(hits))
        if outside:
            work.detail["outside"] = outside
        return [tuple(dict.fromkeys(owners[one] for one in many if one in owners)) for many in hits]

    @reads("dedup.compare", Capability.IDENTIFY)
    def compare(
        self, work: Work, references: Sequence[str], fingers: Fingers, policy: Policy
    ) -> dict[str, PrintEvidence]:
        """Evidence of the prints of each candidate; whoever has none is left out.

        Raises
        ------
        AccessRefusedError
            Without the capability to identify, or for a record outside the scope.
        """
        if self._session.link.path is None:
            return {}
        gallery = self._session.link.gallery
        gallery.refresh()
        held = self._held(work, references, gallery)
        work.detail["candidates"] = len(references)
        best: dict[str, PrintEvidence] = {}
        for name, one in evidence_of(dict(finger_set(fingers)), held, policy).items():
            reference = name.split("/")[0]
            if reference not in best or one.decibans > best[reference].decibans:
                best[reference] = one  # of several entries of one person, that which says most
        return best

    def _held(
        self, work: Work, references: Sequence[str], gallery: Gallery
    ) -> Mapping[str, Prints]:
        """Prints of each entry of each person, as reference/number."""
        found: dict[str, Prints] = {}
        people = {from_text(one): one for one in references}
        for part in parts(list(people)):
            for row in work.connection.execute(
                select(persons.c.id, persons.c.unit).where(persons.c.id.in_(part))
            ).all():
                person = bytes(row.id)
                work.about(person)
                work.within(row.unit)
                for number, subject in enumerate(subjects_of(work, person)):
                    if subject in gallery:
                        found[f"{people[person]}/{number}"] = gallery.get(subject)
        return found


class Searches:
    """The searches of some dossiers, asked for one step after the other. For one thread.

    Not all of a dossier may be wanted in the end, but what they have in common costs more than the
    rest. Those of several dossiers go through the gallery together.
    """

    def __init__(self, reader: PrintReader, looks: Sequence[Sequence[Look]], most: int):
        self._reader, self._looks, self._most = reader, looks, most
        self._hits: dict[int, dict[tuple[object, ...], list[str]]] = {}

    def search(self, wanted: Sequence[tuple[int, Look]]) -> list[tuple[str, ...]]:
        """References of those whose prints are like those of each look, best first.

        Parameters
        ----------
        wanted : sequence of (int, Look)
            Which dossier's, and one of its looks.

        Raises
        ------
        AccessRefusedError
            Without the capability to identify.
        """
        gallery = self._reader._searched()
        if gallery is None or not wanted:
            return [() for _ in wanted]
        new = [at for at in dict.fromkeys(at for at, _ in wanted) if at not in self._hits]
        for begin in range(0, len(new), _TOGETHER):
            self._look_for(gallery, new[begin : begin + _TOGETHER])
        hits = [self._hits[at][_name(one)] for at, one in wanted]
        return self._reader._resolve(hits, len(gallery))

    def _look_for(self, gallery: Gallery, dossiers: Sequence[int]) -> None:
        found = ask_many(gallery, [_asked(self._looks[at]) for at in dossiers], self._most)
        for at, answers in zip(dossiers, found, strict=True):
            self._hits[at] = {
                _name(one): [hit.subject_id for hit in hits]
                for one, hits in zip(self._looks[at], answers, strict=True)
            }


def _name(look: Look) -> tuple[object, ...]:
    return look.way, frozenset(look.fingers)


def _asked(looks: Sequence[Look]) -> tuple[Prints, list[Asked]]:
    probe = {place: print_ for one in looks for place, print_ in one.fingers.items()}
    return probe, [
        Asked(one.fingers, one.share, one.swapped, many=one.way == FINGER) for one in looks
    ]
