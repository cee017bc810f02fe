"""What a monitor and a person see, of a cluster that is whole and of one that is not."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from prometheus_client.parser import text_string_to_metric_families
from tests.search.cluster.local import local_cluster
from tests.search.prints import person

from civid.search.cluster.telling import metrics, page


def test_metrics_and_page(tmp_path: Path) -> None:
    with local_cluster(tmp_path, nodes=3, shards=4) as made:
        assert made.keeper is not None
        made.cluster.enroll_many((f"p{i}", person(i, 2, count=12)) for i in range(9))
        made.keeper.look()
        status, measures = made.cluster.status(), made.cluster.measures()
        families = {
            family.name: family
            for family in text_string_to_metric_families(metrics(status, measures))
        }
        assert families["civid_cluster_subjects"].samples[0].value == 9
        assert sum(one.value for one in families["civid_cluster_shard_subjects"].samples) == 9
        assert {one.labels["node"] for one in families["civid_cluster_node_up"].samples} == {
            "n0", "n1", "n2"
        }  # fmt: skip
        whole = page(status, measures)
        assert "all shards answer and take changes" in whole
        made.take_down("n0")
        made.keeper.look()
        assert "take no changes now" in page(made.cluster.status(), {})
        made.take_down("n1")
        made.keeper.look()
        status = made.cluster.status()
        broken = page(status, {})
        assert "do not answer: answers incomplete" in broken
        assert "missing" in broken
        assert "p0" not in whole + broken + metrics(status, {})
        assert 'civid_cluster_node_up{node="n0"} 0' in metrics(status, {})


def test_names_of_nodes_are_escaped() -> None:
    status = {
        "cluster": "c" * 32, "subjects": 0, "answering": 0, "whole": 0, "reign": 1,
        "acknowledged": 0, "shards": [],
        "nodes": [{"node": '<b>"\\', "up": True, "leaving": False, "shards": 0}],
    }  # fmt: skip
    shown = page(status, {})
    assert "<b>" not in shown
    rows = shown[shown.index("<tbody>") : shown.index("</tbody>")] + "</tbody>"
    ElementTree.fromstring(rows.replace("scope=row", 'scope="row"').replace(
        "class=good", 'class="good"').replace("class=n", 'class="n"'))  # fmt: skip
    families = {one.name: one for one in text_string_to_metric_families(metrics(status, {}))}
    assert families["civid_cluster_node_up"].samples[0].labels["node"] == '<b>"\\'
