"""The help of every command in the chosen language: its own texts, out of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from civid.cli.language.catalogue import parser_words
from civid.cli.language.choice import Language, spoken
from civid.cli.language.sentences import say

_TEXTS = ("help", "short_help", "epilog", "rich_help_panel")


@contextmanager
def helps(command: Any) -> Iterator[None]:
    """Let a command, and all below it, explain itself in the chosen language in the block."""
    if spoken() is Language.EN:
        yield
        return
    kept = [(one, name, getattr(one, name)) for one, name in texts(command)]
    for one, name, text in kept:
        setattr(one, name, say(text))
    for one in {id(one): one for one, _, _ in kept}.values():
        if hasattr(one, "get_usage"):
            one.get_usage = partial(_usage, one.get_usage)
    try:
        with parser_words():
            yield
    finally:
        for one, name, text in kept:
            setattr(one, name, text)
            vars(one).pop("get_usage", None)


def _usage(asked: Callable[[Any], str], context: Any) -> str:
    """The first line of a help page, whose first word the parser does not ask gettext for."""
    return asked(context).replace("Usage:", say("Usage:"), 1)


def texts(command: Any) -> Iterator[tuple[Any, str]]:
    """Whatever holds a text for readers in a tree of commands, and the attribute that holds it."""
    for one in (command, *command.params):
        for name in _TEXTS:
            if isinstance(getattr(one, name, None), str):
                yield one, name
    for inner in getattr(command, "commands", {}).values():
        yield from texts(inner)
