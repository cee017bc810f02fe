"""One entry of the audit log, and how it is chained to the one before."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from civid.errors import RegisterDamagedError
from civid.register.ids import SIZE

#: What stands before the first entry.
BEGINNING = bytes(32)
DONE, REFUSED, FAILED = "done", "refused", "failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what about whom. Holds no value of any field and nothing biometric.

    Attributes
    ----------
    seq : int
        Place in the log, from 1 without a gap.
    at : int
        Microseconds since 1970, UTC; never earlier than that of the entry before.
    actor, unit, station, purpose : str
        Who, acting from where, and why.
    operation : str
        What, such as ``person.read``.
    outcome : str
        ``done``, ``refused`` or ``failed``.
    subjects : tuple of str
        References of the people it is about.
    detail : mapping
        Counts, states, codes; never values.
    """

    seq: int
    at: int
    actor: str
    unit: str
    station: str
    purpose: str
    operation: str
    outcome: str
    subjects: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def time(self) -> datetime:
        """When, UTC."""
        return datetime.fromtimestamp(self.at / 1e6, UTC)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {**self._plain(), "time": self.time.isoformat()}

    def _plain(self) -> dict[str, Any]:
        return {
            "seq": self.seq, "at": self.at, "actor": self.actor, "unit": self.unit,
            "station": self.station, "purpose": self.purpose, "operation": self.operation,
            "outcome": self.outcome, "subjects": list(self.subjects), "detail": dict(self.detail),
        }  # fmt: skip

    def canonical(self) -> str:
        """The text that is stored and hashed: JSON, keys in order, no spaces."""
        return json.dumps(self._plain(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    @classmethod
    def parse(cls, text: str) -> Entry:
        """The entry of `canonical`; `RegisterDamagedError` for anything else."""
        try:
            found = json.loads(text)
            found["subjects"] = tuple(found["subjects"])
            if not all(len(bytes.fromhex(one)) == SIZE for one in found["subjects"]):
                raise ValueError("not references")
            made = cls(**found)
            if not isinstance(made.at, int) or not isinstance(made.seq, int):
                raise TypeError("not numbers")
            return made
        except (ValueError, TypeError, KeyError, RecursionError):
            raise RegisterDamagedError("an entry of the audit log cannot be read") from None


_NAMES = frozenset(Entry.__slots__)
_NEEDED = _NAMES - {"detail"}
_decode = json.JSONDecoder().decode


def placed(text: str) -> tuple[int, int, list[bytes]]:
    """Place, moment and subjects of an entry: what `Entry.parse` checks, in half of its time.

    Raises
    ------
    RegisterDamagedError
        `Entry.parse` would not read it.
    """
    try:
        found = _decode(text)
        seq, at = found["seq"], found["at"]
        about = [bytes.fromhex(one) for one in found["subjects"]]
        if not (isinstance(seq, int) and isinstance(at, int) and _NEEDED <= found.keys() <= _NAMES):
            raise TypeError("not an entry")
        if any(len(one) != SIZE for one in about):
            raise ValueError("not references")
    except (ValueError, TypeError, KeyError, RecursionError):
        raise RegisterDamagedError("an entry of the audit log cannot be read") from None
    return seq, at, about


def chained(before: bytes, text: str, key: bytes | None) -> bytes:
    """The hash of an entry: SHA-256 over the hash before and the entry's text, keyed (HMAC).

    The key lies in the register, wrapped; without it nobody can write the log anew.
    """
    return hmac.digest(
        key or b"civid register audit", before + text.encode("utf-8", "surrogatepass"), "sha256"
    )
