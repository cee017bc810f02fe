"""No input within the limits may cost more than 5 s of a core or 1 GB, whatever it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "bombs"
GROUPS = sorted(path.name.removesuffix("_bombs.py") for path in HERE.glob("*_bombs.py"))
SECONDS, MIB = 5, 1000


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_no_input_within_the_limits_costs_more_than_5_s_and_1_gb(group: str, root: Path) -> None:
    command = [sys.executable, "-m", "tests.formats.bombs", group]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert not done.returncode, done.stderr
    costs = [json.loads(line) for line in done.stdout.splitlines()]
    assert costs
    dear = [cost for cost in costs if cost["seconds"] > SECONDS or cost["mib"] > MIB]
    assert not dear
    untyped = [cost for cost in costs if cost["outcome"].split()[0] in ("UNTYPED", "KILLED")]
    assert not untyped
