"""Names of an `Abis`'s subjects in its gallery: they say in which transaction they came.

They rise in the order of enrolment, and the number in them is that of the ledger's transaction: so
what a crash has left in the gallery is known by its name.
"""

from __future__ import annotations

import secrets


def subject_name(serial: int, place: int) -> str:
    """A name for the gallery: higher than all of earlier transactions, and than earlier places.

    >>> subject_name(10, 3)[:21], subject_name(9, 70) < subject_name(10, 3)
    ('00000000000a.00000003', True)
    """
    return f"{prefix(serial)}{place:08x}.{secrets.token_hex(6)}"


def prefix(serial: int) -> str:
    """How the names of a transaction begin."""
    return f"{serial:012x}."


def place_of(subject: str) -> int:
    """The place in a name.

    >>> place_of(subject_name(10, 300))
    300
    """
    return int(subject[13:21], 16)
