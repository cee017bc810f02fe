"""A day of a line: opening hours, who comes and when, who is slow, when the network is out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from civid.errors import FieldError

MOST_CITIZENS = 20_000
HOUR = 3600.0


class Arrivals(IntEnum):
    """How citizens come."""

    APPOINTMENTS = 0  #: spread evenly over the opening hours (theo lịch hẹn)
    RANDOM = 1  #: a Poisson process: as they like
    BATCHES = 2  #: in groups, as a residential group or a school class does (theo tổ dân phố)
    QUEUE = 3  #: all stand at the door when it opens; measures what the line can do


@dataclass(frozen=True, slots=True)
class Day:
    """What a day brings.

    Attributes
    ----------
    citizens : float
        How many are expected (invited, before no-shows); the exact number for all but random
        arrivals.
    hours : tuple of (float, float)
        Opening hours, from and to, in hours of the clock; nobody is called up in between, but who
        is being served is served to the end.
    arrivals : Arrivals
        How citizens come.
    batch : int
        Size of a group.
    late : float
        Standard deviation in minutes of how early or late people with appointments come.
    no_show : float
        Chance that an invited citizen does not come (vắng mặt).
    elderly : float
        Share of the elderly and disabled.
    outages : float
        Network outages to expect in a day; they come at random.
    outage : float
        Mean minutes of an outage.
    upload : float
        Seconds to send a dossier, one after the other; they queue while the network is out.
    slower : float
        Times as long as the line's times: a new team learns (`learning`).

    Examples
    --------
    >>> Day(700, hours=((7, 21),)).open_seconds
    50400.0
    """

    citizens: float
    hours: tuple[tuple[float, float], ...] = ((7.5, 11.5), (13.0, 17.0))
    arrivals: Arrivals = Arrivals.APPOINTMENTS
    batch: int = 20
    late: float = 5.0
    no_show: float = 0.0
    elderly: float = 0.0
    outages: float = 0.0
    outage: float = 30.0
    upload: float = 2.0
    slower: float = 1.0

    def __post_init__(self) -> None:
        for name, low, high in (
            ("citizens", 0, MOST_CITIZENS),
            ("batch", 1, MOST_CITIZENS),
            ("late", 0, 240),
            ("no_show", 0, 1),
            ("elderly", 0, 1),
            ("outages", 0, 50),
            ("outage", 0.1, 10_000),
            ("upload", 0, 600),
            ("slower", 0.1, 10),
        ):
            if not low <= getattr(self, name) <= high:
                raise FieldError(name, f"not {low} to {high}")
        if not 1 <= len(self.hours) <= 6:
            raise FieldError("hours", "not 1 to 6 sessions")
        before = 0.0
        for start, end in self.hours:
            if not before <= start < end <= 48:
                raise FieldError("hours", "sessions overlap, are empty, or end after 48 hours")
            before = end

    @property
    def open_seconds(self) -> float:
        """How long the door is open."""
        return sum((end - start) * HOUR for start, end in self.hours)


def learning(experience_days: float, extra: float = 0.4, days: float = 5.0) -> float:
    """How much slower a team is after so many days of work (`Day.slower`).

    A new team takes ``1 + extra`` times as long; the surplus falls to a third (1/e) in ``days``.
    The defaults are assumptions: the sources say that teams grew faster, not how fast.

    >>> round(learning(0), 2), round(learning(5), 2), round(learning(30), 2)
    (1.4, 1.15, 1.0)
    """
    from math import exp

    return 1 + extra * exp(-experience_days / days)
