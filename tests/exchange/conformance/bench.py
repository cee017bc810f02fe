"""What a case needs: someone to ask over the queues, a data share, and prints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.exchange.broker.jms import JmsPeer, Received
from tests.exchange.conformance import answers, envelopes, requests
from tests.exchange.conformance.datashare import DataShare
from tests.exchange.conformance.requests import Request


class Registration:
    """MOSIP's end of the two queues: one question at a time."""

    def __init__(self, peer: JmsPeer, to_abis: str, from_abis: str):
        self._peer = peer
        self._to = to_abis
        peer.listen(from_abis)

    def send(self, body: str | bytes) -> Received:
        """Send a message of any content, text or bytes; the message that answers it."""
        self._peer.send(self._to, body)
        return self._peer.answer()

    def ask(self, request: Request, *, as_bytes: bool = False) -> dict[str, Any]:
        """Ask; the answer, checked for its form and for the type of its message."""
        body = json.dumps(request)
        came = self.send(body.encode() if as_bytes else body)
        assert came.kind == ("bytes" if as_bytes else "text"), f"answered as {came.kind}"
        answer = json.loads(came.body)
        answers.check(answer, request)
        found: dict[str, Any] = answer
        return found


@dataclass
class Bench:
    """All that a case may use."""

    registration: Registration
    share: DataShare
    data: Path
    #: URL of a file that was encrypted for somebody else.
    foreign: str = ""

    def ask(self, request: Request, *, as_bytes: bool = False) -> dict[str, Any]:
        """As `Registration.ask`."""
        return self.registration.ask(request, as_bytes=as_bytes)

    def prints(self, person: int, impression: int = 1, payload: str = envelopes.JPEG2000) -> bytes:
        """A CBEFF file of a real person's two fingers."""
        return envelopes.of_images(envelopes.person(self.data, person, impression), payload)

    def url(self, person: int, impression: int = 1, payload: str = envelopes.JPEG2000) -> str:
        """The same behind a URL that may be asked once, as MOSIP's may."""
        return self.share.share(self.prints(person, impression, payload), uses=1)

    def stored(self, person: int, impression: int = 1) -> str:
        """Insert a person under a new id; the id."""
        reference = requests.identifier()
        works(self.ask(requests.insert(reference, self.url(person, impression))))
        return reference

    def forget(self, *references: str) -> None:
        """Delete what a case has stored."""
        for one in references:
            works(self.ask(requests.delete(one)))


def works(answer: dict[str, Any]) -> None:
    """The answer says that it was done."""
    assert answer["returnValue"] == "1", f"failed for reason {answer.get('failureReason')}"


def fails(answer: dict[str, Any], reason: int) -> None:
    """The answer says that it was not done, and why."""
    assert answer["returnValue"] == "2", "it worked"
    given = answer["failureReason"]
    assert given == str(reason), f"failed for reason {given}, not {reason}"
