"""The reference says what the code does, and the tutorial runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from civid.cli.app import app
from civid.cli.console import problems
from civid.cli.console.problems import Exit

SOURCES = sorted(Path(problems.__file__).parent.parent.rglob("*.py"))


@pytest.fixture(scope="module")
def reference(root: Path) -> str:
    return (root / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")


def codes_in_the_source() -> Iterator[tuple[str, int]]:
    """Every error code with its exit code: of the table, and of each Problem(...) made."""
    for _, exit_code, code, _ in problems._TABLE:
        yield code, exit_code
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "Problem":
                continue
            where, code = node.args[0], node.args[1]
            if isinstance(where, ast.Attribute) and isinstance(code, ast.Constant):
                yield str(code.value), Exit[where.attr]


def test_every_error_code_is_documented(reference: str) -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", reference, re.MULTILINE)
    documented = {code: int(exit_code) for code, exit_code in rows}
    in_source = dict(codes_in_the_source())
    assert len(in_source) > 20
    assert in_source.items() <= documented.items()
    only_skipped = {"name", "same-finger"}
    assert documented.keys() - in_source.keys() <= only_skipped


def test_every_exit_code_is_documented(reference: str) -> None:
    rows = re.findall(r"^\| (\d+) \|", reference, re.MULTILINE)
    assert sorted(map(int, rows)) == sorted(map(int, Exit))


def test_every_command_is_documented(reference: str) -> None:
    rows = re.findall(r"^\| `civid ([a-z]+)", reference, re.MULTILINE)
    names = [one.name or one.callback.__name__ for one in app.registered_commands if one.callback]
    assert sorted(rows) == sorted(names)


def test_the_python_tutorial_runs(root: Path) -> None:
    text = (root / "docs" / "tutorial" / "2-from-python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) > 5
    space: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "2-from-python.md", "exec"), space)
