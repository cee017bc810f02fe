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

    Who agreed to an earlier version has agreed to this one if it gives no more.
    """
    versions = {
        given_to if given_to is not None else _version_at(work, grant, moment)
        for given_to, moment in work.connection.execute(
            select(consent_terms.c.version, consents.c.given)
            .select_from(consents.outerjoin(consent_terms, _same()))
            .where(
                consents.c.grant == grant, consents.c.person.in_(people),
                consents.c.withdrawn.is_(None),
                or_(consents.c.until.is_(None), consents.c.until > work.now),
            )
        )
    }  # fmt: skip
    return any(
        one == version or not gives_more(grants.load(work, grant, one).body, body)
        for one in versions
    )


def gives_more(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a version of a grant gives anything that another one did not.

    >>> gives_more({"allows": [{"attribute": "name"}]}, {"allows": [], "pseudonym": True})
    True
    """
    known = [_plain(one) for one in before["allows"]]
    if any(_plain(one) not in known for one in after["allows"]):
        return True
    return any(after.get(name, False) and not before.get(name, False) for name in _LOOSENS)


def _plain(allowed: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(tuple(one) if isinstance(one, list) else one for _, one in sorted(allowed.items()))


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
        version = _version_at(work, grant, row.given)
    return TermsRow(
        grant, row.seq, version, row.given, row.until, row.withdrawn, row.actor, row.evidence, body
    )


def _same() -> Any:
    return (
        (consent_terms.c.grant == consents.c.grant)
        & (consent_terms.c.person == consents.c.person)
        & (consent_terms.c.seq == consents.c.seq)
    )


def _version_at(work: Work, grant: bytes, moment: int) -> int:
    """The version in force at a moment; the first one where none was yet."""
    found = [
        one.version
        for one in grants.versions(work, grant)
        if (one.confirmed or one.made) <= moment
        and (one.confirmed is not None or not one.body.get("two_person", True))
    ]
    return max(found, default=1)
