"""A register of an earlier civid, brought to this version: in one transaction, or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from civid.errors import AccessRefusedError
from civid.register.actor import Actor, Capability, actor_of
from civid.register.audit import log
from civid.register.audit.chain import Said
from civid.register.audit.entry import DONE, REFUSED
from civid.register.keyring import KeyRing, RegisterKeys
from civid.register.making import prepare_folder
from civid.register.session import utc_now
from civid.register.store import migrate
from civid.register.store.database import Database, is_url
from civid.search.segments.keys import KeyProvider

_OPERATION = "register.upgrade"


@dataclass(frozen=True, slots=True)
class UpgradeReport:
    """What `upgrade` did.

    Attributes
    ----------
    before, after : str
        Version of the tables; the same when there was nothing to do.
    """

    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether anything was done."""
        return self.before != self.after

    def to_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {"before": self.before, "after": self.after, "changed": self.changed}


def upgrade(
    path_or_url: str | os.PathLike[str],
    *,
    keys: KeyProvider | RegisterKeys | None = None,
    actor: Actor | str | None = None,
    timeout: float = 30.0,
    clock: Callable[[], int] = utc_now,
) -> UpgradeReport:
    """Bring a register of an earlier civid to this version.

    All steps and their entry in the log are one transaction: whatever breaks it off, also
    ``kill -9``, a full disk or a server that restarts, leaves the register as it was. Again, it
    changes nothing. Programs of the earlier version must not have the register open meanwhile or
    afterwards; make a backup before, as before every change of software.

    Parameters
    ----------
    path_or_url, keys, actor, timeout, clock
        As `Register.open` has them.

    Raises
    ------
    AccessRefusedError
        The actor lacks the capability to administer; it was logged.
    RegisterFormatError
        No register, or one of a newer version.
    RegisterKeyError
        It is encrypted, and the key is missing or another one.
    RegisterLockedError
        Others use the register.
    RegisterStorageError
        No room, or the server cannot be reached.

    Examples
    --------
    >>> import tempfile
    >>> from civid.register import Register, upgrade
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Register.open(folder, create=True).close()
    ...     upgrade(folder).changed
    False
    """
    where = os.fsdecode(path_or_url)
    if not is_url(where):
        prepare_folder(Path(where), create=False)
    provider = keys.register if isinstance(keys, RegisterKeys) else keys
    who = actor_of(actor)
    allowed = Capability.ADMINISTER in who.capabilities
    database = Database(where, timeout=timeout)

    def work(connection: Connection) -> UpgradeReport:
        before = migrate.known(connection)
        if not database.is_sqlite:  # SQLite lets one write at a time anyway
            connection.execute(text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"))
            before = migrate.known(connection)
        report = UpgradeReport(before, before if not allowed else migrate.HEAD)
        if report.changed:
            migrate.upgrade(connection)
        vault = KeyRing(database, provider).vault(connection)
        if report.changed or not allowed:
            said = Said(
                vault.audit_key(), clock(), who, _OPERATION, DONE if allowed else REFUSED, (),
                {"before": report.before, "after": report.after}, vault.newest,
            )  # fmt: skip
            log.append(connection, said)
        return report

    try:
        report = database.write(work)
    finally:
        database.close()
    if not allowed:
        raise AccessRefusedError(f"{_OPERATION} needs the capability to {Capability.ADMINISTER}")
    return report
