"""One way to do every operation: at once, or as a task; and problems as OSIA's Error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from civid.errors import CividError
from civid.exchange.osia import faults
from civid.exchange.osia.answers import Error, TaskId
from civid.exchange.osia.desk import Call, Desk, Outcome, failed, plain
from civid.exchange.osia.faults import Code
from civid.exchange.osia.operations import OPERATIONS
from civid.exchange.osia.routes.options import Asked
from civid.exchange.osia.tasks import Runner
from civid.exchange.service import Problem, house_of, note_of

#: Codes of the service's problems -> those of OSIA's errors; others by their status.
_CODES: Final = {
    "scope": Code.REFUSED,
    "large": Code.LIMIT,
    "pace": Code.LIMIT,
    "busy": Code.BUSY,
    "storage": Code.BUSY,
    "starting": Code.BUSY,
    "read-only": Code.REFUSED,
    "not-found": Code.UNKNOWN,
    "address": Code.UNKNOWN,
    "exists": Code.CONFLICT,
}
_BY_STATUS: Final = {401: Code.REFUSED, 403: Code.REFUSED, 404: Code.UNKNOWN, 409: Code.CONFLICT}


@dataclass(frozen=True)
class Counter:
    """Where operations are asked for: the desk and, where tasks are taken, who does them."""

    desk: Desk
    runner: Runner | None = None

    async def answer(self, request: Request, call: Call, asked: Asked) -> Response:
        """Do it and answer, or accept it as a task."""
        if asked.callback is None:
            return answer_of(await self.outcome(request, call))
        try:
            return await self._accept(request, call, asked)
        except CividError as error:
            return answer_of(self._failed(request, error))

    async def outcome(self, request: Request, call: Call) -> Outcome:
        """Do it now."""
        note = note_of(request)
        note.people = _people(call)
        try:
            outcome = await self._do(request, call)
        except CividError as error:
            return self._failed(request, error)
        note.changed = OPERATIONS[call.operation].changes
        if call.operation.startswith("identify"):
            note.candidates = len(outcome.body)
        return outcome

    async def _do(self, request: Request, call: Call) -> Outcome:
        operation, house, ready = OPERATIONS[call.operation], house_of(request), None
        if operation.prepare is not None:
            ready = await house.work(operation.prepare, self.desk, call)
        run = house.change if operation.changes else house.read
        return await run(operation.run, self.desk, call, ready)

    async def _accept(self, request: Request, call: Call, asked: Asked) -> Response:
        if self.runner is None or asked.callback is None:
            text = "this server calls nobody back; ask without a callback"
            raise faults.Fault(400, Code.DESTINATION, text)
        note = note_of(request)
        note.people = _people(call)
        task = await self.runner.accept(
            call,
            owner=note.caller.identity if note.caller is not None else "",
            callback=asked.callback,
            transaction=asked.transaction,
            urgency=asked.urgency,
        )
        note.changed = True  # a promise: its line is on the disk before 202 leaves
        return JSONResponse(plain(TaskId(task_id=task)), 202)

    @staticmethod
    def _failed(request: Request, error: CividError) -> Outcome:
        note_of(request).code = faults.of(error).code.name.lower()
        return failed(error)


def _people(call: Call) -> tuple[str, ...]:
    return tuple(call.path[name] for name in ("person", "target", "source") if name in call.path)


def answer_of(outcome: Outcome) -> Response:
    """An outcome over HTTP."""
    if outcome.body is None:
        return Response(status_code=outcome.status)
    return JSONResponse(outcome.body, outcome.status)


def error_answer(status: int, code: Code, message: str) -> Response:
    """OSIA's Error over HTTP."""
    body: dict[str, Any] = plain(Error(code=int(code), message=message))
    return JSONResponse(body, status)


def osia_error(problem: Problem, request_id: str) -> Response:
    """A problem of the service as OSIA's Error. OSIA has 400 where the service has 422 or 405."""
    status = 400 if problem.status in (405, 422) else problem.status
    code = _CODES.get(problem.code) or _BY_STATUS.get(status)
    if code is None:
        code = Code.MALFORMED if status < 500 else Code.INTERNAL
    text = f"{problem.title}: {problem.detail}" if problem.detail else problem.title
    wrong = problem.members.get("errors")
    if wrong:
        text += "".join(f"; {one['field']}: {one['reason']}" for one in wrong[:5])
    return error_answer(status, code, f"{text} (request {request_id})")
