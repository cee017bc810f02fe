"""Files of certificates and revocation lists: one or many, in every form that authorities publish.

DER; PEM, one block or hundreds; base64 of DER without PEM's lines; PKCS#7 (``.p7b``, ``.p7c``);
master lists of ICAO and of countries (``.ml``, Doc 9303-12 section 9). A master list is signed:
whoever trusts the file has looked at that signature already, here it is not checked.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from functools import cache
from typing import Any

from civid.cards.chip._asn1 import asn1, damaged
from civid.cards.chip.tlv import check_nesting
from civid.errors import FormatError

#: icao-mrtd-security-cscaMasterList (Doc 9303-12).
MASTER_LIST = "2.23.136.1.1.2"
_CERTIFICATES = ("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE")
_BAGS = ("PKCS7", "CMS", "PKCS #7 SIGNED DATA")
_LISTS = ("X509 CRL",)
_SIGNED_DATA = "1.2.840.113549.1.7.2"


def certificates(data: bytes) -> tuple[bytes, ...]:
    """Every certificate in a file, DER, in its order.

    Raises
    ------
    FormatError
        None is in it; says what is, where that can be told.
    UnavailableError
        asn1crypto is not installed.
    """
    found = list[bytes]()
    for label, der in _blocks(data, "certificate"):
        if label in _CERTIFICATES or (not label and _bag(der) is None):
            found.append(der)
        elif label in _BAGS or not label:
            found += _in_bag(der)
        elif label not in _LISTS:
            raise FormatError(f"should be a certificate, is: {label}", field="certificate")
    if not found:
        raise FormatError("no certificate is in it", field="certificate")
    return tuple(found)


def revocation_lists(data: bytes) -> tuple[bytes, ...]:
    """Every revocation list in a file, DER."""
    found = [der for label, der in _blocks(data, "revocation list") if not label or label in _LISTS]
    if not found:
        raise FormatError("no revocation list is in it", field="revocation list")
    return tuple(found)


def _blocks(data: bytes, field: str) -> Iterator[tuple[str, bytes]]:
    """Label and DER of every block; no label where there is only DER."""
    data = bytes(data)
    if data[:1] == b"\x30":
        yield "", data
        return
    if data.lstrip().lower().startswith((b"dn:", b"version:", b"# ")) and b"-----" not in data:
        why = "is a directory export (LDIF): take the master list or the certificates out of it"
        raise FormatError(why, field=field)
    if b"-----BEGIN" not in data:
        yield "", _base64(data, field)
        return
    with damaged(field):
        for label, _, der in asn1("pem").unarmor(data, multiple=True):
            yield str(label), der


def _base64(data: bytes, field: str) -> bytes:
    try:
        der = base64.b64decode(b"".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        der = b""
    if der[:1] != b"\x30":
        raise FormatError("is neither DER, PEM nor base64 of DER", field=field)
    return der


def _bag(der: bytes) -> Any:
    """The signed data of PKCS#7 or of a master list; None where the DER is something else."""
    check_nesting(der, "certificate")
    with damaged("certificate"):
        outer = asn1("core").Sequence.load(der)
        if not len(outer):
            return None
        first = outer[0]
        if not hasattr(first, "dotted") or first.dotted != _SIGNED_DATA:
            return None
        return asn1("cms").ContentInfo.load(der)["content"]


def _in_bag(der: bytes) -> list[bytes]:
    bag = _bag(der)
    if bag is None:
        raise FormatError("is no signed data", field="certificate")
    with damaged("master list"):
        inside = bag["encap_content_info"]
        if inside["content_type"].dotted == MASTER_LIST:
            # The certificates around it sign the list; those that are trusted are in it.
            content = inside["content"].native
            if not isinstance(content, bytes):
                raise FormatError("has no content", field="master list")
            check_nesting(content, "master list")
            listed = _master_list().load(content, strict=True)["certificates"]
            return [one.dump() for one in listed]
        return [one.chosen.dump() for one in bag["certificates"] or ()]


@cache
def _master_list() -> Any:
    """The ASN.1 class of CscaMasterList."""
    core, x509 = asn1("core"), asn1("x509")
    sequence, set_of = core.Sequence, core.SetOf

    class Certificates(set_of):  # type: ignore[misc, valid-type]
        _child_spec = x509.Certificate

    class CscaMasterList(sequence):  # type: ignore[misc, valid-type]
        _fields = [  # noqa: RUF012
            ("version", core.Integer),
            ("certificates", Certificates),
        ]

    return CscaMasterList
