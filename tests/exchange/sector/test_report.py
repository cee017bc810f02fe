"""The files of a report: whole or not there, harmless in a spreadsheet, in both languages."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from civid.exchange.sector import check
from civid.exchange.sector.report.page import page
from civid.exchange.sector.report.whole_file import whole_file
from civid.exchange.sector.report.words import _texts
from civid.exchange.sector.synthetic import write_example
from civid.problems import Problem
from civid.spreadsheets import FORMULA

DAY = date(2024, 12, 31)
NAMES = {"readiness.vi.html", "readiness.en.html", "readiness.json", "rows.csv", "normalised.csv",
         "mend.csv"}  # fmt: skip


class Tags(HTMLParser):
    """Opened and closed tags in order, and what is loaded."""

    EMPTY = frozenset(("meta", "rect", "br"))

    def __init__(self, text: str):
        super().__init__()
        self.open, self.loads = list[str](), list[str]()
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [str(value) for name, value in attrs if name in ("src", "href", "action")]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag


def test_all_files_with_what_was_found(tmp_path: Path) -> None:
    noted = write_example(tmp_path / "t.csv", 400, seed=2, error_rate=0.3)
    made = check(tmp_path / "t.csv", as_of=DAY, output=tmp_path / "o")
    assert {one.name for one in (tmp_path / "o").iterdir()} == NAMES
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in (tmp_path / "o").iterdir())
    plain = json.loads((tmp_path / "o" / "readiness.json").read_text("utf-8"))
    assert plain == made.to_dict()
    rows_file = io.StringIO((tmp_path / "o/rows.csv").read_text("utf-8-sig"))
    listed = {int(row["row"]): row["findings"].split("; ") for row in csv.DictReader(rows_file)}
    for rule, rows in noted.planted.items():
        assert all(rule in listed[row] for row in rows), rule
    for one in made.found:
        assert one.rows == sum(one.rule.id in found for found in listed.values())
        assert set(one.examples) <= {row for row, found in listed.items() if one.rule.id in found}
    with (tmp_path / "o/normalised.csv").open(encoding="utf-8-sig") as file:
        normalised = list(csv.DictReader(file))
    assert [int(row["row"]) for row in normalised] == list(range(2, noted.rows + 2))
    for language in ("vi", "en"):
        text = (tmp_path / "o" / f"readiness.{language}.html").read_text("utf-8")
        assert Tags(text).loads == []
        assert "default-src 'none'" in text
        assert text == page(made, language)


def test_the_same_report_of_the_same_table(tmp_path: Path) -> None:
    write_example(tmp_path / "t.csv", 200, seed=2, error_rate=0.3)
    for name in ("a", "b"):
        check(tmp_path / "t.csv", as_of=DAY, output=tmp_path / name)
    for name in NAMES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_table_that_means_harm(tmp_path: Path) -> None:
    titles = 'Họ và tên;Số CCCD;"<script>alert(1)</script>";=cmd|x'
    bad = ["=HYPERLINK(1)", "@SUM(A1)", "+cmd", "<b>An</b>", "＝1", "\u3000=1", "'=1", "An\u202e"]
    lines = "\n".join(f"{one};04630112345{at};x;y" for at, one in enumerate(bad))
    file = tmp_path / "<i>t.csv"
    file.write_text(f"{titles}\n{lines}\n", encoding="utf-8")
    check(file, as_of=DAY, output=tmp_path / "o")
    for language in ("vi", "en"):
        text = (tmp_path / "o" / f"readiness.{language}.html").read_text("utf-8")
        assert "<script" not in text
        assert "<i>" not in text
        Tags(text)
    for name in ("rows.csv", "normalised.csv", "mend.csv"):
        text = (tmp_path / "o" / name).read_text("utf-8-sig")
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                assert cell.lstrip(" \u00a0\u3000")[:1] not in FORMULA, cell


def test_a_file_that_could_not_be_finished_is_not_there(tmp_path: Path) -> None:
    def half() -> None:
        with whole_file(tmp_path / "x") as file:
            file.write("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "x").write_text("before", encoding="utf-8")
    with pytest.raises(RuntimeError):
        half()
    assert (tmp_path / "x").read_text("utf-8") == "before"
    with pytest.raises(Problem), whole_file(tmp_path / "x" / "y"):
        pass


def test_words_are_there_in_both_languages_with_the_same_gaps_and_all_are_said() -> None:
    room = Path(page.__code__.co_filename).parent
    said = "".join(one.read_text("utf-8") for one in (*room.glob("*.py"), *room.rglob("*.html")))
    for key, texts in _texts().items():
        assert len(texts) == 2
        assert texts[0].count("{}") == texts[1].count("{}")
        start = key.split(".")[0]
        made = re.search(rf'f?"{start}\.\{{|"{start}\." ~', said)
        assert f'"{key}"' in said or made, key
