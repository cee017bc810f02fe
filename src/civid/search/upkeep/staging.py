"""A folder that is being restored: written under another name, and then there as a whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from civid.errors import GalleryError, GalleryFormatError, GalleryLockedError
from civid.search.store.files import folder as folders
from civid.search.store.files import held
from civid.search.store.files.lock import alone
from civid.search.upkeep import transfer
from civid.search.upkeep.backup_folder import flush

#: Held by whoever restores; a folder with it is of a restoration that was killed.
BUSY = "restoring.lock"


@contextmanager
def made_whole(target: Path, size: int, *, goes_on: bool = False) -> Iterator[Path]:
    """A folder to fill, which gets the name `target` if the block is left without an error.

    What a killed call has left in it is there; what an error leaves only with `goes_on`.

    Raises
    ------
    GalleryError
        There is something at `target`, or where it is to be written.
    GalleryLockedError
        Another program restores to the same place.
    GalleryStorageError
        There is no room for `size` bytes.
    """
    is_free(target)
    held.make(target.parent)
    staging = target.with_name(f"{target.name}.restoring")
    staging.mkdir(0o700, exist_ok=True)
    if any(staging.iterdir()) and not (staging / BUSY).exists():
        raise GalleryError(f"{staging.name} is in the way: move it away; nothing was restored")
    busy = GalleryLockedError("another program restores to this place")
    with alone(staging, BUSY, 0, busy):
        try:
            transfer.needs_room(staging, size)
            yield staging
            is_free(target)  # rename refuses anything but an empty folder; this says it better
            staging.rename(target)
        except BaseException:
            if not goes_on:
                shutil.rmtree(staging, ignore_errors=True)
            raise
        flush(target.parent)
        (target / BUSY).unlink()


def is_free(target: Path) -> None:
    """`GalleryError` when something is there already; an empty folder is nothing."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise GalleryFormatError(
            f"{target.name}: there is something else already; nothing was changed"
        )
    if target.is_dir() and any(target.iterdir()):
        what = "a gallery" if (target / folders.WITNESS).exists() else "something else"
        raise GalleryError(
            f"{target.name}: there is {what} already; nothing was changed: move it away,"
            " or give another path"
        )


def sweep(staging: Path) -> None:
    """Take away what a killed call has left in it."""
    for path in staging.iterdir():
        if path.name != BUSY:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
