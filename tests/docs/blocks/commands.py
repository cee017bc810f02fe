"""Command lines of the pages: read, held against the real command line, and run in this process."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.docs.blocks.printed import differs

#: Commands of the shell that pages use on their own files.
_FILES = {"cp", "echo", "head", "ls", "mkdir", "mv", "sed"}


def lines(block: str) -> Iterator[tuple[str, str]]:
    """The commands of a block, each with what it prints there."""
    command, said = "", list[str]()
    for row in re.sub(r"\\\n\s*", "", block).splitlines():
        if row.lstrip().startswith("$ "):
            if command:
                yield command, "\n".join(said)
            command, said = row.lstrip()[2:], []
        else:
            said.append(row)
    if command:
        yield command, "\n".join(said)


def of_civid(line: str) -> list[list[str]]:
    """The words of every ``civid ...`` in a line, without what the shell makes of the rest."""
    found: list[list[str]] = []
    reader = shlex.shlex(line, posix=True, punctuation_chars="();|&<>")
    reader.whitespace_split = True
    reader.commenters = "#"
    words: list[str] | None = None
    beginning = True
    for word in reader:
        if set(word) <= set("();|&<>"):
            words, beginning = None, True
        elif beginning and word in ("civid", ".venv/bin/civid"):
            words, beginning = [], False
            found.append(words)
        elif words is not None:
            words.append(word)
        else:
            beginning = beginning and "=" in word  # a setting before the command
    return found


def misfit(words: list[str]) -> str:
    """What the command line has against these words; empty where it takes them."""
    import typer

    from civid.cli.app import command_line
    from civid.cli.language.choice import without_option

    command: Any = typer.main.get_command(command_line())
    rest, _ = without_option(words)  # --lang may stand anywhere
    context = command.context_class(command, info_name="civid")
    try:
        while rest and hasattr(command, "commands"):
            command.parse_args(context, rest)  # lets a group put a word in
            rest = [*context._protected_args, *context.args]
            _, command, rest = command.resolve_command(context, rest)
            context = command.context_class(command, parent=context)
        given, more, _ = command.make_parser(context).parse_args(rest)
    except Exception as error:
        if said := getattr(error, "format_message", None):  # an error of usage
            return str(said())
        raise
    missing = [one.name for one in command.params if one.required and not given.get(one.name)]
    return f"too much: {more}" if more else f"missing: {missing}" if missing else ""


def fits(command: str) -> None:
    """Every ``civid`` of a line can be called so."""
    for words in of_civid(command):
        if {"-h", "--help", "--version"}.isdisjoint(words):
            wrong = misfit(words)
            assert not wrong, f"{command}\n{wrong}"


@dataclass(frozen=True)
class Terminal:
    """Where a page's commands run: those of civid in this process, in the page's folder."""

    runs: bool = False  # else they are held against the command line alone
    exact: bool = False  # what is printed is compared to the letter; else without its numbers
    done: tuple[str, ...] = ()  # what has been prepared instead of running it

    def session(self, text: str) -> None:
        """Commands after ``$``, and what they print."""
        commands = list(lines(text))
        assert commands, "no command: is this what one prints? then it is text"
        for command, said in commands:
            fits(command)
            if self.runs and command not in self.done:
                printed = self.run(command, fails=said.startswith("error: "))
                if said.strip():
                    wrong = differs(said, printed, exact=self.exact)
                    assert not wrong, f"$ {command}\n{wrong}\nprinted:\n{printed}"

    def run(self, command: str, *, fails: bool = False) -> str:
        """One line; -> what it printed."""
        printed = ""
        for part in command.split(" && "):
            found = of_civid(part)
            if len(found) == 1 and part.startswith("civid "):
                printed += self.call(found[0], fails=fails)
            else:
                assert shlex.split(part)[0] in _FILES or part.startswith("(umask "), part
                printed += subprocess.run(
                    ["bash", "-c", part], check=True, timeout=60, capture_output=True, text=True
                ).stdout
        return printed

    def call(self, words: list[str], *, fails: bool) -> str:
        """``civid`` with these words; 1 is an answer, too (not the same, nothing found)."""
        from typer.testing import CliRunner

        from civid.cli.app import command_line

        said = CliRunner().invoke(command_line(), words, prog_name="civid")
        answered = said.exit_code in (0, 1)
        assert answered != fails, f"civid {shlex.join(words)}\n{said.output}"
        return str(said.output)


def script(text: str) -> None:
    """Commands without prompts and without what they print: they are not run, but they fit."""
    for command in re.sub(r"\\\n\s*", "", text).splitlines():
        fits(command)
