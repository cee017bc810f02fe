"""The certificate of an erasure (biên bản xóa dữ liệu): what was removed, and how to prove it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from civid.errors import FieldError


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was erased, by whom and why; holds no value of any field.

    Its digest stands in the audit log, whose entries are chained under a key of the register: a
    certificate that was changed, or never issued, does not verify.

    Attributes
    ----------
    register : str
        Id of the register.
    reference : str
        Of the person.
    merged : tuple of str
        References that had been merged into it, erased as well.
    at : int
        Microseconds since 1970, UTC.
    actor, unit, purpose : str
        Who, acting from where, and why.
    basis : str
        The law, order or request.
    removed : mapping of str to int
        How many rows of which table.
    kept : tuple of str
        What stays, and why.
    """

    register: str
    reference: str
    merged: tuple[str, ...]
    at: int
    actor: str
    unit: str
    purpose: str
    basis: str
    removed: Mapping[str, int] = field(default_factory=dict)
    kept: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical text, hexadecimal."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def canonical(self) -> str:
        """JSON, keys in order, no spaces."""
        return json.dumps(self._plain(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON, with the digest."""
        return {**self._plain(), "digest": self.digest}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Certificate:
        """The certificate of `to_dict`; `FieldError` for anything else."""
        try:
            values = {name: found[name] for name in cls.__slots__}
            values["merged"], values["kept"] = tuple(values["merged"]), tuple(values["kept"])
            values["removed"] = dict(values["removed"])
        except (KeyError, TypeError, ValueError):
            raise FieldError("certificate", "not a certificate of an erasure") from None
        return cls(**values)

    def _plain(self) -> dict[str, Any]:
        found = {name: getattr(self, name) for name in self.__slots__}
        return found | {
            "merged": list(self.merged), "kept": list(self.kept), "removed": dict(self.removed)
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a certificate is true.

    Attributes
    ----------
    entry : int or None
        Entry of the log that holds its digest.
    problems : tuple of str
        What speaks against it; empty = it is true.
    """

    entry: int | None
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.problems

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"holds": self.holds, "entry": self.entry, "problems": list(self.problems)}
