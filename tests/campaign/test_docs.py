"""The pages about campaigns run as they are printed."""

from __future__ import annotations

import doctest
import json
import re
import runpy
from pathlib import Path

import pytest

from civid.campaign.organisation.reading import FILES

PAGES = ("docs/tutorial/4-the-campaign-of-hue.md", "docs/explain/campaign.md")


@pytest.mark.parametrize("page", PAGES)
def test_examples_run(root: Path, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    result = doctest.testfile(str(root / page), module_relative=False, encoding="utf-8")
    assert result.failed == 0
    assert result.attempted > 5


def test_the_data_are_what_their_script_makes(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = root / "docs" / "tutorial" / "hue-2021"
    made = runpy.run_path(str(folder / "make.py"))
    made["main"].__globals__["HERE"] = tmp_path
    made["main"]()
    for name in (*FILES, "progress.csv", "team_days.csv"):
        if (folder / name).exists():
            assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name
    assert json.loads((tmp_path / "campaign.json").read_text(encoding="utf-8"))["suspensions"]


def test_every_link_leads_somewhere(root: Path) -> None:
    for page in PAGES:
        text = (root / page).read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)\)", text):
            assert ((root / page).parent / link).exists(), (page, link)
