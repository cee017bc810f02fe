"""Passive authentication, on keys that are made here: every way to be false is found."""

from __future__ import annotations

import contextlib
import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.cards.chip import tlv
from civid.cards.chip.authority import KINDS, SpecimenAuthority, SpecimenSigner
from civid.cards.chip.passive import authenticate
from civid.cards.chip.sod import build, parse
from civid.errors import CividError, FieldError, FormatError, UnavailableError
from civid.people.tables import packaged

pytest.importorskip("cryptography")
pytest.importorskip("asn1crypto")

GROUPS = {1: b"\x61\x01\x00", 2: b"\x75\x01\x01", 13: b"\x6d\x01\x02"}
NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)


_make = cache(SpecimenAuthority.make)  # one authority for all tests: keys take time


def authority(kind: str = "SECP256R1", number: int = 1) -> SpecimenAuthority:
    """An authority, the same for the same words."""
    return _make(kind, number)


@cache
def _sod(kind: str) -> bytes:
    return build(GROUPS, authority(kind).signer(), signed_at=NOW)


def sod(kind: str = "SECP256R1") -> bytes:
    """A security object over the groups."""
    return _sod(kind)


def codes(data: bytes, groups: dict[int, bytes] | None = None, **named: object) -> list[str]:
    """Why it is not believed."""
    trusted = named.pop("trusted", [authority().certificate])
    found = authenticate(data, GROUPS if groups is None else groups, trusted, **named)  # type: ignore[arg-type]
    assert found.genuine == (not found.failures)
    return [one.code for one in found.failures]


@pytest.mark.parametrize("kind", KINDS)
def test_a_genuine_chip_is_believed(kind: str) -> None:
    found = authenticate(sod(kind), GROUPS, [authority(kind).certificate])
    assert found.failures == ()
    assert found.genuine
    assert found.hashes == {1: "ok", 2: "ok", 13: "ok"}
    assert "SPECIMEN" in found.signer
    assert found.signed_at == NOW
    assert found.security_object is not None
    assert found.security_object.hashes[1] == hashlib.sha256(GROUPS[1]).digest()


def test_a_group_that_is_not_read_is_no_failure_but_said() -> None:
    found = authenticate(sod(), {1: GROUPS[1]}, [authority().certificate])
    assert found.genuine
    assert found.hashes == {1: "ok", 2: "not given", 13: "not given"}


@pytest.mark.parametrize(
    ("groups", "wanted"),
    [
        ({**GROUPS, 1: b"\x61\x01\x07"}, ["hash"]),
        ({**GROUPS, 1: GROUPS[1] + b"\x00"}, ["hash"]),
        ({**GROUPS, 3: b"\x63\x00"}, ["not-signed"]),
        ({}, ["nothing"]),
    ],
)
def test_changed_files_are_found(groups: dict[int, bytes], wanted: list[str]) -> None:
    assert codes(sod(), groups) == wanted


@pytest.mark.parametrize("kind", ["SECP256R1", "RSA", "RSA-PSS"])
def test_changed_hashes_and_signatures_are_found(kind: str) -> None:
    trusted = [authority(kind).certificate]
    data = bytearray(sod(kind))
    place = data.index(hashlib.sha256(GROUPS[2]).digest())
    data[place] ^= 1
    assert codes(bytes(data), trusted=trusted) == ["hash", "content"]
    data = bytearray(sod(kind))
    data[-1] ^= 1
    assert codes(bytes(data), trusted=trusted) == ["signature"]


def test_a_swapped_list_of_hashes_with_its_digest_is_still_found() -> None:
    # Somebody changes a group, its hash and the message digest, but cannot sign.
    changed = {**GROUPS, 1: b"\x61\x01\x07"}
    other = build(changed, SpecimenSigner(authority().signer().certificate,
                                          authority(number=2).key, "SECP256R1"))  # fmt: skip
    assert codes(other, changed) == ["signature"]


def test_a_stranger_is_not_believed() -> None:
    assert codes(sod(), trusted=[]) == ["chain"]
    assert codes(sod(), trusted=[authority(number=2).certificate]) == ["chain"]
    # The same name, another key: the key identifiers differ, and the signature would.
    assert codes(sod(), trusted=[SpecimenAuthority.make(number=1).certificate]) == ["chain"]


def test_a_signer_does_not_vouch_for_itself() -> None:
    signer = authority().signer()
    assert codes(build(GROUPS, signer), trusted=[signer.certificate]) == ["chain"]


def forged(issuer: object, key: object) -> SpecimenSigner:
    """A signer whose certificate somebody else has signed, without a key identifier to tell."""
    from civid.cards.chip import authority as tools

    own = tools._key("SECP256R1")
    made = tools._certificate(tools._name("SPECIMEN forger"), issuer, own.public_key(), 2)
    made = made.add_extension(tools._usage(sign_certificates=False), critical=True)
    return SpecimenSigner(tools._signed(made, key, "SECP256R1"), own, "SECP256R1")


def test_a_certificate_that_the_authority_has_not_signed_is_not_believed() -> None:
    from civid.cards.chip import authority as tools

    name = tools._name("SPECIMEN CSCA 1")
    stranger = build(GROUPS, forged(name, authority(number=2).key), signed_at=NOW)
    assert codes(stranger) == ["chain"]
    known = build(GROUPS, forged(name, authority().key), signed_at=NOW)
    assert codes(known) == []  # the same certificate, signed by the right key


def test_a_document_signer_makes_no_document_signers() -> None:
    from civid.cards.chip import authority as tools

    signer = authority().signer()
    name = tools._name("SPECIMEN document signer 2")
    made = build(GROUPS, forged(name, signer.key), signed_at=NOW)
    assert codes(made, trusted=[signer.certificate, authority().certificate]) == ["chain"]


def test_a_signature_over_another_kind_of_content_does_not_count() -> None:
    oid = bytes.fromhex("0606678108010101")
    data = bytearray(sod())
    data[data.rindex(oid) + len(oid) - 1] ^= 2
    assert codes(bytes(data)) == ["content"]


def test_an_authority_does_not_sign_documents() -> None:
    one = authority()
    made = build(GROUPS, SpecimenSigner(one.certificate, one.key, one.kind), signed_at=NOW)
    assert "signer-usage" in codes(made)


def test_a_signer_out_of_date_is_not_believed() -> None:
    old = authority().signer(7, since=NOW - timedelta(days=900), lasts=timedelta(days=100))
    assert codes(build(GROUPS, old, signed_at=NOW)) == ["signer-validity"]
    assert codes(build(GROUPS, old, signed_at=NOW - timedelta(days=850))) == []


def test_times_need_a_zone() -> None:
    with pytest.raises(FieldError, match="time zone"):
        codes(sod(), at=datetime(2024, 7, 1))
    with pytest.raises(FieldError, match="time zone"):
        build(GROUPS, authority().signer(), signed_at=datetime(2024, 7, 1))


def test_a_revoked_signer_is_not_believed() -> None:
    lists = [authority(number=2).revoke(2), authority().revoke(5, 2)]
    assert codes(sod(), revoked=lists) == ["revoked"]
    assert codes(sod(), revoked=[authority().revoke(5)]) == []
    forged = bytearray(authority().revoke(5))
    forged[-1] ^= 1
    assert codes(sod(), revoked=[bytes(forged)]) == ["revocation-list"]


def test_explicit_curve_parameters_are_understood() -> None:
    signer = _explicit(authority("BrainpoolP256R1"), "brainpoolp256r1")
    made = build(GROUPS, signer, signed_at=NOW)
    assert codes(made, trusted=[authority("BrainpoolP256R1").certificate]) == []


def test_explicit_parameters_of_no_known_curve_are_refused() -> None:
    signer = _explicit(authority("BrainpoolP256R1"), "brainpoolp256r1", b=1)
    made = build(GROUPS, signer, signed_at=NOW)
    with pytest.raises(FormatError, match="curve without a name"):
        codes(made, trusted=[authority("BrainpoolP256R1").certificate])


def test_the_table_of_curves_is_right() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    for row in packaged("civid.cards", "curves"):
        kind = row["name"].replace("secp", "SECP").replace("brainpoolp", "BrainpoolP")
        curve = getattr(ec, kind.replace("r1", "R1"))()
        p, a, b, n = (int(row[name], 16) for name in ("p", "a", "b", "n"))
        x, y = int(row["g"][: len(row["g"]) // 2], 16), int(row["g"][len(row["g"]) // 2 :], 16)
        assert (y * y - x**3 - a * x - b) % p == 0
        base = ec.derive_private_key(1, curve).public_key().public_numbers()
        assert (base.x, base.y) == (x, y)
        last = ec.derive_private_key(n - 1, curve).public_key().public_numbers()
        assert (last.x, last.y) == (x, p - y)


def test_what_is_stated_is_read() -> None:
    stated = parse(sod())
    assert (stated.hash_algorithm, sorted(stated.hashes)) == ("sha256", [1, 2, 13])
    assert stated.signed_at == NOW
    assert len(stated.certificates) == 1


@pytest.mark.parametrize(
    "data", [b"", b"\x77\x00", b"\x77\x02\x30\x00", b"\x60\x00", b"\x77\x04\x30\x02\x05\x00"]
)
def test_what_is_no_security_object_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        parse(data)


def test_a_nested_bomb_is_refused_before_it_is_read() -> None:
    bomb = b""
    for _ in range(3000):
        bomb = tlv.build(0x30, bomb)
    with pytest.raises(FormatError, match="too deep"):
        parse(tlv.build(0x77, bomb))
    with pytest.raises(FormatError):
        codes(sod(), trusted=[bomb])


def test_indefinite_lengths_are_read() -> None:
    # As New Zealand writes them; CMS may be BER.
    value = tlv.unwrap(sod(), 0x77, "EF.SOD").value
    inside = tlv.unwrap(value, 0x30, "CMS").value
    loose = tlv.build(0x77, b"\x30\x80" + inside + b"\0\0")
    assert codes(loose) == []
    for broken in (b"\x30\x80" + inside, b"\x30\x80" * 3000, b"\x30\x80" + inside + b"\0"):
        with pytest.raises(FormatError):
            parse(tlv.build(0x77, broken))


def test_the_signer_is_found_by_its_number_if_its_issuer_is_written_otherwise() -> None:
    # As Malaysia writes it: another encoding of the same name.
    name = b"SPECIMEN CSCA 1"
    data = bytearray(sod())
    place = data.rindex(name)
    data[place : place + len(name)] = name.lower()[:-1] + b"X"
    assert codes(bytes(data)) == []


def test_a_signer_whose_certificate_is_not_there() -> None:
    data = bytearray(sod())
    place = data.rindex(b"\x02\x01\x02\x30")  # the serial number in the signer's identity
    data[place + 2] = 9
    assert codes(bytes(data)) == ["no-signer"]


def test_only_data_groups_can_be_signed() -> None:
    for groups in ({}, {17: b""}):
        with pytest.raises(FormatError):
            build(groups, authority().signer())


@given(st.integers(0, 2000), st.integers(0, 255), st.booleans())
def test_no_changed_byte_crashes_or_is_believed(place: int, value: int, cut: bool) -> None:
    data = bytearray(sod())
    place %= len(data)
    if data[place] == value:
        return
    if cut:
        del data[place:]
    else:
        data[place] = value
    with contextlib.suppress(CividError):
        found = authenticate(bytes(data), GROUPS, [authority().certificate])
        # What no signature covers may change: the certificate bag's order, the algorithm's name.
        if found.genuine:
            assert found.hashes == {1: "ok", 2: "ok", 13: "ok"}
            assert found.signed_at == NOW


def test_without_the_packages_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sod()
    monkeypatch.setitem(__import__("sys").modules, "asn1crypto.cms", None)
    with pytest.raises(UnavailableError, match=r"civid\[cards\]"):
        parse(data)


def _explicit(one: SpecimenAuthority, curve: str, **other: int) -> SpecimenSigner:
    """A signer whose certificate spells its curve out, signed again by the authority."""
    from asn1crypto import keys, x509

    signer = one.signer(9)
    certificate = x509.Certificate.load(signer.certificate)
    row = next(row for row in packaged("civid.cards", "curves") if row["name"] == curve)
    p, a, b, n = (int(row[name], 16) for name in ("p", "a", "b", "n"))
    size = (p.bit_length() + 7) // 8
    b = other.get("b", b)
    domain = keys.SpecifiedECDomain(
        {
            "version": "ecdpVer1",
            "field_id": {"field_type": "prime_field", "parameters": p},
            "curve": {"a": a.to_bytes(size, "big"), "b": b.to_bytes(size, "big")},
            "base": keys.ECPoint(b"\x04" + bytes.fromhex(row["g"])),
            "order": n,
            "cofactor": 1,
        }
    )
    body = certificate["tbs_certificate"].copy()
    body["subject_public_key_info"]["algorithm"]["parameters"] = keys.ECDomainParameters(
        name="specified", value=domain
    )
    raw = body.dump(force=True)
    made = x509.Certificate(
        {
            "tbs_certificate": body,
            "signature_algorithm": certificate["signature_algorithm"],
            "signature_value": SpecimenSigner(b"", one.key, one.kind).sign(raw),
        }
    )
    return SpecimenSigner(made.dump(), signer.key, one.kind)
