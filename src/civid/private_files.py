"""Files for their owner alone: private from the first byte, written whole, read when changed."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")


def make_private(path: str | Path) -> None:
    """Make a file that nobody else may read, whatever the umask; one that is there stays as it is.

    For databases: SQLite would let others read what it makes, and gives its log the rights of the
    file that is there.

    Raises
    ------
    OSError
        It cannot be made, or not be written.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


class Exposure(NamedTuple):
    """Who else may do what with a file of secrets."""

    #: ``"others may read"``, ``"others may write to"``, or nothing.
    words: str
    #: Must it not be used?
    refused: bool


def exposure(descriptor: int) -> Exposure:
    """May anybody but its owner read or write an open file of secrets?

    The rule of ssh (``authfile.c``, `sshkey_perm_ok`): a file of ours with any right for others is
    refused. One of somebody else's, as of root for a service's group, is not for us to mend: it is
    refused when others may write to it, and told of when everybody may read it.
    """
    if os.name != "posix":  # rights are lists there; who set them up has to know
        return Exposure("", refused=False)
    found = os.fstat(descriptor)
    mode, ours = stat.S_IMODE(found.st_mode), found.st_uid == os.getuid()
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        return Exposure("others may write to", refused=True)
    if mode & (stat.S_IRWXG | stat.S_IRWXO) and ours:
        return Exposure("others may read", refused=True)
    return Exposure("everybody may read" if mode & stat.S_IROTH else "", refused=False)


@contextmanager
def replacing(path: Path, mode: str = "wb", **how: Any) -> Iterator[IO[Any]]:
    """A file under another name until everything is in it and on the disk; then it has its own.

    Parameters
    ----------
    path : Path
        What is there stays until the end, and if anything fails. Its folder must be there.
    mode, **how
        As of `open`.

    Raises
    ------
    OSError
        It cannot be written. Nothing is left behind, after Ctrl-C neither.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder) / "a", "w") as file:
    ...         print(*(one.name.startswith(".civid-") for one in Path(folder).iterdir()))
    ...         _ = file.write("whole")
    ...     (Path(folder) / "a").read_text()
    True
    'whole'
    """
    temporary: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            mode, dir=path.parent, prefix=".civid-", delete=False, **how
        ) as file:  # readable by its owner alone
            temporary = Path(file.name)
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        temporary = None
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


class Reread(Generic[T]):
    """What a file holds, parsed again when the file has changed. For one thread at a time.

    Parameters
    ----------
    path : Path
    parse : callable
        Gets at most `most_bytes` and one byte more, and refuses what is longer.
    most_bytes : int
    """

    def __init__(self, path: Path, parse: Callable[[bytes], T], most_bytes: int):
        self._path, self._parse, self._most = path, parse, most_bytes
        self._read: tuple[tuple[int, int, int], T] | None = None

    def get(self) -> T:
        """What it holds now; `OSError` when it cannot be read, and what parsing raises."""
        seen = self._path.stat()
        stamp = seen.st_mtime_ns, seen.st_size, seen.st_ino
        if self._read is None or self._read[0] != stamp:
            with self._path.open("rb") as file:
                data = file.read(self._most + 1)
            self._read = stamp, self._parse(data)
        return self._read[1]

    def forget(self) -> None:
        """Read it again whatever its stamp: somebody has written it in the same moment."""
        self._read = None
