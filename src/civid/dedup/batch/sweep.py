"""The whole register against itself (rà soát trùng): by numbers, by names, by prints.

What is done is written into a folder, so that a sweep goes on after `kill -9`: the gallery's own
checkpoint for prints, a journal for the rest. They hold references and tokens, no value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from civid.dedup.batch.blocks import WAYS, Blocks, Pair
from civid.dedup.batch.journal import Journal
from civid.dedup.decision.decision import CandidateEvidence, Decision, Verdict
from civid.dedup.decision.deduplicator import Deduplicator
from civid.dedup.decision.evidence import PrintEvidence
from civid.dedup.decision.policy import Policy, Thresholds
from civid.dedup.decision.prints.reader import PrintReader
from civid.dedup.decision.question import Enrolment, pair_evidence
from civid.dedup.decision.rules import FIND, PRINTS
from civid.dedup.decision.weights import Weights
from civid.errors import FieldError
from civid.register import Register
from civid.search import Duplicate

#: Reference -> references of people who are known to be somebody else.
Settled = Callable[[str], frozenset[str]]
#: Blocks read at once, pairs compared at once, people of the incremental mode at once.
_BLOCKS, _COMPARED, _PEOPLE = 500, 200, 200
#: A name that more people share with their birth year is no use for blocking.
_MOST = 50
_CHANGED = "changed"


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """Two people of the register who may be one, or whom people have to look at together.

    Attributes
    ----------
    person : str
        Reference; the other one is that of the evidence.
    evidence : CandidateEvidence
        As between an enrolment and somebody in the register.
    """

    person: str
    evidence: CandidateEvidence

    @property
    def other(self) -> str:
        """Reference of the other one."""
        return self.evidence.reference

    def __repr__(self) -> str:
        return f"<Found {self.evidence!r}>"


class Sweep:
    """Goes through a register. The actor needs the capabilities to read and to identify, and the
    country as scope to find everything. For one thread.

    Parameters
    ----------
    register : Register
        Open, with its prints.
    folder : path
        Where it is written how far the sweep has come; one sweep a folder.
    policy, weights : optional
        As for `Deduplicator`.
    settled : callable, optional
        Whom not to ask about again (`civid.dedup.cases` remembers verdicts).
    max_fpir : float
        How often somebody who is here once may be reported for their prints.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import date
    >>> from pathlib import Path
    >>> from civid.people.citizen import Source, claim
    >>> said = tuple(claim(name, text, Source.CIVIL_STATUS, date(2021, 3, 1)) for name, text in
    ...              {"name": "Nguyễn Thị An", "birth": "05/03/2001"}.items())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(Path(folder) / "register", create=True) as register:
    ...         for _ in range(2):
    ...             _ = register.people.add(said, unit="46")
    ...         found = list(Sweep(register, Path(folder) / "sweep").run())
    >>> [one.evidence.found_by for one in found]
    [('name',)]
    """

    def __init__(
        self,
        register: Register,
        folder: str | Path,
        policy: Policy | None = None,
        weights: Weights | None = None,
        *,
        settled: Settled | None = None,
        max_fpir: float = 0.01,
    ):
        self.policy = Policy() if policy is None else policy
        self.weights = Weights() if weights is None else weights
        self._register = register
        self._folder = Path(folder)
        self._settled = settled or (lambda reference: frozenset())
        self._known: dict[str, frozenset[str]] = {}
        self._max_fpir = max_fpir
        self._blocks = Blocks(register._session)
        self._deduplicator = Deduplicator(register, self.policy, self.weights)
        self._reader = PrintReader(register._session)
        self._seen: set[Pair] = set()
        #: Pairs compared so far, of this run.
        self.compared = 0

    def run(
        self, *, threads: int | None = None, on_progress: Callable[[int, int], None] | None = None
    ) -> Iterator[Found]:
        """Pairs of the whole register, each once; after a break first those found before.

        Parameters
        ----------
        threads : int, optional
            For the prints; as many as the process may use, unless given.
        on_progress : callable
            Of the prints: called with (done, total) pairs.

        Raises
        ------
        SearchError
            The folder is of another sweep, or the gallery has changed since: give a new one.
        RegisterStorageError
            The journal cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        limits = self.policy.thresholds(self._deduplicator.searched())
        journal = Journal(self._folder / "sweep.jsonl", f"{self.policy.version}")
        self._seen.clear()
        try:
            by_way: dict[str, list[Pair]] = {}
            for one, two, way in journal.found:
                by_way.setdefault(way, []).append((one, two))
            for way, pairs in by_way.items():
                yield from self._judged(pairs, way, limits)
            for way, read in WAYS.items():
                if not self.policy.on(FIND[way]) or journal.after.get(way, []) is None:
                    continue
                yield from self._by(way, read, journal, limits)
            if self.policy.on(FIND[PRINTS]) and self._register._session.link.path is not None:
                yield from self._by_prints(limits, threads, on_progress)
        finally:
            journal.close()

    def changed(self, since: int, *, together: int = _PEOPLE) -> Iterator[tuple[str, Decision]]:
        """Everybody who was changed or taken in since a moment, against the whole register.

        Parameters
        ----------
        since : int
            Microseconds since 1970, UTC: the beginning of the sweep before.
        together : int
            People whose prints are looked for in one pass.

        Yields
        ------
        (str, Decision)
            Reference, and what was found but for the person themselves and settled pairs. People
            alone in the register are left out.
        """
        if together < 1:
            raise FieldError("together", "must be at least 1")
        self._folder.mkdir(parents=True, exist_ok=True)
        journal = Journal(self._folder / f"since-{since}.jsonl", f"{self.policy.version} {since}")
        try:
            after = journal.after.get(_CHANGED, [])
            again = [one for one, _, _ in journal.found]
            for at in range(0, len(again), together):
                yield from self._alike(again[at : at + together])
            place = after or None
            while after is not None:
                step = self._blocks.changed(since, place, together)
                found = list(self._alike([one for one, _ in step.pairs]))
                yield from found
                after = place = step.after
                journal.write(_CHANGED, after, [(one, one, _CHANGED) for one, _ in found])
        finally:
            journal.close()

    # ---- steps

    def _by(self, way: str, read: Any, journal: Journal, limits: Thresholds) -> Iterator[Found]:
        after = journal.after.get(way) or None
        while True:
            step = read(self._blocks, after, _BLOCKS, _MOST)
            found: list[tuple[str, str, str]] = []
            for one in self._judged(step.pairs, way, limits):
                found.append((one.person, one.other, way))
                yield one
            after = step.after
            journal.write(way, after, found)
            if after is None:
                return

    def _by_prints(
        self,
        limits: Thresholds,
        threads: int | None,
        on_progress: Callable[[int, int], None] | None,
    ) -> Iterator[Found]:
        gallery = self._register._session.link.gallery
        gallery.refresh()
        pairs: Iterator[Duplicate] = gallery.duplicates(
            max_fpir=self._max_fpir, checkpoint=self._folder / "prints.jsonl", threads=threads,
            on_progress=on_progress,
        )  # fmt: skip
        while part := list(islice(pairs, _COMPARED)):
            people = self._blocks.owners([(one.subject, one.other) for one in part])
            yield from self._judged(people, PRINTS, limits)

    def _judged(self, pairs: Sequence[Pair], way: str, limits: Thresholds) -> Iterator[Found]:
        new = []
        for one, two in pairs:
            pair = min(one, two), max(one, two)
            if self._is_new(pair):
                new.append(pair)
        for at in range(0, len(new), _COMPARED):
            part = new[at : at + _COMPARED]
            sides = self._blocks.compared(part, self.policy)
            for one, two in sides.pairs:
                if one not in sides.records or two not in sides.records:
                    continue
                if (one, two) not in part and not self._is_new((one, two)):
                    continue  # merged since the pair was read, and asked before as it stands now
                self.compared += 1
                judged = pair_evidence(
                    sides.records[one], sides.records[two],
                    sides.prints.get((one, two), PrintEvidence()), self.policy, self.weights,
                    limits, two, (way,),
                )  # fmt: skip
                if judged.verdict is not Verdict.UNIQUE:
                    yield Found(one, judged)

    def _alike(self, references: Sequence[str]) -> Iterator[tuple[str, Decision]]:
        people = self._reader.people(references)
        held = self._blocks.prints_of([one.reference for one in people])
        asked = [
            Enrolment(
                one.citizen.counting, dict(held[one.reference]) if one.reference in held else None,
                self._settled(one.reference) | {one.reference},
            )
            for one in people
        ]  # fmt: skip
        if not asked:
            return
        decisions = self._deduplicator.check_many(asked, together=len(asked))
        for one, decision in zip(people, decisions, strict=True):
            if any(found.verdict is not Verdict.UNIQUE for found in decision.candidates):
                yield one.reference, decision

    def _is_new(self, pair: Pair) -> bool:
        if pair in self._seen or self._is_settled(*pair):
            return False
        self._seen.add(pair)
        return True

    def _is_settled(self, one: str, two: str) -> bool:
        if one not in self._known:
            self._known[one] = self._settled(one)
        return two in self._known[one]
