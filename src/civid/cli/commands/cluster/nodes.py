"""``civid cluster add-node``, ``drain``, ``rebalance``, ``restart`` and ``rebuild``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.commands.cluster.opening import Address, Home, as_problem, joined, nodes_of
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output, counted
from civid.cli.console.problems import Exit, usage
from civid.errors import ClusterError, GalleryFormatError

if TYPE_CHECKING:
    from civid.search.cluster import Move


def add_node(
    home: Home,
    node: Annotated[str, typer.Argument(metavar="NAME=FOLDER", help="The new node.")],
    address: Address = None,
    as_json: AsJson = False,
) -> int:
    """Let a node take part. It gets shards with the next rebalance."""
    ((name, folder),) = nodes_of([node]).items()
    out = Output(as_json=as_json)
    with joined(home, address) as cluster:
        cluster.add_node(name, folder)
    if as_json:
        out.json({"node": name, "folder": folder})
    else:
        out.print(f"node {name} takes part; give it shards: civid cluster rebalance {home}")
    return Exit.DONE


def drain(
    home: Home,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The node, dead or alive.")],
    address: Address = None,
    as_json: AsJson = False,
) -> int:
    """Move all shards away from a node and forget it; its copies are made anew on the others."""
    with joined(home, address) as cluster:
        moved = cluster.drain_node(name)
    return _tell(moved, Output(as_json=as_json))


def rebalance(home: Home, address: Address = None, as_json: AsJson = False) -> int:
    """Give all nodes about as many shards. Searches and changes go on."""
    with joined(home, address) as cluster:
        moved = cluster.rebalance()
    return _tell(moved, Output(as_json=as_json))


def _tell(moved: list[Move], out: Output) -> int:
    if out.as_json:
        out.json({"moved": [one._asdict() for one in moved]})
        return Exit.DONE
    for one in moved:
        out.print(f"shard {one.shard}: {one.source} -> {one.target}")
    out.print(f"moved {counted(len(moved), 'shard')}")
    return Exit.DONE


def restart(home: Home, address: Address = None, as_json: AsJson = False) -> int:
    """Restart all nodes, one after the other. Searches are answered meanwhile, changes wait."""
    out = Output(as_json=as_json)
    with joined(home, address) as cluster:
        cluster.restart()
        nodes = len(cluster.status()["nodes"])
    if as_json:
        out.json({"restarted": nodes})
    else:
        out.print(f"restarted {counted(nodes, 'node')}")
    return Exit.DONE


def rebuild(
    home: Home,
    folders: Annotated[
        list[Path], typer.Argument(metavar="FOLDER...", help="Of all nodes, readable here.")
    ],
    accept_lone: Annotated[
        bool,
        typer.Option(
            "--accept-lone",
            help="Where one of two replicas is lost, take what the other one has: without the map"
            " nobody knows whether that is all.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Make the map of a cluster anew from the folders of its nodes. Then start it."""
    from civid.search.cluster.keeping import rebuilding

    out = Output(as_json=as_json)
    absent = [folder for folder in folders if not folder.is_dir()]
    if absent:
        raise usage(f"{absent[0]}: no such folder")
    try:
        made = rebuilding.rebuild(home, folders, accept_lone=accept_lone)
    except (ClusterError, GalleryFormatError) as error:
        problem = as_problem(ClusterError(str(error)), home)
        problem.advice = ""
        raise problem from error
    if as_json:
        out.json({"cluster": made.cluster, "nodes": sorted(made.nodes), "shards": len(made.places)})
    else:
        out.print(
            f"{counted(len(made.places), 'shard')} on {counted(len(made.nodes), 'node')}; "
            f"start it: civid cluster up {home}"
        )
    return Exit.DONE
