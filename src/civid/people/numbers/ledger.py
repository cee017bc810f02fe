"""What became of every number: reserved, active, cancelled, closed. None is used again."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from civid.errors import NumberError, NumberTakenError
from civid.workflow import Workflow


class NumberState(Enum):
    """States of a number (trạng thái số định danh)."""

    RESERVED = "reserved"
    ACTIVE = "active"
    CANCELLED = "cancelled"
    CLOSED = "closed"


#: Which state may follow which; no way leads back.
ALLOWED = {
    NumberState.RESERVED: {NumberState.ACTIVE, NumberState.CANCELLED},
    NumberState.ACTIVE: {NumberState.CANCELLED, NumberState.CLOSED},
    NumberState.CANCELLED: set(),
    NumberState.CLOSED: set(),
}
_STEPS = Workflow.of(ALLOWED)


@dataclass(frozen=True, slots=True, repr=False)
class NumberRecord:
    """One number and its state.

    Parameters
    ----------
    number : str
        12 digits.
    request : str
        Stable reference of the request it was drawn for, such as the birth registration; the same
        request always gets the same number.
    state : NumberState
        Where it stands.
    replaced_by : str or None
        For a cancelled number, the one that took its place.
    reason : str
        Why it was cancelled or closed.
    """

    number: str
    request: str
    state: NumberState
    replaced_by: str | None = None
    reason: str = ""

    def __repr__(self) -> str:
        return f"<NumberRecord {self.state.value}>"


class Ledger(Protocol):
    """Where numbers are kept; every method is atomic and safe for parallel callers."""

    def batch(self) -> AbstractContextManager[None]:
        """Do many things at once, faster; all or nothing where the ledger is on disk."""

    def reserve(self, number: str, request: str) -> bool:
        """Take a number for a request; False when it was ever used."""

    def find_request(self, request: str) -> NumberRecord | None:
        """Return the number of a request, if it has one."""

    def get(self, number: str) -> NumberRecord | None:
        """Return what is known of a number."""

    def move(self, record: NumberRecord, expected: NumberState) -> None:
        """Write a new state, if the number still is in the expected one."""

    def used(self, cell: str) -> int:
        """Count the numbers ever used that begin with these six characters."""


class MemoryLedger:
    """A ledger for tests, simulations and one process. Thread-safe.

    Parameters
    ----------
    used : iterable of str
        Numbers given out before, by whatever system.
    """

    def __init__(self, used: Iterable[str] = ()):
        self._lock = threading.Lock()
        self._numbers: dict[str, NumberRecord] = {}
        self._requests: dict[str, str] = {}
        self._cells: dict[str, int] = {}
        for number in used:
            self.reserve(number, f"legacy:{number}")
            record = self._numbers[number]
            self._numbers[number] = replace(record, state=NumberState.ACTIVE)

    def batch(self) -> AbstractContextManager[None]:
        """Nothing to gather in memory."""
        return nullcontext()

    def reserve(self, number: str, request: str) -> bool:
        with self._lock:
            if number in self._numbers:
                return False
            if request in self._requests:
                raise NumberTakenError("the request has a number already")
            self._numbers[number] = NumberRecord(number, request, NumberState.RESERVED)
            self._requests[request] = number
            self._cells[number[:6]] = self._cells.get(number[:6], 0) + 1
            return True

    def find_request(self, request: str) -> NumberRecord | None:
        with self._lock:
            number = self._requests.get(request)
            return None if number is None else self._numbers[number]

    def get(self, number: str) -> NumberRecord | None:
        with self._lock:
            return self._numbers.get(number)

    def move(self, record: NumberRecord, expected: NumberState) -> None:
        with self._lock:
            current = self._numbers.get(record.number)
            if current is None or current.state is not expected:
                raise NumberError("number", "not in the expected state")
            self._numbers[record.number] = record

    def used(self, cell: str) -> int:
        with self._lock:
            return self._cells.get(cell, 0)


def confirm(ledger: Ledger, number: str) -> NumberRecord:
    """Make a reserved number active: the person has it now."""
    return _move(ledger, number, NumberState.ACTIVE)


def cancel(
    ledger: Ledger, number: str, reason: str, replaced_by: str | None = None
) -> NumberRecord:
    """Cancel a number (hủy số định danh), naming the one that replaces it.

    The reasons of Decree 70/2024 Art 11(7): sex or birth year corrected, recorded wrongly, false
    papers, birth certificate revoked. The old number still leads to the person by `resolve`.

    Raises
    ------
    NumberError
        When the number is unknown or cancelled already, or the replacement is unknown or itself.
    """
    if replaced_by is not None and (replaced_by == number or ledger.get(replaced_by) is None):
        raise NumberError("number", "the replacement is not a number of the ledger")
    return _move(ledger, number, NumberState.CANCELLED, reason, replaced_by)


def close(ledger: Ledger, number: str, reason: str = "death") -> NumberRecord:
    """Close a number when its bearer has died; it is not given to anyone else."""
    return _move(ledger, number, NumberState.CLOSED, reason)


def _move(
    ledger: Ledger,
    number: str,
    state: NumberState,
    reason: str = "",
    replaced_by: str | None = None,
) -> NumberRecord:
    record = ledger.get(number)
    if record is None:
        raise NumberError("number", "unknown to the ledger")
    if _STEPS.refusal(record.state, state):
        raise NumberError("number", f"{record.state.value} cannot become {state.value}")
    moved = replace(record, state=state, reason=reason, replaced_by=replaced_by)
    ledger.move(moved, record.state)
    return moved


def resolve(ledger: Ledger, number: str) -> NumberRecord:
    """Follow a cancelled number to the one in force.

    Raises
    ------
    NumberError
        When the number is unknown or the chain runs in a circle.
    """
    seen: set[str] = set()
    while True:
        record = ledger.get(number)
        if record is None:
            raise NumberError("number", "unknown to the ledger")
        if record.replaced_by is None:
            return record
        if number in seen:
            raise NumberError("number", "replacements run in a circle")
        seen.add(number)
        number = record.replaced_by
