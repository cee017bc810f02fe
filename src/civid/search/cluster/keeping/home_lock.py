"""One keeper at a time: a lock on the cluster's home, gone with its process."""

from __future__ import annotations

import os
import time
from pathlib import Path

from civid.errors import ClusterError, GalleryStorageError, UnavailableError

NAME = "keeper.lock"
_PAUSE = 0.05


class HomeLock:
    """Held from construction to `release`; a holder that is ending is waited for.

    A second keeper would start every node again, on galleries that the first ones hold.

    Parameters
    ----------
    home : Path
    timeout : float
        Seconds.

    Raises
    ------
    ClusterError
        There is a keeper still.
    GalleryStorageError
        The folder cannot be written.
    """

    def __init__(self, home: Path, timeout: float = 0.0) -> None:
        try:
            import fcntl
        except ImportError:  # pragma: no cover - not on POSIX
            raise UnavailableError("a cluster needs POSIX file locks") from None
        try:
            self._file = os.open(home / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise GalleryStorageError(f"{home}: cannot be written: {error.strerror}") from None
        until = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() < until:
                    time.sleep(_PAUSE)
                    continue
                self.release()
                raise ClusterError(f"{home}: the cluster is running already") from None
            return

    def release(self) -> None:
        """Let another keeper in."""
        os.close(self._file)
