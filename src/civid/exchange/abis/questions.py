"""What can be asked of an `Abis`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from civid.errors import SearchError, SubjectNotFoundError
from civid.exchange.abis.changing import Changing, Prints
from civid.exchange.abis.records import Encounter, Match
from civid.exchange.abis.rows import Rows
from civid.exchange.abis.searching import Scope, Search
from civid.search import operating_point
from civid.search.fingers import finger_set
from civid.search.parameters.meaning import check_score

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

    def listed(
        self, *, gallery: str | None = None, offset: int = 0, limit: int = 1000
    ) -> tuple[tuple[str, str], ...]:
        """Person and id of encounters, in the order in which they came; see `people`."""
        with self._parts.reading() as rows:
            return rows.listed(gallery, max(offset, 0), max(limit, 0))

    def galleries(self) -> tuple[str, ...]:
        """Names of the galleries that an encounter belongs to."""
        with self._parts.reading() as rows:
            return rows.galleries()

    def __contains__(self, person: object) -> bool:
        with self._parts.reading() as rows:
            return isinstance(person, str) and rows.person_id(person) is not None

    def missing(self, people: Iterable[str]) -> tuple[str, ...]:
        """Those ids that are nobody's here, in their order."""
        with self._parts.reading() as rows:
            return tuple(name for name in people if rows.person_id(name) is None)

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
        least = 0.0 if min_score is None else min_score
        if not 1 <= most <= MOST:
            raise SearchError(f"most must lie between 1 and {MOST}")
        check_score(least)
        parts = self._parts
        if parts.mine is not None:  # what is not committed yet is searched, too
            parts.mine.flush(parts.gallery)
        with parts.reading() as rows:
            probes = self._probes(rows, probe)
            left_out = {*without, *([probe] if isinstance(probe, str) else [])}
            scope = Scope.of(rows, gallery, among, left_out)
        if max_fpir is not None:
            least = max(least, operating_point.threshold(max_fpir, scope.size))
        search = Search(scope, most, least, swapped, self._threads)
        best: dict[str, Match] = {}
        for one in probes:
            for match in search.people(parts, one):
                there = best.get(match.person)
                if there is None or match.score > there.score:
                    best[match.person] = match
        return tuple(sorted(best.values(), key=lambda match: -match.score)[:most])

    def _probes(self, rows: Rows, probe: Prints | str) -> list[Prints]:
        if isinstance(probe, str):
            own = rows.encounters(_person(rows, probe))
            return [self._prints(row.subject) for row in own if row.active]
        return [dict(finger_set(probe))] if probe or not isinstance(probe, Mapping) else []

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


def _person(rows: Rows, person: str) -> int:
    found = rows.person_id(person)
    if found is None:
        raise SubjectNotFoundError("no such person")
    return found
