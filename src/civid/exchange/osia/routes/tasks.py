"""/v1/tasks: how far a task is, and its answer once more."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from civid.errors import CividError
from civid.exchange.osia.answers import TaskStatus
from civid.exchange.osia.desk import Outcome, failed
from civid.exchange.osia.faults import unknown
from civid.exchange.osia.routes.answering import Counter, answer_of
from civid.exchange.osia.routes.ids import TaskKey
from civid.exchange.osia.routes.options import Transaction, answers, called
from civid.exchange.service import house_of, needs, note_of


def tasks(counter: Counter) -> APIRouter:
    """The routes of tasks. Whose token made a task sees it, and nobody else."""
    router = APIRouter(prefix="/v1/tasks", tags=["Task"])

    @router.get(
        "/{taskId}/status",
        **called("readTaskStatus"),
        dependencies=[needs("read", "abis.task.read")],
        response_model=TaskStatus,
        responses=answers(404, task=False),
    )
    async def read_status(
        request: Request,
        task: TaskKey,
        transaction: Transaction,
    ) -> Response:
        """Read how far a task is."""
        try:
            if counter.runner is None:
                raise unknown("task")
            store, owner = counter.runner.store, _owner(request)
            status = await house_of(request).aside(store.status, task, owner)
        except CividError as error:
            return answer_of(failed(error))
        return answer_of(Outcome(200, status.value))

    @router.post(
        "/{taskId}/redeliver",
        **called("redeliverTaskResult"),
        dependencies=[needs("correct", "abis.task.update")],
        status_code=204,
        responses=answers(404, task=False),
    )
    async def redeliver(request: Request, task: TaskKey, transaction: Transaction) -> Response:
        """Call the callback once more, if it has not taken the answer."""
        try:
            if counter.runner is None:
                raise unknown("task")
            store, owner = counter.runner.store, _owner(request)
            await house_of(request).aside(store.redeliver, task, owner)
        except CividError as error:
            return answer_of(failed(error))
        counter.runner.again()
        return Response(status_code=204)

    return router


def _owner(request: Request) -> str:
    caller = note_of(request).caller
    return "" if caller is None else caller.identity
