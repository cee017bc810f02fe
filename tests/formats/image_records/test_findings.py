"""Each departure from a standard is named with its field and byte; tolerant reading goes on."""

from __future__ import annotations

import random
from dataclasses import replace
from types import ModuleType

import pytest

from civid.errors import CividError, FormatError
from civid.formats._fields import traced
from civid.formats.image_records import (
    ansi381_2004,
    decode,
    editions,
    iso19794_4_2005,
    iso19794_4_2011,
)
from civid.formats.image_records.iso19794_4_2011 import (
    Annotation,
    Annotations,
    Certification,
    Comment,
    ExtendedBlock,
    Quality,
    Record,
    Segment,
    Segmentation,
)
from civid.formats.image_records.representation import build_view

ISO_2005 = iso19794_4_2005.build(
    iso19794_4_2005.Record(
        (
            iso19794_4_2005.View(bytes(6), 7, 2, 3, count=2),
            iso19794_4_2005.View(bytes(6), 7, 2, 3, number=2, count=2),
        ),
        compression=0,
    )
)
ANSI_2004 = ansi381_2004.build(
    ansi381_2004.Record(
        (ansi381_2004.View(bytes(6), 7, 2, 3),), compression=0, product_owner=0x1234
    )
)
SEGMENTS = Segmentation(64, 1, 57, 64, 15, (Segment(7, 57, ((0, 0), (2, 3)), 64),))
VIEW_2011 = iso19794_4_2011.View(
    bytes(6),
    7,
    2,
    3,
    qualities=(Quality(57, 64, 15),),
    certifications=(Certification(64, 2),),
    blocks=(SEGMENTS, Annotations((Annotation(1, 1),)), Comment(b"hi"), ExtendedBlock(256, b"!")),
)
RECORD_2011 = iso19794_4_2011.Record((VIEW_2011,), certified=1)
ISO_2011 = iso19794_4_2011.build(RECORD_2011)
ALL = [(iso19794_4_2005, ISO_2005), (ansi381_2004, ANSI_2004), (iso19794_4_2011, ISO_2011)]

CHANGES_2005 = [
    (8, b"\1", "length of record", 8),
    (16, b"\0\x1d", "image acquisition level", 16),
    (19, b"\3", "scale units", 19),
    (24, b"\0\0", "x image resolution", 24),
    (26, b"\2\0", "y image resolution", 26),
    (28, b"\0", "pixel depth", 28),
    (29, b"\6", "compression algorithm", 29),
    (31, b"\1", "reserved bytes", 30),
    (36, b"\x0b", "finger position", 36),
    (37, b"\0", "count of views", 37),
    (38, b"\3", "view number", 38),
    (39, b"\xff", "image quality", 39),
    (40, b"\4", "impression type", 40),
    (41, b"\0\0", "horizontal line length", 41),
    (44, b"\4", "image data", 46),
    (45, b"\1", "reserved byte", 45),
    (56, b"\x0b", "finger position", 56),
]
CHANGES_2011 = [
    (8, b"\1", "length of record", 8),
    (14, b"\2", "certification flag", 14),
    (15, b"\2", "number of positions", 15),
    (22, b"\x0d", "capture date and time", 20),
    (29, b"\x15", "capture device technology ID", 29),
    (35, b"\x65", "quality block", 35),
    (44, b"\x0b", "finger position", 44),
    (45, b"\x10", "representation number", 45),
    (46, b"\0", "scale units", 46),
    (55, b"\x11", "pixel depth", 55),
    (56, b"\7", "compression algorithm", 56),
    (57, b"\x10", "impression type", 57),
    (61, b"\4", "image data", 66),
    (72, b"\0\0", "extended data", 72),
    (75, b"\xff", "extended data", 72),
    (75, b"\x19", "extended data", 76),
    (88, b"\1", "extended data", 76),
    (87, b"\x65", "extended data", 72),
]


def changed(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


@pytest.mark.parametrize(("at", "value", "field", "offset"), CHANGES_2005)
def test_2005(at: int, value: bytes, field: str, offset: int) -> None:
    is_wrong_at(iso19794_4_2005, changed(ISO_2005, at, value), field, offset)


@pytest.mark.parametrize(("at", "value", "field", "offset"), CHANGES_2011)
def test_2011(at: int, value: bytes, field: str, offset: int) -> None:
    is_wrong_at(iso19794_4_2011, changed(ISO_2011, at, value), field, offset)


@pytest.mark.parametrize(
    ("at", "value", "field", "offset"),
    [(14, b"\0\0", "CBEFF product owner", 14), (20, b"\0\x23", "image acquisition level", 20)],
)
def test_2004(at: int, value: bytes, field: str, offset: int) -> None:
    is_wrong_at(ansi381_2004, changed(ANSI_2004, at, value), field, offset)


def is_wrong_at(module: ModuleType, data: bytes, field: str, offset: int) -> None:
    """Strict: an error there, unless another comes before; tolerant: a warning there."""
    with pytest.raises(FormatError) as caught:
        module.parse(data, strict=True)
    assert str(caught.value).startswith(module.NAME)
    record = module.parse(data)
    found = [(one.field.removeprefix(f"{module.NAME} "), one.offset) for one in record.warnings]
    assert (field, offset) in found
    if module.validate(record):
        with pytest.raises(FormatError):
            module.build(record)


def test_what_is_unknown_in_an_extension_is_kept_and_written_back() -> None:
    view = replace(VIEW_2011, blocks=(*VIEW_2011.blocks, ExtendedBlock(0xABCD, b"\1\2\3")))
    data = iso19794_4_2011.build(replace(RECORD_2011, views=(view,)))
    assert iso19794_4_2011.parse(data, strict=True).views[0].blocks[-1] == (0xABCD, b"\1\2\3")
    loose = changed(data, 16, (len(data) - 16 + 3).to_bytes(4, "big")) + b"\1\2\3"
    record = iso19794_4_2011.parse(changed(loose, 8, len(loose).to_bytes(4, "big")))
    assert record.views[0].rest == b"\1\2\3"
    assert record.views[0].blocks == view.blocks


def test_a_segmentation_out_of_its_form_is_kept_as_it_is() -> None:
    record = iso19794_4_2011.parse(changed(ISO_2011, 88, b"\1"))  # one point instead of two
    block = record.views[0].blocks[0]
    assert isinstance(block, ExtendedBlock)
    assert block == (1, changed(ISO_2011, 88, b"\1")[76:98])


def test_the_2004_and_2005_editions_name_each_other() -> None:
    with pytest.raises(FormatError, match="looks like ANSI/INCITS 381-2004"):
        iso19794_4_2005.parse(ANSI_2004, strict=True)
    with pytest.raises(FormatError, match="looks like ISO/IEC 19794-4:2005"):
        ansi381_2004.parse(ISO_2005, strict=True)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"FAC\x00010\0", r"this is ISO/IEC 19794-5 \(a face image\)"),
        (b"IIR\x00020\0", r"this is ISO/IEC 19794-6 \(an iris image\)"),
        (b"\xff\xa0\xff\xa8", "this is a WSQ image"),
        (b"FIR\x00025\0", "this is ANSI/INCITS 381-2009, whose layout is not public"),
        (b"FIR\x00999\0", "this is a finger image record, of an unknown edition"),
        (b"\1\2\3", "should be b'FIR"),
    ],
)
def test_another_record_is_named(head: bytes, said: str) -> None:
    for parse in (editions.parse, *(module.parse for module, _ in ALL)):
        with pytest.raises(FormatError, match=said) as caught:
            parse(head + bytes(60))
        assert caught.value.offset == 0


def test_another_type_is_named() -> None:
    for parse in (editions.parse, *(module.parse for module, _ in ALL)):
        with pytest.raises(FormatError, match="bytes, not NoneType"):
            parse(None)  # type: ignore[arg-type]
    for module, _ in ALL:
        with pytest.raises(FormatError, match="Record is wanted, not str"):
            module.build("FIR")
    with pytest.raises(FormatError, match="not str"):
        decode("FIR")  # type: ignore[arg-type]


@pytest.mark.parametrize(("module", "data"), ALL, ids=lambda value: getattr(value, "NAME", ""))
def test_every_cut_and_change_is_a_typed_error_or_a_result(module: ModuleType, data: bytes) -> None:
    rng = random.Random(1)
    for size in range(len(data)):
        attempt(module, data[:size])
    for _ in range(2000):
        raw = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(raw))
            raw[at : at + rng.randint(0, 2)] = rng.randbytes(rng.randint(0, 3))
        attempt(module, bytes(raw))


def attempt(module: ModuleType, data: bytes) -> None:
    for strict in (False, True):
        try:
            record = module.parse(data, strict=strict)
            for index in range(len(record.views)):
                decode(record, index, strict=strict)
            again = module.build(record)
        except CividError:
            continue
        assert module.parse(again) == record


def test_more_representations_than_can_be_are_not_walked() -> None:
    with pytest.raises(FormatError, match="at most 672"):
        iso19794_4_2011.parse(changed(ISO_2011, 12, b"\xff\xff"))


def test_fields_are_traced_with_their_sections() -> None:
    with traced() as fields:
        iso19794_4_2011.parse(ISO_2011)
    found = {(one.path, one.name): (one.offset, one.value) for one in fields}
    here = ("representation 0",)
    assert found[here, "finger position"] == (44, 7)
    assert found[here, "image data"] == (66, bytes(6))
    assert found[(*here, "block 0"), "segmentation quality"] == (80, 57)
    assert found[(*here, "block 2"), "comment"][1] == b"hi"
    assert sum(one.size for one in fields) == len(ISO_2011)
    with traced() as fields:
        iso19794_4_2005.parse(ISO_2005)
    assert [one.offset for one in fields if one.name == "image data"] == [46, 66]
    assert [one.path for one in fields if one.name == "image data"] == [("view 0",), ("view 1",)]
    assert sum(one.size for one in fields) == len(ISO_2005)


def test_a_record_full_of_faults_says_each_once_a_view() -> None:
    view = replace(
        VIEW_2011,
        qualities=(Quality(101),) * 255,
        blocks=(ExtendedBlock(0, b""),) * 64,
        certifications=(),
    )
    body = build_view(view, 0)
    data = iso19794_4_2011.MAGIC + (16 + 9 * len(body)).to_bytes(4, "big") + b"\0\x09\0\1"
    record = iso19794_4_2011.parse(data + body * 9)
    for index in range(9):
        said = [one.field for one in record.warnings if one.view == index]
        assert len(said) == len(set(said))
    assert len(record.views[0].blocks) == 64
    assert len(record.warnings) < 40


def test_images_of_a_finger_have_numbers_of_their_own() -> None:
    other = replace(VIEW_2011, number=1)
    for views in ((VIEW_2011, other), (replace(other, position=8), VIEW_2011)):
        assert iso19794_4_2011.validate(Record((*views,), certified=1)) == []
    (found,) = iso19794_4_2011.validate(Record((VIEW_2011, VIEW_2011), certified=1))
    assert (found.field, found.view) == ("representation number", 1)
    unknown = replace(VIEW_2011, position=0)
    assert iso19794_4_2011.validate(Record((unknown, unknown), certified=1)) == []
