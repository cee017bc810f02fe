"""Every field of a record is written down with its place where fields are traced."""

from __future__ import annotations

import pytest
from tests.formats.minutiae.test_records import NAMES, golden_bytes, module_of

from civid.formats._fields import Field, traced
from civid.formats.minutiae import iso19794_2_2005 as iso
from civid.formats.minutiae.common import ExtendedBlock, Minutia


def fields_of(name: str) -> list[Field]:
    with traced() as fields:
        module_of(name).parse(golden_bytes(name))
    return fields


def as_bytes(field: Field) -> bytes:
    if isinstance(field.value, bytes):
        return field.value
    assert isinstance(field.value, int)
    return field.value.to_bytes(field.size, "big")


@pytest.mark.parametrize("name", NAMES)
def test_the_fields_of_a_record_are_the_whole_record(name: str) -> None:
    data, fields = golden_bytes(name), fields_of(name)
    covered = bytearray(len(data))
    for field in fields:
        for at in range(field.offset, field.offset + field.size):
            covered[at] = 1
        # Two fields share the bytes of a minutia's type and x, and of points of extended data.
        shared = ("minutia type", "x coordinate", "y coordinate")
        if field.name not in shared:
            assert as_bytes(field) == data[field.offset : field.offset + field.size], field.name
    assert all(covered)


@pytest.mark.parametrize("name", NAMES)
def test_every_minutia_is_a_section_with_the_values_of_the_record(name: str) -> None:
    record, fields = module_of(name).parse(golden_bytes(name)), fields_of(name)
    for index, view in enumerate(record.views):
        for number, minutia in enumerate(view.minutiae):
            path = (f"view {index}", f"minutia {number}")
            found = {field.name: field.value for field in fields if field.path == path}
            assert found.pop("minutia quality", 0) == minutia.quality
            assert tuple(found.values()) == minutia[:4]


def test_extended_data_has_its_fields() -> None:
    blocks = (
        ExtendedBlock(2, bytes.fromhex("01 405a 0078 21 00")),
        ExtendedBlock(0x0101, b"abc"),
        ExtendedBlock(1, bytes.fromhex("01 0001")),
    )
    view = iso.View(minutiae=(Minutia(1, 2, 3, 4),), blocks=blocks)
    data = iso.build(iso.Record(300, 400, views=(view,)))
    with traced() as fields:
        assert iso.parse(data).views[0].blocks == blocks
    found = {(one.path[-1], one.name): one for one in fields if len(one.path) == 2}
    core = found["extended data 0", "core x coordinate"]
    assert data[core.offset : core.offset + 2] == b"\x40\x5a"
    assert found["extended data 0", "core angle"].value == 0x21
    assert found["extended data 1", "extended data"].value == b"abc"
    assert found["extended data 1", "extended data area type code"].value == 0x0101
    assert found["extended data 2", "ridge count extraction method"].value == 1
    assert found["extended data 2", "extended data"].value == b"\x00\x01"


def test_nothing_is_written_down_otherwise() -> None:
    data = golden_bytes(NAMES[0])
    with traced() as fields:
        pass
    module_of(NAMES[0]).parse(data)
    assert fields == []
