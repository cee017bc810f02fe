"""Importing people is cheap: no numpy, no engine, no pydantic before they are used."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("numpy", "numba", "skimage", "scipy", "pydantic", "PIL", "civid._native", "cffi")
MODULES = ["civid.people", "civid.people.personal_number", "civid.people.names",
           "civid.people.citizen", "civid.people.household", "civid.people.forms",
           "civid.people.findings", "civid.people.synthetic", "civid.people.numbers"]  # fmt: skip


@pytest.mark.parametrize("module", MODULES)
def test_import_loads_nothing_heavy(module: str) -> None:
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(json.loads(done.stdout))
    assert not [name for name in HEAVY if name in loaded]


def test_import_takes_little_time() -> None:
    code = (
        "import time; start = time.process_time(); import civid.people;"
        "from civid.people import names, personal_number;"
        "print(time.process_time() - start)"
    )
    best = min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                             check=True, timeout=60).stdout)
        for _ in range(3)
    )  # fmt: skip
    assert best < 0.3


def test_subpackages_load_on_use() -> None:
    from civid import people

    assert "names" in dir(people)
    assert people.personal_number.is_valid("046301123456")  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        _ = people.nothing
