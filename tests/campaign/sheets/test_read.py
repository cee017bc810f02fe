"""CSV that people wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.campaign.sheets import Row, decide_numerals, read_sheet, write_csv
from civid.campaign.sheets.write import Written
from civid.errors import CampaignError
from civid.people.findings.model import Severity
from civid.spreadsheets import harmless

WANTED = {"unit": ("mã",), "count": ("số lượng",)}


def codes(*texts: str, numerals: str | None = None) -> tuple[list[int | None], list[str]]:
    rows = [Row(at, {"unit": "u", "n": text}) for at, text in enumerate(texts, 2)]
    found = decide_numerals(rows, "n", numerals=numerals)
    return list(found.counts), [one.code for one in found.findings]


@pytest.mark.parametrize(
    "text",
    ["mã;số lượng\n067;1.234\n", "\ufeffMã,Số lượng\r\n067,1234\r\n", "unit\tcount\n067\t1234"],
)
def test_separators_titles_and_marks(text: str) -> None:
    sheet = read_sheet(text.encode(), WANTED)
    assert sheet.rows[0]["unit"] == "067"
    assert sheet.rows[0].number == 2


def test_utf_16_from_excel() -> None:
    assert read_sheet("mã\tsố lượng\n1\t2\n".encode("utf-16"), WANTED).rows[0]["count"] == "2"


def test_rows_of_another_width_are_told_and_not_dropped_silently() -> None:
    sheet = read_sheet(b"unit,count\na,1\nb\nc,3\n\n", WANTED, name="x.csv")
    assert [row["unit"] for row in sheet.rows] == ["a", "c"]
    told = sheet.findings[0]
    assert (told.code, told.row, told.file) == ("row-width", 3, "x.csv")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"unit,unit,count\n", "column-twice"),
        (b"count\n1\n", "no-column"),
        (b"\xff\x00a", "not-text"),
        (b"unit,count\na\0,1\n", "not-text"),
        (b'unit,count\n"a,1\n', "not-csv"),
        (b"unit,count\n" + b"a" * 5000 + b",1\n", "not-csv"),
        (b"\xc3(", "not-text"),
        (b"", "no-column"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(CampaignError) as caught:
        read_sheet(content, WANTED, needed=("unit",))
    assert caught.value.code == code


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read_sheet(content, WANTED, needed=("unit",))
    except CampaignError:
        return


def test_one_sure_number_decides_for_the_file() -> None:
    assert codes("1.234.567", "1.234", "12") == ([1234567, 1234, 12], [])
    assert codes("1,234,567", "1.234") == ([1234567, None], ["other-numbers"])


def test_without_a_sure_one_there_is_a_warning_and_the_option_takes_it_away() -> None:
    assert codes("1.234", "12") == ([1234, 12], ["unsure-number"])
    assert codes("1.234", "12", numerals="vi") == ([1234, 12], [])
    assert codes("1.234", "12", numerals="en") == ([None, 12], ["other-numbers"])


def test_in_a_mixed_file_the_doubtful_is_not_counted() -> None:
    counts, found = codes("1.234.567", "1,234,567", "1.234", "5")
    assert counts == [1234567, 1234567, None, 5]
    assert found == ["mixed-numbers", "mixed-numbers", "ambiguous-number"]


def test_only_two_doubtful_ones_of_different_formats() -> None:
    assert codes("1.234", "1,234") == ([None, None], ["ambiguous-number", "ambiguous-number"])


def test_what_is_no_count_is_an_error_with_row_and_unit() -> None:
    found = decide_numerals([Row(7, {"unit": "067", "n": "1,5"})], "n")
    assert found.counts == (None,)
    told = found.findings[0]
    assert (told.row, told.unit, told.severity) == (7, "067", Severity.ERROR)


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20), min_size=1))
def test_text_comes_back_and_is_never_a_formula(texts: list[str]) -> None:
    content = write_csv(Written.of("x", ["unit"], [[text] for text in texts]))
    lines = read_sheet(content, {"unit": ()}).rows
    kept = [text.strip() for text in texts if harmless(text).strip()]
    assert [row["unit"].strip() for row in lines] == kept
    for text in texts:
        assert harmless(text).lstrip()[:1] not in set("=+-@＝＋－＠")


def test_the_row_of_a_broken_quote_is_named() -> None:
    with pytest.raises(CampaignError) as caught:
        read_sheet(b'unit,count\na,1\n"b"x,2\n', WANTED)
    assert (caught.value.code, caught.value.row) == ("not-csv", 3)
