"""One writer at a time: an advisory lock on a file, gone with its process."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from civid.errors import CividError, GalleryLockedError, GalleryStorageError, UnavailableError
from civid.search.store.files.held import HeldFolder, Identity

_WAIT = 0.02


class WriterLock:
    """Held from construction to `release`. Another holder, in any process, is waited for.

    Raises
    ------
    GalleryLockedError
        It did not let go within `timeout` seconds.
    """

    def __init__(self, folder: HeldFolder, name: str, timeout: float):
        try:
            import fcntl
        except ImportError:  # pragma: no cover - not on POSIX
            raise UnavailableError("a durable gallery needs POSIX file locks") from None
        self._fd = -1
        until = time.monotonic() + timeout
        while True:
            try:
                self._fd = folder.open(name, os.O_RDWR | os.O_CREAT)
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                identity = Identity.of(os.fstat(self._fd))
                if folder.is_there(name, identity):
                    # A lock on a file that others do not find any more keeps nobody out.
                    folder.hold(name, identity)
                    return
                self.release()
            except BlockingIOError:
                self.release()
                if time.monotonic() >= until:
                    raise GalleryLockedError(
                        "another writer has this gallery open; it can be read meanwhile "
                        "(read_only=True), or waited for (timeout=)"
                    ) from None
                time.sleep(_WAIT)
            except OSError as error:
                doing = "write to" if self._fd < 0 else "lock"
                self.release()
                raise GalleryStorageError(
                    f"cannot {doing} the gallery: {error.strerror}"
                ) from error
            except BaseException:
                self.release()
                raise

    def release(self) -> None:
        """Let the next writer in. In a forked child this leaves the parent's lock alone."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


@contextmanager
def alone(folder: Path, name: str, timeout: float, busy: CividError) -> Iterator[None]:
    """Hold a lock in a folder of any kind; raises `busy` when another program does."""
    there = HeldFolder(folder)
    try:
        lock = WriterLock(there, name, timeout)
    except GalleryLockedError:
        raise busy from None
    finally:
        there.close()
    try:
        yield
    finally:
        lock.release()
