"""Requests as MOSIP's registration processor writes them, and biometrics to be fetched."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping
from typing import Any

from civid.exchange.abis import Abis
from civid.exchange.datashare.errors import ExpiredError, NotFetchedError
from civid.exchange.mosip import Policy, handle
from civid.fingerprint.template import Template
from civid.formats.cbeff import mosip_xml
from civid.position import Position

_numbers = itertools.count(1)


def uid() -> str:
    """A UUID that is not drawn twice, and the same in every run."""
    return str(uuid.UUID(int=next(_numbers) << 64 | 0xABCDEF))


def request(what: str, **fields: Any) -> dict[str, Any]:
    """A request; give a field as None to leave it out."""
    whole = {
        "id": f"mosip.abis.{what}",
        "version": "1.1",
        "requestId": uid(),
        "requesttime": "2026-11-29T08:30:00.123Z",
        **fields,
    }
    return {key: value for key, value in whole.items() if value is not None}


def minutiae_xml(fingers: Mapping[Position, Template]) -> bytes:
    """A CBEFF XML with minutiae records, and with a face that has to be passed over."""
    face = mosip_xml.Bir(
        b"FAC\x00010\x00",
        mosip_xml.BdbInfo(
            format=mosip_xml.RegistryId("Mosip", "8"), types=("Face",), level="Raw",
            purpose="Enroll",
        ),
        others=(("EXCEPTION", "false"),),
    )  # fmt: skip
    made = [
        mosip_xml.segment(one.to_bytes("iso19794-2:2011"), position, quality=80, template=True)
        for position, one in fingers.items()
    ]
    return mosip_xml.build(mosip_xml.Record((face, *made)))


class Shelf:
    """What can be fetched: URL -> bytes, or the error that is raised."""

    def __init__(self) -> None:
        self.things: dict[str, bytes | Exception] = {}
        self.fetched: list[str] = []

    def put(self, thing: bytes | Exception | Mapping[Position, Template]) -> str:
        """A URL for it."""
        url = f"https://share.example/{len(self.things)}"
        self.things[url] = minutiae_xml(thing) if isinstance(thing, Mapping) else thing
        return url

    def __call__(self, url: str, /) -> bytes:
        self.fetched.append(url)
        thing = self.things.get(url, NotFetchedError("no such file"))
        if isinstance(thing, Exception):
            raise thing
        return thing

    def expired(self) -> str:
        """The URL of what has expired."""
        return self.put(ExpiredError("used up"))


class Caller:
    """Somebody who asks an engine."""

    def __init__(self, engine: Abis, policy: Policy | None = None):
        self.engine, self.policy, self.shelf = engine, policy, Shelf()

    def ask(self, message: object) -> dict[str, Any]:
        """The answer to a whole message."""
        return handle(message, self.engine, fetch=self.shelf, policy=self.policy, threads=1)

    def insert(self, reference: str, thing: Any, **fields: Any) -> dict[str, Any]:
        """Insert somebody."""
        url = self.shelf.put(thing)
        return self.ask(request("insert", referenceId=reference, referenceURL=url, **fields))

    def identify(self, reference: str | None = None, **fields: Any) -> dict[str, Any]:
        """Identify somebody."""
        return self.ask(request("identify", referenceId=reference, **fields))


def reason(answer: Mapping[str, Any]) -> str:
    """Why it failed."""
    assert answer["returnValue"] == "2"
    return str(answer["failureReason"])


def found(answer: Mapping[str, Any]) -> list[str]:
    """Whom it has found, best first."""
    assert answer["returnValue"] == "1", answer
    listed = answer["candidateList"]
    assert listed["count"] == str(len(listed["candidates"]))
    return [one["referenceId"] for one in listed["candidates"]]


def gallery(*ids: str | None) -> dict[str, Any]:
    """The gallery of a request."""
    return {"referenceIds": [{"referenceId": one} for one in ids]}
