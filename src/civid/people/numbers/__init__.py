"""Giving out numbers and keeping their history; the numbers themselves are modules of `people`."""

from civid.people.numbers.allocate import Allocator, NumberRequest
from civid.people.numbers.coverage import Candidate, Coverage, coverage
from civid.people.numbers.history import (
    HeldNumber,
    NumberHistory,
    NumberIndex,
    NumberKind,
)
from civid.people.numbers.ledger import (
    Ledger,
    MemoryLedger,
    NumberRecord,
    NumberState,
    cancel,
    close,
    confirm,
    resolve,
)
from civid.people.numbers.sqlite_ledger import SqliteLedger

__all__ = [
    "Allocator", "Candidate", "Coverage", "HeldNumber", "Ledger", "MemoryLedger", "NumberHistory",
    "NumberIndex", "NumberKind", "NumberRecord", "NumberRequest", "NumberState", "SqliteLedger",
    "cancel", "close", "confirm", "coverage", "resolve",
]  # fmt: skip
