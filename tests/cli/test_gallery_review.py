"""``civid gallery duplicates --report``: what a clerk gets."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# As little as they may hold, and what a file system, a page and a spreadsheet can be told with it.
NASTY = '=1+1"<script>alert(1)</script>'.replace("/", "")


@pytest.fixture
def office(civid: Callable, prints: Path, tmp_path: Path) -> Path:
    """A unit and a centre: person 1 is in both under one name, person 2 under a nasty one."""
    for name, impression in (("unit", 1), ("centre", 2)):
        folder = tmp_path / f"{name}-prints"
        folder.mkdir()
        for person in (1, 2):
            for finger in ("right-index", "left-index"):
                subject = NASTY if person == 2 and name == "unit" else f"s{person}"
                source = prints / f"{person}_{finger}_{impression}.png"
                shutil.copy(source, folder / f"{subject}_{finger}.png")
        made = civid("enroll", tmp_path / name, "--folder", folder)
        assert made.code == 0, made.err
    return tmp_path


def asked(office: Path, *words: Any) -> tuple[Any, ...]:
    return ("gallery", "duplicates", office / "unit", "--against", office / "centre",
            "--prints", office / "unit-prints", "--prints-against", office / "centre-prints",
            *words)  # fmt: skip


def test_page_table_and_book(civid: Callable, office: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    files = [office / f"night.{kind}" for kind in ("html", "csv", "xlsx")]
    files[0].write_text("an earlier one")
    reports = [word for file in files for word in ("--report", file)]
    run = civid(*asked(office, *reports, "--lang", "en", "--json"))
    assert run.code == 0, run.err
    # Groups: one name in two galleries is two subjects, with the files of each.
    groups = run.json["groups"]
    assert [len(one["members"]) for one in groups] == [2, 2]
    assert {m["subject"] for one in groups for m in one["members"]} == {"s1", "s2", NASTY}
    assert all(len(m["files"]) == 2 for one in groups for m in one["members"])

    page = files[0].read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert page.count("<article>") == 4  # every finger, not the best one alone
    assert page.count('class="pair"') == 4
    for caption in ("s1</bdi>, right index finger (", "s1</bdi>, left index finger ("):
        assert caption in page
    # It loads nothing: what is referred to is inside, and the policy allows its style alone.
    assert set(re.findall(r'(?:href|src)="([a-z]+:)', page)) == {"data:"}
    style = page[page.index("<style>") + 7 : page.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.replace("&#39;", "'").replace("&#43;", "+")

    rows = list(csv.DictReader(io.StringIO(files[1].read_text("utf-8-sig"))))
    assert len(rows) == 4
    assert {row["subject"] for row in rows} == {"s1", "'" + NASTY}  # no spreadsheet computes it
    assert all(Path(row["other_file"]).exists() for row in rows)
    book = openpyxl.load_workbook(files[2])
    assert [sheet.max_row for sheet in book] == [5, 9]
    assert {cell.data_type for cell in book.worksheets[0]["B"]} == {"s"}
    assert {cell.data_type for cell in book.worksheets[0]["F"][1:]} == {"n"}

    before = files[1].read_bytes()
    assert civid(*asked(office, *reports)).code == 0
    assert files[1].read_bytes() == before


def test_a_scan_that_is_gone_is_said_and_drawn_from_the_gallery(
    civid: Callable, office: Path
) -> None:
    pytest.importorskip("jinja2")
    (office / "unit-prints" / "s1_left-index.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    page = office / "night.html"
    run = civid(*asked(office, "--report", page, "--max-pictures", 4))
    assert run.code == 0, run.err
    text = page.read_text("utf-8")
    assert text.count('class="pair"') == 4
    assert "s1_left-index.png: " in text
    assert '<html lang="vi">' in text

    run = civid(*asked(office, "--report", page, "--max-pictures", 0))
    assert 'class="pair"' not in page.read_text("utf-8")
    assert "(--max-pictures)" in page.read_text("utf-8")


def test_what_cannot_be_written_is_refused_first(civid: Callable, office: Path) -> None:
    folder = office / "folder.html"
    folder.mkdir()
    for words, code in (
        (("--report", folder), "not-written"),
        (("--report", office / "none" / "a.csv"), "not-written"),
        (("--report", office / "a.pdf"), "usage"),
        (("--report", office / "a.csv", "--output", office / "a.csv"), "usage"),
    ):
        run = civid(*asked(office, *words, "--json"))
        assert run.error["code"] == code, run.err
    alone = civid("gallery", "duplicates", office / "unit", "--prints-against", office, "--json")
    assert alone.error["code"] == "usage"
