"""What seals the rows of a ledger, and what they are looked up by.

A ledger has one key of its own, drawn when it is made. The key that `Abis.open` is given wraps it
and encrypts nothing else, so that it is changed without touching a row. Each row is sealed with
AES-256-GCM under a key derived for it alone (HMAC-SHA-256 over 16 random bytes), and what it is
about is authenticated with it: no row can stand in for another. Ids are looked up by HMAC-SHA-256.

Without keys everything works the same and rows are plain, with a check of 16 bytes.
"""

from __future__ import annotations

import hmac
import os
import unicodedata
from functools import lru_cache
from typing import Any

from civid.errors import GalleryDamagedError, GalleryKeyError, StorageKeyError
from civid.extras import need
from civid.search.segments.keys import KeyProvider

KEY = 32
TOKEN = 16
_SALT = 16
_NONCE = 12
#: Of the key of a ledger that is not encrypted.
PLAIN = ""
#: Sealed rows have a length that is a multiple of this: it does not tell how much was found.
_BLOCK = 128


def folded(value: str) -> str:
    """What an id or a name is compared by: neither case nor the way accents are written counts.

    Unicode's canonical caseless matching (the standard, section 3.13, D145).

    >>> folded("NGUYE\u0302\u0303N") == folded("nguy\u1ec5n")
    True
    """
    if value.isascii():
        return value.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", value).casefold())


@lru_cache(1)
def _aesgcm() -> Any:
    purpose = "an encrypted gallery"
    return need("cryptography.hazmat.primitives.ciphers.aead", purpose, "encryption").AESGCM


def _outer(provider: KeyProvider, name: str) -> Any:
    try:
        key = provider.key(name)
    except StorageKeyError:
        raise GalleryKeyError("the ledger was encrypted with a key that is not here") from None
    if len(key) != KEY:
        raise GalleryKeyError(f"a gallery's key must have {KEY} bytes")
    return _aesgcm()(hmac.digest(key, b"civid abis 1 wrap", "sha256"))


def wrap(key: bytes, provider: KeyProvider | None, ledger: bytes) -> tuple[bytes, str]:
    """Seal a ledger's key under the provider's current one: what is stored, and that one's name."""
    if provider is None:
        return key, PLAIN
    name, nonce = provider.current(), os.urandom(_NONCE)
    return nonce + _outer(provider, name).encrypt(nonce, key, b"civid abis 1 key\0" + ledger), name


def unwrap(stored: bytes, name: str, provider: KeyProvider | None, ledger: bytes) -> bytes:
    """The ledger's key again.

    Raises
    ------
    GalleryKeyError
        Without the right key; and with keys where the ledger is plain: anybody could have
        written it.
    """
    if name == PLAIN:
        if provider is not None:
            raise GalleryKeyError("the ledger is not encrypted, and was opened with keys")
        return stored
    if provider is None:
        raise GalleryKeyError("the ledger is encrypted, and was opened without keys")
    outer = _outer(provider, name)
    try:
        about = b"civid abis 1 key\0" + ledger
        return bytes(outer.decrypt(stored[:_NONCE], stored[_NONCE:], about))
    except Exception as error:  # InvalidTag, of a package that may not be there
        raise GalleryKeyError("the ledger was encrypted with another key") from error


class Seals:
    """The key of an open ledger. Safe for threads."""

    def __init__(self, ledger: bytes, key: bytes, *, sealing: bool):
        if len(key) != KEY:
            raise GalleryDamagedError("the ledger's key is damaged")
        self.sealing = sealing
        self._ledger = ledger
        self._tokens = hmac.digest(key, b"tokens", "sha256")
        self._rows = hmac.digest(key, b"rows", "sha256")

    def __repr__(self) -> str:
        return f"<Seals, sealing={self.sealing}>"

    def token(self, kind: str, value: str) -> bytes:
        """What an id is looked up by; see `folded`."""
        return self.mark(kind, folded(value).encode("utf-8", "surrogatepass"))

    def mark(self, kind: str, value: bytes) -> bytes:
        """The same of bytes."""
        return hmac.digest(self._tokens, kind.encode() + b"\0" + value, "sha256")[:TOKEN]

    def seal(self, data: bytes, about: bytes) -> bytes:
        """What is stored of a row; the JSON in it may be followed by spaces when it is opened."""
        about = self._about(about)
        if not self.sealing:
            return self._check(data, about) + data
        data += b" " * (-len(data) % _BLOCK)
        salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
        return salt + nonce + bytes(self._row(salt).encrypt(nonce, data, about))

    def open(self, stored: object, about: bytes) -> bytes:
        """The row again; `GalleryDamagedError` when it is not what was sealed there."""
        about = self._about(about)
        if not isinstance(stored, bytes):  # SQLite keeps whatever was put there
            raise GalleryDamagedError("a row of the ledger is damaged")
        if not self.sealing:
            if not hmac.compare_digest(self._check(stored[TOKEN:], about), stored[:TOKEN]):
                raise GalleryDamagedError("a row of the ledger is damaged")
            return stored[TOKEN:]
        salt, rest = stored[:_SALT], stored[_SALT:]
        try:
            return bytes(self._row(salt).decrypt(rest[:_NONCE], rest[_NONCE:], about))
        except Exception as error:  # InvalidTag; ValueError of a nonce that is too short
            raise GalleryDamagedError("a row of the ledger is damaged") from error

    def _about(self, about: bytes) -> bytes:
        return b"civid abis 1\0" + self._ledger + about

    def _row(self, salt: bytes) -> Any:
        return _aesgcm()(hmac.digest(self._rows, salt, "sha256"))

    def _check(self, data: bytes, about: bytes) -> bytes:
        return hmac.digest(self._rows, about + b"\0" + data, "sha256")[:TOKEN]
