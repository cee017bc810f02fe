"""The scripts of benchmarks/: each one starts, and what the pages quote is there."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests.benchmarks.script import ended

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = ROOT / "benchmarks"
SCRIPTS = [
    path
    for path in sorted(BENCHMARKS.rglob("*.py"))
    if '__name__ == "__main__"' in path.read_text(encoding="utf-8")
]
#: Where commands are quoted.
QUOTING = [
    *ROOT.glob("*.md"),
    *(ROOT / ".github").rglob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "native" / "src" / "tables").glob("*.h"),
    *(ROOT / "src").rglob("*.py"),
    *BENCHMARKS.rglob("*.py"),
]


def test_there_are_scripts() -> None:
    assert len(SCRIPTS) > 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_says_what_it_takes(script: Path) -> None:
    done = ended(script, "--help")
    assert done.status == 0, done.err
    assert done.out.startswith("usage: ")


def test_what_is_quoted_is_there() -> None:
    """The changelog tells of paths that were."""
    missing = {
        f"{page.relative_to(ROOT)}: {name}"
        for page in QUOTING
        if page.name != "CHANGELOG.md"
        for name in re.findall(r"\bbenchmarks/[\w/]+\.py", page.read_text(encoding="utf-8"))
        if not (ROOT / name).is_file()
    }
    assert not missing


def test_pytest_finds_the_speed_tests_on_top() -> None:
    assert {path.parent for path in BENCHMARKS.rglob("bench_*.py")} == {BENCHMARKS}
