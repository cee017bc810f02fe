"""The version stands in ``civid.__version__`` alone; what is built takes it from there."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest

import civid

ROOT = Path(__file__).resolve().parent.parent


def test_the_build_takes_the_version_from_the_package() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in settings["project"]
    assert settings["project"]["dynamic"] == ["version"]
    dynamic = settings["tool"]["setuptools"]["dynamic"]
    assert dynamic == {"version": {"attr": "civid.__version__"}}


def test_the_build_can_read_it_without_an_import() -> None:
    """An attribute that is no plain constant would have the build import the package."""
    tree = ast.parse((ROOT / "src" / "civid" / "__init__.py").read_text(encoding="utf-8"))
    found = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "__version__"
    ]
    assert len(found) == 1
    assert re.fullmatch(r"\d+\.\d+\.\d+([ab]\d+|rc\d+|\.dev\d+)?", found[0])


def test_who_cites_civid_is_told_the_same() -> None:
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.*)$", text, re.MULTILINE) == [civid.__version__]


def test_what_is_installed_has_it() -> None:
    try:
        found = importlib.metadata.distribution("civid")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("civid is not installed")
    if not Path(str(found.locate_file("civid"))).samefile(Path(civid.__file__).parent):
        pytest.skip("another civid is installed than the one under test")
    assert found.version == civid.__version__
