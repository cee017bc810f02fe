"""Lengths, separators and lists as faulty writers leave them."""

from __future__ import annotations

import pytest
from tests.formats.ansi_nist.made import DAY, FEATURES, everything, ramp, wrap

from civid.errors import FormatError
from civid.formats import ansi_nist
from civid.formats.ansi_nist.tagged import Field, TaggedRecord

IMAGE = ansi_nist.image_record(ramp(), idc=1, position=2, dpi=500, source="A", day=DAY)
OTHER = ansi_nist.image_record(ramp(), idc=2, position=3, dpi=500, source="A", day=DAY)


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    assert data.count(old) == 1
    return data.replace(old, new)


def lenient(data: bytes) -> tuple[ansi_nist.Transaction, set[str]]:
    """What a tolerant reader finds; a strict one refuses."""
    with pytest.raises(FormatError):
        ansi_nist.parse(data, strict=True)
    found = ansi_nist.parse(data)
    return found, {one.field for one in found.warnings}


@pytest.mark.parametrize("by", [-5, -1, 1, 40, 5000])
def test_wrong_length_of_text(by: int) -> None:
    made = wrap(IMAGE, texts={3: "one", 4: "two"})
    data = ansi_nist.build(made)
    length = int(data.partition(b"2.001:")[2].partition(b"\x1d")[0])
    stated = b"%0*d" % (len(str(length)), max(length + by, 0))
    short = changed(data, b"2.001:%d" % length, b"2.001:" + stated)
    found, faults = lenient(short)
    assert "2.001 LEN" in faults
    assert found.records[1].fields == made.records[1].fields  # type: ignore[union-attr]
    assert found.records[2] == IMAGE


@pytest.mark.parametrize("by", [-100, -1, 1, 2, 100, 100_000])
def test_wrong_length_of_an_image(by: int) -> None:
    data = ansi_nist.build(wrap(IMAGE, OTHER))
    length = data.partition(b"14.001:")[2].partition(b"\x1d")[0]
    stated = b"%d" % (int(length) + by)
    damaged = data.replace(b"14.001:" + length, b"14.001:" + stated, 1)
    found, faults = lenient(damaged)
    assert faults == {"14.001 LEN"}
    assert [one.value(999) for one in found.records[2:]] == [ramp().tobytes()] * 2  # type: ignore[union-attr]


def test_a_separator_is_missing_at_the_end() -> None:
    data = ansi_nist.build(wrap(IMAGE))[:-1]
    found, faults = lenient(data)
    assert "Type-14 record" in faults
    assert found.records[2] == IMAGE


def test_a_separator_is_missing_between_records() -> None:
    made = wrap(IMAGE, texts={3: "one"})
    found, faults = lenient(changed(ansi_nist.build(made), b"one\x1c", b"one"))
    assert {"Type-2 record", "2.001 LEN"} == faults
    assert found.records == made.records


def test_a_separator_stands_inside_a_field() -> None:
    data = ansi_nist.build(wrap(texts={3: "one-two"}))
    found, faults = lenient(changed(data, b"one-two", b"one\x1dtwo"))
    assert faults == {"2.003"}
    assert found.records[1].value(3) == b"one\x1dtwo"  # type: ignore[union-attr]


def test_a_separator_too_many_harms_no_value() -> None:
    """Some writers end each field with a separator, the last as well."""
    features = ansi_nist.make_type9(FEATURES, 1)
    data = ansi_nist.build(wrap(features, IMAGE))
    last = features.fields[-1].value + b"\x1c"
    found, faults = lenient(changed(data, last, last[:-1] + b"\x1e\x1d\x1c"))
    assert faults == {"9.001 LEN", "9.141 ADA"}
    assert ansi_nist.minutiae(found)[0].deltas == FEATURES.deltas


def test_padding_around_numbers() -> None:
    fields = {one.number: one.value for one in IMAGE.fields} | {6: b"16 ", 7: b"\0" + b"12"}
    made = wrap(TaggedRecord(14, tuple(Field(*one) for one in sorted(fields.items()))))
    (entry,) = ansi_nist.images(made)
    assert (entry.width, entry.height) == (16, 12)
    assert {one.field for one in ansi_nist.validate(made)} == {"14.006 HLL", "14.007 VLL"}


def test_the_list_says_something_else() -> None:
    made = wrap(IMAGE, OTHER)
    data = ansi_nist.build(made)
    listed = b"1\x1f3\x1e2\x1f00\x1e14\x1f01\x1e14\x1f02"
    for wrong, faults in [
        (b"1\x1f4\x1e2\x1f00\x1e14\x1f01\x1e14\x1f02", {"1.003 CNT"}),
        (b"1\x1f3\x1e2\x1f00\x1e13\x1f01\x1e14\x1f02", {"1.003 CNT"}),
        (b"1\x1f3\x1e2\x1f00\x1e14\x1f01\x1e14\x1f09", {"14.002 IDC"}),
        (b"1\x1f2\x1e2\x1f00\x1e14\x1f01", {"1.003 CNT", "1.001 LEN"}),
        (b"1\x1f4\x1e2\x1f00\x1e14\x1f01\x1e14\x1f02\x1e14\x1f03", {"1.003 CNT", "1.001 LEN"}),
        (b"x\x1f3\x1e2\x1f00\x1e14\x1f01\x1e14\x1f02", {"1.003 CNT"}),
    ]:
        found, said = lenient(changed(data, listed, wrong))
        assert said == faults
        assert found.records[1:] == made.records[1:]


@pytest.mark.parametrize("binary", [3, 4, 7, 8])
def test_a_binary_record_is_listed_where_a_tagged_one_is(binary: int) -> None:
    """No binary record begins with a digit, so the tagged one is read as what it is."""
    made = wrap(IMAGE, OTHER)
    data = changed(ansi_nist.build(made), b"\x1e14\x1f01", b"\x1e%d\x1f01" % binary)
    data = data.replace(data[6:9], b"%d" % (int(data[6:9]) - 1), 1)
    found, faults = lenient(data)
    assert faults == {"1.003 CNT"}
    assert found.records[2:] == (IMAGE, OTHER)


@pytest.mark.parametrize("number", [0, 100, 999])
def test_types_that_the_standard_cannot_have(number: int) -> None:
    found = ansi_nist.validate(wrap(TaggedRecord(number, (Field(2, b"01"),))))
    assert [one.message for one in found] == ["record types are 1..99"]


def test_two_images_of_one_designation() -> None:
    (finding,) = ansi_nist.validate(wrap(IMAGE, IMAGE))
    assert (finding.field, finding.view) == ("14.002 IDC", 3)


def test_bytes_after_the_last_record() -> None:
    found, faults = lenient(ansi_nist.build(wrap(IMAGE)) + b"\r\n")
    assert faults == {"end of transaction"}
    assert len(found.records) == 3


def test_tags_without_their_zeros_are_kept() -> None:
    data = ansi_nist.build(everything())
    odd = data.replace(b"\x1d9.003:", b"\x1d9.03:")
    found, faults = lenient(odd)
    assert faults == {"9.003 IMP", "9.001 LEN"}
    assert found.records[3].integer(3) == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (2, b"0999"),
        (4, b""),
        (5, b"20260231"),
        (5, b"2026-01-02"),
        (6, b"0"),
        (8, b""),
        (11, b"19.7"),
        (14, b"20260102"),
    ],
)
def test_type_1_fields(number: int, value: bytes) -> None:
    made = wrap(priority=3)
    first = made.records[0]
    assert isinstance(first, TaggedRecord)
    fields = [Field(number, value) if one.number == number else one for one in first.fields]
    if number == 14:
        fields.append(Field(14, value))
    faulty = ansi_nist.Transaction((TaggedRecord(1, tuple(fields)), *made.records[1:]))
    (finding,) = ansi_nist.validate(faulty)
    assert str(finding.field).startswith(f"1.{number:03d}")
    with pytest.raises(FormatError):
        ansi_nist.build(faulty)
    assert str(value) not in str(finding)


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (3, b"44"), (4, b""), (5, b"2026"), (6, b"0"), (7, b"x"), (8, b"3"), (9, b"0"),
        (11, b"GIF"), (12, b"1"), (13, b"21"), (13, b"1\x1e2"), (22, b"2\x1f6"), (999, b"short"),
        (21, b"2\x1f5\x1f5\x1f0\x1f9"), (21, b"2\x1f0\x1f99\x1f0\x1f9"), (18, b"2\x1fZZ"),
    ],
)  # fmt: skip
def test_type_14_fields(number: int, value: bytes) -> None:
    fields = {one.number: one.value for one in IMAGE.fields} | {number: value}
    faulty = TaggedRecord(14, tuple(Field(*one) for one in sorted(fields.items())))
    findings = ansi_nist.validate(wrap(faulty))
    assert any(str(one.field).startswith(f"14.{number:03d}") for one in findings)


def test_data_is_the_last_field() -> None:
    faulty = TaggedRecord(14, (IMAGE.fields[-1], *IMAGE.fields[:-1]))
    assert "14.999 DATA" in {one.field for one in ansi_nist.validate(wrap(faulty))}


def test_an_image_without_data_has_to_say_why() -> None:
    faulty = TaggedRecord(14, IMAGE.fields[:-1])
    assert "14.999 DATA" in {one.field for one in ansi_nist.validate(wrap(faulty))}
