"""What people agreed to: the version of a grant, and how they said so. No rights are checked here.

That a consent was given, until when, and that it was withdrawn stand in
`civid.register.sharing.consents`; the terms stand here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, or_, select

from civid.register.population.sealed import sealed_at, unsealed_at
from civid.register.session import Work
from civid.register.sharing import consents as given
from civid.register.sharing import grants
from civid.register.sharing.grants import GrantRow
from civid.register.store.asking_tables import consent_terms
from civid.register.store.sharing_tables import consents

_TABLE = "consent_terms"
#: Of a grant: what loosens it when it becomes true.
_LOOSENS = ("existence", "reasons", "pseudonym")


@dataclass(frozen=True, slots=True, repr=False)
class TermsRow:
    """One consent with its terms, as stored."""

    grant: bytes
    seq: int
    version: int
    given: int
    until: int | None
    withdrawn: int | None
    actor: str
    evidence: str
    body: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"<TermsRow {self.seq} of version {self.version}>"


def give(
    work: Work, grant: GrantRow, person: bytes, evidence: str, until: int | None,
    body: dict[str, Any],
) -> None:  # fmt: skip
    """Record a consent to a version of a grant, with its terms, in one transaction."""
    given.give(work, grant.id, person, evidence, until)
    seq = work.connection.execute(
        select(consents.c.seq)
        .where(consents.c.grant == grant.id, consents.c.person == person)
        .order_by(consents.c.seq.desc())
        .limit(1)
    ).scalar_one()
    work.connection.execute(
        insert(consent_terms).values(
            grant=grant.id, person=person, seq=seq, version=grant.version,
            **sealed_at(work, _TABLE, grant.id + person, seq, body),
        )
    )  # fmt: skip


def agreed(
    work: Work, grant: bytes, version: int, body: Mapping[str, Any], people: Sequence[bytes]
) -> bool:
    """Whether one of these entries of a person has agreed to what a version of a grant gives.

    Who agreed to an earlier version has agreed to this one if it gives no more. The store is asked
    the same, whether there are consents or not: who asks cannot tell by it who is here.
    """
    known = grants.versions(work, grant)
    bodies = {one.version: one.body for one in known}
    found = work.connection.execute(
        select(consent_terms.c.version, consents.c.given)
        .select_from(consents.outerjoin(consent_terms, _same()))
        .where(
            consents.c.grant == grant, consents.c.person.in_(people),
            consents.c.withdrawn.is_(None),
            or_(consents.c.until.is_(None), consents.c.until > work.now),
        )
    ).all()  # fmt: skip
    versions = {_version_at(known, given) if to is None else to for to, given in found}
    return any(one == version or not gives_more(bodies[one], body) for one in versions)


def gives_more(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a version of a grant gives anything that another one did not.

    A whole value covers every form of it and every comparison with it.

    >>> year, whole = ({"attribute": "birth", "form": one} for one in ("year", "full"))
    >>> gives_more({"allows": [whole]}, {"allows": [year]})
    False
    >>> gives_more({"allows": [year]}, {"allows": [whole]})
    True
    """
    if any(not any(_covers(old, new) for old in before["allows"]) for new in after["allows"]):
        return True
    return any(after.get(name, False) and not before.get(name, False) for name in _LOOSENS)


def _covers(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    if old["attribute"] != new["attribute"]:
        return False
    if old["form"] == "full":
        return True
    values = set(old.get("values", ())), set(new.get("values", ()))
    return (
        old["form"] == new["form"]
        and set(new.get("operators", ())) <= set(old.get("operators", ()))
        and (not values[0] or (bool(values[1]) and values[1] <= values[0]))
    )


def of(work: Work, people: Sequence[bytes]) -> list[TermsRow]:
    """Every consent of a person with its terms, oldest first."""
    rows = work.connection.execute(
        select(consents, consent_terms.c.version, consent_terms.c.key, consent_terms.c.sealed)
        .select_from(consents.outerjoin(consent_terms, _same()))
        .where(consents.c.person.in_(people))
        .order_by(consents.c.given, consents.c.grant, consents.c.seq)
    ).all()
    return [_row(work, row) for row in rows]


def _row(work: Work, row: Any) -> TermsRow:
    grant, person = bytes(row.grant), bytes(row.person)
    body = {} if row.key is None else unsealed_at(
        work.vault, _TABLE, grant + person, row.seq, row
    )  # fmt: skip
    version = row.version
    if version is None:
        version = _version_at(grants.versions(work, grant), row.given)
    return TermsRow(
        grant, row.seq, version, row.given, row.until, row.withdrawn, row.actor, row.evidence, body
    )


def _same() -> Any:
    return (
        (consent_terms.c.grant == consents.c.grant)
        & (consent_terms.c.person == consents.c.person)
        & (consent_terms.c.seq == consents.c.seq)
    )


def _version_at(versions: Sequence[GrantRow], moment: int) -> int:
    """The version in force at a moment; the first one where none was yet."""
    found, two = 1, False
    for one in versions:
        waited = two or bool(one.body.get("two_person", True))  # for a second officer
        since = one.confirmed if waited else one.made
        if since is not None and since <= moment:
            found, two = one.version, bool(one.body.get("two_person", True))
    return found
