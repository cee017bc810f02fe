"""The page on citizen messages: its figures are those of the code."""

from __future__ import annotations

from pathlib import Path

from civid.formats.qcvn109 import message_json, message_xml


def test_the_limits_of_the_page_are_those_of_the_code(root: Path) -> None:
    page = root / "docs" / "formats" / "qcvn109.md"
    text = page.read_text(encoding="utf-8")
    assert f"At most {message_xml.MAX_CITIZENS:,} citizens a message" in text
    assert f"JSON at most {message_json.MAX_BYTES >> 20} MiB" in text
