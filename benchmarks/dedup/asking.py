"""Probes asked about once a system, and judged as often as a script likes: under any limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from decide import enrolment
from probes import Probe, claims

from civid.dedup.decision import CandidateEvidence, Deduplicator, Outcome, Policy, Record, Verdict
from civid.dedup.decision.judge import judge
from civid.dedup.decision.policy import Thresholds
from civid.dedup.decision.question import decide as decided
from civid.people.synthetic.households import Row
from civid.register import Register


@dataclass(frozen=True)
class Asked:
    """A probe, and what was found about it."""

    probe: Probe
    system: str
    candidates: tuple[CandidateEvidence, ...]
    records: tuple[Record, dict[str, Record]]
    good: bool


def ask(
    register: Register, rows: dict[str, Row], asked: list[Probe], system: str
) -> Iterator[Asked]:
    """All evidence, under a policy that stops nowhere early."""
    policy = Policy(stop_early=False, search_fpir=0.5)
    deduplicator = Deduplicator(register, policy)
    for probe in asked:
        question = enrolment(probe, system)
        found = deduplicator.check(question)
        theirs = {one.reference: Record.of_claims(claims(rows[one.reference]))
                  for one in found.candidates}  # fmt: skip
        yield Asked(probe, system, found.candidates, (Record.of_claims(question.claims), theirs),
                    found.prints_can_prove)  # fmt: skip


def outcome(one: Asked, policy: Policy, limits: Thresholds) -> tuple[bool, bool, bool]:
    """Missed, stopped by the machine, sent to people."""
    mine, theirs = one.records
    judged = []
    for found in one.candidates:
        named, verdict = judge(mine, theirs[found.reference], found.fields, found.prints,
                               found.decibans, policy, limits)  # fmt: skip
        judged.append(replace(found, outcome=named, verdict=verdict))
    # Data alone have no prints that could be captured again.
    good = one.good or one.system == "data"
    decision = decided(judged, policy, limits, searched=1, good=good, weights="")
    again = decision.outcome is Outcome.UNPROVEN
    further = [c.reference for c in decision.candidates if c.verdict is not Verdict.UNIQUE]
    missed = False
    if one.probe.mate:
        missed = one.probe.mate not in further and not again
    elif one.probe.look:
        missed = decision.verdict is Verdict.UNIQUE
    stopped = decision.verdict is Verdict.DUPLICATE
    return missed, stopped, decision.verdict is Verdict.ADJUDICATE and not again
