"""What seals and looks up: keys wrapped by a key of yours, sealed fields, keyed tokens.

The key that `Register.open` is given wraps the register's own keys and encrypts nothing else, so
that it is changed without touching a record. Each record is sealed with AES-256-GCM under a key
derived for its owner (HMAC-SHA-256 over the owner's id), with a random nonce: no key ever seals
more than the records of one person. Table, owner and place are authenticated with it, so that no
record can stand in for another.

Tokens are HMAC-SHA-256, cut to 16 bytes, under a key that never leaves the register: whoever has
the tables alone cannot try out all numbers. Without keys, everything works the same and the
records are plain: protection then is that of the disk.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from civid.errors import RegisterDamagedError, RegisterKeyError, StorageKeyError
from civid.extras import need
from civid.search.segments.keys import KeyProvider

KEY = 32
NONCE = 12
TOKEN = 16
#: In `keys.wrapped_by` of a register without keys.
PLAIN = ""


class Purpose(StrEnum):
    """What a key of the register is for."""

    FIELDS = "fields"
    PRINTS = "prints"
    MAPPING = "mapping"  #: which person is which subject of the gallery
    TOKENS = "tokens"
    AUDIT = "audit"


#: Number of a key -> (purpose, key, whether it seals).
OpenedKeys = Mapping[int, tuple[Purpose, bytes, bool]]


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A row of the table of keys."""

    id: int
    purpose: Purpose
    wrapped: bytes = field(repr=False)
    wrapped_by: str


def _aead(key: bytes) -> Any:
    return _aesgcm()(key)


@lru_cache(1)
def _aesgcm() -> Any:
    module = need(
        "cryptography.hazmat.primitives.ciphers.aead", "an encrypted register", "encryption"
    )
    return module.AESGCM


def wrap(key: bytes, provider: KeyProvider | None, about: bytes) -> tuple[bytes, str]:
    """Seal a key of the register under the current key of the provider."""
    if provider is None:
        return key, PLAIN
    name = provider.current()
    nonce = os.urandom(NONCE)
    return nonce + _aead(_outer(provider, name)).encrypt(nonce, key, about), name


def unwrap(stored: StoredKey, provider: KeyProvider | None, about: bytes) -> bytes:
    """The key again; `RegisterKeyError` without the right key of the provider."""
    if stored.wrapped_by == PLAIN:
        if provider is not None:
            raise RegisterKeyError("the register is not encrypted, and was opened with keys")
        return stored.wrapped
    if provider is None:
        raise RegisterKeyError("the register is encrypted, and was opened without keys")
    nonce, sealed = stored.wrapped[:NONCE], stored.wrapped[NONCE:]
    try:
        return bytes(_aead(_outer(provider, stored.wrapped_by)).decrypt(nonce, sealed, about))
    except StorageKeyError:
        raise
    except Exception as error:  # InvalidTag, of a package that may not be there
        raise RegisterKeyError("the register was encrypted with another key") from error


def _outer(provider: KeyProvider, name: str) -> bytes:
    try:
        key = provider.key(name)
    except StorageKeyError:
        raise RegisterKeyError("the register was encrypted with a key that is not here") from None
    if len(key) != KEY:
        raise RegisterKeyError(f"a register's key must have {KEY} bytes")
    return hmac.digest(key, b"civid register 1 wrap", "sha256")


def new_keys(provider: KeyProvider | None, register: bytes) -> list[StoredKey]:
    """Keys of a new register, one a purpose."""
    made = []
    for number, purpose in enumerate(Purpose, 1):
        wrapped, name = wrap(
            secrets.token_bytes(KEY), provider, about_key(register, number, purpose)
        )
        made.append(StoredKey(number, purpose, wrapped, name))
    return made


def about_key(register: bytes, number: int, purpose: Purpose) -> bytes:
    """What is authenticated with a wrapped key: no key can be put in the place of another."""
    return b"\0".join(
        (b"civid register 1 key", register, str(number).encode(), purpose.value.encode())
    )


class Vault:
    """The keys of an open register. Safe for threads.

    Parameters
    ----------
    register : bytes
        Id of the register.
    opened : mapping
        Number of a key -> (purpose, key, whether it seals). Of a purpose the highest number seals;
        the others still open what was sealed before.
    source : callable, optional
        Reads the keys again: another process may have added one.
    """

    def __init__(
        self, register: bytes, opened: OpenedKeys, source: Callable[[], OpenedKeys] | None = None
    ):
        self.register = register
        self._keys: dict[int, bytes] = {}
        self._seals: dict[int, bool] = {}
        self._current: dict[Purpose, int] = {}
        self._source = source
        self._take(opened)
        self._tokens = self._keys[self._current[Purpose.TOKENS]]
        self._token_states = _hmac_states(self._tokens)
        self._derived = lru_cache(maxsize=4096)(self._derive)

    def _take(self, opened: OpenedKeys) -> None:
        current = {purpose: number for number, (purpose, _, _) in sorted(opened.items())}
        if set(Purpose) - set(current):
            raise RegisterDamagedError("the register lacks one of its keys")
        # Keys that were known stay: a transaction that began earlier may still read with them.
        self._keys = self._keys | {number: key for number, (_, key, _) in opened.items()}
        self._seals = self._seals | {number: seals for number, (_, _, seals) in opened.items()}
        self._current = current

    def reload(self) -> None:
        """Read the keys again."""
        if self._source is not None:
            self._take(self._source())

    @property
    def newest(self) -> int:
        """The highest number of a key that is known here."""
        return max(self._keys)

    def __repr__(self) -> str:
        return f"<Vault of {len(self._keys)} keys>"

    @property
    def encrypted(self) -> bool:
        """Whether records are sealed at all."""
        return any(self._seals.values())

    def current(self, purpose: Purpose) -> int:
        """Number of the key that seals from now on."""
        return self._current[purpose]

    def _derive(self, number: int, owner: bytes) -> Any:
        return _aead(hmac.digest(self._keys[number], b"owner\0" + owner, "sha256"))

    def seal(
        self, data: bytes, table: str, owner: bytes, place: int = 0,
        purpose: Purpose = Purpose.FIELDS,
    ) -> tuple[int, bytes]:  # fmt: skip
        """Seal a record: number of the key, and what is stored."""
        number = self._current[purpose]
        if not self._seals[number]:
            return number, data
        nonce = os.urandom(NONCE)
        about = self._about(table, owner, place)
        return number, nonce + self._derived(number, owner).encrypt(nonce, data, about)

    def open(self, number: int, sealed: bytes, table: str, owner: bytes, place: int = 0) -> bytes:
        """The record again; `RegisterDamagedError` when it is not what was sealed there."""
        if number not in self._keys:
            self.reload()
        if number not in self._keys:
            raise RegisterDamagedError(f"a record of {table} names a key that is not here")
        if not isinstance(sealed, (bytes, memoryview)):  # SQLite keeps whatever was put there
            raise RegisterDamagedError(f"a record of {table} is not what was sealed there")
        if not self._seals[number]:
            return bytes(sealed)
        about = self._about(table, owner, place)
        try:
            return bytes(
                self._derived(number, owner).decrypt(sealed[:NONCE], sealed[NONCE:], about)
            )
        except Exception as error:  # InvalidTag
            raise RegisterDamagedError(
                f"a record of {table} is not what was sealed there"
            ) from error

    def token(self, kind: str, value: str) -> bytes:
        """What a value is looked up by."""
        message = kind.encode() + b"\0" + value.encode("utf-8", "surrogatepass")
        inner, outer = self._token_states[0].copy(), self._token_states[1].copy()
        inner.update(message)
        outer.update(inner.digest())
        return bytes(outer.digest()[:TOKEN])

    def audit_key(self) -> bytes:
        """The key of the chain of the audit log."""
        return self._keys[self._current[Purpose.AUDIT]]

    def derived(self, what: str) -> bytes:
        """A secret for something else inside the register, such as the drawing of numbers."""
        return hmac.digest(self._tokens, b"derived\0" + what.encode(), "sha256")

    def _about(self, table: str, owner: bytes, place: int) -> bytes:
        return b"\0".join(
            (b"civid register 1", self.register, table.encode(), owner, str(place).encode())
        )


def _hmac_states(key: bytes) -> tuple[Any, Any]:
    """HMAC-SHA-256 up to the message: copied for each token, at 40 % of the cost of hmac.digest."""
    block = key.ljust(64, b"\0")
    return tuple(hashlib.sha256(bytes(b ^ pad for b in block)) for pad in (0x36, 0x5C))  # type: ignore[return-value]
