"""Brokers that refuse, in two ways: they are not asked as fast as can be."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.exchange.mosip.talk import Shelf

from civid.errors import StorageWriteError
from civid.exchange.abis import Abis
from civid.exchange.worker import MosipService, Session, Settings, Worker, brokers_of


class Pauses(threading.Event):
    """Takes no time, notes how long was to be waited, and ends it at the twelfth."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.seconds.append(timeout)
        if len(self.seconds) == 12:
            self.set()
        return self.is_set()


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    settings = Settings(brokers_of("stomp://127.0.0.1:1"))
    with Abis.open(tmp_path, create=True, threads=1) as engine:
        one = Worker(settings, MosipService(engine, Shelf()), tmp_path)
        one._stopping = Pauses()
        yield one


def grown(worker: Worker) -> None:
    pauses = worker._stopping
    assert isinstance(pauses, Pauses)
    assert len(pauses.seconds) == 12
    assert pauses.seconds[0] <= 1.5
    assert all(0.5 * 30 <= one <= 1.5 * 30 for one in pauses.seconds[8:])


def test_nobody_listens(worker: Worker) -> None:
    worker.run()
    grown(worker)
    assert worker.metrics.health(worker.alive)["live"] is False


def test_signed_in_and_refused_every_time(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """As by a broker that lets us read the requests, and not write the answers."""

    def opened(session: Session) -> None:
        session._lost = True

    monkeypatch.setattr(Session, "open", opened)
    worker.run()
    grown(worker)
    assert worker.metrics.registry.get_sample_value("civid_abis_connections_total") == 12


def test_a_broker_may_put_back_what_a_lost_connection_had(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "open", lambda session: None)
    monkeypatch.setattr(worker, "_serve", lambda session: True)  # answered, then lost
    worker.run()
    pauses = worker._stopping
    assert isinstance(pauses, Pauses)
    assert len(pauses.seconds) == 12
    assert all(0.5 <= one <= 1.5 for one in pauses.seconds)


def test_a_note_that_cannot_be_made_ends_nothing(
    worker: Worker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full() -> None:
        raise StorageWriteError("the disk is full")

    monkeypatch.setattr(worker._in_hand, "clear", full)
    worker.stop()
    worker.run()
    assert "not-noted" in caplog.messages
