"""Accept, send back, or check more (nghiệm thu): what a sample says about a unit's records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from civid.campaign.sample.estimate import ErrorRate
from civid.errors import CampaignError


class Verdict(StrEnum):
    """What is done with a unit's records."""

    ACCEPT = "accept"  #: đạt
    SEND_BACK = "send_back"  #: trả lại để thu thập, rà soát lại
    CHECK_MORE = "check_more"  #: phúc tra thêm


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict on a unit, and the rate that it rests on."""

    verdict: Verdict
    rate: ErrorRate
    limit: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"verdict": self.verdict.value, "limit": self.limit, **self.rate.to_dict()}


def decide(rates: Iterable[ErrorRate], limit: float) -> tuple[Decision, ...]:
    """Hold each unit's error rate against the rate that is allowed.

    Accepted when even the upper end of its interval is within the limit; sent back when even the
    lower end is above it; otherwise the sample is too small to tell, and more has to be checked.

    Raises
    ------
    CampaignError
        A limit that is no share (``share``).

    >>> few = ErrorRate("067", "", 1, 400, 0.0001, 0.0139)
    >>> [decide([few], limit)[0].verdict.value for limit in (0.02, 0.005, 0.00005)]
    ['accept', 'check_more', 'send_back']
    """
    if not 0 < limit < 1:
        raise CampaignError("a share between 0 and 1 is needed", code="share")
    found = []
    for one in rates:
        if one.field:
            continue
        verdict = (
            Verdict.ACCEPT if one.high <= limit
            else Verdict.SEND_BACK if one.low > limit
            else Verdict.CHECK_MORE
        )  # fmt: skip
        found.append(Decision(verdict, one, limit))
    return tuple(found)
