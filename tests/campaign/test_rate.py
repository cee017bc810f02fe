"""Numerator, denominator, rate and remainder belong together."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.campaign.rate import Rate, whole_behind
from civid.errors import CampaignError

COUNTS = st.integers(0, 10**9)


@given(COUNTS, COUNTS)
def test_done_and_left_are_the_whole(done: int, of: int) -> None:
    rate = Rate(done, of)
    assert rate.done - rate.over + rate.remaining == rate.of
    assert rate.over == 0 or rate.remaining == 0
    assert (rate.percent() is None) == (of == 0)


@given(st.integers(1, 10**8), st.integers(1, 10**8), st.integers(0, 2))
def test_the_whole_lies_within_what_its_rate_says(done: int, of: int, decimals: int) -> None:
    percent = Rate(done, of).percent(decimals)
    assert percent is not None
    if percent > Decimal(1).scaleb(-decimals):
        least, greatest = whole_behind(done, percent)
        assert least <= of <= greatest
        for edge in (least, greatest):
            assert Rate(done, edge).percent(decimals) == percent
        assert Rate(done, least - 1).percent(decimals) != percent
        assert Rate(done, greatest + 1).percent(decimals) != percent


def test_less_than_nothing_is_refused() -> None:
    with pytest.raises(CampaignError):
        Rate(-1, 5)


def test_over_a_hundred_is_normal_and_of_nothing_there_is_no_rate() -> None:
    assert Rate(54, 50).text() == "54/50, đạt 108,0%, vượt 4"
    assert Rate(3, 0).text("en") == "3/0, no rate"
    assert Rate(3, 3).text("en") == "3/3, 100.0%"
