"""Check one signature, whatever algorithm documents use: RSA PKCS#1, RSA-PSS, ECDSA, plain ECDSA.

ECDSA keys with explicit curve parameters, which many documents carry and most libraries refuse,
are accepted where the parameters are exactly those of a curve with a name (``curves.csv``).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from civid.cards.chip._asn1 import asn1, damaged
from civid.errors import FormatError
from civid.extras import need
from civid.people.tables import packaged

_WHY = "checking signatures of chips"
#: ecdsa-plain-signatures (BSI TR-03111 section 5.2.1): r and s side by side, no DER.
_PLAIN = {
    f"0.4.0.127.0.7.1.1.4.1.{number}": digest
    for number, digest in enumerate(("sha1", "sha224", "sha256", "sha384", "sha512"), 1)
}


def _hazmat(module: str) -> Any:
    return need(f"cryptography.hazmat.primitives.{module}", _WHY)


def public_key(certificate: Any) -> Any:
    """The key of an asn1crypto certificate, for cryptography."""
    with damaged("certificate"):
        info = certificate["tbs_certificate"]["subject_public_key_info"].copy()
        parameters = info["algorithm"]["parameters"]
        if info.algorithm == "ec" and parameters.name == "specified":
            named = asn1("keys").ECDomainParameters(name="named", value=_name(parameters.chosen))
            info["algorithm"]["parameters"] = named
        der = info.dump(force=True)
    try:
        return _hazmat("serialization").load_der_public_key(der)
    except Exception:  # cryptography raises many kinds; each means the same here
        raise FormatError("a key that cannot be used", field="certificate") from None


def verify(key: Any, signature: bytes, data: bytes, algorithm: Any, digest: str) -> bool:
    """Whether a signature is right.

    Parameters
    ----------
    key : public key
        By `public_key`.
    algorithm : asn1crypto SignedDigestAlgorithm
        As the structure states it.
    digest : str
        The hash where the algorithm names none.
    """
    asymmetric, hashes = _hazmat("asymmetric"), _hazmat("hashes")
    padding, ec = (
        need(f"{asymmetric.__name__}.padding", _WHY),
        need(f"{asymmetric.__name__}.ec", _WHY),
    )
    rsa = need(f"{asymmetric.__name__}.rsa", _WHY)
    wrong = need("cryptography.exceptions", _WHY)
    name = algorithm["algorithm"].native
    if name in _PLAIN:
        kind, digest = "ecdsa", _PLAIN[name]
        signature = _with_der(signature)
    else:
        kind = _known(algorithm, "signature_algo")
    mask = "sha1"
    with damaged("signature algorithm"):
        if kind == "rsassa_pss":
            digest = algorithm["parameters"]["hash_algorithm"]["algorithm"].native
            salt = algorithm["parameters"]["salt_length"].native
            mask = algorithm["parameters"]["mask_gen_algorithm"]["parameters"]["algorithm"].native
        elif name not in ("rsassa_pkcs1v15", "ecdsa", "rsa", *_PLAIN):
            digest = _known(algorithm, "hash_algo")
    kinds = {one: getattr(hashes, one.upper()) for one in
             ("sha1", "sha224", "sha256", "sha384", "sha512")}  # fmt: skip
    for one in (digest, mask):
        if one not in kinds:
            raise FormatError(f"the hash {one} is not supported", field="signature algorithm")
    try:
        if kind == "rsassa_pss" and isinstance(key, rsa.RSAPublicKey):
            pss = padding.PSS(mgf=padding.MGF1(kinds[mask]()), salt_length=salt)
            key.verify(signature, data, pss, kinds[digest]())
        elif kind == "rsassa_pkcs1v15" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), kinds[digest]())
        elif kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(kinds[digest]()))
        else:
            return False
    except (wrong.InvalidSignature, ValueError, OverflowError):
        return False  # OverflowError: a salt longer than any memory
    except wrong.UnsupportedAlgorithm:
        raise FormatError("cannot be checked here", field="signature algorithm") from None
    return True


def _known(algorithm: Any, what: str) -> str:
    try:
        return str(getattr(algorithm, what))
    except ValueError:
        name = algorithm["algorithm"].dotted
        why = f"the algorithm {name} is not supported"
        raise FormatError(why, field="signature algorithm") from None


def _with_der(plain: bytes) -> bytes:
    half = len(plain) // 2
    utils = need("cryptography.hazmat.primitives.asymmetric.utils", _WHY)
    r, s = int.from_bytes(plain[:half], "big"), int.from_bytes(plain[half:], "big")
    return bytes(utils.encode_dss_signature(r, s)) if plain and len(plain) == 2 * half else b""


def _name(explicit: Any) -> str:
    field = explicit["field_id"]
    if field["field_type"].native != "prime_field":
        raise FormatError("a curve without a name", field="certificate")
    point = explicit["base"].native
    given = (
        field["parameters"].native,
        _number(explicit["curve"]["a"].native),
        _number(explicit["curve"]["b"].native),
        explicit["order"].native,
    )
    for parameters, (name, generator) in _curves().items():
        if given == parameters and isinstance(point, bytes) and point in generator:
            return name
    raise FormatError("a curve without a name", field="certificate")


def _number(value: Any) -> int:
    return value if isinstance(value, int) else int.from_bytes(value, "big")


@cache
def _curves() -> dict[tuple[int, int, int, int], tuple[str, tuple[bytes, bytes]]]:
    made = {}
    for row in packaged("civid.cards", "curves"):
        point = bytes.fromhex(row["g"])
        half = len(point) // 2
        compressed = bytes([2 + point[-1] % 2]) + point[:half]
        key = tuple(int(row[name], 16) for name in ("p", "a", "b", "n"))
        made[key] = (row["oid"], (b"\x04" + point, compressed))
    return made  # type: ignore[return-value]
