"""BER-TLV: bounded whatever the bytes say."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.cards.chip import dg1, dg2, dg3, dg13, ef_com, tlv
from civid.cards.chip.files import DG_TAGS, kind_of
from civid.errors import CividError, FormatError


@pytest.mark.parametrize(
    ("size", "head"), [(0, "00"), (127, "7f"), (128, "8180"), (255, "81ff"), (256, "820100"),
                       (65536, "83010000")],
)  # fmt: skip
def test_lengths_take_the_shortest_form(size: int, head: str) -> None:
    data = tlv.build(0x61, bytes(size))
    assert data[: 1 + len(head) // 2].hex() == "61" + head
    assert tlv.unwrap(data, 0x61, "test").value == bytes(size)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "cut off"), ("61", "cut off"), ("6101", "1 bytes are announced, 0"),
        ("6180", "indefinite"), ("6185", "cannot be"), ("61850000000001", "cannot be"),
        ("618201", "cannot be"), ("6184ffffffff", "announced"), ("620100", "tag 62"),
        ("61000000", "2 bytes follow"), ("1f", "cut off"), ("1f8181818101", "three bytes"),
        ("7f61", "cut off"),
    ],
)  # fmt: skip
def test_what_lies_is_refused_with_its_place(data: str, said: str) -> None:
    with pytest.raises(FormatError, match=said) as caught:
        tlv.unwrap(bytes.fromhex(data), 0x61, "test")
    assert caught.value.field == "test"
    assert caught.value.offset is not None


def test_a_long_form_length_is_read() -> None:
    assert tlv.unwrap(bytes.fromhex("6183000001ff"), 0x61, "test").value == b"\xff"


def test_oversized_files_are_refused_at_once() -> None:
    with pytest.raises(FormatError, match="no chip file"):
        tlv.unwrap(bytes(tlv.MAX_BYTES + 1), 0x61, "test")


def test_a_bomb_of_nested_elements_is_refused() -> None:
    bomb = b""
    for _ in range(2000):
        bomb = tlv.build(0x30, bomb)
    with pytest.raises(FormatError, match="nests too deep"):
        tlv.check_nesting(bomb, "test")


def test_a_bomb_of_many_elements_is_refused() -> None:
    many = bytes.fromhex("3000") * (tlv.MAX_ELEMENTS + 5)
    with pytest.raises(FormatError, match="nests too deep"):
        tlv.check_nesting(many, "test")
    with pytest.raises(FormatError, match="more than"):
        list(tlv.read_all(many, "test"))


@given(st.integers(0, 2**16 - 1).filter(lambda tag: tag < 256 and tag & 0x1F != 0x1F), st.binary())
def test_round_trip(tag: int, value: bytes) -> None:
    element = tlv.unwrap(tlv.build(tag, value), tag, "test")
    assert element.value == value
    assert element.constructed == bool(tag & 0x20)


@given(st.binary(max_size=200), st.sampled_from([0, *DG_TAGS.values()]))
def test_no_bytes_crash_any_reader(data: bytes, tag: int) -> None:
    for parse in (dg1.parse, dg2.parse, dg3.parse, dg13.parse, ef_com.parse):
        for one in (data, tlv.build(tag, data) if tag else data):
            with contextlib.suppress(CividError):
                parse(one)


def test_files_are_known_by_their_first_tag() -> None:
    assert [kind_of(bytes([tag])) for tag in (0x60, 0x61, 0x6D, 0x70, 0x77, 0x00)] == [
        "COM", "DG1", "DG13", "DG16", "SOD", None,
    ]  # fmt: skip
    assert kind_of(b"") is None


@pytest.mark.parametrize("groups", [(1,), (1, 2, 3, 13, 14, 15), tuple(range(1, 17))])
def test_the_content_list_comes_back(groups: tuple[int, ...]) -> None:
    com = ef_com.parse(ef_com.build(groups))
    assert (com.groups, com.lds_version, com.unicode_version) == (groups, "0107", "040000")
    assert ef_com.build(com) == ef_com.build(groups)


@pytest.mark.parametrize(
    "data", ["6000", "60035c0162", "60045c026161", "600a5f0104303130375c0130",
             "60095f01033031375c0161"],
)  # fmt: skip
def test_a_wrong_content_list_is_refused(data: str) -> None:
    with pytest.raises(FormatError):
        ef_com.parse(bytes.fromhex(data))


@pytest.mark.parametrize("groups", [(0,), (17,), (1, 1)])
def test_impossible_groups_are_not_listed(groups: tuple[int, ...]) -> None:
    with pytest.raises(FormatError):
        ef_com.build(groups)
    with pytest.raises(FormatError):
        ef_com.build(ef_com.Com((1,), lds_version="12"))
