"""Every rule that docs/people names exists."""

from __future__ import annotations

import re
from pathlib import Path

from civid.people.findings import rules

DOCS = Path(__file__).resolve().parents[2] / "docs" / "people"


def test_the_table_of_rules_names_real_rules() -> None:
    text = (DOCS / "rules.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| ([a-z_]+\.[a-z_0-9]+) \|", text, re.MULTILINE))
    assert listed <= set(rules())
    assert len(listed) > 70
