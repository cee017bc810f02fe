"""Brokers, one of each kind a process of pytest: tests keep apart by the names of their queues.

And the registers of `tests.register`, on both stores.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from tests.exchange.broker.installed import skipping
from tests.exchange.broker.running import Broker, running
from tests.register.conftest import opened, postgresql, register, where

__all__ = ["opened", "postgresql", "register", "where"]


@pytest.fixture(scope="session")
def artemis() -> Iterator[Broker]:
    """ActiveMQ Artemis."""
    with skipping(), running("artemis") as broker:
        yield broker


@pytest.fixture(scope="session")
def classic() -> Iterator[Broker]:
    """ActiveMQ Classic."""
    with skipping(), running("classic") as broker:
        yield broker


@pytest.fixture(params=["artemis", "classic"])
def broker(request: pytest.FixtureRequest) -> Broker:
    """Each of the two in turn."""
    found: Broker = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def queue() -> str:
    """Name of a queue that no other test uses."""
    return f"q-{uuid.uuid4().hex[:12]}"
