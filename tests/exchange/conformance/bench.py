"""What a case needs: someone to ask over the queues, a data share, and prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

from tests.exchange.broker.jms import JmsPeer
from tests.exchange.conformance import answers, envelopes, requests
from tests.exchange.conformance.datashare import DataShare, Partner
from tests.exchange.conformance.requests import Request


class Registration:
    """MOSIP's end of the two queues: one question at a time."""

    def __init__(self, peer: JmsPeer, to_abis: str, from_abis: str):
        self._peer = peer
        self._to = to_abis
        peer.listen(from_abis)

    def survives(self, body: str | bytes) -> list[dict[str, Any]]:
        """Send anything, and then a ping, which must be answered; the answers before it."""
        ping = requests.ping()
        self._peer.send(self._to, body)
        self._peer.send(self._to, json.dumps(ping))
        before: list[dict[str, Any]] = []
        while True:
            answer = json.loads(self._peer.answer().body)
            if answer["requestId"] == ping["requestId"]:
                answers.check(answer, ping)
                works(answer)
                return before
            before.append(answer)

    def ask(self, request: Request, *, as_bytes: bool = False) -> dict[str, Any]:
        """Ask; the answer, checked for its form and for the type of its message."""
        body = json.dumps(request)
        self._peer.send(self._to, body.encode() if as_bytes else body)
        came = self._peer.answer()
        assert came.kind == ("bytes" if as_bytes else "text"), f"answered as {came.kind}"
        answer = json.loads(came.body)
        answers.check(answer, request)
        found: dict[str, Any] = answer
        return found


class Asked(Protocol):
    """Somebody who answers requests."""

    def ask(self, request: Request, *, as_bytes: bool = False) -> dict[str, Any]:
        """The answer, its form checked."""
        ...

    def survives(self, body: str | bytes) -> list[dict[str, Any]]:
        """Answers to a body of any kind, after which a ping is answered."""
        ...


class Bench:
    """All that a case may use.

    Parameters
    ----------
    registration : Registration
        Whom to ask through.
    share : DataShare
        Where files are fetched from.
    data : Path
        Where the real prints are.
    partner : Partner
        Whom files are encrypted for, every second one; the others are not encrypted.
    """

    def __init__(self, registration: Asked, share: DataShare, data: Path, partner: Partner):
        self._registration, self.share, self._data = registration, share, data
        self._partner = partner
        self._inserted: list[str] = []
        self._shared = 0

    def ask(self, request: Request, *, as_bytes: bool = False) -> dict[str, Any]:
        """As `Registration.ask`."""
        answer = self._registration.ask(request, as_bytes=as_bytes)
        if request["id"] == "mosip.abis.insert" and answer["returnValue"] == "1":
            self._inserted.append(request["referenceId"])
        return answer

    def survives(self, body: str | bytes) -> list[dict[str, Any]]:
        """As `Registration.survives`."""
        return self._registration.survives(body)

    def clear(self) -> None:
        """Delete whom a case has inserted, so that the next one begins with nobody."""
        for one in self._inserted:
            self.ask(requests.delete(one))
        self._inserted.clear()

    def prints(self, person: int, impression: int = 1, payload: str = envelopes.JPEG2000) -> bytes:
        """A CBEFF file of a real person's two fingers."""
        return envelopes.of_images(envelopes.person(self._data, person, impression), payload)

    def url(self, person: int, impression: int = 1, payload: str = envelopes.JPEG2000) -> str:
        """The same behind a URL that may be asked once, as MOSIP's may."""
        file = self.prints(person, impression, payload)
        self._shared += 1
        return self.share.share(self._partner.sealed(file) if self._shared % 2 else file, uses=1)

    def stored(self, person: int, impression: int = 1) -> str:
        """Insert a person under a new id; the id."""
        reference = requests.identifier()
        works(self.ask(requests.insert(reference, self.url(person, impression))))
        return reference


def works(answer: dict[str, Any]) -> None:
    """The answer says that it was done."""
    assert answer["returnValue"] == "1", f"failed for reason {answer.get('failureReason')}"


def fails(answer: dict[str, Any], reason: int) -> None:
    """The answer says that it was not done, and why."""
    assert answer["returnValue"] == "2", "it worked"
    given = answer["failureReason"]
    assert given == str(reason), f"failed for reason {given}, not {reason}"
