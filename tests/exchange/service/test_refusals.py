"""A stranger cannot grow the log; nothing is forgotten all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.service.conftest import Make

from civid.exchange.service.bounds import Limits
from civid.exchange.service.log import verify_log
from civid.exchange.service.refusals import EVERY, Kind, Refusals

INFO = "/civid/v1/info"


def test_the_log_grows_by_few_lines_and_counts_every_refusal(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = make(Limits(per_second=1e-6, burst=2, lines=3, lines_per_second=1e-6))
    for _ in range(10):
        assert station.client.get(INFO).status_code == 401
    wrong = {"authorization": "Bearer x"}
    for _ in range(5):
        assert station.client.get("/health/live", headers={"host": "x"}).status_code == 400
        assert station.client.get(INFO, headers=wrong).json()["code"] == "token"
    headers = station.bearer("read")
    codes = [station.client.get(INFO, headers=headers).status_code for _ in range(12)]
    assert codes == [200] * 2 + [429] * 10
    assert [one.status for one in station.entries()] == [401] * 3 + [200] * 2 + [429] * 3
    monkeypatch.setattr("civid.exchange.service.refusals.EVERY", 0.0)
    assert station.client.get(INFO).status_code == 401
    many = {(one.status, one.code, one.caller): one.times for one in station.entries()[8:]}
    assert many == {
        (401, "no-token", ""): 8, (401, "token", ""): 5, (400, "host", ""): 5,
        (429, "pace", "office-7"): 7,
    }  # fmt: skip
    report = verify_log(station.folder / "log.jsonl")
    assert report.ok
    assert report.refused == 31


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, EVERY)), max_size=200))
def test_nothing_is_lost_and_nothing_counted_twice(events: list[tuple[str, float]]) -> None:
    now = 0.0
    refusals = Refusals(Limits(lines=2, lines_per_second=0.1), clock=lambda: now)
    alone = told = 0
    for name, wait in events:
        now += wait
        alone += refusals.own_line(Kind(name, "", 429, "pace"))
        for kind, times in refusals.due():
            told += times
            if name == "a":  # the disk is full: they are counted again
                refusals.back(kind, times)
                told -= times
    told += sum(times for _, times in refusals.due(now=True))
    assert alone + told == len(events)
    assert alone <= 3 * (2 + 0.1 * now) + 1e-6


def test_a_service_is_ready_again_when_there_is_room_again(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever balances load sends nothing before the answer is yes: it must not wait for a line."""
    import os

    station, headers, full = make(), None, True
    headers = station.bearer("read")
    real = os.write

    def write(file: int, data: bytes) -> int:
        if full:
            raise OSError(28, "No space left on device")
        return real(file, data)

    with monkeypatch.context() as patched:
        patched.setattr("civid.exchange.service.log.journal.os.write", write)
        assert station.client.get(INFO, headers=headers).json()["code"] == "log"
        for _ in range(2):
            assert station.client.get("/health/ready").status_code == 503
        full = False
        assert station.client.get("/health/ready").status_code == 200
    assert station.client.get(INFO, headers=headers).status_code == 200
    assert verify_log(station.folder / "log.jsonl").ok
    assert len(station.entries()) == 1


def test_a_disk_with_hardly_any_room_is_said_before_a_request_fails(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = make()
    assert station.client.get("/health/ready").status_code == 200
    monkeypatch.setattr("civid.exchange.service.log.journal._LEAST_FREE", 1 << 80)
    answer = station.client.get("/health/ready")
    assert (answer.status_code, answer.json()["cause"]) == (503, "storage")


def test_two_lengths_of_one_body_are_refused(make: Make) -> None:
    station = make()
    headers = station.bearer("identify") | {"transfer-encoding": "chunked", "content-length": "4"}
    answer = station.client.post("/civid/v1/search", headers=headers, content=b"abcd")
    assert (answer.status_code, answer.json()["code"]) == (400, "request")


def test_nobody_is_sent_elsewhere(make: Make) -> None:
    """A redirect behind a proxy with TLS would lead to http, and take the token with it."""
    station = make()
    answer = station.client.get(INFO + "/", headers=station.bearer("read"))
    assert (answer.status_code, answer.json()["code"]) == (404, "address")


def test_two_tokens_of_one_request_are_refused(make: Make) -> None:
    """A proxy in front may have looked at the first one, and this service at the other."""
    station = make()
    (right,) = station.bearer("read").values()
    for tokens in ((right, "Bearer x"), ("Bearer x", right), (right, right)):
        answer = station.client.get(INFO, headers=[("authorization", one) for one in tokens])
        assert (answer.status_code, answer.json()["code"]) == (400, "request")
