"""Passive authentication (xác thực thụ động, Doc 9303-11 section 5.1).

It proves who issued the data and that it was not changed, not that the chip is the original one.
Needs ``civid[cards]`` (asn1crypto and cryptography).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from civid.cards.chip import sod as sod_file
from civid.cards.chip._asn1 import HASHES, LDS_SECURITY_OBJECT, damaged
from civid.cards.chip.trust.chain import Trust, follow
from civid.cards.chip.trust.signatures import public_key, verify
from civid.errors import FieldError, FormatError


@dataclass(frozen=True, slots=True)
class Failure:
    """One reason not to believe a chip: a stable code and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Authentication:
    """What passive authentication found.

    Attributes
    ----------
    hashes : mapping of int to str
        Data group -> ``ok``, ``differs``, ``not signed`` or ``not given``.
    failures : tuple of Failure
        Why the chip is not to be believed.
    notes : tuple of Failure
        What is weak or could not be checked, without being wrong.
    signer : str
        Subject of the document signer.
    signed_at : datetime or None
        The signed signing time.
    """

    hashes: Mapping[int, str]
    failures: tuple[Failure, ...]
    notes: tuple[Failure, ...] = ()
    signer: str = ""
    signed_at: datetime | None = None
    security_object: sod_file.SecurityObject | None = field(default=None, repr=False)

    @property
    def genuine(self) -> bool:
        """Whether every given file is signed, unchanged, and by a signer that is trusted."""
        return not self.failures


def authenticate(
    sod: bytes,
    groups: Mapping[int, bytes],
    trusted: Iterable[bytes],
    *,
    at: datetime | None = None,
    revoked: Iterable[bytes] = (),
) -> Authentication:
    """Check the hashes, the signature and the chain to a trusted authority.

    Parameters
    ----------
    sod : bytes
        EF.SOD as read.
    groups : mapping of int to bytes
        Data group number -> the file exactly as read.
    trusted : iterable of bytes
        Certificates of country signing authorities (CSCA): files as they are published, each with
        one certificate or many, see `civid.cards.chip.trust.bundle`. Where they come from decides
        everything: take them from a master list or from the authority itself.
    at : datetime, optional
        When certificates have to have been valid, if the signature states no time; default now.
    revoked : iterable of bytes
        Files of revocation lists of these authorities, DER or PEM.

    Returns
    -------
    Authentication
        Never raises because a chip is false; that is a failure in the result.

    Raises
    ------
    FormatError
        EF.SOD or a certificate cannot be read at all.
    FieldError
        ``at`` has no time zone.
    UnavailableError
        An optional package is not installed.
    """
    if at is not None and at.tzinfo is None:
        raise FieldError("at", "needs a time zone")
    stated = sod_file.parse(sod)
    signed = sod_file.signed_data(sod)
    hashes, failures = _hashes(stated, groups)
    notes = list[Failure]()
    if stated.hash_algorithm == "sha1":
        notes.append(Failure("weak-hash", "the hashes are SHA-1"))
    certificate = _signer(signed)
    name = ""
    if certificate is None:
        failures.append(Failure("no-signer", "the certificate of the signer is not in EF.SOD"))
    else:
        with damaged("certificate"):
            name = str(certificate.subject.human_friendly)
        failures += _signature(signed, certificate, notes)
        if stated.signed_at is None:
            notes.append(Failure("no-time", "the signature states no time"))
        when = stated.signed_at or at or datetime.now(UTC)
        trust = Trust(tuple(trusted), tuple(revoked), when)
        failures += [Failure(code, message) for code, message in follow(certificate, trust)]
    return Authentication(hashes, tuple(failures), tuple(notes), name, stated.signed_at, stated)


def _hashes(
    stated: sod_file.SecurityObject, groups: Mapping[int, bytes]
) -> tuple[dict[int, str], list[Failure]]:
    states, failures = dict[int, str](), list[Failure]()
    if not groups:
        failures.append(Failure("nothing", "no data group was given"))
    for number in sorted({*stated.hashes, *groups}):
        if number not in groups:
            states[number] = "not given"
        elif number not in stated.hashes:
            states[number] = "not signed"
            failures.append(Failure("not-signed", f"DG{number} is not among the signed files"))
        elif hashlib.new(stated.hash_algorithm, groups[number]).digest() == stated.hashes[number]:
            states[number] = "ok"
        else:
            states[number] = "differs"
            failures.append(Failure("hash", f"DG{number} was changed after it was signed"))
    return states, failures


def _signer(signed: Any) -> Any:
    with damaged("EF.SOD"):
        identity = signed["signer_infos"][0]["sid"]
        bag = [one.chosen for one in signed["certificates"] or ()]
        if identity.name == "subject_key_identifier":
            wanted = identity.chosen.native
            return next((one for one in bag if one.key_identifier == wanted), None)
        number, issuer = identity.chosen["serial_number"].native, identity.chosen["issuer"]
        same = [one for one in bag if one.serial_number == number]
        exact = next((one for one in same if one.issuer == issuer), None)
        # Some countries write the issuer's name here in another encoding or order. The number
        # finds the certificate as well; the signature and the chain decide about it.
        return exact or (same[0] if len(same) == 1 else None)


def _signature(signed: Any, certificate: Any, notes: list[Failure]) -> list[Failure]:
    with damaged("EF.SOD"):
        info = signed["signer_infos"][0]
        digest = info["digest_algorithm"]["algorithm"].native
        content = sod_file.lds_content(signed)
        attributes = info["signed_attrs"]
        signature, algorithm = info["signature"].native, info["signature_algorithm"]
        if digest not in HASHES:
            raise FormatError("an unknown hash algorithm", field="EF.SOD")
        if digest == "sha1":
            notes.append(Failure("weak-signature", "the signature is over SHA-1"))
        found = dict[str, Any]()
        for one in attributes or ():
            found[one["type"].native] = one["values"][0]
        covered = attributes.untag().dump() if attributes else content
        if attributes:
            stated = found["message_digest"].native if "message_digest" in found else b""
            kind = found["content_type"].dotted if "content_type" in found else ""
            if stated != hashlib.new(digest, content).digest():
                return [Failure("content", "the list of hashes was changed after signing")]
            if kind != LDS_SECURITY_OBJECT:
                return [Failure("content", "the signature is over another kind of content")]
    if verify(public_key(certificate), signature, covered, algorithm, digest):
        return []
    return [Failure("signature", "the signature is wrong")]
