"""Judge reported duplicates against the truth: found, missed, false, each with its denominator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

#: Two enrolments, in the order of their names.
Pair = tuple[str, str]
#: A name, or the number of a gallery and a name in it.
N = TypeVar("N", str, tuple[int, str])


def ordered(a: str, b: str) -> Pair:
    """The same pair, whichever way round it was reported."""
    return (a, b) if a <= b else (b, a)


@dataclass(frozen=True, slots=True)
class DuplicateReport:
    """What a duplicate search got right and wrong.

    Attributes
    ----------
    enrolments : int
        Enrolments whose identity is known; the others are left out of every figure.
    identities : int
        How many people (or fingers) they really are.
    found, missed : tuple of pairs
        Pairs of one identity that were reported, and that were not.
    false : tuple of pairs
        Reported pairs of two identities.
    different : int
        How many pairs of two identities there are: the denominator of ``false``.
    repeated, whole, partly : int
        Identities enrolled more than once; those whose enrolments are all linked by found pairs,
        directly or through others; those of which only some are.
    """

    enrolments: int
    identities: int
    found: tuple[Pair, ...]
    missed: tuple[Pair, ...]
    false: tuple[Pair, ...]
    different: int
    repeated: int
    whole: int
    partly: int

    @property
    def same(self) -> int:
        """How many pairs of one identity there are: the denominator of ``found``."""
        return len(self.found) + len(self.missed)

    def as_dict(self) -> dict[str, object]:
        """For a JSON report."""
        return {
            "enrolments": self.enrolments,
            "identities": self.identities,
            "pairs_same": self.same,
            "pairs_different": self.different,
            "found": len(self.found),
            "missed": len(self.missed),
            "false": len(self.false),
            "identities_repeated": self.repeated,
            "identities_found_whole": self.whole,
            "identities_found_partly": self.partly,
            "identities_not_found": self.repeated - self.whole - self.partly,
            "missed_pairs": [list(pair) for pair in self.missed],
            "false_pairs": [list(pair) for pair in self.false],
        }


def linked(pairs: Iterable[tuple[N, N]]) -> list[list[N]]:
    """Put into groups what is linked by pairs, directly or through others; largest first.

    >>> linked([("a", "b"), ("x", "y"), ("c", "b")])
    [['a', 'b', 'c'], ['x', 'y']]
    """
    parents: dict[N, N] = {}

    def root(name: N) -> N:
        parents.setdefault(name, name)
        while parents[name] != name:
            parents[name] = parents[parents[name]]
            name = parents[name]
        return name

    for a, b in pairs:
        parents[root(a)] = root(b)
    groups: defaultdict[N, list[N]] = defaultdict(list)
    for name in sorted(parents):
        groups[root(name)].append(name)
    return sorted(groups.values(), key=lambda group: (-len(group), group))


def judge(identities: Mapping[str, Hashable], reported: Iterable[Pair]) -> DuplicateReport:
    """Compare the reported pairs with the truth.

    Parameters
    ----------
    identities : mapping
        Enrolment -> who it really is. Reported enrolments that are not in it are left out.
    reported : iterable of pairs
        The duplicates that were found, each pair in any order.

    >>> report = judge({"a": 1, "b": 1, "c": 2}, [("b", "a"), ("a", "c")])
    >>> len(report.found), len(report.missed), len(report.false)
    (1, 0, 1)
    """
    members: defaultdict[Hashable, list[str]] = defaultdict(list)
    for enrolment in sorted(identities):
        members[identities[enrolment]].append(enrolment)
    truth = {pair for group in members.values() for pair in combinations(group, 2)}
    claims = {ordered(a, b) for a, b in reported if a in identities and b in identities}
    found = truth & claims

    group_of = {name: number for number, group in enumerate(linked(found)) for name in group}
    repeated = [group for group in members.values() if len(group) > 1]
    # An enrolment without a found pair is a piece of its own.
    pieces = [len({group_of.get(one, one) for one in group}) for group in repeated]
    total = len(identities)
    return DuplicateReport(
        enrolments=total,
        identities=len(members),
        found=tuple(sorted(found)),
        missed=tuple(sorted(truth - found)),
        false=tuple(sorted(claims - truth)),
        different=total * (total - 1) // 2 - len(truth),
        repeated=len(repeated),
        whole=pieces.count(1),
        partly=sum(1 < count < len(group) for count, group in zip(pieces, repeated, strict=True)),
    )
