"""Prints of candidates compared with those of an enrolment, finger by finger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from civid.dedup.decision.evidence import FingerEvidence, PrintEvidence
from civid.dedup.decision.policy import Policy
from civid.dedup.decision.print_scores import MEASURED, decibans
from civid.fingerprint.compare import compare
from civid.fingerprint.template import Template
from civid.position import Position
from civid.register.actor import Capability
from civid.register.identity.prints import subjects_of
from civid.register.ids import from_text
from civid.register.population import records
from civid.register.session import Service, Work, reads
from civid.search import Candidate, Gallery
from civid.search.fingers import Fingers, finger_set

Prints = Mapping[Position, Template]


@dataclass(frozen=True, slots=True)
class Compared:
    """Answer of `PrintReader.compare`.

    Attributes
    ----------
    searched : int
        People with prints.
    evidence : dict of str to PrintEvidence
        By reference; whoever has no prints is left out.
    """

    searched: int = 0
    evidence: dict[str, PrintEvidence] = field(default_factory=dict)


def is_poor(template: Template, policy: Policy) -> bool:
    """Whether a print can prove nothing."""
    return template.quality < policy.poor_quality or len(template) < policy.few_minutiae


def good_prints(fingers: Prints, policy: Policy) -> dict[Position, Template]:
    """The fingers that can prove something."""
    return {place: one for place, one in fingers.items() if not is_poor(one, policy)}


class PrintReader(Service):
    """Compares prints inside the register: no template leaves it. Safe for threads."""

    @reads("dedup.compare", Capability.IDENTIFY)
    def compare(
        self, work: Work, references: Sequence[str], fingers: Fingers | None, policy: Policy
    ) -> Compared:
        """Evidence of the prints of each candidate.

        Raises
        ------
        AccessRefusedError
            Without the capability to identify, or for a record outside the scope.
        """
        if self._session.link.path is None:
            return Compared()
        gallery = self._session.link.gallery
        gallery.refresh()
        if fingers is None:
            return Compared(len(gallery))
        probe = dict(finger_set(fingers))
        found: dict[str, PrintEvidence] = {}
        for reference in references:
            person = from_text(reference)
            work.about(person)
            work.within(records.load(work.connection, work.vault, person).unit)
            held = [one for one in subjects_of(work, person) if one in gallery]
            if held:  # of several entries of one person, that which says most
                each = [evidence(probe, gallery.get(one), policy) for one in held]
                found[reference] = max(each, key=lambda one: one.decibans)
        work.detail["candidates"] = len(references)
        return Compared(len(gallery), found)


def evidence(probe: Prints, held: Prints, policy: Policy) -> PrintEvidence:
    """What two sets of prints say of each other.

    Only fingers that are good on both sides count. With `Policy.swapped`, exchanged labels are
    tried where the labels as they are prove nothing for one person; that has its price inside the
    score (``docs/explain/fusion.md``).
    """
    poor = _poor_pairs(probe, held, policy)
    one, two = good_prints(probe, policy), good_prints(held, policy)
    if not one or not two:
        return PrintEvidence(fingers=poor)
    arena = Gallery(backend="exact")
    arena.enroll("held", two)
    best = _as_evidence(arena.search(one, 1), poor, policy)
    if policy.swapped and best.decibans <= 0:
        other = _as_evidence(arena.search(one, 1, swapped=True), poor, policy)
        if other.swapped and other.decibans > max(0.0, best.decibans):
            return other
    return best


def _as_evidence(
    found: list[Candidate], poor: tuple[FingerEvidence, ...], policy: Policy
) -> PrintEvidence:
    if not found:
        return PrintEvidence(fingers=poor)
    (best,) = found
    fingers = tuple(
        FingerEvidence(
            one.probe_position, one.reference_position, one.score,
            decibans(one.score, 1, policy),
        )
        for one in best.evidence
    )  # fmt: skip
    return PrintEvidence(
        decibans(best.score, len(fingers), policy),
        best.score,
        fingers + poor,
        best.swapped,
        best.score > MEASURED,
    )


def _poor_pairs(probe: Prints, held: Prints, policy: Policy) -> tuple[FingerEvidence, ...]:
    return tuple(
        FingerEvidence(place, place, compare(one, held[place]).score, 0.0, poor=True)
        for place, one in probe.items()
        if place in held and (is_poor(one, policy) or is_poor(held[place], policy))
    )
