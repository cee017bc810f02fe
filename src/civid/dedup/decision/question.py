"""One enrolment while it is being decided: what has been found, read and compared so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from civid.dedup.decision.candidates import Found, Look, looks
from civid.dedup.decision.decision import (
    CandidateEvidence,
    Decision,
    Outcome,
    Verdict,
    gravest,
)
from civid.dedup.decision.evidence import PrintEvidence
from civid.dedup.decision.judge import fingers_of_two, is_plain, judge, together
from civid.dedup.decision.policy import Policy, Thresholds
from civid.dedup.decision.prints.compared import good_prints
from civid.dedup.decision.record import Record
from civid.dedup.decision.rules import AGREE, PRINTS, SWAPPED
from civid.dedup.decision.weights import Weights
from civid.people.citizen import Claim
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


def pair_evidence(
    one: Record, two: Record, prints: PrintEvidence, policy: Policy, weights: Weights,
    limits: Thresholds, reference: str = "", found_by: tuple[str, ...] = (),
) -> CandidateEvidence:  # fmt: skip
    """What two records and their prints are to each other."""
    silent = [name for name, rule in AGREE.items() if not policy.on(rule)]
    fields = weights.compare(one, two, silent)
    data = weights.together(fields)
    total = data + prints.decibans
    outcome, verdict = judge(one, two, fields, prints, total, policy, limits)
    return CandidateEvidence(
        reference, outcome, verdict, total, data, fields, prints, found_by
    )  # fmt: skip


class Question:
    """See the module. For one thread.

    Attributes
    ----------
    one : Record
        What is said of the person.
    probe, good : dict of Position to Template
        All fingers, and those that can prove something.
    found : Found
        People to compare.
    limits : Thresholds
        Of the register, given before anything is judged.
    """

    def __init__(self, enrolment: Enrolment, policy: Policy, weights: Weights):
        self.policy, self.weights = policy, weights
        self.one = Record.of_claims(enrolment.claims)
        fingers = enrolment.fingers
        self.probe = {} if fingers is None else dict(finger_set(fingers))
        self.good = good_prints(self.probe, policy)
        self.found = Found(enrolment.settled)
        self._steps = list(looks(self.good or self.probe, policy)) if self.probe else []
        self.limits = policy.thresholds(1)
        self._prints: dict[str, PrintEvidence] = {}
        self._asked: set[str] = set()
        self._judged: dict[str, CandidateEvidence] = {}

    def looks(self) -> Iterator[tuple[Look, ...]]:
        """Searches still to be made, one step after the other; see `looks` of candidates."""
        for step in self._steps:
            way = step[0].way
            if way == SWAPPED and self._seen_by_prints:
                continue
            if self.policy.stop_early and self.is_plain and way != SWAPPED:
                return
            yield step

    def foreseen(self) -> list[Look]:
        """All that `looks` may come to."""
        return [look for step in self._steps for look in step]

    def uncompared(self) -> tuple[str, ...]:
        """Those found since this was asked last."""
        new = tuple(one for one in self.found.people if one not in self._asked)
        self._asked.update(new)
        return new

    def compared(self, prints: Mapping[str, PrintEvidence]) -> None:
        """Note what prints say."""
        self._prints |= prints

    @property
    def _seen_by_prints(self) -> bool:
        """Whether all fingers together led to somebody who goes further.

        A search leads to a stranger by chance as often as `Policy.search_fpir` says; that says
        nothing about exchanged labels.
        """
        return any(
            PRINTS in one.found_by and one.verdict is not Verdict.UNIQUE for one in self.judged()
        )

    @property
    def is_plain(self) -> bool:
        """Whether nothing more has to be looked for."""
        return is_plain(self.judged())

    def judged(self) -> list[CandidateEvidence]:
        """Evidence and outcome of everybody found."""
        for reference, person in self.found.people.items():
            ways = tuple(self.found.ways[reference])
            known = self._judged.get(reference)
            if known is None or known.found_by != ways:
                self._judged[reference] = pair_evidence(
                    self.one, Record.of(person.citizen),
                    self._prints.get(reference, PrintEvidence()), self.policy, self.weights,
                    self.limits, reference, ways,
                )  # fmt: skip
        return list(self._judged.values())

    def decision(self, searched: int) -> Decision:
        """What the machine makes of it all."""
        return decide(
            self.judged(), self.policy, self.limits, searched=searched, good=bool(self.good),
            weights=self.weights.version,
        )  # fmt: skip


def decide(
    candidates: Iterable[CandidateEvidence], policy: Policy, limits: Thresholds, *,
    searched: int, good: bool, weights: str,
) -> Decision:  # fmt: skip
    """One decision from the evidence of all candidates."""
    judged = fingers_of_two(list(candidates))
    order = list(Outcome)
    judged.sort(key=lambda one: (order.index(one.outcome), -one.decibans, one.reference))
    outcome, verdict = gravest([one.outcome for one in judged]), together(judged)
    if verdict is Verdict.UNIQUE and not good and policy.needs_prints:
        outcome, verdict = Outcome.UNPROVEN, Verdict.ADJUDICATE
    return Decision(
        outcome, verdict, tuple(judged[:_KEPT]), limits, searched, good, policy.version, weights
    )
