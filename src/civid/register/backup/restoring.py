"""Make a register out of a copy: proved, completed, and then there as a whole."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from civid.errors import (
    AccessRefusedError,
    RegisterDamagedError,
    RegisterError,
)
from civid.register.actor import Actor, Capability, actor_of
from civid.register.audit.entry import DONE
from civid.register.backup.manifest import GalleryPart, RegisterCopy, check_seal
from civid.register.backup.place import BackupPlace, path_of, told
from civid.register.backup.taking import Progress, of_sqlite
from civid.register.identity.prints import settle
from civid.register.keyring import RegisterKeys
from civid.register.register import Register
from civid.register.session import Work, utc_now
from civid.register.store.database import FILE
from civid.register.upgrading import upgrade
from civid.search import upkeep
from civid.search.segments.keys import KeyProvider
from civid.search.upkeep import databases, transfer
from civid.search.upkeep.backup_folder import flush
from civid.search.upkeep.staging import made_whole, sweep

_OPERATION = "register.restore"


def restore(
    backup: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    copy: int | None = None,
    keys: KeyProvider | RegisterKeys | None = None,
    actor: Actor | str | None = None,
    clock: Callable[[], int] = utc_now,
    on_progress: Progress | None = None,
) -> RegisterCopy:
    """Make a register out of a copy that a backup holds.

    It is written under another name (``FOLDER.restoring``), compared with the manifest, opened with
    its keys, and the manifest's seal is checked with them; galleries are proved row by row; prints
    that were promised when the copy was made are put into the gallery, and the log gets an entry.
    Only then it has its name, as a whole. Killed before, there is nothing at `folder`.

    A restored register is an older state put back on purpose: an anchor of the log that is newer
    than the copy does not fit any more (`civid audit verify`).

    Parameters
    ----------
    backup : path
        The folder of the backup.
    folder : path
        Where the register shall be: nothing is there, or an empty folder.
    copy : int, optional
        Which copy (`copies` lists them); the last one, unless given.
    keys : KeyProvider or RegisterKeys, optional
        Of an encrypted register: those under which it was when the copy was made.
    actor : Actor or str, optional
        Who restores, for the log.
    on_progress : callable
        Called with (done, total) bytes of the part that is being restored.

    Returns
    -------
    RegisterCopy
        What was restored.

    Raises
    ------
    AccessRefusedError
        The actor lacks the capability to administer. There is no register yet that could log it.
    RegisterError
        There is something at `folder` already, or no such copy.
    RegisterDamagedError
        The copy is not what was written. There is nothing at `folder`.
    RegisterKeyError
        The keys are missing, or others.
    RegisterFormatError
        `backup` is none; or the copy is of a newer civid.
    RegisterLockedError
        Another call restores to the same place.
    RegisterStorageError
        There is no room, or something cannot be read or written.

    >>> import tempfile
    >>> from civid.register import Register
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(f"{folder}/centre", create=True) as register:
    ...         _ = register.backup(f"{folder}/copies")
    ...     done = restore(f"{folder}/copies", f"{folder}/again")
    ...     with Register.open(f"{folder}/again") as register:
    ...         done.number, register.check().clean
    (1, True)
    """
    who = actor_of(actor)
    if Capability.ADMINISTER not in who.capabilities:
        raise AccessRefusedError(f"{_OPERATION} needs the capability to {Capability.ADMINISTER}")
    given = keys if isinstance(keys, RegisterKeys) or keys is None else RegisterKeys(keys)
    target = path_of(folder)
    with told():
        place = BackupPlace(path_of(backup))
        chosen = _chosen(place.copies(), copy)
        with made_whole(target, chosen.nbytes) as staging:
            _fill(place, chosen, staging, given, who, clock, on_progress)
    return chosen


def _chosen(found: list[RegisterCopy], number: int | None) -> RegisterCopy:
    if not found:
        raise RegisterError("the backup holds no copy yet")
    for one in reversed(found):
        if number in (None, one.number):
            return one
    raise RegisterError(f"the backup has no copy of this number; the last is {found[-1].number}")


def _fill(
    place: BackupPlace, copy: RegisterCopy, staging: Path, keys: RegisterKeys | None, who: Actor,
    clock: Callable[[], int], on_progress: Progress | None,
) -> None:  # fmt: skip
    """Everything but the name."""
    sweep(staging)
    _write(place, copy, staging / FILE, on_progress)
    if _end(staging / FILE) != (copy.entries, copy.log):
        raise RegisterDamagedError("the copy is not what its manifest says")
    upgrade(staging, keys=keys, actor=who, clock=clock)  # one of an earlier civid
    with Register.open(staging, keys=keys, actor=who, clock=clock) as register:
        session = register._session
        check_seal(copy, session.vault)
        gallery_keys = None if keys is None else keys.gallery or keys.register
        for one in copy.galleries:
            _gallery(place, one, staging, gallery_keys, on_progress)
        completed = settle(session)

        def note(connection: Connection) -> None:
            work = Work(connection, session, clock())
            work.detail.update(copy=copy.number, completed=completed)
            work.entry(_OPERATION, DONE)

        session.database.write(note)
    flush(staging)


def _write(
    place: BackupPlace, copy: RegisterCopy, path: Path, on_progress: Progress | None
) -> None:
    done = 0

    def tick(count: int) -> None:
        nonlocal done
        done += count
        if on_progress is not None:
            on_progress(min(done, copy.size), copy.size)

    try:
        with place.register(copy.number).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size != copy.size:
                raise RegisterDamagedError("a file of the backup has another length")
            found = transfer.copied(file.fileno(), size, path, transfer.digest_of, tick)
    except FileNotFoundError:
        raise RegisterDamagedError("a file of the backup is missing") from None
    if found != copy.digest:
        raise RegisterDamagedError("a file of the backup is damaged")
    try:
        whole = databases.in_order(path)
    except sqlite3.Error as error:
        raise of_sqlite(error) from None
    if not whole:
        raise RegisterDamagedError("the database file is damaged: see civid check")


def _end(path: Path) -> tuple[object, str]:
    """Number and hash of the last entry of the log in a file that nobody has open."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as made:
            seq, found = made.execute("SELECT seq, hash FROM audit_head").fetchone()
        return seq, bytes(found).hex()
    except (sqlite3.Error, TypeError, ValueError):
        raise RegisterDamagedError("the audit log has lost its end") from None


def _gallery(
    place: BackupPlace, part: GalleryPart, staging: Path, keys: KeyProvider | None,
    on_progress: Progress | None,
) -> None:  # fmt: skip
    source = place.gallery(part.name)
    held = {one.number: one for one in upkeep.copies(source)}
    if part.copy not in held or held[part.copy].files[0].digest != part.database:
        raise RegisterDamagedError("the backup of the prints is not the one that was written")
    upkeep.restore(
        source, staging / part.name, copy=part.copy, keys=keys, on_progress=on_progress
    )  # fmt: skip
