"""Move a gallery: a new name on the same disk, a proved copy on another one."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from civid.errors import GalleryError
from civid.search.arrays.slices import Progress
from civid.search.store.files import folder as folders
from civid.search.store.files import held
from civid.search.store.files.arguments import checked_folder, checked_timeout, naming
from civid.search.store.files.held import HeldFolder
from civid.search.store.files.lock import WriterLock
from civid.search.store.sqlite_errors import storage
from civid.search.upkeep.backing_up import backup
from civid.search.upkeep.backup_folder import flush
from civid.search.upkeep.restoring import restore
from civid.search.upkeep.staging import is_free


def move(
    folder: str | os.PathLike[str],
    to: str | os.PathLike[str],
    *,
    timeout: float = 5.0,
    on_progress: Progress | None = None,
) -> bool:
    """Give a gallery another place. Nobody may write to it meanwhile; readers have to open it anew.

    On the same disk that is one change of a name. To another disk it is copied, read back and
    proved as far as that goes without keys, and then removed here; files that are not the gallery's
    own, as the list of sources of ``civid dedup --gallery``, go along. Killed at any time there is
    a whole gallery in one place, or in both: then the call says that there is one already, and
    either may be removed.

    Parameters
    ----------
    folder, to : path
        From where to where: nothing is there, or an empty folder.
    timeout : float
        Seconds to wait for a writer.
    on_progress : callable
        Called with (done, total) bytes of a copy.

    Returns
    -------
    bool
        Was it copied to another disk?

    Raises
    ------
    GalleryLockedError
        Somebody has it open to write.
    GalleryError
        There is something at `to` already, or it lies in the gallery itself.
    GalleryFormatError
        `folder` is no gallery.
    GalleryDamagedError, GalleryStorageError
        It is damaged, or there is no room; the gallery stays where it is.

    >>> import tempfile
    >>> from civid import Gallery
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Gallery.open(f"{folder}/here").close()
    ...     copied = move(f"{folder}/here", f"{folder}/there")
    ...     with Gallery.open(f"{folder}/there", create=False):
    ...         copied
    False
    """
    source, target = checked_folder(folder).absolute(), checked_folder(to).absolute()
    seconds = checked_timeout(timeout)
    with naming(checked_folder(folder)), storage():
        folders.look(source, create=False)
        if source.is_symlink():
            raise GalleryError("this is a link to a gallery: move the folder that it leads to")
        if target.resolve().is_relative_to(source.resolve()):
            raise GalleryError("a gallery cannot be moved into itself")
    with naming(checked_folder(to)), storage():
        is_free(target)
        held.make(target.parent)
    with naming(checked_folder(folder)), storage():
        here = HeldFolder(source)
        try:
            lock = WriterLock(here, folders.LOCK, seconds)
            try:
                here.check()
                return _moved(source, target, on_progress)
            finally:
                lock.release()
        finally:
            here.close()


def _moved(source: Path, target: Path, on_progress: Progress | None) -> bool:
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copied(source, target, on_progress)
        return True
    flush(target.parent)
    flush(source.parent)
    return False


def _copied(source: Path, target: Path, on_progress: Progress | None) -> None:
    between = target.with_name(f"{target.name}.moving")
    try:
        backup(source, between, on_progress=on_progress)
        restore(between, target)
    finally:
        shutil.rmtree(between, ignore_errors=True)
    own = [path for path in source.iterdir() if _is_its_own(path)]
    for path in set(source.iterdir()) - set(own):
        copy = shutil.copytree if path.is_dir() and not path.is_symlink() else shutil.copy2
        copy(path, target / path.name)
    flush(target)
    # No gallery any more from here on; then what it consisted of.
    (source / folders.WITNESS).unlink()
    flush(source)
    shutil.rmtree(source)


def _is_its_own(path: Path) -> bool:
    return path.name.startswith(("gallery.", "gallery-"))
