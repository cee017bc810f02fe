"""``civid cluster up`` and ``status``."""

from __future__ import annotations

import signal
import threading
from typing import Annotated, Any

import typer

from civid.cli.commands.cluster.opening import Address, Home, as_problem, joined, nodes_of
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output, add_row, counted, table
from civid.cli.console.problems import Exit, usage
from civid.cli.language.sentences import say
from civid.errors import ClusterError, GalleryFormatError


def up(
    home: Home,
    node: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=FOLDER",
            help="For a new cluster, two or more: the folder as that node sees it.",
        ),
    ] = None,
    shards: Annotated[
        int, typer.Option(metavar="N", help="For a new cluster; fixed for ever.", min=1, max=4096)
    ] = 64,
    address: Address = None,
    host: Annotated[str, typer.Option(help="Address of the page.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port of the page; 0 takes a free one.", min=0, max=65535)
    ] = 8470,
    quiet: Quiet = False,
) -> int:
    """Start a cluster, and make it first where there is none; runs until Ctrl-C.

    Needs the extra civid\\[cluster]. Without --address everything runs on this machine. The page
    shows what answers and what is missing; /metrics is for a monitor.
    """
    from civid.cli.commands.cluster.serving import listen
    from civid.search.cluster import Cluster
    from civid.search.cluster.keeping.cluster_map import NAME

    out = Output(as_json=False, quiet=quiet)
    nodes = nodes_of(node)
    there = (home / NAME).exists()
    if there and nodes:
        raise usage(
            f"{home}: there is a cluster here; its nodes are known",
            "leave out --node; more nodes: civid cluster add-node",
        )
    if not there and not nodes:
        raise as_problem(GalleryFormatError(f"{home}: there is no cluster here"), home)
    try:
        if there:
            cluster = Cluster.open(home, address=address)
        else:
            cluster = Cluster.create(home, nodes, shards=shards, address=address)
    except ClusterError as error:
        problem = as_problem(error, home)
        problem.advice = f"see what it does: civid cluster status {home}" if there else ""
        raise problem from error
    ended = threading.Event()
    try:
        signal.signal(signal.SIGTERM, lambda *_: ended.set())
        with listen(cluster, host, port) as served:
            out.print(served)
            out.note("the page of the cluster; stop with Ctrl-C")
            ended.wait()
    finally:
        if address is None:
            cluster.stop()
    return Exit.DONE


def status(home: Home, address: Address = None, as_json: AsJson = False) -> int:
    """Nodes, shards and replicas. Exit code 0: every shard answers, 4: some do not."""
    out = Output(as_json=as_json)
    with joined(home, address) as cluster:
        told = cluster.status()
    missing = len(told["shards"]) - told["answering"]
    if as_json:
        out.json(told)
        return Exit.GALLERY if missing else Exit.DONE
    made = table("", "node", "state", "shards", right=("shards",))
    for one in told["nodes"]:
        state = say("up" if one["up"] else "does not answer")
        state += f", {say('leaving')}" if one["leaving"] else ""
        add_row(made, one["node"], state, str(one["shards"]))
    out.print(made)
    made = table("", "shard", "subjects", "answers", "term", "floor", "replicas",
                 right=("shard", "subjects", "term", "floor"))  # fmt: skip
    for one in told["shards"]:
        subjects = max((r.get("subjects", 0) for r in one["replicas"]), default=0)
        add_row(
            made,
            str(one["shard"]),
            f"{subjects:,}",
            say("yes" if one["live"] else "no"),
            str(one["term"]),
            str(one["floor"]),
            ", ".join(_replica(replica, one["live"]) for replica in one["replicas"]),
        )
    out.print(made)
    shards = len(told["shards"])
    out.print(
        f"{counted(told['subjects'], 'subject')}; {told['answering']} of {shards} shards answer, "
        f"{told['whole']} take changes"
    )
    return Exit.GALLERY if missing else Exit.DONE


def _replica(replica: dict[str, Any], live: list[str]) -> str:
    name = str(replica["node"])
    if name in live:
        return f"{name} at {replica['epoch']}"
    if not replica["there"]:
        return f"{name} missing"
    return f"{name} damaged" if replica["error"] else f"{name} behind at {replica['epoch']}"
