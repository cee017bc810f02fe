"""``civid info`` and ``civid --version``: what is installed here."""

from __future__ import annotations

import platform

import typer

import civid
from civid import formats
from civid.cli.console.options import AsJson, thread_count
from civid.cli.console.output import Output, add_row, table
from civid.cli.language.sentences import say

_WORDS = ("version", "machine", "threads", "instruction set", "instruction sets", "formats")


def version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        typer.echo(f"civid {civid.__version__}")
        raise typer.Exit


def info(as_json: AsJson = False) -> int:
    """Show the version, the instruction sets and what can be read here."""
    out = Output(as_json=as_json)
    facts: dict[str, object] = {
        "version": civid.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "threads": thread_count(None),
        "instruction_set": civid.cpu.active(),
        "instruction_sets": list(civid.cpu.available()),
        "formats": list(formats.names()),
    }
    if as_json:
        out.json(facts)
        return 0
    made = table("civid", "what", "here")
    for name, value in facts.items():
        shown = ", ".join(value) if isinstance(value, list) else str(value)
        shown = {"True": "yes", "False": "no"}.get(shown, shown)
        add_row(made, say(name.replace("_", " ")), shown)
    out.print(made)
    return 0
