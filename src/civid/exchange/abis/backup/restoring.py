"""Make an engine out of a copy: proved, mended, and then there as a whole."""

from __future__ import annotations

import os
from pathlib import Path

from civid.errors import GalleryDamagedError, GalleryError
from civid.exchange.abis.abis import GALLERY, Abis
from civid.exchange.abis.backup.manifest import AbisCopy, check_seal
from civid.exchange.abis.backup.place import AbisBackup
from civid.exchange.abis.ledger import Ledger
from civid.search import upkeep
from civid.search.arrays.slices import Progress
from civid.search.segments.keys import KeyProvider
from civid.search.store.files.arguments import checked_folder, naming
from civid.search.store.sqlite_errors import storage
from civid.search.upkeep import transfer
from civid.search.upkeep.backup_folder import flush
from civid.search.upkeep.manifest import CopiedFile
from civid.search.upkeep.staging import made_whole, sweep


def restore(
    backup: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    copy: int | None = None,
    keys: KeyProvider | None = None,
    on_progress: Progress | None = None,
) -> AbisCopy:
    """Make an engine's folder out of a copy that a backup holds.

    It is written under another name (``FOLDER.restoring``) and compared with the manifest, whose
    seal is checked with the ledger's key; the gallery is proved row by row; what was under way when
    the copy was made is mended as after a crash, and every row of the ledger is opened. Only then
    it has its name, as a whole. Killed before, there is nothing at `folder`.

    Parameters
    ----------
    backup : path
        The folder of the backup.
    folder : path
        Where it shall be: nothing is there, or an empty folder.
    copy : int, optional
        Which copy (`copies` lists them); the last one, unless given.
    keys : KeyProvider, optional
        Of an encrypted engine: those under which it was when the copy was made.
    on_progress : callable
        Called with (done, total) bytes of the prints.

    Returns
    -------
    AbisCopy
        What was restored.

    Raises
    ------
    GalleryError
        There is something at `folder` already, or no such copy.
    GalleryDamagedError
        The copy is not what was written. There is nothing at `folder`.
    GalleryKeyError
        The keys are missing, or others.
    GalleryFormatError
        `backup` is none.
    GalleryLockedError
        Another call restores to the same place.
    GalleryStorageError
        There is no room, or something cannot be read or written.

    >>> import tempfile
    >>> from civid.exchange.abis import Abis
    >>> from civid.exchange.abis.backup import backup
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Abis.open(f"{folder}/office", create=True).close()
    ...     _ = backup(f"{folder}/office", f"{folder}/copies")
    ...     done = restore(f"{folder}/copies", f"{folder}/again")
    ...     with Abis.open(f"{folder}/again") as engine:
    ...         done.number, engine.count()
    (1, 0)
    """
    source, named = checked_folder(backup), checked_folder(folder)
    target = named.absolute()
    with naming(source):
        place = AbisBackup(source)
        chosen = _chosen(place.copies(), copy)
    with naming(named), storage(), made_whole(target, chosen.nbytes) as staging:
        _fill(place, chosen, staging, keys, on_progress)
    return chosen


def _chosen(found: list[AbisCopy], number: int | None) -> AbisCopy:
    if not found:
        raise GalleryError("the backup holds no copy yet")
    for one in reversed(found):
        if number in (None, one.number):
            return one
    raise GalleryError(f"the backup has no copy of this number; the last is {found[-1].number}")


def _fill(
    place: AbisBackup, copy: AbisCopy, staging: Path, keys: KeyProvider | None,
    on_progress: Progress | None,
) -> None:  # fmt: skip
    """Everything but the name."""
    sweep(staging)
    for one in copy.files:
        _write(place, one, staging / one.name)
    ledger = Ledger(staging, keys, create=False, read_only=True, timeout=0)
    try:
        check_seal(copy, ledger.seals)
    finally:
        ledger.close()
    _prints(place, copy, staging / GALLERY, keys, on_progress)
    with Abis.open(staging, keys=keys) as engine:  # mends what was under way
        engine.check()
        if engine.count() != copy.people:
            raise GalleryDamagedError("the copy is not what its manifest says")
    for one in copy.files:
        flush((staging / one.name).parent)
    flush(staging)


def _write(place: AbisBackup, one: CopiedFile, path: Path) -> None:
    path.parent.mkdir(0o700, exist_ok=True)
    with naming(Path(one.name)):
        try:
            with (place.files / one.file).open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size != one.size:
                    raise GalleryDamagedError("a file of the backup has another length")
                found = transfer.copied(
                    file.fileno(), size, path, transfer.digest_of, lambda _: None
                )
        except FileNotFoundError:
            raise GalleryDamagedError("a file of the backup is missing") from None
        if found != one.digest:
            raise GalleryDamagedError("a file of the backup is damaged")


def _prints(
    place: AbisBackup, copy: AbisCopy, path: Path, keys: KeyProvider | None,
    on_progress: Progress | None,
) -> None:  # fmt: skip
    there = {one.number: one for one in upkeep.copies(place.gallery)}
    if copy.gallery not in there or there[copy.gallery].files[0].digest != copy.database:
        raise GalleryDamagedError("the backup of the prints is not the one that was written")
    upkeep.restore(place.gallery, path, copy=copy.gallery, keys=keys, on_progress=on_progress)
