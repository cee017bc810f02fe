"""A published case: its name there, what is asked in our words, and how we ask it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.exchange.conformance.bench import Bench


@dataclass(frozen=True)
class Case:
    """One case.

    Parameters
    ----------
    name : str
        As its publisher calls it.
    asked : str
        What is asked and what is expected.
    run : callable
        Asks it; raises AssertionError if the answer is another one.
    note : str
        Where our case is not word for word the published one, and why.
    """

    name: str
    asked: str
    run: Callable[[Bench], None]
    note: str = ""
