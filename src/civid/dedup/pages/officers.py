"""Who may sign in: accounts in one file beside the register, made from the command line."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from civid.errors import FieldError, RegisterFormatError, RegisterStorageError
from civid.private_files import Reread, replacing
from civid.register import Actor, Capability

#: Name of the file in the folder of a register.
FILE = "officers.json"
#: What deciding needs, unless told otherwise.
DECIDING = frozenset({Capability.ADJUDICATE})
_VERSION = 1
_MOST_BYTES = 4 << 20
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
        self._path = path
        self._lock = Lock()
        self._file = Reread(path, _parsed, _MOST_BYTES)

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
        with self._lock:
            self._write({**self._all(), name: made})
        return password

    def remove(self, name: str) -> None:
        """Take an account away; `FieldError` when there is none. Who is signed in is put out."""
        with self._lock:
            known = dict(self._all())
            if known.pop(name, None) is None:
                raise FieldError("name", "no such officer")
            self._write(known)

    def all(self) -> tuple[Officer, ...]:
        """Every account, by name."""
        with self._lock:
            known = self._all()
        return tuple(known[name] for name in sorted(known))

    def get(self, name: str) -> Officer | None:
        """One account; None when there is none (any more)."""
        with self._lock:
            return self._all().get(name)

    def check(self, name: str, password: str) -> Officer | None:
        """Whose name and password these are; takes as long when nobody has the name."""
        found = self.get(name)
        salt = found.salt if found is not None else bytes(16)
        wanted = found.digest if found is not None else bytes(32)
        same = hmac.compare_digest(_digest(_typed(password), salt), wanted)
        return found if same else None

    def _all(self) -> dict[str, Officer]:
        try:
            return self._file.get()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise RegisterStorageError(f"the officers cannot be read ({error.strerror})") from None

    def _write(self, known: dict[str, Officer]) -> None:
        body = {"version": _VERSION, "officers": [_as_json(known[one]) for one in sorted(known)]}
        try:
            with replacing(self._path, "w", encoding="utf-8") as file:
                json.dump(body, file, ensure_ascii=False, indent=1)
        except OSError as error:
            raise RegisterStorageError(
                f"the officers cannot be written ({error.strerror})"
            ) from None
        self._file.forget()


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


def _parsed(data: bytes) -> dict[str, Officer]:
    try:
        if len(data) > _MOST_BYTES:
            raise ValueError("too long")
        body = json.loads(data)
        if body["version"] != _VERSION:
            raise ValueError("version")
        found = [
            Officer(
                str(one["name"]), str(one["unit"]), tuple(map(str, one["scope"])),
                frozenset(map(Capability, one["capabilities"])),
                base64.b64decode(one["salt"], validate=True),
                base64.b64decode(one["scrypt"], validate=True),
            )
            for one in body["officers"]
        ]  # fmt: skip
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RegisterFormatError("the file of officers cannot be read") from None
    return {one.name: one for one in found}
