"""Tables as offices have them: titles further down, hidden sheets, what programs write."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from civid.errors import FormatError
from civid.exchange.sector import check
from civid.exchange.sector.table.excel_file import excel_rows
from civid.exchange.sector.table.source import Source
from civid.exchange.sector.table.title_rows import find_titles

openpyxl = pytest.importorskip("openpyxl")
DAY = date(2026, 3, 1)


def test_a_form_with_merged_titles_and_notes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["danh mục", "ẩn"])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("Dữ liệu")
    for row in (
        ["BẢO HIỂM XÃ HỘI VIỆT NAM"], [], ["DANH SÁCH NGƯỜI THAM GIA"],
        ["STT", "Họ và tên", "Ngày sinh", "Giấy tờ tùy thân", None],
        [None, None, None, "Số CCCD", "Ngày cấp"],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        [1, "Lê An", datetime(2001, 3, 5), 46301123456, "01/02/2021"], [], [2],
        [3, "Võ Bình", 22345, "046060123457", None], ["Tổng cộng: 2 người"],
    ):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("D4:E4")
    file = tmp_path / "form.xlsx"
    book.save(file)
    source = Source.open(file)
    assert source.sheet == "Dữ liệu"
    assert source.columns == {"Họ và tên": "name", "Ngày sinh": "birth", "Số CCCD": "number",
                              "Ngày cấp": "card_issued"}  # fmt: skip
    rows = dict(source.rows())
    assert list(rows) == [7, 10]  # as the spreadsheet shows them
    assert rows[7] == {"name": "Lê An", "birth": "05/03/2001", "number": "46301123456",
                       "card_issued": "01/02/2021"}  # fmt: skip


def test_csv_of_a_form_and_its_empty_rows(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    head = "DANH SÁCH;;\n;;\nHọ và tên;Ngày sinh;Số CCCD\n1;2;3\n"
    file.write_text(head + "Lê An;05/03/2001;046301123456\n" + ";;\n" * 500, encoding="utf-8")
    made = check(file, as_of=DAY)
    assert (made.rows, made.grade.value) == (1, "ready")
    assert list(dict(Source.open(file).rows())) == [5]


def test_a_column_that_is_there_twice_can_be_named(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("Họ tên;CCCD;CCCD\nAn;1;2\n", encoding="utf-8")
    assert [row["number"] for _, row in Source.open(file).rows() if isinstance(row, dict)] == ["1"]
    source = Source.open(file, columns={"CCCD (2)": "number"})
    assert [row["number"] for _, row in source.rows() if isinstance(row, dict)] == ["2"]


@pytest.mark.parametrize(
    ("rows", "skipped"),
    [
        ([["Họ tên", "Số CCCD"], ["Lê An", "1"]], 1),
        ([["a", "b"], ["Nam", "1"]], 1),
        ([["x"], ["Họ tên", "Số CCCD", "y"], ["A", "B", "C"]], 3),
        ([["Họ tên", "Số CCCD", "y"], ["1", "2", "4"]], 1),
        ([], 1),
    ],
)
def test_how_many_rows_are_titles(rows: list[list[str]], skipped: int) -> None:
    assert find_titles(rows).skipped == skipped


def test_what_pandas_makes_of_columns_with_gaps(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    file = tmp_path / "t.parquet"
    columns = {
        "name": ["An", "Bình", "Chi"],
        "number": arrow.array([46301123456.0, float("nan"), 0.5]),
        "birth": arrow.array([datetime(2001, 3, 5), None, None], arrow.timestamp("us")),
    }
    parquet.write_table(arrow.table(columns), file)
    one, two, three = (row for _, row in Source.open(file).rows())
    assert one == {"name": "An", "number": "46301123456", "birth": "05/03/2001"}
    assert two == {"name": "Bình", "number": "", "birth": ""}
    assert not isinstance(three, dict)  # half of a number is none


def _with(path: Path, part: str, content: bytes) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["Họ tên", "Số CCCD"])
    book.save(path)
    with zipfile.ZipFile(path) as old:
        kept = {one: old.read(one) for one in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in (kept | {part: content}).items():
            new.writestr(name, data)
    return path


def test_a_small_part_that_becomes_many_objects_is_refused(tmp_path: Path) -> None:
    content = b"<styleSheet>" + b"<font/>" * (3 << 20) + b"</styleSheet>"
    with pytest.raises(FormatError, match="unpacks"):
        list(excel_rows(_with(tmp_path / "t.xlsx", "xl/styles.xml", content)))


def test_a_row_that_no_sheet_can_have_is_not_waited_for(tmp_path: Path) -> None:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = (
        b'<worksheet xmlns="' + space + b'"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="999999999"><c r="A999999999"><v>2</v></c></row></sheetData></worksheet>'
    )
    file = _with(tmp_path / "t.xlsx", "xl/worksheets/sheet1.xml", content)
    assert [number for number, _ in excel_rows(file)] == [1]


def test_a_table_that_changes_meanwhile_is_given_up(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("Họ tên;CCCD\nAn;1\n", encoding="utf-8")
    source = Source.open(file)
    rows = source.rows()
    next(rows)
    file.write_text("Họ tên;CCCD\nAn;1\nBình;2\n", encoding="utf-8")
    with pytest.raises(FormatError, match="changed"):
        list(rows)
    with pytest.raises(FormatError, match="changed"):
        list(source.rows())
