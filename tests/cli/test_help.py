"""What the help of every command says reaches the reader whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer
from rich.text import Text

from civid.cli.app import command_line


def texts(command: Any, name: str = "civid") -> Iterator[tuple[str, str]]:
    """Every text of a command, its options and its own commands."""
    for text in (command.help, command.epilog):
        if text:
            yield name, text
    for one in command.params:
        if text := getattr(one, "help", None):
            yield f"{name} {one.name}", text
    for word, inner in getattr(command, "commands", {}).items():
        yield from texts(inner, f"{name} {word}")


def test_nothing_in_brackets_is_taken_for_markup() -> None:
    found = dict(texts(typer.main.get_command(command_line())))
    assert len(found) > 500
    lost = {
        name: text
        for name, text in found.items()
        if Text.from_markup(text).plain != text.replace("\\[", "[")
    }
    assert not lost, "write \\[ for a bracket that is to be seen"
