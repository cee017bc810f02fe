"""The reference says what the code does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import civid.problems
from civid.cli.app import command_line
from civid.cli.console.problems import CODES, Exit

PACKAGE = Path(civid.problems.__file__).parent
SOURCES = [path for room in ("cli", "dedup") for path in sorted((PACKAGE / room).rglob("*.py"))]
#: Who takes a code, and as which argument.
MAKERS = {"Problem": 0, "Skipped": 1}


@pytest.fixture(scope="module")
def reference(root: Path) -> str:
    return (root / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")


def codes_in_the_source() -> Iterator[str]:
    """Every code of a Problem(...) that is made, or of an exception that is explained."""
    yield from (code for _, code in civid.problems._CODES)
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in MAKERS
            ):
                code = node.args[MAKERS[node.func.id]]
                if isinstance(code, ast.Constant):
                    yield str(code.value)


def test_every_error_code_is_documented(reference: str) -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", reference, re.MULTILINE)
    documented = {code: int(exit_code) for code, exit_code in rows}
    assert {code: int(exit_code) for code, (exit_code, _) in CODES.items()} == documented


def test_every_error_code_is_known_and_made() -> None:
    made = set(codes_in_the_source())
    assert len(made) > 20
    assert made <= CODES.keys()
    assert CODES.keys() - made == {"evaluation"}  # made by `named`


def test_every_exit_code_is_documented(reference: str) -> None:
    rows = re.findall(r"^\| (\d+) \|", reference, re.MULTILINE)
    assert sorted(map(int, rows)) == sorted(map(int, Exit))


def test_every_command_is_documented(reference: str) -> None:
    rows = re.findall(r"^\| `civid ([a-z]+)", reference, re.MULTILINE)
    names = [
        one.name or one.callback.__name__
        for one in command_line().registered_commands
        if one.callback
    ]
    assert sorted(rows) == sorted(names)


@pytest.mark.parametrize("name", ["gallery", "cluster", "card", "case"])
def test_every_command_of_a_group_is_documented(name: str, reference: str) -> None:
    (group,) = [one.typer_instance for one in command_line().registered_groups if one.name == name]
    assert group is not None
    commands = {
        one.name or getattr(one.callback, "__name__", "") for one in group.registered_commands
    }
    text = reference[reference.index(f"group of their own, `civid {name}`") :]
    rows = text[text.index("|---|") : text.index("\n\n", text.index("|---|"))]
    documented = re.findall(
        r"`([a-z-]+)", " ".join(row.split("|")[1] for row in rows.splitlines()[1:])
    )
    assert commands <= set(documented)
