"""A household (hộ gia đình): people at one address with a head (chủ hộ)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from civid.errors import HouseholdError
from civid.people.codes.relations import HEAD, Relation, relation
from civid.people.dates.partial import PartialDate
from civid.people.sex import Sex

#: More people than in any registered household; barracks and schools are no households.
MAX_MEMBERS = 500


@dataclass(frozen=True, slots=True, repr=False)
class Member:
    """A member and what the checks need of the person.

    Parameters
    ----------
    reference : str
        Key of the person in the register.
    relation : str
        Relation to the head, a term of `civid.people.codes.relations`.
    since : date
        Member from this day.
    sex : Sex
        UNKNOWN when not known.
    birth : PartialDate or None
        None when not known.
    father, mother, spouse : str
        References of relatives, in this household or not; empty when not known.
    """

    reference: str
    relation: str
    since: date
    sex: Sex = Sex.UNKNOWN
    birth: PartialDate | None = None
    father: str = ""
    mother: str = ""
    spouse: str = ""

    def __post_init__(self) -> None:
        if not self.reference:
            raise HouseholdError("member", "has no reference")
        relation(self.relation)

    @property
    def is_head(self) -> bool:
        """Whether the relation is chủ hộ."""
        return self.kind.term == HEAD

    @property
    def kind(self) -> Relation:
        """The relation with what follows from it."""
        return relation(self.relation)

    def __repr__(self) -> str:
        return "<Member>"


@dataclass(frozen=True, slots=True, repr=False)
class Household:
    """A household; several may share one address. Immutable.

    Parameters
    ----------
    code : str
        Residence file number (số hồ sơ cư trú).
    members : tuple of Member
        Those of now.
    unit_code, unit_list : str
        Commune and its code list.
    address : str
        As written.
    former : tuple of (Member, date, str)
        Who left, when and how.

    Raises
    ------
    HouseholdError
        For a member twice or more members than a household can have. Two heads or none are allowed
        here and found by `check`: registers contain them.
    """

    code: str
    members: tuple[Member, ...]
    unit_code: str = ""
    unit_list: str = ""
    address: str = ""
    former: tuple[tuple[Member, date, str], ...] = field(default=())

    def __post_init__(self) -> None:
        if len(self.members) > MAX_MEMBERS:
            raise HouseholdError("members", f"more than {MAX_MEMBERS}")
        if len({member.reference for member in self.members}) != len(self.members):
            raise HouseholdError("members", "somebody is in it twice")

    @property
    def heads(self) -> tuple[Member, ...]:
        """Members whose relation is chủ hộ; one, if all is well."""
        return tuple(member for member in self.members if member.is_head)

    @property
    def head(self) -> Member:
        """The head; `HouseholdError` when there is none or more than one."""
        heads = self.heads
        if len(heads) != 1:
            raise HouseholdError("head", "none" if not heads else "more than one")
        return heads[0]

    def member(self, reference: str) -> Member:
        """Find a member; `HouseholdError` for a stranger."""
        for member in self.members:
            if member.reference == reference:
                return member
        raise HouseholdError("member", "not in this household")

    def without(self, references: frozenset[str], day: date, reason: str) -> Household:
        """Return it without some members, who stay in its history."""
        left = tuple((m, day, reason) for m in self.members if m.reference in references)
        rest = tuple(m for m in self.members if m.reference not in references)
        return replace(self, members=rest, former=(*self.former, *left))

    def __repr__(self) -> str:
        return f"<Household of {len(self.members)}>"
