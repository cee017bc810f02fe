"""ISO/IEC 39794-4: bytes of other encoders, departures and where they are said to be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.formats.image_records.iso39794_4_records import (
    EVERY_BLOCK,
    EVERY_BLOCK_DER,
    SHORT,
    SHORT_DER,
)
from tests.formats.iso39794.ber_forms import indefinite, long_lengths

from civid.errors import FormatError
from civid.formats._fields import traced
from civid.formats.image_records import iso39794_4_2019 as fir
from civid.formats.image_records.iso39794_4_2019 import Coded, Record, RegistryId, Representation
from civid.formats.iso39794 import der

GOLDEN = [(EVERY_BLOCK, EVERY_BLOCK_DER), (SHORT, SHORT_DER)]
#: Elements of a later edition, as they may stand in a block.
NEW = (bytes.fromhex("be020500"), bytes.fromhex("9f2101ff"))


@pytest.mark.parametrize(("record", "data"), GOLDEN)
def test_what_another_encoder_wrote(record: Record, data: bytes) -> None:
    assert fir.sniff(data)
    assert fir.parse(data, strict=True) == record
    assert fir.build(record) == data
    assert not fir.validate(record)


def test_sample_of_iso(data: Path) -> None:
    path = data / "formats" / "iso39794" / "sample-39794-4-ed-1-v1.der"
    if not path.is_file():
        pytest.skip(f"no sample at {path}")
    content = path.read_bytes()
    record = fir.parse(content, strict=True)
    assert fir.build(record) == content
    (image,) = record.representations
    assert (image.position, image.impression, image.image_format) == (Coded(2), Coded(1), Coded(4))
    assert image.comments == ("ISO/IEC 39794-4 BDB encoding example", "Small finger image")
    assert image.qualities is not None
    assert [one.score for one in image.qualities] == [44, Coded(0)]
    assert image.sampling is not None
    assert image.sampling.per_inch == 254


def test_every_field_is_traced_where_it_stands() -> None:
    with traced() as fields:
        fir.parse(EVERY_BLOCK_DER)
    for one in fields:
        raw = EVERY_BLOCK_DER[one.offset : one.offset + one.size]
        if isinstance(one.value, bytes):
            assert raw == one.value
        elif isinstance(one.value, str):
            assert raw.decode() == one.value
        elif isinstance(one.value, bool):
            assert raw == (b"\xff" if one.value else b"\0")
        else:
            assert int.from_bytes(raw, "big", signed=True) == one.value
    places = {".".join((*one.path, one.name)): one.value for one in fields}
    assert len(places) == len(fields)
    segment = "representationBlocks[0].segmentationBlocks[0].segmentBlocks[0]"
    assert places[f"{segment}.enclosingCoordinatesBlock[1].x"] == 65535
    assert places["representationBlocks[0].pADDataBlock.captureDateTimeBlock.year"] == 2024


def test_what_a_later_edition_adds_is_kept_and_written_back() -> None:
    image = SHORT.representations[0]
    record = Record(
        (replace(image, position=Coded(7, True, NEW), extensions=NEW),),
        replace(SHORT.version, year=2031, extensions=NEW),
        extensions=NEW,
    )
    data = fir.build(record)
    assert data.count(b"".join(NEW)) == 4
    assert fir.parse(data, strict=True) == record
    other = fir.parse(indefinite(data))
    assert other == record  # kept in DER, whatever form it came in
    assert other.warnings


@pytest.mark.parametrize("form", [indefinite, long_lengths])
@pytest.mark.parametrize(("record", "data"), GOLDEN)
def test_ber_that_is_not_der(form: object, record: Record, data: bytes) -> None:
    other = form(data)  # type: ignore[operator]
    read = fir.parse(other)
    assert read == record
    assert read.warnings
    with pytest.raises(FormatError, match=r"DER|more bytes than"):
        fir.parse(other, strict=True)


def test_an_image_in_pieces() -> None:
    whole = bytes.fromhex("8302ffa0")
    pieces = bytes.fromhex("a38024800401ff00000401a00000")
    data = SHORT_DER.replace(whole, pieces)
    data = der.element(
        0x64, data[2:11], der.element(0xA1, der.element(0x30, data[15 : 15 + 15 + len(pieces)]))
    )
    record = fir.parse(data)
    assert record.representations[0].image == b"\xff\xa0"
    assert "in pieces" in str(record.warnings)


@pytest.mark.parametrize(
    ("around", "message"),
    [
        (lambda data: data + b"\0\0", "2 bytes follow it"),
        (lambda data: b"\x30" + data[1:], "plain SEQUENCE"),
        (lambda data: der.element(0x7F2E, der.element(0xA1, data)), "data block of a chip"),
        (lambda data: der.element(0xA1, data), "data block of a chip"),
        (lambda data: der.element(0x7F2E, data), "data block of a chip"),
    ],
)
def test_around_the_record(around: object, message: str) -> None:
    data = around(EVERY_BLOCK_DER)  # type: ignore[operator]
    record = fir.parse(data)
    assert record == EVERY_BLOCK
    assert message in str(record.warnings[0])
    with pytest.raises(FormatError, match=message):
        fir.parse(data, strict=True)


def changed(old: str, new: str) -> bytes:
    """The short record with bytes of it changed; the lengths around stay as they are."""
    before, after = bytes.fromhex(old), bytes.fromhex(new)
    assert len(before) == len(after)
    assert SHORT_DER.count(before) >= 1
    return SHORT_DER.replace(before, after, 1)


@pytest.mark.parametrize(
    ("old", "new", "field", "offset", "message"),
    [
        ("800103", "800102", "versionBlock.generation", 4, "3 to 65535"),
        ("810207e3", "81020001", "versionBlock.year", 7, "more bytes than it needs|2019"),
        ("800107", "80010b", "representationBlocks[0].position", 17, "none of the codes"),
        ("8302ffa0", "8302ffa1", "representationBlocks[0].imageData", 13, "begin as WSQ"),
    ],
)
def test_departures_are_warnings_or_errors(
    old: str, new: str, field: str, offset: int, message: str
) -> None:
    data = changed(old, new)
    with pytest.raises(FormatError, match=message) as caught:
        fir.parse(data, strict=True)
    assert caught.value.field == field
    record = fir.parse(data)
    assert record.warnings[0].field == field
    assert record.warnings[-1].offset == offset
    assert field in [one.field for one in fir.validate(record)]
    with pytest.raises(FormatError, match=message.rpartition("|")[2]):
        fir.build(record)


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ("64", "65", "record", "is no FingerImageDataBlock"),
        ("800103", "820103", "versionBlock.generation", "is missing"),
        ("a003800107", "a003820107", "representationBlocks[0].position", "unknown kind"),
        ("a003800107", "80038001 07", "representationBlocks[0].position", "a plain value"),
        ("a003800107", "a0030201 07", "representationBlocks[0].position", "unknown kind"),
        ("810207e3", "a10207e3", "record", "a length that cannot be"),
        ("3013a003", "3113a003", "representationBlocks[0]", "another type"),
        ("a203800101", "a4038001 01", "representationBlocks[0].captureDateTimeBlock", None),
    ],
)
def test_what_cannot_be_read(old: str, new: str, field: str, message: str | None) -> None:
    data = changed(old, new)
    if message is None:
        field, message = "representationBlocks[0].imageDataFormat", "is missing"
    with pytest.raises(FormatError, match=message) as caught:
        fir.parse(data)
    assert caught.value.field == field
    assert caught.value.offset is not None


def representation(*parts: str) -> bytes:
    """A record with one image: the four parts that have to be, and these."""
    always = "a003800107 a103800100 a203800101 8302ffa0"
    inside = bytes.fromhex(" ".join((always, *parts)))
    blocks = der.element(0xA1, der.element(0x30, inside))
    return der.element(0x64, bytes.fromhex("a00780010381 0207e3"), blocks)


@pytest.mark.parametrize(
    ("part", "field", "message"),
    [
        ("880105", "positionComputedByCaptureSystem", "true is FF"),
        ("89020007", "originalRotation", "more bytes than it needs"),
        ("8902 7fff", "originalRotation", "0 to 359"),
        ("8901ff", "originalRotation", "0 to 359"),
        ("a409 8002 07e8 810102 8201 1e", None, None),
        ("a40a 800207e8 810102 82011e", "captureDateTimeBlock.day", "no such day"),
        ("a407 800207e8 810100", "captureDateTimeBlock.month", "1 to 12"),
        ("a407 800207e8 870100", "captureDateTimeBlock.extension", "left out"),
        ("a407 800207e8 800100", "captureDateTimeBlock.year", "twice"),
        ("a60e 300c a006 800101 810101 a102 8000", None, None),
        ("af03 0c0161", "commentBlocks[0]", "another type"),
        ("af03 1a0107", "commentBlocks[0]", "not printable"),
        ("ad0c 300a a003 800101 a103 800163", "annotationBlocks[0].reason", "none of the codes"),
        ("a70603 0101 810100", None, None),
        ("a70a 800107 800108 810100 0500", None, None),
    ],
)
def test_departures_in_the_parts(part: str, field: str | None, message: str | None) -> None:
    data = representation(part)
    if field is None:
        with pytest.raises(FormatError):
            fir.parse(data, strict=True)
        return
    record = fir.parse(data)
    (found,) = record.warnings
    assert found.field == f"representationBlocks[0].{field}"
    assert message is not None
    assert message in found.message
    assert found.offset is not None
    with pytest.raises(FormatError, match=message):
        fir.parse(data, strict=True)


def test_a_comment_in_another_type_of_text() -> None:
    record = fir.parse(representation("af0b 0c03c3a920 0c01ff 160161"))
    assert record.representations[0].comments == ("\u00e9 ", "\xff", "a")
    messages = [f"{one.field[-3:]} {one.message}" for one in record.warnings]
    assert messages == [
        "[0] is of another type",
        "[0] has a character that is not printable ASCII",
        "[1] is of another type",
        "[1] has a character that is not printable ASCII",
        "[2] is of another type",
    ]


def test_out_of_order_and_known_twice_is_read() -> None:
    data = representation("890107", "880100", "a5 0a a008 8002 0101 81020001")
    record = fir.parse(data)
    assert [one.message for one in record.warnings] == [
        "stands out of its order",
        "a number in more bytes than it needs",
    ]
    image = record.representations[0]
    assert (image.original_rotation, image.position_computed) == (7, False)
    assert image.device is not None
    assert image.device.model == RegistryId(257, 1)


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"position": 2}, "position", "should be Coded"),
        ({"position": Coded(11)}, "position", "none of the codes"),
        ({"position": Coded(True)}, "position", "whole number"),
        ({"position": Coded(2, False, NEW)}, "position", "only in an extension block"),
        ({"position": Coded(2, True, (b"\x80\x01\x01",))}, "position.extension", "one element"),
        ({"image": "text"}, "imageData", "should be bytes"),
        ({"image": b"GIF8"}, "imageData", "does not begin as WSQ"),
        ({"lossily_compressed": 1}, "imageHasBeenLossilyCompressed", "truth value"),
        ({"original_rotation": 360}, "originalRotation", "0 to 359"),
        ({"comments": ("é",)}, "commentBlocks[0]", "not printable"),
        ({"comments": (b"a",)}, "commentBlocks[0]", "should be a text"),
        ({"comments": ["a"]}, "commentBlocks", "should be a tuple"),
        ({"device": RegistryId(1, 1)}, "captureDeviceBlock", "should be Device"),
        ({"extensions": (b"\x30\x80\0\0",)}, "extension", "in DER"),
        ({"extensions": (b"\x80\x01\x00",)}, "extension", "does not give"),
        ({"extensions": (b"",)}, "extension", "one element"),
        ({"extensions": (NEW[0] * 2,)}, "extension", "one element"),
        ({"extensions": ("a",)}, "extension", "one element"),
        ({"extensions": list(NEW)}, "extension", "tuple"),
    ],
)
def test_what_is_not_written(change: dict[str, object], field: str, message: str) -> None:
    image: Representation = replace(SHORT.representations[0], **change)  # type: ignore[arg-type]
    record = Record((image,))
    found = fir.validate(record)
    assert found[0].field == f"representationBlocks[0].{field}"
    assert message in found[0].message
    with pytest.raises(FormatError, match=message) as caught:
        fir.build(record)
    assert caught.value.field == found[0].field


@pytest.mark.parametrize(
    "data",
    [b"", b"d", b"d\x05abcde", b"e\x38" + SHORT_DER[2:], b"FIR\x00" * 8, "text", None, 5],
)
def test_sniff_never_raises(data: object) -> None:
    assert not fir.sniff(data)  # type: ignore[arg-type]


def test_nothing_of_a_person_in_the_text_of_a_record() -> None:
    text = repr(EVERY_BLOCK)
    for part in ("PNG", "2024", "vendor'", "a comment", "parameter=b"):
        assert part not in text
