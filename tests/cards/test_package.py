"""The package as a whole: examples run, nothing heavy loads, tables are whole."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import civid.cards

MODULES = sorted(
    one.name for one in pkgutil.walk_packages(civid.cards.__path__, prefix="civid.cards.")
)
HEAVY = (
    "numpy", "numba", "skimage", "pydantic", "PIL", "cryptography", "asn1crypto", "holidays",
    "segno", "zxingcpp", "civid.formats", "civid.fingerprint", "civid.search", "civid._native",
)  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__
    assert doctest.testmod(module).failed == 0


def test_nothing_heavy_loads_until_it_is_used() -> None:
    names = [name for name in MODULES if name != "civid.cards.models"]
    code = f"import sys; [__import__(one) for one in {names!r}]; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = done.stdout.split()
    assert not [name for name in HEAVY if name in loaded]
