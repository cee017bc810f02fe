"""Cut, changed and made to cost: a typed error or a result, and soon."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.ansi_nist.made import DAY, everything, ramp, wrap

from civid.errors import CividError, FormatError
from civid.formats import ansi_nist
from civid.formats.ansi_nist import _walk
from civid.formats.ansi_nist.tagged import MAX_ITEMS, Field, TaggedRecord


def attempt(data: bytes, *, written: bool = True) -> None:
    """Everything that can be done with a file; only errors of civid may come of it."""
    try:
        found = ansi_nist.parse(data)
        if written:  # what was kept of a damaged file stays the same
            again = ansi_nist.parse(ansi_nist.build(found, strict=False))
            assert again.records == found.records
        ansi_nist.minutiae(found)
        for entry in ansi_nist.images(found):
            if entry.compression == "NONE":
                ansi_nist.decode(entry)
        ansi_nist.parse(data, strict=True)
    except CividError:
        pass


def test_cut_at_every_byte() -> None:
    data = ansi_nist.build(everything(4, 3))
    for end in range(len(data)):
        attempt(data[:end], written=end % 8 == 0)


def test_changed_bytes() -> None:
    seed, rng = ansi_nist.build(everything()), random.Random(7)
    separators = b"\x1c\x1d\x1e\x1f.:0129"
    for _ in range(300):
        raw = bytearray(seed)
        for _ in range(rng.randint(1, 5)):
            at = rng.randrange(len(raw))
            new = rng.choice((rng.randbytes(1), bytes([rng.choice(separators)]), b""))
            raw[at : at + 1] = new
        attempt(bytes(raw))


@pytest.mark.parametrize("name", ["type9-efs.an2k", "type9.an2k"])
def test_samples_cut_and_changed(data: Path, name: str) -> None:
    seed, rng = (data / "formats" / "an2" / name).read_bytes(), random.Random(3)
    for end in rng.sample(range(len(seed)), 60):
        attempt(seed[:end])
        raw = bytearray(seed)
        raw[end] = rng.randrange(256)
        attempt(bytes(raw))


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    ansi_nist.sniff(data)
    attempt(data)
    attempt(b"1.001:99\x1d1.003:1\x1f3\x1e4\x1f1\x1e9\x1f2\x1e14\x1f3\x1c" + data)


@pytest.mark.parametrize("data", [b"", b"1.001", b"2.001:9\x1c", b"1.001:9", 7, None])
def test_what_is_no_transaction(data: object) -> None:
    assert not ansi_nist.sniff(data)  # type: ignore[arg-type]
    with pytest.raises(FormatError):
        ansi_nist.parse(data, strict=True)  # type: ignore[arg-type]


def first(content: bytes) -> bytes:
    return b"1.001:50\x1d1.003:" + content + b"\x1c"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (first(b"1\x1f1\x1e2\x1f0") + b"2.001:9" + b"\x1d2.003:" * 200_000, "fields"),
        (first(b"1\x1f1\x1e2\x1f0") + b"2.001:9\x1d2.003:" + b"\x1d" * 200_000, "fields"),
        (first(b"1\x1f1\x1e9\x1f0") + b"9.001:9\x1d9.137:" + b"\x1f" * 600_000, "items"),
        (first(b"1\x1f1" + b"\x1e2\x1f0" * 2000) + b"2.001:9\x1c" * 2000, "records"),
        (first(b"1\x1f1\x1e2\x1f0") + b"2.001:9" + b"\x1d2.003:" * 20_000 + b"\x1c", "faults"),
        (b"1.001:50\x1d" + bytes(ansi_nist.MAX_BYTES), "bytes are no record"),
    ],
    ids=["fields", "group separators", "items", "records", "faults", "bytes"],
)
def test_bombs(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        ansi_nist.parse(data)


def test_items_of_a_record_that_was_made() -> None:
    record = TaggedRecord(9, (Field(2, b"1"), Field(137, b"\x1f" * MAX_ITEMS)))
    with pytest.raises(FormatError, match="items"):
        record.subfields(137)
    with pytest.raises(FormatError):
        ansi_nist.minutiae(wrap(record))


def test_the_most_that_is_read() -> None:
    """As many records as there may be, each with an image and the next with minutiae of it."""
    pairs = [
        ansi_nist.image_record(
            ramp(), idc=one, position=2, dpi=500, source="A", day=DAY, record_type=kind
        )
        for kind in (13, 14, 15)
        for one in range(99)
    ]
    made = wrap(*pairs)
    assert len(made.records) < _walk.MAX_RECORDS
    found = ansi_nist.parse(ansi_nist.build(made, strict=False))
    assert len(ansi_nist.images(found)) == 297


def test_no_value_in_an_error() -> None:
    """What stands in a record is somebody's; errors name the field alone."""
    data = ansi_nist.build(wrap(texts={3: "SECRET"}))
    for end in range(len(data)):
        with pytest.raises(FormatError) as raised:
            ansi_nist.parse(data[:end], strict=True)
        assert "SEC" not in str(raised.value)
    assert "SECRET" not in repr(ansi_nist.parse(data))
