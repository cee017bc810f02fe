"""DG1, DG2, DG3 and DG13: bytes by hand, round trips, lies."""

from __future__ import annotations

import contextlib
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.cards import mrz
from civid.cards.chip import cbeff, dg1, dg2, dg3, dg13, face, finger, tlv
from civid.cards.chip.dg13 import Dg13Record
from civid.cards.chip.face import FaceImage, FeaturePoint
from civid.cards.chip.finger import FingerImageRecord, FingerView
from civid.errors import CividError, FormatError
from civid.people.sex import Sex
from civid.position import Position

JPEG = b"\xff\xd8\xff\xe0 not a real picture \xff\xd9"


def test_dg1_holds_the_zone(zone: tuple[str, ...]) -> None:
    record = mrz.parse(zone)
    data = dg1.build(record)
    assert data.hex().startswith("615d5f1f5a4944564e4d")
    assert data[5:] == "".join(zone).encode()
    assert dg1.parse(data) == record


def test_dg1_with_wrong_digits_is_refused_or_told(zone: tuple[str, ...]) -> None:
    data = dg1.build(mrz.parse(zone)).replace(b"0103059F", b"0103058F")
    with pytest.raises(FormatError, match="check digit"):
        dg1.parse(data)
    assert "birth" in dg1.parse(data, strict=False).failed_checks


def test_dg1_outside_ascii_is_refused() -> None:
    with pytest.raises(FormatError, match="ASCII"):
        dg1.parse(tlv.build(0x61, tlv.build(0x5F1F, "Nguyễn".encode())))


# --- DG2


def portrait() -> FaceImage:
    """A portrait with every field set."""
    return FaceImage(
        JPEG, 480, 640, face.JPEG, 1, 2, 1, 3, 5, 7, b"\x01\x02\x03", b"\x04\x05\x06",
        (FeaturePoint(1, 0xC1, 200, 210), FeaturePoint(1, 0xC2, 280, 210)), 1, 2, 7, 80,
    )  # fmt: skip


def test_dg2_comes_back() -> None:
    assert dg2.parse(dg2.build(portrait())) == (portrait(),)


def test_the_face_record_stands_byte_by_byte() -> None:
    data = face.build((FaceImage(b"JPG", 2, 3),))
    assert data[:8] == b"FAC\x00010\x00"
    assert data[8:14].hex() == "000000310001"  # 49 bytes, 1 face
    assert data[14:20].hex() == "000000230000"  # block of 35 bytes, no points
    assert data[34:46].hex() == "010000020003010200000000"
    assert data[46:] == b"JPG"


def test_the_header_says_face_in_19794_5() -> None:
    (block,) = cbeff.read_blocks(dg2.build(portrait()), 0x75, "DG2")
    assert (block.kind, block.format_owner, block.format_type) == (2, 0x0101, 0x0008)
    assert (block.subtype, block.version, block.extras) == (None, 0x0101, ())


def test_other_header_elements_are_kept() -> None:
    block = cbeff.BiometricBlock(b"x", 2, 8, extras=((0x83, b"20240701120000"), (0x86, b"\1\2")))
    assert cbeff.read_blocks(cbeff.write_blocks(0x75, (block,)), 0x75, "DG2") == (block,)


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, b"FIR"), (8, b"\xff"), (11, b"\x00"), (12, b"\x00\x00"), (12, b"\x00\x09"), (14, b"\xff"),
     (17, b"\x01"), (18, b"\xff\xff"), (35, b"\x05")],
)  # fmt: skip
def test_a_face_record_that_lies_is_refused(place: int, value: bytes) -> None:
    data = bytearray(face.build((FaceImage(JPEG, 2, 3),)))
    data[place : place + len(value)] = value
    with pytest.raises(FormatError):
        face.parse(bytes(data))


def test_another_format_in_dg2_is_refused() -> None:
    block = cbeff.BiometricBlock(b"x", 2, 0x2A)
    with pytest.raises(FormatError, match="another format"):
        dg2.parse(cbeff.write_blocks(0x75, (block,)))


def test_the_number_of_blocks_has_to_be_true() -> None:
    data = dg2.build(portrait())
    place = data.index(b"\x02\x01\x01")
    with pytest.raises(FormatError, match="2 blocks are announced, 1"):
        dg2.parse(data[: place + 2] + b"\x02" + data[place + 3 :])


# --- DG3


def record(position: Position = Position.RIGHT_INDEX) -> FingerImageRecord:
    """One finger."""
    return FingerImageRecord((FingerView(b"WSQ data", position, 252, 427, 80),), finger.WSQ)


def test_dg3_comes_back() -> None:
    both = (record(), record(Position.LEFT_INDEX))
    assert dg3.parse(dg3.build(both)) == both


def test_the_finger_record_stands_byte_by_byte() -> None:
    data = finger.build(record())
    assert data[:8] == b"FIR\x00010\x00"
    assert data[8:32].hex() == "0000000000360000001f010101f401f401f401f408020000"
    assert data[32:46].hex() == "00000016020101500000fc01ab00"
    assert data[46:] == b"WSQ data"


@pytest.mark.parametrize(
    ("position", "subtype"),
    [(Position.RIGHT_INDEX, 0x09), (Position.LEFT_THUMB, 0x06), (Position.RIGHT_THUMB, 0x05),
     (Position.LEFT_LITTLE, 0x16)],
)  # fmt: skip
def test_the_envelope_names_the_finger(position: Position, subtype: int) -> None:
    (block,) = cbeff.read_blocks(dg3.build((record(position),)), 0x63, "DG3")
    assert (block.kind, block.format_type, block.subtype) == (8, 7, subtype)


def test_an_envelope_of_another_finger_is_refused() -> None:
    block = cbeff.BiometricBlock(finger.build(record()), 8, 7, subtype=0x06)
    with pytest.raises(FormatError, match="another finger"):
        dg3.parse(cbeff.write_blocks(0x63, (block,)))


def test_an_empty_dg3_differs_from_the_next_one() -> None:
    first, second = dg3.build(()), dg3.build(())
    assert dg3.parse(first) == ()
    assert first != second
    assert len(first) == len(second)


def test_pixels_per_centimetre_become_inches() -> None:
    data = bytearray(finger.build(record()))
    data[19] = 2
    data[20:28] = (197).to_bytes(2, "big") * 4
    assert finger.parse(bytes(data)).resolution_ppi == 500


@pytest.mark.parametrize(
    ("place", "value"),
    [(3, 1), (13, 0), (18, 0), (18, 21), (19, 3), (29, 6), (35, 13), (35, 255), (36, 11)],
)
def test_a_finger_record_that_lies_is_refused(place: int, value: int) -> None:
    data = bytearray(finger.build(record()))
    data[place] = value
    with pytest.raises(FormatError):
        finger.parse(bytes(data))


def test_bytes_behind_the_last_image_are_refused() -> None:
    longer = face.build((FaceImage(JPEG, 2, 3),)) + b"\0"
    with pytest.raises(FormatError, match="follow"):
        face.parse(longer[:8] + len(longer).to_bytes(4, "big") + longer[12:])
    longer = finger.build(record()) + b"\0"
    with pytest.raises(FormatError, match="follow"):
        finger.parse(longer[:8] + len(longer).to_bytes(6, "big") + longer[14:])


@given(st.integers(0, 400), st.integers(0, 255))
def test_no_changed_byte_crashes(place: int, value: int) -> None:
    for build, parse in (
        (lambda: dg2.build(portrait()), dg2.parse),
        (lambda: dg3.build((record(),)), dg3.parse),
    ):
        data = bytearray(build())
        data[place % len(data)] = value
        with contextlib.suppress(CividError):
            parse(bytes(data))
        with contextlib.suppress(CividError):
            parse(bytes(data[: place % len(data)]))


# --- DG13

FULL = Dg13Record(
    "046301123456", "Nguyễn Thị An", "05/03/2001", "Nữ", "Việt Nam", "Kinh", "Không",
    "Hương Thủy, Thừa Thiên Huế", "Tổ 3, Vĩnh Ninh", "Nốt ruồi", "10/06/2021", "05/03/2026",
    "Nguyễn Văn Bình", "Trần Thị Cúc", "Lê Văn Dũng", "191234567", "0123456789ABCDEF",
)  # fmt: skip


def test_dg13_comes_back() -> None:
    again = dg13.parse(dg13.build(FULL))
    assert again == FULL
    assert (again.birth, again.issued, again.expires_on) == (
        date(2001, 3, 5), date(2021, 6, 10), date(2026, 3, 5),
    )  # fmt: skip
    assert again.sex is Sex.FEMALE
    assert [one.code for one in again.warnings] == ["card_code.meaning"]


def test_dg13_is_written_as_public_readers_expect() -> None:
    data = dg13.build(FULL).hex()
    assert "3011020101130c" + b"046301123456".hex() in data  # printable string
    assert "300f020103130a" + b"05/03/2001".hex() in data
    name = "Nguyễn Thị An".encode()
    assert f"020102{0x0C:02x}{len(name):02x}{name.hex()}" in data  # UTF-8
    father, mother = "Nguyễn Văn Bình".encode(), "Trần Thị Cúc".encode()
    assert f"02010d30{len(father) + 2:02x}0c{len(father):02x}{father.hex()}30" in data
    assert data.index(father.hex()) < data.index(mother.hex())
    assert "02010e30" in data  # the spouse stands one deeper
    assert "300e02010f1309" + b"191234567".hex() in data
    assert "3015020110" + "1310" + b"0123456789ABCDEF".hex() in data


def test_no_expiry_is_a_text() -> None:
    again = dg13.parse(dg13.build(replace(FULL, expiry_text="Không thời hạn")))
    assert again.no_expiry
    assert again.expires_on is None
    assert "expiry.form" not in [one.code for one in again.warnings]


def test_one_sequence_around_all_and_other_strings_are_read() -> None:
    inside = tlv.unwrap(dg13.build(FULL), 0x6D, "DG13").value
    assert dg13.parse(tlv.build(0x6D, tlv.build(0x30, inside))) == FULL
    bmp = tlv.build(0x30, b"\x02\x01\x02", tlv.build(0x1E, "Nguyễn".encode("utf-16-be")))
    assert dg13.parse(tlv.build(0x6D, bmp)).full_name == "Nguyễn"
    both = tlv.build(0x30, tlv.build(0x0C, b"A"), tlv.build(0x0C, b"B"))
    parents = dg13.parse(tlv.build(0x6D, tlv.build(0x30, b"\x02\x01\x0d", both)))
    assert (parents.father, parents.mother) == ("A", "B")


def test_a_field_without_value_is_not_a_missing_field() -> None:
    empty = dg13.parse(bytes.fromhex("6d05300302010e"))
    assert (empty.spouse, empty.old_number) == ("", None)
    assert dg13.build(empty).hex() == "6d05300302010e"


def test_unknown_numbers_are_kept_and_told() -> None:
    data = tlv.build(0x6D, tlv.build(0x30, b"\x02\x01\x11", tlv.build(0x0C, b"new")))
    found = dg13.parse(data)
    assert found.extras == ((17, b"\x02\x01\x11\x0c\x03new"),)
    assert [one.code for one in found.warnings] == ["extras.unknown"]
    assert dg13.build(found) == data


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("6d020500", "something else"), ("6d023000", "without a number"),
        ("6d0430020c00", "without a number"), ("6d0a30030201013003020101", "twice"),
        ("6d083006020101020101", "no text"), ("6d08300602010c0c01ff", "UTF-8"),
        ("6d0b3009020101 0c0141 0c0142", "several"),
        ("6d0e300c02010d 0c0141 0c0142 0c0143", "two parents"),
    ],
)  # fmt: skip
def test_dg13_that_lies_is_refused(data: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        dg13.parse(bytes.fromhex(data))


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(FormatError):
        dg13.build(Dg13Record(full_name="\ud800"))
    with pytest.raises(FormatError):
        dg13.build(Dg13Record(full_name="a" * 5000))
    with pytest.raises(FormatError, match="twice"):
        dg13.build(Dg13Record(extras=((3, b""),)))


def test_the_record_does_not_show_the_person() -> None:
    assert repr(FULL) == "Dg13Record()"


_VALUE = st.none() | st.text(st.characters(codec="utf-8"), max_size=60).map(
    lambda text: unicodedata.normalize("NFC", text)
)


@given(st.lists(_VALUE, min_size=15, max_size=15), st.tuples(_VALUE, _VALUE))
def test_dg13_round_trip(values: list[str | None], parents: tuple[str | None, str | None]) -> None:
    father, mother = parents
    if (father is None) != (mother is None):
        father, mother = father or "", mother or ""
    made = Dg13Record(*values[:12], father, mother, *values[12:])  # type: ignore[call-arg]
    again = dg13.parse(dg13.build(made))
    assert again == made
    assert isinstance(again.warnings, tuple)
