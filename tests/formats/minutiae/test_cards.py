"""Card formats: bytes by hand, templates around them, what a card asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FormatError
from civid.formats._fields import traced
from civid.formats.minutiae.card import (
    Order,
    Parameters,
    Record,
    Wrapping,
    build_parameters,
    compact,
    normal,
    parse_parameters,
)
from civid.formats.minutiae.card.order import check_for_card, order_of
from civid.formats.minutiae.common import ExtendedBlock, Minutia

BOTH = [normal, compact]


def minutiae(module: object) -> st.SearchStrategy[tuple[Minutia, ...]]:
    largest, angles = (0x3FFF, 255) if module is normal else (255, 63)
    one = st.builds(
        Minutia,
        st.integers(0, 2),
        st.integers(0, largest),
        st.integers(0, largest),
        st.integers(0, angles),
        st.just(0),
    )
    return st.lists(one, max_size=255).map(tuple)


def test_bytes_by_hand() -> None:
    one, two = Minutia(1, 0x1234, 0x0567, 200), Minutia(2, 7, 8, 9)
    data = bytes.fromhex("52340567c8 8007000809")
    assert normal.build(Record((one, two))) == data
    assert normal.parse(data, strict=True).minutiae == (one, two)
    one, two = Minutia(1, 0x12, 0x34, 63), Minutia(2, 255, 0, 1)
    data = bytes.fromhex("12347f ff0081")
    assert compact.build(Record((one, two))) == data
    assert compact.parse(data, strict=True).minutiae == (one, two)


@pytest.mark.parametrize(
    ("wrapping", "head"),
    [
        (Wrapping.SIMPLE, "7f2e05 8103"),
        (Wrapping.STANDARDIZED, "7f2e07 a105 9003"),
        (Wrapping.DIRECT, "7f2e05 9003"),
    ],
)
def test_templates_around_minutiae(wrapping: Wrapping, head: str) -> None:
    record = Record((Minutia(1, 2, 3, 4),), wrapping)
    data = bytes.fromhex(head) + b"\x02\x03\x44"
    assert compact.build(record) == data
    assert compact.parse(data, strict=True) == record


@pytest.mark.parametrize("module", BOTH)
@given(data=st.data())
def test_round_trip(module: object, data: st.DataObject) -> None:
    wrapping = data.draw(st.sampled_from(Wrapping))
    blocks: tuple[ExtendedBlock, ...] = ()
    if wrapping in (Wrapping.STANDARDIZED, Wrapping.DIRECT):
        block = st.builds(ExtendedBlock, st.integers(0x91, 0x94), st.binary(max_size=300))
        blocks = tuple(data.draw(st.lists(block, max_size=3)))
    record = Record(data.draw(minutiae(module)), wrapping, blocks)
    written = module.build(record)  # type: ignore[attr-defined]
    assert module.parse(written, strict=True) == record  # type: ignore[attr-defined]


def test_a_minutia_that_looks_like_a_template_is_a_minutia() -> None:
    record = Record((Minutia(0, 0x7F, 0x2E, 6), Minutia(1, 2, 3, 4)))
    assert compact.parse(compact.build(record), strict=True) == record
    deceiving = Record((Minutia(0, 0x7F, 0x2E, 6), Minutia(0, 0x81, 4, 4)))
    with pytest.raises(FormatError, match="wrap them"):
        compact.build(deceiving)
    assert compact.parse(compact.build(Record(deceiving.minutiae, Wrapping.SIMPLE)))


@pytest.mark.parametrize("module", BOTH)
@given(data=st.binary(max_size=60), wrapped=st.booleans())
def test_random_bytes(module: object, data: bytes, wrapped: bool) -> None:
    content = b"\x7f\x2e" + data if wrapped else data
    assert module.sniff(content) in (True, False)  # type: ignore[attr-defined]
    try:
        record = module.parse(content)  # type: ignore[attr-defined]
    except FormatError:
        return
    try:
        again = module.build(record)  # type: ignore[attr-defined]
    except FormatError:
        assert record.warnings or record.wrapping is Wrapping.NONE
        return
    assert module.parse(again) == record  # type: ignore[attr-defined]


def test_sniffing_needs_a_template_and_a_length_that_fits_one_size() -> None:
    five, three, both = (
        normal.build(Record((Minutia(1, 2, 3, 4),), Wrapping.SIMPLE)),
        compact.build(Record((Minutia(1, 2, 3, 4),), Wrapping.SIMPLE)),
        compact.build(Record((Minutia(1, 2, 3, 4),) * 5, Wrapping.SIMPLE)),
    )
    assert [normal.sniff(data) for data in (five, three, both)] == [True, False, False]
    assert [compact.sniff(data) for data in (five, three, both)] == [False, True, False]
    assert not normal.sniff(five[5:])
    for wrong in (None, 5, "7F2E", b"", b"\x7f\x2e", b"\x7f\x2e\x80\x81"):
        assert not normal.sniff(wrong)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ("010203 04", "minutiae"),
        ("0102c3", "minutia type"),
        ("7f2e07 8103 020344 8200", "tag"),
        ("7f2e07 a105 9103 020344", "object 90"),
        ("7f2e05 8185 020344", "length of an object"),
        ("7f2e09 8103 020344", "object 7F2E"),
    ],
)
def test_what_lies_is_told(data: str, field: str) -> None:
    with pytest.raises(FormatError, match=field) as caught:
        compact.parse(bytes.fromhex(data), strict=True)
    assert caught.value.offset is not None


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (Record((Minutia(1, 256, 0, 0),)), "x coordinate"),
        (Record((Minutia(1, 0, 0, 64),)), "minutia angle"),
        (Record((Minutia(1, 0, 0, 0, 5),)), "minutia quality"),
        (Record((Minutia(1, 0, 0, 0),) * 256), "number of minutiae"),
        (Record(blocks=(ExtendedBlock(0x91, b""),)), "object 91"),
        (Record(wrapping=Wrapping.DIRECT, blocks=(ExtendedBlock(0x90, b""),)), "tag"),
    ],
)
def test_building_is_strict(record: Record, field: str) -> None:
    with pytest.raises(FormatError, match=field):
        compact.build(record)


def test_fields_are_traced_with_their_places() -> None:
    data = compact.build(Record((Minutia(1, 2, 3, 4), Minutia(2, 5, 6, 7)), Wrapping.SIMPLE))
    with traced() as fields:
        compact.parse(data)
    found = [(one.path, one.name, one.offset, one.value) for one in fields if one.path]
    assert found[4:] == [
        (("minutia 1",), "minutia type", 10, 2),
        (("minutia 1",), "x coordinate", 8, 5),
        (("minutia 1",), "y coordinate", 9, 6),
        (("minutia 1",), "minutia angle", 10, 7),
    ]


@given(
    st.builds(
        Parameters,
        st.integers(0, 60),
        st.integers(60, 255),
        st.sampled_from(Order),
        st.booleans(),
        st.integers(0, 15),
        st.booleans(),
    )
)
def test_parameters_round_trip(parameters: Parameters) -> None:
    if parameters.order is Order.NONE:
        parameters = Parameters(parameters.least, parameters.most, features=parameters.features)
    data = build_parameters(parameters)
    assert parse_parameters(data) == parameters
    bit = b"\x7f\x60" + bytes((len(data) + 5,)) + b"\xa1" + bytes((len(data) + 3,))
    assert parse_parameters(bit + b"\x81\x01\x08" + data) == parameters


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ("", "B1"),
        ("8102 0c3c", "B1"),
        ("b104 8102 3c0c", "number of minutiae"),
        ("b103 8101 3c", "number of minutiae"),
        ("b103 8201 03", "minutiae order"),
        ("b103 8201 15", "minutiae order"),
        ("b104 8202 0405", "minutiae order"),
        ("b102 8300", "feature handling"),
        ("b10a 8102 0c3c", "object B1"),
    ],
)
def test_parameters_that_lie(data: str, field: str) -> None:
    with pytest.raises(FormatError, match=field):
        parse_parameters(bytes.fromhex(data))


@pytest.mark.parametrize("parameters", [Parameters(-1), Parameters(9, 8), Parameters(0, 256)])
def test_parameters_are_built_strictly(parameters: Parameters) -> None:
    with pytest.raises(FormatError, match="number of minutiae"):
        build_parameters(parameters)


def test_orders() -> None:
    rows = [Minutia(1, 10, 0, 9), Minutia(1, 0, 10, 5), Minutia(1, 4, 4, 7), Minutia(1, 0, 2, 8)]
    expected = {
        Order.NONE: [0, 1, 2, 3],
        Order.XY: [3, 1, 2, 0],
        Order.YX: [0, 3, 2, 1],
        Order.ANGLE: [1, 2, 3, 0],
        Order.POLAR: [2, 3, 1, 0],  # the centre of mass is at 3.5, 4
    }
    for order, indices in expected.items():
        up, down = Parameters(order=order), Parameters(order=order, descending=True)
        assert order_of(rows, up) == indices
        if order is not Order.NONE:
            assert order_of(rows, down) == indices[::-1]
            assert check_for_card([rows[i] for i in indices], down)
        assert check_for_card([rows[i] for i in indices], up) == []


def test_numbers_that_a_card_refuses() -> None:
    rows = [Minutia(1, 1, 1, 1)] * 5
    for parameters in (Parameters(6, 9), Parameters(0, 4)):
        (finding,) = check_for_card(rows, parameters)
        assert finding.field == "number of minutiae"
