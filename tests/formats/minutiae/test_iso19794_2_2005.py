"""ISO/IEC 19794-2:2005: what is particular to it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from civid.errors import FormatError
from civid.formats.minutiae import iso19794_2_2005 as iso
from civid.formats.minutiae.iso19794_2_2005 import ExtendedBlock, Minutia, Record, View


@pytest.mark.parametrize(
    ("place", "value", "field"),
    [
        (4, b" 30\0", "version"),
        (8, b"\0\0\0\x30", "length of record"),
        (8, b"\0\0\xff\xff", "length of record"),
        (14, b"\0\0", "image width"),
        (16, b"\0\0", "image height"),
        (18, b"\0\0", "x resolution"),
        (20, b"\0\x62", "y resolution"),
        (22, b"\0", "length of record"),
        (22, b"\2", "finger position"),
        (23, b"\1", "reserved byte"),
        (24, b"\x0b", "finger position"),
        (25, b"\x04", "impression type"),
        (25, b"\x10", "view number"),
        (26, b"\x65", "finger quality"),
        (27, b"\xff", "minutiae"),
        (28, b"\xc0", "minutia type"),
        (28, b"\x41\x2c", "x coordinate"),
        (30, b"\x40", "reserved bits"),
        (30, b"\x01\x90", "y coordinate"),
        (33, b"\x65", "minutia quality"),
        (34, b"\0\1", "extended data block length"),
    ],
)
def test_errors_name_the_field_and_the_byte(place: int, value: bytes, field: str) -> None:
    view = View(position=2, quality=50, minutiae=(Minutia(1, 10, 20, 30, 40),))
    data = iso.build(Record(300, 400, views=(view,)))
    broken = data[:place] + value + data[place + len(value) :]
    with pytest.raises(FormatError, match=field) as caught:
        iso.parse(broken, strict=True)
    elsewhere = {b"\xff": 28, b"\0": 24, b"\2": len(data)}
    assert caught.value.offset == elsewhere.get(value, place)


def test_tolerant_reading_keeps_the_values_and_warns() -> None:
    view = View(quality=50, minutiae=(Minutia(1, 10, 20, 30, 40), Minutia(2, 11, 21, 31, 41)))
    data = bytearray(iso.build(Record(300, 400, views=(view,))))
    data[26] = 255  # quality
    data[28 + 6] |= 0x40  # the type of the second minutia becomes 3
    data[18:20] = bytes(2)
    record = iso.parse(data)
    assert record.views[0].quality == 255
    assert record.views[0].minutiae[1].kind == 3
    assert record.x_per_cm == 0
    told = {(finding.field, finding.offset) for finding in record.warnings}
    assert told == {("finger quality", 26), ("minutia type", 34), ("x resolution", 18)}


def test_missing_extended_length_at_the_end_is_tolerated() -> None:
    data = iso.build(Record(300, 400, views=(View(minutiae=(Minutia(1, 1, 1, 1),)),)))
    record = iso.parse(data[:-2])
    assert len(record.views[0].minutiae) == 1
    assert "extended data block length" in {finding.field for finding in record.warnings}


def test_missing_minutiae_are_not_tolerated() -> None:
    data = iso.build(Record(300, 400, views=(View(minutiae=(Minutia(1, 1, 1, 1),) * 2),)))
    with pytest.raises(FormatError, match=r"minutiae: 12 bytes are needed.*only 11.*at byte 28"):
        iso.parse(data[:39])


@pytest.mark.parametrize("counts_head", [True, False])
def test_both_readings_of_extended_blocks(counts_head: bool) -> None:
    blocks = (ExtendedBlock(1, b"\0\0\1\5"), ExtendedBlock(0x0221, b"abcdefg"))
    view = View(blocks=blocks, blocks_count_head=counts_head)
    data = iso.build(Record(300, 400, views=(view,)))
    assert data[32:34] == (b"\0\x08" if counts_head else b"\0\x04")
    assert iso.parse(data, strict=True).views[0] == view


def test_unreadable_extended_data_is_left_out() -> None:
    view = View(blocks=(ExtendedBlock(1, b"abcd"),))
    data = bytearray(iso.build(Record(300, 400, views=(view, View(position=1)))))
    data[33] = 0x77
    record = iso.parse(data)
    assert [view.blocks for view in record.views] == [(), ()]
    assert [finding.field for finding in record.warnings] == ["extended data"]


def test_other_lengths_tell_ansi_apart() -> None:
    ansi = b"FMR\0 20\0" + (26).to_bytes(2, "big") + bytes(16)
    ansi_long = b"FMR\0 20\0" + bytes(2) + (70000).to_bytes(4, "big") + bytes(69986)
    assert not iso.sniff(ansi)
    assert not iso.sniff(ansi_long)
    with_many = Record(300, 400, views=(View(blocks=(ExtendedBlock(1, bytes(65000)),)),) * 2)
    views = [dataclasses.replace(view, number=n) for n, view in enumerate(with_many.views)]
    assert iso.sniff(iso.build(dataclasses.replace(with_many, views=tuple(views))))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"width": 0}, "image width"),
        ({"width": 70000}, "image width"),
        ({"x_per_cm": 98}, "x resolution"),
        ({"capture_device": 4096}, "capture device"),
        ({"certification": 16}, "capture device"),
        ({"views": (View(position=11),)}, "finger position"),
        ({"views": (View(number=1),)}, "view number"),
        ({"views": tuple(View(number=n) for n in range(17))}, "view number"),
        ({"views": (View(minutiae=(Minutia(1, 1, 1, 256),)),)}, "minutia angle"),
        ({"views": (View(minutiae=(Minutia(1, 1, 1, 1),) * 256),)}, "number of minutiae"),
        ({"views": (View(blocks=(ExtendedBlock(0x0100, b""),)),)}, "type code"),
        ({"views": (View(blocks=(ExtendedBlock(1, bytes(65532)),)),)}, "extended data"),
    ],
)
def test_build_is_strict(changes: dict[str, object], field: str) -> None:
    record = dataclasses.replace(Record(300, 400, views=(View(),)), **changes)
    with pytest.raises(FormatError, match=field):
        iso.build(record)


def test_real_records_of_another_vendor(data: Path) -> None:
    paths = sorted((data / "templates" / "secugen-iso19794-2").rglob("*.iso"))
    assert len(paths) == 640
    for path in paths:
        content = path.read_bytes()
        assert iso.build(iso.parse(content, strict=True)) == content


def test_real_records_of_an_open_extractor(data: Path) -> None:
    paths = sorted((data / "formats" / "fmr" / "fingerjetfx" / "templates-iso").iterdir())
    assert len(paths) == 9
    for path in paths:
        content = path.read_bytes()
        assert iso.build(iso.parse(content, strict=True)) == content


@pytest.mark.parametrize(
    ("name", "views", "faults"),
    [
        ("iso19794p2v2005-sample.dat", [27, 22], set()),
        # Says 340 bytes and has one more.
        ("ISO-19794-2_2005__Appendix-C2_Example.raw", [27, 22], {"length of record"}),
        # Its last extended data is one byte short.
        ("fmr.iso2005", [27, 22], {"extended data block length", "extended data"}),
    ],
)
def test_worked_examples(data: Path, name: str, views: list[int], faults: set[str]) -> None:
    record = iso.parse((data / "formats" / "fmr" / name).read_bytes())
    assert [len(view.minutiae) for view in record.views] == views
    assert record.views[0].minutiae[0] == Minutia(1, 100, 14, 80, 90)
    assert {finding.field for finding in record.warnings} == faults
