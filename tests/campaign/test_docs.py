"""The data of the tutorial about campaigns are those that its script makes."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from civid.campaign.organisation.reading import FILES


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
