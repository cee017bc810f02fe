"""Who may sign in: accounts in one file beside the register, made from the command line."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civid.errors import FieldError, RegisterFormatError, RegisterStorageError
from civid.private_tables import PrivateTable
from civid.register import Actor, Capability

#: Name of the file in the folder of a register.
FILE = "officers.json"
#: What deciding needs, unless told otherwise.
DECIDING = frozenset({Capability.ADJUDICATE})
_VERSION = 1
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_GROUPS, _GROUP = 4, 5  # 20 letters of 31: 99 bits
_COST = {"n": 1 << 14, "r": 8, "p": 1}  # 16 MiB, 50 ms; the password has 99 bits anyway


@dataclass(frozen=True, slots=True, repr=False)
class Officer:
    """One account.

    Attributes
    ----------
    name : str
        As the log shall say it.
    unit : str
        Where they act from.
    scope : tuple of str
        Units whose records they may see.
    capabilities : frozenset of Capability
    salt, digest : bytes
        Of the password (scrypt).
    """

    name: str
    unit: str
    scope: tuple[str, ...]
    capabilities: frozenset[Capability]
    salt: bytes
    digest: bytes

    def actor(self, station: str = "") -> Actor:
        """Who acts when this officer does."""
        return Actor(self.name, self.capabilities, self.unit, self.scope, "adjudication", station)

    def __repr__(self) -> str:
        return f"<Officer of unit {self.unit or 'the country'}>"


class Officers:
    """The accounts of a file. Safe for threads; the file is read again when it has changed.

    Parameters
    ----------
    path : Path
        The file; it need not exist yet.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     officers = Officers(Path(folder) / "officers.json")
    ...     password = officers.add("officer-3", unit="46")
    ...     found, missed = officers.check("officer-3", password), officers.check("officer-3", "x")
    >>> found is not None, missed
    (True, None)
    """

    def __init__(self, path: Path):
        self._table: PrivateTable[Officer] = PrivateTable(
            path, key=lambda one: one.name, name="officers", read=_from_json, write=_as_json,
            version=_VERSION, format_error=RegisterFormatError, storage_error=RegisterStorageError,
        )  # fmt: skip

    def add(
        self,
        name: str,
        *,
        unit: str = "",
        scope: tuple[str, ...] | None = None,
        capabilities: frozenset[Capability] = DECIDING,
    ) -> str:
        """Make an account, or give one a new password; returns it, the only time it is known.

        Raises
        ------
        FieldError
            The name or unit cannot be.
        RegisterStorageError
            The file cannot be written.
        """
        actor = Actor(name, capabilities, unit, (unit,) if scope is None else scope)
        password = "-".join(
            "".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS)
        )
        salt = secrets.token_bytes(16)
        made = Officer(
            actor.name, actor.unit, actor.scope or ("",), actor.capabilities, salt,
            _digest(password, salt),
        )  # fmt: skip
        with self._table.changing() as known:
            known[name] = made
        return password

    def remove(self, name: str) -> None:
        """Take an account away; `FieldError` when there is none. Who is signed in is put out."""
        with self._table.changing() as known:
            if known.pop(name, None) is None:
                raise FieldError("name", "no such officer")

    def all(self) -> tuple[Officer, ...]:
        """Every account, by name."""
        known = self._table.rows()
        return tuple(known[name] for name in sorted(known))

    def get(self, name: str) -> Officer | None:
        """One account; None when there is none (any more)."""
        return self._table.get(name)

    def check(self, name: str, password: str) -> Officer | None:
        """Whose name and password these are; takes as long when nobody has the name."""
        found = self.get(name)
        salt = found.salt if found is not None else bytes(16)
        wanted = found.digest if found is not None else bytes(32)
        same = hmac.compare_digest(_digest(_typed(password), salt), wanted)
        return found if same else None


def _typed(password: str) -> str:
    """As it was given out, however it was typed."""
    letters = "".join(password.lower().split()).replace("-", "")[:200]
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def _digest(password: str, salt: bytes) -> bytes:
    data = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, maxmem=64 << 20, dklen=32, **_COST)


def _as_json(one: Officer) -> dict[str, Any]:
    return {
        "name": one.name, "unit": one.unit, "scope": list(one.scope),
        "capabilities": sorted(one.capabilities),
        "salt": base64.b64encode(one.salt).decode(),
        "scrypt": base64.b64encode(one.digest).decode(),
    }  # fmt: skip


def _from_json(one: Mapping[str, Any]) -> Officer:
    return Officer(
        str(one["name"]), str(one["unit"]), tuple(map(str, one["scope"])),
        frozenset(map(Capability, one["capabilities"])),
        base64.b64decode(one["salt"], validate=True),
        base64.b64decode(one["scrypt"], validate=True),
    )  # fmt: skip
