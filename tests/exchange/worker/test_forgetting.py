"""Answers are forgotten after their days, by the worker, and not before."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from civid.errors import FieldError, GalleryLockedError
from civid.exchange.abis import Abis
from civid.exchange.worker import MosipService, Settings, brokers_of
from civid.exchange.worker.forgetting import Forgetting

DAY = 86_400.0


def nothing(url: str) -> bytes:
    raise AssertionError("nothing is fetched")


class Counting(MosipService):
    """Says when it was asked to forget, and fails when told to."""

    def __init__(self, engine: Abis) -> None:
        super().__init__(engine, nothing)
        self.fails = 0
        self.told: list[int] = []
        self.done = threading.Semaphore(0)

    def forget(self, before: float, most: int) -> int:
        try:
            if self.fails:
                self.fails -= 1
                raise GalleryLockedError("busy")
            found = super().forget(before, most)
            self.told.append(found)
            return found
        finally:
            self.done.release()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Counting]:
    with Abis.open(tmp_path, create=True) as engine:
        with engine.batch():
            for number in range(1203):
                engine.once(f"r{number}", b"", lambda: 1)
        yield Counting(engine)


def kept(service: Counting) -> int:
    with service._engine._parts.reading() as rows:
        return int(rows.db.execute("SELECT count(*) FROM requests").fetchone()[0])


@pytest.mark.parametrize(("later", "left"), [(6.9, 1203), (7.1, 0)])
def test_after_their_days_and_not_before(service: Counting, later: float, left: int) -> None:
    one = Forgetting(service, 7, first=0.0, clock=lambda: time.time() + later * DAY)
    for _ in range(1 if left else 2):
        assert service.done.acquire(timeout=10)
    one.stop()
    assert kept(service) == left
    assert service.told == ([0] if left else [1000, 203])  # a thousand at a time


def test_what_failed_is_done_later(service: Counting) -> None:
    service.fails = 2
    one = Forgetting(service, 1, first=0.0, every=0.01, clock=lambda: time.time() + 2 * DAY)
    for _ in range(4):
        assert service.done.acquire(timeout=10)
    one.stop()
    assert kept(service) == 0


def test_what_may_come_again_at_once_is_not_forgotten_first(service: Counting) -> None:
    one = Forgetting(service, 1, clock=lambda: time.time() + 2 * DAY)
    assert not service.done.acquire(timeout=0.1)
    one.stop()
    assert kept(service) == 1203


def test_the_oldest_first_and_no_more_than_asked_for(tmp_path: Path) -> None:
    with Abis.open(tmp_path, create=True) as engine:
        for name in "abc":
            engine.once(name, b"", lambda: 1)
            time.sleep(0.002)  # of another millisecond
        assert engine.forget_requests(1e11, 2) == 2
        assert [engine.answered(name, b"") for name in "abc"] == [None, None, 1]
        assert engine.forget_requests(1e11) == 1


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_days_that_make_no_sense(days: int) -> None:
    with pytest.raises(FieldError, match="days"):
        Settings(brokers_of("stomp://queue.example"), keep_answers=days)
