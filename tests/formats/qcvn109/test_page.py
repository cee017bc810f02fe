"""The page on citizen messages: its examples run, and its figures are those of the code."""

from __future__ import annotations

import doctest
from pathlib import Path

from civid.formats.qcvn109 import message_json, message_xml


def test_the_examples_of_the_page_run(root: Path) -> None:
    page = root / "docs" / "formats" / "qcvn109.md"
    done = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert done.attempted > 5
    assert done.failed == 0
    text = page.read_text(encoding="utf-8")
    assert f"At most {message_xml.MAX_CITIZENS:,} citizens a message" in text
    assert f"JSON at most {message_json.MAX_BYTES >> 20} MiB" in text
