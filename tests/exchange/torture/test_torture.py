"""The torture in small: ``make torture-abis`` is the large one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.exchange.broker import installed
from tests.exchange.broker.running import Broker
from tests.exchange.torture.run import Torture, failed, run, wrong

SMALL = Torture(inserts=100, identifies=30, kills=2, broker_restarts=1, window=20, patience=120)


@pytest.mark.slow
def test_nothing_is_lost_through_deaths(broker: Broker, tmp_path: Path) -> None:
    with installed.skipping():
        figures = run(SMALL, broker, tmp_path / "abis")
    # As text: what CI keeps of a failed test is its first lines, and pytest shortens a dictionary.
    assert not failed(figures), f"{wrong(figures)} in {json.dumps(figures)}"
    assert figures["of them certain, whatever the order"] > 0
