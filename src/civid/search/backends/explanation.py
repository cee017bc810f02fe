"""Why a search is done as it is, what it costs and what it may lose: `Gallery.explain`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from civid import cpu
from civid.search.arrays.parts import View, positions_of
from civid.search.backends.base import Plan
from civid.search.backends.look_costs import COSTS, LookCost
from civid.search.backends.rules import Rules
from civid.search.parameters.searching import SearchParameters


@dataclass(frozen=True, slots=True)
class MeasuredLoss:
    """Mates that exact search finds at FPIR 1e-2 and a first look does not pass on, on real prints.

    Attributes
    ----------
    method : str
        ``"cascade"`` or ``"index"``.
    fingers, subjects, compared : int
        Of the searches that were measured.
    lost, mated : int
        So many of so many mated searches.
    """

    method: str
    fingers: int
    subjects: int
    compared: int
    lost: int
    mated: int


#: ``docs/explain/sublinear.md``. One finger by scan: at least, of those whom lists of before nearly
#: lost (2 by comparator 1, whose exact search missed more).
LOSSES: Final = (
    MeasuredLoss("cascade", 1, 100_581, 200, 9, 3_663),
    MeasuredLoss("cascade", 2, 100_287, 50, 6, 1_809),
    MeasuredLoss("index", 1, 100_581, 200, 5, 3_663),
    MeasuredLoss("index", 2, 100_287, 50, 3, 1_809),
)


@dataclass(frozen=True, slots=True)
class SearchExplanation:
    """How a search is done, and why: ``Gallery.explain(probe)``. `str` of it is for people.

    Attributes
    ----------
    method : str
        ``"exact"``, ``"cascade"`` (a scan, then comparisons), ``"index"`` (inverted lists, then
        comparisons), or what a backend of your own calls it.
    reasons : tuple of str
        Why that, in sentences.
    subjects : int
        Among so many the probe is looked for.
    fingers : int
        Of the probe.
    listed, scanned, blocks : int
        How many of them the first look takes by lists and by scan; blocks of lists.
    compared : int
        How many are compared in full.
    cpu_ms : dict of str to float
        Processor milliseconds of one thread that a search is foretold to take, by method; empty
        where nothing was measured for this instruction set.
    costs : LookCost or None
        What `cpu_ms` rests on.
    loss : MeasuredLoss or None
        The measured loss nearest to this search; None: exact search loses nobody, or nobody has
        measured it.
    parameters : str
        `SearchParameters.name`.
    isa : str
        Instruction set in use.

    Notes
    -----
    Frozen, so safe to share between threads.
    """

    method: str
    reasons: tuple[str, ...]
    subjects: int
    fingers: int
    listed: int
    scanned: int
    blocks: int
    compared: int
    cpu_ms: dict[str, float]
    costs: LookCost | None
    loss: MeasuredLoss | None
    parameters: str
    isa: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {**asdict(self), "reasons": list(self.reasons), "statement": str(self)}

    def __str__(self) -> str:
        return "\n".join([*self.reasons, *_looked(self), *_cost(self), *_loss(self)])


def explain(
    plan: Plan, probe: View, references: View, parameters: SearchParameters, rules: Rules
) -> SearchExplanation:
    """Put what a backend plans into words and figures."""
    own, place = probe.locate(0)
    positions = positions_of(own, place)
    isa, fingers = cpu.active(), len(positions)
    costs = costs_of(isa, min(fingers, parameters.fingers))
    pairs = _pairs(references) if rules.swapped or (positions == 0).any() else 1.0
    return SearchExplanation(
        plan.method,
        _reasons(plan, references, parameters),
        references.living,
        fingers,
        plan.listed,
        plan.scanned,
        plan.blocks,
        plan.compared,
        {} if costs is None else foretold(costs, plan, references.living, pairs, parameters.turns),
        costs,
        None if plan.method == "exact" else loss_of(plan.method, fingers),
        parameters.name,
        isa,
    )


def costs_of(isa: str, fingers: int) -> LookCost | None:
    """What was measured for this instruction set, with so many fingers or the most below."""
    found = [one for one in COSTS if one.isa == isa and one.fingers <= max(fingers, 1)]
    return max(found, key=lambda one: one.fingers, default=None)


def foretold(
    costs: LookCost, plan: Plan, subjects: int, pairs: float = 1.0, turns: int = 1
) -> dict[str, float]:
    """Milliseconds of the planned search (``"this"``), and of each method alone.

    `pairs`: with how many fingers of a subject each of the probe is compared; costs are of one.
    `turns`: in how many directions the first look takes the probe.
    """
    if plan.method not in ("exact", "cascade", "index"):
        return {}
    few = plan.compared if plan.method != "exact" else min(subjects, 200)
    compared = few * costs.compare_us
    scan, lists = turns * costs.scan_us, turns * costs.lists_us
    looked = plan.scanned * scan + plan.listed * lists
    found = {
        "this": looked + plan.compared * costs.compare_us,
        "exact": subjects * costs.compare_us,
        "cascade": subjects * scan + compared,
        "index": subjects * lists + compared,
    }
    return {name: round(pairs * us / 1000, 3) for name, us in found.items()}


def loss_of(method: str, fingers: int) -> MeasuredLoss | None:
    """The measurement of this method with so many fingers; of more than two, that of two."""
    wanted = min(fingers, 2)
    return next((one for one in LOSSES if (one.method, one.fingers) == (method, wanted)), None)


def _pairs(references: View) -> float:
    """Fingers of a subject, on average: any of them may be any of the probe's."""
    fingers = sum(part.fingers for part in references.parts)
    return max(fingers / max(references.subjects, 1), 1.0)


def _reasons(plan: Plan, references: View, parameters: SearchParameters) -> tuple[str, ...]:
    living = references.living
    people = f"{living:,} {'subject' if living == 1 else 'subjects'}"
    if parameters.method != "auto":
        found = [f"{plan.method}: asked for by name, among {people}"]
    elif plan.method == "exact":
        few = references.living <= parameters.exact_up_to
        why = (
            f"up to {parameters.exact_up_to:,} all are"
            if few
            else "no fewer would be worth a comparison"
        )
        found = [f"exact: {people}, all compared: {why}"]
    elif plan.method == "index":
        found = [f"index: inverted lists, which the segments of this gallery have, among {people}"]
    else:
        found = [f"cascade: a scan of the codes of {people}"]
    if plan.scanned and parameters.method in ("auto", "index"):
        found.append(
            f"{plan.scanned:,} are scanned: enrolled since the last compaction, in memory, in"
            " a segment too small for lists, or few of a block are wanted"
        )
    return tuple(found)


def _looked(one: SearchExplanation) -> list[str]:
    if one.method == "exact":
        return [f"compared in full: {one.compared:,}"]
    looks = f"first look: {one.listed:,} by lists in {one.blocks} blocks, {one.scanned:,} by scan"
    return [f"{looks}; compared in full: {one.compared:,}"]


def _cost(one: SearchExplanation) -> list[str]:
    if one.costs is None or not one.cpu_ms:
        return [f"what it costs was not measured with {one.isa}"]
    others = ", ".join(f"{name} {one.cpu_ms[name]:,.1f}" for name in ("exact", "cascade", "index"))
    at = f"{one.costs.machine} ({one.costs.isa}), {one.costs.date}"
    return [
        f"foretold: {one.cpu_ms['this']:,.1f} ms of one thread; by method: {others}",
        f"measured on {at}, {one.costs.subjects:,} subjects of {_fingers(one.costs.fingers)}",
    ]


def _loss(one: SearchExplanation) -> list[str]:
    if one.method == "exact":
        return ["loss: none, everybody is compared"]
    if one.loss is None:
        return ["loss: not measured for this method with so many fingers on real prints"]
    loss = one.loss
    return [
        f"loss measured on real prints: {loss.lost} of {loss.mated:,} mated searches"
        f" ({100 * loss.lost / loss.mated:.2f} %), {loss.subjects:,} subjects,"
        f" {_fingers(loss.fingers)}, {loss.compared} compared"
    ]


def _fingers(count: int) -> str:
    return f"{count} {'finger' if count == 1 else 'fingers'}"
