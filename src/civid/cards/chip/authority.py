"""Specimen authorities: keys and certificates made on the spot, for tests, training, specimens.

They belong to the country UT (Utopia), so that nothing they sign can pass for a real card. Needs
``civid[cards]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from civid.errors import FormatError
from civid.extras import need

_WHY = "making specimen keys"
_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_FOR = timedelta(days=15 * 365)
#: Kinds of keys: curve names of cryptography, or RSA with either padding.
KINDS = ("SECP256R1", "SECP384R1", "BrainpoolP256R1", "BrainpoolP384R1", "RSA", "RSA-PSS")


@dataclass(frozen=True, slots=True)
class SpecimenSigner:
    """A document signer. Follows `civid.cards.chip.sod.Signer`."""

    certificate: bytes
    key: Any = field(repr=False)
    kind: str

    @property
    def signature_algorithm(self) -> Mapping[str, object]:
        """The ASN.1 signature algorithm."""
        if self.kind == "RSA-PSS":
            digest = {"algorithm": "sha256"}
            mask = {"algorithm": "mgf1", "parameters": digest}
            return {
                "algorithm": "rsassa_pss",
                "parameters": {
                    "hash_algorithm": digest,
                    "mask_gen_algorithm": mask,
                    "salt_length": 32,
                },
            }
        return {"algorithm": "sha256_rsa" if self.kind == "RSA" else "sha256_ecdsa"}

    def sign(self, data: bytes) -> bytes:
        """A signature over the data, with SHA-256."""
        digest = need("cryptography.hazmat.primitives.hashes", _WHY).SHA256()
        if not self.kind.startswith("RSA"):
            ec = need("cryptography.hazmat.primitives.asymmetric.ec", _WHY)
            return bytes(self.key.sign(data, ec.ECDSA(digest)))
        padding = need("cryptography.hazmat.primitives.asymmetric.padding", _WHY)
        how = padding.PKCS1v15()
        if self.kind == "RSA-PSS":
            how = padding.PSS(mgf=padding.MGF1(digest), salt_length=32)
        return bytes(self.key.sign(data, how, digest))


@dataclass(frozen=True, slots=True)
class SpecimenAuthority:
    """A country signing authority (CSCA) of Utopia."""

    certificate: bytes
    key: Any = field(repr=False)
    kind: str
    number: int = 1

    @classmethod
    def make(cls, kind: str = "SECP256R1", number: int = 1) -> SpecimenAuthority:
        """A new authority with a new key; ``kind`` is one of `KINDS`."""
        key = _key(kind)
        x509 = need("cryptography.x509", _WHY)
        name = _name(f"SPECIMEN CSCA {number}")
        usage = _usage(sign_certificates=True)
        made = _certificate(name, name, key.public_key(), 1).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        made = made.add_extension(usage, critical=True)
        return cls(_signed(made, key, kind), key, kind, number)

    def signer(
        self, serial: int = 2, *, since: datetime = _SINCE, lasts: timedelta = _FOR
    ) -> SpecimenSigner:
        """A document signer with a new key of the same kind."""
        key = _key(self.kind)
        issuer = _name(f"SPECIMEN CSCA {self.number}")
        subject = _name(f"SPECIMEN document signer {serial}")
        made = _certificate(subject, issuer, key.public_key(), serial, since, lasts)
        made = made.add_extension(_usage(sign_certificates=False), critical=True)
        x509 = need("cryptography.x509", _WHY)
        made = made.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
            critical=False,
        )
        return SpecimenSigner(_signed(made, self.key, self.kind), key, self.kind)

    def revoke(self, *serials: int) -> bytes:
        """A revocation list, DER."""
        x509 = need("cryptography.x509", _WHY)
        made = x509.CertificateRevocationListBuilder()
        made = made.issuer_name(_name(f"SPECIMEN CSCA {self.number}"))
        made = made.last_update(_SINCE).next_update(_SINCE + _FOR)
        for serial in serials:
            one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(_SINCE)
            made = made.add_revoked_certificate(one.build())
        return _signed(made, self.key, self.kind)


def _key(kind: str) -> Any:
    if kind not in KINDS:
        raise FormatError(f"should be one of {', '.join(KINDS)}", field="kind of key")
    if kind.startswith("RSA"):
        rsa = need("cryptography.hazmat.primitives.asymmetric.rsa", _WHY)
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    ec = need("cryptography.hazmat.primitives.asymmetric.ec", _WHY)
    return ec.generate_private_key(getattr(ec, kind)())


def _name(common: str) -> Any:
    x509 = need("cryptography.x509", _WHY)
    names = need("cryptography.x509.oid", _WHY).NameOID
    return x509.Name(
        [
            x509.NameAttribute(names.COUNTRY_NAME, "UT"),
            x509.NameAttribute(names.ORGANIZATION_NAME, "civid SPECIMEN"),
            x509.NameAttribute(names.COMMON_NAME, common),
        ]
    )


def _usage(*, sign_certificates: bool) -> Any:
    return need("cryptography.x509", _WHY).KeyUsage(
        digital_signature=not sign_certificates,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _certificate(
    subject: Any,
    issuer: Any,
    key: Any,
    serial: int,
    since: datetime = _SINCE,
    lasts: timedelta = _FOR,
) -> Any:
    x509 = need("cryptography.x509", _WHY)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    made = made.public_key(key).serial_number(serial)
    made = made.not_valid_before(since).not_valid_after(since + lasts)
    return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _signed(builder: Any, key: Any, kind: str) -> bytes:
    hashes = need("cryptography.hazmat.primitives.hashes", _WHY)
    serialization = need("cryptography.hazmat.primitives.serialization", _WHY)
    padding = need("cryptography.hazmat.primitives.asymmetric.padding", _WHY)
    digest, extra = hashes.SHA256(), {}
    if kind == "RSA-PSS":
        extra["rsa_padding"] = padding.PSS(mgf=padding.MGF1(digest), salt_length=32)
    return bytes(builder.sign(key, digest, **extra).public_bytes(serialization.Encoding.DER))
