"""The server is killed (-9) while it does tasks, and started again: none is lost or done twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.exchange.osia.receiver import receiving
from tests.exchange.osia.service import encounter, sample

from civid.exchange.abis import Abis
from civid.exchange.service.access.office_tokens import OfficeTokens

PEOPLE = 16
KILLS = 2


@contextmanager
def served(folder: Path, origin: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """``civid serve --osia`` in a process of its own."""
    command = [sys.executable, "-m", "civid", "serve", str(folder), "--osia", "--port", "0",
               "--call-back-inside", origin]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()


@pytest.mark.slow
def test_no_task_is_lost_or_done_twice(tmp_path: Path) -> None:
    folder = tmp_path / "people"
    Abis.open(folder, create=True).close()
    scopes = ("abis.encounter.write", "abis.task.read")
    token = OfficeTokens(folder / "service" / "tokens.json").add(
        "office", scopes, until=int(time.time()) + 600
    )
    headers = {"Authorization": f"Bearer {token}"}
    tasks: list[str] = []
    with receiving() as receiver, httpx.Client(headers=headers, timeout=30) as client:
        for kill in range(KILLS):
            with served(folder, receiver.origin) as (address, process):
                for number in range(PEOPLE // KILLS):
                    answer = client.post(
                        f"{address}/v1/persons",
                        params={"transactionId": "T", "callback": receiver.url},
                        json=encounter(sample(100 * kill + number)),
                    )
                    assert answer.status_code == 202, answer.text
                    tasks.append(answer.json()["taskId"])
                process.kill()  # whatever it is doing
                process.wait()
        with served(folder, receiver.origin) as (address, process):
            for task in tasks:
                for _ in range(400):
                    where = f"{address}/v1/tasks/{task}/status"
                    status = client.get(where, params={"transactionId": "T"})
                    if status.json() == "COMPLETED":
                        break
                    time.sleep(0.05)
                assert status.json() == "COMPLETED"
        told: dict[str, set[str]] = {}
        for one in receiver.came:
            told.setdefault(one.query["taskId"], set()).add(one.body["personId"])
    assert told.keys() == set(tasks)
    assert all(len(people) == 1 for people in told.values())  # told twice, perhaps; never otherwise
    with Abis.open(folder) as engine:
        assert set(engine.people()) == {one for people in told.values() for one in people}
        assert engine.count() == PEOPLE
        engine.check()
