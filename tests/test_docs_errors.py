"""docs/errors.md names every error, and no other."""

from __future__ import annotations

import builtins
import re
from pathlib import Path

import civid.errors
from civid.errors import CividError


def documented(root: Path) -> dict[str, str]:
    """Name -> what it derives from, as the table says."""
    text = (root / "docs" / "errors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", text, re.M)
    return {name: bases.strip() for name, bases in rows}


def test_table_and_code_name_the_same_errors(root: Path) -> None:
    found = {
        name: ", ".join(f"`{base.__name__}`" for base in value.__bases__)
        for name, value in vars(civid.errors).items()
        if isinstance(value, type) and value.__module__ == "civid.errors"
    }
    assert documented(root) == found


def test_all_are_civid_errors(root: Path) -> None:
    for name in documented(root):
        error = getattr(civid.errors, name)
        assert issubclass(error, CividError)
        assert not hasattr(builtins, name)
        assert error.__doc__
