"""The patron header of PIV cards, byte by byte after NIST SP 800-76."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FormatError
from civid.formats.cbeff import piv

TIME = bytes((20, 26, 11, 29, 8, 30, 0)) + b"Z"
FILE = (
    bytes.fromhex("03 0d 00000004 0003 001b 0201")
    + TIME * 3
    + bytes.fromhex("000008 80 50")
    + b"civid\0\0\0\0\0\0\0\0\0\0\0\0\0"
    + bytes(range(25))
    + bytes(4)
    + b"FMR\0"
    + b"CMS"
)
RECORD = piv.Record(
    b"FMR\0", piv.MINUTIAE, quality=80, signature=b"CMS", created=TIME, valid_from=TIME,
    valid_to=TIME, creator=b"civid".ljust(18, b"\0"), fasc_n=bytes(range(25)),
)  # fmt: skip


def test_bytes_by_hand() -> None:
    assert len(FILE) == piv.SIZE + 7
    assert piv.sniff(FILE)
    assert piv.parse(FILE, strict=True) == RECORD
    assert piv.build(RECORD) == FILE
    assert piv.members(RECORD) == (("finger minutiae, ANSI/INCITS 378", b"FMR\0"),)
    assert piv.members(replace(RECORD, security=piv.ENCRYPTED)) == ()


@pytest.mark.parametrize(
    ("at", "value", "field"),
    [
        (0, 1, "patron header version"),
        (1, 0, "SBH security options"),
        (9, 0, "BDB format owner"),
        (10, 9, "BDB format type"),
        (38, 2, "biometric type"),
        (39, 0x20, "biometric data type"),
        (40, 101, "biometric data quality"),
        (84, 1, "reserved field"),
    ],
)
def test_departures_have_their_place(at: int, value: int, field: str) -> None:
    data = FILE[:at] + bytes([value]) + FILE[at + 1 :]
    record = piv.parse(data)
    found = {one.field: one.offset for one in record.warnings}
    assert field in found
    assert found[field] is not None
    assert 0 <= at - (found[field] or 0) < 4
    with pytest.raises(FormatError):
        piv.parse(data, strict=True)
    with pytest.raises(FormatError):
        piv.build(record)


def test_cut_and_more() -> None:
    for end in range(len(FILE)):
        with pytest.raises(FormatError):
            piv.parse(FILE[:end])
    (found,) = piv.parse(FILE + b"x").warnings
    assert found.field == "SB length"


@pytest.mark.parametrize("data", [b"", FILE[:11], b"\x03\x0d" + bytes(10), None, 5])
def test_sniff_of_others(data: bytes) -> None:
    assert not piv.sniff(data)


@pytest.mark.parametrize(
    "change",
    [{"created": b""}, {"creator": b"x"}, {"fasc_n": b""}, {"signature": bytes(65536)},
     {"quality": -3}, {"data_type": 0x180}],
)  # fmt: skip
def test_what_cannot_be_built(change: dict) -> None:
    with pytest.raises(FormatError):
        piv.build(replace(RECORD, **change))


@given(
    st.binary(max_size=99), st.sampled_from([0x0201, 0x0401, 0x0501]), st.integers(-2, 100),
    st.binary(max_size=99), st.binary(min_size=8, max_size=8), st.sampled_from([0x0D, 0x0F]),
)  # fmt: skip
def test_round_trip(
    data: bytes, kind: int, quality: int, signature: bytes, time: bytes, security: int
) -> None:
    record = piv.Record(
        data, kind, quality=quality, signature=signature, created=time, security=security
    )
    assert piv.parse(piv.build(record), strict=True) == record
    assert piv.sniff(piv.build(record))
