"""The engine gives what it gave before the house was rebuilt, on every instruction set."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from civid import cpu

GOLDEN = Path(__file__).resolve().parent / "golden" / "bits"


@pytest.mark.parametrize("isa", cpu.available())
def test_templates_scores_and_candidates_are_as_recorded(isa: str) -> None:
    run = subprocess.run(
        [sys.executable, str(GOLDEN / "make.py")],
        env={**os.environ, "CIVID_ISA": isa},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout) == json.loads((GOLDEN / "bits.json").read_text())
