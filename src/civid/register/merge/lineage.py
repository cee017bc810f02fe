"""Which register a mobile unit's folder came from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, select

from civid.errors import ForeignRegisterError, RegisterDamagedError
from civid.register.keyring import RegisterKeys
from civid.register.register import Register
from civid.register.store.tables import meta
from civid.search.segments.keys import KeyProvider

_PARENT, _UNIT, _PACKED = "parent", "unit", "packed"


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a unit's register came from.

    Attributes
    ----------
    register : bytes
        Id of the unit's register.
    parent : bytes
        Id of the register that it was packed from.
    unit : str
        The unit.
    packed : int
        When, in microseconds since 1970, UTC.
    """

    register: bytes
    parent: bytes
    unit: str
    packed: int


def write(connection: Connection, parent: bytes, unit: str, now: int) -> None:
    """Say in a new register where it came from."""
    rows = [(_PARENT, parent.hex()), (_UNIT, unit), (_PACKED, str(now))]
    connection.execute(insert(meta), [{"name": name, "value": value} for name, value in rows])


def read(connection: Connection, register: bytes) -> Lineage | None:
    """Where a register came from; None when it is nobody's copy."""
    query = select(meta.c.name, meta.c.value)
    found = {row.name: row.value for row in connection.execute(query)}
    if _PARENT not in found:
        return None
    try:
        parent, packed = bytes.fromhex(found[_PARENT]), int(found[_PACKED])
        return Lineage(register, parent, found[_UNIT], packed)
    except (KeyError, ValueError):
        raise RegisterDamagedError("a register does not say any more where it came from") from None


@contextmanager
def unit_register(
    folder: Path, keys: KeyProvider | RegisterKeys | None, parent: bytes
) -> Iterator[tuple[Register, Lineage]]:
    """The register of a unit, opened, when it is one of this register's.

    Raises
    ------
    ForeignRegisterError
        It is another register's, nobody's, or this register itself.
    RegisterFormatError
        No register, or one of a newer version.
    RegisterKeyError
        Not its keys.
    """
    with Register.open(folder, keys=keys) as unit:
        session = unit._session
        with session.database.reading() as connection:
            found = read(connection, session.vault.register)
        if session.vault.register == parent:
            raise ForeignRegisterError("this is the register itself: give the folder of a unit")
        if found is None or found.parent != parent:
            raise ForeignRegisterError(
                "this register was not packed from the one it is merged into"
            )
        yield unit, found
