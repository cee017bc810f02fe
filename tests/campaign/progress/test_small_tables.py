"""Reasons and blanks out of CSV."""

from __future__ import annotations

from datetime import date

from tests.campaign.trees import FIRST, small

from civid.campaign.progress.missing import Why
from civid.campaign.progress.small_tables import read_blanks, read_missing


def test_reasons_in_words_and_those_that_nobody_foresaw() -> None:
    text = "mã;lý do;số lượng\nC1;Đi làm ăn xa;30\nC1;mất điện;2\nX;vắng mặt;5\nC2;absent;x\n"
    rows, findings = read_missing(text.encode(), small())
    assert [(one.why, one.count, one.text) for one in rows] == [
        (Why.WORKING_AWAY, 30, ""), (Why.OTHER, 2, "mất điện")
    ]  # fmt: skip
    assert [(one.code, one.row) for one in findings] == [("not-a-count", 5), ("no-such-unit", 4)]


def test_blanks_by_day_and_before() -> None:
    text = "ngày;số phôi\n28/02/2021;500\n01/03/2021;10\n01/03/2021;5\n2021-05-01;7\n?;1\n"
    came, opening, findings = read_blanks(text.encode(), FIRST, 3)
    assert (came, opening) == ([15, 0, 0], 500)
    assert [(one.code, one.row) for one in findings] == [("day-outside", 5), ("not-a-day", 6)]
    assert findings[0].day == date(2021, 5, 1)
