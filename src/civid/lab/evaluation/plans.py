"""Protocols: which print is compared with which, and which comparisons are mated."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from civid.lab.errors import EvaluationError
from civid.lab.evaluation.one_finger import KNOWN, OneFinger, known_among
from civid.lab.evaluation.prints import PrintSet, Sample

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: Two identities that are one finger, as ``(name of set, finger)`` pairs.
SameFinger = Collection[frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Comparisons to make, in order; those of one probe follow each other.

    Attributes
    ----------
    protocol : str
    probe, reference : (K,) int64
        Indices into the samples of the set.
    mated : (K,) bool
    left_out : int
        Comparisons that the protocol asks for but that say nothing, because two names are known to
        be the same finger.
    """

    protocol: str
    probe: Ints
    reference: Ints
    mated: Bools
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.probe)


def all_pairs(prints: PrintSet) -> Plan:
    """Every print with every later one.

    10 fingers of 8 impressions give 280 genuine and 2,880 impostor comparisons.
    """
    probe, reference = np.triu_indices(len(prints), k=1)
    fingers = prints.fingers
    return Plan("all-pairs", probe, reference, fingers[probe] == fingers[reference])


def fvc(prints: PrintSet) -> Plan:
    """FVC: every pair of impressions of a finger; the first impressions of all pairs of fingers.

    100 fingers of 8 impressions give 2,800 genuine and 4,950 impostor comparisons. Symmetric pairs
    are not repeated. A finger's first impression is that with the lowest number.
    """
    every = all_pairs(prints)
    numbers = np.array([sample.impression for sample in prints.samples])
    fingers = prints.fingers
    order = np.lexsort((np.arange(len(prints)), numbers, fingers))
    first = np.zeros(len(prints), bool)
    first[order[np.unique(fingers[order], return_index=True)[1]]] = True
    wanted = every.mated | (first[every.probe] & first[every.reference])
    return _only(every, wanted, "fvc")


def cross(prints: PrintSet) -> Plan:
    """Every print of the first ``set`` of a manifest with every print of the other ones.

    For fingers that were taken by several sensors: nothing is compared within a sensor.
    """
    groups = [sample.group for sample in prints.samples]
    if len(set(groups)) < 2:
        raise EvaluationError(
            f"{prints.name}: cross-sensor needs two sets; name them in the manifest's column 'set'"
        )
    is_first = np.array([group == groups[0] for group in groups])
    probe, reference = np.nonzero(is_first[:, None] & ~is_first[None, :])
    fingers = prints.fingers
    mated = fingers[probe] == fingers[reference]
    if not mated.any():
        raise EvaluationError(f"{prints.name}: the sets share no finger")
    return Plan("cross", probe, reference, mated)


PROTOCOLS: dict[str, Callable[[PrintSet], Plan]] = {
    "all-pairs": all_pairs,
    "fvc": fvc,
    "cross": cross,
}


@dataclass(frozen=True, slots=True, eq=False)
class SearchPlan:
    """Who is enrolled, and who searches.

    Attributes
    ----------
    gallery, probes : (N,), (P,) int64
        Indices into the samples of the set.
    mates, ignored : (P, N) bool
        Which comparisons are mated, and which count as neither.
    """

    gallery: Ints
    probes: Ints
    mates: Bools
    ignored: Bools


def search(
    prints: PrintSet,
    *,
    enrolled: Callable[[Sample], bool] | None = None,
    probes: Callable[[Sample], bool] | None = None,
    same: SameFinger = (),
) -> SearchPlan:
    """Enrol some prints and search with the others.

    Parameters
    ----------
    prints : PrintSet
    enrolled : callable, optional
        Which prints are in the gallery; by default those whose role says so, and if none has a
        role, the lowest impression of each finger.
    probes : callable, optional
        Which prints search; by default those whose role says so, else all that are not enrolled.
    same : pairs of identities
        Names of one finger: comparisons between them count as neither mated nor not.

    Raises
    ------
    EvaluationError
        Nobody is enrolled, or nobody searches.
    """
    fingers = prints.fingers
    if any(sample.role for sample in prints.samples):
        enrolled = enrolled or (lambda one: one.role == "gallery")
        probes = probes or (lambda one: one.role == "probe")
    if enrolled is None:
        lowest: dict[int, int] = {}
        for at, sample in enumerate(prints.samples):
            best = lowest.setdefault(int(fingers[at]), at)
            if sample.impression < prints.samples[best].impression:
                lowest[int(fingers[at])] = at
        inside = np.zeros(len(prints), bool)
        inside[list(lowest.values())] = True
    else:
        inside = np.array([enrolled(sample) for sample in prints.samples], bool)
    chosen = ~inside if probes is None else np.array([probes(one) for one in prints.samples], bool)
    gallery, searching = np.flatnonzero(inside), np.flatnonzero(chosen)
    if not (len(gallery) and len(searching)):
        raise EvaluationError(f"{prints.name}: a search needs enrolled prints and probes")
    aliases = known_same(prints, all_same(prints, same))
    return SearchPlan(
        gallery=gallery,
        probes=searching,
        mates=fingers[searching][:, None] == fingers[gallery][None, :],
        ignored=aliases[np.ix_(fingers[searching], fingers[gallery])]
        | (searching[:, None] == gallery[None, :]),
    )


def all_same(prints: PrintSet, same: SameFinger = ()) -> SameFinger:
    """Pairs of names that are one finger: those given, and those of them that everybody knows."""
    return frozenset(same) | known_among(_set_names(prints))


def known_in(prints: PrintSet) -> list[OneFinger]:
    """Fingers that are in this set under two names, and so are left out."""
    there = known_among(_set_names(prints))
    return [one for one in KNOWN if {one.first, one.second} in there]


def _set_names(prints: PrintSet) -> list[tuple[str, str]]:
    """Set and finger of each print."""
    return [
        (one.group or prints.name, one.finger.removeprefix(f"{one.group}:"))
        for one in prints.samples
    ]


def known_same(prints: PrintSet, same: SameFinger) -> Bools:
    """(F, F) which two fingers are one under two names.

    Raises
    ------
    EvaluationError
        One of the names is not in the set.
    """
    fingers = prints.fingers
    names = {name: int(finger) for name, finger in zip(_set_names(prints), fingers, strict=True)}
    count = 1 + int(fingers.max(initial=-1))
    table = np.zeros((count, count), bool)
    for pair in same:
        try:
            a, b = (names[one] for one in pair)
        except KeyError as error:
            set_name, finger = error.args[0]
            raise EvaluationError(f"there is no finger {finger} in {set_name}") from None
        table[a, b] = table[b, a] = True
    return table


def without(plan: Plan, prints: PrintSet, same: SameFinger) -> Plan:
    """The same plan without comparisons of fingers that are known to be one.

    Those that `one_finger.KNOWN` lists are left out, too.
    """
    every = all_same(prints, same)
    if not every:
        return plan
    fingers = prints.fingers
    drop = known_same(prints, every)[fingers[plan.probe], fingers[plan.reference]]
    return _only(plan, ~drop, plan.protocol, int(drop.sum()))


def _only(plan: Plan, wanted: Bools, protocol: str, left_out: int = 0) -> Plan:
    return Plan(protocol, plan.probe[wanted], plan.reference[wanted], plan.mated[wanted], left_out)
