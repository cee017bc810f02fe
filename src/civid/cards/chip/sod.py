"""EF.SOD: the signed hashes of the data groups (Doc 9303-10 section 4.6.2), CMS of RFC 5652.

Needs ``civid[cards]`` (asn1crypto; cryptography to sign).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from civid.cards.chip._asn1 import HASHES, LDS_SECURITY_OBJECT, asn1, damaged, security_object
from civid.cards.chip.files import DG_TAGS, SOD_TAG
from civid.cards.chip.tlv import build as build_tlv
from civid.cards.chip.tlv import check_nesting, unwrap
from civid.errors import FieldError, FormatError


@dataclass(frozen=True, slots=True)
class SecurityObject:
    """What EF.SOD states; believe it only after `civid.cards.chip.passive.authenticate`.

    Attributes
    ----------
    hash_algorithm : str
        ``sha256`` and the like.
    hashes : mapping of int to bytes
        Data group number -> hash of the whole file, tag and length included.
    certificates : tuple of bytes
        DER certificates of signers.
    signed_at : datetime or None
        The signed signing time, if there is one.
    """

    hash_algorithm: str
    hashes: Mapping[int, bytes]
    certificates: tuple[bytes, ...] = field(default=(), repr=False)
    signed_at: datetime | None = None
    lds_version: str | None = None
    unicode_version: str | None = None


class Signer(Protocol):
    """Whoever signs security objects: a document signer with its certificate."""

    @property
    def certificate(self) -> bytes:
        """The DER certificate."""

    @property
    def signature_algorithm(self) -> Mapping[str, object]:
        """The ASN.1 signature algorithm, as asn1crypto writes it."""

    def sign(self, data: bytes) -> bytes:
        """A signature with SHA-256 over the data."""


def parse(data: bytes) -> SecurityObject:
    """Read EF.SOD without believing it.

    Raises
    ------
    FormatError
        Not such a file, damaged, or with hashes that cannot be.
    UnavailableError
        asn1crypto is not installed.
    """
    signed = signed_data(data)
    with damaged("EF.SOD"):
        content = lds_content(signed)
        stated = security_object().load(content, strict=True)
        name = stated["hash_algorithm"]["algorithm"].native
        if name not in HASHES:
            raise FormatError("an unknown hash algorithm", field="EF.SOD")
        size, hashes = hashlib.new(name).digest_size, dict[int, bytes]()
        for one in stated["hashes"]:
            number, value = one["number"].native, one["value"].native
            if number not in DG_TAGS or number in hashes or len(value) != size:
                raise FormatError("a hash of no data group, or of a wrong size", field="EF.SOD")
            hashes[number] = value
        info = stated["version_info"].native
        return SecurityObject(
            name,
            hashes,
            tuple(one.chosen.dump() for one in signed["certificates"] or ()),
            signing_time(signed),
            info["lds_version"] if info else None,
            info["unicode_version"] if info else None,
        )


def build(
    groups: Mapping[int, bytes], signer: Signer, *, signed_at: datetime | None = None
) -> bytes:
    """Write EF.SOD over these files, hashed and signed with SHA-256.

    Parameters
    ----------
    groups : mapping of int to bytes
        Data group number -> the whole file.
    signer : Signer
        For example `civid.cards.chip.authority.SpecimenSigner`.
    signed_at : datetime, optional
        The signing time; default now. Must have a time zone.
    """
    cms = asn1("cms")
    if signed_at is not None and signed_at.tzinfo is None:
        raise FieldError("signed_at", "needs a time zone")
    if not groups or not set(groups) <= set(DG_TAGS):
        raise FormatError("data groups are 1 to 16", field="EF.SOD")
    hashes = [
        {"number": number, "value": hashlib.sha256(data).digest()}
        for number, data in sorted(groups.items())
    ]
    content = security_object()(
        {"version": 0, "hash_algorithm": {"algorithm": "sha256"}, "hashes": hashes}
    ).dump()
    when = (signed_at or datetime.now(UTC)).replace(microsecond=0)
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": [LDS_SECURITY_OBJECT]},
            {"type": "signing_time", "values": [cms.Time({"utc_time": when})]},
            {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
        ]
    )
    certificate = asn1("x509").Certificate.load(signer.certificate)
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": LDS_SECURITY_OBJECT, "content": content},
            "certificates": [certificate],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": {
                        "issuer_and_serial_number": {
                            "issuer": certificate.issuer,
                            "serial_number": certificate.serial_number,
                        }
                    },
                    "digest_algorithm": {"algorithm": "sha256"},
                    "signed_attrs": attributes,
                    "signature_algorithm": signer.signature_algorithm,
                    "signature": signer.sign(attributes.dump()),
                }
            ],
        }
    )
    info = cms.ContentInfo({"content_type": "signed_data", "content": signed})
    return build_tlv(SOD_TAG, info.dump())


def signed_data(data: bytes) -> Any:
    """The CMS structure inside EF.SOD, as asn1crypto reads it."""
    value = unwrap(data, SOD_TAG, "EF.SOD").value
    check_nesting(value, "EF.SOD")
    with damaged("EF.SOD"):
        info = asn1("cms").ContentInfo.load(value, strict=True)
        if info["content_type"].native != "signed_data":
            raise FormatError("is not signed data", field="EF.SOD")
        signed = info["content"]
        kind = signed["encap_content_info"]["content_type"]
        if kind.dotted != LDS_SECURITY_OBJECT:
            raise FormatError("signs something else than data groups", field="EF.SOD")
        if len(signed["signer_infos"]) != 1:
            raise FormatError("should have one signer", field="EF.SOD")
        return signed


def lds_content(signed: Any) -> bytes:
    """The bytes that the digest is over."""
    content = signed["encap_content_info"]["content"].native
    if not isinstance(content, bytes):
        raise FormatError("has no content", field="EF.SOD")
    return content


def signing_time(signed: Any) -> datetime | None:
    """The signed signing time."""
    for attribute in signed["signer_infos"][0]["signed_attrs"] or ():
        if attribute["type"].native == "signing_time":
            value = attribute["values"][0].native
            return value if isinstance(value, datetime) else None
    return None
