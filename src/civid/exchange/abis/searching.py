"""One search of an `Abis`: among whom, and what the gallery's answer says about people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from civid.exchange.abis.changing import Changing, Prints
from civid.exchange.abis.records import Match
from civid.exchange.abis.rows import Row, Rows
from civid.exchange.abis.seals import folded
from civid.search import Candidate, Gallery, operating_point


@dataclass(frozen=True, slots=True, repr=False)
class Scope:
    """Among whom.

    Attributes
    ----------
    gallery : str or None
        Only encounters of this one.
    chosen : set of str, or None
        Only these subjects.
    barred : set of str
        Subjects that must not be found.
    size : int
        How many encounters are searched.
    """

    gallery: str | None
    chosen: frozenset[str] | None
    barred: frozenset[str]
    size: int

    @classmethod
    def of(
        cls, rows: Rows, gallery: str | None, among: Iterable[str] | None, without: Iterable[str]
    ) -> Scope:
        """Of people's ids; those that are not there are passed over."""
        without = set(without)
        barred = frozenset(rows.subjects(without, None, all_=True))
        if among is None:
            hidden = rows.subjects(without, gallery, all_=False)
            return cls(gallery, None, barred, rows.searched(gallery) - len(hidden))
        chosen = frozenset(rows.subjects(among, gallery, all_=False) - barred)
        return cls(gallery, chosen, barred, len(chosen))

    def admits(self, row: Row) -> bool:
        """Whether an encounter may be found."""
        if row.subject in self.barred or not _fits(row, self.gallery):
            return False
        return self.chosen is None or row.subject in self.chosen


@dataclass(frozen=True, slots=True)
class Search:
    """A scope, and what is asked for in it."""

    scope: Scope
    most: int
    least: float
    swapped: bool
    threads: int | None

    def people(self, parts: Changing, probe: Prints) -> list[Match]:
        """The best encounter of each person, best first."""
        scope = self.scope
        if not scope.size or not probe:
            return []
        limit = self.most
        while True:
            found = self._ask(parts.gallery, probe, limit)
            people = self._matches(parts, found)
            if len(found) < limit or len(people) >= self.most:
                return people
            limit *= 4  # many of one person, or of other galleries, stood before the rest

    def _ask(self, gallery: Gallery, probe: Prints, limit: int) -> list[Candidate]:
        return gallery.search(
            probe,
            limit,
            min_score=self.least,
            swapped=self.swapped,
            among=self.scope.chosen,
            without=self.scope.barred,
            threads=self.threads,
        )

    def _matches(self, parts: Changing, found: list[Candidate]) -> list[Match]:
        with parts.reading() as ledger:
            rows = ledger.of_subjects(one.subject_id for one in found)
        people: dict[int, Match] = {}
        for one in found:
            row = rows.get(one.subject_id)  # None: not committed yet, or deleted just now
            if row is not None and row.person_id not in people and self.scope.admits(row):
                people[row.person_id] = self._match(row, one)
        return list(people.values())

    def _match(self, row: Row, one: Candidate) -> Match:
        rate = operating_point.fpir(one.score, self.scope.size)
        fingers = tuple(
            (each.probe_position, each.reference_position, each.score) for each in one.evidence
        )
        return Match(row.person, row.encounter, one.score, rate, one.swapped, fingers)


def _fits(row: Row, gallery: str | None) -> bool:
    """Whether a search of this gallery may find an encounter."""
    if not row.active or row.subject is None:
        return False
    wanted = None if gallery is None else folded(gallery)
    return wanted is None or any(folded(name) == wanted for name in row.galleries)
