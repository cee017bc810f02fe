"""Who is compared with whom: sets of prints in a folder, and the all-pairs protocol."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from civid.fingerprint.compare import compare_many
from civid.fingerprint.template import Template

_IMPRESSION = re.compile(r"(?P<finger>.+)_(?P<impression>\d+)")


@dataclass(frozen=True, slots=True)
class Print:
    """One file of a set: which finger it shows, and which impression of it."""

    path: Path
    finger: str
    impression: int


@dataclass(frozen=True, slots=True, eq=False)
class PairScores:
    """Scores of every pair of a set, with the finger of each side for bootstrap intervals."""

    genuine: npt.NDArray[np.float32]
    impostor: npt.NDArray[np.float32]
    genuine_finger: npt.NDArray[np.int64]
    impostor_fingers: npt.NDArray[np.int64]  # (K, 2)


def list_prints(folder: Path) -> list[Print]:
    """The images of a folder named ``finger_impression.png``, as the FVC sets are.

    Everything before the last underscore is the finger.
    """
    prints = []
    for path in sorted(folder.iterdir()):
        match = _IMPRESSION.fullmatch(path.stem)
        if match and path.suffix.lower() == ".png":
            prints.append(Print(path, match["finger"], int(match["impression"])))
    return prints


def score_all_pairs(
    templates: Sequence[Template],
    fingers: Sequence[str],
    on_progress: Callable[[int, int], None] | None = None,
) -> PairScores:
    """Compare every template with every later one; pairs of one finger are genuine (mated)."""
    labels = np.unique(np.asarray(fingers), return_inverse=True)[1]
    scores, first, second = [], [], []
    for i, probe in enumerate(templates):
        if i + 1 < len(templates):
            scores.append(compare_many(probe, templates[i + 1 :]))
            first.append(np.full(len(templates) - i - 1, labels[i]))
            second.append(labels[i + 1 :])
        if on_progress:
            on_progress(i + 1, len(templates))
    score, a, b = np.concatenate(scores), np.concatenate(first), np.concatenate(second)
    mated = a == b
    return PairScores(
        genuine=score[mated],
        impostor=score[~mated],
        genuine_finger=a[mated],
        impostor_fingers=np.stack([a[~mated], b[~mated]], axis=1),
    )
