"""An operation whose refusals say in the log what was refused, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from civid.errors import AccessRefusedError
from civid.register.audit.entry import DONE, REFUSED
from civid.register.session import Session, Work

R = TypeVar("R")


def answer_or_refuse(
    session: Session,
    operation: str,
    answer: Callable[[Work], R | AccessRefusedError],
    refuse: Callable[[Work, AccessRefusedError], None],
) -> R:
    """Do `answer` in one transaction with its entry in the log.

    When it raises `AccessRefusedError`, all that it wrote is undone; `refuse` says in another
    transaction what the log shall hold of that, and the error goes on. One that `answer` returns is
    raised as well, but what was written stays: for a refusal that says something.
    """

    def write(connection: Connection) -> R | AccessRefusedError:
        work = Work(connection, session, session.clock())
        made = answer(work)
        work.entry(operation, REFUSED if isinstance(made, AccessRefusedError) else DONE)
        return made

    try:
        found = session.database.write(write)
    except AccessRefusedError as error:
        refused = error
    else:
        if isinstance(found, AccessRefusedError):
            raise found
        return found

    def log(connection: Connection) -> None:
        work = Work(connection, session, session.clock())
        refuse(work, refused)
        work.entry(operation, REFUSED)

    session.database.write(log)
    raise refused
