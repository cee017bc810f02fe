"""A backup: a folder that holds copies of one gallery, each file of them once.

=================== ==========================================================================
file                what
=================== ==========================================================================
``backup.civid``    makes a folder a backup
``backup.lock``     empty; who writes to the backup holds a lock on it
``copies/*.json``   the manifests (`civid.search.upkeep.manifest`), one a copy, by number
``files/*.seg``     segments, called by the root digest that the gallery knows them by
``files/*.db``      databases, called by their BLAKE2b-256
``files/*.more``    what else lies beside segments, called by its BLAKE2b-256
``files/*.part``    what is being written, or was when it was killed
=================== ==========================================================================

A file has its name only when it is whole, flushed and read back. A manifest is written when all its
files are there; so a backup that is killed has the copies that it had, and the next one goes on.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar, Generic, Protocol, TypeVar

from civid.errors import (
    GalleryDamagedError,
    GalleryError,
    GalleryFormatError,
    GalleryLockedError,
)
from civid.private_files import make_private, replacing
from civid.search.store.files import held
from civid.search.store.files.arguments import checked_folder
from civid.search.store.files.lock import alone
from civid.search.store.sqlite_errors import storage
from civid.search.upkeep import manifest
from civid.search.upkeep.manifest import CopiedFile, Copy

MARK, LOCK = "backup.civid", "backup.lock"


def copies(backup: str | os.PathLike[str]) -> list[Copy]:
    """The copies that a backup holds, the oldest first.

    Raises
    ------
    GalleryFormatError
        The folder is no backup, or one of a later version.
    GalleryDamagedError
        A manifest is not what was written; the message names it.
    GalleryStorageError
        It cannot be read.

    >>> import tempfile
    >>> from civid import Gallery
    >>> from civid.search import upkeep
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Gallery.open(f"{folder}/centre").close()
    ...     _ = upkeep.backup(f"{folder}/centre", f"{folder}/copies")
    ...     [copy.number for copy in upkeep.copies(f"{folder}/copies")]
    [1]
    """
    return BackupFolder(checked_folder(backup)).copies()


class _Numbered(Protocol):
    """What every copy is: a number, and files in the backup."""

    @property
    def number(self) -> int: ...

    @property
    def files(self) -> Sequence[CopiedFile]: ...


C = TypeVar("C", bound=_Numbered)


class CopiesFolder(ABC, Generic[C]):
    """A folder that is a backup, of whatever its manifests tell of.

    Raises
    ------
    GalleryFormatError
        It is none; the message says what was found.
    """

    #: The file that makes a folder one, and what stands in it.
    mark: ClassVar[str]
    text: ClassVar[bytes]
    #: What a backup that was killed at its beginning may have left.
    inside: ClassVar[frozenset[str]] = frozenset({LOCK, "files", "copies"})

    @staticmethod
    @abstractmethod
    def pack(copy: C) -> bytes:
        """The bytes of a manifest."""

    @staticmethod
    @abstractmethod
    def parse(data: bytes) -> C:
        """The copy of `pack`; `GalleryFormatError` or `GalleryDamagedError` when it is none."""

    def __init__(self, path: Path, *, create: bool = False):
        self.path = path.absolute()
        self.files, self.manifests = self.path / "files", self.path / "copies"
        with storage():
            if create and not (self.path / self.mark).exists():
                self._create()
            if not self.path.is_dir():
                raise GalleryFormatError("there is no backup: the folder does not exist")
            if not (self.path / self.mark).exists():
                raise GalleryFormatError(f"the folder is not a backup: it has no {self.mark}")

    def _create(self) -> None:
        if self.path.exists():
            if not self.path.is_dir():
                raise GalleryFormatError("a backup is a folder; this is a file")
            others = {entry.name for entry in self.path.iterdir()} - self.inside
            if {name for name in others if not name.startswith(".civid-")}:
                raise GalleryFormatError("the folder is not a backup, and is not empty")
        held.make(self.path.parent)
        for folder in (self.path, self.files, self.manifests):
            folder.mkdir(0o700, exist_ok=True)
        make_private(self.path / LOCK)
        with replacing(self.path / self.mark) as file:
            file.write(self.text)
        flush(self.path)
        flush(self.path.parent)

    @contextmanager
    def locked(self, timeout: float) -> Iterator[None]:
        """For who writes to it; `GalleryLockedError` when another one does."""
        busy = GalleryLockedError("another backup is being written there")
        with alone(self.path, LOCK, timeout, busy):
            yield

    def copies(self) -> list[C]:
        """All of them by number."""
        with storage():
            found = []
            for path in sorted(self.manifests.glob("*.json")):
                try:
                    with path.open("rb") as file:
                        copy = self.parse(file.read(manifest.MAX_SIZE + 1))
                    if path != self.manifest(copy.number):
                        raise GalleryDamagedError("a manifest of the backup has another's name")
                except GalleryError as error:
                    raise type(error)(f"{path.name}: {error}") from None
                found.append(copy)
            return sorted(found, key=lambda copy: copy.number)

    def manifest(self, number: int) -> Path:
        """Where that of a copy lies."""
        return self.manifests / f"{number:08}.json"

    def publish(self, copy: C) -> None:
        """From now on there is such a copy."""
        flush(self.files)
        with replacing(self.manifest(copy.number)) as file:
            file.write(self.pack(copy))
        flush(self.manifests)

    def prune(self, keep: int) -> list[int]:
        """Forget all but the last copies, and files that none of these names; -> which."""
        found = self.copies()
        gone = found[: max(0, len(found) - keep)]
        for copy in gone:
            self.manifest(copy.number).unlink()
        if gone:
            flush(self.manifests)  # before their files: a manifest never names what is not there
        named = {one.file for copy in found[len(gone) :] for one in copy.files}
        for path in list(self.files.iterdir()):
            if path.name not in named:
                with suppress(FileNotFoundError):
                    path.unlink()
        return [copy.number for copy in gone]


class BackupFolder(CopiesFolder[Copy]):
    """A backup of a gallery."""

    mark, text = MARK, b'{"civid_backup": 1}\n'
    pack, parse = staticmethod(manifest.pack), staticmethod(manifest.parse)


def flush(folder: Path) -> None:
    """Names that were made or removed in it are on the disk when this returns."""
    with held.opened(folder) as descriptor:
        os.fsync(descriptor)
