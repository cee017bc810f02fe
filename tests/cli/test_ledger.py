"""What a kept gallery was made from: cut off, damaged, killed in the middle."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from civid.cli.console.problems import Problem
from civid.cli.folder_job.grouping import Enrolment
from civid.cli.folder_job.ledger import Ledger, digest
from civid.position import Position


def test_the_last_word_holds_and_a_cut_off_line_is_passed_over(tmp_path: Path) -> None:
    gallery = tmp_path / "g"
    with Ledger(gallery) as ledger:
        ledger.write([("a", "1"), ("b", "1")])
        ledger.write([("a", "2")])
        assert ledger.get("a") == "2"
    with ledger.path.open("a", encoding="utf-8") as file:
        file.write('[]\n{"subject": 3}\n{"subject": "b", "fil')
    again = Ledger(gallery)
    assert (again.get("a"), again.get("b"), again.get("c")) == ("2", "1", None)


def test_a_line_after_a_cut_off_one_is_not_lost(tmp_path: Path) -> None:
    with Ledger(tmp_path / "g") as ledger:
        ledger.path.write_text('{"subject": "a", "fil', encoding="utf-8")
        ledger.write([("b", "1")])
    assert Ledger(tmp_path / "g").get("b") == "1"


def test_a_ledger_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "none" / "g")
    with pytest.raises(Problem) as caught:
        ledger.write([("a", "1")])
    assert caught.value.exit_code == 5


def test_the_digest_changes_with_content_finger_and_resolution(tmp_path: Path) -> None:
    one, two = tmp_path / "1.png", tmp_path / "2.png"
    one.write_bytes(b"one")
    two.write_bytes(b"two")

    def made(path: Path, finger: int = 2, dpi: float | None = None) -> str:
        return digest(Enrolment("x", {Position(finger): path}), dpi)

    assert made(one) == digest(Enrolment("y", {Position(2): one}), None)
    assert len({made(one), made(two), made(one, 3), made(one, 2, 500.0)}) == 4


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
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
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
