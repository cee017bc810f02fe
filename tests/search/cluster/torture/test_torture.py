"""A few rounds in every run; the 300 are ``python -m tests.search.cluster.torture``."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.search.cluster.torture.chamber import FAULTS, torture
from tests.search.cluster.torture.machines import LocalMachine


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_no_round_is_bad(tmp_path: Path, fault: str) -> None:
    machine = LocalMachine(tmp_path)
    try:
        done = torture(machine, 2, seed=7, only=fault)
    finally:
        machine.close()
    assert not done.bad
    assert len(done.here) > 2
