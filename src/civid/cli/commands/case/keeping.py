"""``civid case take-up``, ``undo``, ``release``, ``seed``, ``report``: looking after the cases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from civid.cli.commands.case.options import CaseId, Why, tell
from civid.cli.commands.case.tables import measures_table
from civid.cli.commands.register.opening import (
    As,
    For,
    GalleryPath,
    RegisterKeysFile,
    Unit,
    Where,
    opened,
)
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output, counted
from civid.cli.console.problems import Exit, usage
from civid.cli.language.sentences import say

Batch = Annotated[str, typer.Option("--batch", metavar="CODE", help="Code that the cases get.")]


def take_up(
    register: Where,
    batch: Batch = "",
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=1000, help="At most so many at once.")
    ] = 200,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    gallery: GalleryPath = None,
    as_json: AsJson = False,
) -> int:
    """Compare what enrolment and merges have opened, and put it into the officers' queue."""
    from civid.dedup.cases import CaseDesk
    from civid.dedup.decision import Deduplicator

    out = Output(as_json=as_json)
    with opened(
        register, keys=keys, who=who, unit=unit, purpose=purpose, gallery=gallery
    ) as one:  # fmt: skip
        found = CaseDesk(one).take_up(Deduplicator(one), batch=batch, limit=limit)
    if as_json:
        out.json({"cases": [case.to_dict() for case in found.cases], "left": found.left})
    else:
        # Two of the register's cases about one pair of people become one here.
        cases = counted(len({case.reference for case in found.cases}), "case")
        out.print(f"taken up: {len(found.cases):,}, in {cases}")
        if found.left:
            out.note(f"{found.left:,} name nobody and stay as they are")
    return Exit.DONE


def undo(
    register: Where,
    case: CaseId,
    reason: Why,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Take back what was decided and done; not for those who ruled."""
    from civid.dedup.cases import CaseDesk

    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        found = CaseDesk(one).undo(case, reason)
    return tell(Output(as_json=as_json), found, say("undone"))


def release(
    register: Where,
    case: CaseId,
    reason: Why,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Take a case from an officer who does not decide it."""
    from civid.dedup.cases import CaseDesk

    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        found = CaseDesk(one).release(case, reason)
    return tell(Output(as_json=as_json), found, say("released"))


def seed(
    register: Where,
    case: CaseId,
    batch: Batch = "",
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Mix a decided case in once more, to see how well it is judged; it acts on nothing."""
    from civid.dedup.cases import CaseDesk

    out = Output(as_json=as_json)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        found = CaseDesk(one).seed(case, batch=batch)
    if as_json:
        out.json(found.to_dict())
    else:
        out.print("mixed in")
    return Exit.DONE


def report(
    register: Where,
    since: Annotated[
        str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="From this day on.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="YYYY-MM-DD", help="Up to this day, with it.")
    ] = None,
    batch: Annotated[str | None, typer.Option("--batch", help="Only this batch.")] = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Agreement, time a case, what was overturned, fatigue, and reasons by batch."""
    from civid.dedup.cases import CaseDesk

    out = Output(as_json=as_json)
    first = 0 if since is None else _moment(since, "--since", 0)
    last = None if until is None else _moment(until, "--until", 1)
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        found = CaseDesk(one).report(since=first, until=last, batch=batch)
    if as_json:
        out.json(found.to_dict())
    else:
        out.print(measures_table(found))
    return Exit.DONE


def _moment(text: str, option: str, days: int) -> int:
    """When a day begins in the country, or the one after it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise usage(f"{option}: expected a day such as 2026-11-29") from None
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=days, hours=-7)
    return int(begins.timestamp()) * 1_000_000
