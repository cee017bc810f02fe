"""How the two types of JMS messages look to a client of STOMP, and how it must send them.

These are facts about brokers that the worker rests on; if another version changes them, it shows
here first.
"""

from __future__ import annotations

import queue as queues
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
import stomp
from tests.exchange.broker import installed
from tests.exchange.broker.jms import JmsPeer
from tests.exchange.broker.running import Broker

TEXT = '{"tên": "một"}'


@pytest.fixture(scope="module", params=["artemis-openwire", "artemis-core", "classic-openwire"])
def pair(request: pytest.FixtureRequest) -> Iterator[tuple[Broker, JmsPeer]]:
    name, protocol = request.param.split("-")
    broker: Broker = request.getfixturevalue(name)
    kind: Literal["openwire", "core"] = "core" if protocol == "core" else "openwire"
    with installed.skipping(), JmsPeer(broker, kind) as peer:
        yield broker, peer


class _Frames(stomp.ConnectionListener):  # type: ignore[misc]
    def __init__(self) -> None:
        self.seen: queues.Queue[Any] = queues.Queue()

    def on_message(self, frame: Any) -> None:
        self.seen.put(frame)


@contextmanager
def _client(broker: Broker) -> Iterator[tuple[Any, _Frames]]:
    connection, frames = stomp.Connection12([broker.stomp], auto_content_length=False), _Frames()
    connection.set_listener("", frames)
    connection.connect(broker.user, broker.password, wait=True)
    yield connection, frames
    connection.disconnect(receipt="bye")


def _where(broker: Broker, queue: str) -> str:
    """Artemis takes the name as it is, Classic wants to be told that it is a queue."""
    return queue if broker.name == "artemis" else f"/queue/{queue}"


def test_the_type_of_what_came_can_be_told(pair: tuple[Broker, JmsPeer], queue: str) -> None:
    broker, peer = pair
    with _client(broker) as (connection, frames):
        connection.subscribe(_where(broker, queue), "1", headers={"subscription-type": "ANYCAST"})
        for body in (TEXT, TEXT.encode()):
            peer.send(queue, body)
            frame = frames.seen.get(timeout=20)
            assert frame.body == TEXT
            assert int(frame.headers["expires"]) > 0
            # Classic gives a length to bytes alone. Artemis gives it to both, but to bytes among
            # the first headers, and to text as the last of all.
            names = list(frame.headers)
            early = "content-length" in names[: names.index("message-id") + 1]
            assert early == isinstance(body, bytes)


def test_the_type_of_what_is_sent_can_be_chosen(pair: tuple[Broker, JmsPeer], queue: str) -> None:
    broker, peer = pair
    peer.listen(queue)
    with _client(broker) as (connection, _):
        for kind, length in (("text", {}), ("bytes", {"content-length": str(len(TEXT.encode()))})):
            headers = {"persistent": "true", "destination-type": "ANYCAST", **length}
            connection.send(_where(broker, queue), TEXT, headers=headers)
            came = peer.answer()
            assert (came.queue, came.kind, came.body) == (queue, kind, TEXT.encode())
