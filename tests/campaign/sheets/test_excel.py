"""Workbooks are read like CSV, and cannot do harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.campaign.trees import FIRST, small

from civid.campaign.progress.reading import read_reports
from civid.campaign.progress.stage import Stage
from civid.campaign.sheets import Written, read_sheet, write_xlsx
from civid.errors import CampaignError

pytest.importorskip("openpyxl")
BOOK = write_xlsx([Written.of("x", ["mã", "ngày", "thu nhận", "lý do"], [
    ["C1", date(2021, 3, 1), 1234, None], ["'=C2", date(2021, 3, 2), 5, "=x"], [None] * 4,
])])  # fmt: skip


def test_counts_out_of_a_workbook() -> None:
    told = read_reports(BOOK, small(), FIRST, date(2021, 3, 9))
    assert [(one.unit, one.day, one.stage, one.count) for one in told.reports] == [
        ("C1", FIRST, Stage.COLLECTED, 1234)
    ]
    assert [(one.code, one.row) for one in told.findings] == [("no-such-unit", 3)]


def test_what_is_written_is_read() -> None:
    rows = read_sheet(BOOK, {"unit": ("mã",), "reason": ("lý do",)}).rows
    assert [(row.number, row["unit"], row["reason"]) for row in rows] == [
        (2, "C1", ""), (3, "=C2", "=x")
    ]  # fmt: skip


def test_a_bomb_is_not_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/{number}.xml", b" " * (100 << 20))
    assert len(file.getvalue()) < 1 << 20
    with pytest.raises(CampaignError) as caught:
        read_sheet(file.getvalue(), {"unit": ()})
    assert caught.value.code == "too-large"


@given(st.integers(0, len(BOOK) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_workbook_is_refused_or_read(at: int, junk: bytes) -> None:
    try:
        read_sheet(BOOK[:at] + junk + BOOK[at + len(junk) :], {"unit": ("mã",)}, needed=("unit",))
    except CampaignError:
        return


@given(st.integers(4, len(BOOK) - 1))
def test_one_that_is_cut_short_is_refused(end: int) -> None:
    with pytest.raises(CampaignError):
        read_sheet(BOOK[:end], {"unit": ("mã",)}, needed=("unit",))


def test_a_formula_that_was_never_computed_is_not_taken_for_empty() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (["mã", "ngày", "thu nhận"], ["C1", FIRST, "=1+4"], ["C1", date(2021, 3, 2), 7]):
        book.active.append(row)
    book.save(file)
    told = read_reports(file.getvalue(), small(), FIRST, date(2021, 3, 9))
    assert [(one.code, one.row) for one in told.findings] == [("not-a-count", 2)]
    assert [one.count for one in told.reports] == [7]
