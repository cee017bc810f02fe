"""What a search found: fingers and probabilities in words, candidates as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from civid.cli.console.output import add_row, table
from civid.cli.language.choice import Language, spoken
from civid.cli.language.sentences import say
from civid.dedup.evidence import fingers_as_json
from civid.fingerprint.scores.odds import MEASURED_TO, score_as_json

if TYPE_CHECKING:
    from rich.table import Table

    from civid.search import Candidate, FingerEvidence, OperatingPoint

#: Below tables with chances in them.
EXTRAPOLATED = f"scores are measured up to {MEASURED_TO:g}; what they say beyond is extrapolated"

# Rarer than that nobody has measured; see docs/explain/score.md.
_RAREST = 1e-9
# More fingers would make a table that nobody reads.
_NAMED = 4


def chance(rate: float) -> str:
    """A probability as people say it, to two digits, in the language that is spoken.

    >>> chance(2.004e-5), chance(0.4), chance(0.8), chance(0)
    ('1 in 50,000', '1 in 2.5', 'likely', '< 1 in 1 billion')
    """
    if rate > 0.5:
        return say("likely")
    if rate < _RAREST:
        return say("< 1 in 1 billion")
    rounded = float(f"{1 / rate:.2g}")
    return say(f"1 in {rounded:,.0f}" if rounded >= 10 else f"1 in {rounded:g}")


def fingers_in_words(evidence: Iterable[FingerEvidence]) -> str:
    """Which fingers were compared; where the two labels differ, both. Many are only counted.

    Fingers have the names that options and JSON have; the rest is in the language that is spoken.
    """
    same = list[str]()
    others = list[str]()
    for finger in evidence:
        probe, reference = finger.probe_position.word, finger.reference_position.word
        if probe == reference:
            same.append(probe)
        else:
            others.append(
                f"{probe} -> {reference}" + (f" ({say('swapped')})" if finger.swapped else "")
            )
    if len(same) > _NAMED:
        same = [say(f"{len(same)} fingers")]
    return ", ".join(same + others)


def threshold_in_words(point: OperatingPoint | None) -> str:
    """What a threshold promises, below a table; None = a score was given instead of a promise."""
    if point is None:
        return EXTRAPOLATED
    return point.statement("vi" if spoken() is Language.VI else "en")


def candidates_table(found: Sequence[Candidate]) -> Table:
    """One a row, as they come: best first."""
    numbers = ("rank", "score")
    made = table("", "rank", "subject", "score", "by chance", "fingers", right=numbers)
    for rank, one in enumerate(found, 1):
        add_row(
            made,
            str(rank),
            one.subject_id,
            f"{one.score:.1f}",
            chance(one.fpir) if one.calibrated else "not calibrated",
            fingers_in_words(one.evidence),
        )
    return made


def candidate_as_json(one: Candidate) -> dict[str, object]:
    """Plain values, with the score in words."""
    return {
        "subject": one.subject_id,
        **score_as_json(one.score, calibrated=one.calibrated),
        "fpir": one.fpir if one.calibrated else None,
        "parameters": one.parameters,
        "calibrated": one.calibrated,
        "swapped": one.swapped,
        "fingers": len(one.evidence),
        "evidence": fingers_as_json(one.evidence),
    }
