r"""ANSI/NIST-ITL transactions in the traditional encoding (NIST SP 500-271, SP 500-290).

Files that end in .an2, .an2k, .eft, .nst. Types 1, 2, 4, 9, 13, 14 and 15 are understood, every
other is kept; see `civid.formats.ansi_nist.images` and `civid.formats.ansi_nist.minutiae`. Records
are immutable and functions keep nothing: all of it is safe in threads.

>>> from civid.formats.ansi_nist.make import build_transaction
>>> from datetime import date
>>> made = build_transaction("CAR", date(2026, 1, 2), origin="A", destination="B",
...                          control_number="1")
>>> parse(build(made), strict=True) == made
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from civid.errors import FormatError
from civid.formats._reader import Finding, Reader
from civid.formats._types import typed
from civid.formats.ansi_nist._walk import Record, Walk
from civid.formats.ansi_nist.binary import BinaryRecord, build_binary
from civid.formats.ansi_nist.rules import faults
from civid.formats.ansi_nist.tagged import TaggedRecord, build_tagged
from civid.formats.ansi_nist.type1 import Head, read_head

NAME = "ANSI/NIST-ITL"
KEY = "ansi-nist-itl"
#: A palm at 1000 dpi without compression has 30 MB.
MAX_BYTES = 64 << 20
#: With more departures from the standard, it is something else, or made to cost time.
MAX_WARNINGS = 10_000

_HEAD = re.compile(rb"1\.0{0,4}1:\d{1,9}\x1d")


@dataclass(frozen=True, slots=True)
class Transaction:
    """A whole file.

    Parameters
    ----------
    records : tuple of TaggedRecord or BinaryRecord
        In the order of the file, that of Type 1 first.
    warnings : tuple of Finding
        What a tolerant `parse` found and went on from; ``view`` counts the records from 0.
    """

    records: tuple[Record, ...]
    warnings: tuple[Finding, ...] = field(default=(), compare=False)

    @property
    def head(self) -> Head:
        """The Type-1 record, read.

        Raises
        ------
        FormatError
            It is missing, or its list of records cannot be read.
        """
        first = self.records[0] if self.records else None
        if not isinstance(first, TaggedRecord):
            raise FormatError("a transaction begins with its Type-1 record", field="record type")
        return read_head(first)

    def of_type(self, record_type: int) -> tuple[Record, ...]:
        """The records of one type, in their order."""
        return tuple(one for one in self.records if one.type == record_type)


def sniff(data: bytes | bytearray | memoryview) -> bool:
    r"""Does this look like such a transaction? Never raises.

    >>> sniff(b"1.001:273\x1d1.002:0400"), sniff(b"1.001 km")
    (True, False)
    """
    try:
        head = bytes(memoryview(data)[:24])
    except TypeError:
        return False
    return _HEAD.match(head) is not None


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Transaction:
    """Read a transaction.

    Parameters
    ----------
    data : bytes-like
        At most 64 MiB.
    strict : bool
        Any departure from the standard is an error. Otherwise wrong lengths, missing fields and
        lists that do not agree with the records are collected in `Transaction.warnings`; only
        where the next record begins has to be known.

    Raises
    ------
    FormatError
        With the field, as in "14.006 HLL", and its byte offset.
    """
    reader = Reader(data, strict=strict, limit=MAX_BYTES)
    walk = Walk(reader)
    walk.run()
    for fault in faults(tuple(walk.records)):
        reader.note(fault.finding(walk.places[fault.record]))
        if len(reader.warnings) > MAX_WARNINGS:
            raise FormatError(f"more than {MAX_WARNINGS} faults", field="transaction")
    return Transaction(tuple(walk.records), tuple(reader.warnings))


@typed
def validate(record: Transaction) -> list[Finding]:
    """Everything in which a transaction departs from the standard; empty when it is good."""
    return [fault.finding({}) for fault in faults(record.records)]


@typed
def build(record: Transaction, *, strict: bool = True) -> bytes:
    """Write a transaction; the lengths of its records are counted.

    Parameters
    ----------
    record : Transaction
    strict : bool
        Only what follows the standard is written. Otherwise records are written as they are, so
        that a faulty file of somebody else can be changed in one place.

    Raises
    ------
    FormatError
        The first of what `validate` finds.
    """
    for finding in validate(record) if strict else ():
        raise finding.error()
    return b"".join(
        build_binary(one) if isinstance(one, BinaryRecord) else build_tagged(one)
        for one in record.records
    )


__all__ = [
    "KEY",
    "MAX_BYTES",
    "NAME",
    "BinaryRecord",
    "Finding",
    "Head",
    "TaggedRecord",
    "Transaction",
    "build",
    "parse",
    "sniff",
    "validate",
]
