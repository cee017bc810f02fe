"""The stored keys of a register, and the key of yours that wraps them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from civid.errors import RegisterDamagedError, RegisterKeyError
from civid.register.store.audit_tables import audit_head
from civid.register.store.database import Database
from civid.register.store.tables import keys, meta
from civid.register.vault import (
    KEY,
    PLAIN,
    OpenedKeys,
    Purpose,
    StoredKey,
    Vault,
    about_key,
    unwrap,
    wrap,
)
from civid.search.segments.keys import KeyProvider


@dataclass(frozen=True)
class RegisterKeys:
    """Keys of a register and, perhaps others, of its gallery.

    Parameters
    ----------
    register : KeyProvider
        Wraps the keys of the register.
    gallery : KeyProvider, optional
        Encrypts the gallery; the register's, unless given.
    """

    register: KeyProvider
    gallery: KeyProvider | None = None


class KeyRing:
    """Reads and writes the table of keys. Safe for threads.

    Parameters
    ----------
    database : Database
    provider : KeyProvider or None
        What wraps the keys; None = they lie open.
    """

    def __init__(self, database: Database, provider: KeyProvider | None):
        self._database = database
        self.provider = provider
        #: While keys are wrapped anew, others may see them before or after it.
        self._coming: KeyProvider | None = None

    def __repr__(self) -> str:
        return "<KeyRing of a register>"

    def vault(self, connection: Connection) -> Vault:
        """The keys, opened; they are read again when another process has added one."""
        return Vault(self.register(connection), self.opened(connection), self._again)

    def register(self, connection: Connection) -> bytes:
        """Id of the register."""
        text = connection.execute(
            select(meta.c.value).where(meta.c.name == "register")
        ).scalar_one_or_none()
        try:
            return bytes.fromhex(text or "")
        except ValueError:
            raise RegisterDamagedError("the register has lost its id") from None

    def stored(self, connection: Connection) -> list[StoredKey]:
        """Every row."""
        try:
            return [
                StoredKey(row.id, Purpose(row.purpose), bytes(row.wrapped), row.wrapped_by)
                for row in connection.execute(select(keys).order_by(keys.c.id))
            ]
        except ValueError:
            raise RegisterDamagedError("a key of the register is for nothing known") from None

    def opened(self, connection: Connection) -> OpenedKeys:
        """Every key; `RegisterKeyError` without the right outer key."""
        register = self.register(connection)
        return {
            one.id: (
                one.purpose,
                self._unwrapped(one, register),
                one.wrapped_by != PLAIN,
            )
            for one in self.stored(connection)
        }

    def _unwrapped(self, one: StoredKey, register: bytes) -> bytes:
        about = about_key(register, one.id, one.purpose)
        try:
            return unwrap(one, self.provider, about)
        except RegisterKeyError:
            if self._coming is None:
                raise
            return unwrap(one, self._coming, about)

    @contextmanager
    def exchanging(self, provider: KeyProvider) -> Iterator[None]:
        """While a transaction wraps the keys under another provider; the one for afterwards."""
        self._coming = provider
        try:
            yield
            self.provider = provider
        finally:
            self._coming = None

    def _again(self) -> OpenedKeys:
        with self._database.reading() as connection:
            return self.opened(connection)

    def add(self, connection: Connection, purpose: Purpose, now: int) -> int:
        """A new key, which seals from the end of this transaction on; its number."""
        number = 1 + int(connection.execute(select(func.max(keys.c.id))).scalar_one())
        about = about_key(self.register(connection), number, purpose)
        wrapped, name = wrap(secrets.token_bytes(KEY), self.provider, about)
        row = row_of(StoredKey(number, purpose, wrapped, name), now)
        connection.execute(insert(keys), [row])
        connection.execute(update(audit_head).values(newest_key=number))
        return number

    def rewrap(self, connection: Connection, provider: KeyProvider) -> int:
        """Wrap every key anew under the current key of another provider; how many."""
        register = self.register(connection)
        rows = self.stored(connection)
        for one in rows:
            about = about_key(register, one.id, one.purpose)
            wrapped, name = wrap(unwrap(one, self.provider, about), provider, about)
            connection.execute(
                update(keys).where(keys.c.id == one.id).values(wrapped=wrapped, wrapped_by=name)
            )
        return len(rows)


def row_of(one: StoredKey, now: int) -> dict[str, Any]:
    """A row of the table of keys."""
    return {
        "id": one.id, "purpose": one.purpose.value, "wrapped": one.wrapped,
        "wrapped_by": one.wrapped_by, "made": now,
    }  # fmt: skip
