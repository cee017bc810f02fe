"""``civid plan``: tables, JSON, words, assumptions, costs from a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from civid.cli.console.problems import Exit
from civid.search.capacity import Assumptions
from civid.search.capacity.costs import carried

SMALL = ("plan", "--subjects", "2e6", "--enrolments-per-day", "5000", "--years", "1")


def test_a_plan_for_people(civid: Callable) -> None:
    done = civid(*SMALL, "--growth-per-year", "1e5")
    assert done.code == Exit.DONE
    for words in (
        "2,000,000 people with 2 fingers each",
        "Everybody against everybody",
        "A node fails in the busiest hour",
        "2,100,000",
        "peak_factor",
        "avx2",
    ):
        assert words in done.out


def test_a_plan_in_vietnamese(civid: Callable) -> None:
    done = civid(*SMALL, "--lang", "vi")
    assert done.code == Exit.DONE
    assert "2.000.000 người, mỗi người 2 ngón" in done.out
    assert "máy chủ" in done.out
    assert "nodes" not in done.out


def test_json_is_the_plan_and_its_words(civid: Callable) -> None:
    done = civid(*SMALL, "--json", "--assume", "replicas=3", "--assume", "node-cores = 8")
    assert done.code == Exit.DONE
    document = json.loads(done.out)
    assert document["assumptions"]["replicas"] == 3
    assert document["assumptions"]["node_cores"] == 8
    assert document["demand"]["subjects"] == 2_000_000
    assert document["nodes"]["likely"] >= 3
    assert len(document["explanation"]) >= 4


def test_sentences_count_shards_as_the_table_does(civid: Callable) -> None:
    words = ("plan", "--subjects", "98.7e6", "--enrolments-per-day", "2000000")
    document = json.loads(civid(*words, "--json").out)
    assert document["shards"] >= 100  # more digits than other figures are rounded to
    assert f"all {document['shards']} shards at once" in " ".join(document["explanation"])


def test_answers_that_come_too_late_are_exit_code_1(civid: Callable) -> None:
    done = civid(*SMALL, "--json", "--assume", "most_seconds=0.001")
    assert done.code == Exit.NOTHING
    assert json.loads(done.out)["in_time"] is False


def test_what_is_assumed_is_listed(civid: Callable) -> None:
    there = [row[0] for row in Assumptions.table()]
    listed = civid("plan", "--assumptions")
    assert listed.code == Exit.DONE
    assert all(name in listed.out for name in there)
    rows = json.loads(civid("plan", "--assumptions", "--json").out)
    assert [row["name"] for row in rows] == there
    assert all(row["why"] for row in rows)


def test_costs_from_a_file(civid: Callable, tmp_path: Path) -> None:
    record = carried("avx2").to_dict()
    dearer = [one | {"cpu_s": 5 * one["cpu_s"]} for one in record["searches"]]
    path = tmp_path / "costs.json"
    path.write_text(json.dumps([record | {"searches": dearer}]), "utf-8")
    usual = json.loads(civid(*SMALL, "--json").out)
    found = json.loads(civid(*SMALL, "--json", "--costs", str(path)).out)
    assert found["cpu_a_search"] > 3 * usual["cpu_a_search"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("plan",), Exit.USAGE, "--subjects is needed"),
        ((*SMALL, "--assume", "replicas"), Exit.USAGE, "NAME=VALUE"),
        ((*SMALL, "--assume", "replicas=two"), Exit.USAGE, "NAME=VALUE"),
        ((*SMALL, "--assume", "copies=2"), Exit.USAGE, "no assumption is called copies"),
        ((*SMALL, "--assume", "replicas=9"), Exit.USAGE, "from 1 to 5"),
        ((*SMALL, "--isa", "mmx"), Exit.USAGE, "no costs of mmx"),
        ((*SMALL, "--isa", "avx2", "--measure"), Exit.USAGE, "one of them"),
        ((*SMALL, "--costs", "/nowhere.json"), Exit.INPUT, "nowhere.json"),
    ],
)
def test_what_makes_no_sense(civid: Callable, words: tuple, code: Exit, said: str) -> None:
    done = civid(*words)
    assert done.code == code
    assert said in done.err
