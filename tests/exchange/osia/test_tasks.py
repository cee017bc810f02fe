"""Tasks: accepted, done, told to the callback; across restarts, crashes and deaf callbacks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from tests.exchange.osia.receiver import Receiver, receiving
from tests.exchange.osia.service import Client, Doors, encounter, sample

from civid.errors import GalleryFormatError, GalleryKeyError, GalleryStorageError
from civid.exchange.abis import Abis
from civid.exchange.datashare.origins import Origin
from civid.exchange.osia import TaskStore
from civid.exchange.osia.answers import TaskStatus
from civid.exchange.osia.desk import Call, Desk
from civid.exchange.osia.encounters import with_ids
from civid.exchange.osia.faults import Fault
from civid.exchange.osia.models import Encounter
from civid.exchange.osia.references import References
from civid.exchange.osia.tasks import Callbacks, Runner
from civid.exchange.service import House, Refusal
from civid.search.segments.keys import StaticKeyProvider

ONE = "/v1/persons/P1/encounters/E1"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A callback."""
    with receiving() as made:
        yield made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TaskStore]:
    """A new one."""
    with TaskStore(tmp_path / "tasks.sqlite3") as made:
        yield made


@pytest.fixture
def runner(house: House, store: TaskStore, receiver: Receiver) -> Runner:
    """That is driven by hand, and tries three times."""
    desk = Desk(house.engine, References(()))
    callbacks = Callbacks((Origin.of(receiver.origin, inside=True),))
    return Runner(house, desk, store, callbacks, pauses=(0.0, 0.0))


def creation(person: str = "P1", number: str = "E1", seed: int = 1) -> Call:
    """A call that creates an encounter."""
    body = Encounter.model_validate(encounter(sample(seed)))
    return Call("createEncounter", {"person": person, "encounter": number}, body=body)


async def accepted(runner: Runner, call: Call, to: str, **more: Any) -> str:
    """A task, as long as nobody does it."""
    runner._wake = (asyncio.Event(), asyncio.Event())
    return await runner.accept(call, owner="all", callback=to, transaction="T1", **more)


def ended(client: Client, task: str) -> str:
    """The state of a task once its callback has been called."""
    for _ in range(200):
        state: str = client.ask("GET", f"/v1/tasks/{task}/status").json()
        if state not in ("PENDING", "RESPONSE_SCHEDULED"):
            return state
        time.sleep(0.02)
    raise AssertionError(state)


def test_every_kind_of_answer_goes_to_the_callback(
    make: Callable[..., FastAPI], store: TaskStore, receiver: Receiver, engine: Abis
) -> None:
    app = make(tasks=store, callbacks=(Origin.of(receiver.origin, inside=True),))
    with Client(app) as client:
        asked = [
            ("POST", "/v1/persons", encounter(sample(1))),
            ("POST", "/v1/identify/ALL", {"filter": {}, "biometricData": [sample(1, again=1)]}),
            ("POST", "/v1/identify/NOBODY", {"filter": {}, "biometricData": [sample(1)]}),
            ("DELETE", "/v1/persons/P9", None),
            ("GET", "/v1/galleries", None),
        ]
        tasks = []
        for method, path, body in asked:
            answer = client.ask(method, path, body, callback=receiver.url)
            assert answer.status_code == 202, answer.text
            tasks.append(answer.json()["taskId"])
        came = {one.query["taskId"]: one for one in receiver.wait(len(asked))}
        created, found, unknown, missing, names = (came[task] for task in tasks)
        assert {ended(client, task) for task in tasks} == {"COMPLETED"}
        answer = client.ask(
            "DELETE", f"/v1/persons/{created.body['personId']}", callback=receiver.url
        )
        receiver.wait()
        assert came.keys() == set(tasks)
        assert receiver.came[-1].body == "OK"
    assert created.query == {"mine": "1", "transactionId": "T1", "taskId": tasks[0]}
    assert (created.path, created.kind) == ("/back", "application/json")
    assert found.body[0]["personId"] == created.body["personId"]
    assert names.body == ["citizens"]
    for one in (unknown, missing):
        assert one.kind == "application/error+json"
        assert one.body["code"] == 1010
    assert engine.count() == 0


def test_a_task_survives_a_restart(
    make: Callable[..., FastAPI], tmp_path: Path, runner: Runner, store: TaskStore,
    receiver: Receiver, engine: Abis,
) -> None:  # fmt: skip
    """It was accepted, and the process died before anything was done."""
    task = asyncio.run(accepted(runner, creation(), receiver.url))
    store.close()
    with TaskStore(tmp_path / "tasks.sqlite3") as again:
        app = make(tasks=again, callbacks=(Origin.of(receiver.origin, inside=True),))
        with Client(app) as client:
            (told,) = receiver.wait()
            assert told.body == {"personId": "P1", "encounterId": "E1"}
            assert ended(client, task) == "COMPLETED"
    assert engine.count() == 1


def test_a_change_is_made_once_though_the_process_dies_before_it_is_written_down(
    runner: Runner, store: TaskStore, receiver: Receiver, engine: Abis
) -> None:
    async def twice() -> None:
        body = Encounter.model_validate(encounter(sample(1)))
        await accepted(runner, with_ids(Call("createEncounterNoIds", body=body)), receiver.url)
        task = store.next()
        assert task is not None
        first = await runner._outcome(task)  # and here it dies
        assert await runner.do_one()
        await runner.deliver_due()
        assert receiver.came[0].body == first.body

    asyncio.run(twice())
    assert engine.count() == 1


def test_a_deaf_callback_is_called_again_and_on_demand(
    runner: Runner, store: TaskStore, receiver: Receiver
) -> None:
    async def told() -> None:
        task = await accepted(runner, creation(), receiver.url)
        assert store.status(task, "all") is TaskStatus.PENDING
        store.redeliver(task, "all")
        assert store.status(task, "all") is TaskStatus.PENDING
        await runner.do_one()
        assert store.status(task, "all") is TaskStatus.RESPONSE_SCHEDULED
        receiver.answers = [500, 403, 307]
        states = []
        for _ in range(3):
            assert await runner.deliver_due() == 0
            states.append(store.status(task, "all").value)
        assert states == ["RESPONSE_RETRY", "RESPONSE_RETRY", "RESPONSE_ERROR"]
        assert await runner.deliver_due() == 0  # no more
        store.redeliver(task, "all")
        assert store.status(task, "all") is TaskStatus.RESPONSE_RETRY
        assert await runner.deliver_due() == 1
        assert store.status(task, "all") is TaskStatus.COMPLETED
        with pytest.raises(Fault, match="not kept"):
            store.redeliver(task, "all")

    asyncio.run(told())
    assert [one.path for one in receiver.came] == ["/back"] * 4


def test_a_fault_of_ours_does_not_end_all_callbacks(
    runner: Runner, store: TaskStore, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver, failed = runner.callbacks.deliver, list[str]()

    async def once_in_vain(*what: Any) -> bool:
        if not failed:
            failed.append("once")
            raise RuntimeError("a fault of ours")
        return await deliver(*what)

    monkeypatch.setattr(runner.callbacks, "deliver", once_in_vain)

    async def told() -> TaskStatus:
        async with runner.running():
            task = await runner.accept(
                creation(), owner="all", callback=receiver.url, transaction="T1"
            )
            for _ in range(500):
                if store.status(task, "all") is TaskStatus.COMPLETED:
                    break
                await asyncio.sleep(0.02)
            return store.status(task, "all")

    assert asyncio.run(told()) is TaskStatus.COMPLETED
    assert failed == ["once"]


def test_the_urgent_come_first(runner: Runner, receiver: Receiver) -> None:
    async def told() -> None:
        for name, urgency in (("P1", 0), ("P2", 90), ("P3", 10), ("P4", 10)):
            await accepted(runner, creation(name), receiver.url, urgency=urgency)
        while await runner.do_one():
            await runner.deliver_due()

    asyncio.run(told())
    assert [one.body["personId"] for one in receiver.came] == ["P2", "P3", "P4", "P1"]


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/back",
        "http://elsewhere.example/back",
        "https://client.example:444/back",
        "https://client.example@elsewhere.example/back",
        "file:///etc/passwd",
        "//client.example/back",
        "https://client.example\\@elsewhere.example",
        "back",
    ],
)
def test_nobody_else_is_called(url: str) -> None:
    with pytest.raises(Fault, match="callback"):
        Callbacks((Origin.of("https://client.example"),)).check(url)


def test_an_allowed_name_that_leads_inside_is_not_called(
    house: House, store: TaskStore, receiver: Receiver
) -> None:
    callbacks = Callbacks((Origin.of(receiver.origin),))  # not said to be inside
    runner = Runner(house, Desk(house.engine, References(())), store, callbacks, pauses=())

    async def told() -> str:
        task = await accepted(runner, creation(), receiver.url)
        await runner.do_one()
        assert await runner.deliver_due() == 0
        return store.status(task, "all").value

    assert asyncio.run(told()) == "RESPONSE_ERROR"
    assert receiver.came == []


def test_a_task_is_seen_by_whose_it_is_alone(
    make: Callable[..., FastAPI], store: TaskStore, receiver: Receiver
) -> None:
    app = make(tasks=store, callbacks=(Origin.of(receiver.origin, inside=True),))
    with Client(app) as client:
        task = client.ask("GET", "/v1/galleries", callback=receiver.url).json()["taskId"]
        receiver.wait()
        status, again = f"/v1/tasks/{task}/status", f"/v1/tasks/{task}/redeliver"
        assert ended(client, task) == "COMPLETED"
        assert client.ask("GET", status, token="all-of-another").status_code == 404
        assert client.ask("POST", again, token="all-of-another").status_code == 404
        assert client.ask("GET", "/v1/tasks/none/status").status_code == 404
        refused = client.ask("GET", "/v1/galleries", callback="http://127.0.0.1:1/x")
        assert refused.status_code == 400
        assert refused.json()["code"] == 1003


def test_without_a_store_nobody_is_called_back(client: Client) -> None:
    answer = client.ask("GET", "/v1/galleries", callback="https://client.example/x")
    assert answer.status_code == 400
    assert client.ask("GET", "/v1/tasks/x/status").status_code == 404
    assert client.ask("POST", "/v1/tasks/x/redeliver").status_code == 404


def test_a_reader_takes_no_tasks(engine: Abis, runner: Runner, receiver: Receiver) -> None:
    runner.house = House(engine, (Doors(),), read_only=True, writer="http://writer")
    with pytest.raises(Refusal) as refused:
        asyncio.run(accepted(runner, creation(), receiver.url))
    assert refused.value.problem.status == 409


def test_tasks_are_sealed_with_keys(tmp_path: Path) -> None:
    ring = StaticKeyProvider({"k": bytes(range(32))})
    request = {"operation": "x", "path": {"person": "SOMEBODY"}, "callback": "", "transaction": ""}
    for name, keys in (("sealed", ring), ("plain", None)):
        with TaskStore(tmp_path / name, keys=keys) as store:
            store.add("t", "owner", request)
            task = store.next()
            assert task is not None
            assert task.request == request
        data = b"".join(one.read_bytes() for one in tmp_path.glob(f"{name}*"))
        assert (b"SOMEBODY" in data) == (keys is None)
    with pytest.raises(GalleryKeyError):
        TaskStore(tmp_path / "sealed")
    with pytest.raises(GalleryKeyError):
        TaskStore(tmp_path / "sealed", keys=StaticKeyProvider({"k": bytes(32)}))
    with pytest.raises(GalleryKeyError):
        TaskStore(tmp_path / "plain", keys=ring)


def test_what_was_answered_is_erased_and_forgotten(tmp_path: Path) -> None:
    now = [1000.0]
    request = {"operation": "x", "path": {"person": "SOMEBODY"}, "callback": "C", "transaction": ""}
    with TaskStore(tmp_path / "tasks", clock=lambda: now[0]) as store:
        store.add("t", "owner", request)
        store.done("t", {"status": 200, "body": "ANSWER"})
        (task,) = store.due()
        assert task.answer == {"status": 200, "body": "ANSWER"}
        store.undelivered("t", 60.0)
        assert store.due() == []
        assert store.next_due() == 60.0
        now[0] += 60
        assert store.due()[0].attempts == 1
        store.delivered("t")
        assert store.forget_old() == 0
        now[0] += 8 * 24 * 3600
        assert store.forget_old() == 1
        with pytest.raises(Fault):
            store.status("t", "owner")
    data = b"".join(one.read_bytes() for one in tmp_path.glob("tasks*"))
    assert b"SOMEBODY" not in data
    assert b"ANSWER" not in data


def test_only_one_process_has_the_tasks_and_no_other_file_is_taken(
    tmp_path: Path, store: TaskStore
) -> None:
    with pytest.raises(GalleryStorageError):
        TaskStore(tmp_path / "tasks.sqlite3")
    (tmp_path / "text").write_text("no tasks " * 400)
    with pytest.raises(GalleryFormatError):
        TaskStore(tmp_path / "text")
    with pytest.raises(GalleryStorageError):
        TaskStore(tmp_path / "no" / "folder")


def test_too_many_are_told_to_come_back(store: TaskStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civid.exchange.osia.tasks.store.MOST_WAITING", 1)
    store.add("a", "o", {})
    with pytest.raises(Refusal) as refused:
        store.add("b", "o", {})
    assert refused.value.problem.status == 503
