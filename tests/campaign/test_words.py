"""Every sentence in both languages, each once."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import civid.campaign
from civid.campaign.progress.missing import Why
from civid.campaign.progress.stage import Stage
from civid.campaign.words import keys, say
from civid.people.tables import packaged

PACKAGE = Path(civid.campaign.__file__).parent
ROWS = packaged("civid.campaign", "words")


def test_no_key_is_there_twice() -> None:
    assert not [key for key, count in Counter(row["key"] for row in ROWS).items() if count > 1]


def test_both_languages_say_the_same_values() -> None:
    for row in ROWS:
        assert row["english"], row
        assert row["vietnamese"], row
        names = [set(re.findall(r"\{(\w+)\}", row[one])) for one in ("english", "vietnamese")]
        assert names[0] == names[1], row


def test_every_finding_has_its_sentence() -> None:
    codes = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Finding", "say"):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant):
                    codes.add(str(first.value))
    assert len(codes) > 40
    assert not codes - keys()


def test_every_stage_has_its_word() -> None:
    assert {f"stage-{stage.value}" for stage in Stage} <= keys()
    assert Why.ABSENT.value == "absent"


def test_what_a_value_says_is_not_read_as_a_place_for_another() -> None:
    told = say("notice", "en", name="{place}", unit="u", place="p", day="d", weekday="w",
               begins="b", ends="e", bring="x", card="c")  # fmt: skip
    assert "invites: {place}" in told
