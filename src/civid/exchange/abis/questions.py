"""What can be asked of an `Abis`."""

from __future__ import annotations

from collections.abc import Iterable

from civid.errors import SearchError, SubjectNotFoundError
from civid.exchange.abis.changing import Changing, Prints
from civid.exchange.abis.records import Encounter, Match
from civid.exchange.abis.rows import Row, Rows
from civid.search import Candidate, Gallery, operating_point
from civid.search.fingers import finger_set

#: Of so few, their prints are taken out and compared; more are found by a search of everybody.
FEW = 500
#: Most matches that may be asked for.
MOST = 10_000


class AbisQuestions:
    """The asking half of `Abis`."""

    _parts: Changing
    _threads: int | None

    # ---- what is there

    def count(self) -> int:
        """How many people."""
        with self._parts.reading() as rows:
            return rows.count()

    def people(
        self, *, gallery: str | None = None, offset: int = 0, limit: int = 1000
    ) -> tuple[str, ...]:
        """Ids of people in the order in which they came; of those in a gallery, if one is given."""
        with self._parts.reading() as rows:
            return rows.people(gallery, max(offset, 0), max(limit, 0))

    def galleries(self) -> tuple[str, ...]:
        """Names of the galleries that an encounter belongs to."""
        with self._parts.reading() as rows:
            return rows.galleries()

    def __contains__(self, person: object) -> bool:
        with self._parts.reading() as rows:
            return isinstance(person, str) and rows.person_id(person) is not None

    def get(self, person: str, encounter: str) -> Encounter:
        """One encounter, with its prints; `SubjectNotFoundError` when there is none."""
        found = self._encounters(person, encounter)
        if not found:
            raise SubjectNotFoundError("no such encounter of this person")
        return found[0]

    def encounters(self, person: str) -> tuple[Encounter, ...]:
        """All of a person, in the order in which they came; `SubjectNotFoundError` without any."""
        return self._encounters(person, None)

    def _encounters(self, person: str, encounter: str | None) -> tuple[Encounter, ...]:
        with self._parts.reading() as rows:
            found = rows.encounters(_person(rows, person), encounter)
        return tuple(
            Encounter(
                row.person, row.encounter, row.kind, row.galleries, row.active,
                self._prints(row.subject), row.document,
            )
            for row in found
        )  # fmt: skip

    def _prints(self, subject: str | None) -> Prints:
        if subject is None:
            return {}
        change, gallery = self._parts.mine, self._parts.gallery
        if change is not None and subject in change.entering:
            return dict(change.entering[subject])
        try:
            return gallery.get(subject)
        except SubjectNotFoundError:
            gallery.refresh()  # another process has written it since
            return gallery.get(subject)

    # ---- who is this?

    def threshold(self, max_fpir: float, size: int) -> float:
        """Least score such that a search of `size` for a stranger finds somebody this rarely.

        In units of -10 log10 of the false match rate. See `civid.search.threshold`.
        """
        return operating_point.threshold(max_fpir, size)

    def identify(
        self,
        probe: Prints | str,
        *,
        gallery: str | None = None,
        among: Iterable[str] | None = None,
        most: int = 30,
        max_fpir: float | None = 1e-3,
        min_score: float | None = None,
        swapped: bool = False,
        without: Iterable[str] = (),
    ) -> tuple[Match, ...]:
        """Who is this? Of every person that matches the best active encounter, best first.

        Parameters
        ----------
        probe : mapping of Position to Template, or str
            Fingers; or a person's id: what is theirs is looked for with all their active
            encounters, and they are left out of the answer.
        gallery : str, optional
            Only encounters of this gallery.
        among : iterable of str, optional
            Only these people; ids that are not there are passed over.
        most : int
            Most people to return, up to 10,000.
        max_fpir : float, optional
            Least score such that a search for a stranger finds anybody at most this often, given
            how many encounters are searched.
        min_score : float, optional
            Least score; the higher one counts.
        swapped : bool
            Find mixed hands, too: every finger is compared with every other.
        without : iterable of str
            People to leave out.

        Raises
        ------
        SubjectNotFoundError
            The probe is a person's id, and not here.
        SearchError
            `most`, `max_fpir` or `min_score` make no sense.
        TemplateError
            The probe is not a mapping of fingers.
        """
        if not 1 <= most <= MOST:
            raise SearchError(f"most must lie between 1 and {MOST}")
        change = self._parts.mine
        if change is not None:
            change.flush(self._parts.gallery)
        left_out = set(without)
        with self._parts.reading() as rows:
            if isinstance(probe, str):
                own = rows.encounters(_person(rows, probe))
                subjects = [row.subject for row in own if row.active]
                left_out.add(probe)
            else:
                subjects = None
            barred = {
                row.subject: row
                for name in left_out
                if (number := rows.person_id(name)) is not None
                for row in rows.encounters(number)
                if row.subject is not None
            }
            if among is None:
                chosen = None
                hidden = sum(_fits(row, gallery) for row in barred.values())
                size = rows.searched(gallery) - hidden
            else:
                chosen = {
                    row.subject
                    for name in set(among)
                    if (number := rows.person_id(name)) is not None
                    for row in rows.encounters(number)
                    if row.subject is not None and row.subject not in barred
                    if _fits(row, gallery)
                }
                size = len(chosen)
        least = 0.0 if min_score is None else min_score
        if max_fpir is not None:
            least = max(least, operating_point.threshold(max_fpir, size))
        if subjects is not None:
            probes = [self._prints(one) for one in subjects if one is not None]
        else:
            assert not isinstance(probe, str)
            probes = [dict(finger_set(probe))] if probe or not isinstance(probe, dict) else []
        best: dict[str, Match] = {}
        search = _Search(self, gallery, chosen, barred, most, least, swapped, size)
        for one in probes:
            for match in search.run(one):
                there = best.get(match.person)
                if there is None or match.score > there.score:
                    best[match.person] = match
        return tuple(sorted(best.values(), key=lambda match: -match.score)[:most])

    def verify(self, person: str, fingers: Prints, *, gallery: str | None = None) -> Match | None:
        """Is this the person? The best of their active encounters, whatever its score.

        None where nothing can be compared: no such finger, or no encounter in the gallery.

        Raises
        ------
        SubjectNotFoundError
            There is no such person.
        TemplateError
            The fingers are not a mapping of position to template.
        """
        with self._parts.reading() as rows:
            _person(rows, person)
        if not fingers:
            return None
        found = self.identify(fingers, gallery=gallery, among=[person], most=1, max_fpir=None)
        return found[0] if found else None


class _Search:
    """One search of an engine, with its limits."""

    def __init__(
        self,
        engine: AbisQuestions,
        gallery: str | None,
        chosen: set[str] | None,
        barred: dict[str, Row],
        most: int,
        least: float,
        swapped: bool,
        size: int,
    ):
        self._engine, self._gallery, self._chosen, self._barred = engine, gallery, chosen, barred
        self._most, self._least, self._swapped, self._size = most, least, swapped, size

    def run(self, probe: Prints) -> list[Match]:
        """The best encounter of each person, best first."""
        if not self._size or not probe:
            return []
        parts = self._engine._parts
        if self._chosen is not None and len(self._chosen) <= FEW:
            few = Gallery(backend="exact")
            few.enroll_many({one: self._engine._prints(one) for one in sorted(self._chosen)})
            return self._people(self._find(few, probe, len(self._chosen)))
        limit = self._most + len(self._barred)
        while True:
            found = self._find(parts.gallery, probe, limit)
            people = self._people(found)
            if len(found) < limit or len(people) >= self._most:
                return people
            limit *= 4

    def _find(self, gallery: Gallery, probe: Prints, limit: int) -> list[Candidate]:
        return gallery.search(
            probe, limit, min_score=self._least, swapped=self._swapped,
            threads=self._engine._threads,
        )  # fmt: skip

    def _people(self, found: list[Candidate]) -> list[Match]:
        with self._engine._parts.reading() as ledger:
            rows = ledger.of_subjects(one.subject_id for one in found)
        people: dict[int, Match] = {}
        for one in found:
            row = rows.get(one.subject_id)
            if row is None or one.subject_id in self._barred or row.person_id in people:
                continue
            if self._chosen is not None and one.subject_id not in self._chosen:
                continue
            if not _fits(row, self._gallery):
                continue
            people[row.person_id] = Match(
                row.person, row.encounter, one.score,
                operating_point.fpir(one.score, self._size), one.swapped,
                tuple((e.probe_position, e.reference_position, e.score) for e in one.evidence),
            )  # fmt: skip
        return list(people.values())


def _person(rows: Rows, person: str) -> int:
    found = rows.person_id(person)
    if found is None:
        raise SubjectNotFoundError("no such person")
    return found


def _fits(row: Row, gallery: str | None) -> bool:
    """Whether a search of this gallery may find it."""
    if not row.active or row.subject is None:
        return False
    wanted = None if gallery is None else gallery.casefold()
    return wanted is None or any(name.casefold() == wanted for name in row.galleries)
