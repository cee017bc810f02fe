"""The worker between real brokers, MOSIP's end of the queues, and a server of data shares."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.broker.jms import JmsPeer
from tests.exchange.broker.running import Broker
from tests.exchange.datashare.servers import Script, Server, answer, serving
from tests.exchange.mosip.talk import minutiae_xml, request
from tests.search.prints import person

from civid.exchange.abis import Abis
from civid.exchange.datashare import Fetcher, Origin
from civid.exchange.worker import MosipService, Settings, Worker, brokers_of

numbers = itertools.count(1)


class Line:
    """Queues of one test, MOSIP's end of them, and worker processes at the other end."""

    def __init__(self, broker: Broker, peer: JmsPeer, share: Server, folder: Path) -> None:
        self.broker, self.peer, self.share, self.folder = broker, peer, share, folder
        number = next(numbers)
        self.inbound, self.outbound = f"worker-in{number}", f"worker-out{number}"
        self.things: dict[str, bytes] = {}
        #: The share takes requests and says nothing.
        self.silent = False
        self.processes: list[subprocess.Popen[bytes]] = []
        self.log = folder / "worker.log"
        peer.listen(self.outbound)
        peer.listen(f"{self.inbound}.dead")

    def start(self, *more: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "civid", "abis", str(self.folder / "abis"), "--create",
                 "--broker", self.broker.url, "--inbound", self.inbound,
                 "--outbound", self.outbound, "--fetch-inside", self.share.origin,
                 "--metrics", "none", "--json", *more],
                env={**os.environ, "CIVID_BROKER_PASSWORD": self.broker.password}, stderr=log,
            )  # fmt: skip
        self.processes.append(process)
        return process

    @contextlib.contextmanager
    def working(self, window: int = 64, text: bool | None = None) -> Iterator[Worker]:
        """A worker in this process."""
        settings = Settings(
            brokers_of(self.broker.url), password=self.broker.password, inbound=self.inbound,
            outbound=self.outbound, window=window, text=text,
        )  # fmt: skip
        origin = Origin.of(self.share.origin, inside=True)
        with (
            Abis.open(self.folder / "abis", create=True, threads=1) as engine,
            Fetcher((origin,)) as fetcher,
        ):
            service = MosipService(engine, fetcher.fetch, threads=1)
            worker = Worker(settings, service, self.folder / "abis")
            thread = threading.Thread(target=worker.run)
            thread.start()
            try:
                yield worker
            finally:
                worker.stop()
                thread.join()

    def end(self) -> None:
        for one in self.processes:
            if one.poll() is None:
                one.kill()
            one.wait()

    def put(self, thing: bytes) -> str:
        url = f"{self.share.origin}/{len(self.things)}"
        self.things[url.rpartition("/")[2]] = thing
        return url

    def send(self, message: dict[str, Any], *, text: bool = True) -> str:
        body = json.dumps(message)
        self.peer.send(self.inbound, body if text else body.encode())
        return str(message.get("requestId"))

    def receive(self) -> dict[str, Any]:
        found = json.loads(self.peer.answer().body)
        assert isinstance(found, dict)
        return found

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@pytest.fixture(scope="module")
def peers() -> Iterator[dict[str, JmsPeer]]:
    found: dict[str, JmsPeer] = {}
    yield found
    for one in found.values():
        one.close()


@pytest.fixture
def line(broker: Broker, peers: dict[str, JmsPeer], tmp_path: Path) -> Iterator[Line]:
    things: dict[str, bytes] = {}

    def reply(head: bytes) -> Script:
        if one.silent:
            return [0.05] * 400
        return answer(things.get(head.split(b" ")[1].decode().removeprefix("/"), b""))

    if broker.name not in peers:
        peers[broker.name] = JmsPeer(broker)
    peer = peers[broker.name]
    with serving(reply) as share:
        one = Line(broker, peer, share, tmp_path)
        one.things = things
        assert peer.received.empty()
        try:
            yield one
        finally:
            one.end()


def insert(line: Line, reference: str, seed: int, *, text: bool = True) -> str:
    url = line.put(minutiae_xml(person(seed, 2, 3, 7)))
    return line.send(request("insert", referenceId=reference, referenceURL=url), text=text)


def test_a_conversation_in_both_types_of_message(line: Line) -> None:
    with line.working():
        asked: list[tuple[str, str]] = []
        # An identify sees what was inserted before it, however long that takes to fetch.
        for number in range(6):
            kind = ("text", "bytes")[number % 2]
            asked.append((insert(line, f"a{number}", number // 2, text=kind == "text"), kind))
            question = request("identify", referenceId=f"a{number}", referenceURL="", flags={})
            asked.append((line.send(question, text=kind == "text"), kind))
        answers = [line.peer.answer() for _ in asked]
    bodies = [json.loads(one.body) for one in answers]
    assert [(one["requestId"], got.kind) for one, got in zip(bodies, answers, strict=True)] == asked
    assert {one["returnValue"] for one in bodies} == {"1"}
    assert all(got.expires == 0 for got in answers)
    found = [
        [candidate["referenceId"] for candidate in one["candidateList"]["candidates"]]
        for one in bodies[1::2]
    ]
    assert found == [[], ["a0"], [], ["a2"], [], ["a4"]]


def test_what_cannot_be_answered_is_set_aside_once(line: Line) -> None:
    for body in ("hello", b"\xff\xfe", "[1]", "", "{" * 5000):
        line.peer.send(line.inbound, body)
    line.peer.send(line.inbound, '{"id": "mosip.abis.insert", "requestId": "77", "a": ')
    line.peer.send(line.inbound, '{"requestId": "78", "n": ' + "9" * 5000 + "}")
    asked = line.send(request("ping"))
    with line.working():
        got = [line.peer.answer() for _ in range(8)]
    dead = [one for one in got if one.queue == f"{line.inbound}.dead"]
    assert [(one.kind, one.body) for one in dead] == [
        ("text", b"hello"), ("bytes", b"\xff\xfe"), ("text", b"[1]"), ("text", b""),
        ("text", b"{" * 5000),
    ]  # fmt: skip
    answers = [json.loads(one.body) for one in got if one.queue == line.outbound]
    assert [(one["requestId"], one.get("failureReason")) for one in answers] == [
        ("77", "4"), ("78", "4"), (asked, None),
    ]  # fmt: skip
    with line.working():  # nothing comes again
        asked = line.send(request("referenceCount"))
        assert line.receive()["requestId"] == asked
    assert line.peer.received.empty()


def test_more_than_the_window_is_held_back_by_the_broker(line: Line) -> None:
    asked = [line.send(request("ping")) for _ in range(60)]
    most = 0
    with line.working(window=4) as worker:
        answers: list[str] = []
        while len(answers) < len(asked):
            most = max(most, len(worker))
            answers.append(line.receive()["requestId"])
    assert answers == asked
    # Artemis counts bytes: some more of these short ones, and never all of them.
    assert most <= 30


def test_the_type_of_answers_can_be_chosen(line: Line) -> None:
    for text in (True, False):
        line.send(request("ping"), text=not text)
        with line.working(text=text):
            assert line.peer.answer().kind == ("text" if text else "bytes")


def test_stopped_it_finishes_what_it_has_taken(line: Line) -> None:
    asked = [line.send(request("ping")) for _ in range(20)]
    with line.working(window=10):
        first = line.receive()["requestId"]
    with line.working(window=10):
        rest = [line.receive()["requestId"] for _ in asked[1:]]
    assert [first, *rest] == asked  # and none of them twice
    assert line.peer.received.empty()


@pytest.mark.slow
@pytest.mark.parametrize("broker", ["artemis"], indirect=True)
def test_killed_and_started_again_it_answers_everything_and_the_same(line: Line) -> None:
    asked = {}
    for number in range(40):
        asked[insert(line, f"k{number}", number % 20)] = number
    answered: dict[str, list[dict[str, Any]]] = {}
    rounds = 0
    while len(answered) < len(asked):
        process = line.start("--window", "8")
        one = line.receive()  # it has begun
        answered.setdefault(one["requestId"], []).append(one)
        if rounds < 2:
            time.sleep(0.02 * rounds)
            process.kill()
            process.wait()
            rounds += 1
            continue
        while len(answered) < len(asked):
            one = line.receive()
            answered.setdefault(one["requestId"], []).append(one)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    events = line.events()
    assert [one["event"] for one in events[:2]] == ["started", "connected"]
    assert events[-1]["event"] == "stopped"
    told = line.log.read_text()  # of nobody
    assert line.share.origin not in told
    assert not any(one in told for one in asked)
    assert set(answered) == set(asked)
    assert all(one["returnValue"] == "1" for many in answered.values() for one in many)
    assert all(one == many[0] for many in answered.values() for one in many)
    with Abis.open(line.folder / "abis") as engine:
        assert engine.count() == 40
        assert engine.check() == 40


@pytest.mark.slow
@pytest.mark.parametrize("broker", ["classic"], indirect=True)
def test_a_broker_that_goes_and_comes_back_is_found_again(line: Line) -> None:
    with line.working() as worker:
        first = insert(line, "b1", 1)
        assert line.receive()["requestId"] == first
        line.broker.kill()
        line.broker.start()
        second = insert(line, "b2", 1)
        assert line.receive()["requestId"] == second
        assert worker.metrics.registry.get_sample_value("civid_abis_connections_total") == 2


@pytest.mark.slow
@pytest.mark.parametrize("broker", ["classic"], indirect=True)
def test_told_twice_it_stops_at_once_and_loses_nothing(line: Line) -> None:
    line.silent = True
    process = line.start()
    asked = insert(line, "twice", 1)
    while not line.share.heads:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):  # it finishes what it has taken
        process.wait(1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 130
    line.silent = False
    with line.working():
        assert line.receive()["requestId"] == asked
