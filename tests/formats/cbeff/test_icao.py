"""Biometric templates of ISO/IEC 7816-11: bytes by hand, round trips, lies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FormatError
from civid.formats._fields import traced
from civid.formats.cbeff import icao
from civid.formats.cbeff.tlv import elements
from civid.position import Position

#: One right index finger, written by hand after Doc 9303-10 table 41.
HEADER = bytes.fromhex("a112800201018101088201098702010188020007")
TEMPLATE = bytes.fromhex("7f601b") + HEADER + bytes.fromhex("5f2e04") + b"FIR\0"
GROUP = bytes.fromhex("7f6121020101") + TEMPLATE
FILE = bytes.fromhex("6324") + GROUP


def test_bytes_by_hand() -> None:
    record = icao.parse(FILE, strict=True)
    block = icao.Block(b"FIR\0", 8, 7, 0x0101, 0x09, 0x0101)
    assert record == icao.Record((block,), icao.DG3)
    assert icao.position(block) is Position.RIGHT_INDEX
    assert icao.build(record) == FILE
    assert icao.parse(GROUP, strict=True) == icao.Record((block,))
    assert icao.members(record) == (("a finger image, ISO/IEC 19794-4", b"FIR\0"),)


def test_an_empty_group_has_a_filler() -> None:
    record = icao.Record((), icao.DG3, b"\1\2\3")
    data = icao.build(record)
    assert data.hex() == "630b7f61080201005303010203"
    assert icao.parse(data, strict=True) == record


@pytest.mark.parametrize(
    "data", [FILE, GROUP, b"\x75\x82\x01\x00" + GROUP, b"\x76\x81\x80" + GROUP]
)
def test_sniff(data: bytes) -> None:
    assert icao.sniff(data)


@pytest.mark.parametrize(
    "data", [b"", b"\x63", b"\x63\x25\x30\x00", b"FIR\0", b"\x7f\x60", None, 7]
)
def test_sniff_of_others(data: bytes) -> None:
    assert not icao.sniff(data)
    with pytest.raises(FormatError):
        icao.parse(data)


def test_cut_anywhere() -> None:
    for end in range(len(FILE)):
        with pytest.raises(FormatError):
            icao.parse(FILE[:end])


@given(st.integers(0, len(FILE) - 1), st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused(at: int, value: int) -> None:
    try:
        record = icao.parse(FILE[:at] + bytes([value]) + FILE[at + 1 :])
        icao.members(record)
        icao.build(record)
    except FormatError:
        pass


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (FILE + b"\0\0", "follow its end"),
        (b"\x63\x26" + GROUP + b"\x04\0", "follow its end"),
        (FILE.replace(b"\x02\x01\x01", b"\x02\x01\x02", 1), "2 blocks are announced, 1"),
        (b"\x7f\x61\x05\x02\x01\x00\x04\x00", "does not belong"),
    ],
)
def test_departures_are_warnings_or_errors(data: bytes, message: str) -> None:
    (found,) = icao.parse(data).warnings
    assert message in found.message
    assert found.offset is not None
    with pytest.raises(FormatError, match=message):
        icao.parse(data, strict=True)


@pytest.mark.parametrize(
    "data",
    [
        b"\x7f\x61\x80",
        b"\x7f\x61\x85\0\0\0\0\0",
        b"\x7f\xe1\x81\x81\x01\x00",
        b"\x7f\x61\x03\x02\x01\x11",
        b"\x7f\x61\x07\x02\x05\0\0\0\0\1",
        b"\x7f\x61\x06\x02\x01\x01\x7f\x60\x00",
        b"\x7f\x61\x08\x02\x01\x01\x7f\x60\x02\xa1\x00",
        b"\x63\x03\x02\x01\x00",
        b"\x7f\x61\x82\x9c\x43" + b"\x02\x01\x00" + b"\x04\x00" * 20_000,
    ],
)
def test_what_cannot_be_read(data: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        icao.parse(data)
    assert caught.value.field == "biometric information group"


@pytest.mark.parametrize(
    "record",
    [
        icao.Record((icao.Block(b"", -1, 0),)),
        icao.Record((icao.Block(b"", 0, 1 << 16),)),
        icao.Record((icao.Block(b"", 0, 0, subtype=256),)),
        icao.Record((icao.Block(b"", 0, 0, tag=4),)),
        icao.Record((icao.Block(b"", 0, 0, extras=((1 << 24, b""),)),)),
        icao.Record((icao.Block(b"", 0, 0),) * 17),
        icao.Record((), 0x30),
    ],
)
def test_what_cannot_be_built(record: icao.Record) -> None:
    with pytest.raises(FormatError):
        icao.build(record)


blocks = st.builds(
    icao.Block,
    st.binary(max_size=300),
    st.integers(0, 0xFFFFFF),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFF),
    st.none() | st.integers(0, 255),
    st.integers(0, 0xFFFF),
    st.lists(st.tuples(st.sampled_from([0x83, 0x85, 0x86]), st.binary(max_size=9)), max_size=2).map(
        tuple
    ),
    st.sampled_from([0x5F2E, 0x7F2E]),
)


@given(
    st.lists(blocks, max_size=3).map(tuple),
    st.sampled_from([None, icao.DG2, icao.DG3, icao.DG4]),
    st.none() | st.binary(max_size=20),
)
def test_round_trip(made: tuple, tag: int | None, filler: bytes | None) -> None:
    record = icao.Record(made, tag, filler)
    assert icao.parse(icao.build(record), strict=True) == record


def test_fields_are_traced() -> None:
    with traced() as fields:
        icao.parse(FILE)
    found = {one.name: (one.offset, one.size, one.value) for one in fields}
    assert found["format type"] == (len(FILE) - 9, 2, 7)
    assert found["biometric data block"] == (len(FILE) - 4, 4, b"FIR\0")


def test_tags_and_lengths_of_every_size() -> None:
    data = b"\x81\x01\x61\x5f\x2e\x81\x01\x62\x7f\x81\x01\x82\x00\x01\x63"
    assert [(one.tag, one.value, one.offset) for one in elements(data, "x")] == [
        (0x81, b"a", 0),
        (0x5F2E, b"b", 3),
        (0x7F8101, b"c", 8),
    ]
