"""Turn every exception into an exit code and one or two lines that a clerk understands."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from civid.cli.console.output import printable, to_json
from civid.cli.console.problems import Exit, Problem, advice_on, exit_of, explain, not_written
from civid.cli.console.problems import as_json as problem_as_json
from civid.cli.console.streams import patient_streams
from civid.cli.language.choice import chosen, speaking, without_option
from civid.cli.language.helps import helps
from civid.cli.language.sentences import say


class Guarded(TyperGroup):
    """A group of commands that never shows a traceback, unless CIVID_DEBUG=1 asks for it."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **named: Any) -> Any:
        """Run one command and leave with its exit code."""
        words, asked = without_option(list(sys.argv[1:] if args is None else args))
        words = today(words)
        named["standalone_mode"] = False
        say_flags_plainly(self)
        with patient_streams() as (out, _):
            try:
                language = chosen(asked, os.environ)
            except Problem as error:
                sys.exit(report(error, words))
            with speaking(language), helps(self):
                try:
                    code = super().main(words, *rest, **named)
                    if code == Exit.INTERRUPTED:  # so ends Typer 0.29, without a word
                        sys.stderr.write(say("stopped") + "\n")
                except Exception as error:
                    code = report(error, words)
                except KeyboardInterrupt:
                    sys.stderr.write(say("stopped") + "\n")
                    code = Exit.INTERRUPTED
                out.flush()
                if out.error is not None:
                    lost = not_written(Path("standard output"), out.error)
                    code = report(lost, words)
        sys.exit(int(code or Exit.DONE))


def say_flags_plainly(command: Any) -> None:
    """In the help of a command, and of all below it, a flag takes no ``<bool>``."""
    for option in command.params:
        if getattr(option, "is_flag", False) and option.metavar is None:
            option.metavar = ""
    asked = command.get_help_option

    def help_option(context: Any) -> Any:
        option = asked(context)
        if option is not None:
            option.metavar = ""
            option.help = say(option.help or "")
        return option

    command.get_help_option = help_option
    for inner in getattr(command, "commands", {}).values():
        say_flags_plainly(inner)


#: Earlier spellings of options, by command; they go on working and are no longer shown.
_EARLIER = {
    "dedup": {
        "--name": "--filename-pattern",
        "--truth": "--truth-pattern",
        "--same": "--identity-fields",
    },
    "enroll": {"--name": "--filename-pattern"},
    "evaluate": {"--same": "--same-finger", "--out": "--output"},
    "demo": {"--out": "--output"},
    "gallery": {"--out": "--output"},
}


def today(words: list[str]) -> list[str]:
    """The same words with options in today's spelling.

    >>> today(["demo", "--out=folder"])
    ['demo', '--output=folder']
    """
    earlier = _EARLIER.get(words[0], {}) if words else {}
    made = []
    for word in words:
        option, equals, value = word.partition("=")
        made.append(earlier.get(option, option) + equals + value)
    return made


def report(error: Exception, words: Sequence[str]) -> int:
    """Say what went wrong on stderr; gives the exit code."""
    if os.environ.get("CIVID_DEBUG") == "1":
        traceback.print_exception(error)
    if isinstance(error, typer.Abort):  # what the parser makes of Ctrl-C
        sys.stderr.write(say("stopped") + "\n")
        return Exit.INTERRUPTED
    problem = _usage(error) or explain(error) or _bug(error)
    if "--json" in words:
        sys.stderr.write(to_json(problem_as_json(problem), sys.stderr))
    else:
        sys.stderr.write(f"{say('error')}: {printable(say(problem.message))}\n")
        if advice := advice_on(problem):
            sys.stderr.write(f"  {say('what to do')}: {printable(say(advice))}\n")
    return exit_of(problem)


def _usage(error: Exception) -> Problem | None:
    # What the parser raises; typer moved the class between versions, so its shape is asked for.
    words = getattr(error, "format_message", None)
    if words is None:
        return None
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "civid"
    # Words of the library that typer checks values with, and of no use to whoever typed one.
    said = re.sub(r":\sValue\serror,\s", ": ", words())
    return Problem("usage", said, f"see {command} --help")


def _bug(error: Exception) -> Problem:
    return Problem(
        "internal",
        f"something went wrong inside civid ({type(error).__name__})",
        "run it again with CIVID_DEBUG=1 and report what it prints",
    )
