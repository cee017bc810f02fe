"""Encryption as MOSIP's data share does it since 1.2.0, for the certificate of a partner."""

from __future__ import annotations

import base64
import os

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


class Partner:
    """Somebody whom files can be encrypted for."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(65537, 2048)

    def pem(self) -> bytes:
        """The private key, as the ABIS is given it."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sealed(self, data: bytes) -> bytes:
        """The file, encrypted."""
        secret, additional = os.urandom(32), os.urandom(32)
        oaep = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)
        wrapped = self._key.public_key().encrypt(secret, oaep)
        block = b"VER_R2" + os.urandom(32) + wrapped
        sealed = additional + AESGCM(secret).encrypt(additional[:12], data, additional)
        return base64.urlsafe_b64encode(block + b"#KEY_SPLITTER#" + sealed)
