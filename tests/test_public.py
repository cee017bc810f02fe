"""The public names: lazy, complete, and the same as the stub."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import civid

HEAVY = ("numba", "skimage", "scipy", "PIL", "pydantic", "rich", "typer", "numpy", "wsq")


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_import_loads_nothing_heavy() -> None:
    loaded = run("import civid, sys; print(*sys.modules)").split()
    assert not [name for name in HEAVY if name in loaded]


def test_using_the_engine_needs_no_optional_package() -> None:
    code = "import civid, sys; civid.extract, civid.compare, civid.Gallery; print(*sys.modules)"
    loaded = run(code).split()
    assert not [name for name in HEAVY if name != "numpy" and name in loaded]


@pytest.mark.parametrize("name", civid.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(civid, name)
    assert name in dir(civid)
    if not isinstance(value, str):
        assert value.__doc__


def test_the_stub_has_the_same_names() -> None:
    stub = Path(civid.__file__).with_suffix(".pyi")
    tree = ast.parse(stub.read_text(encoding="utf-8"))
    names = {
        alias.asname
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
    names |= {
        node.target.id
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    assert names - {"__all__"} == set(civid.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'extrakt'"):
        _ = civid.extrakt  # type: ignore[attr-defined]


def test_every_error_is_public() -> None:
    from civid import errors

    kinds = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.CividError)
    }
    assert kinds <= set(civid.__all__)
