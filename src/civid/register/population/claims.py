"""What one act says about a person, as bytes: claims made and claims retracted. Version 1, JSON.

Most claims of an act share source, days, evidence and unit; these are written once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from civid.errors import FieldError, RegisterDamagedError, RegisterFormatError
from civid.people.citizen import Citizen, Claim, Retraction, Source, field_of

VERSION = 1
#: More claims than any form has boxes.
MOST_CLAIMS = 200
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """What one act says.

    Attributes
    ----------
    claims : tuple of Claim
        Made in this act.
    retracted : tuple of (int, int, date, str)
        Of earlier ones: number of the act, place in it, day, reason.
    note : str
        Free text, such as why.
    """

    claims: tuple[Claim, ...] = ()
    retracted: tuple[tuple[int, int, date, str], ...] = ()
    note: str = ""

    def __repr__(self) -> str:
        return f"<Said {len(self.claims)} claims>"


def encode(said: Said) -> bytes:
    """The bytes of an act."""
    common = _shared(said.claims[0]) if said.claims else None
    body: dict[str, Any] = {
        "v": VERSION,
        "d": common,
        "c": [
            [one.field, one.recorded_as, *([] if _shared(one) == common else _shared(one))]
            for one in said.claims
        ],
    }
    if said.retracted:
        body["r"] = [[act, at, day.isoformat(), why] for act, at, day, why in said.retracted]
    if said.note:
        body["n"] = said.note
    return _JSON(body).encode("utf-8", "surrogatepass")


def _shared(one: Claim) -> list[Any]:
    return [
        int(one.source), one.effective.isoformat(), one.recorded.isoformat(), one.evidence, one.unit
    ]  # fmt: skip


def decode(data: bytes, fields: Collection[str] | None = None) -> Said:
    """The act of `encode`, or only what it says of some fields.

    With `fields`, places of claims are not those of the act: retractions need the whole.
    """
    try:
        body = json.loads(data)
        if body["v"] != VERSION:
            raise RegisterFormatError(
                f"an act has version {body['v']}; this civid reads version {VERSION}"
            )
        common = _read_shared(body["d"]) if body["d"] else ()
        made = tuple(_claim(one, common) for one in body["c"] if fields is None or one[0] in fields)
        retracted = tuple(
            (act, at, date.fromisoformat(day), why) for act, at, day, why in body.get("r", ())
        )
        return Said(made, retracted, body.get("n", ""))
    except (ValueError, TypeError, KeyError, IndexError) as error:
        if isinstance(error, RegisterFormatError):
            raise
        raise RegisterDamagedError("an act of a person cannot be read") from None


_Shared = tuple[Source, date, date, str, str]


def _read_shared(given: Sequence[Any]) -> _Shared:
    source, effective, recorded, evidence, unit = given
    return (
        Source(source), date.fromisoformat(effective), date.fromisoformat(recorded), evidence, unit
    )  # fmt: skip


def _claim(one: Sequence[Any], common: _Shared | tuple[()]) -> Claim:
    field, text, *own = one
    source, effective, recorded, evidence, unit = _read_shared(own) if own else common  # type: ignore[misc]
    return Claim(
        field, read_or_none(field, text), text, source, effective, recorded, evidence, unit
    )


def read_or_none(field: str, text: str) -> object:
    """The value of a field as `civid.people.citizen.claim` reads it; None when it cannot."""
    if field in _FEW:
        return _few(field, text)
    try:
        return field_of(field).read(text)
    except FieldError:
        return None


#: Fields of which a country has few values: read once each.
_FEW = frozenset({"sex", "ethnic", "religion", "nationality", "blood", "marital", "relation"})


@lru_cache(4096)
def _few(field: str, text: str) -> object:
    try:
        return field_of(field).read(text)
    except FieldError:
        return None


def citizen(reference: str, acts: Iterable[tuple[int, Said]]) -> Citizen:
    """A person out of all their acts, oldest first."""
    claims: list[Claim] = []
    by_act: dict[int, tuple[Claim, ...]] = {}
    retractions: list[Retraction] = []
    for seq, said in acts:
        by_act[seq] = said.claims
        claims += said.claims
        for act, at, day, why in said.retracted:
            try:
                retractions.append(Retraction(by_act[act][at], day, why))
            except (KeyError, IndexError):
                raise RegisterDamagedError("an act retracts a claim that is not there") from None
    return Citizen(reference, tuple(claims), tuple(retractions))
