"""The torture in small: ``make torture-abis`` is the large one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.exchange.broker import installed
from tests.exchange.broker.running import Broker
from tests.exchange.torture.run import Torture, failed, run

SMALL = Torture(inserts=100, identifies=30, kills=2, broker_restarts=1, window=20, patience=120)


@pytest.mark.slow
def test_nothing_is_lost_through_deaths(broker: Broker, tmp_path: Path) -> None:
    with installed.skipping():
        figures = run(SMALL, broker, tmp_path / "abis")
    assert not failed(figures), figures
    assert figures["candidates as the gallery alone finds them"] > 0
