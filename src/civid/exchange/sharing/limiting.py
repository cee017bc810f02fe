"""How often: limits of a grant, counted in the transaction of the answer; and figures to report.

Windows are minutes and days of the country's clock (UTC+7), not spans that slide.
"""

from __future__ import annotations

from collections.abc import Iterable

from civid.exchange.sharing.finding import Found
from civid.exchange.sharing.question import Question
from civid.exchange.sharing.terms import Counted, Limit, Per
from civid.exchange.sharing.words import Refusal, RefusedError
from civid.register.session import Work
from civid.register.sharing import counted

_MINUTE, _DAY, _ZONE = 60_000_000, 86_400_000_000, 7 * 3_600_000_000


def count(
    work: Work, limits: Iterable[Limit], others: Iterable[Limit], question: Question, found: Found
) -> None:  # fmt: skip
    """Count a question against every limit; `RefusedError` when one is reached.

    Parameters
    ----------
    limits : iterable of Limit
        Of the grant.
    others : iterable of Limit
        Of the partner's other grants: a question counts for those too that are about the partner or
        the person, whichever grant it is asked under, but only the grant's own can refuse it.
    """
    strictest: dict[bytes, tuple[Limit, bool]] = {}
    for limit, own in sorted(
        [*((one, True) for one in limits), *((one, False) for one in others)],
        key=lambda pair: (pair[1], -pair[0].most),
    ):
        if own or limit.counted is not Counted.PURPOSE:
            strictest[_token(work, limit, question, found)] = limit, own
    for token, (limit, own) in sorted(strictest.items()):
        at = window(limit.per, work.now)
        if not counted.count(work, token, at, *([limit.most] if own else [])):
            raise RefusedError(
                Refusal.TOO_OFTEN,
                f"the limit {limit} is reached",
                retry_after=seconds_left(limit.per, work.now),
            )


def _token(work: Work, limit: Limit, question: Question, found: Found) -> bytes:
    whose = {
        Counted.PARTNER: "",
        Counted.PURPOSE: question.purpose,
        Counted.PERSON: found.token.hex(),
    }[limit.counted]
    return work.vault.token(
        "limit", f"{limit.counted}\0{limit.per}\0{question.partner}\0{whose}"
    )  # fmt: skip


def window(per: Per, now: int) -> int:
    """Where the window of a moment begins, in microseconds since 1970; 0 for all time."""
    if per is Per.TOTAL:
        return 0
    if per is Per.MINUTE:
        return now - now % _MINUTE
    return now - (now + _ZONE) % _DAY


def seconds_left(per: Per, now: int) -> int | None:
    """Seconds until the window ends; None for all time.

    >>> seconds_left(Per.MINUTE, 90_000_000), seconds_left(Per.TOTAL, 1)
    (30, None)
    """
    if per is Per.TOTAL:
        return None
    length = _MINUTE if per is Per.MINUTE else _DAY
    return -(-(window(per, now) + length - now) // 1_000_000)


def tally(work: Work, partner: str, what: Iterable[str]) -> None:
    """Count things of the day for the partner's figures."""
    day = -window(Per.DAY, work.now)
    for one in sorted(what):
        counted.count(work, _tally_token(work, partner, one), day)


def tallied(work: Work, partner: str, what: str, days: range) -> dict[int, int]:
    """How often by day, from the first to before the last, as microseconds of their beginnings."""
    found = counted.counts(
        work, _tally_token(work, partner, what), range(1 - days.stop, 1 - days.start)
    )
    return {-day: count for day, count in sorted(found.items(), reverse=True)}


def _tally_token(work: Work, partner: str, what: str) -> bytes:
    return work.vault.token("tally", f"{partner}\0{what}")
