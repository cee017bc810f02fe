"""``civid case list``: how many wait, and where they stand."""

from __future__ import annotations

from typing import Annotated

import typer

from civid.cli.commands.case.tables import summaries_table
from civid.cli.commands.register.opening import As, For, RegisterKeysFile, Unit, Where, opened
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, usage


def list_cases(
    register: Where,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", help="waiting, taken, closed or undone; again for several."),
    ] = None,
    batch: Annotated[str | None, typer.Option("--batch", help="Only those of this batch.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")] = 50,
    after: Annotated[str | None, typer.Option("--after", help="Go on after this case.")] = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    unit: Unit = "",
    purpose: For = "",
    as_json: AsJson = False,
) -> int:
    """Cases that wait or are taken, oldest first; nothing of what they are about."""
    from civid.dedup.cases import CaseDesk, CaseState

    out = Output(as_json=as_json)
    try:
        states = [CaseState(one) for one in state or ("waiting", "taken")]
    except ValueError:
        raise usage(f"--state: one of {', '.join(CaseState)}") from None
    with opened(register, keys=keys, who=who, unit=unit, purpose=purpose) as one:
        found = CaseDesk(one).list(states=states, batch=batch, limit=limit, after=after)
    if as_json:
        out.json(found.to_dict())
    elif found.items:
        out.print(summaries_table(found.items))
    else:
        out.print("no cases")
        if not state:
            out.note("what enrolment and merges have opened comes in with: civid case take-up")
    if found.after is not None:
        out.note(f"--after {found.after}")
    return Exit.DONE if found.items else Exit.NOTHING
