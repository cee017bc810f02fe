"""Any record is read back the same; any bytes are a record or a typed error."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.image_records.iso39794_4_records import EVERY_BLOCK_DER, SHORT_DER
from tests.formats.iso39794.ber_forms import indefinite

from civid.errors import FormatError
from civid.formats.image_records import iso39794_4_2019 as fir
from civid.formats.image_records.iso39794_4_2019 import Coded, Record
from civid.formats.iso39794 import choices, der, primitives, structures
from civid.formats.iso39794.finger_schema import RECORD
from civid.formats.iso39794.primitives import Kind

BEGINNINGS = (b"P5", b"\xff\xa0", b"\xff\x4f\xff\x51", b"\xff\x4f\xff\x51", b"\x89PNG\r\n\x1a\n")
#: Elements of later editions: context tags from 17, and tags of two bytes.
EXTENSIONS = st.lists(
    st.builds(der.element, st.integers(0x91, 0x9E) | st.just(0x9F7F), st.binary(max_size=9)),
    max_size=2,
).map(tuple)


def of(kind: Kind) -> st.SearchStrategy[Any]:
    """Values of a type of the schema."""
    if isinstance(kind, primitives.Enumerated):
        return st.sampled_from(sorted(kind.table))
    if isinstance(kind, primitives.Integer):
        return st.integers(kind.low, kind.high)
    if isinstance(kind, primitives.Boolean):
        return st.booleans()
    if isinstance(kind, primitives.VisibleText):
        return st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=140)
    if isinstance(kind, primitives.Octets):
        return st.binary(max_size=140)
    if isinstance(kind, structures.SequenceOf):
        return st.lists(of(kind.item), max_size=2).map(tuple)
    if isinstance(kind, choices.CodeChoice):
        extended = st.builds(Coded, of(kind.code), st.just(True), EXTENSIONS)
        return st.builds(Coded, of(kind.code)) | extended
    if isinstance(kind, choices.ScoreChoice):
        return of(kind.score) | of(kind.failed)
    assert isinstance(kind, structures.Sequence)
    parts = {
        member.attribute: st.none() | of(member.kind) if member.optional else of(member.kind)
        for member in kind.members
    }
    if kind.extensible:
        parts["extensions"] = EXTENSIONS
    return st.builds(kind.cls, **parts).map(sound)


def sound(value: Any) -> Any:
    """With the day and the beginning of the image that other fields ask for."""
    if isinstance(value, fir.DateTime) and value.day is not None:
        return replace(value, day=min(value.day, 28))
    if isinstance(value, fir.Representation) and not value.image_format.extended:
        return replace(value, image=BEGINNINGS[value.image_format.code] + value.image)
    return value


RECORDS = of(RECORD)


@settings(max_examples=60)
@given(RECORDS)
def test_what_is_written_is_read_back_the_same(record: Record) -> None:
    assert not fir.validate(record)
    data = fir.build(record)
    assert fir.sniff(data)
    assert fir.parse(data, strict=True) == record
    assert fir.parse(indefinite(data)) == record


def attempt(data: bytes) -> None:
    """A typed error; or a record, that is written and read back where it is a good one."""
    try:
        record = fir.parse(data)
    except FormatError as error:
        caught = error
    else:
        if fir.validate(record):
            with pytest.raises(FormatError):
                fir.build(record)
        else:
            assert fir.parse(fir.build(record), strict=True) == record
        return
    assert caught.field
    assert caught.offset is not None
    assert 0 <= caught.offset <= len(data)


@pytest.mark.parametrize("data", [EVERY_BLOCK_DER, SHORT_DER])
def test_cut_at_every_byte(data: bytes) -> None:
    for at in range(len(data)):
        with pytest.raises(FormatError):
            fir.parse(data[:at])
        fir.sniff(data[:at])


def test_a_byte_changed_anywhere() -> None:
    rng = random.Random(39794)
    for at in range(len(EVERY_BLOCK_DER)):
        for value in (0x80, rng.randrange(256)):
            attempt(EVERY_BLOCK_DER[:at] + bytes((value,)) + EVERY_BLOCK_DER[at + 1 :])


@settings(max_examples=300)
@given(st.binary(max_size=80))
def test_any_bytes(data: bytes) -> None:
    attempt(data)
    attempt(der.element(0x64, bytes.fromhex("a00780010381 0207e3"), data))


@pytest.mark.parametrize(
    "hostile",
    [
        der.element(0xA1, der.element(0x30, b"") * 1_000_000),
        der.element(0xA1, der.element(0x30, der.element(0xAF, b"\x1a\0" * 1_000_000))),
        der.element(0xA1, b"\x30\x80" * 1_000_000),
        der.element(0xA1, der.element(0x30, der.element(0x89, b"\x7f" * 1_000_000))),
        der.element(0xA1, der.element(0x30, der.element(0xA3, b"\x24\x80\x04\1a\0\0" * 12_000))),
        b"\xa1\x88\x7f\xff\xff\xff\xff\xff\xff\xff",
        bytes(17 << 20),
    ],
    ids=["blocks", "comments", "nesting", "number", "pieces", "length", "size"],
)
def test_hostile_records(hostile: bytes) -> None:
    with pytest.raises(FormatError):
        fir.parse(der.element(0x64, bytes.fromhex("a00780010381 0207e3"), hostile))


def test_a_record_that_would_not_be_read_is_not_written() -> None:
    image = fir.Representation(Coded(1), Coded(0), Coded(0), b"P5" + bytes(16 << 20))
    with pytest.raises(FormatError, match="are no record"):
        fir.build(Record((image,)))
