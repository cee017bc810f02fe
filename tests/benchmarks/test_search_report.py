"""The pure parts of benchmarks/search/search_report.py."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def report(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "search_report", root / "benchmarks" / "search" / "search_report.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["search_report"] = module
    spec.loader.exec_module(module)
    return module


def test_a_newer_run_takes_the_place_of_the_older_one(report: ModuleType) -> None:
    old = {"kind": "scale", "subjects": 10, "fingers": 1, "threads": 1, "backend": "auto", "a": 1}
    other = old | {"threads": 2}
    assert report.merged([old, other], [old | {"a": 2}]) == [old | {"a": 2}, other]


def test_runs_of_different_kinds_can_be_sorted(report: ModuleType) -> None:
    runs = [{"kind": "peers"}, {"kind": "loss", "subjects": 5, "fingers": 2}, {"kind": "codes"}]
    assert report.merged([], runs) == report.merged(runs, runs[::-1])
    assert len(report.merged([], runs)) == 3


def test_only_what_stands_between_the_marks_changes(report: ModuleType) -> None:
    page = "head\n<!-- begin: a -->\nold\n<!-- end: a -->\ntail <!-- begin: b -->"
    once = report.between(page, "a", "new")
    assert once == "head\n<!-- begin: a -->\nnew\n<!-- end: a -->\ntail <!-- begin: b -->"
    assert report.between(once, "a", "new") == once


@pytest.mark.parametrize("name", ["b", "c"])
def test_a_page_without_marks_is_refused(report: ModuleType, name: str) -> None:
    with pytest.raises(ValueError, match="no marks"):
        report.between("<!-- begin: b -->\n", name, "new")


def test_only_pictures_of_new_runs_are_drawn(
    report: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, kept = tmp_path / "search.md", tmp_path / "measured-search.json"
    for name, here in (("PAGE", page), ("KEPT", kept)):
        shutil.copy(getattr(report, name), here)
        monkeypatch.setattr(report, name, here)
    monkeypatch.setattr(report, "PICTURES", tmp_path / "pictures")

    def drawn(*words: str) -> list[str]:
        monkeypatch.setattr(sys, "argv", ["search_report.py", *words])
        report.main()
        return sorted(path.name for path in tmp_path.glob("pictures/*"))

    before = page.read_bytes(), kept.read_bytes()
    assert drawn() == []
    assert (page.read_bytes(), kept.read_bytes()) == before  # as it is in the repository
    run = next(one for one in json.loads(kept.read_text()) if one["kind"] == "codes")
    added = tmp_path / "run.json"
    added.write_text(json.dumps(run) + "\n")
    assert drawn("--add", str(added)) == []
    added.write_text(json.dumps(run | {"load": 99.0}) + "\n")
    assert drawn("--add", str(added)) == ["search-codes-civid.svg", "search-codes-mindtct.svg"]
    picture = (tmp_path / "pictures" / "search-codes-civid.svg").read_text()
    for name in re.findall(r'class="curve (s\d)"', picture):
        assert f".{name}{{stroke:#" in picture  # it stands alone: no page gives it colours


def test_shares_come_with_their_counts(report: ModuleType) -> None:
    assert report.share(1, 200) == "0.50 % (1 of 200)"
    assert report.share(1, 200, [0.001, 0.02]) == "0.50 % (1 of 200; 0.10 to 2.00)"
    assert report.share(0, 0) == "0 of 0"


def test_the_page_has_marks_for_every_section(report: ModuleType) -> None:
    page = report.PAGE.read_text("utf-8")
    for section in report.SECTIONS:
        assert report.between(page, section, "")
