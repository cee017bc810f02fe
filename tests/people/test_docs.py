"""The examples of docs/people run, and every rule and figure there exists."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from civid.people.findings import rules

DOCS = Path(__file__).resolve().parents[2] / "docs" / "people"


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_examples_run(page: Path) -> None:
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert result.failed == 0


def test_the_table_of_rules_names_real_rules() -> None:
    text = (DOCS / "rules.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| ([a-z_]+\.[a-z_0-9]+) \|", text, re.MULTILINE))
    assert listed <= set(rules())
    assert len(listed) > 70
