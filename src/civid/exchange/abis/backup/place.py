"""A backup: a folder that holds copies of one engine, the prints in them once.

======================== ======================================================================
file                     what
======================== ======================================================================
``service-backup.civid`` makes a folder a backup of an engine
``backup.lock``          empty; who writes to the backup holds a lock on it
``copies/*.json``        the manifests (`civid.exchange.abis.backup.manifest`), one a copy
``files/*``              the ledger of each copy, and tokens of a service, by number
``gallery/``             a backup of the gallery (`civid.search.upkeep`): segments kept once
======================== ======================================================================

A file has its name only when it is whole and flushed. A manifest is written when everything that it
names is there; so a backup that is killed has the copies that it had, and the next one goes on.
"""

from __future__ import annotations

import os
from pathlib import Path

from civid.exchange.abis.backup import manifest
from civid.exchange.abis.backup.manifest import AbisCopy
from civid.search.store.files.arguments import checked_folder, naming
from civid.search.upkeep import copies as gallery_copies
from civid.search.upkeep.backup_folder import BackupFolder, CopiesFolder


def copies(backup: str | os.PathLike[str]) -> list[AbisCopy]:
    """The copies of an engine that a backup holds, the oldest first.

    Raises
    ------
    GalleryFormatError
        The folder is no backup of an engine, or one of a later version.
    GalleryDamagedError
        A manifest is not what was written; the message names it.
    GalleryStorageError
        It cannot be read.

    >>> import tempfile
    >>> from civid.exchange.abis import Abis
    >>> from civid.exchange.abis.backup import backup
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Abis.open(f"{folder}/office", create=True).close()
    ...     _ = backup(f"{folder}/office", f"{folder}/copies")
    ...     [copy.number for copy in copies(f"{folder}/copies")]
    [1]
    """
    path = checked_folder(backup)
    with naming(path):
        return AbisBackup(path).copies()


class AbisBackup(CopiesFolder[AbisCopy]):
    """A backup of an engine."""

    mark, text = "service-backup.civid", b'{"civid_service_backup": 1}\n'
    inside = CopiesFolder.inside | {"gallery"}
    pack, parse = staticmethod(manifest.pack), staticmethod(manifest.parse)

    @property
    def gallery(self) -> Path:
        """Where the backup of the gallery lies."""
        return self.path / "gallery"

    def prune(self, keep: int) -> list[int]:
        """Forget all but the last copies, and what only they have; -> which."""
        gone = super().prune(keep)
        kept = self.copies()
        if gone and kept:
            oldest = min(one.gallery for one in kept)
            held = gallery_copies(self.gallery)
            BackupFolder(self.gallery).prune(sum(one.number >= oldest for one in held))
        return gone
