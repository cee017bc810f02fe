"""``civid serve --osia``: which servers may be called back and fetched from, and the tasks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from civid.cli.commands.exchange.serve_tokens import PURPOSE, ROOM, told
from civid.cli.console.galleries import read_keys
from civid.cli.console.problems import usage
from civid.errors import FieldError
from civid.extras import need

if TYPE_CHECKING:
    from civid.exchange.datashare.origins import Origin
    from civid.exchange.service import House, Part

Origins = list[str] | None
CALL_BACK = (
    "With --osia: server that results may be sent to, https://host[:port]; repeat it. No other is"
    " called, nor any private address."
)
FETCH_FROM = "With --osia: server that images and templates may be fetched from; repeat it."
INSIDE = "The same in the own network: may be http://, and at a private address."


class Outside(NamedTuple):
    """Servers, as they were given."""

    call_back: Origins = None
    call_back_inside: Origins = None
    fetch_from: Origins = None
    fetch_inside: Origins = None


@contextmanager
def osia_of(
    house: House, folder: Path, keys: Path | None, outside: Outside, *, wanted: bool
) -> Iterator[tuple[Part, ...]]:
    """The parts of OSIA, with their tasks open; a reader has none."""
    if not wanted:
        if any(outside):
            raise usage("servers to call or to fetch from, without --osia", "give --osia, too")
        yield ()
        return
    callbacks = _origins(outside.call_back, outside.call_back_inside)
    references = _origins(outside.fetch_from, outside.fetch_inside)
    if callbacks or references:
        need("httpx", PURPOSE, "abis")
    from civid.exchange.osia import TaskStore, osia_parts

    if house.read_only or not callbacks:
        yield osia_parts(house, references=references)
        return
    path = folder / ROOM / "tasks.sqlite3"
    with told(path):
        tasks = TaskStore(path, keys=read_keys(keys))
    with tasks:
        yield osia_parts(house, tasks=tasks, callbacks=callbacks, references=references)


def _origins(outer: Origins, inner: Origins) -> tuple[Origin, ...]:
    from civid.exchange.datashare.origins import Origin

    try:
        own = tuple(Origin.of(one, inside=True) for one in inner or ())
        return (*(Origin.of(one) for one in outer or ()), *own)
    except FieldError as error:
        raise usage(str(error), "write https://host or https://host:port") from error
