"""What every service of an open register shares, and the one way in which it reads and writes.

An operation is checked (capability, scope), done in one transaction, and written into the audit log
in the same transaction; reads are logged before their answer is given. A refusal is logged, too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import Connection

from civid.errors import AccessRefusedError, RegisterDamagedError
from civid.register.actor import Actor, Capability
from civid.register.audit import log, pipelined
from civid.register.audit.chain import KeysChangedError, Said
from civid.register.audit.entry import DONE, REFUSED
from civid.register.store.database import Database
from civid.register.store.failures import TryAgain
from civid.register.store.prepared import Along
from civid.register.vault import Vault

if TYPE_CHECKING:
    from civid.register.identity.gallery_link import GalleryLink
    from civid.register.keyring import KeyRing

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound="Service")


def utc_now() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000


@dataclass(frozen=True)
class Session:
    """An open register as one actor sees it.

    Attributes
    ----------
    database : Database
    vault : Vault
    actor : Actor
    clock : callable
        Microseconds since 1970, UTC.
    link : GalleryLink
        The gallery that belongs to this register, opened on use.
    ring : KeyRing
        The stored keys, and what wraps them.
    """

    database: Database
    vault: Vault
    actor: Actor
    clock: Callable[[], int]
    link: GalleryLink
    ring: KeyRing

    def acting_as(self, actor: Actor) -> Session:
        """The same register for another actor."""
        return replace(self, actor=actor)

    def today(self) -> date:
        """The day, UTC+7: the country's."""
        return datetime.fromtimestamp(self.clock() / 1e6 + 7 * 3600, UTC).date()

    @property
    def folder(self) -> Path | None:
        """The register's folder; None on a server."""
        return self.database.folder


@dataclass
class Work:
    """One operation under way: its connection, and what the log will say of it."""

    connection: Connection
    session: Session
    now: int
    subjects: set[bytes] = field(default_factory=set)
    detail: dict[str, Any] = field(default_factory=dict)
    newest_key: int | None = None  #: one that this very operation has made

    @property
    def vault(self) -> Vault:
        """The keys of the register."""
        return self.session.vault

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.session.actor

    def about(self, *people: bytes) -> None:
        """Name people in the log's entry."""
        self.subjects.update(people)

    def within(self, *units: str) -> None:
        """Refuse unless one of the units of the record lies in the actor's scope."""
        if not any(self.actor.covers(unit) for unit in units):
            raise AccessRefusedError("the record belongs to a unit outside your scope")

    def entry(self, operation: str, outcome: str) -> None:
        """Write the entry of the log, as the last thing of a transaction.

        Whatever seals must end with this: it notices that another process has changed a key, and
        then the transaction begins again.
        """
        try:
            log.append(self.connection, self.said(operation, outcome))
        except KeysChangedError as error:
            self.vault.reload()
            if self.vault.newest < error.newest:
                raise RegisterDamagedError("the register lacks one of its keys") from None
            raise

    def said(self, operation: str, outcome: str) -> Said:
        """The entry, before it has its place in the log."""
        return Said(
            self.vault.audit_key(), self.now, self.actor, operation, outcome, self.subjects,
            self.detail, self.newest_key or self.vault.newest,
        )  # fmt: skip


class Service:
    """A part of a register's API. Safe for threads."""

    def __init__(self, session: Session):
        self._session = session

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of a register>"


def refuse(session: Session, operation: str, subjects: set[bytes]) -> None:
    """Log a refusal; whom it was about only where that is known."""

    def write(connection: Connection) -> None:
        work = Work(connection, session, session.clock(), set(subjects))
        work.entry(operation, REFUSED)

    session.database.write(write)


def check_capability(session: Session, operation: str, wanted: Capability) -> None:
    """Refuse, and log it, when the actor lacks a capability."""
    if wanted not in session.actor.capabilities:
        refuse(session, operation, set())
        raise AccessRefusedError(f"{operation} needs the capability to {wanted}")


def changes(
    operation: str, wanted: Capability
) -> Callable[[Callable[Concatenate[S, Work, P], R]], Callable[Concatenate[S, P], R]]:
    """A method that changes the register: one transaction with its entry in the log.

    The method must not have effects outside the transaction: it is tried again when it lost
    against another one.
    """

    def decorate(method: Callable[Concatenate[S, Work, P], R]) -> Callable[Concatenate[S, P], R]:
        @wraps(method)
        def call(self: S, *args: P.args, **kwargs: P.kwargs) -> R:
            with _checked(self._session, operation, wanted) as subjects:

                def write(connection: Connection) -> R:
                    subjects.clear()
                    work = Work(connection, self._session, self._session.clock(), subjects)
                    result = method(self, work, *args, **kwargs)
                    work.entry(operation, DONE)
                    return result

                return self._session.database.write(write)

        call.capability = wanted  # type: ignore[attr-defined]
        call.operation = operation  # type: ignore[attr-defined]
        return cast(Callable[Concatenate[S, P], R], call)

    return decorate


def reads(
    operation: str, wanted: Capability = Capability.READ
) -> Callable[[Callable[Concatenate[S, Work, P], R]], Callable[Concatenate[S, P], R]]:
    """A method that only reads: it is in the log before its answer is given."""

    def decorate(method: Callable[Concatenate[S, Work, P], R]) -> Callable[Concatenate[S, P], R]:
        @wraps(method)
        def call(self: S, *args: P.args, **kwargs: P.kwargs) -> R:
            session = self._session
            with _checked(session, operation, wanted) as subjects:
                answered = False
                along = Along(pipelined.END)
                try:
                    with session.database.reading(along) as connection:
                        work = Work(connection, session, session.clock(), subjects)
                        result = method(self, work, *args, **kwargs)
                        answered = True
                        if pipelined.is_possible(connection) and pipelined.after_reading(
                            connection, work.said(operation, DONE), along.row
                        ):
                            return result
                except TryAgain:
                    if not answered:
                        raise

                def write(connection: Connection) -> None:
                    replace(work, connection=connection).entry(operation, DONE)

                session.database.write(write, lazily=True)
                return result

        call.capability = wanted  # type: ignore[attr-defined]
        call.operation = operation  # type: ignore[attr-defined]
        return cast(Callable[Concatenate[S, P], R], call)

    return decorate


@contextmanager
def _checked(session: Session, operation: str, wanted: Capability) -> Iterator[set[bytes]]:
    check_capability(session, operation, wanted)
    subjects: set[bytes] = set()
    try:
        yield subjects
    except AccessRefusedError:
        refuse(session, operation, subjects)
        raise
