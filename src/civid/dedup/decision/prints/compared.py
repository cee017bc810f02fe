"""What prints of one person say of those of others, finger by finger."""

from __future__ import annotations

from collections.abc import Mapping

from civid.dedup.decision.evidence import FingerEvidence, PrintEvidence
from civid.dedup.decision.policy import Policy
from civid.dedup.decision.prints.scores import decibans, poor_beside_good, poor_decibans
from civid.fingerprint.compare import compare
from civid.fingerprint.scores.odds import measured
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search import Candidate, Gallery

Prints = Mapping[Position, Template]


def is_poor(template: Template, policy: Policy) -> bool:
    """Whether a print can prove nothing."""
    return template.quality < policy.poor_quality or len(template) < policy.few_minutiae


def good_prints(fingers: Prints, policy: Policy) -> dict[Position, Template]:
    """The fingers that can prove something."""
    return {place: one for place, one in fingers.items() if not is_poor(one, policy)}


def evidence(probe: Prints, held: Prints, policy: Policy) -> PrintEvidence:
    """What two sets of prints say of each other; see `evidence_of`."""
    return evidence_of(probe, {"held": held}, policy)["held"]


def evidence_of(
    probe: Prints, held: Mapping[str, Prints], policy: Policy
) -> dict[str, PrintEvidence]:
    """What one set of prints says of several others.

    Fingers that are good on both sides count. Poor ones may speak for somebody, never against:
    where there is no good one, or beside good ones that speak for the same person. With
    `Policy.swapped`, exchanged labels are tried where the labels as they are prove nothing for one
    person; that has its price inside the score (``docs/explain/fusion.md``).
    """
    poor = {name: _poor_pairs(probe, one, policy) for name, one in held.items()}
    mine = good_prints(probe, policy)
    arena = Gallery(backend="exact")
    if mine:
        good = ((name, good_prints(one, policy)) for name, one in held.items())
        arena.enroll_many([(name, two) for name, two in good if two], threads=1)
    straight = _searched(arena, mine, poor, policy, swapped=False)
    unproven = [name for name, one in straight.items() if one.decibans <= 0]
    if policy.swapped and any(name in arena for name in unproven):
        exchanged = _searched(arena, mine, poor, policy, swapped=True)
        for name in unproven:
            other = exchanged[name]
            if other.swapped and other.decibans > max(0.0, straight[name].decibans):
                straight[name] = other
    return straight


def _searched(
    arena: Gallery, mine: Prints, poor: Mapping[str, tuple[FingerEvidence, ...]],
    policy: Policy, *, swapped: bool,
) -> dict[str, PrintEvidence]:  # fmt: skip
    found = {
        name: PrintEvidence(
            poor_decibans([one.score for one in fingers], policy),
            max((one.score for one in fingers), default=0.0),
            fingers,
        )
        for name, fingers in poor.items()
    }
    if len(arena):
        for one in arena.search(mine, None, swapped=swapped, threads=1):
            found[one.subject_id] = _as_evidence(one, poor[one.subject_id], policy)
    return found


def _as_evidence(
    best: Candidate, poor: tuple[FingerEvidence, ...], policy: Policy
) -> PrintEvidence:
    fingers = tuple(
        FingerEvidence(
            one.probe_position, one.reference_position, one.score,
            decibans(one.score, 1, policy),
        )
        for one in best.evidence
    )  # fmt: skip
    said = decibans(best.score, len(fingers), policy)
    if said > 0:  # what good fingers deny no poor one brings back
        said = min(policy.most, said + poor_beside_good([one.score for one in poor], policy))
    return PrintEvidence(
        said,
        best.score,
        fingers + poor,
        best.swapped,
        not measured(best.score),
    )


def _poor_pairs(probe: Prints, held: Prints, policy: Policy) -> tuple[FingerEvidence, ...]:
    return tuple(
        FingerEvidence(place, place, compare(one, held[place]).score, 0.0, poor=True)
        for place, one in probe.items()
        if place in held and (is_poor(one, policy) or is_poor(held[place], policy))
    )
