"""The page about installing names every extra of pyproject.toml, and no other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_extra_is_told() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs" / "howto" / "install.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \|", page, flags=re.M)
    assert sorted(told) == sorted(project["optional-dependencies"])
