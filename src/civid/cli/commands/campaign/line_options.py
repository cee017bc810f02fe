"""Options of the commands that simulate a line: hours of the clock."""

from __future__ import annotations

from civid.cli.console.problems import usage

Hours = tuple[tuple[float, float], ...]


def hours_of(text: str) -> Hours:
    """Opening hours as they are typed.

    >>> hours_of("7:30-11:30,13-17")
    ((7.5, 11.5), (13.0, 17.0))
    """
    try:
        return tuple(_session(one) for one in text.split(","))
    except ValueError:
        raise usage(f"--hours {text}: hours like 7:30-11:30,13-17 are needed") from None


def _session(text: str) -> tuple[float, float]:
    start, end = text.split("-")
    return _clock(start), _clock(end)


def _clock(text: str) -> float:
    hour, _, minute = text.strip().partition(":")
    minutes = int(minute or 0)
    value = int(hour) + minutes / 60
    if not 0 <= minutes < 60 or not 0 <= value <= 48:
        raise ValueError(text)
    return value
