"""Facts with an era: fees and swapped days by the day, and what was checked long ago."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from civid.cards.deadlines import due
from civid.cards.facts import facts
from civid.cards.fees import fee
from civid.cards.regimes import Procedure
from civid.people.working_days import Calendar, swaps_known_until

RENEWAL, REISSUE = Procedure.RENEWAL, Procedure.REISSUE


@pytest.mark.parametrize(
    ("day", "amounts", "source"),
    [
        (date(2024, 8, 1), (30_000, 50_000, 70_000), "Circular 59/2019"),
        (date(2024, 10, 20), (30_000, 50_000, 70_000), "Circular 59/2019"),
        (date(2024, 10, 21), (30_000, 50_000, 70_000), "Circular 73/2024"),
        (date(2025, 6, 30), (30_000, 50_000, 70_000), "Circular 73/2024"),
        (date(2025, 7, 1), (15_000, 25_000, 35_000), "Circular 64/2025"),
        (date(2026, 12, 31), (15_000, 25_000, 35_000), "Circular 64/2025"),
        (date(2027, 1, 1), (30_000, 50_000, 70_000), "Circular 73/2024"),
    ],
)
def test_fees_have_days(day: date, amounts: tuple[int, ...], source: str) -> None:
    found = [fee(day, RENEWAL, "old_document"), fee(day, RENEWAL, "name"),
             fee(day, REISSUE, "lost")]  # fmt: skip
    assert tuple(one.amount_vnd for one in found) == amounts
    assert all(one.source.startswith(source) for one in found)


def test_a_fee_beyond_its_source_says_so() -> None:
    for day in (date(2024, 8, 1), date(2027, 3, 1)):
        assert "fee.era" in [one.code for one in fee(day, REISSUE, "lost").warnings]
    assert "fee.era" not in [one.code for one in fee(date(2026, 3, 1), REISSUE, "lost").warnings]


def test_a_change_of_units_is_free_through_vneid() -> None:
    day = date(2025, 9, 1)
    assert fee(day, RENEWAL, "unit", online=True).amount_vnd == 0
    at_the_counter = fee(day, RENEWAL, "unit")
    assert at_the_counter.amount_vnd == 25_000
    assert "fee.online" in [one.code for one in at_the_counter.warnings]
    assert fee(day, RENEWAL, "name", online=True).amount_vnd == 25_000
    assert fee(date(2024, 12, 1), RENEWAL, "unit", online=True).amount_vnd == 50_000


def test_a_swapped_day_that_the_package_lacks() -> None:
    pytest.importorskip("holidays")
    assert due(date(2025, 12, 24)).on == date(2026, 1, 6)
    assert not Calendar().is_working(date(2026, 1, 2))
    assert Calendar().is_working(date(2026, 1, 10))
    assert due(date(2026, 1, 5)).on == date(2026, 1, 13)  # 10 January is worked


def test_a_deadline_beyond_the_known_swaps_says_so() -> None:
    pytest.importorskip("holidays")
    far = date(swaps_known_until().year + 1, 3, 1)
    assert [one.code for one in due(far).warnings] == ["deadline.swaps"]
    assert due(date(2026, 3, 2)).warnings == ()
    assert due(far, calendar=Calendar(national=False)).warnings == ()


def test_every_table_has_a_source_and_a_day() -> None:
    for package in ("civid.people", "civid.cards"):
        room = package.rpartition(".")[2]
        there = {one.name[:-4] for one in (files(package) / "data").iterdir()
                 if one.name.endswith(".csv")} - {"sources"}  # fmt: skip
        listed = {one.table for one in facts() if one.table.startswith(f"{room}/")}
        assert listed == {f"{room}/{name}" for name in there}
    assert all(one.source and one.confidence in "ABC" for one in facts())


def test_old_facts_are_listed() -> None:
    first = facts()[0].checked
    assert facts(checked_before=first) == ()
    assert {one.checked for one in facts(checked_before=date(2100, 1, 1))} >= {first}
