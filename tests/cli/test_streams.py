"""The exit code says what was found, whatever becomes of the streams."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests import child

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")


def code(*words: object, shell: str = "") -> int:
    """Of ``civid words``, with what the shell does to its streams."""
    command = f'"$@" {shell}'
    return subprocess.run(
        ["bash", "-c", command, "civid", sys.executable, "-m", "civid", *map(str, words)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=child.environment(),
        timeout=120,
        check=False,
    ).returncode


@pytest.fixture
def same(prints: Path) -> tuple[Path, Path]:
    return prints / "1_left-index_1.png", prints / "1_left-index_2.png"


@pytest.fixture
def other(prints: Path) -> tuple[Path, Path]:
    return prints / "1_left-index_1.png", prints / "2_left-index_1.png"


@pytest.mark.parametrize("shell", ["", "| true; exit ${PIPESTATUS[0]}", ">&-", "2>&-", ">&- 2>&-"])
def test_a_verdict_does_not_depend_on_who_listens(
    same: tuple[Path, Path], other: tuple[Path, Path], shell: str
) -> None:
    assert code("compare", *same, shell=shell) == 0
    assert code("compare", *other, shell=shell) == 1
    assert code("compare", *other, "--json", shell=shell) == 1


@needs_full
def test_a_result_that_could_not_be_written_is_told(same: tuple[Path, Path]) -> None:
    assert code("compare", *same, shell=">/dev/full") == 5
    assert code("compare", *same, "--json", shell=">/dev/full") == 5


@needs_full
def test_a_message_that_could_not_be_written_changes_nothing(same: tuple[Path, Path]) -> None:
    assert code("compare", *same, shell="2>/dev/full") == 0


@pytest.mark.parametrize("shell", ["", "2>&-", pytest.param("2>/dev/full", marks=needs_full)])
def test_an_error_keeps_its_code(same: tuple[Path, Path], tmp_path: Path, shell: str) -> None:
    assert code("compare", same[0], tmp_path / "missing.png", shell=shell) == 3
    assert code("search", tmp_path / "nowhere", same[0], shell=shell) == 4
    assert code("compare", same[0], shell=shell) == 2
