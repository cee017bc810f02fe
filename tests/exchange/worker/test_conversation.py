"""The worker between real brokers, MOSIP's end of the queues, and a server of data shares."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.broker import installed
from tests.exchange.broker.jms import JmsPeer
from tests.exchange.broker.running import Broker, running
from tests.exchange.datashare.servers import Server, answer, serving
from tests.exchange.mosip.talk import minutiae_xml, request
from tests.search.prints import person

from civid.exchange.abis import Abis

numbers = itertools.count(1)


@pytest.fixture(scope="module", params=["artemis", "classic"])
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    with installed.skipping(), running(request.param) as one:
        yield one


class Line:
    """Queues of one test, MOSIP's end of them, and worker processes at the other end."""

    def __init__(self, broker: Broker, peer: JmsPeer, share: Server, folder: Path) -> None:
        self.broker, self.peer, self.share, self.folder = broker, peer, share, folder
        number = next(numbers)
        self.inbound, self.outbound = f"in{number}", f"out{number}"
        self.things: dict[str, bytes] = {}
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


@pytest.fixture
def line(broker: Broker, tmp_path: Path) -> Iterator[Line]:
    things: dict[str, bytes] = {}

    def reply(head: bytes) -> list[bytes | float]:
        return answer(things.get(head.split(b" ")[1].decode().removeprefix("/"), b""))

    with installed.skipping(), JmsPeer(broker) as peer, serving(reply) as share:
        one = Line(broker, peer, share, tmp_path)
        one.things = things
        try:
            yield one
        finally:
            one.end()


def insert(line: Line, reference: str, seed: int, *, text: bool = True) -> str:
    url = line.put(minutiae_xml(person(seed, 2, 3, 7)))
    return line.send(request("insert", referenceId=reference, referenceURL=url), text=text)


def test_a_conversation_in_both_types_of_message(line: Line) -> None:
    process = line.start()
    asked: list[tuple[str, str]] = []
    # An identify sees what was inserted just before it, and it is not known how long that takes.
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
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    events = line.events()
    assert [one["event"] for one in events[:2]] == ["started", "connected"]
    assert sum(one["event"] == "answered" for one in events) == len(asked)
    text = line.log.read_text()
    told = [*(request_id for request_id, _ in asked), "a0", line.share.origin]
    assert not any(f'"{one}"' in text or one in text.split() for one in told)
    assert line.share.origin not in text
    assert bodies[0]["requestId"] not in text


def test_what_cannot_be_answered_is_set_aside_once(line: Line) -> None:
    line.start()
    for body in ("hello", b"\xff\xfe", "[1]", "", "{" * 5000):
        line.peer.send(line.inbound, body)
    line.peer.send(line.inbound, '{"id": "mosip.abis.insert", "requestId": "77", "a": ')
    line.peer.send(line.inbound, '{"requestId": "78", "n": ' + "9" * 5000 + "}")
    asked = line.send(request("ping"))
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


def test_killed_and_started_again_it_answers_everything_and_the_same(line: Line) -> None:
    asked = {}
    for number in range(60):
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
    assert set(answered) == set(asked)
    assert all(one["returnValue"] == "1" for many in answered.values() for one in many)
    assert all(one == many[0] for many in answered.values() for one in many)
    with Abis.open(line.folder / "abis") as engine:
        assert engine.count() == 60
        assert engine.check() == 60


def test_a_broker_that_goes_and_comes_back_is_found_again(line: Line) -> None:
    process = line.start()
    first = insert(line, "b1", 1)
    assert line.receive()["requestId"] == first
    line.broker.kill()
    line.broker.start()
    second = insert(line, "b2", 1)
    assert line.receive()["requestId"] == second
    assert process.poll() is None
    names = [one["event"] for one in line.events()]
    assert "broker-lost" in names
    assert names.count("connected") == 2
