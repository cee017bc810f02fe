"""A household as JSON, both ways, with those who left it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from civid.people.documents.base import Day, Model, Reference, Short, Text, as_field_error
from civid.people.household import Household, Member
from civid.people.sex import parse as parse_sex


class MemberModel(Model):
    """A member of a household (thành viên hộ)."""

    reference: Reference
    relation: Short
    since: Day
    sex: Short = ""
    birth: Short = ""
    father: Short = ""
    mother: Short = ""
    spouse: Short = ""

    def to_domain(self) -> Member:
        """Read sex, birth and relation; `FieldError` when one cannot be read."""
        from civid.people.dates import parse

        return Member(
            self.reference, self.relation, self.since, parse_sex(self.sex),
            parse(self.birth) if self.birth else None, self.father, self.mother, self.spouse,
        )  # fmt: skip

    @classmethod
    def from_domain(cls, member: Member) -> MemberModel:
        """Make the outgoing form of a member."""
        return cls(
            reference=member.reference, relation=member.relation, since=member.since,
            sex=member.sex.vietnamese, birth="" if member.birth is None else member.birth.iso(),
            father=member.father, mother=member.mother, spouse=member.spouse,
        )  # fmt: skip


class FormerMemberModel(Model):
    """Who left a household, when and how."""

    member: MemberModel
    left: Day
    reason: Short


class HouseholdModel(Model):
    """A household (hộ gia đình)."""

    code: Reference
    members: Annotated[tuple[MemberModel, ...], Field(max_length=500, strict=False)]
    unit_code: Short = ""
    unit_list: Short = ""
    address: Text = ""
    former: Annotated[tuple[FormerMemberModel, ...], Field(max_length=2000, strict=False)] = ()

    def to_domain(self) -> Household:
        """Make the household; `HouseholdError` when it cannot be one."""
        members = tuple(member.to_domain() for member in self.members)
        former = tuple((one.member.to_domain(), one.left, one.reason) for one in self.former)
        return Household(self.code, members, self.unit_code, self.unit_list, self.address, former)

    @classmethod
    def from_domain(cls, household: Household) -> HouseholdModel:
        """Make the outgoing form; `FieldError` when something is longer than it allows."""
        with as_field_error():
            return cls(
                code=household.code,
                members=tuple(map(MemberModel.from_domain, household.members)),
                unit_code=household.unit_code, unit_list=household.unit_list,
                address=household.address,
                former=tuple(
                    FormerMemberModel(
                        member=MemberModel.from_domain(member), left=left, reason=reason
                    )
                    for member, left, reason in household.former
                ),
            )  # fmt: skip
