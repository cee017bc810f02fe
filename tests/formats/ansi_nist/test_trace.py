"""Every field of a transaction with its place, for `civid inspect`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.formats.ansi_nist.made import everything

from civid.formats import ansi_nist
from civid.formats._fields import Field, traced


def fields_of(data: bytes) -> list[Field]:
    with traced() as fields:
        ansi_nist.parse(data)
    return fields


def test_every_byte_is_in_a_field_or_between_two() -> None:
    data = ansi_nist.build(everything())
    fields = fields_of(data)
    at = 0
    for one in fields:
        between = data[at : one.offset]
        # Tags, colons and separators; never a value.
        assert between.translate(None, b"0123456789.:\x1c\x1d") == b""
        at = one.offset + one.size
    assert data[at:] == b"\x1c"


def test_names_and_values() -> None:
    data = ansi_nist.build(everything())
    found = {(one.path[-1], one.name): one for one in fields_of(data)}
    assert found["Type-1 record 0", "1.004 TOT"].value == "CAR"
    assert found["Type-2 record 1 (IDC 0)", "2.003"].value == "Huế"
    assert found["Type-4 record 2 (IDC 1)", "4.006 HLL"].value == 16
    assert found["Type-14 record 4 (IDC 2)", "14.006 HLL"].value == "16"
    image = found["Type-14 record 4 (IDC 2)", "14.999 DATA"]
    assert isinstance(image.value, bytes)
    assert image.size == 16 * 12
    assert data[image.offset : image.offset + image.size] == image.value


@pytest.mark.parametrize("name", ["type-9-4-iafis.an2", "type9-13.an2k", "type-14-tpcard-nqm.an2"])
def test_samples(data: Path, name: str) -> None:
    content = (data / "formats" / "an2" / name).read_bytes()
    for one in fields_of(content):
        raw = content[one.offset : one.offset + one.size]
        if isinstance(one.value, str):
            assert one.value.encode("latin-1") == raw
        elif isinstance(one.value, bytes):
            assert one.value == raw
        else:
            assert one.value == int.from_bytes(raw, "big")
