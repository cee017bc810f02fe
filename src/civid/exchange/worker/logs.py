"""Logs of the worker: one line an event, as JSON or for people.

No ids of people or of requests, no URLs, nothing of what was sent: a message is called by the first
digits of its SHA-256.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

#: Every event of a worker goes to this logger, as a message with values in ``extra["civid"]``.
log = logging.getLogger("civid.exchange.worker")


def event(name: str, *, level: int = logging.INFO, **values: object) -> None:
    """Log an event.

    Parameters
    ----------
    name : str
        A word or two with hyphens: ``answered``, ``broker-lost``.
    values
        Numbers and words about it.
    """
    log.log(level, name, extra={"civid": values})


class JsonLines(logging.Formatter):
    """A JSON object a line.

    >>> record = logging.LogRecord("x", 20, "", 0, "answered", (), None)
    >>> record.civid, record.created = {"seconds": 0.25}, 0.0
    >>> JsonLines().format(record)
    '{"at":"1970-01-01T00:00:00.000Z","level":"info","event":"answered","seconds":0.25}'
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line; of an exception only its type, for its text may hold what was sent."""
        return json.dumps(_parts(record), separators=(",", ":"), default=str)


class PlainLines(logging.Formatter):
    """The same for people."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        parts = _parts(record)
        at, level, name = (parts.pop(key) for key in ("at", "level", "event"))
        shown = "" if level == "info" else f"{level}: "
        return f"{at} {shown}{name}" + "".join(
            f" {key}={json.dumps(value, default=str) if ' ' in str(value) else value}"
            for key, value in parts.items()
        )


@contextmanager
def logged_to(stream: TextIO, *, as_json: bool, quiet: bool = False) -> Iterator[None]:
    """Send what civid logs to a stream, and nowhere else, while the block runs.

    Parameters
    ----------
    stream : text stream
    as_json : bool
        `JsonLines`, or `PlainLines`.
    quiet : bool
        Warnings and errors only.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines() if as_json else PlainLines())
    logger = logging.getLogger("civid")
    before = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING if quiet else logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before[0])
        logger.propagate = before[1]


def _parts(record: logging.LogRecord) -> dict[str, object]:
    at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    parts: dict[str, object] = {"at": at, "level": record.levelname.lower()}
    parts["event"] = record.getMessage()
    if record.exc_info and record.exc_info[0] is not None:
        parts["error"] = record.exc_info[0].__name__
    return parts | getattr(record, "civid", {})
