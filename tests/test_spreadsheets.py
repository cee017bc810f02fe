"""What civid writes as CSV is not computed by any spreadsheet, and comes back as it was."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

import civid
from civid.spreadsheets import FORMULA, SIGNS, as_meant, harmless, write_rows

TEXT = st.text(max_size=30) | st.text("=+-@＝\t\r\n ;,|\"'\u3000a1", max_size=8)


@given(TEXT)
@example("'=1;''=1")
def test_it_comes_back_as_it_was(text: str) -> None:
    assert as_meant(harmless(text)) == text


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=4), st.sampled_from(",;\t|"))
@example([["Lê An;=cmd|' /C calc'!A0", "b"]], ";")
@example([["x,=1", "b\n=1"]], ",")
def test_no_reader_finds_a_formula(rows: list[list[str]], read_with: str) -> None:
    file = io.StringIO(newline="")
    write_rows(file, rows)
    text = file.getvalue()
    # As a spreadsheet with other settings parts it, quotes in the middle of a cell being letters.
    for line in text.replace("\r", "\n").split("\n"):
        for cell in line.split(read_with):
            bare = cell.lstrip(" \u00a0\u3000\t").removeprefix('"').lstrip(" \u00a0\u3000")
            assert bare[:1] not in SIGNS, (cell, text)
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert [[as_meant(cell) for cell in row] for row in found if row] == rows
    assert not any(cell[:1] in FORMULA for row in found for cell in row if cell)


def test_numbers_stay_numbers() -> None:
    file = io.StringIO()
    write_rows(file, [("-5", -5, 0.5)], delimiter=";", line_end="\n")
    assert file.getvalue() == "'-5;-5;0.5\n"


#: Files for programs, not for spreadsheets, and why their cells cannot be formulas or may be.
FOR_PROGRAMS = {
    "spreadsheets.py",  # the rule itself
    "campaign/sheets/write.py",  # by harmless, cell by cell: numbers in words keep their minus
    "exchange/osia/routes/galleries.py",  # a protocol: an id stays as it is
    "lab/demo.py",  # numbers and file names that civid made
}
WRITERS = {("csv", "writer"), ("csv", "DictWriter")}
PACKAGE = Path(civid.__file__).parent


def test_nobody_else_writes_csv() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).as_posix() in FOR_PROGRAMS:
            continue
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "csv" in text else ():
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert (node.value.id, node.attr) not in WRITERS, path
