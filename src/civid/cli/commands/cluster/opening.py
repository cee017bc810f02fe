"""Join a running cluster for one command, and say clearly when that cannot be done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civid.cli.console.problems import Problem, usage
from civid.errors import ClusterError, GalleryFormatError, IncompleteError, NotAcknowledgedError

if TYPE_CHECKING:
    from civid.search.cluster import Cluster

Home = Annotated[
    Path, typer.Argument(metavar="HOME", help="Folder of the cluster's map, on its first machine.")
]
Address = Annotated[
    str | None,
    typer.Option(
        metavar="HOST:PORT",
        help="Of a cluster of Ray; default: where civid cluster up has started it.",
    ),
]


@contextmanager
def joined(home: Path, address: str | None = None) -> Iterator[Cluster]:
    """A cluster that is running; what goes wrong with it becomes a `Problem`."""
    from civid.search.cluster import Cluster

    try:
        yield Cluster.open(home, address=address, start=False)
    except (GalleryFormatError, ClusterError) as error:
        raise as_problem(error, home) from error


def as_problem(error: GalleryFormatError | ClusterError, home: Path) -> Problem:
    """In words, with what to do."""
    advice = f"start it with: civid cluster up {home}"
    if isinstance(error, IncompleteError):
        lacking = ", ".join(str(shard) for shard in error.missing)
        advice = f"shards without an answer: {lacking}; see civid cluster status {home}"
    elif isinstance(error, NotAcknowledgedError):
        advice = f"make the same call again when all nodes are up: civid cluster status {home}"
    elif isinstance(error, GalleryFormatError):
        advice = f"make one with: civid cluster up {home} --node NAME=FOLDER --node NAME=FOLDER"
        return Problem("not-a-gallery", str(error), advice)
    return Problem("gallery", str(error), advice)


def nodes_of(given: list[str] | None) -> dict[str, str]:
    """NAME=FOLDER, several times."""
    nodes: dict[str, str] = {}
    for text in given or ():
        name, mark, folder = text.partition("=")
        if not (mark and name.replace("-", "").replace("_", "").isalnum() and folder):
            raise usage(f"--node {text}: give NAME=FOLDER", "names are letters, digits, - and _")
        if name in nodes:
            raise usage(f"node {name} is named twice")
        nodes[name] = str(Path(folder).absolute())
    return nodes
