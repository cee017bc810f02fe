"""Decryption of what data shares hold: MOSIP's layout since 1.2.0 and the one before it.

Both are base64 over ``key block || #KEY_SPLITTER# || data block``, the AES key under RSA-OAEP with
SHA-256 (also in MGF1), the data under AES-256-GCM with a tag of 128 bits at its end. Source:
MOSIP's guide to data shares and the public source of its mock ABIS (``CryptoCoreUtil``).
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Protocol

from civid.exchange.datashare.errors import UndecipherableError
from civid.extras import need

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_SPLITTER = b"#KEY_SPLITTER#"
_VERSION = b"VER_R2"  # since 1.2.0
_THUMBPRINT = 32  # SHA-256 of the certificate
_AAD = 32
_NONCE = 12  # the first bytes of the additional data
_TAG = 16
#: The vector at the end of older data: one block of AES, as the code has it; 32 bytes, as the
#: guide has it. The tag tells which it was.
_OLDER_VECTORS = (16, 32)
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


class Decryptor(Protocol):
    """Makes CBEFF of what was fetched. Safe for threads."""

    def decrypt(self, data: bytes) -> bytes:
        """The CBEFF.

        Raises
        ------
        UndecipherableError
            It is encrypted otherwise, for another key, or was changed.
        """
        ...


class MosipDecryptor:
    """Decrypts what MOSIP's data share service encrypts for a partner. Safe for threads.

    Parameters
    ----------
    *keys : RSAPrivateKey
        The partner's, the newest first: after a change of certificate, shares for the old one are
        still under way.

    >>> MosipDecryptor().decrypt(b"bm90aGluZw==")
    Traceback (most recent call last):
    civid.exchange.datashare.errors.UndecipherableError: the data have no key block
    """

    def __init__(self, *keys: RSAPrivateKey) -> None:
        self._keys = keys
        need("cryptography", "decrypting data shares", "abis")

    def __repr__(self) -> str:
        return f"MosipDecryptor({len(self._keys)} keys)"

    def decrypt(self, data: bytes) -> bytes:
        """See `Decryptor`."""
        block, splitter, rest = _decoded(data).partition(_SPLITTER)
        if not splitter:
            raise UndecipherableError("the data have no key block")
        if block.startswith(_VERSION):
            secret = self._secret(block[len(_VERSION) + _THUMBPRINT :])
            found = _open(secret, rest[:_NONCE], rest[_AAD:], rest[:_AAD])
            if found is not None and len(rest) >= _AAD:
                return found
            raise UndecipherableError("the data were changed on the way")
        return self._older(block, rest)

    def _older(self, block: bytes, rest: bytes) -> bytes:
        # The thumbprint is left out by the oldest: the key alone is as long as the modulus.
        sizes = {one.key_size // 8 for one in self._keys}
        secret = self._secret(block if len(block) in sizes else block[_THUMBPRINT:])
        for size in _OLDER_VECTORS:
            found = _open(secret, rest[-size:], rest[:-size], None)
            if found is not None:
                return found
        raise UndecipherableError("the data were changed on the way")

    def _secret(self, wrapped: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
        from cryptography.hazmat.primitives.hashes import SHA256

        for key in self._keys:
            try:
                secret = key.decrypt(wrapped, OAEP(MGF1(SHA256()), SHA256(), None))
            except ValueError:
                continue
            if len(secret) == 32:
                return secret
        raise UndecipherableError("the data are not for a key of ours")


class NoDecryptor:
    """For shares that are not encrypted; anything but XML is refused."""

    def decrypt(self, data: bytes) -> bytes:
        """See `Decryptor`."""
        raise UndecipherableError("the data are encrypted, and no key was given")


def opened(data: bytes, decryptor: Decryptor) -> bytes:
    """The CBEFF: what is XML already as it is, anything else decrypted.

    >>> opened(b"  <BIR/>", NoDecryptor())
    b'  <BIR/>'
    """
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    # Nothing at all is not encrypted either; whoever reads it has a word for that.
    return data if start in (b"", b"<") else decryptor.decrypt(data)


def _decoded(data: bytes) -> bytes:
    packed = data.strip().translate(_URL_SAFE, b"\r\n")
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except binascii.Error:
        raise UndecipherableError("neither XML nor base64") from None


def _open(secret: bytes, nonce: bytes, sealed: bytes, additional: bytes | None) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(sealed) < _TAG or len(nonce) < _NONCE:
        return None
    try:
        return AESGCM(secret).decrypt(nonce, sealed, additional)
    except InvalidTag:
        return None
