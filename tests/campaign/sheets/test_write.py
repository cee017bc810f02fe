"""Tables for spreadsheets."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest

from civid.campaign.sheets import Written, write_csv, write_xlsx
from civid.errors import CampaignError

TABLE = Written.of(
    "tiến độ/2021",
    ["đơn vị", "số", "tỷ lệ", "ngày"],
    [["=HYPERLINK(1)", 98713820, Decimal("95.39"), date(2021, 6, 8)], ["+84", 1, None, None]],
)


def test_vietnamese_and_plain() -> None:
    vietnamese = write_csv(TABLE, "vi").decode("utf-8-sig").splitlines()
    assert vietnamese[1] == "'=HYPERLINK(1);98.713.820;95,39;08/06/2021"
    plain = write_csv(TABLE).decode("utf-8-sig").splitlines()
    assert plain[1:] == ["'=HYPERLINK(1),98713820,95.39,2021-06-08", "'+84,1,,"]
    assert write_csv(TABLE)[:3] == b"\xef\xbb\xbf"


def test_a_workbook_keeps_numbers_and_never_computes() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx([TABLE, TABLE])))
    sheet = book.worksheets[0]
    assert sheet.title == "1 tiến độ_2021"
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == "=HYPERLINK(1)"
    assert sheet["B2"].value == 98713820
    assert sheet["D2"].value.date() == date(2021, 6, 8)
    assert len(book.worksheets) == 2


def test_control_characters_do_not_break_a_workbook() -> None:
    pytest.importorskip("openpyxl")
    assert write_xlsx([Written.of("x", ["a"], [["a\x00\x1b[31m"]])])


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(CampaignError) as caught:
        Written.of("x", ["a"], [["1"], ["1", "2"]])
    assert caught.value.row == 3
