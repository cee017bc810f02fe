"""One keeper at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from civid.errors import ClusterError, GalleryStorageError
from civid.search.cluster.keeping.home_lock import HomeLock


def test_one_at_a_time(tmp_path: Path) -> None:
    held = HomeLock(tmp_path)
    with pytest.raises(ClusterError, match="running already"):
        HomeLock(tmp_path, 0.1)
    held.release()
    HomeLock(tmp_path).release()


def test_gone_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from civid.search.cluster.keeping.home_lock import HomeLock\n"
        f"held = HomeLock(Path({str(tmp_path)!r})); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(ClusterError):
            HomeLock(tmp_path)
        os.kill(other.pid, signal.SIGKILL)
        HomeLock(tmp_path, 10.0).release()


def test_no_home(tmp_path: Path) -> None:
    with pytest.raises(GalleryStorageError, match="cannot be written"):
        HomeLock(tmp_path / "none")
