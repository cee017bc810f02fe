"""What the other tests rest on: brokers keep messages through kill -9, and ask for a password."""

from __future__ import annotations

import queue as queues
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import stomp
import stomp.exception
from tests.exchange.broker.running import Broker


class _Heard(stomp.ConnectionListener):  # type: ignore[misc]
    def __init__(self) -> None:
        self.frames: queues.Queue[Any] = queues.Queue()

        self.receipts: queues.Queue[str] = queues.Queue()

    def on_receipt(self, frame: Any) -> None:
        self.receipts.put(frame.headers["receipt-id"])

    def on_message(self, frame: Any) -> None:
        self.frames.put(frame)


@contextmanager
def _connected(broker: Broker, password: str) -> Iterator[tuple[Any, _Heard]]:
    connection, heard = stomp.Connection12([broker.stomp]), _Heard()
    connection.set_listener("", heard)
    connection.connect(broker.user, password, wait=True)
    yield connection, heard
    connection.disconnect(receipt="bye")


def test_a_message_outlives_the_broker(broker: Broker, queue: str) -> None:
    where = f"/queue/{queue}"
    headers = {"persistent": "true", "destination-type": "ANYCAST"}
    with _connected(broker, broker.password) as (connection, heard):
        connection.send(where, "kept", headers=headers, receipt="sent")
        assert heard.receipts.get(timeout=20) == "sent"  # it is on the disk from here on
    broker.kill()
    broker.start()
    with _connected(broker, broker.password) as (connection, heard):
        connection.subscribe(where, "1", headers={"subscription-type": "ANYCAST"})
        assert heard.frames.get(timeout=20).body == "kept"


def test_a_wrong_password_is_refused(broker: Broker) -> None:
    with pytest.raises(stomp.exception.ConnectFailedException), _connected(broker, "wrong"):
        raise AssertionError("it let us in")
