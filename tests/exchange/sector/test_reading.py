"""A partner's file in every writing gives the same rows; what is no table gives one typed error."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from unicodedata import normalize

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.exchange.sector.tables import ROWS, TITLES, cp1258, read, tcvn3, text_of

from civid.errors import CividError, FieldError, FormatError
from civid.exchange.sector.table import excel_file
from civid.exchange.sector.table.source import Source
from civid.register.bulk.outcome import Refused

FIELDS = ("name", "birth", "sex", "number")
WANTED = [(2 + at, dict(zip(FIELDS, row[1:], strict=True))) for at, row in enumerate(ROWS)]


@pytest.mark.parametrize(
    "data",
    [
        text_of().encode(),
        text_of(end="\r\n").encode("utf-8-sig"),
        text_of(mark=",").encode("utf-16"),
        text_of(mark="\t").encode("utf-16-le"),
        text_of().encode("utf-16-be"),
        text_of(mark="|").encode("utf-8"),
        ("sep=;\r\n" + text_of()).encode(),
        ("\n\n" + text_of()).encode(),
        cp1258(text_of()),
        text_of([["1", '"Nguyễn Thị Ánh"', *ROWS[0][2:]], *ROWS[1:]]).encode(),
    ],
    ids=["utf8", "bom", "16", "16le", "16be", "bar", "sep", "leading", "cp1258", "quoted"],
)
def test_the_same_rows_in_every_writing(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(data)
    joined = [
        (number, {name: normalize("NFC", text) for name, text in row.items()})
        for number, row in read(file)
        if isinstance(row, dict)
    ]
    assert joined == WANTED  # Windows-1258 has tones as letters of their own


def test_an_old_font_is_read_as_it_shows_and_its_titles_understood(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(tcvn3(text_of()))
    source = Source.open(file)
    assert source.encoding == "cp1252"
    assert list(source.columns.values()) == list(FIELDS)
    shown = [row["name"] for _, row in source.rows() if isinstance(row, dict)]
    assert shown == ["NguyÔn ThÞ Ánh", "Vâ §øc Ph\xadíc", "§Æng H÷u NghÜa"]


def test_a_few_bytes_that_are_no_letters_spoil_their_row_alone(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(text_of().encode() + b"4;L\xff An;01/01/1990;Nam;046090000123\n")
    assert read(file)[:3] == WANTED
    assert Source.open(file).encoding is None


def test_a_workbook_with_numbers_and_days_of_its_own(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(TITLES)
    sheet.append([1, "Nguyễn Thị Ánh", datetime(2001, 3, 5), "Nữ", 46301123456])
    sheet.append([])
    sheet.append([2, "Võ Đức Phước", date(1980, 2, 1), "Nam", 46080000017.0])
    sheet.append([3, "Đặng Hữu Nghĩa", "17/11/1964", None, "191234567"])
    book.save(tmp_path / "t.xlsx")
    found = read(tmp_path / "t.xlsx")
    # The spreadsheet has eaten the zeros; its empty line is counted as it counts it.
    assert [(number, row["number"]) for number, row in found] == [  # type: ignore[index]
        (2, "46301123456"), (4, "46080000017"), (5, "191234567")
    ]  # fmt: skip
    assert [row["birth"] for _, row in found] == ["05/03/2001", "01/02/1980", "17/11/1964"]  # type: ignore[index]


def test_parquet(tmp_path: Path) -> None:
    columns = {title: [row[at] for row in ROWS] for at, title in enumerate(TITLES)}
    columns["Ngày sinh"] = [date(2001, 3, 5), date(1980, 2, 1), date(1964, 11, 17)]  # type: ignore[list-item]
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    source = Source.open(tmp_path / "t.parquet")
    assert list(source.rows()) == WANTED
    assert source.about_rows() == len(ROWS)


def test_rows_of_another_width_are_refused_by_their_number(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(text_of([ROWS[0], ("2", "Võ"), ROWS[2]]), encoding="utf-8")
    found = read(file)
    assert isinstance(found[1][1], Refused)
    assert (found[1][0], found[1][1].code) == (3, "shape")
    assert found[2] == (4, WANTED[2][1])


@pytest.mark.parametrize("text", ["a;b\n\n1;2\n", "a;b\r\n\r\n1;2\r\n", "\na;b\n1;2\n"])
def test_empty_lines_are_told_of(tmp_path: Path, text: str) -> None:
    file = tmp_path / "t.csv"
    file.write_text(text.replace("a;b", "Họ tên;Số CCCD"), encoding="utf-8", newline="")
    assert Source.open(file).has_empty_lines
    file.write_text("Họ tên;Số CCCD\n1;2\n\n\n", encoding="utf-8")
    assert not Source.open(file).has_empty_lines  # behind everything they shift nothing


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "."), (b"\n\n", "titles"),
        (b"PK\x03\x04 no workbook", "workbook"), (b"PAR1 no parquet", "Parquet"),
        (b"\xd0\xcf\x11\xe0 old", "XLS"), (b"a;b;c\n1;2;3\n", "understood"),
        (b"\x00" * 5000, "."),
    ],
)  # fmt: skip
def test_what_is_no_table(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "t"
    file.write_bytes(data)
    with pytest.raises((FormatError, FieldError), match=said):
        read(file)


def test_no_such_file_and_an_encoding_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="No such file"):
        Source.open(tmp_path / "none.csv")
    file = tmp_path / "t.csv"
    file.write_text(text_of(), encoding="utf-8")
    with pytest.raises(FormatError, match="encoding"):
        Source.open(file, encoding="nix")
    with pytest.raises(FieldError, match="delimiter"):
        Source.open(file, delimiter="ab")


def test_a_workbook_that_unpacks_to_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel_file, "_MOST_SHARED", 1 << 20)
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * (2 << 20))
    with pytest.raises(FormatError, match="too much"):
        Source.open(tmp_path / "t.xlsx")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.sampled_from([b"", b"PK\x03\x04", b"PAR1", b"\xff\xfe", text_of().encode()[:80]]),
    st.binary(max_size=300),
)
def test_any_bytes_end_in_rows_or_in_a_typed_error(
    tmp_path: Path, start: bytes, rest: bytes
) -> None:
    file = tmp_path / "t"
    file.write_bytes(start + rest)
    try:
        for number, row in read(file):
            assert number >= 2
            assert isinstance(row, (dict, Refused))
    except CividError:
        pass


def test_words_of_an_old_font_are_read_by_it_and_names_left_as_they_show(tmp_path: Path) -> None:
    titles = text_of([]).strip()
    file = tmp_path / "t.csv"
    file.write_bytes(
        tcvn3(f"{titles};Tỉnh/Thành phố\n1;Nguyễn Thị Ánh;1/1/1980;Nữ;x;Thừa Thiên Huế\n")
    )
    source = Source.open(file)
    assert source.font == "tcvn3"
    ((_, row),) = source.rows()
    assert isinstance(row, dict)
    assert (row["sex"], row["province_name"]) == ("Nữ", "Thừa Thiên Huế")
    assert row["name"] == "NguyÔn ThÞ Ánh"
    file.write_bytes(text_of().encode())
    assert Source.open(file).font == ""
