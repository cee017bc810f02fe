"""Quotas reconcile, or a finding says where they do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.campaign.trees import small

from civid.campaign.organisation import Quotas, split_quota
from civid.errors import CampaignError

WEIGHTS = st.dictionaries(st.text("abcdef", min_size=1), st.integers(0, 10**6), min_size=1).filter(
    lambda weights: sum(weights.values()) > 0
)


@given(st.integers(0, 10**8), WEIGHTS)
def test_parts_add_up_and_are_fair(total: int, weights: dict[str, int]) -> None:
    parts = split_quota(total, weights)
    assert sum(parts.values()) == total
    whole = sum(weights.values())
    for code, part in parts.items():
        assert abs(part * whole - total * weights[code]) < whole
        if not weights[code]:
            assert part == 0


def test_a_unit_without_one_has_the_sum_of_those_below() -> None:
    quotas = Quotas(small(), {"C1": 5, "C2": 7, "C3": 9})
    assert [quotas.of(code) for code in ("D1", "D2", "P")] == [12, 9, 21]
    assert quotas.findings() == ()


def test_what_does_not_agree_is_told() -> None:
    quotas = Quotas(small(), {"P": 30, "C1": 5, "C2": 0, "D2": 9, "C3": 9})
    told = {(one.code, one.unit) for one in quotas.findings()}
    assert told == {("quota-sum", "P"), ("quota-zero", "C2")}
    assert "30" in quotas.findings()[0].sentence("en")


def test_a_neighbour_without_one_is_told() -> None:
    told = Quotas(small(), {"P": 30, "C1": 5}).findings()
    assert {(one.code, one.unit) for one in told} == {
        ("quota-missing", "C2"),
        ("quota-missing", "D2"),
        ("quota-sum", "P"),
    }


def test_split_down_twice_and_everything_agrees() -> None:
    quotas = Quotas(small(), {"P": 732_001}).split_down("P", {"D1": 2, "D2": 1})
    quotas = quotas.split_down("D1", {"C1": 1, "C2": 1})
    assert quotas.findings() == ()
    assert (quotas.of("D1"), quotas.of("D2")) == (488_001, 244_000)


@pytest.mark.parametrize(
    ("given", "code"),
    [({"X": 1}, "no-such-unit"), ({"P": -1}, "quota-range"), ({"P": 2**40}, "quota-range")],
)
def test_what_cannot_be_one_is_refused(given: dict[str, int], code: str) -> None:
    with pytest.raises(CampaignError) as caught:
        Quotas(small(), given)
    assert caught.value.code == code


def test_a_split_needs_a_quota_and_all_weights() -> None:
    with pytest.raises(CampaignError, match="no quota"):
        Quotas(small(), {}).split_down("P", {"D1": 1, "D2": 1})
    with pytest.raises(CampaignError, match="weight"):
        Quotas(small(), {"P": 5}).split_down("P", {"D1": 1})
    with pytest.raises(CampaignError):
        split_quota(5, {"a": 0})
