"""``civid cluster`` where no cluster runs: what it refuses, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
