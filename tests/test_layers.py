"""The house of ARCHITECTURE.md, checked: who imports whom, and how large files grow."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

# Lowest first: a package imports what stands before it, and itself.
LAYERS = [
    *(
        "errors",
        "extras",
        "problems",
        "private_files",
        "private_tables",
        "listening",
        "spreadsheets",
        "position",
        "workflow",
    ),
    "display",
    *("_native", "cpu", "_jit"),
    *("formats", "fingerprint", "search", "pictures"),
    *("people", "cards", "register", "dedup", "exchange", "campaign"),
    *("lab", "cli"),
]
ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "civid"
FILES = sorted(PACKAGE.rglob("*.py"))


def layer(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_what_stands_above(path: Path) -> None:
    own = layer(path)
    if own in ("__init__", "__main__"):
        return
    for name in imported_modules(path):
        parts = name.split(".")
        if parts[0] != "civid" or len(parts) < 2:
            continue
        if parts[1] not in LAYERS:  # from civid import __version__
            assert own == "cli", f"{path} imports {name}"
            continue
        assert LAYERS.index(parts[1]) <= LAYERS.index(own), f"{path} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_one_door_to_c_and_one_to_numba(path: Path) -> None:
    for name in imported_modules(path):
        if name.startswith("civid._native._civid") or name.split(".")[0] == "_cffi_backend":
            assert layer(path) == "_native", f"{path} imports {name}"
        if name.split(".")[0] == "numba":
            assert layer(path) == "_jit", f"{path} imports numba"


def test_files_can_be_held_in_the_head() -> None:
    sources = [*FILES, *(ROOT / "native").rglob("*.[ch]")]
    # civid.h is the one public header: a list of functions, each with its contract.
    generated = {"calibration_table.h", "fields_table.h", "_civid.c", "civid.h"}
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources
        if path.name not in generated
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not long


def test_a_large_table_is_in_the_library_once() -> None:
    """Included by every twin of a kernel it would be there three times: 300 kB of a wheel."""
    source = ROOT / "native" / "src"
    large = {path.name for path in (source / "tables").glob("*.h") if path.stat().st_size > 32_768}
    assert len(large) == 4
    only_reader = {"fields_table.h": "fields_network.c"}  # the others have twins that read them
    for path in source.rglob("*.[ch]"):
        text = path.read_text(encoding="utf-8")
        inside = {name for name in large if f'"tables/{name}"' in text}
        expected = {name for name in large if only_reader.get(name, "shared.c") == path.name}
        assert inside == expected, path
