"""``CIVID_ISA`` counts from the first comparison on, and nonsense in it is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import civid
from civid import cpu

# Nothing here imports civid.cpu before it has compared.
COMPARES = """
import numpy as np
from civid import FingerImage, compare, extract
blank = extract(FingerImage(np.full((64, 64), 255, np.uint8), 500))
compare(blank, blank)
from civid._native import ffi, lib
print(ffi.string(lib.civid_cpu_name(lib.civid_cpu_active())).decode())
"""


def run(isa: str, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "CIVID_ISA": isa},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("isa", cpu.available())
def test_the_environment_counts_although_nobody_imports_cpu(isa: str) -> None:
    assert run(isa, "-c", COMPARES).stdout.strip() == isa


def test_empty_counts_as_not_set() -> None:
    assert run("", "-c", COMPARES).stdout.strip() == cpu.available()[-1]


@pytest.mark.parametrize("isa", ["nonsense", "AVX2", " portable", "portable,avx2", "-1", "0"])
def test_nonsense_is_refused_and_what_is_there_is_listed(isa: str) -> None:
    caught = "try:\n {}\nexcept civid.UnavailableError as error: print(error)"
    script = "import civid\n" + caught.format("civid.compare") + "\n" + caught.format("civid.cpu")
    refused = run(isa, "-c", script)
    expected = f"CIVID_ISA={isa!r} is not available here; there are {', '.join(cpu.available())}"
    assert refused.stdout.splitlines() == [expected, expected]


def test_the_command_refuses_it_too() -> None:
    refused = run("nonsense", "-m", "civid", "info")
    assert refused.returncode == 6
    as_json = json.loads(run("nonsense", "-m", "civid", "info", "--json").stderr)
    assert as_json["error"]["code"] == "unavailable"
    assert "CIVID_ISA='nonsense' is not available here" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    "name", ["nonsense", "", "neon" if "neon" not in cpu.available() else "avx2"]
)
def test_force_refuses_the_same_and_changes_nothing(name: str) -> None:
    before = cpu.active()
    with pytest.raises(civid.UnavailableError, match=f"'{name}' is not available here; there are"):
        cpu.force(name)
    assert cpu.active() == before


def test_using_goes_back() -> None:
    before = cpu.active()
    with cpu.using("portable"):
        assert cpu.active() == "portable"
    assert cpu.active() == before
