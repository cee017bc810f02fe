"""What makes a set of prints suspicious: errors of labels that look like errors of an engine.

Before anything is compared: files that are the same, too few fingers, one person only. After it:
fingers under two names, whose "impostors" score like genuine pairs, and fingers whose impressions
never match each other. Nothing is left out: a person looks, and says ``--same-finger``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from civid.lab.digest import file_digest
from civid.lab.evaluation.prints import PrintSet, Sample
from civid.lab.evaluation.results import Verification

#: With fewer fingers an interval over fingers says little (ISO/IEC 19795-1 asks for hundreds).
FEW_FINGERS = 10
_NAMED = 5  # examples in a message
_ENOUGH = 4  # comparisons of two fingers before they are called one
_LEAST = 3  # genuine comparisons of a finger before its labels are doubted


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One thing that should be looked at.

    Attributes
    ----------
    kind : str
        ``same-file``, ``same-file-two-fingers``, ``one-person``, ``few-fingers``,
        ``single-impressions``, ``one-finger-two-names``, ``never-matches``, ``mislabelled``.
    message : str
        What it is, for people; the same for the same set.
    about : tuple of str
        The prints or fingers, as reports call them.
    """

    kind: str
    message: str
    about: tuple[str, ...] = ()


def suspicious_set(prints: PrintSet) -> list[Suspicion]:
    """What can be told without a comparison."""
    found = _same_files(prints)
    fingers = prints.fingers
    counts = np.bincount(fingers)
    persons = {one.person for one in prints.samples}
    if len(persons) == 1 and "" not in persons and len(counts) > 1:
        found.append(
            Suspicion(
                "one-person",
                f"{prints.name}: all prints are of one person; impostors are the person's other"
                " fingers, which tells nothing about strangers",
            )
        )
    if len(counts) < FEW_FINGERS:
        found.append(
            Suspicion(
                "few-fingers",
                f"{prints.name}: {len(counts)} fingers are few; intervals over so few say little",
            )
        )
    single = int((counts == 1).sum())
    if 2 * single > len(counts):
        found.append(
            Suspicion(
                "single-impressions",
                f"{prints.name}: {single} of {len(counts)} fingers have one print only and give no"
                " genuine comparison; are they named right?",
            )
        )
    return found


def suspicions(
    sets: Sequence[PrintSet], verifications: Sequence[Verification] = ()
) -> list[Suspicion]:
    """All that should be looked at, each once; scores are judged by the best system on each set."""
    found = [one for prints in sets for one in suspicious_set(prints)]
    best: dict[tuple[str, str], Verification] = {}
    for result in verifications:
        other = best.setdefault((result.set_name, result.protocol), result)
        if result.eer.value < other.eer.value:
            best[result.set_name, result.protocol] = result
    found += [one for result in best.values() for one in suspicious_scores(result)]
    return list({one.message: one for one in found}.values())


def suspicious_scores(result: Verification) -> list[Suspicion]:
    """What the scores of a good system tell about the labels."""
    if result.protocol == "ten-finger":
        return []
    if result.looks_mislabelled:
        return [
            Suspicion(
                "mislabelled",
                f"{result.set_name}: prints of one finger score like those of strangers; do the"
                " names say which prints are of one finger? (--filename-pattern)",
            )
        ]
    # A finger under two names spoils the thresholds by which others are judged: it comes first.
    return _two_names(result) or _never_matches(result)


def _same_files(prints: PrintSet) -> list[Suspicion]:
    same: defaultdict[str, list[Sample]] = defaultdict(list)
    for one in prints.samples:
        if one.given is None or one.path.suffix.lower() != ".csv":  # a CSV holds many templates
            same[file_digest(one.path)].append(one)
    within: list[str] = []
    across: list[str] = []
    for group in same.values():
        if len(group) > 1:
            names = " = ".join(one.name for one in group)
            (within if len({one.identity for one in group}) == 1 else across).append(names)
    found = []
    if across:
        found.append(
            Suspicion(
                "same-file-two-fingers",
                f"{prints.name}: the same file under two fingers: {_some(across)}",
                tuple(across),
            )
        )
    if within:
        found.append(
            Suspicion(
                "same-file",
                f"{prints.name}: the same file twice as two impressions, which makes genuine"
                f" scores too high: {_some(within)}",
                tuple(within),
            )
        )
    return found


def _two_names(result: Verification) -> list[Suspicion]:
    """Two fingers of which half the comparisons score above the lower quartile of genuine ones."""
    plan, scores = result.plan, result.compared.scores
    # The quartile may lie low on a hard set; no lower than what impostors hardly ever reach.
    limit = max(
        float(np.quantile(result.genuine, 0.25, method="lower")),
        float(np.quantile(result.impostor, 0.95, method="higher")),
    )
    fingers = result.prints.fingers
    ends = np.sort(np.stack([fingers[plan.probe], fingers[plan.reference]])[:, ~plan.mated], axis=0)
    pairs, place = np.unique(ends, axis=1, return_inverse=True)
    high = np.bincount(place, scores[~plan.mated] > limit, minlength=pairs.shape[1])
    often = np.bincount(place, minlength=pairs.shape[1])
    alike = np.flatnonzero((2 * high >= often) & (often >= _ENOUGH))
    names = _finger_names(result.prints, fingers)
    found = tuple(f"{names[a]} = {names[b]}" for a, b in pairs[:, alike].T.tolist())
    if not found:
        return []
    return [
        Suspicion(
            "one-finger-two-names",
            f"{result.set_name}: {result.system} finds one finger under two names:"
            f" {_some(found)}; look, and leave them out with --same-finger",
            found,
        )
    ]


def _never_matches(result: Verification) -> list[Suspicion]:
    """Fingers of which no two impressions score above what one impostor in a hundred reaches."""
    plan, scores = result.plan, result.compared.scores
    fingers = result.prints.fingers
    genuine = fingers[plan.probe[plan.mated]]
    threshold = result.points[0].threshold
    count = 1 + int(fingers.max())
    often = np.bincount(genuine, minlength=count)
    hit = np.bincount(genuine, scores[plan.mated] >= threshold, minlength=count)
    names = _finger_names(result.prints, fingers)
    found = tuple(names[at] for at in np.flatnonzero((often >= _LEAST) & (hit == 0)).tolist())
    if not found:
        return []
    return [
        Suspicion(
            "never-matches",
            f"{result.set_name}: no two impressions match of {_some(found)}; are they of one"
            " finger?",
            found,
        )
    ]


def _finger_names(prints: PrintSet, fingers: npt.NDArray[np.int64]) -> list[str]:
    """As ``--same-finger`` wants them: SET:FINGER."""
    names: dict[int, str] = {}
    for at, one in zip(fingers.tolist(), prints.samples, strict=True):
        plain = one.finger.removeprefix(f"{one.group}:")
        label = f"{one.person}/{plain}" if one.person else plain
        names.setdefault(at, f"{one.group or prints.name}:{label}")
    return [names[at] for at in range(len(names))]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
