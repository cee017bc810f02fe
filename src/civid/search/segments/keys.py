"""Keys of encrypted galleries: where they come from, and what is done with them.

A gallery's key never encrypts anything itself. Each segment file, and each transaction that adds
subjects, draws 32 random bytes of salt, and HMAC-SHA-256 of the gallery's key over that salt is
the AES-256-GCM key of this file or transaction alone. Within it the nonce is a number that is
used once: the chunk's place in the file, or a counter of rows. A salt would have to come twice
for a nonce to be used twice under one key; what was rolled back or cut short is never continued,
but begun again under a new salt. Nothing needs to be counted across processes, copies of the
folder or restored backups.
"""

from __future__ import annotations

import base64
import hmac
import logging
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from civid.errors import GalleryDamagedError, GalleryKeyError, UnavailableError
from civid.private_files import exposure

log = logging.getLogger(__name__)

KEY, SALT, TAG = 32, 32, 16
MAX_KEY_ID = 64
_ROW = struct.Struct("<BB")
_NONCE = 12


class KeyProvider(Protocol):
    """Gives the keys of galleries: 32 bytes, and a name that is stored beside what it encrypted."""

    def current(self) -> str:
        """Name of the key for what is written from now on: 1 to 64 bytes of UTF-8, no secret."""
        ...

    def key(self, key_id: str) -> bytes:
        """The key of that name; `GalleryKeyError` when it is not here."""
        ...


class StaticKeyProvider:
    """Keys that are simply there.

    Parameters
    ----------
    keys : mapping of str to bytes
        32 bytes each.
    current : str, optional
        The one for what is written; the last one, unless given.

    >>> StaticKeyProvider({"2025": bytes(32), "2026": bytes(range(32))}).current()
    '2026'
    """

    def __init__(self, keys: Mapping[str, bytes], current: str | None = None):
        if not keys:
            raise GalleryKeyError("no key was given")
        for name, key in keys.items():
            if not 1 <= len(name.encode(errors="surrogatepass")) <= MAX_KEY_ID or any(
                "\ud800" <= character <= "\udfff" for character in name
            ):
                raise GalleryKeyError(f"the name of a key must have 1 to {MAX_KEY_ID} bytes")
            if len(key) != KEY:
                raise GalleryKeyError(f"a gallery's key must have {KEY} bytes")
        self._keys = {name: bytes(key) for name, key in keys.items()}
        self._current = list(keys)[-1] if current is None else current
        self.key(self._current)

    def current(self) -> str:
        """See `KeyProvider`."""
        return self._current

    def key(self, key_id: str) -> bytes:
        """See `KeyProvider`."""
        try:
            return self._keys[key_id]
        except KeyError:
            raise GalleryKeyError("the gallery was encrypted with a key that is not here") from None

    def names(self) -> tuple[str, ...]:
        """Of all keys, in their order."""
        return tuple(self._keys)

    def __repr__(self) -> str:
        return f"StaticKeyProvider({len(self._keys)} keys)"

    @classmethod
    def parse(cls, text: str) -> StaticKeyProvider:
        """From lines or words ``name:base64``; the last one is for what is written.

        >>> StaticKeyProvider.parse("2026:" + "A" * 43 + "=")
        StaticKeyProvider(1 keys)
        """
        keys = {}
        for word in text.removeprefix("\ufeff").split():  # some editors begin a file so
            name, _, value = word.rpartition(":")
            try:
                keys[name] = base64.b64decode(value, validate=True)
            except ValueError:  # of binascii, or not ASCII
                raise GalleryKeyError("a key is not base64; expected name:base64") from None
        return cls(keys)

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> StaticKeyProvider:
        """`parse` a file: of one that only its owner may read, and not beside the gallery.

        As ssh does, one of ours that others may read is refused (`civid.private_files.exposure`).

        Raises
        ------
        GalleryKeyError
            It cannot be read, others may read or write it, or it holds no keys.
        """
        try:
            with Path(path).open(encoding="utf-8") as file:
                found = exposure(file.fileno())
                text = file.read()
        except (OSError, ValueError):
            raise GalleryKeyError("the file of keys cannot be read") from None
        if found.refused:
            raise GalleryKeyError(f"{found.words} the file of keys: chmod 600 it")
        if found.words:
            log.warning("%s the file of keys, which is somebody else's", found.words)
        return cls.parse(text)

    @classmethod
    def from_environment(cls, variable: str = "CIVID_GALLERY_KEYS") -> StaticKeyProvider:
        """`parse` an environment variable."""
        return cls.parse(os.environ.get(variable, ""))


class Sealer:
    """One derived key: encrypts chunks, each under a number of its own."""

    def __init__(self, keys: KeyProvider, key_id: str, salt: bytes, purpose: bytes):
        key = keys.key(key_id)
        if len(key) != KEY:
            raise GalleryKeyError(f"a gallery's key must have {KEY} bytes")
        derived = hmac.digest(key, b"civid 1 " + purpose + b"\0" + salt, "sha256")
        self._proof = hmac.digest(key, b"civid 1 proof of " + purpose + b"\0" + salt, "sha256")
        self._aead = _aesgcm()(derived)
        self._key_id = key_id.encode()

    def seal(self, number: int, data: bytes | memoryview, about: bytes) -> bytes:
        """Encrypt: ciphertext and tag. Never twice with one number."""
        nonce = number.to_bytes(_NONCE, "little")
        return bytes(self._aead.encrypt(nonce, data, about + self._key_id))

    def open(self, number: int, data: bytes | memoryview, about: bytes) -> bytes:
        """Decrypt; `ValueError` when key, number, data or `about` are not those of `seal`."""
        nonce = number.to_bytes(_NONCE, "little")
        try:
            return bytes(self._aead.decrypt(nonce, data, about + self._key_id))
        except Exception as error:  # InvalidTag, of a package that may not be there
            raise ValueError("the tag does not fit") from error

    def proof(self, data: bytes) -> bytes:
        """16 bytes that only the holder of the key can compute of this data."""
        return hmac.digest(self._proof, data, "sha256")[:TAG]


def _aesgcm() -> Any:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError:
        raise UnavailableError(
            "an encrypted gallery needs cryptography: pip install 'civid[encryption]'"
        ) from None
    return AESGCM


class RowSealer:
    """Encrypts the rows of one transaction: the key's name, salt and number stand before each."""

    def __init__(self, keys: KeyProvider):
        name, salt = keys.current(), os.urandom(SALT)
        self._sealer = Sealer(keys, name, salt, b"rows")
        self._head = _ROW.pack(1, len(name.encode())) + name.encode() + salt
        self._count = 0

    def seal(self, sequence: int, data: bytes) -> bytes:
        """The row to be stored."""
        self._count += 1
        about = sequence.to_bytes(8, "little")
        number = self._count.to_bytes(8, "little")
        return self._head + number + self._sealer.seal(self._count, data, about)


def row_key(row: bytes) -> str:
    """The name of the key of a row, from its first 66 bytes; empty when it is not encrypted."""
    version, length = _ROW.unpack_from(row) if len(row) >= _ROW.size else (0, 0)
    return row[_ROW.size : _ROW.size + length].decode(errors="replace") if version == 1 else ""


class RowOpener:
    """Decrypts rows; those of one transaction share a derived key."""

    def __init__(self, keys: KeyProvider | None):
        self._keys = keys
        self._known: tuple[bytes, Sealer] | None = None

    def open(self, sequence: int, row: bytes) -> bytes:
        """What `RowSealer.seal` was given; `row` has passed its digest already.

        Raises
        ------
        GalleryKeyError
            There is no key, or it is not the one.
        """
        if self._keys is None:
            raise GalleryKeyError("the gallery is encrypted, and was opened without keys")
        version, length = _ROW.unpack_from(row)
        end = _ROW.size + length + SALT
        if version != 1 or len(row) < end + 8 + TAG:
            raise GalleryDamagedError("a stored subject is damaged")
        head = row[:end]
        if self._known is None or self._known[0] != head:
            name = row[_ROW.size : _ROW.size + length].decode()
            self._known = head, Sealer(self._keys, name, row[end - SALT : end], b"rows")
        try:
            return self._known[1].open(
                int.from_bytes(row[end : end + 8], "little"),
                memoryview(row)[end + 8 :],
                sequence.to_bytes(8, "little"),
            )
        except ValueError:
            raise GalleryKeyError("the gallery was encrypted with another key") from None
