"""What speaks for a pair, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civid.search import FingerEvidence


def fingers_as_json(
    evidence: Iterable[FingerEvidence], probe: str = "probe", reference: str = "reference"
) -> list[dict[str, object]]:
    """One item a finger; `probe` and `reference` name the two sides in the keys."""
    items = []
    for finger in evidence:
        item: dict[str, object] = {
            f"position_{probe}": int(finger.probe_position),
            f"position_{reference}": int(finger.reference_position),
            "swapped": finger.swapped,
            "score": round(float(finger.score), 3),
            "pairs": finger.pairs,
        }
        if finger.minutiae is not None:
            item["minutiae"] = finger.minutiae.tolist()
        items.append(item)
    return items
