"""Tokens of an office: made on the command line, kept as hashes in one file, shown once."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from civid.errors import FieldError, StorageFormatError, StorageWriteError
from civid.exchange.service.access.caller import Caller, refused
from civid.exchange.service.access.scopes import DESCRIPTIONS
from civid.private_tables import PrivateTable

_VERSION = 1
_PREFIX = "civid_"
#: Id (not secret) and 256 random bits: so many need no slow hash.
_FORM = re.compile(r"civid_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


@dataclass(frozen=True, slots=True)
class OfficeToken:
    """One token, without what is secret of it.

    Attributes
    ----------
    id : str
        For the log, and to revoke it.
    name : str
        Whose it is.
    scopes : tuple of str
    made, until : int
        Seconds since 1970, UTC: when it was made, and when it ends.
    revoked : bool
    digest : str
        SHA-256 of the token, hex.
    """

    id: str
    name: str
    scopes: tuple[str, ...]
    made: int
    until: int
    revoked: bool
    digest: str

    def __repr__(self) -> str:
        return f"<OfficeToken {self.id}>"


class OfficeTokens:
    """The tokens of a file, as a door. Safe for threads; the file is read again when it changed.

    Parameters
    ----------
    path : Path
        The file; it need not exist yet.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     tokens = OfficeTokens(Path(folder) / "tokens.json")
    ...     token = tokens.add("office-7", ["enrol"], until=int(time.time()) + 3600)
    ...     tokens.caller(token).name
    'office-7'
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time):
        self._clock = clock
        self._table: PrivateTable[OfficeToken] = PrivateTable(
            path, key=lambda one: one.id, name="tokens", read=_from_json, write=_as_json,
            version=_VERSION, format_error=StorageFormatError, storage_error=StorageWriteError,
        )  # fmt: skip

    def fits(self, token: str) -> bool:
        """Whether it begins as these tokens do."""
        return token.startswith(_PREFIX)

    def caller(self, token: str) -> Caller:
        """Whose it is; `Refusal` (401) for one that is wrong, revoked or expired."""
        form = _FORM.fullmatch(token)
        found = None if form is None else self._table.get(form[1])
        wanted = found.digest if found is not None else "0" * 64
        same = hmac.compare_digest(_digest(token), wanted)
        if found is None or not same or found.revoked:
            raise refused("token")
        if self._clock() >= found.until:
            raise refused("token-expired")
        return Caller(found.name, frozenset(found.scopes), found.id)

    def add(self, name: str, scopes: Iterable[str], *, until: int) -> str:
        """Make a token; returns it, the only time it is known.

        Raises
        ------
        FieldError
            Name, scopes or end cannot be.
        StorageWriteError
            The file cannot be written.
        """
        wanted = tuple(sorted(set(scopes)))
        if not _NAME.fullmatch(name):
            raise FieldError("name", "1 to 64 of A-Z a-z 0-9 . _ @ -")
        if not wanted or any(one not in DESCRIPTIONS for one in wanted):
            raise FieldError("scope", f"must be of: {', '.join(DESCRIPTIONS)}")
        now = int(self._clock())
        if until <= now:
            raise FieldError("until", "lies in the past")
        key = secrets.token_hex(6)
        token = f"{_PREFIX}{key}_{secrets.token_urlsafe(32)}"
        made = OfficeToken(key, name, wanted, now, until, False, _digest(token))
        with self._table.changing() as known:
            known[key] = made
        return token

    def revoke(self, which: str) -> int:
        """End a token by its id, or all of a name; -> how many. Running services notice at once.

        Raises
        ------
        FieldError
            There is none of this id or name.
        """
        with self._table.changing() as known:
            ended = [one for one in known.values() if which in (one.id, one.name)]
            if not ended:
                raise FieldError("token", "there is none of this id or name")
            known.update({one.id: replace(one, revoked=True) for one in ended})
        return len(ended)

    def all(self) -> tuple[OfficeToken, ...]:
        """Every token, the oldest first."""
        return tuple(sorted(self._table.rows().values(), key=lambda one: (one.made, one.id)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("ascii", "replace")).hexdigest()


def _as_json(one: OfficeToken) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name, "scopes": list(one.scopes), "made": one.made,
        "until": one.until, "revoked": one.revoked, "sha256": one.digest,
    }  # fmt: skip


def _from_json(one: Mapping[str, Any]) -> OfficeToken:
    found = OfficeToken(
        str(one["id"]), str(one["name"]), tuple(map(str, one["scopes"])), int(one["made"]),
        int(one["until"]), bool(one["revoked"]), str(one["sha256"]),
    )  # fmt: skip
    if not re.fullmatch("[0-9a-f]{64}", found.digest):
        raise ValueError("digest")
    return found
