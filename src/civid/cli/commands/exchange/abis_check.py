"""``civid abis --check``: would it work? Nothing is taken from a queue, nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from civid.cli.console.galleries import read_keys
from civid.cli.console.output import Output, add_row, table
from civid.cli.console.problems import Exit
from civid.cli.language.sentences import say
from civid.errors import CividError, GalleryLockedError

if TYPE_CHECKING:
    from civid.exchange.datashare import Fetcher
    from civid.exchange.worker import Broker, Settings

#: What was tried, what was found, and what is wrong (empty = nothing).
Row = tuple[str, str, str]


def check_all(
    out: Output,
    settings: Settings,
    fetcher: Fetcher,
    folder: Path,
    keys: Path | None,
    *,
    create: bool,
) -> int:
    """Try everything and show what was found; exit code 1 if something would not work."""
    rows: list[Row] = []
    for broker in settings.brokers:
        rows += _broker(settings, broker)
    origins = fetcher.check()
    rows += [(f"data share {name}", "connected", wrong) for name, wrong in origins.items()]
    if (wrong := fetcher.check_tokens()) is not None:
        rows.append(("token for the data share", "signed in", wrong))
    if not origins:
        rows.append(("data share", "", "none may be asked: add --fetch-from or --fetch-inside"))
    rows.append(_folder(folder, keys, create=create))
    well = not any(wrong for _, _, wrong in rows)
    if out.as_json:
        listed = [{"what": what, "found": found, "wrong": wrong} for what, found, wrong in rows]
        out.json({"well": well, "checks": listed})
    else:
        shown = table("", "what", "", "found")
        for what, found, wrong in rows:
            add_row(shown, say(what), say("WRONG" if wrong else "ok"), say(wrong or found))
        out.print(shown)
    return Exit.DONE if well else Exit.NOTHING


def _broker(settings: Settings, broker: Broker) -> list[Row]:
    from civid.exchange.worker import BrokerError, Session
    from civid.exchange.worker.dialects import ARTEMIS

    session = Session(broker, settings, lambda delivery: None)
    try:
        session.open(subscribe=False)
    except BrokerError as error:
        return [(f"broker {broker}", "", str(error))]
    rows: list[Row] = [(f"broker {broker}", f"signed in, {session.dialect.name}", "")]
    # How often Artemis hands out a message cannot be asked over STOMP.
    limit = "; see that it has max-delivery-attempts -1" if session.dialect is ARTEMIS else ""
    steps: list[tuple[str, str, Callable[[], None]]] = [
        (f"queue {settings.outbound}", "may be written",
         lambda: session.may_send(settings.outbound)),
        (f"queue {settings.dead_letters}", "may be written",
         lambda: session.may_send(settings.dead_letters)),
        (f"queue {settings.inbound}", f"may be read{limit}", session.may_read),
    ]  # fmt: skip
    try:
        for what, found, step in steps:
            try:
                step()
                rows.append((what, found, ""))
            except BrokerError as error:
                rows.append((what, "", str(error)))
                break  # the broker closes the connection after a refusal
    finally:
        session.close()
    return rows


def _folder(folder: Path, keys: Path | None, *, create: bool) -> Row:
    from civid.exchange.abis import Abis

    what = f"engine {folder}"
    if not (folder / "gallery").exists():
        wrong = "" if create else "there is none yet: --create makes it"
        return what, "there is none yet, and it will be made", wrong
    try:
        # To write, as the worker will: a lock, a key or a right that is missing shows here.
        with Abis.open(folder, keys=read_keys(keys), timeout=0.5) as engine:
            return what, f"{engine.count():,} people", ""
    except GalleryLockedError:
        return what, "in use: a worker runs", ""
    except CividError as error:
        return what, "", str(error)
