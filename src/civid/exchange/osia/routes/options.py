"""Query parameters of OSIA, and which answers a route has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Query

from civid.exchange.osia.answers import Error, TaskId
from civid.exchange.osia.models import MAX_TEXT

MOST_CANDIDATES: Final = 1000

Transaction = Annotated[
    str, Query(alias="transactionId", max_length=MAX_TEXT, description="The id of the transaction")
]
Back = Annotated[
    str | None,
    Query(
        alias="callback",
        max_length=2048,
        description="Where the result is to be sent; without it, it is the answer",
        json_schema_extra={"format": "uri"},
    ),
]
Priority = Annotated[int | None, Query(ge=0, le=9, description="Of a task; 9 is the most urgent")]
Algorithm = Annotated[
    str | None, Query(max_length=MAX_TEXT, description="A hint; this engine has one algorithm")
]


@dataclass(frozen=True, slots=True)
class Asked:
    """How an operation is to be answered.

    Attributes
    ----------
    transaction : str
        Goes back with a callback.
    callback : str or None
        None = in the answer.
    urgency : int
        Among tasks: ten for each step of ``priority``, one for each of ``serviceLevel``.
    """

    transaction: str
    callback: str | None = None
    urgency: int = 0


def _plain(transaction: Transaction, callback: Back = None) -> Asked:
    return Asked(transaction, callback)


def _urgent(transaction: Transaction, callback: Back = None, priority: Priority = None) -> Asked:
    return Asked(transaction, callback, 10 * (priority or 0))


def _creating(
    transaction: Transaction,
    callback: Back = None,
    priority: Priority = None,
    algorithm: Algorithm = None,
) -> Asked:
    return Asked(transaction, callback, 10 * (priority or 0))


@dataclass(frozen=True, slots=True)
class Comparing:
    """How a search or a verification is to be done."""

    asked: Asked
    options: dict[str, Any]


def _comparing(
    transaction: Transaction,
    callback: Back = None,
    priority: Priority = None,
    threshold: Annotated[
        float | None,
        Query(ge=0, le=10_000, allow_inf_nan=False, description="Least score: -10 log10 FMR"),
    ] = None,
    accuracy_level: Annotated[
        str | None,
        Query(alias="accuracyLevel", max_length=MAX_TEXT, description="LOW, NORMAL or HIGH"),
    ] = None,
    service_level: Annotated[
        int | None, Query(alias="serviceLevel", ge=0, le=9, description="Of a task; 9 is first")
    ] = None,
) -> Comparing:
    urgency = 10 * (priority or 0) + (service_level or 0)
    options = {"threshold": threshold, "accuracy_level": accuracy_level}
    return Comparing(Asked(transaction, callback, urgency), options)


def _searching(
    comparing: Annotated[Comparing, Depends(_comparing)],
    max_nb_cand: Annotated[
        int | None,
        Query(alias="maxNbCand", ge=1, le=MOST_CANDIDATES, description="Most candidates"),
    ] = None,
) -> Comparing:
    return Comparing(comparing.asked, {**comparing.options, "max_nb_cand": max_nb_cand})


AskedPlainly = Annotated[Asked, Depends(_plain)]
AskedUrgently = Annotated[Asked, Depends(_urgent)]
AskedCreating = Annotated[Asked, Depends(_creating)]
Verifying = Annotated[Comparing, Depends(_comparing)]
Searching = Annotated[Comparing, Depends(_searching)]

#: Of the service itself, on every route; OSIA leaves them to transport and security.
_OF_THE_SERVICE: Final = {
    401: "A bearer token is needed, or is not taken",
    408: "The body did not arrive in time",
    413: "The body is larger than what is taken here",
    415: "Only JSON is taken",
    429: "Too many requests with this token",
    503: "Too much is asked at once; try again",
}


def answers(*statuses: int, task: bool = True) -> dict[int | str, dict[str, Any]]:
    """What FastAPI documents beside the answer of success."""
    words = {
        400: "Bad request",
        403: "Operation not allowed",
        404: "Unknown record",
        409: "Conflict: the id is there already, or this process only reads",
        500: "Unexpected error",
    }
    made: dict[int | str, dict[str, Any]] = {}
    if task:
        made[202] = {"model": TaskId, "description": "Accepted; the result goes to the callback"}
    for status in (400, 403, *statuses, 500):
        made[status] = {"model": Error, "description": words[status]}
    for status, text in _OF_THE_SERVICE.items():
        made[status] = {"model": Error, "description": text}
    return made


def called(operation: str) -> dict[str, Any]:
    """How a route is called: by OSIA's operationId, in the log, too.

    >>> called("readAllEncounters")["summary"]
    'Read all encounters'
    """
    words = re.sub(r"(?=[A-Z])", " ", operation).lower()
    return {"operation_id": operation, "name": operation, "summary": words.capitalize()}
