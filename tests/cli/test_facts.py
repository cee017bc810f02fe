"""``civid facts``: what is built in, and what nobody has checked for long."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest


def test_facts_for_people(civid: Callable) -> None:
    done = civid("facts")
    assert done.code == 0
    assert "12729/VPCP-KGVX" in done.out


@pytest.mark.parametrize("age", ["1y", "12m", "52w", "365d"])
def test_old_facts_are_a_document_and_exit_code_1(civid: Callable, age: str) -> None:
    done = civid("facts", "--older-than", age, "--as-of", "2030-01-01", "--json")
    document = json.loads(done.out)
    assert done.code == 1
    assert document["older_than"] == age
    assert "cards/fees" in {one["table"] for one in document["facts"]}
    assert all(one["checked"] < "2029-01-03" for one in document["facts"])


def test_nothing_is_old(civid: Callable) -> None:
    done = civid("facts", "--older-than", "1y", "--as-of", "2026-11-30")
    assert done.code == 0
    assert "nothing is that old" in done.out


@pytest.mark.parametrize("age", ["", "y", "1", "0d", "-1y", "9999y", "1 year"])
def test_what_is_no_age_is_a_usage_error(civid: Callable, age: str) -> None:
    assert civid("facts", "--older-than", age).code == 2
