"""Grants as a service (cho phép khai thác): made by one officer, confirmed by another, revoked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from civid.errors import (
    AccessRefusedError,
    ChangedMeanwhileError,
    FieldError,
    TransitionError,
)
from civid.exchange.sharing.grant import Grant, partner_code
from civid.register.actor import Capability
from civid.register.codes import code
from civid.register.ids import from_text, new_id, to_text
from civid.register.listing import Listing, checked_limit, part
from civid.register.session import Service, Work, changes, reads
from civid.register.sharing import grants
from civid.register.sharing.grants import ACTIVE, PROPOSED, GrantRow
from civid.register.units import unit_code


@dataclass(frozen=True, slots=True, repr=False)
class GrantVersion:
    """A version of a grant as the register keeps it.

    Attributes
    ----------
    reference : str
        Key in the register; the same for all versions.
    version : int
    state : str
        ``proposed`` (waits for a second officer), ``active`` or ``ended``.
    unit : str
        Unit that granted it; empty = the country.
    grant : Grant
    made, confirmed, ended : int or None
        Microseconds since 1970, UTC.
    made_by, confirmed_by, ended_by, ended_reason : str
    """

    reference: str
    version: int
    state: str
    unit: str
    grant: Grant
    made: int
    made_by: str
    confirmed: int | None
    confirmed_by: str
    ended: int | None
    ended_by: str
    ended_reason: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return found | {"grant": self.grant.to_dict()}

    def __repr__(self) -> str:
        return f"<GrantVersion {self.version} of {self.grant.partner}, {self.state}>"


class Grants(Service):
    """Grants of a register. Safe for threads."""

    @changes("share.grant.add", Capability.ADMINISTER)
    def add(
        self, work: Work, grant: Grant, *, unit: str = "", replaces: str | None = None
    ) -> GrantVersion:
        """Make a grant, or a new version of one.

        It is in force at once, or, with `Grant.two_person`, when another officer has confirmed it;
        until then the version before stays in force.

        Parameters
        ----------
        unit : str
            Unit that grants it; empty = the country.
        replaces : str, optional
            Reference of the grant of which this is a new version.

        Raises
        ------
        AlreadyInRegisterError
            The partner has another grant for this purpose.
        AccessRefusedError
            People of units outside the actor's scope.
        """
        _within(work, grant, unit)
        reference = new_id() if replaces is None else from_text(replaces)
        state = PROPOSED if grant.two_person else ACTIVE
        if replaces is not None:
            before = grants.load(work, reference)
            work.within(before.unit)
            if (before.body["partner"], before.body["purpose"]) != (grant.partner, grant.purpose):
                raise FieldError("grant", "a new version has the same partner and purpose")
        if grants.needs_two(work, grant.partner, grant.purpose):
            state = PROPOSED  # what two had to agree to is not loosened by one
        made = grants.add(work, reference, unit, state, grant.to_dict())
        return _said(work, made)

    @changes("share.grant.confirm", Capability.ADMINISTER)
    def confirm(
        self, work: Work, reference: str, *, version: int | None = None
    ) -> GrantVersion:  # fmt: skip
        """Let the latest version come into force: by another officer than who made it.

        Parameters
        ----------
        version : int, optional
            The one that was looked at: with it, one that came meanwhile is not confirmed unseen.

        Raises
        ------
        AccessRefusedError
            By the same officer, or outside the scope.
        ChangedMeanwhileError
            There is a later version than the one that was looked at.
        TransitionError
            It does not wait for anybody.
        """
        row = grants.load(work, from_text(reference))
        if version is not None and row.version != version:
            raise ChangedMeanwhileError(f"the grant has a version {row.version}: look at that one")
        _within(work, Grant.from_dict(row.body), row.unit)
        if row.state != PROPOSED:
            raise TransitionError(f"grant: it is {row.state}, and waits for nobody")
        if row.made_by == work.actor.name:
            raise AccessRefusedError("a grant is confirmed by another officer than who made it")
        return _said(work, grants.confirm(work, row))

    @changes("share.grant.revoke", Capability.ADMINISTER)
    def revoke(self, work: Work, reference: str, reason: str) -> GrantVersion:
        """End a grant at once (thu hồi), with what waits; one officer is enough.

        Parameters
        ----------
        reason : str
            A code.
        """
        row = grants.load(work, from_text(reference))
        work.within(row.unit)
        if not grants.end(work, row.id, code(reason)):
            raise TransitionError("grant: it has ended already")
        return _said(work, grants.load(work, row.id))

    @reads("share.grant.list", Capability.ADMINISTER)
    def list(
        self, work: Work, *, partner: str | None = None, ended: bool = False, limit: int = 100,
        after: str | None = None,
    ) -> Listing[GrantVersion]:  # fmt: skip
        """The latest version of each grant in the actor's scope, oldest first.

        Parameters
        ----------
        ended : bool
            Also those that have ended.
        """
        wanted = None if partner is None else partner_code(partner)
        start = None if after is None else from_text(after)
        found = grants.listed(
            work, partner=wanted, ended=ended, after=start, limit=checked_limit(limit) + 1
        )
        return part([_version(one) for one in found], limit)

    @reads("share.grant.read", Capability.ADMINISTER)
    def versions(self, work: Work, reference: str) -> tuple[GrantVersion, ...]:
        """Every version of a grant, oldest first; `NotInRegisterError` when there is none."""
        row = grants.load(work, from_text(reference))
        work.within(row.unit)
        work.detail["grant"] = reference
        return tuple(_version(one) for one in grants.versions(work, row.id))


def _within(work: Work, grant: Grant, unit: str) -> None:
    if unit:
        unit_code(unit)
    work.within(unit)
    for one in grant.units or ("",):
        work.within(one)


def _said(work: Work, row: GrantRow) -> GrantVersion:
    """The version, once the log has it: with a digest, so that no other can take its place."""
    body = json.dumps(row.body, sort_keys=True, ensure_ascii=True)
    work.detail.update(
        grant=to_text(row.id), version=row.version, state=row.state,
        partner=row.body["partner"], purpose=row.body["purpose"],
        digest=hashlib.sha256(body.encode()).hexdigest(),
    )  # fmt: skip
    return _version(row)


def _version(row: GrantRow) -> GrantVersion:
    return GrantVersion(
        to_text(row.id), row.version, row.state, row.unit, Grant.from_dict(row.body), row.made,
        row.made_by, row.confirmed, row.confirmed_by, row.ended, row.ended_by, row.ended_reason,
    )  # fmt: skip
