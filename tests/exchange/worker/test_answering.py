"""What becomes of messages: answered, tried again, set aside, waited for."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.mosip.talk import Shelf, request
from tests.search.prints import person

from civid.errors import (
    GalleryDamagedError,
    GalleryError,
    GalleryStorageError,
    StorageFormatError,
    StorageWriteError,
)
from civid.exchange.abis import Abis
from civid.exchange.worker import Metrics, MosipService
from civid.exchange.worker.answering import Answering, Done
from civid.exchange.worker.arrivals import Item
from civid.exchange.worker.delivery import Delivery
from civid.exchange.worker.incoming import read
from civid.exchange.worker.inhand import NAME, InHand


class Stumbling(MosipService):
    """A service that fails when told to."""

    fails: list[Exception]
    batch_fails: list[Exception]

    def answer(self, message: dict[str, Any], ready: Any) -> dict[str, Any]:
        if self.fails:
            raise self.fails.pop(0)
        return super().answer(message, ready)

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        with super().batch():
            yield
            if self.batch_fails:
                raise self.batch_fails.pop(0)


class Desk:
    """An engine, what is behind URLs, and the step that makes answers."""

    def __init__(self, folder: Path, engine: Abis) -> None:
        self.folder, self.engine, self.shelf = folder, engine, Shelf()
        self.service = Stumbling(engine, self.shelf, threads=1)
        self.service.fails, self.service.batch_fails = [], []
        self.in_hand, self.metrics = InHand(folder), Metrics()
        self.answering = Answering(self.service, self.in_hand, self.metrics, tries=3)

    def die(self) -> None:
        """What a process that is killed leaves, and the next one finds."""
        self.in_hand.close()
        self.in_hand = InHand(self.folder)
        self.answering = Answering(self.service, self.in_hand, self.metrics, tries=3)

    def item(self, body: bytes | dict[str, Any], *, suspect: bool = False) -> Item:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        one = Delivery(raw, True, "1", None)
        if suspect:
            return Item(one, None)
        self.in_hand.take([one.digest])
        incoming = read(raw)
        ready: Future[Any] = Future()
        message = incoming.message
        ready.set_result((incoming, None if message is None else self.service.ahead(message)))
        return Item(one, ready)

    def insert(self, reference: str, seed: int = 1) -> dict[str, Any]:
        return request(
            "insert", referenceId=reference, referenceURL=self.shelf.put(person(seed, 2))
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Abis.open(tmp_path, create=True, threads=1) as engine:
        one = Desk(tmp_path, engine)
        yield one
        one.in_hand.close()


def outcomes(done: Done) -> list[str]:
    return [outcome for _, outcome in done.outcomes]


def test_a_group_is_answered_in_its_order_with_what_was_made_ready(desk: Desk) -> None:
    messages = [desk.insert("a"), desk.insert("b"), request("identify", referenceId="b")]
    items = [desk.item(one) for one in messages]
    assert len(desk.shelf.fetched) == 2
    done = desk.answering.answers(items)
    assert (outcomes(done), done.left) == (["ok"] * 3, [])
    assert len(desk.shelf.fetched) == 2  # nothing was fetched a second time
    found = [json.loads(one.body) for one in done.leaving]
    assert [one["requestId"] for one in found] == [one["requestId"] for one in messages]
    assert found[2]["candidateList"]["candidates"][0]["referenceId"] == "a"
    # Delivered again, by a broker that never heard of the acknowledgement:
    again = desk.answering.answers([desk.item(one) for one in messages])
    assert [one.body for one in again.leaving] == [one.body for one in done.leaving]
    assert len(desk.shelf.fetched) == 2


def test_failures_to_fetch_have_their_reasons(desk: Desk) -> None:
    for url, reason in ((desk.shelf.expired(), "17"), ("https://share.example/none", "7"),
                        (desk.shelf.put(b"<no/>"), "16"), (desk.shelf.put(b""), "11")):  # fmt: skip
        message = request("insert", referenceId="a", referenceURL=url)
        assert outcomes(desk.answering.answers([desk.item(message)])) == [reason]
    assert desk.engine.count() == 0


def test_a_failure_of_ours_is_tried_again_and_those_behind_it_wait(desk: Desk) -> None:
    items = [desk.item(desk.insert(name)) for name in "abc"]
    desk.service.fails = [KeyError("somebody")]
    done = desk.answering.answers(items)
    assert (done.items, done.left) == ([], items)
    assert items[0].failures == 1
    assert outcomes(desk.answering.answers(done.left)) == ["ok"] * 3


def test_one_that_always_fails_is_set_aside(desk: Desk) -> None:
    items = [desk.item(desk.insert(name)) for name in "ab"]
    desk.service.fails = [KeyError("somebody")] * 3
    for _ in range(2):
        assert desk.answering.answers(items).left == items
    done = desk.answering.answers(items)
    assert outcomes(done) == ["dead", "ok"]
    assert done.leaving[0].dead == "failed"
    assert done.leaving[0].body == items[0].delivery.body
    assert desk.engine.people() == ("b",)


def test_a_full_disk_is_waited_for_and_blamed_on_nobody(desk: Desk) -> None:
    items = [desk.item(desk.insert(name)) for name in "ab"]
    desk.service.batch_fails = [GalleryStorageError("the disk is full")] * 10
    for _ in range(10):
        done = desk.answering.answers(items)
        assert (done.leaving, done.left) == ([], items)
        assert desk.engine.count() == 0
        assert desk.metrics.health(lambda: True)["trouble"] == {
            "broker": "not connected yet", "storage": "the disk is full",
        }  # fmt: skip
    assert outcomes(desk.answering.answers(items)) == ["ok", "ok"]
    assert "storage" not in desk.metrics.health(lambda: True)["trouble"]  # type: ignore[operator]


def test_an_engine_in_doubt_is_not_waited_for(desk: Desk) -> None:
    """The process ends, and opens it again when it is started again."""
    items = [desk.item(desk.insert("a"))]
    desk.engine._parts.ledger.in_doubt = True
    with pytest.raises(GalleryError, match="open it again"):
        desk.answering.answers(items)


@pytest.mark.parametrize("error", [StorageWriteError("the disk is full"), KeyError("somebody")])
def test_what_failed_ahead_is_done_again_in_its_turn(desk: Desk, error: Exception) -> None:
    item = desk.item(desk.insert("a"))
    failed: Future[Any] = Future()
    failed.set_exception(error)
    item.ready = failed
    assert outcomes(desk.answering.answers([item])) == ["ok"]
    assert desk.engine.people() == ("a",)


def test_damage_ends_the_worker(desk: Desk) -> None:
    desk.service.batch_fails = [GalleryDamagedError("a check failed")]
    with pytest.raises(GalleryDamagedError):
        desk.answering.answers([desk.item(desk.insert("a"))])


def test_what_kills_the_process_is_found_and_set_aside(desk: Desk) -> None:
    poison, good = desk.insert("poison"), desk.insert("good")
    items = [desk.item(poison), desk.item(good)]
    for deaths in range(1, 3):
        desk.die()
        assert [desk.in_hand.times(one.delivery.digest) for one in items] == [deaths, 1]
        # Both are handled alone; the first one kills again, before it is put down.
        desk.answering.answers([desk.item(poison, suspect=True)])
    desk.die()
    done = desk.answering.answers([desk.item(poison, suspect=True)])
    assert (outcomes(done), done.leaving[0].dead) == (["dead"], "died")
    assert outcomes(desk.answering.answers([desk.item(good, suspect=True)])) == ["ok"]
    desk.in_hand.put_down(one.delivery.digest for one in items)
    desk.die()
    assert [desk.in_hand.times(one.delivery.digest) for one in items] == [0, 0]


def test_a_process_that_ends_in_order_leaves_no_suspects(desk: Desk) -> None:
    item = desk.item(desk.insert("a"))
    desk.in_hand.clear()
    desk.die()
    assert desk.in_hand.times(item.delivery.digest) == 0


def test_a_file_that_a_power_cut_broke_is_made_anew(tmp_path: Path) -> None:
    with contextlib.closing(InHand(tmp_path)) as whole:
        whole.take([bytes([number]) * 32 for number in range(60)])
    before = (tmp_path / NAME).read_bytes()
    broken = [before[:10], before[:5000], bytes(len(before)), before[:4096] + bytes(4096)]
    broken += [before[:100] + b"\xff" * 300 + before[400:], before[:3950] + b"\xd9" * 146]
    for one in broken:
        (tmp_path / NAME).write_bytes(one)
        with contextlib.closing(InHand(tmp_path)) as found:
            found.take([b"another"])
        with contextlib.closing(InHand(tmp_path)) as found:
            assert found.times(b"another") == 1


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    InHand(tmp_path).close()
    with contextlib.closing(sqlite3.connect(tmp_path / NAME)) as db:
        db.execute("PRAGMA user_version = 2")
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(StorageFormatError, match="version"):
        InHand(tmp_path)
    assert (tmp_path / NAME).read_bytes() == before


def test_something_else_under_that_name(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"something else entirely" * 100)
    with pytest.raises(StorageFormatError):
        InHand(tmp_path)
