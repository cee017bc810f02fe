"""``civid inspect``: what stands in a file, field by field, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from civid import formats
from civid.cli.commands.files.field_tree import field_tree, summary
from civid.cli.commands.files.reading import format_of_name, unwrapped
from civid.cli.console.options import AsJson
from civid.cli.console.output import Output, counted
from civid.cli.console.problems import Exit, Problem, explain
from civid.cli.language.sentences import say
from civid.errors import CividError


def inspect(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A record, transaction, envelope or picture.")
    ],
    format: Annotated[  # noqa: A002
        str | None,
        typer.Option(metavar="NAME", help="What it is, where it does not look like it."),
    ] = None,
    member: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which file of a zip archive that holds several."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit code 1 if anything departs from the standard.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every minutia of a long list, and long texts.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Show every field of a file with its place, and what is wrong with it.

    Places are offsets from the start of the file, sizes are bytes. Pixels and
    other bytes are shown as their number and the start of their SHA-256.
    """
    out = Output(as_json=as_json)
    if format is not None:
        format = format_of_name(format).key  # noqa: A001
    opened = unwrapped(file, member)
    try:
        tree = formats.inspect(opened.data, format)
    except CividError as error:
        raise explain(error, file) or error from error
    if as_json:
        out.json({"file": str(file), **tree.to_dict(), "wrappings": list(opened.wrappings)})
    else:
        title = f"{file.name}: {tree.name} ({tree.format}), {counted(tree.size, 'byte')}"
        for one in reversed(opened.wrappings):
            title = f"{title}, {say(f'out of {one}')}"
        out.print(field_tree(tree, title, everything=everything))
        out.print(summary(tree))
    if tree.error is not None:
        code = "unreadable-image" if tree.error.field == "picture" else "unreadable-record"
        advice = "" if as_json else "ask for it again; what could be read stands above"
        raise Problem(code, f"{file}: {tree.error}", advice)
    return Exit.NOTHING if strict and tree.findings else Exit.DONE
