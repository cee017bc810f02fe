"""``civid cluster`` where no cluster runs: what it refuses, and in which words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from tests.search.cluster.local import local_cluster
from tests.search.prints import again, person

from civid.cli.commands.cluster import asking
from civid.search import Duplicate
from civid.search.cluster.keeping.making import new_map
from civid.search.cluster.shards.shard_folder import NodeFile, ShardPlace, folder_of

Civid = Callable[..., Any]


def test_no_cluster(civid: Civid, tmp_path: Path) -> None:
    for words in (["status"], ["up"], ["rebalance"], ["duplicates"], ["drain", "a"]):
        run = civid("cluster", words[0], tmp_path / "home", *words[1:])
        assert run.code == 4, words
        assert "there is no cluster here" in run.err
        assert "civid cluster up" in run.err


def test_a_cluster_that_does_not_run(civid: Civid, tmp_path: Path) -> None:
    new_map(tmp_path / "home", {"a": str(tmp_path / "a"), "b": str(tmp_path / "b")}, 4, "auto")
    run = civid("cluster", "status", tmp_path / "home", "--json")
    assert run.code == 4
    assert run.error["code"] == "gallery"
    assert "not running" in run.error["message"]


@pytest.mark.parametrize(
    "nodes", [["a"], ["a="], ["=x"], ["a b=x"], ["a=x", "a=y"]], ids=lambda nodes: " ".join(nodes)
)
def test_nodes_that_make_no_sense(civid: Civid, tmp_path: Path, nodes: list[str]) -> None:
    words = [word for node in nodes for word in ("--node", node)]
    run = civid("cluster", "up", tmp_path / "home", *words)
    assert run.code == 2
    assert not (tmp_path / "home").exists()


def test_one_node_is_too_few(civid: Civid, tmp_path: Path) -> None:
    run = civid("cluster", "up", tmp_path / "home", "--node", f"a={tmp_path / 'a'}")
    assert run.code == 4
    assert "needs 2 nodes" in run.err


def test_rebuild(civid: Civid, tmp_path: Path) -> None:
    """The map from the folders, and what it refuses."""
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        NodeFile("c" * 32, folder.name, 3).write(folder)
        for shard in range(2):
            ShardPlace("c" * 32, shard, 2, 4, ("a", "b")).write(folder_of(folder, shard))
    home = tmp_path / "home"
    assert civid("cluster", "rebuild", home, tmp_path / "none").code == 2
    run = civid("cluster", "rebuild", home, folders[0])
    assert run.code == 4
    assert "is not here" in run.err
    run = civid("cluster", "rebuild", home, *folders, "--json")
    assert run.code == 0
    assert run.json == {"cluster": "c" * 32, "nodes": ["a", "b"], "shards": 2}
    run = civid("cluster", "rebuild", home, *folders)
    assert run.code == 4
    assert "can be read" in run.err


def test_duplicates_stop_and_go_on(
    civid: Civid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said of Ctrl-C and of checkpoints is what a gallery says."""
    people = [(f"p{number}", person(number, 2)) for number in range(6)]
    people.append(("again", again(people[2][1], 1)))
    mark = tmp_path / "mark"
    words = ("cluster", "duplicates", tmp_path / "home", "--min-score", 8)
    with local_cluster(tmp_path / "c", nodes=2, shards=2) as made:
        made.cluster.enroll_many(people)
        monkeypatch.setattr(asking, "joined", lambda *_: nullcontext(made.cluster))
        run = civid(*words, "--checkpoint", mark)
        assert (run.code, "p2" in run.out, "again" in run.out) == (0, True, True)
        head, *lines = mark.read_text().splitlines()
        begun = json.dumps(json.loads(head) | {"engine": "civid-comparison/9"})
        mark.write_text("\n".join([begun, *lines, ""]))
        run = civid(*words, "--checkpoint", mark, "--json")
        assert (run.code, run.error["code"]) == (2, "checkpoint")
        assert "another engine began the checkpoint, civid-comparison/9" in run.error["message"]
        assert run.error["advice"] == "begin anew with another file"
        assert civid(*words, "--checkpoint", tmp_path, "--json").error["code"] == "not-written"

        def stopped(**_: object) -> Iterator[Duplicate]:
            yield Duplicate("p2", "again", 90.0, ())
            raise KeyboardInterrupt

        monkeypatch.setattr(made.cluster, "duplicates", stopped)
        run = civid(*words, "--checkpoint", mark)
        assert (run.code, run.out) == (130, "")
        assert f"the same command goes on from there ({mark})\nstopped" in run.err
        assert "nothing is kept: give --checkpoint FILE" in civid(*words).err
