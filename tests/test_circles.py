"""No module of civid imports itself by way of others.

What only type checkers read, and what a function imports on use, is left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "civid"
NAMES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}
#: Circles that are known, each as the names of its modules; none may be added.
KNOWN: set[frozenset[str]] = set()


def at_import(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that run as the module loads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from at_import(node)


def imported(tree: ast.AST) -> set[str]:
    """The modules of civid that a module loads; a name of a package is one of its modules."""
    found = set()
    for node in at_import(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
            continue
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            found.add(whole if whole in NAMES else str(node.module))
    return found & set(NAMES)


def circles(arrows: dict[str, set[str]]) -> set[frozenset[str]]:
    """Groups of modules that reach each other (strongly connected, by Tarjan)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: set[frozenset[str]] = set()

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for other in arrows[name]:
            if other not in order:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], order[other])
        if low[name] == order[name]:
            place = stack.index(name)
            group = frozenset(stack[place:])
            del stack[place:]
            if len(group) > 1 or name in arrows[name]:
                found.add(group)

    for name in arrows:
        if name not in order:
            visit(name)
    return found


def test_a_circle_is_found() -> None:
    arrows = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}
    assert circles(arrows) == {frozenset({"b", "c"})}


def test_what_type_checkers_read_and_what_loads_on_use_do_not_count() -> None:
    source = (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import civid.cpu\n"
        "def use():\n    import civid.formats\n"
        "try:\n    import civid.errors\nexcept ImportError:\n    pass\n"
    )
    assert imported(ast.parse(source)) == {"civid.errors"}


def test_there_are_no_circles() -> None:
    arrows = {
        name: imported(ast.parse(path.read_text(encoding="utf-8"))) for name, path in NAMES.items()
    }
    assert circles(arrows) == KNOWN
