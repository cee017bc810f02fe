"""Changes to households: split (tách hộ), join (nhập hộ), change of head (đổi chủ hộ).

A request goes draft -> pending -> validated -> applied, or is rejected or cancelled on the way. It
is checked against the households of the day it is applied, not of the day it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from civid.errors import HouseholdError
from civid.people.codes.relations import HEAD, relation
from civid.people.household.checks import check
from civid.people.household.model import Household, Member
from civid.workflow import Workflow


class ChangeState(Enum):
    """Where a request stands."""

    DRAFT = "draft"
    PENDING = "pending"
    VALIDATED = "validated"
    APPLIED = "applied"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


_STEPS = Workflow.of(
    {
        ChangeState.DRAFT: (ChangeState.PENDING, ChangeState.CANCELLED),
        ChangeState.PENDING: (ChangeState.VALIDATED, ChangeState.REJECTED, ChangeState.CANCELLED),
        ChangeState.VALIDATED: (ChangeState.APPLIED, ChangeState.REJECTED, ChangeState.CANCELLED),
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class Split:
    """Some members found a household of their own at the same address (tách hộ).

    Parameters
    ----------
    household, new_code : str
        The old one, and the residence file number of the new one.
    relations : mapping
        Reference of each who leaves -> relation to the new head; exactly one is chủ hộ.
    """

    household: str
    new_code: str
    relations: Mapping[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class Join:
    """A person joins a household (nhập hộ), leaving another if in one.

    Parameters
    ----------
    household : str
        The one joined.
    member : Member
        The person with the relation to its head.
    leaves : str
        Code of the household left; empty when none.
    """

    household: str
    member: Member
    leaves: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ChangeHead:
    """Another member becomes head (đổi chủ hộ), because the old one died, left or agreed.

    Parameters
    ----------
    household : str
        Which.
    relations : mapping
        Reference of every member -> relation to the new head; exactly one is chủ hộ.
    """

    household: str
    relations: Mapping[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class ChangeRequest:
    """A change with its way through the office.

    Parameters
    ----------
    change : Split, Join or ChangeHead
        What is asked for.
    filed : date
        When.
    consents : frozenset of str
        References of those who agreed: head, owner of the home.
    state : ChangeState
        Where it stands.
    log : tuple of (date, state, note)
        How it came there.
    """

    change: Split | Join | ChangeHead
    filed: date
    consents: frozenset[str] = frozenset()
    state: ChangeState = ChangeState.DRAFT
    log: tuple[tuple[date, ChangeState, str], ...] = field(default=())

    def move(self, state: ChangeState, day: date, note: str = "") -> ChangeRequest:
        """Go on to another state; `HouseholdError` when that is not allowed from here."""
        if _STEPS.refusal(self.state, state):
            raise HouseholdError("request", f"{self.state.value} cannot become {state.value}")
        return replace(self, state=state, log=(*self.log, (day, state, note)))


Households = Mapping[str, Household]


def apply(
    request: ChangeRequest, households: Households, day: date, *, strict: bool = True
) -> tuple[ChangeRequest, dict[str, Household]]:
    """Carry out a validated request.

    Parameters
    ----------
    strict : bool
        Refuse what would cause a problem of `check`; without it, whoever asks looks at them.

    Returns
    -------
    ChangeRequest, dict
        The request as applied, and the households that changed, by code.

    Raises
    ------
    HouseholdError
        When the request is not validated, names strangers, or leaves a household without exactly
        one head or with a problem it did not have. Nothing is changed then.
    """
    applied = request.move(ChangeState.APPLIED, day)
    change = request.change
    if isinstance(change, Split):
        changed = _split(change, households, day)
    elif isinstance(change, Join):
        changed = _join(change, households, day)
    else:
        changed = _change_head(change, households)
    for code, household in changed.items() if strict else ():
        before = {p.code for p in check(households[code])} if code in households else set()
        worse = [p for p in check(household) if p.certain and p.code not in before]
        if worse:
            raise HouseholdError("request", f"would cause {worse[0].code}")
    return applied, changed


def _of(households: Households, code: str) -> Household:
    try:
        return households[code]
    except KeyError:
        raise HouseholdError("household", "unknown") from None


def _related(member: Member, term: str, day: date | None = None) -> Member:
    return replace(member, relation=relation(term).term, since=day or member.since)


def _one_head(relations: Mapping[str, str]) -> None:
    heads = sum(relation(term).term == HEAD for term in relations.values())
    if heads != 1:
        raise HouseholdError("relations", "exactly one must be chủ hộ")


def _split(change: Split, households: Households, day: date) -> dict[str, Household]:
    old = _of(households, change.household)
    if change.new_code in households or change.new_code == old.code:
        raise HouseholdError("new_code", "in use")
    _one_head(change.relations)
    leaving = frozenset(change.relations)
    members = tuple(
        _related(old.member(reference), term, day) for reference, term in change.relations.items()
    )
    rest = old.without(leaving, day, "tách hộ")
    if rest.members and len(rest.heads) != 1:
        raise HouseholdError("head", "the head leaves: change the head first")
    new = Household(change.new_code, members, old.unit_code, old.unit_list, old.address)
    return {old.code: rest, new.code: new}


def _join(change: Join, households: Households, day: date) -> dict[str, Household]:
    target = _of(households, change.household)
    if change.member.is_head:
        raise HouseholdError("relation", "the household has a head")
    changed: dict[str, Household] = {}
    if change.leaves:
        left = _of(households, change.leaves)
        member = left.member(change.member.reference)
        if member.is_head and len(left.members) > 1:
            raise HouseholdError("head", "the head leaves: change the head first")
        changed[left.code] = left.without(frozenset({member.reference}), day, "nhập hộ khác")
    else:
        for household in households.values():
            if any(m.reference == change.member.reference for m in household.members):
                raise HouseholdError("member", "is in another household, which is not named")
    if change.leaves == target.code:
        raise HouseholdError("household", "joined and left are the same")
    joined = replace(change.member, since=day)
    changed[target.code] = replace(target, members=(*target.members, joined))
    return changed


def _change_head(change: ChangeHead, households: Households) -> dict[str, Household]:
    household = _of(households, change.household)
    if set(change.relations) != {member.reference for member in household.members}:
        raise HouseholdError("relations", "must name every member and nobody else")
    _one_head(change.relations)
    members = tuple(_related(m, change.relations[m.reference]) for m in household.members)
    return {household.code: replace(household, members=members)}
