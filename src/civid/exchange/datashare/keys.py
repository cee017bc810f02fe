"""The private key that data shares are encrypted for: from a PEM or a PKCS#12 file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from civid.errors import FieldError
from civid.extras import need
from civid.private_files import exposure

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_MOST_BYTES = 1024 * 1024
_LEAST_BITS = 2048


def read_private_key(path: Path, password: str | None = None) -> RSAPrivateKey:
    """The RSA key of a file, PEM or PKCS#12.

    Raises
    ------
    FieldError
        It is neither, of another kind or too short, the password is another one, or others than
        its owner may read the file (`civid.private_files.exposure`).
    OSError
        The file cannot be read.

    >>> read_private_key(Path(__file__))
    Traceback (most recent call last):
    civid.errors.FieldError: key: not a PEM or PKCS#12 file, or the password is another one
    """
    need("cryptography", "decrypting data shares", "abis")
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

    with path.open("rb") as file:
        data, rights = file.read(_MOST_BYTES + 1), exposure(file.fileno())
    if len(data) > _MOST_BYTES:
        raise FieldError("key", "the file is too large to be one")
    secret = password.encode() if password else None
    found: object
    try:
        if b"-----BEGIN" in data:
            found = load_pem_private_key(data, secret)
        else:
            found = pkcs12.load_key_and_certificates(data, secret)[0]
    except (ValueError, TypeError):
        # The messages of the library may tell of the content.
        raise FieldError(
            "key", "not a PEM or PKCS#12 file, or the password is another one"
        ) from None
    if not isinstance(found, RSAPrivateKey) or found.key_size < _LEAST_BITS:
        raise FieldError("key", f"expected an RSA key of at least {_LEAST_BITS} bits")
    if rights.refused:
        raise FieldError("key", f"{rights.words} its file: chmod 600 it")
    return found
