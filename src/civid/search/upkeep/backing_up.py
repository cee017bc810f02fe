"""Copy a gallery that is in use, as it is at one moment, and no file of it twice."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from civid.errors import GalleryDamagedError, GalleryError
from civid.search.arrays.slices import Progress
from civid.search.segments.checking import Checked, check_file
from civid.search.segments.keys import KeyProvider
from civid.search.store.files.arguments import checked_folder, checked_timeout, naming
from civid.search.store.files.connection import DATABASE
from civid.search.store.sqlite_errors import storage
from civid.search.upkeep import transfer
from civid.search.upkeep.backup_folder import BackupFolder
from civid.search.upkeep.manifest import CopiedFile, Copy
from civid.search.upkeep.proving import Proved, fits, prove_database
from civid.search.upkeep.snapshot import Pinned, Snapshot, held_still


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup did.

    Parameters
    ----------
    copy : Copy
        What it holds since.
    copied_bytes, reused_bytes : int
        Written now; there already from earlier copies.
    removed : tuple of int
        Numbers of copies that were forgotten (``keep``).
    """

    copy: Copy
    copied_bytes: int
    reused_bytes: int
    removed: tuple[int, ...] = ()


def backup(
    folder: str | os.PathLike[str],
    to: str | os.PathLike[str],
    *,
    keys: KeyProvider | None = None,
    keep: int | None = None,
    verify: bool = False,
    timeout: float = 5.0,
    on_progress: Progress | None = None,
) -> BackupReport:
    """Add a copy of a gallery to a backup, while others enrol, remove, search and compact.

    The copy is of one state: each change is in it as a whole or not at all, and all that was
    acknowledged before the call is in it. Segments that earlier copies hold are not copied again.
    What is copied is flushed, read back from the disk and checked. Killed at any time the backup
    has the copies that it had, and the next call goes on. Memory does not grow with the gallery,
    apart from its tombstones.

    An encrypted gallery stays encrypted; whoever makes the copies needs no keys, but then segments
    and rows are compared byte by byte and not proved (`Copy.proved`).

    Parameters
    ----------
    folder : path
        The gallery.
    to : path
        The backup: a folder that is one, an empty one, or none. Best on another disk.
    keys : KeyProvider, optional
        Of an encrypted gallery.
    keep : int, optional
        Forget older copies than the last so many, with what only they hold: removed subjects, too.
    verify : bool
        Read and check all files of the copy, those that were there already, too.
    timeout : float
        Seconds to wait for another backup to the same place.
    on_progress : callable
        Called with (done, total) bytes.

    Raises
    ------
    GalleryDamagedError
        The gallery, or what the backup has of it, is damaged; the message says where.
    GalleryFormatError
        `folder` is no gallery, or `to` is something else than a backup.
    GalleryKeyError
        The keys are not those of the gallery.
    GalleryLockedError
        Another backup is being written there.
    GalleryStorageError
        There is no room, or something cannot be read or written.
    GalleryError
        The backup is of another encrypted gallery, or ``keep`` is less than 1.

    >>> import tempfile
    >>> from civid import Gallery
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Gallery.open(f"{folder}/centre"):  # in use
    ...         report = backup(f"{folder}/centre", f"{folder}/copies")
    ...     restore_from = report.copy.number
    >>> restore_from, report.copy.subjects
    (1, 0)
    """
    if keep is not None and (type(keep) is not int or keep < 1):
        raise GalleryError("keep must be a whole number from 1")
    with taking(
        folder, to, keys=keys, verify=verify, timeout=timeout, on_progress=on_progress
    ) as finish:
        return finish(keep)


@contextmanager
def taking(
    folder: str | os.PathLike[str],
    to: str | os.PathLike[str],
    *,
    keys: KeyProvider | None = None,
    verify: bool = False,
    timeout: float = 5.0,
    on_progress: Progress | None = None,
) -> Iterator[Callable[[int | None], BackupReport]]:
    """The gallery, held still as it is on entering; copied when what this yields is called (keep).

    For those who copy something else of the same moment. Parameters and errors are those of
    `backup`.
    """
    gallery, target = checked_folder(folder), checked_folder(to)
    seconds = checked_timeout(timeout)
    with ExitStack() as stack:
        with naming(target):
            place = BackupFolder(target, create=True)
            stack.enter_context(place.locked(seconds))
            known = place.copies()
            with naming(gallery), storage():
                snapshot = stack.enter_context(held_still(gallery, seconds))

        def finish(keep: int | None = None) -> BackupReport:
            with naming(target):
                run = _Run(place, known, keys, verify, on_progress)
                with naming(gallery), storage():
                    copy = run.copy(snapshot)
                with storage():
                    place.publish(copy)
                    removed = place.prune(len(known) + 1 if keep is None else keep)
            return BackupReport(copy, run.copied, copy.nbytes - run.copied, tuple(removed))

        yield finish


class _Run:
    """One backup on its way."""

    def __init__(
        self,
        place: BackupFolder,
        known: Sequence[Copy],
        keys: KeyProvider | None,
        verify: bool,
        on_progress: Progress | None,
    ):
        self._place, self._copies, self._keys, self._verify = place, known, keys, verify
        self._known = {one.file: one for copy in known for one in copy.files}
        self._on_progress = on_progress
        self._done = self._total = 0
        self.copied = 0

    def copy(self, snapshot: Snapshot) -> Copy:
        """Everything but the manifest."""
        new = [one for one in snapshot.pinned if not self._is_here(one)]
        size = snapshot.database_size + sum(one.size for one in new)
        transfer.needs_room(self._place.files, size)
        self._total = size if not self._verify else size + sum(
            one.size for one in snapshot.pinned if one not in new
        )  # fmt: skip
        part = self._place.files / f"{secrets.token_hex(8)}.part"
        try:
            snapshot.copy_database(part)
            told = prove_database(part, self._keys)
            self._belongs(told)
            files = [self._database(part)]
        finally:
            part.unlink(missing_ok=True)
        for one in snapshot.pinned:
            with naming(Path(one.name)):
                files.append(self._segment(one, told) if one.is_segment else self._more(one))
        return Copy(
            number=1 + max((copy.number for copy in self._copies), default=0),
            taken=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            generation=told.generation,
            subjects=told.subjects,
            fingers=told.fingers,
            version=told.version,
            encrypted=told.encrypted,
            gallery=told.gallery,
            proved=told.proved,
            files=tuple(files),
        )

    def _belongs(self, told: Proved) -> None:
        others = {copy.gallery for copy in self._copies} - {"", told.gallery}
        if others:
            raise GalleryError("the backup is of another encrypted gallery: give another folder")

    def _is_here(self, one: Pinned) -> bool:
        return one.is_segment and (self._place.files / _segment_file(one)).exists()

    def _tick(self, count: int) -> None:
        self._done += count
        if self._on_progress is not None:
            self._on_progress(min(self._done, self._total), self._total)

    # ---- the files

    def _database(self, part: Path) -> CopiedFile:
        with part.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            transfer.drop_cache(file.fileno())
            found = transfer.digest_of(file.fileno(), self._tick)
        name = f"{found}.db"
        part.replace(self._place.files / name)
        self.copied += size
        return CopiedFile(DATABASE, name, size, found)

    def _segment(self, one: Pinned, told: Proved) -> CopiedFile:
        name, root = _segment_file(one), one.entry.root.hex()
        path, known = self._place.files / name, self._known.get(name)
        if path.exists():
            if known is not None and not self._verify and path.stat().st_size == one.size:
                return CopiedFile(one.name, name, one.size, known.digest, root)
            # Written by a backup that was killed, or to be looked at again.
            with path.open("rb") as file, naming(path):
                transfer.drop_cache(file.fileno())
                found = self._checked(file.fileno(), one, told, self._tick)
            if known is not None and found.digest != known.digest:
                raise GalleryDamagedError(f"{path}: a file of the backup is damaged")
            return CopiedFile(one.name, name, one.size, found.digest, root)
        part = path.with_suffix(".part")
        digest = transfer.copied(
            one.descriptor,
            one.size,
            part,
            lambda copy: self._checked(copy, one, told).digest,
            self._tick,
        )
        part.replace(path)
        self.copied += one.size
        return CopiedFile(one.name, name, one.size, digest, root)

    def _checked(
        self, descriptor: int, one: Pinned, told: Proved, tick: transfer.Tick = lambda _: None
    ) -> Checked:
        found = check_file(descriptor, told.keys, one.entry.root, tick)
        fits(one.entry, found.header, encrypted=told.version > 2)
        return found

    def _more(self, one: Pinned) -> CopiedFile:
        """What lies beside a segment: copied each time, kept once."""
        part = self._place.files / f"{one.entry.root.hex()}{one.name.partition('.')[2]}.part"
        digest = transfer.copied(one.descriptor, one.size, part, transfer.digest_of, self._tick)
        path = self._place.files / f"{digest}.more"
        part.replace(path)
        self.copied += one.size
        return CopiedFile(one.name, path.name, one.size, digest)


def _segment_file(one: Pinned) -> str:
    return f"{one.entry.root.hex()}.seg"
