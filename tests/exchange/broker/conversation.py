"""``make abis``: a real broker, ``civid abis`` behind its queues, and a conversation to read.

Everything is made here: the broker in a folder of its own, the prints of fingers that nobody has,
the data share that they are fetched from. The other end speaks JMS, as MOSIP's registration
processor does. At the end all of it is stopped and removed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.exchange.broker.abis import AbisProcess
from tests.exchange.broker.installed import DISTRIBUTIONS, NoBrokerError
from tests.exchange.broker.jms import JmsPeer
from tests.exchange.broker.running import running
from tests.exchange.conformance import answers, envelopes, requests
from tests.exchange.conformance.datashare import DataShare
from tests.exchange.conformance.requests import Request

from civid import Position
from civid.lab import synthetic

INBOUND, OUTBOUND = "mosip-to-abis", "abis-to-mosip"
FINGERS = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
_NAMES = {"artemis": "ActiveMQ Artemis", "classic": "ActiveMQ Classic"}
Print = Callable[[str], None]


def envelope(person: int, visit: int) -> bytes:
    """What a registration centre sends of a person who does not exist: two fingers."""
    images = {}
    for finger in FINGERS:
        grown = synthetic.master(100 * person + int(finger), position=finger)
        images[finger] = synthetic.impression(grown, visit, difficulty=0.2).image
    return envelopes.of_images(images)


class Conversation:
    """Asks, and shows what was asked and answered."""

    def __init__(self, peer: JmsPeer, share: DataShare, show: Print):
        self._peer, self._share, self._show = peer, share, show
        peer.listen(OUTBOUND)

    def ask(self, request: Request, about: str) -> dict[str, Any]:
        """One question and its answer."""
        begin = time.monotonic()
        self._peer.send(INBOUND, json.dumps(request))
        answer: dict[str, Any] = json.loads(self._peer.answer().body)
        spent = 1000 * (time.monotonic() - begin)
        answers.check(answer, request)
        operation = str(request["id"]).rpartition(".")[2]
        self._show(f"MOSIP  {operation:15} {about}")
        self._show(f"civid  {self._said(answer):58} {spent:6.0f} ms\n")
        return answer

    def insert(self, person: int, visit: int, about: str) -> str:
        """Insert a person; the referenceId."""
        reference = requests.identifier()
        url = self._share.share(envelope(person, visit), uses=1)
        self.ask(requests.insert(reference, url), f"{reference[:8]}: {about}")
        return reference

    @staticmethod
    def _said(answer: dict[str, Any]) -> str:
        if answer["returnValue"] != "1":
            return f"failed, reason {answer['failureReason']}"
        if "count" in answer:
            return f"{answer['count']} people are stored"
        if "candidateList" not in answer:
            return "done"
        found = answer["candidateList"]["candidates"] or ()
        scores = [
            f"{one['referenceId'][:8]} scores {one['analytics']['internalScore']}" for one in found
        ]
        many = "1 candidate" if len(found) == 1 else f"{len(found)} candidates"
        return many + "".join(f"; {one}" for one in scores)


def talk(conversation: Conversation, show: Print) -> None:
    """Two people, one of whom comes twice."""
    first = conversation.insert(1, 1, "a person with two fingers")
    conversation.insert(2, 1, "somebody else")
    again = conversation.insert(1, 2, "the first person once more, under another name")
    request = requests.identify(again)
    answer = conversation.ask(request, f"{again[:8]}: who else is this?")
    assert answers.candidates(answer) == [first], "the duplicate was not found"
    show("The answer as it travelled:")
    show(json.dumps(answer, indent=2) + "\n")
    conversation.ask(requests.delete(again), f"{again[:8]}: forget them")
    conversation.ask(requests.identify(again), f"{again[:8]}: and now?")
    conversation.ask(requests.reference_count(), "how many are stored?")


def main() -> int:
    """Start everything, talk, stop everything."""
    parser = argparse.ArgumentParser(prog="make abis")
    parser.add_argument("--broker", choices=tuple(DISTRIBUTIONS), default="artemis")
    name = parser.parse_args().broker
    with ExitStack() as stack:
        try:
            broker = stack.enter_context(running(name))
            print(f"{_NAMES[name]} {DISTRIBUTIONS[name][1]} runs")
            print(f"It listens: STOMP {broker.url}, JMS {broker.jms_url}")
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            share = stack.enter_context(DataShare())
            print(f"A data share serves biometrics: {share.origin}")
            worker = AbisProcess(
                broker,
                folder / "abis",
                inbound=INBOUND,
                outbound=OUTBOUND,
                origins=(share.origin,),
            )
            stack.enter_context(worker)
            print(f"civid abis works: {worker.shown}")
            peer = stack.enter_context(JmsPeer(broker))
        except NoBrokerError as error:
            print(error, file=sys.stderr)
            return 1
        print(f"MOSIP's end speaks JMS on the queues {INBOUND} and {OUTBOUND}\n")
        talk(Conversation(peer, share, print), print)
    print("All of it is stopped and removed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
