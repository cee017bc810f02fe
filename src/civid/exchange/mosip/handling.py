"""A request and the engine -> the answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from civid.errors import CividError, SubjectExistsError, SubjectNotFoundError
from civid.exchange.abis import Abis, Match, RequestReusedError
from civid.exchange.datashare.errors import FetchError
from civid.exchange.mosip import words
from civid.exchange.mosip.checking import Request, checked
from civid.exchange.mosip.policy import Policy
from civid.exchange.mosip.preparing import Prepared
from civid.exchange.mosip.prints import prints_or_reason
from civid.exchange.mosip.words import PASSING, Reason, RefusedError, refusal, success
from civid.fingerprint.template import Template
from civid.position import Position

log = logging.getLogger(__name__)

Answer = dict[str, Any]


def handle(
    message: object,
    engine: Abis,
    *,
    fetch: words.Fetch,
    prepared: Prepared | None = None,
    policy: Policy | None = None,
    threads: int | None = None,
    pending: Callable[[], int] = lambda: 0,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Answer:
    """Answer a request of the MOSIP ABIS API. Never raises.

    A request that comes again is answered as it was, to the letter, after any crash. What depends
    on the moment is an exception: failures that may pass (reasons 1, 2, 3, 7, 17) and the answers
    to ping, pendingJobs and referenceCount are not kept. A ``requestId`` that was used for another
    request is refused with reason 4, and nothing is changed.

    Parameters
    ----------
    message : dict
        See `read_message`; anything else is refused with reason 4.
    engine : Abis
        When this returns, it has what was inserted on the disk; inside `Abis.batch`, when the
        batch has ended.
    fetch : callable
        Called with a URL, at most once.
    prepared : Prepared, optional
        What `prepare` gave for this request.
    policy : Policy, optional
    threads : int, optional
        To extract with; as many as the process may use, unless given.
    pending : callable
        How many requests wait, for pendingJobs.
    clock : callable
        The time, in a time zone.

    Returns
    -------
    dict
        For `write_message`.
    """
    try:
        job = _Job(engine, fetch, prepared, policy or Policy(), threads, pending, clock)
        return job.answer(message)
    except RefusedError as refused:
        return refusal(message, refused.reason, clock())
    except FetchError as error:
        return refusal(message, Reason(error.reason), clock())
    except RequestReusedError:
        return refusal(message, Reason.INVALID_STRUCTURE, clock())
    except CividError as error:
        log.error("a request failed: %s", type(error).__name__)
        return refusal(message, Reason.INTERNAL, clock())
    except Exception as error:
        # Without its text and its frames: they may hold what was sent.
        log.error("a request failed unexpectedly: %s", type(error).__name__)
        return refusal(message, Reason.UNEXPECTED, clock())


class _Job:
    """One request on its way."""

    def __init__(
        self, engine: Abis, fetch: words.Fetch, prepared: Prepared | None, policy: Policy,
        threads: int | None, pending: Callable[[], int], clock: Callable[[], datetime],
    ):  # fmt: skip
        self._engine, self._fetch, self._ahead = engine, fetch, prepared
        self._policy, self._threads = policy, threads
        self._pending, self._clock = pending, clock

    def answer(self, message: object) -> Answer:
        request = checked(message, self._policy)
        assert isinstance(message, dict)
        if request.operation == words.PING:
            return success(message, self._clock())
        if request.operation == words.PENDING_JOBS:
            return success(message, self._clock(), jobscount=str(max(self._pending(), 0)))
        if request.operation == words.REFERENCE_COUNT:
            return success(message, self._clock(), count=str(self._engine.count()))
        found: Answer | None = self._engine.answered(request.request, request.digest)
        if found is not None:
            return found
        try:
            work = self._prepared(request, message)
        except RefusedError as refused:
            if refused.reason in PASSING:
                raise
            work = _refusing(refused.reason)
        return self._once(request, message, work)

    def _prepared(self, request: Request, message: Answer) -> Callable[[], Answer]:
        """What takes long, before others have to wait: what is left to be done then."""
        engine = self._engine
        if request.operation == words.DELETE:
            return lambda: self._delete(request, message)
        if request.operation == words.INSERT:
            if request.reference in engine:
                raise RefusedError(Reason.REFERENCE_EXISTS)
            prints = self._prints(request.url)
            return lambda: self._insert(request, message, prints)
        answer = self._identify(request, message)
        return lambda: answer

    def _once(self, request: Request, message: Answer, work: Callable[[], Answer]) -> Answer:
        def do() -> Answer:
            try:
                return work()
            except RefusedError as refused:
                return refusal(message, refused.reason, self._clock())

        answer: Answer = self._engine.once(request.request, request.digest, do)
        return answer

    def _prints(self, url: str) -> dict[Position, Template]:
        if self._ahead is not None and self._ahead.url == url:
            prints = self._ahead.prints()
        else:
            prints = prints_or_reason(self._fetch(url), self._threads, self._policy.extraction)
        least = self._policy.min_quality
        if least is not None and prints and _best(prints) < least:
            raise RefusedError(Reason.QUALITY)
        return prints

    def _insert(
        self, request: Request, message: Answer, prints: dict[Position, Template]
    ) -> Answer:
        try:
            self._engine.insert(request.reference, prints)
        except SubjectExistsError:
            raise RefusedError(Reason.REFERENCE_EXISTS) from None
        return success(message, self._clock())

    def _delete(self, request: Request, message: Answer) -> Answer:
        try:
            self._engine.delete(request.reference)
        except SubjectNotFoundError:
            raise RefusedError(Reason.REFERENCE_NOT_FOUND) from None
        return success(message, self._clock())

    def _identify(self, request: Request, message: Answer) -> Answer:
        engine, policy = self._engine, self._policy
        if request.reference and request.reference not in engine:
            raise RefusedError(Reason.REFERENCE_NOT_FOUND)
        wanted = () if policy.skip_unknown else request.gallery or ()
        if engine.missing(wanted):
            raise RefusedError(Reason.REFERENCE_NOT_FOUND)
        probe = request.reference or self._prints(request.url)
        try:
            found = engine.identify(
                probe, among=request.gallery, most=request.most, max_fpir=request.max_fpir,
                min_score=policy.min_score, swapped=policy.swapped,
            )  # fmt: skip
        except SubjectNotFoundError:  # deleted just now
            raise RefusedError(Reason.REFERENCE_NOT_FOUND) from None
        listed = {"count": str(len(found)), "candidates": [_candidate(one) for one in found]}
        return success(message, self._clock(), candidateList=listed)


def _best(prints: dict[Position, Template]) -> int:
    return max(one.quality for one in prints.values())


def _refusing(reason: Reason) -> Callable[[], Answer]:
    def refuse() -> Answer:
        raise RefusedError(reason)

    return refuse


def _candidate(match: Match) -> Answer:
    """A candidate; the API leaves it open what confidence and score mean, but they are texts."""
    analytics = {
        "confidence": f"{100 * (1 - match.fpir):.4f}",
        "internalScore": f"{match.score:.2f}",
    }
    of_fingers = {
        **analytics,
        "fingers": str(len(match.fingers)),
        "swapped": "true" if match.swapped else "false",
    }
    return {
        "referenceId": match.person,
        "analytics": analytics,
        "modalities": [{"biometricType": "FIR", "analytics": of_fingers}],
    }
