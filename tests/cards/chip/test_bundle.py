"""All of the many: bundles of certificates; what is not supported is not called damaged."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

import pytest
from asn1crypto import algos, cms, core, pem, x509

from civid.cards.chip.authority import SpecimenAuthority
from civid.cards.chip.passive import authenticate
from civid.cards.chip.sod import build
from civid.cards.chip.trust.bundle import MASTER_LIST, certificates, revocation_lists
from civid.cards.chip.trust.signatures import public_key, verify
from civid.errors import FormatError

GROUPS = {1: b"\x61\x01a", 2: b"\x75\x01b"}
authority = cache(SpecimenAuthority.make)


@cache
def chip() -> bytes:
    return build(GROUPS, authority("SECP256R1", 3).signer())


def three() -> list[bytes]:
    return [authority("SECP256R1", number).certificate for number in (1, 2, 3)]


def as_pem(ders: list[bytes], label: str = "CERTIFICATE") -> bytes:
    return b"".join(b"friendlyName: x\n" + pem.armor(label, one) for one in ders)


def pkcs7(ders: list[bytes], kind: str = "data", content: bytes | None = None) -> bytes:
    inside: dict[str, Any] = {"content_type": kind}
    if content is not None:
        inside["content"] = content
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [],
            "encap_content_info": inside,
            "certificates": [x509.Certificate.load(one) for one in ders],
            "signer_infos": [],
        }
    )
    made = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return bytes(made)


def master_list(ders: list[bytes]) -> bytes:
    listed = b"".join(ders)
    inner = core.Integer(0).dump() + _tlv(0x31, listed)
    return pkcs7([authority("SECP256R1", 9).certificate], MASTER_LIST, _tlv(0x30, inner))


def _tlv(tag: int, value: bytes) -> bytes:
    size = len(value)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + value


def forms() -> dict[str, bytes]:
    """Three authorities, the right one last, in every form of file."""
    return {
        "pem": as_pem(three()),
        "pkcs7": pkcs7(three()),
        "pkcs7 pem": as_pem([pkcs7(three())], "PKCS7"),
        "pkcs7 base64": base64.encodebytes(pkcs7(three())),
        "master list": master_list(three()),
        "master list base64": base64.b64encode(master_list(three())),
    }


@pytest.mark.parametrize("form", list(forms()))
def test_every_certificate_of_a_bundle_counts(form: str) -> None:
    data = forms()[form]
    assert sorted(certificates(data)) == sorted(three())
    assert authenticate(chip(), GROUPS, [data]).failures == ()


def test_one_certificate_in_every_form() -> None:
    one = three()[2]
    for data in (one, as_pem([one]), base64.b64encode(one), base64.encodebytes(one)):
        assert certificates(data) == (one,)


def test_a_certificate_that_cannot_be_read_does_not_hide_the_others() -> None:
    broken = b"\x30\x03\x02\x01\x01"
    assert authenticate(chip(), GROUPS, [as_pem([broken, *three()])]).genuine
    with pytest.raises(FormatError):
        authenticate(chip(), GROUPS, [as_pem([broken])])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (as_pem([b"\x30\x00"], "PRIVATE KEY"), "PRIVATE KEY"),
        (b"dn: c=VN,dc=data\nuserCertificate;binary:: MIIB\n", "LDIF"),
        (b"not at all", "neither DER, PEM nor base64"),
        (as_pem([authority("SECP256R1", 1).revoke(1)], "X509 CRL"), "no certificate"),
    ],
)
def test_what_is_no_certificate_is_named(data: bytes, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        certificates(data)


def test_every_revocation_list_of_a_bundle_counts() -> None:
    lists = [authority("SECP256R1", 1).revoke(7), authority("SECP256R1", 3).revoke(2)]
    data = as_pem(lists, "X509 CRL")
    assert list(revocation_lists(data)) == lists
    found = authenticate(chip(), GROUPS, three(), revoked=[data])
    assert [one.code for one in found.failures] == ["revoked"]


def _plain(signature: bytes) -> bytes:
    r, s = (one.native for one in core.SequenceOf.load(signature, spec=core.Integer))
    return bytes(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def test_plain_ecdsa_is_understood() -> None:
    signer = authority("SECP256R1", 3).signer()
    key = public_key(x509.Certificate.load(signer.certificate))
    signature = _plain(signer.sign(b"data"))
    plain = algos.SignedDigestAlgorithm({"algorithm": "0.4.0.127.0.7.1.1.4.1.3"})
    assert verify(key, signature, b"data", plain, "")
    assert not verify(key, signature, b"other", plain, "")
    assert not verify(key, signature[:-1], b"data", plain, "")
    assert not verify(key, b"", b"data", plain, "")


def test_an_algorithm_that_is_not_known_is_not_called_damaged() -> None:
    key = public_key(x509.Certificate.load(three()[0]))
    for name in ("1.2.3.4", "sha3_256_ecdsa"):
        with pytest.raises(FormatError, match="not supported"):
            verify(key, b"", b"", algos.SignedDigestAlgorithm({"algorithm": name}), "")


@pytest.mark.parametrize("salt", [2**70, 2**31, -1])
def test_a_salt_longer_than_memory_is_a_wrong_signature(salt: int) -> None:
    key = public_key(x509.Certificate.load(authority("RSA-PSS", 1).certificate))
    digest = {"algorithm": "sha256"}
    parameters = {
        "hash_algorithm": digest,
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": digest},
        "salt_length": salt,
    }
    made = algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})
    assert not verify(key, b"\x01" * 256, b"data", made, "")
