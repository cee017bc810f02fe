"""Which replicas of a shard may answer, and which are behind: decided from what they say alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from civid.search.cluster.keeping.cluster_map import UNKNOWN, Place


@dataclass(frozen=True, slots=True)
class Seen:
    """What a node says of its replica of a shard.

    Parameters
    ----------
    term, nodes : int, tuple of str
        Of the place that its folder names.
    epoch : int
        One more than the number of the last change that it has.
    living, fingers, nbytes : int
        Subjects, fingers that can be compared, bytes searched.
    digest : str
        Of the numbers of the living: equal for replicas that are equal.
    error : str
        Why it cannot be used; empty if it can.
    damaged : bool
        It never can again: it must be copied anew.
    """

    term: int
    nodes: tuple[str, ...]
    epoch: int
    living: int = 0
    fingers: int = 0
    nbytes: int = 0
    digest: str = ""
    error: str = ""
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What follows.

    Parameters
    ----------
    live : tuple of str
        Nodes whose replica has everything that was acknowledged: these answer.
    behind : tuple of str
        Nodes of the place that must follow `ahead` first.
    ahead : str
        A node whose replica has all that any has; empty if none may lead.
    whole : bool
        Every replica is there and all are equal: it can be written to.
    epoch : int
        Of `ahead`.
    """

    live: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    ahead: str = ""
    whole: bool = False
    epoch: int = 0


def later_place(place: Place, seen: Mapping[str, Seen]) -> Place:
    """The place of the highest term that anybody knows: a move that was cut short after the nodes
    had agreed counts as made. Nothing was acknowledged in it yet, so the floor stays."""
    found = max(
        (one for one in seen.values() if not one.error), key=lambda one: one.term, default=None
    )
    if found is None or found.term <= place.term:
        return place
    return Place(found.term, found.nodes, place.floor)


def judge(place: Place, seen: Mapping[str, Seen]) -> Standing:
    """Who may answer for a shard.

    A change is acknowledged when every node of the place has it, and the floor rises first. So a
    replica of this term at or above the floor has all that was acknowledged, and one below it has
    not, whatever happened to it. What is above the floor was not acknowledged; it is kept, and
    those without it follow.

    >>> place = Place(1, ("a", "b"), floor=7)
    >>> judge(place, {"a": Seen(1, ("a", "b"), 8), "b": Seen(1, ("a", "b"), 5)})
    Standing(live=('a',), behind=('b',), ahead='a', whole=False, epoch=8)
    """
    here = {
        name: one
        for name, one in seen.items()
        if name in place.nodes and not one.error and one.term <= place.term
    }
    current = {name: one for name, one in here.items() if one.term == place.term}
    floor = place.floor
    if (
        floor == UNKNOWN
    ):  # nobody knows what was acknowledged: all must be there, the highest has it
        if set(current) != set(place.nodes):
            return Standing()
        floor = max(one.epoch for one in current.values())
    able = {name: one for name, one in current.items() if one.epoch >= floor}
    if not able:
        return Standing()
    ahead = max(sorted(able), key=lambda name: able[name].epoch)
    top = able[ahead]
    same = {
        name for name, one in able.items() if (one.epoch, one.digest) == (top.epoch, top.digest)
    }
    return Standing(
        live=tuple(
            name
            for name in place.nodes
            if name in same or (name in able and able[name].epoch < top.epoch)
        ),
        behind=tuple(
            name
            for name in place.nodes
            if name not in same and (name in here or (name in seen and seen[name].damaged))
        ),
        ahead=ahead,
        whole=same == set(place.nodes),
        epoch=top.epoch,
    )
