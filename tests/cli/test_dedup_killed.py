"""civid dedup --gallery, killed in the middle: the next run goes on."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests import child


def test_killed_in_the_middle_the_next_run_goes_on(
    civid: Callable, prints: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for copy in range(5):
        for path in prints.iterdir():
            shutil.copy(path, folder / f"{copy}_{path.name}")
    gallery = tmp_path / "g"
    words = ["dedup", str(folder), "--gallery", str(gallery), "--threads", "1", "--json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "civid", *words],
        stdout=subprocess.DEVNULL,
        env=child.environment(),
    )
    ledger = gallery.with_name("g.sources.jsonl")
    deadline = time.monotonic() + 60
    while not (ledger.exists() and ledger.stat().st_size) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL

    told = civid(*words).json
    fresh = civid("dedup", folder, "--json").json
    assert told["subjects"] == fresh["subjects"] == 40
    assert 0 < told["prints_extracted"] + told["subjects_reused"] == 40
    assert told["skipped"] == []
    assert scores(told) == scores(fresh)
    lines = filter(None, ledger.read_text().splitlines())
    assert len({json.loads(line)["files"] for line in lines}) > 8


def scores(told: dict) -> dict[frozenset[str], float]:
    return {frozenset((one["a"], one["b"])): one["score"] for one in told["duplicates"]}
