"""The check finds what was planted, row by row, and nothing that nothing explains."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from civid.exchange.sector.judge.examining import Examined, examine_table
from civid.exchange.sector.synthetic import TITLES, Planted, sector_rows, write_example
from civid.exchange.sector.table.source import Source

DAY = date(2024, 12, 31)  # of the synthetic people
#: What is rightly found beyond what was planted: namesakes, 01/01, weak signs; and planted errors
#: of other rules that look so as well (`Planted.allowed` says of which rows).
WEAK = {"row.name_birth", "birth.new_year", "name.letters", "name.case", "life.very_old"}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Planted, Examined]:
    file = tmp_path_factory.mktemp("planted") / "customers.csv"
    noted = write_example(file, 4000, seed=11, error_rate=0.2)
    return file, noted, examine_table(Source.open(file), DAY)


def test_every_planted_error_is_found_at_its_row(
    example: tuple[Path, Planted, Examined],
) -> None:
    _, noted, found = example
    assert found.size == noted.rows
    assert len(noted.planted) >= 30
    for rule, rows in noted.planted.items():
        assert set(rows) <= set(found.rows.get(rule, ())), rule


def test_nothing_is_found_that_nothing_explains(example: tuple[Path, Planted, Examined]) -> None:
    _, noted, found = example
    for rule, rows in found.rows.items():
        if rule not in WEAK:
            unexplained = [row for row in rows if rule not in noted.allowed.get(int(row), ())]
            assert unexplained == [], rule


@pytest.mark.parametrize(
    "rule",
    ["number.missing", "number.old", "number.zero_lost", "number.place", "birth.missing",
     "birth.partial", "birth.impossible", "birth.unreadable", "birth.future", "birth.serial",
     "name.missing", "name.unreadable", "name.digits", "sex.missing", "sex.unreadable",
     "number.shared", "number.repeated", "place.name_unknown"],
)  # fmt: skip
def test_counts_of_exact_rules_are_exact(
    example: tuple[Path, Planted, Examined], rule: str
) -> None:
    _, noted, found = example
    assert found.count(rule) == len(set(noted.planted[rule])) > 0


def test_the_same_findings_in_every_form_of_the_table(tmp_path: Path) -> None:
    rows = list(sector_rows(250, seed=3, error_rate=0.3))
    fields = [name for name in TITLES.values() if name]
    titles = [title for title, name in TITLES.items() if name]
    cells = [[row[name] for name in fields] for row in rows]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in (titles, *cells):
        sheet.append([cell.replace("\x0b", " ") for cell in line])
    book.save(tmp_path / "t.xlsx")
    pq.write_table(
        pa.table({title: [line[at] for line in cells] for at, title in enumerate(titles)}),
        tmp_path / "t.parquet",
    )
    quoted = [[f'"{cell}"' for cell in line] for line in (titles, *cells)]
    text = "\r\n".join("\t".join(line) for line in quoted)
    (tmp_path / "t.csv").write_text(text, encoding="utf-16", newline="")
    seen = [
        {rule: rows.tolist() for rule, rows in examine_table(Source.open(file), DAY).rows.items()}
        for file in (tmp_path / "t.xlsx", tmp_path / "t.parquet", tmp_path / "t.csv")
    ]
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) > 20


def test_chunks_make_no_difference(
    example: tuple[Path, Planted, Examined], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, _, found = example
    monkeypatch.setattr("civid.exchange.sector.judge.examining.CHUNK", 333)
    again = examine_table(Source.open(file), DAY)
    assert {rule: rows.tolist() for rule, rows in again.rows.items()} == {
        rule: rows.tolist() for rule, rows in found.rows.items()
    }
    assert again.size == found.size


def test_rows_of_the_table_alone(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(
        "Họ và tên;Ngày sinh;Số CCCD\n"
        "Lê An;05/03/2001;046301123456\n"
        "Lê An;05/03/2001\n"  # too short
        '"Lê An;05/03/2001;046301123456\n'  # a quote that is not closed
        "=HYPERLINK(1);05/03/2001;046301123457\n"
        "LE AN;05.03.2001;\n"
        "Võ Bình;36955;191234567\n"
        "+84 91;1/1/1980;046080000017\n",
        encoding="utf-8",
    )
    found = {
        rule: rows.tolist() for rule, rows in examine_table(Source.open(file), DAY).rows.items()
    }
    assert found["row.shape"] == [3]
    assert found["row.quoting"] == [4]
    assert found["row.formula"] == [5]
    assert found["row.name_birth"] == [2, 6]
    assert found["number.missing"] == [6]
    assert found["number.old"] == found["birth.serial"] == [7]
    assert found["birth.new_year"] == [8]
