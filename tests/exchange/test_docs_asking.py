"""The examples of the page about asking run, and its table is that of the code."""

from __future__ import annotations

import doctest
from pathlib import Path

from civid.exchange.envelopes.names import WORDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explain" / "asking.md"


def test_the_examples_run() -> None:
    result = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert result.attempted > 5
    assert result.failed == 0


def test_the_names_on_the_wire_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for part in ("request", "procedure", "service", "officer", "number", "old_number", "name"):
        word = WORDS[part]
        assert f"| `{part}` | `{word.xml}` | {word.seen} |" in text
