"""The ledger of numbers (sổ cấp số định danh) over a register's table, inside one transaction."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from civid.errors import NumberError, NumberTakenError
from civid.people.numbers import NumberRecord, NumberState
from civid.register.population.lookup import NumberKind, is_of, number_token
from civid.register.session import Work
from civid.register.store.prepared import Prepared
from civid.register.store.tables import numbers

_PERSONAL = int(NumberKind.PERSONAL)
_ROW = {
    "kind": _PERSONAL, "token": bindparam("token"), "request": bindparam("request"),
    "state": NumberState.RESERVED.value, "cell": bindparam("cell"), "key": bindparam("key"),
    "sealed": bindparam("sealed"),
}  # fmt: skip
#: An insert that fails would end a transaction of PostgreSQL: it does nothing instead.
_RESERVE = {
    "sqlite": Prepared(sqlite.insert(numbers).values(_ROW).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(numbers).values(_ROW).on_conflict_do_nothing()),
}
_KNOWN = (
    numbers.c.token, numbers.c.state, numbers.c.replaced_by, numbers.c.reason, numbers.c.key,
    numbers.c.sealed,
)  # fmt: skip
_BY_TOKEN = Prepared(
    select(*_KNOWN).where(numbers.c.token == bindparam("token"), is_of(NumberKind.PERSONAL))
)
_BY_REQUEST = Prepared(select(*_KNOWN).where(numbers.c.request == bindparam("request")))
_MOVE = Prepared(
    update(numbers)
    .where(
        numbers.c.token == bindparam("which"), is_of(NumberKind.PERSONAL),
        numbers.c.state == bindparam("expected"),
    )
    .values(state=bindparam("to"), replaced_by=bindparam("by"), reason=bindparam("why"))
)  # fmt: skip


class RegisterLedger:
    """A `civid.people.numbers.Ledger` in the transaction of one operation.

    Numbers that people have by their claims are in it, too; what is unique is the index of the
    table, for every process and thread. Atomic with the operation; not for several threads.

    Parameters
    ----------
    work : Work
        The operation.
    """

    def __init__(self, work: Work):
        self._work = work

    def batch(self) -> AbstractContextManager[None]:
        """Everything is one transaction already."""
        return nullcontext()

    def reserve(self, number: str, request: str) -> bool:
        """Take a number for a request; False when it was ever used.

        Raises
        ------
        NumberTakenError
            The request has a number already.
        """
        connection, vault = self._work.connection, self._work.vault
        token = number_token(vault, NumberKind.PERSONAL, number)
        key, sealed = vault.seal(f"{number}\n{request}".encode(), "numbers", token)
        done = _RESERVE[connection.dialect.name](
            connection, token=token, request=self._request(request), cell=number[:6], key=key,
            sealed=sealed,
        )  # fmt: skip
        if done.rowcount == 1:
            return True
        if self.find_request(request) is not None:
            raise NumberTakenError("the request has a number already")
        return False

    def find_request(self, request: str) -> NumberRecord | None:
        """The number of a request, if it has one."""
        return self._one(_BY_REQUEST(self._work.connection, request=self._request(request)))

    def get(self, number: str) -> NumberRecord | None:
        """What is known of a number; its request is empty when it came with a person's claims."""
        return self._by_token(number_token(self._work.vault, NumberKind.PERSONAL, number))

    def move(self, record: NumberRecord, expected: NumberState) -> None:
        """Write a new state; `NumberError` when the number is not in the expected one."""
        vault = self._work.vault
        after = record.replaced_by
        done = _MOVE(
            self._work.connection, which=number_token(vault, NumberKind.PERSONAL, record.number),
            expected=expected.value, to=record.state.value, why=record.reason,
            by=None if after is None else number_token(vault, NumberKind.PERSONAL, after),
        )  # fmt: skip
        if done.rowcount != 1:
            raise NumberError("number", "not in the expected state")

    def used(self, cell: str) -> int:
        """Count the numbers of a cell; reads them all, so ask only when it is nearly full."""
        asked = select(func.count()).where(is_of(NumberKind.PERSONAL), numbers.c.cell == cell)
        return int(self._work.connection.execute(asked).scalar_one())

    def _request(self, request: str) -> bytes:
        return self._work.vault.token("request", request)

    def _by_token(self, token: bytes) -> NumberRecord | None:
        return self._one(_BY_TOKEN(self._work.connection, token=token))

    def _one(self, found: Any) -> NumberRecord | None:
        row = found.one_or_none()
        if row is None:
            return None
        number, request = self._opened(row)
        after = None if row.replaced_by is None else self._by_token(bytes(row.replaced_by))
        return NumberRecord(
            number, request, NumberState(row.state), None if after is None else after.number,
            row.reason,
        )  # fmt: skip

    def _opened(self, row: Any) -> tuple[str, str]:
        data = self._work.vault.open(row.key, row.sealed, "numbers", bytes(row.token))
        number, _, request = data.decode().partition("\n")
        return number, request
