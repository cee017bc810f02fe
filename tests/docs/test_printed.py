"""What commands print is held against what pages say of it."""

from __future__ import annotations

import pytest
from tests.docs.blocks.commands import Terminal, lines
from tests.docs.blocks.printed import differs

TABLE = """3 pairs

  who   is       score
 ──────────────────────
  7     8         41.5
  7     9         39.0
found in 0.2 s, 1.6 MB
"""


@pytest.mark.parametrize(
    ("told", "exact"),
    [
        (TABLE, True),
        ("3 pairs\nfound in ... s, 1.6 MB", True),
        ("12 pairs\n\n  who    is        score\n  125    1         97\nfound in 4 s, 12 kB", False),
        ("3 pairs\n  7     8         41.5\n  7     8         41.5\n  7     8         41.5", False),
    ],
)
def test_the_same(told: str, exact: bool) -> None:
    assert differs(told, TABLE, exact=exact) == ""


@pytest.mark.parametrize(
    ("told", "exact", "line"),
    [
        ("3 pair", True, "3 pair"),
        ("found in ... min", True, "found in ... min"),
        ("  7     9         39.0\n3 pairs", True, "3 pairs"),  # in another order
        ("3 couples", False, "# couples"),
        ("  who   was      score", False, "who was score"),
    ],
)
def test_another(told: str, exact: bool, line: str) -> None:
    assert differs(told, TABLE, exact=exact) == f"not printed: {line}"


def test_a_command_has_all_that_it_prints_there() -> None:
    block = "$ civid info\none\n\ntwo\n$ civid info \\\n    --json\n"
    assert list(lines(block)) == [("civid info", "one\n\ntwo"), ("civid info --json", "")]


def test_a_page_that_says_what_is_not_printed_fails() -> None:
    terminal = Terminal(runs=True)
    terminal.session("$ civid number 046301123456\n  number   046301123456")
    with pytest.raises(AssertionError, match="not printed: no such words"):
        terminal.session("$ civid number 046301123456\nno such words")
