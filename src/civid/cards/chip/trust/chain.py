"""From the document signer to a trusted authority: names, keys, uses, times, revocation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civid.cards.chip._asn1 import asn1, damaged
from civid.cards.chip.tlv import check_nesting
from civid.cards.chip.trust.bundle import certificates, revocation_lists
from civid.cards.chip.trust.signatures import public_key, verify
from civid.errors import FormatError


@dataclass(frozen=True, slots=True)
class Trust:
    """What is believed: files of certificates, of revocation lists, and when."""

    authorities: tuple[bytes, ...]
    revocations: tuple[bytes, ...]
    at: datetime


def load(data: bytes) -> Any:
    """A DER certificate."""
    with damaged("certificate"):
        check_nesting(data, "certificate")
        return asn1("x509").Certificate.load(data, strict=True)


def follow(signer: Any, trust: Trust) -> list[tuple[str, str]]:
    """What is wrong with the chain, as code and sentence; empty when it holds."""
    with damaged("certificate"):
        authority = _authority(signer, trust)
        if authority is None:
            return [("chain", "no trusted authority has signed the signer's certificate")]
        wrong = list[tuple[str, str]]()
        for one, what in ((signer, "signer"), (authority, "authority")):
            times = one["tbs_certificate"]["validity"]
            if not times["not_before"].native <= trust.at <= times["not_after"].native:
                wrong.append((f"{what}-validity", f"the {what}'s certificate was not valid then"))
        usage = signer.key_usage_value
        if usage is None or "digital_signature" not in usage.native:
            wrong.append(("signer-usage", "the signer's certificate is not for signing"))
        return wrong + _revoked(signer, authority, trust)


def _authority(signer: Any, trust: Trust) -> Any:
    # A master list has hundreds: one of them that cannot be read or used says nothing about the
    # others, and is told only when none of them has signed.
    problem: FormatError | None = None
    for file in trust.authorities:
        for data in certificates(file):
            try:
                if _has_signed(load(data), signer):
                    return load(data)
            except FormatError as error:
                problem = problem or error
    if problem is not None:
        raise problem
    return None


def _has_signed(one: Any, signer: Any) -> bool:
    with damaged("certificate"):
        wanted, known = signer.authority_key_identifier, one.key_identifier
        if one.subject != signer.issuer or (wanted and known and wanted != known):
            return False
        basic, usage = one.basic_constraints_value, one.key_usage_value
        if basic is None or not basic["ca"].native:
            return False
        if usage is not None and "key_cert_sign" not in usage.native:
            return False
        signature, signed = signer["signature_value"].native, signer["tbs_certificate"].dump()
        return verify(public_key(one), signature, signed, signer["signature_algorithm"], "")


def _revoked(signer: Any, authority: Any, trust: Trust) -> list[tuple[str, str]]:
    for data in (one for file in trust.revocations for one in revocation_lists(file)):
        with damaged("revocation list"):
            check_nesting(data, "revocation list")
            listed = asn1("crl").CertificateList.load(data, strict=True)
            if listed.issuer != authority.subject:
                continue
            right = verify(
                public_key(authority),
                listed["signature"].native,
                listed["tbs_cert_list"].dump(),
                listed["signature_algorithm"],
                "",
            )
            if not right:
                return [("revocation-list", "a revocation list has a wrong signature")]
            for one in listed["tbs_cert_list"]["revoked_certificates"]:
                if one["user_certificate"].native == signer.serial_number:
                    return [("revoked", "the signer's certificate was revoked")]
    return []
