"""One writer at a time: an advisory lock on a file, gone with its process."""

from __future__ import annotations

import os
import time
from pathlib import Path

from civid.errors import GalleryLockedError, GalleryStorageError, UnavailableError

_WAIT = 0.02


class WriterLock:
    """Held from construction to `release`. Another holder, in any process, is waited for.

    Raises
    ------
    GalleryLockedError
        It did not let go within `timeout` seconds.
    """

    def __init__(self, path: Path, timeout: float):
        try:
            import fcntl
        except ImportError:  # pragma: no cover - not on POSIX
            raise UnavailableError("a durable gallery needs POSIX file locks") from None
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise GalleryStorageError(f"cannot write to the gallery: {error.strerror}") from error
        until = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= until:
                    os.close(self._fd)
                    raise GalleryLockedError(
                        "another writer has this gallery open; it can be read meanwhile "
                        "(read_only=True), or waited for (timeout=)"
                    ) from None
                time.sleep(_WAIT)
            except OSError as error:
                os.close(self._fd)
                raise GalleryStorageError(f"cannot lock the gallery: {error.strerror}") from error

    def release(self) -> None:
        """Let the next writer in. In a forked child this leaves the parent's lock alone."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
