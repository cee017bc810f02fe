"""The minimum answer (câu trả lời tối thiểu): yes, no, unknown, and values where granted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from civid.exchange.sharing.words import Truth


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What a partner learns; everything that was asked has its place, whatever the answer.

    Attributes
    ----------
    request : str
        Id of the question.
    at : int
        Microseconds since 1970, UTC.
    grant : str
        Reference of the grant, and its version after a colon.
    match : Truth or None
        Whether what was given agrees; None = nothing was given. Where the grant does not let the
        partner learn who exists, *no* means *not confirmed*: other data, no such person, or data
        that the register itself is not sure of.
    found : Truth or None
        Whether there is such a person; None unless the grant lets the partner learn it.
    predicates : tuple of Truth
        In the order of the question. All unknown unless the match is yes.
    values : mapping of str to (str or None)
        By ``attribute:form``; None = not known, or no match.
    reasons : mapping of str to Truth
        By attribute, which of those given agree; empty unless the grant lets the partner learn it.
    pseudonym, match_id : str or None
        Names of the person for later questions of this partner.
    match_id_until : int or None
        Microseconds since 1970, UTC.
    """

    request: str
    at: int
    grant: str
    match: Truth | None = None
    found: Truth | None = None
    predicates: tuple[Truth, ...] = ()
    values: Mapping[str, str | None] = field(default_factory=dict)
    reasons: Mapping[str, Truth] = field(default_factory=dict)
    pseudonym: str | None = None
    match_id: str | None = None
    match_id_until: int | None = None

    @property
    def time(self) -> datetime:
        """When, UTC."""
        return datetime.fromtimestamp(self.at / 1e6, UTC)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "request": self.request, "at": self.at, "grant": self.grant,
            "match": self.match, "found": self.found, "predicates": list(self.predicates),
            "values": dict(self.values), "reasons": dict(self.reasons),
            "pseudonym": self.pseudonym, "match_id": self.match_id,
            "match_id_until": self.match_id_until,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Answer:
        """The answer of `to_dict`."""
        return cls(**dict(plain) | {
            "match": plain["match"] and Truth(plain["match"]),
            "found": plain["found"] and Truth(plain["found"]),
            "predicates": tuple(map(Truth, plain["predicates"])),
            "reasons": {name: Truth(one) for name, one in plain["reasons"].items()},
        })  # fmt: skip

    def __repr__(self) -> str:
        return f"<Answer to {len(self.predicates)} predicates, {len(self.values)} attributes>"
