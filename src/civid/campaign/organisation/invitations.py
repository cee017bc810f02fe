"""Invitation lists (danh sách mời): who may come, who was invited, who came, who is missing.

Everybody of an age and a residence, permanent and temporary ("công dân thường trú, tạm trú trên
địa bàn"), is on one list and no more: where somebody lives now. People come as plain records with
the attributes of `Resident`; those of a register have them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from civid.campaign.organisation.tree import UnitTree
from civid.campaign.rate import Rate
from civid.cards.regimes import regime_on
from civid.errors import CampaignError
from civid.people.dates.ages import birthday


class Resident(Protocol):
    """What is asked of somebody's record.

    ``permanent`` and ``temporary`` are codes of units, empty where there is no such residence;
    ``school`` is the code of a school, or empty; ``has_card`` whether a valid card is held.
    """

    @property
    def reference(self) -> str: ...
    @property
    def birth(self) -> date: ...
    @property
    def permanent(self) -> str: ...
    @property
    def temporary(self) -> str: ...
    @property
    def household(self) -> str: ...
    @property
    def school(self) -> str: ...
    @property
    def has_card(self) -> bool: ...


class Basis(StrEnum):
    """By which residence somebody is on the list."""

    PERMANENT = "permanent"  #: thường trú
    TEMPORARY = "temporary"  #: tạm trú


class Turnout(StrEnum):
    """Where an invitation stands."""

    WAITING = "waiting"  #: chưa mời
    INVITED = "invited"  #: đã mời, chưa đến
    CAME = "came"  #: đã đến


@dataclass(frozen=True, slots=True, repr=False)
class Invitation:
    """One line of a list. ``reference`` does not show."""

    reference: str
    unit: str
    household: str
    basis: Basis
    age: int
    school: str = ""

    def __repr__(self) -> str:
        return f"<Invitation {self.unit} {self.basis}>"


def invitations(
    residents: Iterable[Resident],
    tree: UnitTree,
    day: date,
    *,
    under: str | None = None,
    from_age: int | None = None,
    renewals: bool = False,
) -> Iterator[Invitation]:
    """Who is to be invited, each once, by the residence that counts now.

    Parameters
    ----------
    residents : iterable
        Records; see `Resident`. Read one at a time, so that a country fits.
    day : date
        Ages, and the law that says from which age a card is had, are of this day.
    under : str, optional
        Only who lives in this unit or below it.
    from_age : int, optional
        Default: the age of the law, 14.
    renewals : bool
        Also who has a valid card.

    Raises
    ------
    CampaignError
        A residence in a unit that is not in the tree (``no-such-unit``).
    """
    lowest = regime_on(day).first_age if from_age is None else from_age
    places = None if under is None else tree.subtree(under)
    for one in residents:
        unit = one.temporary or one.permanent
        if not unit or (one.has_card and not renewals):
            continue
        place = tree.index(unit)
        if (places is None or place in places) and day >= birthday(one.birth, lowest):
            basis = Basis.TEMPORARY if one.temporary else Basis.PERMANENT
            yield Invitation(
                one.reference, unit, one.household, basis, _age(one.birth, day), one.school
            )


def cohort(
    residents: Iterable[Resident], tree: UnitTree, day: date, school: str, *, to_age: int = 19
) -> tuple[Invitation, ...]:
    """The pupils of a school who are 14 and over, for a team that comes there."""
    found = invitations(residents, tree, day)
    return tuple(one for one in found if one.school == school and one.age <= to_age)


def turnout(
    listed: Iterable[Invitation], invited: Mapping[str, date], came: Mapping[str, date]
) -> tuple[Rate, dict[str, Turnout]]:
    """Who of a list was invited, and who came; by reference, with the rate of those invited.

    Somebody who came without an invitation came. Who is not on the list is an error: the list and
    the counter disagree about who lives here.

    Raises
    ------
    CampaignError
        Somebody twice on the list (``invited-twice``), or who came or was invited and is not on it
        (``not-listed``).
    """
    states = dict[str, Turnout]()
    for one in listed:
        if one.reference in states:
            raise CampaignError("on the list twice", code="invited-twice", unit=one.unit)
        states[one.reference] = (
            Turnout.CAME if one.reference in came
            else Turnout.INVITED if one.reference in invited
            else Turnout.WAITING
        )  # fmt: skip
    strangers = len((invited.keys() | came.keys()) - states.keys())
    if strangers:
        raise CampaignError(f"{strangers} are not on the list", code="not-listed")
    asked = [state for state in states.values() if state is not Turnout.WAITING]
    return Rate(asked.count(Turnout.CAME), len(asked)), states


def _age(birth: date, day: date) -> int:
    return day.year - birth.year - (day < birthday(birth, day.year - birth.year))
