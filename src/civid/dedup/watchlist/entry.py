"""Whom an authority looks for, and on what legal basis."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from civid.errors import FieldError, RegisterDamagedError
from civid.people.citizen import Claim
from civid.register.identity.gallery_link import pack, unpack
from civid.register.population import claims as acts
from civid.search.fingers import Fingers

_LONGEST = 200


class WatchKind(StrEnum):
    """Which list; each has a gallery of its own."""

    WANTED = "wanted"  #: truy nã
    MISSING = "missing"  #: truy tìm


@dataclass(frozen=True, slots=True)
class Basis:
    """Legal basis (căn cứ pháp lý): nobody is on a list without one.

    Parameters
    ----------
    law : str
        Article that allows it.
    document : str
        Number of the order (số quyết định).
    authority : str
        Who issued it (cơ quan ban hành).
    issued : date
    until : date, optional
        Last day on which it is in force; until it is ended, unless given.

    Raises
    ------
    FieldError
        Something is missing or too long, or it ends before it was issued.
    """

    law: str
    document: str
    authority: str
    issued: date
    until: date | None = None

    def __post_init__(self) -> None:
        for name in ("law", "document", "authority"):
            value = getattr(self, name)
            if not isinstance(value, str) or not value.strip() or not value.isprintable():
                raise FieldError(name, "a watch-list needs a legal basis")
            if len(value) > _LONGEST:
                raise FieldError(name, f"longer than {_LONGEST} characters")
        if self.until is not None and self.until < self.issued:
            raise FieldError("until", "before the day on which the order was issued")

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "law": self.law, "document": self.document, "authority": self.authority,
            "issued": self.issued.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class WatchEntry:
    """Somebody on a list.

    Attributes
    ----------
    reference : str
        Of the entry; it says nothing about the person.
    kind : WatchKind
    unit : str
        Unit whose queue hits go into.
    basis : Basis
    claims : tuple of Claim
        What is known of the person.
    has_prints : bool
    at : int
        Entered; microseconds since 1970, UTC.
    ended : int or None
        Taken off.
    ended_reason : str
    """

    reference: str
    kind: WatchKind
    unit: str
    basis: Basis
    claims: tuple[Claim, ...]
    has_prints: bool
    at: int
    ended: int | None = None
    ended_reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON: without what is known of the person."""
        return {
            "reference": self.reference, "kind": self.kind.value, "unit": self.unit,
            "basis": self.basis.to_dict(), "has_prints": self.has_prints, "at": self.at,
            "ended": self.ended, "ended_reason": self.ended_reason,
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<WatchEntry {self.kind.value}>"


def to_bytes(basis: Basis, claims: tuple[Claim, ...], fingers: Fingers | None) -> bytes:
    """What is sealed of an entry."""
    body = {
        "basis": basis.to_dict(),
        "claims": acts.encode(acts.Said(claims)).decode(),
        "fingers": "" if fingers is None else pack(fingers).hex(),
    }
    return json.dumps(body, ensure_ascii=False).encode()


def from_bytes(data: bytes) -> tuple[Basis, tuple[Claim, ...], Fingers | None]:
    """The parts of `to_bytes`; `RegisterDamagedError` for anything else."""
    try:
        body = json.loads(data)
        said = body["basis"]
        until = None if said["until"] is None else date.fromisoformat(said["until"])
        basis = Basis(
            said["law"], said["document"], said["authority"], date.fromisoformat(said["issued"]),
            until,
        )  # fmt: skip
        fingers = unpack(bytes.fromhex(body["fingers"])) if body["fingers"] else None
        return basis, acts.decode(body["claims"].encode()).claims, fingers
    except (KeyError, TypeError, ValueError, IndexError):
        raise RegisterDamagedError("an entry of a watch-list cannot be read") from None
