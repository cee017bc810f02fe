"""Transactions made from pixels and minutiae: Type 1 and Type 2 around what is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from civid.formats.ansi_nist._walk import Record
from civid.formats.ansi_nist.binary import BinaryRecord
from civid.formats.ansi_nist.tagged import Field, TaggedRecord, join, plain
from civid.formats.ansi_nist.transaction import Transaction

#: 2015, the edition that the newest readers expect.
_VERSION = "0502"
_UTF8 = ("003", "UTF-8", "NA")


def build_transaction(
    kind: str,
    day: date,
    *,
    origin: str,
    destination: str,
    control_number: str,
    records: Iterable[Record] = (),
    texts: Mapping[int, str] | None = None,
    priority: int | None = None,
    domain: str = "",
    resolution: float = 19.69,
    version: str = _VERSION,
) -> Transaction:
    """A transaction with its Type-1 record, one Type-2 record, and the records given.

    Parameters
    ----------
    kind : str
        Type of transaction (TOT), which the receiver defines: "CAR", "LFFS", "AMN" ...
    day : date
        The day on which it is sent (DAT).
    origin, destination : str
        Agency identifiers (ORI, DAI).
    control_number : str
        Transaction control number (TCN), by which an answer refers to it.
    records : iterable of records
        Type 4, 9, 13, 14, 15 ...; see `civid.formats.ansi_nist.image_record` and
        `civid.formats.ansi_nist.minutiae.make_type9`.
    texts : mapping of int to str, optional
        Fields of the Type-2 record from .003 on, whose meaning the receiver defines.
    priority : int, optional
        1 (most urgent) .. 9.
    domain : str
        Who defines the Type-2 record and the kinds of transactions (DOM), as "NORAM".
    resolution : float
        px/mm of images of fixed resolution (Types 3 to 7); not written where there are none.
    version : str
        "0400" (2007), "0500" (2011), "0501" (2013), "0502" (2015).

    Raises
    ------
    FormatError
        A text holds a separator.

    Examples
    --------
    >>> made = build_transaction("CAR", date(2026, 1, 2), origin="VN001", destination="VN000",
    ...                          control_number="1", texts={3: "none"})
    >>> made.head.transaction, made.head.content
    ('CAR', ((2, 0),))
    """
    kept = tuple(records)
    second = TaggedRecord(
        2,
        (
            Field(2, b"00"),
            *(Field(number, plain(text, 2, number)) for number, text in (texts or {}).items()),
        ),
    )
    following: tuple[Record, ...] = (second, *kept)
    fixed = any(isinstance(one, BinaryRecord) and one.type in range(3, 8) for one in kept)
    per_mm = f"{resolution if fixed else 0:05.2f}"
    written = (kind, origin, destination, control_number, domain, *(texts or {}).values())
    content = [(1, len(following)), *((one.type, f"{one.idc or 0:02d}") for one in following)]
    values: list[tuple[int, object]] = [
        (2, version),
        (3, join(content)),
        (4, kind),
        (5, f"{day:%Y%m%d}"),
        (6, priority),
        (7, destination),
        (8, origin),
        (9, control_number),
        (11, per_mm),
        (12, per_mm),
        (13, join([(plain(domain, 1, 13), b"")]) if domain else None),
        (15, None if all(one.isascii() for one in written) else join([_UTF8])),
    ]
    first = TaggedRecord(
        1,
        tuple(
            Field(number, value if isinstance(value, bytes) else plain(str(value), 1, number))
            for number, value in values
            if value is not None
        ),
    )
    return Transaction((first, *following))
