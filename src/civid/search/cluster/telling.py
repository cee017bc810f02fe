"""What a monitor and a person see of a cluster: metrics as text, and one page. Pure functions.

Neither holds an id, a number or anything biometric.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

Measures = Mapping[str, Mapping[str, float]]


def metrics(status: Mapping[str, Any], measures: Measures) -> str:
    """The text format of Prometheus (exposition format 0.0.4).

    >>> print(metrics({"subjects": 3, "answering": 2, "whole": 1, "shards": [], "nodes": [],
    ...                "reign": 1, "acknowledged": 3}, {}).splitlines()[2])
    civid_cluster_subjects 3
    """
    families: list[tuple[str, str, str, list[tuple[str, float]]]] = [
        ("subjects", "gauge", "Subjects, as far as their shards answer.",
         [("", status["subjects"])]),
        ("shards", "gauge", "Shards.", [("", len(status["shards"]))]),
        ("shards_answering", "gauge", "Shards of which a replica may answer.",
         [("", status["answering"])]),
        ("shards_whole", "gauge", "Shards of which all replicas are equal: they take changes.",
         [("", status["whole"])]),
        ("keeper_reign", "gauge", "Which keeper; one more with each start.",
         [("", status["reign"])]),
        ("changes_acknowledged_total", "counter", "Changes acknowledged by this keeper.",
         [("", status["acknowledged"])]),
        ("node_up", "gauge", "Does the node answer?",
         [(_label(one["node"]), float(one["up"])) for one in status["nodes"]]),
        ("node_shards", "gauge", "Replicas on the node.",
         [(_label(one["node"]), one["shards"]) for one in status["nodes"]]),
        ("node_searches_total", "counter", "Searches that the node has answered.",
         [(_label(name), one["searches"]) for name, one in measures.items()]),
        ("node_cpu_seconds_total", "counter", "CPU time of the node's process.",
         [(_label(name), one["cpu_seconds"]) for name, one in measures.items()]),
        ("shard_subjects", "gauge", "Subjects of a shard.",
         [(f'{{shard="{one["shard"]}"}}', _most(one, "subjects")) for one in status["shards"]]),
        ("shard_bytes", "gauge", "Bytes of a shard that a search maps.",
         [(f'{{shard="{one["shard"]}"}}', _most(one, "bytes")) for one in status["shards"]]),
    ]  # fmt: skip
    lines: list[str] = []
    for name, kind, words, values in families:
        lines += [f"# HELP civid_cluster_{name} {words}", f"# TYPE civid_cluster_{name} {kind}"]
        lines += [f"civid_cluster_{name}{label} {value:g}" for label, value in values]
    return "\n".join(lines) + "\n"


def _label(node: str) -> str:
    escaped = node.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{{node="{escaped}"}}'


def _most(shard: Mapping[str, Any], what: str) -> int:
    return max((one.get(what, 0) for one in shard["replicas"]), default=0)


def page(status: Mapping[str, Any], measures: Measures) -> str:
    """A page that renews itself: what is whole, what answers, what is missing."""
    shards, nodes = status["shards"], status["nodes"]
    silent = len(shards) - status["answering"]
    if silent:
        state, words = "bad", f"{silent} of {len(shards)} shards do not answer: answers incomplete"
    elif status["whole"] < len(shards):
        state = "poor"
        words = f"all answer; {len(shards) - status['whole']} shards take no changes now"
    else:
        state, words = "good", "all shards answer and take changes"
    return _PAGE.format(
        state=state,
        words=escape(words),
        cluster=escape(status["cluster"][:8]),
        subjects=f"{status['subjects']:,}",
        nodes="".join(_node_rows(nodes, measures)),
        shards="".join(_shard_rows(shards)),
    )


def _node_rows(nodes: list[dict[str, Any]], measures: Measures) -> Iterator[str]:
    for one in nodes:
        state = "good" if one["up"] else "bad"
        words = "up" if one["up"] else "does not answer"
        if one["leaving"]:
            words += ", leaving"
        searches = measures.get(one["node"], {}).get("searches")
        yield (
            f"<tr><th scope=row>{escape(one['node'])}</th><td class={state}>{words}</td>"
            f"<td class=n>{one['shards']}</td>"
            f"<td class=n>{'' if searches is None else f'{searches:,.0f}'}</td></tr>"
        )


def _shard_rows(shards: list[dict[str, Any]]) -> Iterator[str]:
    for one in shards:
        replicas = []
        for replica in one["replicas"]:
            name = escape(replica["node"])
            if replica["node"] in one["live"]:
                replicas.append(f"<span class=good>{name} answers</span>")
            elif replica["there"]:
                why = "behind" if not replica["error"] else "damaged"
                if replica["error"] and not replica["damaged"]:
                    why = "cannot be opened"
                replicas.append(f"<span class=poor>{name} {why}</span>")
            else:
                replicas.append(f"<span class=bad>{name} missing</span>")
        yield (
            f"<tr><th scope=row>{one['shard']}</th>"
            f"<td class=n>{_most(one, 'subjects'):,}</td>"
            f"<td class=n>{_most(one, 'bytes') / 1e6:,.1f}</td><td class=n>{one['term']}</td>"
            f"<td>{', '.join(replicas)}</td></tr>"
        )


_PAGE = """<!doctype html>
<html lang=en>
<meta charset=utf-8>
<meta http-equiv=refresh content=5>
<meta name=viewport content="width=device-width">
<title>Cluster {cluster}: {words}</title>
<style>
body {{ font: 16px/1.4 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
  color: #1b1b1b; background: #fff }}
h1 {{ font-size: 1.4rem }} h2 {{ font-size: 1.1rem; margin-top: 2rem }}
table {{ border-collapse: collapse; width: 100% }} td span {{ display: inline-block }}
@media (max-width: 30rem) {{ body {{ margin: 1rem auto; padding: 0 .5rem }}
  th, td {{ padding: .25rem !important }} }}
th, td {{ text-align: left; padding: .25rem .75rem; border-bottom: 1px solid #ddd }}
.n {{ text-align: right; font-variant-numeric: tabular-nums }}
.good {{ color: #0a5c2b }} .poor {{ color: #7a4b00 }} .bad {{ color: #a3000f; font-weight: 600 }}
p.state {{ font-size: 1.2rem }}
</style>
<h1>Cluster {cluster}</h1>
<p class="state {state}">{words}</p>
<p>{subjects} subjects. Metrics for a monitor: <a href="/metrics">/metrics</a>,
everything as JSON: <a href="/status.json">/status.json</a>.</p>
<h2>Nodes</h2>
<table><thead><tr><th scope=col>node</th><th scope=col>state</th><th scope=col class=n>shards</th>
<th scope=col class=n>searches</th></tr></thead><tbody>{nodes}</tbody></table>
<h2>Shards</h2>
<table><thead><tr><th scope=col>shard</th><th scope=col class=n>subjects</th>
<th scope=col class=n>MB</th><th scope=col class=n>term</th><th scope=col>replicas</th></tr></thead>
<tbody>{shards}</tbody></table>
</html>
"""
