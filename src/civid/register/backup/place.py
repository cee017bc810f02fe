"""A backup: a folder that holds copies of one register and of its galleries.

========================= ====================================================================
file                      what
========================= ====================================================================
``register-backup.civid`` makes a folder a backup of a register
``backup.lock``           empty; who writes to the backup holds a lock on it
``copies/*.json``         the manifests (`civid.register.backup.manifest`), one a copy, by number
``registers/*.db``        the register's file of each copy, by number
``registers/*.part``      what is being written, or was when it was killed
``galleries/NAME``        a backup of each gallery (`civid.search.upkeep`): segments kept once
========================= ====================================================================

A file has its name only when it is whole and flushed. A manifest is written when everything that it
names is there; so a backup that is killed has the copies that it had, and the next one goes on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from civid.errors import (
    GalleryDamagedError,
    GalleryError,
    GalleryFormatError,
    GalleryKeyError,
    GalleryLockedError,
    GalleryStorageError,
    RegisterDamagedError,
    RegisterError,
    RegisterFormatError,
    RegisterKeyError,
    RegisterLockedError,
    RegisterStorageError,
)
from civid.private_files import make_private, replacing
from civid.register.backup import manifest
from civid.register.backup.manifest import RegisterCopy
from civid.search.store.files.lock import alone
from civid.search.upkeep import copies as gallery_copies
from civid.search.upkeep.backup_folder import BackupFolder as GalleryBackup
from civid.search.upkeep.backup_folder import flush

MARK, LOCK = "register-backup.civid", "backup.lock"
_TEXT = b'{"civid_register_backup": 1}\n'
_OWN = {LOCK, "copies", "registers", "galleries"}
_SAME = (
    (GalleryDamagedError, RegisterDamagedError), (GalleryFormatError, RegisterFormatError),
    (GalleryKeyError, RegisterKeyError), (GalleryLockedError, RegisterLockedError),
    (GalleryStorageError, RegisterStorageError), (GalleryError, RegisterError),
)  # fmt: skip


@contextmanager
def told() -> Iterator[None]:
    """What goes wrong with galleries and files, as errors of a register."""
    try:
        yield
    except GalleryError as error:
        kind = next(mine for theirs, mine in _SAME if isinstance(error, theirs))
        raise kind(str(error)) from error
    except OSError as error:
        raise RegisterStorageError(
            f"the copy cannot be read or written ({error.strerror or type(error).__name__})"
        ) from error


def path_of(where: str | os.PathLike[str]) -> Path:
    """Raises `RegisterFormatError` for what no path can be."""
    with suppress(TypeError, ValueError):
        path = Path(os.fsdecode(where))
        if "\0" not in str(path):
            return path.absolute()
    raise RegisterFormatError("not the name of a folder")


def copies(backup: str | os.PathLike[str]) -> list[RegisterCopy]:
    """The copies of a register that a backup holds, the oldest first.

    Raises
    ------
    RegisterFormatError
        The folder is no backup of a register, or one of a later version.
    RegisterDamagedError
        A manifest is not what was written; the message names it.
    RegisterStorageError
        It cannot be read.

    >>> import tempfile
    >>> from civid.register import Register
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(f"{folder}/centre", create=True) as register:
    ...         _ = register.backup(f"{folder}/copies")
    ...     [copy.number for copy in copies(f"{folder}/copies")]
    [1]
    """
    with told():
        return BackupPlace(path_of(backup)).copies()


class BackupPlace:
    """A folder that is a backup of a register; `RegisterFormatError` when it is none."""

    def __init__(self, path: Path, *, create: bool = False):
        self.path = path
        self.registers, self.manifests = path / "registers", path / "copies"
        if create and not (path / MARK).exists():
            self._create()
        if not (path / MARK).exists():
            raise RegisterFormatError(f"the folder is no backup of a register: it has no {MARK}")

    def _create(self) -> None:
        if self.path.exists():
            others = {one.name for one in self.path.iterdir()} - _OWN
            if {one for one in others if not one.startswith(".civid-")}:
                raise RegisterFormatError("a backup is made in an empty folder or a new one")
        for folder in (self.path, self.registers, self.manifests, self.path / "galleries"):
            folder.mkdir(0o700, parents=True, exist_ok=True)
        make_private(self.path / LOCK)
        with replacing(self.path / MARK) as file:
            file.write(_TEXT)
        flush(self.path)
        flush(self.path.parent)

    @contextmanager
    def locked(self, timeout: float) -> Iterator[None]:
        """For who writes to it; `RegisterLockedError` when another one does."""
        busy = RegisterLockedError("another backup is being written there")
        with alone(self.path, LOCK, timeout, busy):
            yield

    def gallery(self, name: str) -> Path:
        """Where the backup of a gallery lies."""
        return self.path / "galleries" / name

    def register(self, number: int) -> Path:
        """Where the register's file of a copy lies."""
        return self.registers / f"{number:08}.db"

    def manifest(self, number: int) -> Path:
        """Where that of a copy lies."""
        return self.manifests / f"{number:08}.json"

    def copies(self) -> list[RegisterCopy]:
        """All of them by number."""
        found = []
        for path in sorted(self.manifests.glob("*.json")):
            with path.open("rb") as file:
                data = file.read(manifest.MAX_SIZE + 1)
            try:
                copy = manifest.parse(data)
                if path != self.manifest(copy.number):
                    raise RegisterDamagedError("a manifest of the backup has another's name")
            except RegisterError as error:
                raise type(error)(f"{path.name}: {error}") from None
            found.append(copy)
        return sorted(found, key=lambda copy: copy.number)

    def publish(self, copy: RegisterCopy) -> None:
        """From now on there is such a copy."""
        flush(self.registers)
        with replacing(self.manifest(copy.number)) as file:
            file.write(manifest.pack(copy))
        flush(self.manifests)

    def prune(self, keep: int) -> tuple[int, ...]:
        """Forget all but the last copies, and files that none of these names; -> which."""
        found = self.copies()
        gone, kept = found[: max(0, len(found) - keep)], found[max(0, len(found) - keep) :]
        for copy in gone:
            self.manifest(copy.number).unlink()
        if gone:
            flush(self.manifests)  # before their files: a manifest never names what is not there
        named = {self.register(copy.number).name for copy in kept}
        for path in list(self.registers.iterdir()):
            if path.name not in named:
                path.unlink(missing_ok=True)
        if gone:
            self._prune_galleries(kept)
        return tuple(copy.number for copy in gone)

    def _prune_galleries(self, kept: list[RegisterCopy]) -> None:
        for folder in (self.path / "galleries").iterdir():
            named = [one.copy for copy in kept for one in copy.galleries if one.name == folder.name]
            if named:
                held = gallery_copies(folder)
                GalleryBackup(folder).prune(sum(one.number >= min(named) for one in held))
