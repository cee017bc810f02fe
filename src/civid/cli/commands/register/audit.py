"""``civid audit``: is the log of a register whole?"""

from __future__ import annotations

import re
from typing import Annotated

import typer

from civid.cli.commands.register.opening import As, RegisterKeysFile, Where, opened
from civid.cli.console.options import AsJson, Quiet
from civid.cli.console.output import Output
from civid.cli.console.problems import Exit, usage

app = typer.Typer(help="The audit log of a register.")


@app.callback()
def _group() -> None:
    """The audit log of a register."""


@app.command()
def verify(
    register: Where,
    anchor: Annotated[
        str | None,
        typer.Option(
            "--anchor",
            metavar="ENTRIES:HEAD",
            help="What an earlier verify printed, kept elsewhere: finds a log that was cut off or"
            " put back to an older copy.",
        ),
    ] = None,
    keys: RegisterKeysFile = None,
    who: As = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Compute the whole log anew. Exit code 0: it is whole, 4: it was tampered with."""
    out = Output(as_json=as_json, quiet=quiet)
    wanted = None if anchor is None else _anchor(anchor)
    with opened(register, keys=keys, who=who) as one, out.progress("Checking") as progress:
        report = one.audit.verify(anchor=wanted, on_progress=progress)
    if as_json:
        out.json(report.to_dict())
    elif report.whole:
        out.print(f"the log is whole: {report.entries:,} entries")
        out.print(f"anchor: {report.entries}:{report.head}")
        out.note("keep the anchor elsewhere, and give it to the next verify with --anchor")
    else:
        out.print("the log was tampered with, or is damaged:")
        for problem in report.problems:
            out.print(f"  {problem}")
    return Exit.DONE if report.whole else Exit.GALLERY


def _anchor(text: str) -> tuple[int, str]:
    entries, _, head = text.partition(":")
    if not entries.isdecimal() or not re.fullmatch("[0-9a-f]{64}", head):
        raise usage("--anchor: expected ENTRIES:HEAD as verify prints it")
    return int(entries), head
