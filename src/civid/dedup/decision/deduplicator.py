"""Is this person already here? One enrolment, or a day's, against a register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from civid.dedup.decision.candidates import CASE, Found, by_data, by_each_finger, by_prints
from civid.dedup.decision.decision import (
    CandidateEvidence,
    Decision,
    Outcome,
    Verdict,
    gravest,
)
from civid.dedup.decision.evidence import PrintEvidence
from civid.dedup.decision.judge import FOR, judge, same_fingers
from civid.dedup.decision.policy import Policy, Thresholds
from civid.dedup.decision.print_reader import Compared, PrintReader, good_prints
from civid.dedup.decision.record import Record
from civid.dedup.decision.weights import Weights
from civid.fingerprint.template import Template
from civid.people.citizen import Claim
from civid.position import Position
from civid.register import Register
from civid.search.fingers import Fingers, finger_set

#: Candidates that a decision keeps; the others said less.
_KEPT = 50


@dataclass(frozen=True, slots=True, repr=False)
class Enrolment:
    """Somebody at the counter.

    Parameters
    ----------
    claims : tuple of Claim
        What is said of them.
    fingers : Template or mapping of Position to Template, optional
        Their prints.
    settled : frozenset of str
        References of people that are known to be somebody else, or the person themselves: they are
        not compared.
    """

    claims: tuple[Claim, ...]
    fingers: Fingers | None = None
    settled: frozenset[str] = field(default_factory=frozenset)

    def __repr__(self) -> str:
        return f"<Enrolment with {len(self.claims)} claims>"


class Deduplicator:
    """Decides whether somebody is in a register already. Safe for threads.

    The actor needs the capabilities to read and to identify. A duplicate anywhere in the country is
    only found by an actor whose scope is the country: people outside the scope are left out.

    Parameters
    ----------
    register : Register
        Open, with its prints.
    policy : Policy, optional
        Costs, limits, what a poor print is.
    weights : Weights, optional
        m and u of the fields; see `estimate`.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import date
    >>> from civid.people.citizen import Source, claim
    >>> day = date(2021, 3, 1)
    >>> said = tuple(claim(name, text, Source.CIVIL_STATUS, day) for name, text in
    ...              {"name": "Nguyễn Thị An", "birth": "05/03/2001"}.items())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(folder, create=True) as register:
    ...         made = register.people.add(said, unit="46")
    ...         decision = Deduplicator(register).check(Enrolment(said))
    >>> decision.outcome.value, len(decision.candidates)
    ('adjudicate', 1)
    """

    def __init__(
        self, register: Register, policy: Policy | None = None, weights: Weights | None = None
    ):
        self._register = register
        self.policy = Policy() if policy is None else policy
        self.weights = Weights() if weights is None else weights
        self._reader = PrintReader(register._session)

    def __repr__(self) -> str:
        return f"<Deduplicator, policy {self.policy.version}, weights {self.weights.version}>"

    def check(self, enrolment: Enrolment, *, also: Iterable[str] = ()) -> Decision:
        """Decide about one enrolment; nothing is changed but the register's log.

        Parameters
        ----------
        enrolment : Enrolment
            Somebody at the counter.
        also : iterable of str
            References of people to compare, whatever leads to them: a search named them before.

        Raises
        ------
        AccessRefusedError
            The actor lacks a capability.
        TemplateError, FieldError
            The fingers or claims are none.
        """
        policy = self.policy
        one = Record.of_claims(enrolment.claims)
        probe = {} if enrolment.fingers is None else dict(finger_set(enrolment.fingers))
        good = good_prints(probe, policy)
        found = Found(enrolment.settled)
        by_data(self._register, one, policy, found)
        for reference in also:
            if reference not in found:
                found.add(self._register.people.get(reference), CASE)
        compared = self._compare(found, probe)
        limits = policy.thresholds(compared.searched)
        judged = self._judge(one, found, compared, limits)
        for look in (by_prints, by_each_finger) if probe else ():
            if policy.stop_early and _is_plain(judged):
                break
            before = len(found.people)
            look(self._register, good or probe, policy, found)
            if len(found.people) > before:
                compared = self._compare(found, probe)
            judged = self._judge(one, found, compared, limits)
        return self._decide(judged, limits, compared.searched, bool(good))

    def check_many(self, enrolments: Iterable[Enrolment]) -> Iterator[Decision]:
        """Decide about enrolments one after the other, each when it is asked for.

        Whoever is taken into the register before the next decision is asked for is compared with
        the next: two dossiers of one person on one day are found.
        """
        for one in enrolments:
            yield self.check(one)

    def _compare(self, found: Found, probe: dict[Position, Template]) -> Compared:
        return self._reader.compare(tuple(found.people), probe or None, self.policy)

    def _judge(
        self, one: Record, found: Found, compared: Compared, limits: Thresholds
    ) -> list[CandidateEvidence]:
        judged = []
        for reference, person in found.people.items():
            two = Record.of(person.citizen)
            fields = self.weights.compare(one, two)
            prints = compared.evidence.get(reference, PrintEvidence())
            data = self.weights.together(fields)
            total = data + prints.decibans
            outcome, verdict = judge(one, two, fields, prints, total, self.policy, limits)
            judged.append(
                CandidateEvidence(
                    reference, outcome, verdict, total, data, fields, prints,
                    tuple(found.ways[reference]),
                )
            )  # fmt: skip
        return judged

    def _decide(
        self, judged: list[CandidateEvidence], limits: Thresholds, searched: int, good: bool
    ) -> Decision:
        judged = _fingers_of_two(judged)
        order = list(Outcome)
        judged.sort(key=lambda one: (order.index(one.outcome), -one.decibans, one.reference))
        outcome = gravest([one.outcome for one in judged])
        verdict = _verdict(judged)
        if verdict is Verdict.UNIQUE and not good and self.policy.needs_prints:
            outcome, verdict = Outcome.UNPROVEN, Verdict.ADJUDICATE
        return Decision(
            outcome, verdict, tuple(judged[:_KEPT]), limits, searched, good,
            self.policy.version, self.weights.version,
        )  # fmt: skip


def _is_plain(judged: list[CandidateEvidence]) -> bool:
    """Whether cheap evidence has found one plain duplicate with all of its fingers, no more."""
    suspects = [one for one in judged if one.verdict is not Verdict.UNIQUE]
    return (
        len(suspects) == 1
        and suspects[0].outcome is Outcome.DUPLICATE
        and all(one.poor or one.decibans >= FOR for one in suspects[0].prints.fingers)
    )


def _fingers_of_two(judged: list[CandidateEvidence]) -> list[CandidateEvidence]:
    """Different fingers of one dossier belong to different people here."""
    owned = {
        one.reference: same_fingers(one.prints)
        for one in judged
        if one.verdict is not Verdict.UNIQUE and same_fingers(one.prints)
    }
    apart = {
        name
        for name, mine in owned.items()
        for other, theirs in owned.items()
        if name != other and not mine & theirs
    }
    return [
        replace(one, outcome=Outcome.FINGERS_OF_TWO, verdict=Verdict.ADJUDICATE)
        if one.reference in apart
        else one
        for one in judged
    ]


def _verdict(judged: list[CandidateEvidence]) -> Verdict:
    """Several suspects, or one that people must look at: people decide."""
    suspects = [one.verdict for one in judged if one.verdict is not Verdict.UNIQUE]
    if not suspects:
        return Verdict.UNIQUE
    if set(suspects) == {Verdict.DUPLICATE} and len(suspects) == 1:
        return Verdict.DUPLICATE
    return Verdict.ADJUDICATE
