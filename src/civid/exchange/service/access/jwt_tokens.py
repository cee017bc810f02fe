"""Tokens of an authorisation server: JWTs signed with keys of which only the public half is here.

RFC 7519 (JWT), RFC 9068 (access tokens), RFC 8725 (what goes wrong with them): the algorithm is
that of the key, never of the token; keys that are secrets are not taken, so nobody can sign with a
public key; issuer, audience, beginning and end have to be there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

from civid.errors import FieldError, StorageFormatError, StorageWriteError
from civid.exchange.service.access.caller import Caller, refused
from civid.exchange.service.access.scopes import known
from civid.private_files import Reread

#: Seconds by which clocks may differ.
LEEWAY = 10
_MOST_BYTES = 1 << 20
_LEAST_RSA_BITS = 2048
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_REQUIRED = ["exp", "nbf", "iss", "aud", "sub"]
#: Letters of a subject, as OpenID Connect has them; two that are cut short could be one.
_LONGEST = 255
_LONGEST_ID = 64


@dataclass(frozen=True, slots=True, repr=False)
class _Key:
    name: str
    algorithms: tuple[str, ...]
    public: Any


class JwtTokens:
    """JWTs of one issuer for one audience, as a door. Safe for threads.

    Parameters
    ----------
    path : Path
        A JWK Set (RFC 7517), or PEM: public keys or certificates. Read again when it changed, so
        that keys can be exchanged while the service runs.
    issuer, audience : str
        What ``iss`` has to be, and ``aud`` has to hold.

    Raises
    ------
    FieldError
        Issuer or audience is missing.
    StorageFormatError
        The file holds no key that can be used, a secret, or one that is too weak.
    StorageWriteError
        It cannot be read.
    """

    def __init__(self, path: Path, *, issuer: str, audience: str):
        for name, value in (("issuer", issuer), ("audience", audience)):
            if not value:
                raise FieldError(name, "is needed: tokens of others must not be taken")
        self._path, self._issuer, self._audience = path, issuer, audience
        self._lock = Lock()
        self._file = Reread(path, _parsed, _MOST_BYTES)
        self._keys()

    def fits(self, token: str) -> bool:
        """Whether it has three parts."""
        return token.count(".") == 2

    def caller(self, token: str) -> Caller:
        """Whose it is; `Refusal` (401) for one that is wrong, expired, or meant for others."""
        key = self._chosen(token)
        try:
            claims = jwt.decode(
                token, key.public, algorithms=list(key.algorithms), audience=self._audience,
                issuer=self._issuer, leeway=LEEWAY, options={"require": _REQUIRED},
            )  # fmt: skip
        except jwt.ExpiredSignatureError:
            raise refused("token-expired") from None
        except jwt.ImmatureSignatureError:
            raise refused("token-early") from None
        except jwt.InvalidAudienceError:
            raise refused("token-audience") from None
        except jwt.InvalidIssuerError:
            raise refused("token-issuer") from None
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
            raise refused("token") from None
        name = str(claims["sub"])
        if not name or len(name) > _LONGEST or not name.isprintable():
            raise refused("token")
        token = str(claims.get("jti", ""))[:_LONGEST_ID]
        return Caller(name, known(_scopes(claims)), token, self._issuer)

    def _chosen(self, token: str) -> _Key:
        """The key that the token names; the only one where it names none."""
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise refused("token") from None
        keys, wanted = self._keys(), header.get("kid")
        fitting = [
            key
            for key in keys
            if (key.name == wanted if wanted is not None and key.name else True)
            and header.get("alg") in key.algorithms
        ]
        if len(fitting) != 1:
            raise refused("token")
        return fitting[0]

    def _keys(self) -> tuple[_Key, ...]:
        with self._lock:
            try:
                return self._file.get()
            except OSError as error:
                why = error.strerror
                raise StorageWriteError(f"the keys for tokens cannot be read ({why})") from None


def _scopes(claims: dict[str, Any]) -> list[str]:
    """``scope`` is a text with spaces (RFC 8693, 4.2); some servers write a list, or ``scp``."""
    found = claims.get("scope", claims.get("scp", ()))
    if isinstance(found, str):
        return found.split()
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _parsed(data: bytes) -> tuple[_Key, ...]:
    if len(data) > _MOST_BYTES:
        raise StorageFormatError("the keys for tokens: larger than any such file")
    try:
        if data.lstrip().startswith(b"{"):
            found = [_of_jwk(one) for one in json.loads(data)["keys"]]
        else:
            found = [_checked("", one) for one in _pem(data)]
    except StorageFormatError:
        raise
    except (ValueError, KeyError, TypeError, jwt.PyJWTError, UnsupportedAlgorithm, RecursionError):
        raise StorageFormatError("the keys for tokens: no JWK Set, and no PEM") from None
    keys = tuple(one for one in found if one is not None)
    if not keys:
        raise StorageFormatError("the keys for tokens: there is no key that can be used")
    return keys


def _of_jwk(one: dict[str, Any]) -> _Key | None:
    if one.get("kty") == "oct" or "d" in one:
        raise StorageFormatError("the keys for tokens hold a secret: only public keys belong here")
    if one.get("use", "sig") != "sig":
        return None
    made = _checked(str(one.get("kid", "")), jwt.PyJWK(one).key)
    said = one.get("alg")
    if said is not None and said not in made.algorithms:
        raise StorageFormatError("the keys for tokens: an algorithm does not fit its key")
    return made if said is None else _Key(made.name, (said,), made.public)


def _pem(data: bytes) -> list[Any]:
    end = b"-----END "
    found: list[Any] = []
    for block in data.split(b"-----BEGIN ")[1:]:
        text = b"-----BEGIN " + block[: block.index(b"-----", block.index(end) + len(end)) + 5]
        if block.startswith(b"CERTIFICATE"):
            found.append(load_pem_x509_certificate(text).public_key())
        elif b"PRIVATE" in block.partition(b"-----")[0]:
            raise StorageFormatError("the keys for tokens hold a private key; give the public one")
        else:
            found.append(load_pem_public_key(text))
    return found


def _checked(name: str, public: Any) -> _Key:
    """A key with the algorithms that it is for."""
    if isinstance(public, rsa.RSAPublicKey):
        if public.key_size < _LEAST_RSA_BITS:
            raise StorageFormatError(f"the keys for tokens: RSA below {_LEAST_RSA_BITS} bits")
        return _Key(name, ("RS256", "PS256", "RS384", "RS512", "PS384", "PS512"), public)
    if isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name in _CURVES:
        return _Key(name, (_CURVES[public.curve.name],), public)
    if isinstance(public, ed25519.Ed25519PublicKey):
        return _Key(name, ("EdDSA",), public)
    raise StorageFormatError("the keys for tokens: a kind of key that is not taken here")
