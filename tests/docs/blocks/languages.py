"""What running a block means: Python and commands are executed, data have to be readable."""

from __future__ import annotations

import configparser
import csv
import doctest
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable

from sybil import Example
from sybil.evaluators.python import PythonEvaluator
from tests.docs.blocks import commands
from tests.docs.blocks.needs import Place

_STATEMENTS = PythonEvaluator()


def place(example: Example) -> Place:
    """Where the page runs."""
    found: Place = example.namespace["place_of_the_page"]
    return found


def python(example: Example) -> None:
    """Statements, or a session with what it prints."""
    if place(example).instead:
        compile(_without_prompts(example.parsed), example.path, "exec")
    elif example.parsed.lstrip().startswith(">>>"):
        session(example)
    else:
        _STATEMENTS(example)


def session(example: Example) -> None:
    """Lines after ``>>>``, and what they print."""
    said: list[str] = []
    test = doctest.DocTestParser().get_doctest(
        example.parsed, example.namespace, example.path, example.path, example.line
    )
    assert test.examples, "no line after >>>"
    done = doctest.DocTestRunner(verbose=False).run(test, out=said.append, clear_globs=False)
    example.namespace.update(test.globs)
    assert not done.failed, "".join(said)


def _without_prompts(text: str) -> str:
    if not text.lstrip().startswith(">>>"):
        return text
    return "".join(one.source for one in doctest.DocTestParser().get_examples(text))


def console(example: Example) -> None:
    """Lines after ``$``: they fit the command line, and run where the page's row says so."""
    place(example).terminal.session(example.parsed)


def _bash(example: Example) -> None:
    commands.script(example.parsed)


def _json(example: Example) -> None:
    """One document, or one a line."""
    text = example.parsed
    for one in text.splitlines() if text.count("\n{") else [text]:
        json.loads(one)


def _xml(example: Example) -> None:
    ET.fromstring(f"<block>{example.parsed}</block>")


def _ini(example: Example) -> None:
    reader = configparser.ConfigParser(interpolation=None, strict=False)
    reader.optionxform = str  # type: ignore[assignment,method-assign]  # keys of units have case
    reader.read_string(example.parsed)


def _csv(example: Example) -> None:
    widths = {len(row) for row in csv.reader(example.parsed.splitlines())}
    assert len(widths) == 1


RUNS: dict[str, Callable[[Example], None]] = {
    "python": python,
    "pycon": session,
    "console": console,
    "bash": _bash,
    "json": _json,
    "xml": _xml,
    "ini": _ini,
    "csv": _csv,
}
#: What a block may be besides; nothing of it can be run here.
SHOWN = {"text", "mermaid", "{toctree}"}
