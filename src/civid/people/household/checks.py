"""What cannot be right about a household (kiểm tra hộ): heads, spouses, ages, sexes, cycles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from civid.errors import HouseholdError
from civid.people.household.model import Household, Member
from civid.people.sex import Sex

#: Law on Marriage and Family 2014 Art 8.
MARRIAGE_AGE = {Sex.MALE: 20, Sex.FEMALE: 18}
#: A parent is at least this much older; younger ones exist and are worth a look.
PARENT_GAP = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to look at.

    Parameters
    ----------
    code : str
        Stable id, such as ``household.heads``.
    members : tuple of str
        References of the people concerned.
    message : str
        One sentence.
    certain : bool
        True where it cannot be right, False where it is only unlikely.
    """

    code: str
    members: tuple[str, ...]
    message: str
    certain: bool = True


def check(household: Household, *, day: date | None = None) -> tuple[Problem, ...]:
    """List the problems of one household.

    Parameters
    ----------
    day : date, optional
        Judge marriage age by this day.
    """
    return tuple(
        problem
        for rule in (_heads, _spouses, _sexes, _ages, _own_links, lambda h: _marriage(h, day))
        for problem in rule(household)
    )


def _heads(household: Household) -> Iterator[Problem]:
    heads = household.heads
    if household.members and not heads:
        yield Problem("household.no_head", (), "nobody is the head")
    if len(heads) > 1:
        yield Problem("household.heads", _refs(heads), "more than one head")


def _spouses(household: Household) -> Iterator[Problem]:
    spouses = [m for m in household.members if m.kind.age == "spouse"]
    if len(spouses) > 1:
        yield Problem("household.spouses", _refs(spouses), "the head has more than one spouse")
    if len(household.heads) == 1:
        head = household.heads[0]
        for spouse in spouses:
            if Sex.UNKNOWN not in (spouse.sex, head.sex) and spouse.sex is head.sex:
                message = "spouse of the head's own sex"
                yield Problem("household.spouse_sex", (spouse.reference,), message)


def _sexes(household: Household) -> Iterator[Problem]:
    for member in household.members:
        implied = member.kind.sex
        if Sex.UNKNOWN not in (implied, member.sex) and implied is not member.sex:
            message = "the relation is of the other sex"
            yield Problem("household.relation_sex", (member.reference,), message)


def _ages(household: Household) -> Iterator[Problem]:
    heads = household.heads
    if len(heads) != 1 or heads[0].birth is None:
        return
    head = heads[0].birth
    for member in household.members:
        if member.birth is None:
            continue
        if member.kind.age == "older" and member.birth.earliest > head.latest:
            yield Problem("household.older", (member.reference,), "born after the head")
        if member.kind.age == "younger" and member.birth.latest < head.earliest:
            yield Problem("household.younger", (member.reference,), "born before the head")


def _own_links(household: Household) -> Iterator[Problem]:
    people = {member.reference: member for member in household.members}
    for member in household.members:
        if member.reference in (member.father, member.mother, member.spouse):
            yield Problem("household.self", (member.reference,), "related to themselves")
        for link, sex in (("father", Sex.MALE), ("mother", Sex.FEMALE)):
            parent = people.get(getattr(member, link))
            if parent is None or parent is member:
                continue
            if parent.sex not in (Sex.UNKNOWN, sex):
                yield Problem(
                    "household.parent_sex", _refs((member, parent)), f"{link} of the other sex"
                )
            if parent.birth and member.birth and _younger_parent(parent, member):
                yield Problem(
                    "household.parent_age", _refs((member, parent)), "parent hardly older"
                )


def _younger_parent(parent: Member, child: Member) -> bool:
    if parent.birth is None or child.birth is None:
        return False
    return child.birth.latest.year - parent.birth.earliest.year < PARENT_GAP


def _marriage(household: Household, day: date | None) -> Iterator[Problem]:
    if day is None:
        return
    for member in household.members:
        if member.kind.age != "spouse" or member.birth is None or member.sex is Sex.UNKNOWN:
            continue
        if day.year - member.birth.year < MARRIAGE_AGE[member.sex]:
            message = "under the age of marriage"
            yield Problem("household.marriage_age", (member.reference,), message)


def twice_permanent(households: Iterable[Household]) -> tuple[Problem, ...]:
    """Find people who are members of two households: permanent residence is one."""
    seen: dict[str, int] = {}
    for household in households:
        for member in household.members:
            seen[member.reference] = seen.get(member.reference, 0) + 1
    message = "member of more than one household"
    return tuple(
        Problem("household.twice", (reference,), message)
        for reference, count in seen.items()
        if count > 1
    )


def ancestors_first(parents: dict[str, tuple[str, ...]]) -> list[str]:
    """Order people so that parents stand before their children; linear time.

    Parameters
    ----------
    parents : dict
        Reference -> references of father and mother; unknown people are left out.

    Raises
    ------
    HouseholdError
        When somebody is their own ancestor: the register is wrong there.

    >>> ancestors_first({"child": ("mother",), "mother": ()})
    ['mother', 'child']
    """
    order: list[str] = []
    state: dict[str, int] = {}
    for start in parents:
        stack = [(start, iter(parents[start]))]
        if state.get(start):
            continue
        state[start] = 1
        while stack:
            person, rest = stack[-1]
            for parent in rest:
                if parent not in parents or state.get(parent) == 2:
                    continue
                if state.get(parent) == 1:
                    raise HouseholdError("parents", "somebody is their own ancestor")
                state[parent] = 1
                stack.append((parent, iter(parents[parent])))
                break
            else:
                state[person] = 2
                order.append(person)
                stack.pop()
    return order


def _refs(members: Iterable[Member]) -> tuple[str, ...]:
    return tuple(member.reference for member in members)
