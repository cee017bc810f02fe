"""A command line loads the one command that it calls; the whole has them all."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer
from tests import child

from civid.cli.app import _COMMANDS, _GROUPS, called, command_line

NAMES = [*_COMMANDS, *_GROUPS]


def test_the_whole_has_every_command_in_the_order_of_the_table() -> None:
    found = typer.main.get_command(command_line())
    assert list(found.commands) == NAMES  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", NAMES)
def test_one_command_is_the_same_alone(name: str) -> None:
    whole, alone = (
        typer.main.get_command(command_line(only)).commands  # type: ignore[attr-defined]
        for only in (None, name)
    )
    assert list(alone) == [name]
    assert [one.name for one in alone[name].params] == [one.name for one in whole[name].params]
    assert list(getattr(alone[name], "commands", {})) == list(getattr(whole[name], "commands", {}))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["info"], "info"),
        (["--lang=vi", "gallery", "list"], "gallery"),
        (["register", "--lang", "vi"], "register"),
        ([], None),
        (["--help"], None),
        (["--version", "info"], None),
        (["infoo"], None),
        (["--lang"], None),
    ],
)
def test_what_is_called(words: list[str], name: str | None) -> None:
    assert called(words) == name


def test_what_is_not_called_is_not_loaded() -> None:
    script = (
        "import sys; from civid.cli.app import command_line; command_line('info');"
        "print(*[one for one in sys.modules if one.startswith('civid.cli.commands.')"
        " or one in ('civid.campaign', 'civid.register', 'numpy')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=child.environment()
    )
    assert done.stdout.split() == ["civid.cli.commands.info"], done.stderr
