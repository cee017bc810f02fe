"""The runner: does the tasks one after another, and calls the callbacks beside that."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from pydantic import TypeAdapter

from civid.errors import CividError
from civid.exchange.osia.answers import Error
from civid.exchange.osia.desk import Call, Desk, Outcome, failed, plain
from civid.exchange.osia.faults import Code
from civid.exchange.osia.operations import OPERATIONS, options_as_json
from civid.exchange.osia.tasks.callback import Callbacks
from civid.exchange.osia.tasks.store import Task, TaskStore
from civid.exchange.service import Refusal

if TYPE_CHECKING:
    from civid.exchange.service import House

_LOG = logging.getLogger("civid.osia")
#: A callback that is not answered is called again after so many seconds; nine times in a day and a
#: half, and then no more until somebody asks for it.
PAUSES: Final = (1.0, 5.0, 30.0, 120.0, 600.0, 3600.0, 4 * 3600.0, 12 * 3600.0, 18 * 3600.0)
#: The store is looked at at least this often.
_IDLE: Final = 60.0


@dataclass
class Runner:
    """Does the tasks of a service. Enter `running` with the application.

    One task is done at a time, the most urgent first, in the order of arrival among equals: a
    search sees what was created before it. Callbacks are called beside that.

    Attributes
    ----------
    house : House
        Whose engine it is, and whose threads.
    desk : Desk
        What operations work with.
    store : TaskStore
        Where tasks are kept.
    callbacks : Callbacks
        Who may be called.
    pauses : tuple of float
        Seconds between attempts.
    """

    house: House
    desk: Desk
    store: TaskStore
    callbacks: Callbacks
    pauses: tuple[float, ...] = PAUSES

    def __post_init__(self) -> None:
        self._wake: tuple[asyncio.Event, asyncio.Event] | None = None

    @asynccontextmanager
    async def running(self, _: Any = None) -> AsyncIterator[None]:
        """While this is entered, tasks are done; those that were left are done first."""
        self._wake = (asyncio.Event(), asyncio.Event())
        work = [asyncio.create_task(self._working()), asyncio.create_task(self._delivering())]
        try:
            yield
        finally:
            self._wake = None
            for one in work:
                one.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    async def accept(
        self, call: Call, *, owner: str, callback: str, transaction: str, urgency: int = 0
    ) -> str:
        """Keep a call to be done; -> the task's id. It is on the disk when this returns.

        Raises
        ------
        Fault
            400: the callback would not be called.
        Refusal
            409: this process only reads; 503: too many wait, or nothing is done here.
        """
        if self.house.read_only:
            raise Refusal("read-only", writer=self.house.writer)
        if self._wake is None:
            raise Refusal("starting")
        self.callbacks.check(callback)
        task = str(uuid4())
        request = {
            "operation": call.operation,
            "path": dict(call.path),
            "options": options_as_json(call.options),
            "body": plain(call.body),
            "callback": callback,
            "transaction": transaction,
        }
        await self.house.aside(lambda: self.store.add(task, owner, request, urgency=urgency))
        self._wake[0].set()
        return task

    def again(self) -> None:
        """Look for callbacks to call."""
        if self._wake is not None:
            self._wake[1].set()

    async def do_one(self) -> bool:
        """Do the next task; -> whether there was one."""
        task = await self.house.aside(self.store.next)
        if task is None:
            return False
        outcome = await self._outcome(task)
        answer = {"status": outcome.status, "body": outcome.body}
        await self.house.aside(self.store.done, task.id, answer)
        self.again()
        return True

    async def deliver_due(self) -> int:
        """Call the callbacks that are due; -> how many took their answer."""
        tasks = await self.house.aside(self.store.due)
        taken = await asyncio.gather(*(self._deliver(task) for task in tasks))
        if await self.house.aside(self.store.forget_old):  # the engine keeps what changes answered
            await self.house.change(self.desk.engine.forget_requests, self.store.kept_since())
        return sum(taken)

    async def _outcome(self, task: Task) -> Outcome:
        try:
            call = _call(task.request)
            operation = OPERATIONS[call.operation]
            ready = None
            if operation.prepare is not None:
                ready = await self.house.work(operation.prepare, self.desk, call)
            if not operation.changes:
                return await self.house.read(operation.run, self.desk, call, ready)
            return await self.house.change(self._once, task, call, ready)
        except CividError as error:
            return failed(error)
        except Exception as error:  # a fault of ours must not stop the tasks behind it
            _LOG.error("task %s failed: %s", task.id, type(error).__name__)
            text = "the task failed; it was logged"
            return Outcome(500, plain(Error(code=int(Code.INTERNAL), message=text)))

    def _once(self, task: Task, call: Call, ready: Any) -> Outcome:
        """A change that was made before a crash is not made again: its answer is given again."""

        def work() -> dict[str, Any]:
            outcome = OPERATIONS[call.operation].run(self.desk, call, ready)
            return {"status": outcome.status, "body": outcome.body}

        digest = json.dumps(task.request, sort_keys=True).encode()
        answer = self.desk.engine.once(task.id, digest, work)
        return Outcome(answer["status"], answer["body"])

    async def _deliver(self, task: Task) -> bool:
        assert task.answer is not None
        outcome = Outcome(task.answer["status"], task.answer["body"])
        to, transaction = task.request["callback"], task.request["transaction"]
        taken = await self.callbacks.deliver(to, transaction, task.id, outcome)
        if taken:
            await self.house.aside(self.store.delivered, task.id)
        else:
            left = task.attempts < len(self.pauses)
            after = self.pauses[task.attempts] if left else None
            await self.house.aside(self.store.undelivered, task.id, after)
        return taken

    async def _working(self) -> None:
        assert self._wake is not None
        wake = self._wake[0]
        await self._loop(wake, self._work_off)

    async def _work_off(self) -> float:
        while await self.do_one():
            pass
        return _IDLE

    async def _delivering(self) -> None:
        assert self._wake is not None
        wake = self._wake[1]
        await self._loop(wake, self._deliver_off)

    async def _deliver_off(self) -> float:
        await self.deliver_due()
        wait = await self.house.aside(self.store.next_due)
        return _IDLE if wait is None else min(wait, _IDLE)

    async def _loop(self, wake: asyncio.Event, do: Callable[[], Awaitable[float]]) -> None:
        while True:
            wake.clear()
            try:
                wait = await do()
            except Exception as error:  # a full disk: what is not done stays to be done
                _LOG.error("tasks stand still: %s", type(error).__name__)
                wait = 1.0
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await wake.wait()


def _call(request: dict[str, Any]) -> Call:
    """A call out of what was stored."""
    operation = OPERATIONS[request["operation"]]
    body = request["body"]
    if operation.body is not None:
        body = TypeAdapter(operation.body).validate_python(body)
    return Call(request["operation"], request["path"], request["options"], body)
