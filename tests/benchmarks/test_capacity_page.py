"""What benchmarks/search/capacity_page.py writes on the pages of plans."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from civid.search.capacity.costs import known


@pytest.fixture
def page(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(root / "benchmarks" / "search"))
    return importlib.import_module("capacity_page")


def test_the_tables_are_those_of_the_records(page: ModuleType) -> None:
    text = page.EXPLAINED.read_text("utf-8")
    assert page.explained(text, known()) == text, "run: python benchmarks/search/capacity_page.py"


def test_other_records_make_other_tables(page: ModuleType) -> None:
    text = page.EXPLAINED.read_text("utf-8")
    light = [
        replace(one, sizes=tuple(replace(size, resident=2_600.0) for size in one.sizes))
        for one in known()
    ]
    made = page.explained(text, light)
    assert "| 2 | 1,000,000 | 2,600 |" in made
    assert len(made.splitlines()) == len(text.splitlines())


def test_an_answer_keeps_the_lines_that_the_page_shows(
    page: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = [
        "2 people with one finger each, one search a day", "", "  what        how much",
        " ─────────────────────", "  nodes              2", "  cores            128", "",
        "2 nodes, because", "When a node fails, then its nodes are told",
    ]  # fmt: skip
    monkeypatch.setattr(page, "answer", lambda command: answer)
    shown = (
        "$ civid plan --subjects 2", "  what   how much", " ────", "  nodes         9",
        "  disk   1", "", "When a node fails, nothing",
    )  # fmt: skip
    block = "\n".join(shown) + "\n"
    made = page.again(block).splitlines()
    assert made == [
        "$ civid plan --subjects 2", "  what        how much", " ─────────────────────",
        "  nodes              2", "", "When a node fails, then its nodes are told",
    ]  # fmt: skip
    assert "gone:   disk" in capsys.readouterr().err
