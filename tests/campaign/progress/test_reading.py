"""Counts out of CSV: nothing is dropped in silence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.campaign.trees import FIRST, small

from civid.campaign.organisation import CampaignUnit, Level, UnitTree
from civid.campaign.progress.board import Board
from civid.campaign.progress.reading import Seen, Told, falls, read_reports
from civid.campaign.progress.reports import Report
from civid.campaign.progress.stage import STAGES, Stage
from civid.errors import CampaignError
from civid.people.findings.model import Severity

TODAY = date(2021, 3, 10)


def read(text: str, tree: UnitTree | None = None, **options: object) -> Told:
    return read_reports(text.encode(), tree or small(), FIRST, TODAY, name="a.csv", **options)  # type: ignore[arg-type]


def codes(told: Told) -> list[tuple[str, int | None]]:
    return [(one.code, one.row) for one in told.findings]


def test_a_row_a_count() -> None:
    told = read("unit,day,stage,count,received,reason\nC1,2021-03-01,collected,70,2021-03-02,x\n")
    assert told.findings == ()
    one = told.reports[0]
    assert (one.unit, one.stage, one.count, one.received) == (
        "C1",
        Stage.COLLECTED,
        70,
        date(2021, 3, 2),
    )
    assert told.rows == (2,)


def test_a_row_a_day_in_vietnamese() -> None:
    told = read("Mã đơn vị;Ngày;Thu nhận;Đã trả\nC1;01/03/2021;1.234.567;1.234\nC2;1/3/2021;;0\n")
    assert [(one.stage, one.count) for one in told.reports] == [
        (Stage.COLLECTED, 1234567),
        (Stage.DELIVERED, 1234),
        (Stage.DELIVERED, 0),
    ]


def test_a_unit_by_its_name() -> None:
    tree = UnitTree(
        [
            CampaignUnit("68", "Lâm Đồng", Level.PROVINCE),
            CampaignUnit("a", "Đạ Huoai", Level.DISTRICT, "68"),
            CampaignUnit("b", "Hòa Bình", Level.DISTRICT, "68"),
            CampaignUnit("c", "Hoà Bình", Level.DISTRICT, "68"),
        ]
    )
    told = read("unit,day,collected\nđạ huoai,2021-03-01,5\nHòa Bình,2021-03-01,5\n", tree)
    assert told.reports[0].unit == "a"
    assert codes(told) == [("unit-ambiguous", 3)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("X,2021-03-01,collected,1,", "no-such-unit"),
        ("C1,2021-03-11,collected,1,", "day-future"),
        ("C1,2021-03-02,collected,1,2021-04-01", "day-future"),
        ("C1,2021-02-28,collected,1,", "day-outside"),
        ("C1,2021-03-05,collected,1,2021-03-04", "told-before"),
        ("C1,31/02/2021,collected,1,", "not-a-day"),
        ("C1,2021-03-01,dc01,1,", "stage-not-counted"),
        ("C1,2021-03-01,eaten,1,", "no-such-stage"),
        ("C1,2021-03-01,collected,-1,", "not-a-count"),
        ('C1,2021-03-01,collected,"1,5",', "not-a-count"),
        ("C9,2021-03-01,collected,1,", "unit-closed"),
    ],
)
def test_what_does_not_count_is_told_with_row_and_unit(row: str, code: str) -> None:
    closed = CampaignUnit("C9", "C9", Level.COMMUNE, "D1", closed=date(2021, 2, 1))
    tree = UnitTree([*small(), closed])
    told = read(f"unit,day,stage,count,received\n{row}\nC2,2021-03-01,collected,1,\n", tree)
    assert codes(told) == [(code, 2)]
    found = told.findings[0]
    assert (found.severity, found.unit, found.file) == (
        Severity.ERROR,
        row.partition(",")[0],
        "a.csv",
    )
    assert len(told.reports) == 1
    for language in ("vi", "en"):
        assert "{" not in found.sentence(language)
        assert code not in found.sentence(language)


def test_two_rows_for_one_count() -> None:
    told = read("unit,day,collected\nC1,2021-03-01,5\nC1,2021-03-01,6\nC1,2021-03-01,6\n")
    assert codes(told) == [("told-differently", 3), ("told-again", 4)]
    board = Board(small(), FIRST, 10)
    board.add(told.reports)
    assert board.total("C1", Stage.COLLECTED) == 6


def test_a_total_that_falls_counts_and_is_told() -> None:
    told = read("unit,day,collected\nC1,2021-03-01,50\nC1,2021-03-03,40\nC1,2021-03-04,60\n")
    found = falls(told, "a.csv")
    assert [(one.code, one.row, one.unit, one.day) for one in found] == [
        ("count-falls", 3, "C1", date(2021, 3, 3))
    ]
    board = Board(small(), FIRST, 10, kind="total")
    board.add(told.reports)
    assert board.total("P", Stage.COLLECTED) == 60
    assert board.total("P", Stage.COLLECTED, date(2021, 3, 3)) == 40
    corrected = read("unit,day,collected,reason\nC1,2021-03-01,50,\nC1,2021-03-03,40,trùng\n")
    assert falls(corrected) == ()


def test_numbers_of_both_formats_in_one_file() -> None:
    told = read(
        "unit;day;collected\nC1;2021-03-01;1.234.567\nC2;2021-03-01;1,234,567\nC3;2021-03-01;1.234\n"
    )
    assert codes(told) == [("mixed-numbers", 2), ("mixed-numbers", 3), ("ambiguous-number", 4)]
    assert [one.unit for one in told.reports] == ["C1", "C2"]


def test_a_file_without_counts_is_refused() -> None:
    with pytest.raises(CampaignError) as caught:
        read("unit,day\nC1,2021-03-01\n")
    assert caught.value.code == "no-column"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["C1", "C2", "D1", "X", ""]),
            st.sampled_from(["2021-03-01", "5/3/2021", "2022-01-01", "?"]),
            st.sampled_from(["1.234", "7", "1.234.567", "-", ""]),
            st.sampled_from(["collected", "in", "?"]),
        ),
        max_size=12,
    )
)
def test_every_row_counts_or_is_found(rows: list[tuple[str, str, str, str]]) -> None:
    text = "unit;day;count;stage\n" + "".join(f"{';'.join(row)}\n" for row in rows)
    told = read(text, stages=STAGES)
    refused = {one.row for one in told.findings if one.severity is Severity.ERROR}
    assert refused.isdisjoint(told.rows)
    assert refused | set(told.rows) == set(range(2, len(rows) + 2))


def test_a_count_too_large_is_told_and_the_others_count() -> None:
    told = read(f"mã;ngày;thu nhận\nC1;01/03/2021;{'9' * 30}\nC1;02/03/2021;5\n")
    assert codes(told) == [("count-range", 2)]
    assert [one.count for one in told.reports] == [5]
    board = Board(small(), FIRST, 10)
    for count in (10**30, 10**18):
        with pytest.raises(CampaignError) as caught:
            board.add([Report("C1", FIRST, Stage.COLLECTED, count)])
        assert caught.value.code == "count-range"
    assert not board.rolled.any()


def test_a_row_without_any_count_is_told() -> None:
    told = read("mã;ngày;thu nhận;đã trả\nC1;01/03/2021;;\nzz;02/03/2021;;\nC1;03/03/2021;;0\n")
    assert codes(told) == [("no-count", 2), ("no-count", 3)]
    assert [one.count for one in told.reports] == [0]


def test_a_file_is_held_against_those_before_it() -> None:
    before = Seen()
    first, second = "mã;ngày;thu nhận\nC1;01/03/2021;5\n", "mã;ngày;thu nhận\nC1;01/03/2021;6\n"
    assert codes(read(first, before=before)) == []
    told = read(second, before=before)
    assert codes(told) == [("told-differently", 2)]
    assert told.findings[0].values["other"] == "2 (a.csv)"
    assert codes(read(second, before=before)) == [("told-again", 2)]
