"""Re-verification: drawn fairly, compared by field, decided by intervals that hold."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from civid.campaign.sample import (
    Checked,
    Drawn,
    ErrorRate,
    FieldCheck,
    Outcome,
    Verdict,
    allocate,
    compare_field,
    decide,
    draw,
    error_rates,
    exact_interval,
    read_worksheet,
    sample_size,
    send_back,
    stratified,
    worksheet,
)
from civid.campaign.sheets import write_csv
from civid.errors import CampaignError

PEOPLE = [(f"r{number:03}", "A" if number < 60 else "B") for number in range(100)]
RECORDS = {
    reference: {"name": "Nguyễn Thị Hoà", "birth": "05/03/2001", "sex": "Nữ"}
    for reference, _ in PEOPLE
}


@given(st.integers(0, 10**7), st.floats(0.005, 0.2))
def test_no_more_than_there_are_and_fewer_of_small_units(population: int, margin: float) -> None:
    size = sample_size(population, margin)
    assert 0 <= size <= population
    assert size <= sample_size(population + 1000, margin)


def test_the_size_that_books_give() -> None:
    assert sample_size(10**9, 0.05) == 385
    with pytest.raises(CampaignError):
        sample_size(100, 0)


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, 50), min_size=1), st.data())
def test_a_sample_is_shared_out_whole(populations: dict[str, int], data: st.DataObject) -> None:
    least = data.draw(st.integers(0, 3))
    lowest = sum(min(least, count) for count in populations.values())
    total = data.draw(st.integers(lowest, max(lowest, sum(populations.values()))))
    shares = allocate(populations, total, least=least)
    assert sum(shares.values()) == total
    for unit, count in populations.items():
        assert min(least, count) <= shares[unit] <= count


@given(st.permutations(PEOPLE), st.integers())
def test_the_order_of_records_does_not_matter(people: list, seed: int) -> None:
    sizes = {"A": 7, "B": 5}
    first, second = draw(PEOPLE, sizes, seed=seed), draw(people, sizes, seed=seed)
    assert first == second
    assert len({one.reference for one in first}) == 12
    assert sum(one.unit == "A" for one in first) == 7


def test_everybody_is_drawn_as_often() -> None:
    counts = dict.fromkeys((reference for reference, _ in PEOPLE), 0)
    for seed in range(600):
        for one in draw(PEOPLE, {"A": 6, "B": 4}, seed=seed):
            counts[one.reference] += 1
    # 600 x 0.1 = 60 each; five standard deviations are 37.
    assert max(counts.values()) < 97
    assert min(counts.values()) > 23


def test_what_cannot_be_drawn() -> None:
    with pytest.raises(CampaignError, match="unit B"):
        draw(PEOPLE, {"B": 41}, seed=1)
    with pytest.raises(CampaignError, match="twice"):
        draw([*PEOPLE, PEOPLE[0]], {"A": 1}, seed=1)


@pytest.mark.parametrize(
    ("field", "recorded", "found", "outcome"),
    [
        ("name", "NGUYỄN THỊ HOÀ", "Nguyễn  Thị Hòa", "same"),
        ("name", "Nguyễn Thị Hoa", "Nguyễn Thị Hòa", "different"),
        ("birth", "5/3/2001", "05/03/2001", "same"),
        ("birth", "5/3/2001", "2001-03-06", "different"),
        ("birth", "không rõ", "KHÔNG RÕ", "same"),
        ("sex", "", "Nữ", "missing"),
        ("sex", "Nữ", " ", "unchecked"),
        ("residence", "Xã Càng Long", "xã càng long", "same"),
    ],
)
def test_one_value_in_two_spellings_is_no_error(
    field: str, recorded: str, found: str, outcome: str
) -> None:
    assert compare_field(field, recorded, found) == outcome


@given(st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_that_of_the_beta_distribution(counts: tuple[int, int]) -> None:
    wrong, checked = counts
    low, high = exact_interval(wrong, checked)
    if checked:
        expected = (
            beta.ppf(0.025, wrong, checked - wrong + 1) if wrong else 0.0,
            beta.ppf(0.975, wrong + 1, checked - wrong) if wrong < checked else 1.0,
        )
        assert (low, high) == pytest.approx(expected, abs=1e-9)
    else:
        assert (low, high) == (0.0, 1.0)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    picked, truth, held = random.Random(7), 0.03, 0
    populations = {"A": 6000, "B": 4000}
    for _ in range(400):
        rates = []
        for unit, size in (("A", 300), ("B", 200)):
            wrong = sum(picked.random() < truth for _ in range(size))
            rates.append(ErrorRate(unit, "", wrong, size, *exact_interval(wrong, size)))
        _, low, high = stratified(rates, populations)
        held += low <= truth <= high
    # 95 % of 400 is 380; the populations are drawn anew, so that their finiteness costs a little.
    assert 355 <= held <= 396


def sheet_of(changes: dict[str, dict[str, str]]) -> tuple[bytes, tuple[Drawn, ...]]:
    drawn = draw(PEOPLE, {"A": 5, "B": 5}, seed=1)
    table = worksheet(drawn, RECORDS, ["name", "birth", "sex"])
    rows = []
    for row in table.rows:
        cells = dict(zip(table.titles, row, strict=True))
        found = RECORDS[str(cells["reference"])] | changes.get(str(cells["reference"]), {})
        cells |= {f"{field}_found": found[field] for field in found}
        rows.append(tuple(cells.values()))
    return write_csv(type(table)(table.name, table.titles, tuple(rows))), drawn


def test_out_and_back() -> None:
    first = draw(PEOPLE, {"A": 5, "B": 5}, seed=1)[0].reference
    content, drawn = sheet_of({first: {"name": "Trần Thị Hòa", "sex": ""}})
    checked, findings = read_worksheet(content, drawn, RECORDS, ["name", "birth", "sex"])
    assert not findings
    assert len(checked) == 10
    rates = {(one.unit, one.field): one for one in error_rates(checked)}
    assert (rates["", ""].wrong, rates["", ""].checked) == (1, 10)
    assert (rates["A", "name"].wrong, rates["A", "birth"].wrong) == (1, 0)
    assert (rates["", "sex"].wrong, rates["", "sex"].checked) == (0, 9)
    assert send_back(checked).rows == (("A", first, "name"),)
    assert send_back(checked, ["B"]).rows[0] == ("B", "", "*")


def test_the_sheet_is_not_believed_about_what_is_recorded() -> None:
    content, drawn = sheet_of({})
    text = content.decode("utf-8-sig").replace("Nguyễn Thị Hoà", "Ai Đó")
    checked, _ = read_worksheet(text.encode(), drawn, RECORDS, ["name"])
    assert all(one.wrong == ("name",) for one in checked)


def test_strangers_repeats_and_gaps_are_told() -> None:
    content, drawn = sheet_of({})
    lines = content.decode("utf-8-sig").splitlines()
    text = "\n".join([*lines[:9], lines[1], lines[2].replace(lines[2].split(",")[0], "x")])
    checked, findings = read_worksheet(text.encode(), drawn, RECORDS, ["name"])
    assert len(checked) == 8
    told = [(one.code, one.row) for one in findings]
    assert told == [
        ("told-again", 10),
        ("not-drawn", 11),
        ("not-returned", None),
        ("not-returned", None),
    ]


def test_a_blind_sheet_tells_nothing() -> None:
    drawn = draw(PEOPLE, {"A": 2}, seed=1)
    table = worksheet(drawn, RECORDS, ["name"], blind=True)
    assert table.titles == ("reference", "unit", "name_found")
    assert "Hoà" not in str(table.rows)


def test_a_decision_for_every_case() -> None:
    rates = [ErrorRate(unit, "", wrong, 400, *exact_interval(wrong, 400))
             for unit, wrong in (("good", 1), ("bad", 40), ("unsure", 9))]  # fmt: skip
    rates.append(ErrorRate("", "name", 400, 400, 0.99, 1.0))
    found = {one.rate.unit: one.verdict for one in decide(rates, 0.02)}
    assert found == {
        "good": Verdict.ACCEPT, "bad": Verdict.SEND_BACK, "unsure": Verdict.CHECK_MORE
    }  # fmt: skip


def test_no_values_in_what_is_printed() -> None:
    one = Checked("ref", "A", (FieldCheck("name", "Bí Mật", "Khác"),))
    assert "Bí Mật" not in repr(one) + repr(one.fields)
    assert "ref" not in repr(one) + repr(Drawn("ref", "A"))
    assert one.fields[0].outcome is Outcome.DIFFERENT
