"""``civid demo``, small: the data is made, the duplicates are found, the report is true."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from PIL import Image

SMALL = ("--citizens", 4, "--repeated", 2, "--threads", 2, "--seed", 3)


def test_the_main_job_from_end_to_end(civid: Callable, tmp_path: Path) -> None:
    out = tmp_path / "demo"
    run = civid("demo", "--out", out, *SMALL, "--json")
    assert (run.code, run.err) == (0, "")
    report = run.json
    assert report == json.loads((out / "report.json").read_text())
    assert (report["enrolments"], report["prints"]) == (6, 18)
    truth = report["truth"]
    assert (truth["pairs_same"], truth["pairs_different"]) == (2, 13)
    assert (truth["found"], truth["missed"], truth["false"]) == (2, 0, 0)
    with Image.open(out / "pair.png") as picture:
        assert picture.size[0] > 800

    # The truth says the same as the report, and every print that it names is there.
    people = defaultdict(set)
    with (out / "truth.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            people[row["person"]].add(row["number"])
            assert (out / "prints" / row["file"]).is_file()
    really = {frozenset(numbers) for numbers in people.values() if len(numbers) > 1}
    assert {frozenset((one["a"], one["b"])) for one in report["duplicates"]} == really

    # Once more: no print is made again, and the answer is the same; one that is lost is made again.
    one = next((out / "prints").iterdir())
    made = one.stat().st_mtime_ns
    again = civid("demo", "--out", out, *SMALL, "--json").json
    assert (again["reused"], report["reused"]) == (True, False)
    assert again["duplicates"] == report["duplicates"]
    assert again["truth"] == report["truth"]
    assert one.stat().st_mtime_ns == made
    one.unlink()
    assert not civid("demo", "--out", out, *SMALL, "--json").json["reused"]
    assert one.is_file()

    # The same prints through `civid dedup`: the same answer.
    again = civid("dedup", out / "prints", "--name", "{subject}_{position}", "--json").json
    assert [one["score"] for one in again["duplicates"]] == [
        one["score"] for one in report["duplicates"]
    ]

    # Another population in the same place leaves nothing of the first.
    other = civid("demo", "--out", out, "--citizens", 2, "--repeated", 0, "--threads", 1)
    assert other.code == 1
    assert len(list((out / "prints").iterdir())) == 6
    assert "0 duplicates" in other.out


def test_a_place_that_cannot_be_written(civid: Callable, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = civid("demo", "--out", tmp_path / "file", *SMALL, "--json")
    assert (run.code, run.error["code"]) == (5, "not-written")
