"""BER is read with its places and its bounds; DER is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.iso39794.ber_forms import indefinite, long_lengths, read

from civid.errors import FormatError
from civid.formats._reader import Finding
from civid.formats.iso39794 import ber, der

LEAVES = st.builds(
    der.element, st.sampled_from([0x02, 0x80, 0x9E, 0x5F2E]), st.binary(max_size=300)
)
TREES = st.recursive(
    LEAVES,
    lambda inside: st.builds(
        lambda tag, parts: der.element(tag, *parts),
        st.sampled_from([0x30, 0xA0, 0xBE, 0x64, 0x7F2E]),
        st.lists(inside, max_size=4),
    ),
    max_leaves=12,
)


@given(TREES)
def test_other_forms_of_ber_hold_the_same(data: bytes) -> None:
    assert der.canonical(data, read(data)) == data
    for other in (indefinite(data), long_lengths(data)):
        assert der.canonical(other, read(other)) == data


@given(TREES)
def test_der_has_nothing_to_note_and_its_other_forms_have(data: bytes) -> None:
    found: list[Finding] = []
    ber.read(data, found.append)
    assert not found
    ber.read(long_lengths(data), found.append)
    assert [one.message for one in found] == ["a length in more bytes than it needs"]


@given(st.binary(max_size=60))
def test_any_bytes_are_elements_within_them_or_a_typed_error(data: bytes) -> None:
    try:
        element = read(data)
    except FormatError as error:
        caught = error
    else:
        waiting = [element]
        while waiting:
            one = waiting.pop()
            assert 0 <= one.offset < one.start <= one.end <= one.after <= len(data)
            waiting += one.children or ()
        return
    assert caught.field == "record"
    assert caught.offset is not None
    assert 0 <= caught.offset <= len(data)


@given(st.integers(-(2**70), 2**70))
def test_integers_are_written_in_their_shortest_form(value: int) -> None:
    data = der.integer(value)
    assert int.from_bytes(data, "big", signed=True) == value
    shorter = data[1:]
    assert not shorter or int.from_bytes(shorter, "big", signed=True) != value


@pytest.mark.parametrize(
    ("data", "offset", "message"),
    [
        ("", 0, "is cut off"),
        ("30", 1, "is cut off"),
        ("3003020105", None, None),
        ("300402 0105", 1, "4 bytes are announced, 3 are there"),
        ("3003020205", 3, "2 bytes are announced, 1 are there"),
        ("3082ff", 3, "is cut off"),
        ("3089 0000000000000000 03", 1, "a length that cannot be"),
        ("30ff", 1, "a length that cannot be"),
        ("3088 ffffffffffffffff 00", 1, "are announced"),
        ("3080 020105", 5, "is cut off"),
        ("3080 020105 00", 5, "end-of-contents octets where they end nothing"),
        ("0280 05 0000", 1, "an indefinite length of a primitive element"),
        ("3002 0000", 2, "end-of-contents octets where they end nothing"),
        ("3004 3080 0000", None, None),
        # The zeros that would end the inner one belong to what stands around.
        ("3003 3080 00 00", 4, "end-of-contents octets where they end nothing"),
        ("7f80 01 00", 0, "a tag that cannot be"),
        ("7fffffffff01 00", 0, "a tag that cannot be"),
    ],
)
def test_where_reading_ends(data: str, offset: int | None, message: str | None) -> None:
    raw = bytes.fromhex(data)
    if message is None:
        assert read(raw).after == len(raw)
        return
    with pytest.raises(FormatError, match=message) as caught:
        read(raw)
    assert caught.value.offset == offset


def test_a_long_tag_of_a_small_number_is_noted() -> None:
    found: list[Finding] = []
    ber.read(bytes.fromhex("1f0200"), found.append)
    assert [one.message for one in found] == ["a longer tag than its number needs"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x30\x80" * 200_000, "nests more than 32 deep"),
        (b"\x30\x80" * 32 + b"\0\0" * 32, None),
        (b"\x30\x80" * 33 + b"\0\0" * 33, "nests more than 32 deep"),
        (der.element(0x30, b"\x05\x00" * 49_999), None),
        (der.element(0x30, b"\x05\x00" * 50_000), "more than 50000 elements"),
        (der.element(0x30, b"\x05\x00" * 1_000_000), "more than 50000 elements"),
        (b"\x30\x80" + b"\x30\x80\0\0" * 1_000_000, "more than 50000 elements"),
        (b"\x30\x84\xff\xff\xff\xff" + bytes(10), "4294967295 bytes are announced"),
    ],
    ids=["deep", "at depth", "deeper", "at most", "one more", "million", "empty", "huge"],
)
def test_bounds(data: bytes, message: str | None) -> None:
    if message is None:
        assert read(data).after == len(data)
        return
    with pytest.raises(FormatError, match=message):
        read(data)
