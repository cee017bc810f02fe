"""What is built is read back the same, whatever a record holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.formats.ansi_nist.made import everything, wrap

from civid.formats import ansi_nist
from civid.formats.ansi_nist.binary import BinaryRecord
from civid.formats.ansi_nist.tagged import Field, TaggedRecord
from civid.formats.ansi_nist.type9.points import Core, Delta, Minutia

#: Anything but the separators of records and fields.
VALUE = st.binary(max_size=30).map(lambda one: one.translate(None, b"\x1c\x1d"))
COORDINATE = st.integers(0, 199)
TURN = st.integers(0, 179).map(lambda one: 2.0 * one)


@st.composite
def kept_records(draw: st.DrawFn) -> TaggedRecord:
    """A record of a type that is only kept, with any fields, and perhaps with data."""
    numbers = draw(st.lists(st.integers(3, 9_999_998), unique=True, max_size=5))
    fields = [
        Field(2, b"%d" % draw(st.integers(0, 99))),
        *(Field(one, draw(VALUE)) for one in numbers if one != 999),
    ]
    if draw(st.booleans()):
        fields.append(Field(999, draw(st.binary(max_size=60))))
    return TaggedRecord(draw(st.sampled_from([10, 16, 18, 98, 99])), tuple(fields))


def deltas(angles: int) -> st.SearchStrategy[list[Delta]]:
    """All with one direction or all with three, as the standard can write them."""
    turns = st.lists(TURN, min_size=angles, max_size=angles).map(tuple)
    return st.lists(st.builds(Delta, x=COORDINATE, y=COORDINATE, angles=turns), max_size=2)


BINARY = st.builds(
    BinaryRecord,
    type=st.sampled_from([5, 6, 7, 8]),
    idc=st.integers(0, 99),
    body=st.binary(max_size=40),
)


@given(st.lists(kept_records() | BINARY, max_size=6, unique_by=lambda one: (one.type, one.idc)))
def test_records_that_are_kept(records: list[TaggedRecord | BinaryRecord]) -> None:
    made = wrap(*records)
    data = ansi_nist.build(made)
    read = ansi_nist.parse(data, strict=True)
    assert read == made
    assert ansi_nist.build(read) == data
    assert ansi_nist.sniff(data)


@given(
    st.lists(
        st.builds(
            Minutia,
            x=COORDINATE.map(float),
            y=COORDINATE.map(float),
            angle=TURN,
            kind=st.integers(0, 2),
            quality=st.integers(0, 100),
        ),
        max_size=20,
    ),
    st.lists(st.builds(Core, x=COORDINATE, y=COORDINATE, angle=TURN), max_size=2),
    st.sampled_from([1, 3]).flatmap(deltas),
    st.integers(0, 10),
    st.integers(0, 100),
)
def test_minutiae(
    minutiae: list[Minutia], cores: list[Core], triradii: list[Delta], position: int, quality: int
) -> None:
    features = ansi_nist.Features(
        "M1", 200, 200, minutiae=tuple(minutiae), cores=tuple(cores), deltas=tuple(triradii),
        position=position, quality=quality, record=2, idc=7,
    )  # fmt: skip
    made = wrap(ansi_nist.make_type9(features, 7))
    read = ansi_nist.parse(ansi_nist.build(made), strict=True)
    assert read == made
    assert ansi_nist.minutiae(read) == ((features,) if minutiae else ())


def test_everything() -> None:
    made = everything()
    assert ansi_nist.validate(made) == []
    data = ansi_nist.build(made)
    assert ansi_nist.parse(data, strict=True) == made
    assert made.head.codec == "utf-8"


def test_a_length_counts_its_own_digits() -> None:
    for size in (70, 79, 80, 81, 82, 83, 84, 85, 86, 976, 977, 978, 979, 980, 981, 982):
        made = wrap(TaggedRecord(99, (Field(2, b"1"), Field(999, bytes(size)))))
        data = ansi_nist.build(made)
        assert ansi_nist.parse(data, strict=True) == made


def test_zeros_before_a_length_are_kept() -> None:
    data = ansi_nist.build(wrap())
    longer = data.replace(b"2.001:18", b"2.001:000022")
    assert len(longer) == len(data) + 4
    assert ansi_nist.build(ansi_nist.parse(longer, strict=True)) == longer
