"""Every file and function of docs/explain/walk.md exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "explain" / "walk.md").read_text(encoding="utf-8")
HOPS = re.findall(r"^\| [^|]+ \| `([^`]+)` \| `(\w+)` \|$", PAGE, re.MULTILINE)


def test_there_are_hops() -> None:
    assert len(HOPS) > 20
    assert len(HOPS) == PAGE.count("| `src/") + PAGE.count("| `native/")


@pytest.mark.parametrize(("file", "name"), HOPS)
def test_a_hop_is_there(file: str, name: str) -> None:
    source = (ROOT / file).read_text(encoding="utf-8")
    definition = rf"^\s*(def|class) {name}\b" if file.endswith(".py") else rf"\b{name}\("
    assert re.search(definition, source, re.MULTILINE)
