"""Answers follow the schemas of the conformance kit."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from tests.exchange.mosip.schemas import FAILURE, SUCCESS
from tests.exchange.mosip.talk import Caller, found, request
from tests.search.prints import again, person

from civid.exchange.mosip import Reason, refusal, write_message


def fits(answer: dict[str, Any], schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(schema).validate(json.loads(write_message(answer)))


def test_successes(caller: Caller) -> None:
    fits(caller.insert("a", person(1, 2, 3)), SUCCESS["insert"])
    fits(caller.identify("a"), SUCCESS["identify"])
    caller.insert("b", again(person(1, 2, 3), 1))
    caller.insert("c", again(person(1, 2, 3), 2))
    answer = caller.identify("a")
    assert set(found(answer)) == {"b", "c"}
    fits(answer, SUCCESS["identify"])
    for one in answer["candidateList"]["candidates"]:
        assert 0 <= float(one["analytics"]["confidence"]) <= 100
        assert one["modalities"][0]["analytics"]["fingers"] == "2"
    for what in ("ping", "pendingJobs", "referenceCount"):
        fits(caller.ask(request(what)), SUCCESS[what])
    fits(caller.ask(request("delete", referenceId="a")), SUCCESS["delete"])


@pytest.mark.parametrize("reason", Reason)
def test_every_failure(reason: Reason) -> None:
    wrong: list[object] = [None, {}, [], {"id": 5, "requestId": None}, {"id": "x" * 1000}]
    for message in [*wrong, request("ping")]:
        answer = refusal(message, reason)
        fits(answer, FAILURE)
        assert answer["failureReason"] == reason.value


def test_failures_of_requests(caller: Caller) -> None:
    wrong: list[object] = [request("identify", referenceId="a"), request("insert"), {}, None]
    for message in wrong:
        fits(caller.ask(message), FAILURE)
