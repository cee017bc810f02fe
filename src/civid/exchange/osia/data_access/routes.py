"""/v1/persons/{uin}/match and /verify."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import JSONResponse

from civid.errors import CividError
from civid.exchange.osia import faults
from civid.exchange.osia.data_access import asking
from civid.exchange.osia.data_access.asking import Asker
from civid.exchange.osia.data_access.models import Attributes, Expressions, MatchingError
from civid.exchange.osia.desk import plain
from civid.exchange.osia.faults import Code, Fault
from civid.exchange.osia.routes.answering import error_answer, osia_error
from civid.exchange.osia.routes.options import answers, called
from civid.exchange.service import Caller, Part, house_of, needs, note_of
from civid.exchange.sharing import Sharing
from civid.register import Register
from civid.register.actor import Actor, Capability

#: Who may learn which attributes do not agree, and not only that some do not.
REASONS = "pr.person.match.reasons"

Uin = Annotated[
    str, Path(max_length=128, description="A personal number, or the partner's own pseudonym")
]
_Code = Header(max_length=64, min_length=1)


def _asked_for(
    civid_purpose: Annotated[str, _Code],
    civid_procedure: Annotated[str, _Code],
    civid_unit: Annotated[str, _Code],
    civid_officer: Annotated[str, _Code],
) -> tuple[str, str, str, str]:
    return civid_purpose, civid_procedure, civid_unit, civid_officer


Why = Annotated[tuple[str, str, str, str], Depends(_asked_for)]


def data_access_part(register: Register, partners: Mapping[str, str]) -> Part:
    """The two routes that give a partner the least that answers.

    Parameters
    ----------
    register : Register
        Open; whoever opened it closes it, after the server has stopped.
    partners : mapping of str to str
        By the identity of a caller (the name of an office's token; of a JWT ``ISSUER SUBJECT``),
        the partner for whom it asks. Others are refused: a partner is never taken from what a
        request says of itself.
    """
    router = APIRouter(prefix="/v1/persons", tags=["Person"])

    async def ask(request: Request, uin: str, why: Why, do: Callable[..., Any]) -> Response:
        note, house = note_of(request), house_of(request)
        note.people = (uin,)
        try:
            caller = note.caller
            if caller is None or caller.identity not in partners:
                raise Fault(403, Code.REFUSED, "this token is not one of a partner")
            asker = Asker(partners[caller.identity], *why, request=note.request_id)
            sharing = Sharing(register.acting_as(_actor(caller, asker)))
            return JSONResponse(plain(await house.work(do, sharing, asker)))
        except CividError as error:
            fault = faults.of(error)
            note.code = fault.code.name.lower()
            return error_answer(fault.status, fault.code, str(fault))

    @router.post(
        "/{uin}/match",
        **called("matchPersonAttributes"),
        dependencies=[needs("verify", "pr.person.match", "cr.person.match")],
        response_model=MatchingError,
        responses=answers(404, 409, task=False),
    )
    async def match(request: Request, uin: Uin, why: Why, body: Attributes) -> Response:
        """Say whether attributes agree; which do not, to whom the grant and a scope allow it."""
        caller = note_of(request).caller
        reasons = caller is not None and REASONS in caller.scopes
        return await ask(
            request, uin, why,
            lambda sharing, asker: asking.match(sharing, asker, uin, body, reasons=reasons),
        )  # fmt: skip

    @router.post(
        "/{uin}/verify",
        **called("verifyPersonAttributes"),
        dependencies=[needs("verify", "pr.person.verify", "cr.person.verify")],
        response_model=bool | None,
        responses=answers(404, 409, task=False),
    )
    async def verify(request: Request, uin: Uin, why: Why, body: Expressions) -> Response:
        """Say whether expressions are all true; null where that is not known."""
        return await ask(
            request, uin, why, lambda sharing, asker: asking.verify(sharing, asker, uin, body)
        )

    return Part(router, answer=osia_error)


def _actor(caller: Caller, asker: Asker) -> Actor:
    return Actor(
        caller.name,
        capabilities=frozenset({Capability.VERIFY}),
        roles=frozenset({f"partner:{asker.partner}"}),
    )
