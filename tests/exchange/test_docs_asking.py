"""The table of the page about asking is that of the code."""

from __future__ import annotations

from pathlib import Path

from civid.exchange.envelopes.names import WORDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explain" / "asking.md"


def test_the_names_on_the_wire_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for part in ("request", "procedure", "service", "officer", "number", "old_number", "name"):
        word = WORDS[part]
        assert f"| `{part}` | `{word.xml}` | {word.seen} |" in text
