"""From evidence to an outcome: the thresholds of the policy, and situations that have a name."""

from __future__ import annotations

from dataclasses import replace

from civid.dedup.decision.decision import CandidateEvidence, Outcome, Verdict
from civid.dedup.decision.evidence import FieldEvidence, PrintEvidence
from civid.dedup.decision.levels import DIFFERENT, SAME
from civid.dedup.decision.policy import Policy, Thresholds
from civid.dedup.decision.record import Record
from civid.dedup.decision.rules import MIXED, POOR_BUT_ALIKE, SHARED, TWINS
from civid.people.names.canonical import canonical

#: A finger, or prints together, that say "the same" or "another" so plainly, decibans.
FOR, AGAINST = 20.0, -8.0
#: A score that poor prints do not reach by chance: people should look.
_ALIKE_SCORE = 30.0
#: Decibans above the lower limit: with the usual costs 1 search in 100 for somebody new is there.
_RARE = 20.0
#: Years; the youngest parents of the findings' rules are older.
_PARENT = 12
_ALIKE = (SAME, "written differently", "accents lost", "part missing")


def judge(
    one: Record, two: Record, fields: tuple[FieldEvidence, ...], prints: PrintEvidence,
    total: float, policy: Policy, limits: Thresholds,
) -> tuple[Outcome, Verdict]:  # fmt: skip
    """What an enrolment and one candidate are to each other."""
    levels = {found.field: found.level for found in fields}
    plain = _plain(prints, total, policy, limits)
    against = prints.good > 0 and prints.decibans <= AGAINST
    # The data do not help here: a finger has to stand out among all people of the register alone.
    partly = is_partly(prints, max(FOR, limits.unique))
    others = partly and total - prints.decibans <= 0
    if (others or (same_fingers(prints) and is_parent(one, two))) and policy.on(MIXED):
        return Outcome.MIXED_BIOMETRICS, Verdict.ADJUDICATE
    if levels["number"] == SAME and _apart(levels, against) and policy.on(SHARED):
        return Outcome.SHARED_NUMBER, Verdict.ADJUDICATE
    if prints.decibans <= 0 and _are_twins(one, two, levels) and policy.on(TWINS):
        # A name that is nearly the same may as well be a slip: people look.
        plainly = against and levels["name"] == DIFFERENT
        return Outcome.TWINS, Verdict.UNIQUE if plainly else Verdict.ADJUDICATE
    if plain is not Verdict.UNIQUE and prints.decibans > 0:
        if levels["number"] == DIFFERENT:
            return Outcome.TWO_NUMBERS, plain
        if prints.swapped:
            return Outcome.SWAPPED_HANDS, plain
    return Outcome(plain.value), plain


def _plain(prints: PrintEvidence, total: float, policy: Policy, limits: Thresholds) -> Verdict:
    # Poor prints may be what the machine needs beside data, but then they have to be plainly alike.
    proven = prints.decibans > 0 if prints.good else prints.decibans >= FOR
    if total >= limits.duplicate and (proven or not policy.needs_prints):
        return Verdict.DUPLICATE
    # Such a score must be as rare among all people of the register as it is between two.
    least = max(_ALIKE_SCORE, limits.unique + _RARE)
    alike = policy.on(POOR_BUT_ALIKE) and any(
        found.poor and found.score >= least for found in prints.fingers
    )
    return Verdict.ADJUDICATE if total > limits.unique or alike else Verdict.UNIQUE


def is_partly(prints: PrintEvidence, least: float = FOR) -> bool:
    """One finger is the same, by so many decibans at least, and another good one is not."""
    good = [found.decibans for found in prints.fingers if not found.poor]
    return any(found >= least for found in good) and any(found <= AGAINST for found in good)


def same_fingers(prints: PrintEvidence) -> frozenset[int]:
    """Fingers of the enrolment that are the candidate's, beyond doubt."""
    return frozenset(int(one.position) for one in prints.fingers if one.decibans >= FOR)


def is_parent(one: Record, two: Record) -> bool:
    """Whether one is said to be the other's father or mother, and is old enough."""
    if one.birth is None or two.birth is None or abs(one.birth.year - two.birth.year) < _PARENT:
        return False
    return any(
        parent and (parent == other.number or parent in map(canonical, other.names))
        for child, other in ((one, two), (two, one))
        for parent in (child.father, child.mother)
    )


def _apart(levels: dict[str, str], against: bool) -> bool:
    """Two people who bear one number: by their prints, or by name and birth."""
    data = levels["name"] == DIFFERENT and levels["birth"] == DIFFERENT
    unlike = levels["name"] not in _ALIKE or levels["birth"] not in (SAME, "year")
    return data or (against and unlike)


def _are_twins(one: Record, two: Record, levels: dict[str, str]) -> bool:
    """Born on one day in one family, with other given names."""
    kin = any(levels[name] == SAME for name in ("father", "mother", "household"))
    born = levels["birth"] == SAME
    return kin and born and levels["name"] not in _ALIKE and _other_given_name(one, two)


def _other_given_name(one: Record, two: Record) -> bool:
    if not one.names or not two.names:
        return False
    return canonical(one.names[0]).split()[-1:] != canonical(two.names[0]).split()[-1:]


def is_plain(judged: list[CandidateEvidence]) -> bool:
    """Whether cheap evidence has found one plain duplicate with all of its fingers, no more."""
    suspects = [one for one in judged if one.verdict is not Verdict.UNIQUE]
    return (
        len(suspects) == 1
        and suspects[0].outcome is Outcome.DUPLICATE
        and all(one.poor or one.decibans >= FOR for one in suspects[0].prints.fingers)
    )


def fingers_of_two(judged: list[CandidateEvidence]) -> list[CandidateEvidence]:
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


def together(judged: list[CandidateEvidence]) -> Verdict:
    """Several suspects, or one that people must look at: people decide."""
    suspects = [one.verdict for one in judged if one.verdict is not Verdict.UNIQUE]
    if not suspects:
        return Verdict.UNIQUE
    return Verdict.DUPLICATE if suspects == [Verdict.DUPLICATE] else Verdict.ADJUDICATE
