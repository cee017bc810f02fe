"""Keys: wrapped anew without touching a record, and replaced record by record.

`rewrap` is for a key of yours that grew old or became known to somebody who never had the register;
`rotate` for the register's own key, and the only way that a backup becomes unreadable: rotate,
rewrap, then destroy the old key of yours, which alone opens the keys in the backup.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from civid.errors import FieldError, RegisterKeyError
from civid.register.actor import Capability
from civid.register.session import Service, Work, changes, check_capability
from civid.register.store.sealed import SEALED, Sealed, page, place_of
from civid.register.store.tables import keys
from civid.register.vault import Purpose
from civid.search.segments.keys import KeyProvider

#: Tokens cannot be computed anew where the value is not kept, and would be given out again where
#: it was erased; the chain of the log is keyed from its first entry to its last.
FIXED = frozenset({Purpose.TOKENS, Purpose.AUDIT})
BATCH = 500


@dataclass(frozen=True, slots=True)
class Rotation:
    """What `Protection.rotate` did.

    Attributes
    ----------
    purpose : str
        Of the key.
    resealed : int
        Records that were sealed anew, in this call.
    retired : int
        Older keys that no record needs any more; they are gone.
    """

    purpose: str
    resealed: int
    retired: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


class Keys(Service):
    """The keys of a register. Safe for threads, and while other processes work."""

    @changes("keys.rewrap", Capability.ADMINISTER)
    def _rewrap(self, work: Work, provider: KeyProvider) -> int:
        if not work.vault.encrypted:
            raise RegisterKeyError(
                "this register is not encrypted; make a new one with keys and merge this one in"
            )
        count = work.session.ring.rewrap(work.connection, provider)
        work.detail["keys"] = count
        return count

    def rewrap(self, provider: KeyProvider) -> int:
        """See `Protection.rewrap`."""
        with self._session.ring.exchanging(provider):
            return self._rewrap(provider)

    def rotate(
        self, purpose: Purpose, batch: int, on_progress: Callable[[int, int], None] | None
    ) -> Rotation:
        """See `Protection.rotate`."""
        check_capability(self._session, "keys.rotate", Capability.ADMINISTER)
        if purpose in FIXED:
            raise FieldError("purpose", f"the key for {purpose} stays; rewrap protects it")
        if not 1 <= batch <= 10_000:
            raise FieldError("batch", "outside 1 to 10000")
        if not self._unfinished(purpose):
            self._new(purpose)
        self._session.vault.reload()
        tables = [one for one in SEALED if one.purpose is purpose]
        total, done = self._left(tables), 0
        for one in tables:
            after: tuple[Any, ...] | None = None
            while True:
                count, after = self._reseal(one, after, batch)
                done += count
                if on_progress is not None:
                    on_progress(min(done, total), total)
                if after is None:
                    break
        return Rotation(purpose.value, done, self._retire(purpose, tables))

    def _unfinished(self, purpose: Purpose) -> bool:
        with self._session.database.reading() as connection:
            count = connection.execute(
                select(func.count()).select_from(keys).where(keys.c.purpose == purpose.value)
            ).scalar_one()
        return bool(count > 1)

    @changes("keys.rotate", Capability.ADMINISTER)
    def _new(self, work: Work, purpose: Purpose) -> None:
        work.newest_key = work.session.ring.add(work.connection, purpose, work.now)
        work.detail.update(purpose=purpose.value, key=work.newest_key)

    def _left(self, tables: Sequence[Sealed]) -> int:
        with self._session.database.reading() as connection:
            return sum(
                connection.execute(
                    select(func.count())
                    .select_from(one.table)
                    .where(one.table.c.key != self._session.vault.current(one.purpose))
                ).scalar_one()
                for one in tables
            )

    @changes("keys.reseal", Capability.ADMINISTER)
    def _reseal(
        self, work: Work, one: Sealed, after: tuple[Any, ...] | None, batch: int
    ) -> tuple[int, tuple[Any, ...] | None]:
        """One batch, in one transaction with its entry in the log; where the next one goes on."""
        table = one.table
        old = table.c.key != work.vault.current(one.purpose)
        rows = page(work.connection, table, after, batch, old, lock=True)
        for row in rows:
            values = one.seal(work.vault, row, one.open(work.vault, row))
            work.connection.execute(update(table).where(*_this(one, row)).values(values))
        work.detail.update(table=table.name, records=len(rows))
        return len(rows), place_of(table, rows[-1]) if len(rows) == batch else None

    @changes("keys.retire", Capability.ADMINISTER)
    def _retire(self, work: Work, purpose: Purpose, tables: Sequence[Sealed]) -> int:
        """Delete keys that seal nothing; nobody seals with them any more, see `Work.entry`."""
        gone = 0
        old = work.connection.execute(
            select(keys.c.id)
            .where(keys.c.purpose == purpose.value, keys.c.id != work.vault.current(purpose))
            .order_by(keys.c.id)
        ).scalars()
        for number in list(old):
            in_use = any(
                work.connection.execute(
                    select(one.table.c.key).where(one.table.c.key == number).limit(1)
                ).first()
                for one in tables
            )
            if not in_use:
                work.connection.execute(delete(keys).where(keys.c.id == number))
                gone += 1
        work.detail.update(purpose=purpose.value, retired=gone)
        return gone


def _this(one: Sealed, row: Row[Any]) -> list[Any]:
    return [column == getattr(row, column.name) for column in one.table.primary_key.columns]
