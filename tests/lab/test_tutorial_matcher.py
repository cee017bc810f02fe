"""docs/tutorial/5-benchmark-your-matcher.md: its blocks run, and its figures are what it says."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.slow
def test_the_notebook_runs(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (root / "docs/tutorial/5-benchmark-your-matcher.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 6
    space: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "5-benchmark-your-matcher.md", "exec"), space)
    own, mine = space["results"]
    assert len(mine.impostor) == 405
    assert own.eer.value < mine.eer.value < 0.4
    assert space["worst"].score.tolist() == sorted(mine.genuine)[:3]
    with Path("vote-scores.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 30 * 29 // 2
    assert Path("your-matcher.png").read_bytes().startswith(b"\x89PNG")
    assert space["template"]._repr_png_().startswith(b"\x89PNG")
