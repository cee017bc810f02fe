"""A day's dossiers: against the register in shared passes, and against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from civid.dedup.decision.decision import CandidateEvidence, Decision, Verdict
from civid.dedup.decision.deduplicator import Deduplicator
from civid.dedup.decision.prints.compared import evidence
from civid.dedup.decision.question import Enrolment, pair_evidence
from civid.dedup.decision.record import Record
from civid.dedup.decision.rules import NAME, NUMBER, PRINTS, SWAPPED
from civid.people.names.canonical import key
from civid.search import Gallery
from civid.search.fingers import finger_set

Progress = Callable[[int, int], None]
#: Dossiers of one day that share a name and a birth year: more are not compared for that alone.
_MOST_ALIKE = 50


@dataclass(frozen=True, slots=True)
class SameDay:
    """Two dossiers of one day that may be one person.

    Attributes
    ----------
    first, second : int
        Places in the day, from 0.
    evidence : CandidateEvidence
        As between an enrolment and somebody in the register; its reference is empty.
    """

    first: int
    second: int
    evidence: CandidateEvidence


@dataclass(frozen=True, slots=True)
class Day:
    """Answer of `check_day`.

    Attributes
    ----------
    decisions : tuple of Decision
        About each dossier against the register, in their order.
    among : tuple of SameDay
        Dossiers that may be of one person, or that people have to look at together. A decision
        ``unique`` of one of these must not go on alone.
    """

    decisions: tuple[Decision, ...]
    among: tuple[SameDay, ...]


def check_day(
    deduplicator: Deduplicator,
    enrolments: Sequence[Enrolment],
    *,
    together: int = 500,
    on_progress: Progress | None = None,
) -> Day:
    """Decide about a day's dossiers; nothing is changed but the register's log.

    Parameters
    ----------
    deduplicator : Deduplicator
        With its register, policy and weights.
    enrolments : sequence of Enrolment
        The day.
    together : int
        How many share a pass through the gallery.
    on_progress : callable
        Called with (done, total) dossiers.

    Raises
    ------
    AccessRefusedError
        The actor lacks a capability.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import date
    >>> from civid.people.citizen import Source, claim
    >>> from civid.register import Register
    >>> said = tuple(claim(name, text, Source.CIVIL_STATUS, date(2021, 3, 1)) for name, text in
    ...              {"name": "Nguyễn Thị An", "birth": "05/03/2001"}.items())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(folder, create=True) as register:
    ...         day = check_day(Deduplicator(register), [Enrolment(said), Enrolment(said)])
    >>> [(one.first, one.second) for one in day.among]
    [(0, 1)]
    """
    decisions: list[Decision] = []
    for one in deduplicator.check_many(enrolments, together=together):
        decisions.append(one)
        if on_progress is not None:
            on_progress(len(decisions), len(enrolments))
    return Day(tuple(decisions), tuple(_among(deduplicator, enrolments)))


def _among(deduplicator: Deduplicator, enrolments: Sequence[Enrolment]) -> Iterator[SameDay]:
    policy = deduplicator.policy
    # The day is compared with the limits of the register that it is going into.
    limits = policy.thresholds(deduplicator.searched() + len(enrolments))
    records = [Record.of_claims(one.claims) for one in enrolments]
    ways: dict[tuple[int, int], list[str]] = defaultdict(list)
    for pair, way in (*_by_data(records), *_by_prints(enrolments, policy.search_fpir)):
        if way not in ways[pair]:
            ways[pair].append(way)
    for (first, second), found in sorted(ways.items()):
        one, two = enrolments[first].fingers, enrolments[second].fingers
        prints = evidence(
            {} if one is None else dict(finger_set(one)),
            {} if two is None else dict(finger_set(two)),
            policy,
        )
        judged = pair_evidence(
            records[first], records[second], prints, policy, deduplicator.weights, limits,
            "", tuple(found),
        )  # fmt: skip
        if judged.verdict is not Verdict.UNIQUE:
            yield SameDay(first, second, judged)


def _by_data(records: Sequence[Record]) -> Iterator[tuple[tuple[int, int], str]]:
    blocks: dict[tuple[str, str, object], list[int]] = defaultdict(list)
    for at, one in enumerate(records):
        for number in {one.number, *one.cmnd9} - {""}:
            blocks[NUMBER, number, None].append(at)
        if one.birth is not None:
            for name in {key(name) for name in one.names}:
                blocks[NAME, name, one.birth.year].append(at)
    for (way, _, _), places in blocks.items():
        if way == NUMBER or len(places) <= _MOST_ALIKE:
            for pair in combinations(places, 2):
                yield pair, way


def _by_prints(
    enrolments: Sequence[Enrolment], share: float
) -> Iterator[tuple[tuple[int, int], str]]:
    gallery = Gallery()
    gallery.enroll_many(
        (str(at), one.fingers) for at, one in enumerate(enrolments) if one.fingers is not None
    )
    for swapped, way in ((False, PRINTS), (True, SWAPPED)):
        for pair in gallery.duplicates(max_fpir=share, swapped=swapped):
            if swapped <= pair.swapped:
                first, second = sorted((int(pair.subject), int(pair.other)))
                yield (first, second), way
