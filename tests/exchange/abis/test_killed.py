"""kill -9 at every statement: nothing is lost, and nobody is answered twice differently."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests import child

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


def killed(root: Path, folder: Path, keys: str, step: int, offset: int) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "tests.exchange.abis.killed", folder, keys, str(step), str(offset)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env=child.environment(),
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout)


def test_killed_now_and_then(root: Path, tmp_path: Path) -> None:
    assert killed(root, tmp_path, "plain", 67, 11) > 3


@pytest.mark.slow
def test_killed_more_often(root: Path, tmp_path: Path) -> None:
    assert killed(root, tmp_path, "sealed", 17, 1) > 15
