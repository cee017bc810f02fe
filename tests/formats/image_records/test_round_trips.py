"""What is built is read back the same, byte by byte where the standards put it."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import given
from tests.formats.image_records import made

from civid.formats.image_records import (
    ansi381_2004,
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
    Segment,
    Segmentation,
)

MODULES = (iso19794_4_2005, iso19794_4_2011, ansi381_2004)


def comes_back(module: ModuleType, record: editions.Record) -> None:
    data = module.build(record)
    assert module.parse(data, strict=True) == record
    assert module.build(module.parse(data)) == data
    assert [one for one in MODULES if one.sniff(data)] == [module]
    assert editions.parse(data, strict=True) == record
    assert editions.name_of(record) == module.NAME


@given(made.older(ansi=False))
def test_iso_2005(record: iso19794_4_2005.Record) -> None:
    comes_back(iso19794_4_2005, record)


@given(made.older(ansi=True))
def test_ansi_2004(record: ansi381_2004.Record) -> None:
    comes_back(ansi381_2004, record)


@given(made.newer())
def test_iso_2011(record: iso19794_4_2011.Record) -> None:
    comes_back(iso19794_4_2011, record)


VIEW = iso19794_4_2005.View(b"\xff\xa0!", 7, 252, 427, number=2, count=3, quality=81, impression=1)
BLOCK = "00000011 07 03 02 51 01 00fc 01ab 00 ffa021"


def test_iso_2005_byte_by_byte() -> None:
    record = iso19794_4_2005.Record(
        (VIEW,), 2, (500, 499), (502, 501), depth=8, level=31, capture_device=0xBEEF
    )
    assert iso19794_4_2005.build(record) == bytes.fromhex(
        "46495200 30313000 000000000031 beef 001f 01 01 01f6 01f5 01f4 01f3 08 02 0000" + BLOCK
    )


def test_ansi_2004_byte_by_byte() -> None:
    record = ansi381_2004.Record(
        (VIEW,),
        scale_units=2,
        image_resolution=(197, 196),
        scan_resolution=(197, 197),
        capture_device=0xEEF,
        product_owner=0x1234,
        product_type=0x5678,
        compliance=8,
    )
    assert ansi381_2004.build(record) == bytes.fromhex(
        "46495200 30313000 000000000035 1234 5678 8eef 001e 01 02 00c5 00c5 00c5 00c4 08 02 0000"
        + BLOCK
    )


def test_iso_2011_byte_by_byte() -> None:
    blocks = (
        Segmentation(64, 1, 57, 65, 15, (Segment(7, 56, ((0, 0), (280, 448)), 64),)),
        Annotations((Annotation(1, 1), Annotation(10, 2))),
        Comment(b"hi", 4),
        ExtendedBlock(0x0101, b"!"),
    )
    view = iso19794_4_2011.View(
        b"\xff\xa0!",
        7,
        280,
        448,
        compression=2,
        image_resolution=(500, 499),
        scan_resolution=(502, 501),
        qualities=(Quality(57, 64, 15),),
        captured=(2022, 12, 28, 12, 30, 15, 976),
        technology=20,
        device_vendor=0x0102,
        device_type=0x0304,
        certifications=(Certification(64, 2),),
        blocks=blocks,
    )
    body = bytes.fromhex(
        "07e6 0c 1c 0c 1e 0f 03d0 14 0102 0304 01 39 0040 000f 01 0040 02 07 00 01"
        "01f6 01f5 01f4 01f3 08 02 1d 0118 01c0 00000003 ffa021"
        "0001 001a 0040 0001 39 0041 000f 01 07 38 02 0000 0000 0118 01c0 40"
        "0002 0009 02 01 01 0a 02"
        "0004 0006 6869"
        "0101 0005 21"
    )
    head = bytes.fromhex("46495200 30323000") + (20 + len(body)).to_bytes(4, "big")
    data = head + bytes.fromhex("0001 01 01") + (4 + len(body)).to_bytes(4, "big") + body
    record = iso19794_4_2011.Record((view,), certified=1)
    assert iso19794_4_2011.build(record) == data
    assert iso19794_4_2011.parse(data, strict=True) == record


@pytest.mark.parametrize("module", MODULES)
def test_sniffing_never_raises(module: ModuleType) -> None:
    for data in (None, 5, "FIR", b"", b"FIR", b"FIR\0", b"FIR\x00010", memoryview(b"")[::2]):
        assert module.sniff(data) is False


def test_pixels_comments_and_vendor_data_stand_in_no_repr() -> None:
    view = iso19794_4_2011.View(
        b"secret",
        1,
        2,
        3,
        blocks=(Comment(b"secret"), ExtendedBlock(256, b"secret")),
        rest=b"secret",
    )
    assert "secret" not in repr(iso19794_4_2011.Record((view,)))
    assert "secret" not in repr(iso19794_4_2005.Record((iso19794_4_2005.View(b"secret", 1, 2, 3),)))
