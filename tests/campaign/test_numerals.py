"""Numbers in Vietnamese and English format."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.campaign.numerals import Numerals, about, is_unsure, read_count, read_decimal, written
from civid.errors import CampaignError


@given(st.integers(0, 10**9), st.sampled_from(Numerals))
def test_what_is_written_is_read(count: int, style: Numerals) -> None:
    found, styles = read_count(written(count, style))
    assert found == count
    assert style in styles
    if count >= 1_000_000:
        assert len(styles) == (1 if style is not Numerals.PLAIN else len(Numerals))


@given(st.decimals(0, 10**9, places=2), st.sampled_from([Numerals.VI, Numerals.EN]))
def test_decimals_are_read_back(value: Decimal, style: Numerals) -> None:
    assert read_decimal(written(value, style), style) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "1.2",
        "12,5",
        "1.23.456",
        "1,234.567.8",
        "1e3",
        "١٢٣",
        "1.234,5",
        "0x10",
        "1" * 40,
        "1..000",
        ",123",
        "1 23",
        "nan",
        "1.234,000",
    ],
)
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(CampaignError) as caught:
        read_count(text)
    assert caught.value.code == "not-a-count"


@given(st.text(max_size=40))
def test_any_text_is_a_count_or_refused(text: str) -> None:
    try:
        count, styles = read_count(text)
    except CampaignError:
        return
    assert count >= 0
    assert styles


def test_three_digits_behind_one_separator_leave_a_doubt() -> None:
    assert is_unsure("1.234")
    assert is_unsure("12,500")
    assert not is_unsure("1234")
    assert not is_unsure("1.234.567")


def test_words_for_round_numbers() -> None:
    assert about(54_000_001) == "trên 54 triệu"
    assert about(54_000_001, "en") == "more than 54 million"
    assert about(16_999_999, under=True) == "gần 17 triệu"


@pytest.mark.parametrize("text", ["1000000001", "9" * 30, "9.000.000.000.000.000.000"])
def test_a_count_that_no_campaign_has(text: str) -> None:
    with pytest.raises(CampaignError) as caught:
        read_count(text)
    assert caught.value.code == "count-range"
    assert read_count("1.000.000.000")[0] == 10**9
