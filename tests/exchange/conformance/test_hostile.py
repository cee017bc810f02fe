"""Hostile messages over a real broker: the right reason, nothing stored, still alive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.exchange.broker import installed
from tests.exchange.broker.running import running
from tests.exchange.conformance import requests
from tests.exchange.conformance.bench import Bench, works
from tests.exchange.conformance.hostile import large, unreadable, wrong
from tests.exchange.conformance.suites import opened


@pytest.fixture(scope="module")
def bench(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("hostile")
    with installed.skipping(), running("artemis") as broker, opened(broker, folder, data) as made:
        yield made


@pytest.fixture(autouse=True)
def _nobody_stays(bench: Bench) -> Iterator[None]:
    yield
    bench.clear()


def _count(bench: Bench) -> int:
    answer = bench.ask(requests.reference_count())
    works(answer)
    return int(answer["count"])


def test_wrong_requests_are_refused_for_the_right_reason(bench: Bench) -> None:
    stored = bench.stored(0)
    problems = []
    for one in wrong(bench):
        answer = bench.ask(one.request)
        reason = int(answer.get("failureReason", "0"))
        if reason not in one.reasons:
            problems.append(f"{one.name}: {reason}, not one of {sorted(one.reasons)}")
    assert not problems, "\n".join(problems)
    assert _count(bench) == 1
    works(bench.ask(requests.identify(stored)))


def test_what_cannot_be_read_does_no_harm(bench: Bench) -> None:
    for one in unreadable():
        # Where a requestId can be made out it is answered, otherwise it is a dead letter.
        for answer in bench.survives(one.body):
            assert (answer["returnValue"], answer["failureReason"]) == ("2", "4"), one.name
    assert _count(bench) == 0


@pytest.mark.slow
def test_fifty_megabytes(bench: Bench) -> None:
    assert bench.survives(large(50)) == []
    assert _count(bench) == 0


def test_somebody_elses_request_id(bench: Bench) -> None:
    """Who reuses a requestId learns nothing of its answer, and changes nothing."""
    first, again = bench.stored(0, 1), bench.stored(0, 2)
    theirs = requests.identify(first)
    answer = bench.ask(theirs)
    for other in (
        requests.identify(again),
        requests.delete(first),
        requests.insert(requests.identifier(), bench.url(1)),
    ):
        stolen = requests.changed(other, requestId=theirs["requestId"])
        assert bench.ask(stolen)["failureReason"] == "4"
    assert bench.ask(theirs) == answer
    assert json.dumps(answer).count(again) == 1
    assert _count(bench) == 2
