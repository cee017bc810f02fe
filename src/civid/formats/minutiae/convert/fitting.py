"""Views of the neutral form, made to fit what one standard can hold; what is lost is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from civid.errors import FormatError
from civid.formats._given import whole
from civid.formats._reader import Finding
from civid.formats.minutiae import iso19794_2_2005
from civid.formats.minutiae.common import MAX_MINUTIAE
from civid.formats.minutiae.convert.choosing import renumbered, strongest
from civid.formats.minutiae.convert.neutral import MinutiaeSet, NeutralView
from civid.formats.minutiae.extended import Edition
from civid.formats.minutiae.finger_view import IMPRESSIONS

#: What is written where the image is not known, and where 500 dpi are meant (196.85 px/cm).
PER_CM = 197


@dataclass(slots=True)
class Limits:
    """What one standard can hold."""

    edition: Edition
    positions: Iterable[int] = range(11)
    impressions: Iterable[int] = IMPRESSIONS
    numbers: int = 16
    least_per_cm: int = 99
    findings: list[Finding] = field(default_factory=list)

    def tell(self, name: str, text: str, view: int | None = None) -> None:
        self.findings.append(Finding(name, text, view=view))


def prepared_views(minutiae: MinutiaeSet, limits: Limits, per_cm: int | None) -> list[NeutralView]:
    """Views that fit: in number, place, size, resolution and count of minutiae."""
    per_cm = None if per_cm is None else whole(per_cm, "per_cm", 1, 0xFFFF)
    prepared: list[NeutralView] = []
    seen: dict[int, int] = {}
    for index, given in enumerate(minutiae.views):
        view = _resolved(given, limits, per_cm, index)
        if view.position not in limits.positions:
            limits.tell("finger position", f"{view.position} does not exist: written as 0", index)
            view = replace(view, position=0)
        number = seen.get(view.position, 0)
        if number >= limits.numbers or len(prepared) >= iso19794_2_2005.MAX_VIEWS:
            limits.tell("number of finger views", "too many: left out", index)
            continue
        seen[view.position] = number + 1
        if view.impression is not None and view.impression not in limits.impressions:
            limits.tell("impression type", f"{view.impression} does not exist: not stated", index)
            view = replace(view, impression=None)
        prepared.append(sized(_cut(replace(view, number=number), limits, index), limits, index))
    if not prepared:
        raise FormatError("there is no view to write", field="number of finger views")
    return prepared


def _resolved(view: NeutralView, limits: Limits, per_cm: int | None, index: int) -> NeutralView:
    low, high = min(view.x_per_cm, view.y_per_cm), max(view.x_per_cm, view.y_per_cm)
    if low <= 0:
        text = f"{low:g} px/cm cannot be: {per_cm or PER_CM} is stated, nothing is scaled"
        limits.tell("x resolution", text, index)
        return replace(view, x_per_cm=per_cm or PER_CM, y_per_cm=per_cm or PER_CM)
    if per_cm is None and not view.width and not 190 <= view.x_per_cm <= 900:
        per_cm = PER_CM  # a card's units are no pixels of any scanner
    if per_cm is None and (round(low) < limits.least_per_cm or round(high) > 0xFFFF):
        per_cm = PER_CM
        text = f"{low:g} px/cm cannot be stated: scaled to {PER_CM}"
        limits.tell("x resolution", text, index)
    if per_cm is None:
        return view
    if view.zones and (per_cm, per_cm) != (view.x_per_cm, view.y_per_cm):
        limits.tell("zonal quality", "left out: its cells are px of another scale", index)
    return view.scaled(per_cm, per_cm)


def _cut(view: NeutralView, limits: Limits, index: int) -> NeutralView:
    if len(view.minutiae) <= MAX_MINUTIAE:
        return view
    kept = strongest(view.minutiae, MAX_MINUTIAE)
    text = f"{len(view.minutiae) - MAX_MINUTIAE} left out: at most {MAX_MINUTIAE} fit"
    limits.tell("number of minutiae", text, index)
    counts = view.ridge_counts
    if counts is not None:
        counts, gone = renumbered(counts, kept, len(view.minutiae))
        if gone:
            text = f"{gone} left out with their minutiae"
            limits.tell("ridge count data", text, index)
    minutiae = tuple([view.minutiae[one] for one in kept])
    return replace(view, minutiae=minutiae, ridge_counts=counts)


def sized(view: NeutralView, limits: Limits, index: int) -> NeutralView:
    """With a size that holds every minutia, and nothing below 0 or beyond 14 bits."""
    points = [(one.x, one.y) for one in view.minutiae]
    points += [(core.x, core.y) for core in view.cores]
    points += [(delta.x, delta.y) for delta in view.deltas]
    width, height = view.width, view.height
    if not width or not height:
        limits.tell("image width", "not known: as large as the minutiae need", index)
        width = max([1, *(round(x) + 1 for x, _ in points)])
        height = max([1, *(round(y) + 1 for _, y in points)])
    most = min(width, 1 << 14), min(height, 1 << 14)
    moved = sum(not (-0.5 <= x <= most[0] and -0.5 <= y <= most[1]) for x, y in points)
    if moved:
        limits.tell("x coordinate", f"{moved} beyond the image: moved to its edge", index)
    return replace(view, width=min(width, 0xFFFF), height=min(height, 0xFFFF))
