"""Where the time of a check goes: every step's time of the processor, by name."""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from civid.dedup.decision import deduplicator
from civid.dedup.decision.prints.reader import PrintReader, Searches
from civid.dedup.decision.question import Question

Seconds = defaultdict[str, float]


def watch() -> Seconds:
    """Seconds of each step from now on: searches by their way, and what is done beside them."""
    seconds: Seconds = defaultdict(float)

    def timed(owner: Any, name: str, label: Callable[..., str]) -> None:
        inner = getattr(owner, name)

        @functools.wraps(inner)
        def outer(*given: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return inner(*given, **named)
            finally:
                seconds[label(*given)] += time.process_time() - began

        setattr(owner, name, outer)

    timed(Searches, "search", lambda *_: "searches, those of a dossier made at once")
    timed(deduplicator, "by_data", lambda *_: "look-ups by number, name, household")
    timed(PrintReader, "compare", lambda *_: "prints one to one")
    timed(PrintReader, "people", lambda *_: "reading people")
    timed(Question, "judged", lambda *_: "evidence and policy")
    return seconds
