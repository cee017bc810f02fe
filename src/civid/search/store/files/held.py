"""A gallery's folder, held open: what is done in it is done there, wherever its path leads by then.

A path is looked up anew at each use. Between two uses the working directory may change, a folder be
renamed, a backup be put in its place, a symbolic link be switched, a disk be unmounted. So the path
is made absolute once, files are created, linked, removed and flushed relative to a descriptor of
the folder, and `check` says whether everybody else still finds the same files by the path.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from civid.errors import GalleryMovedError, UnavailableError

#: What file systems say that have no hard links.
_NO_LINKS = {errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_DIRECTORY", 0)


def need_posix() -> None:
    """Say on Windows what is missing there, before anything is made.

    Raises
    ------
    UnavailableError
        Files cannot be reached from a descriptor of their folder.
    """
    if os.open not in os.supports_dir_fd:
        raise UnavailableError(
            "a gallery on disk needs a POSIX system, such as Linux; Gallery() in memory does not"
        )


class Identity(NamedTuple):
    """Which file it is, whatever its name."""

    device: int
    inode: int

    @classmethod
    def of(cls, found: os.stat_result) -> Identity:
        """From what ``stat`` says."""
        return cls(found.st_dev, found.st_ino)


class HeldFolder:
    """Held from construction to `close`; `close` in a forked child does not matter to the parent.

    Parameters
    ----------
    path : Path
        Where the folder is now. It may lead there by symbolic links: `check` follows them, too.
    """

    def __init__(self, path: Path):
        need_posix()
        self.path = path.absolute()
        #: Without links: by this SQLite finds its log.
        self.real = self.path.resolve()
        self.descriptor = os.open(self.path, _FLAGS)
        self._identity = Identity.of(os.fstat(self.descriptor))
        self._files: dict[str, Identity] = {}

    def hold(self, name: str, identity: Identity | None = None) -> None:
        """From now on `check` asks that this name leads to this file (the one there now)."""
        self._files[name] = self.identity(name) if identity is None else identity

    def let_files_go(self) -> None:
        """Hold the folder alone."""
        self._files.clear()

    def check(self) -> None:
        """Do the path, and the names that are held, lead to what was opened?

        Raises
        ------
        GalleryMovedError
            One does not.
        """
        if not self._leads_here(self.path):
            raise GalleryMovedError(
                "the path does not lead any more to the folder that was opened; nothing was "
                "changed: close the gallery and open it again"
            )
        for name, identity in self._files.items():
            if not self.is_there(name, identity):
                raise GalleryMovedError(
                    f"{name} is not the file that was opened: it was removed or replaced; nothing "
                    "was changed: close the gallery and open it again"
                )

    @property
    def undisturbed(self) -> bool:
        """May SQLite remove its log by the path that it knows?"""
        try:
            self.check()
        except GalleryMovedError:
            return False
        return self._leads_here(self.real)

    def _leads_here(self, path: Path) -> bool:
        try:
            return Identity.of(path.stat()) == self._identity
        except OSError:
            return False

    # ---- its files

    def identity(self, name: str) -> Identity:
        """Of the file of this name."""
        return Identity.of(self.stat(name))

    def stat(self, name: str) -> os.stat_result:
        """Of the file of this name."""
        return os.stat(name, dir_fd=self.descriptor)

    def is_there(self, name: str, identity: Identity | None = None) -> bool:
        """Is there a file of this name (and is it this one)?"""
        try:
            found = self.identity(name)
        except OSError:
            return False
        return identity is None or found == identity

    def open(self, name: str, flags: int, mode: int = 0o600) -> int:
        """A descriptor of the file of this name."""
        return os.open(name, flags | os.O_CLOEXEC, mode, dir_fd=self.descriptor)

    def names(self) -> list[str]:
        """Of all that is in it."""
        # Not of the descriptor itself: two threads would share one place in the list.
        with opened(".", self.descriptor) as own:
            return os.listdir(own)  # noqa: PTH208 - by descriptor

    def rename_new(self, old: str, new: str) -> None:
        """Give a file its name for good; `FileExistsError` where that name is taken."""
        try:
            os.link(old, new, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)
        except OSError as error:
            if error.errno not in _NO_LINKS or self.is_there(new):
                raise
            os.rename(old, new, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)
        else:
            self.unlink(old)

    def unlink(self, name: str, identity: Identity | None = None) -> None:
        """Remove a file, if it is there (and this one)."""
        if self.is_there(name, identity):
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=self.descriptor)

    def flush(self) -> None:
        """Names that were made or removed are on the disk when this returns."""
        os.fsync(self.descriptor)

    def close(self) -> None:
        """Let go of it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


@contextmanager
def opened(path: str | Path, beside: int | None = None) -> Iterator[int]:
    """A descriptor of a folder for the length of a block."""
    descriptor = os.open(path, _FLAGS, dir_fd=beside)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def make(path: Path) -> None:
    """Make a folder and those above it, each flushed into the one above: a power cut keeps it."""
    need_posix()
    if path.is_dir():
        return
    if path.parent != path:
        make(path.parent)
    path.mkdir(exist_ok=True)
    with opened(path.parent) as above:
        os.fsync(above)
