"""What docs/howto/run-a-gallery.md shows in Python runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest


def test_the_blocks_run_one_after_another(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (root / "docs" / "howto" / "run-a-gallery.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    assert len(blocks) >= 7
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "run-a-gallery.md", "exec"), names)
