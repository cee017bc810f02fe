"""Make a gallery out of a copy: proved, and then there as a whole, under a name that was free."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from civid.errors import (
    GalleryDamagedError,
    GalleryError,
)
from civid.private_files import make_private
from civid.search.arrays.slices import Progress
from civid.search.segments.checking import check_file
from civid.search.segments.keys import KeyProvider
from civid.search.store import anchors
from civid.search.store.files import commit_counter
from civid.search.store.files import folder as folders
from civid.search.store.files.arguments import checked_folder, naming
from civid.search.store.files.connection import DATABASE
from civid.search.store.layout import Entry
from civid.search.store.sqlite_errors import storage
from civid.search.upkeep import transfer
from civid.search.upkeep.backup_folder import BackupFolder, flush
from civid.search.upkeep.manifest import CopiedFile, Copy
from civid.search.upkeep.proving import Proved, fits, prove_database
from civid.search.upkeep.staging import BUSY, made_whole


def restore(
    backup: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    copy: int | None = None,
    keys: KeyProvider | None = None,
    anchor: str | None = None,
    on_progress: Progress | None = None,
) -> Copy:
    """Make a gallery out of a copy that a backup holds.

    It is written under another name (``FOLDER.restoring``), read back, and proved from its own
    digests: every row, every chunk of its segments. Only then it gets its name, as a whole. Killed
    before, there is nothing at `folder`, and the same call goes on.

    A restored gallery is an older state put back on purpose. Whoever keeps an `Gallery.anchor`
    newer than the copy takes a new one; one that is older still fits.

    Parameters
    ----------
    backup : path
        The folder of the backup.
    folder : path
        Where the gallery shall be: nothing is there, or an empty folder.
    copy : int, optional
        Which copy (`copies` lists them); the last one, unless given.
    keys : KeyProvider, optional
        Of an encrypted gallery. Without them its bytes are those of the backup, and not proved.
    anchor : str, optional
        What `Gallery.anchor` said: an older copy than that, and another gallery, is refused.
    on_progress : callable
        Called with (done, total) bytes.

    Returns
    -------
    Copy
        What was restored; its `proved` is about the restored gallery.

    Raises
    ------
    GalleryError
        There is something at `folder` already, or no such copy.
    GalleryDamagedError
        The copy is damaged, or older than the anchor. There is no gallery at `folder`.
    GalleryKeyError
        The keys are others.
    GalleryFormatError
        `backup` is none.
    GalleryLockedError
        Another call restores to the same place.
    GalleryStorageError
        There is no room, or something cannot be read or written.

    >>> import tempfile
    >>> from civid import Gallery
    >>> from civid.search import upkeep
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Gallery.open(f"{folder}/centre").close()
    ...     _ = upkeep.backup(f"{folder}/centre", f"{folder}/copies")
    ...     restored = restore(f"{folder}/copies", f"{folder}/again")
    ...     with Gallery.open(f"{folder}/again", create=False) as gallery:
    ...         gallery.check_integrity()
    >>> restored.number, restored.proved
    (1, True)
    """
    source, target = checked_folder(backup), checked_folder(folder).absolute()
    named = checked_folder(folder)
    wanted = None if anchor is None else anchors.parse(anchor)
    with naming(source):
        place = BackupFolder(source)
        chosen = _chosen(place.copies(), copy)
    with naming(named), storage(), made_whole(target, chosen.nbytes, goes_on=True) as staging:
        told = _Run(place, chosen, staging, keys, on_progress).copy()
        if wanted is not None:
            _not_older(wanted, told)
        _finish(staging, told)
    return replace(chosen, proved=told.proved)


def _chosen(found: list[Copy], number: int | None) -> Copy:
    if not found:
        raise GalleryError("the backup holds no copy yet")
    if number is None:
        return found[-1]
    for one in found:
        if one.number == number:
            return one
    raise GalleryError(f"the backup has no copy of this number; it has {_numbers(found)}")


def _numbers(found: list[Copy]) -> str:
    last = f"{found[0].number} to {found[-1].number}"
    return str(found[0].number) if len(found) == 1 else last


def _not_older(wanted: anchors.Anchor, told: Proved) -> None:
    if told.gallery != wanted.gallery.hex():
        raise GalleryDamagedError("the copy is of another gallery than the anchor")
    if told.generation < wanted.generation:
        raise GalleryDamagedError(
            f"the copy is older than the anchor: {told.generation} transactions, and"
            f" {wanted.generation} are expected; nothing was restored"
        )


def _finish(staging: Path, told: Proved) -> None:
    """The commit counter makes it a gallery; it says what the database says."""
    make_private(staging / folders.LOCK)
    counter = commit_counter.CommitCounter(
        os.open(staging / folders.WITNESS, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    )
    try:
        counter.create(told.generation)
    finally:
        counter.close()
    flush(staging)


def _prove(entry: Entry, told: Proved, descriptor: int) -> str:
    """Check a segment; -> BLAKE2b-256 of its file."""
    found = check_file(descriptor, told.keys, entry.root)
    fits(entry, found.header, encrypted=told.version > 2)
    return found.digest


class _Run:
    """The files of a copy on their way."""

    def __init__(
        self,
        place: BackupFolder,
        copy: Copy,
        staging: Path,
        keys: KeyProvider | None,
        on_progress: Progress | None,
    ):
        self._place, self._copy, self._staging, self._keys = place, copy, staging, keys
        self._on_progress = on_progress
        self._done = 0

    def copy(self) -> Proved:
        """Write and prove them all."""
        expected = {one.name for one in self._copy.files}
        for path in self._staging.iterdir():
            if path.name not in expected | {BUSY}:
                path.unlink()  # of another copy that was being restored
        by_name = {one.name: one for one in self._copy.files}
        if DATABASE not in by_name:
            raise GalleryDamagedError("the copy has no database")
        self._write(by_name[DATABASE], transfer.digest_of)
        told = prove_database(self._staging / DATABASE, self._keys)
        said = self._copy.generation, self._copy.subjects, self._copy.gallery
        if said != (told.generation, told.subjects, told.gallery):
            raise GalleryDamagedError("the copy is not what its manifest says")
        for entry in told.entries:
            name = folders.segment_name(entry.number)
            if name not in by_name:
                raise GalleryDamagedError(f"{name}: the copy has no such file")

            self._write(by_name.pop(name), partial(_prove, entry, told))
        for one in by_name.values():
            if one.name != DATABASE:
                self._write(one, transfer.digest_of)
        return told

    def _write(self, one: CopiedFile, prove: Callable[[int], str]) -> None:
        path = self._place.files / one.file
        with naming(Path(one.name)):
            try:
                with path.open("rb") as file:
                    size = os.fstat(file.fileno()).st_size
                    if size != one.size:
                        raise GalleryDamagedError("a file of the backup has another length")
                    digest = transfer.copied(
                        file.fileno(), size, self._staging / one.name, prove, self._tick
                    )
            except FileNotFoundError:
                raise GalleryDamagedError("a file of the backup is missing") from None
            if digest != one.digest:
                with suppress(FileNotFoundError):
                    (self._staging / one.name).unlink()
                raise GalleryDamagedError("a file of the backup is damaged")

    def _tick(self, count: int) -> None:
        self._done += count
        if self._on_progress is not None:
            self._on_progress(min(self._done, self._copy.nbytes), self._copy.nbytes)
