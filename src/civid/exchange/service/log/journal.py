"""Writing the log: a file of lines, a small one beside it that says where it ends, and a key."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hmac
import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from civid.errors import (
    StorageDamagedError,
    StorageError,
    StorageKeyError,
    StorageLockedError,
    StorageWriteError,
)
from civid.exchange.service.log.entry import (
    BEGINNING,
    MOST_BYTES,
    Entry,
    chained,
    parsed,
    pseudonym,
)

KEY_BYTES = 32
#: Bytes: with less room on the disk the log counts as one that cannot be written soon.
_LEAST_FREE = 1 << 20


class Journal:
    """A log that is being written. Safe for threads; one process has it open at a time.

    A line is in the file when `write` returns, and on the disk where `durable` was asked for. What
    a crash left half written at the end is cut off when the log is opened again.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, Journal.open(Path(folder) / "log.jsonl") as log:
    ...     log.write(operation="search", outcome="done", status=200).seq
    1
    """

    def __init__(
        self, path: Path, file: int, end: int, key: bytes, last: Entry | None, digest: bytes,
        clock: Callable[[], float],
    ):  # fmt: skip
        self._path, self._file, self._end, self._key, self._clock = path, file, end, key, clock
        self._seq, self._at = (last.seq, last.at) if last is not None else (0, 0)
        self._digest = digest
        self._size = os.fstat(file).st_size
        self._lock = threading.Lock()
        self._well = True

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], float] = time.time) -> Self:
        """Open the log of a file, or begin one; its key is made beside it, ``NAME.key``.

        Raises
        ------
        StorageLockedError
            Another process writes it.
        StorageDamagedError
            It does not end as it was written: see `verify_log`.
        StorageKeyError
            The key is missing or none.
        StorageWriteError
            It cannot be read or written.
        """
        file = end = -1
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            file = os.open(path, flags, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            key = read_key(path, create=os.fstat(file).st_size == 0)
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            end = os.open(end_of(path), flags, 0o600)
            last, digest = _last(file, key)
            _fits_end(last, digest, read_end(path, key))
            os.pwrite(end, seal_end(0 if last is None else last.seq, digest, key), 0)
            return cls(path, file, end, key, last, digest, clock)
        except OSError as error:
            _close(file, end)
            if isinstance(error, StorageError):
                raise
            if error.errno in (errno.EAGAIN, errno.EACCES) and file >= 0:
                raise StorageLockedError("another process writes this log") from None
            raise StorageWriteError(f"the log cannot be written ({error.strerror})") from None
        except BaseException:
            _close(file, end)
            raise

    def write(
        self, *, operation: str, outcome: str, status: int, request: str = "", caller: str = "",
        token: str = "", address: str = "", code: str = "", people: tuple[str, ...] = (),
        candidates: int | None = None, durable: bool = False, times: int = 1,
    ) -> Entry:  # fmt: skip
        """Add an entry; the attributes of `Entry`, and `people` as ids.

        Raises
        ------
        StorageWriteError
            It is not in the file; nothing of it is.
        """
        about = tuple(sorted({pseudonym(one, self._key) for one in people}))
        with self._lock:
            now = max(int(self._clock() * 1e6), self._at)
            entry = Entry(
                self._seq + 1, now, request, caller, token, address, operation, outcome, status,
                code, about, candidates, times,
            )  # fmt: skip
            digest = chained(self._digest, entry.canonical(), self._key)
            self._put(entry.line(digest), durable)
            self._seq, self._at, self._digest = entry.seq, entry.at, digest
            mark = seal_end(entry.seq, digest, self._key)
            try:
                os.pwrite(self._end, mark, 0)
            except OSError as error:
                raise StorageWriteError(f"the log cannot be written ({error.strerror})") from None
        return entry

    def _put(self, line: bytes, durable: bool) -> None:
        try:
            if self._file < 0:
                raise OSError(errno.EBADF, "the log is closed")
            written = os.write(self._file, line)
            if written != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if durable:
                os.fdatasync(self._file)
        except OSError as error:
            self._well = False
            if self._file >= 0:
                with contextlib.suppress(OSError):
                    os.ftruncate(self._file, self._size)
            raise StorageWriteError(f"the log cannot be written ({error.strerror})") from None
        self._size += len(line)
        self._well = True

    def look(self) -> None:
        """Whether it can be written now; `StorageWriteError` if not.

        Where the last line failed this tries again, for who asks may send nothing else until the
        answer is yes.
        """
        with self._lock:
            try:
                if self._file < 0:
                    raise OSError(errno.EBADF, "the log is closed")
                disk = os.fstatvfs(self._file)
                if disk.f_bavail * disk.f_frsize < _LEAST_FREE:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                if not self._well:
                    try:
                        # Not a line: what a crash leaves of it is cut off at the next opening.
                        if os.write(self._file, bytes(MOST_BYTES)) != MOST_BYTES:
                            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                    finally:
                        os.ftruncate(self._file, self._size)
                    self._well = True
            except OSError as error:
                why = error.strerror
                raise StorageWriteError(f"the log cannot be written ({why})") from None

    def close(self) -> None:
        """Let the log go."""
        with self._lock:
            if self._file >= 0:
                os.fsync(self._file)
            _close(self._file, self._end)
            self._file = self._end = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Journal({self._seq} entries)"


def end_of(path: Path) -> Path:
    """The file that says where a log ends: whoever cuts lines off has to know the key."""
    return path.with_name(path.name + ".end")


def key_of(path: Path) -> Path:
    """The file of a log's key. Keep a copy elsewhere: without it nothing can be verified."""
    return path.with_name(path.name + ".key")


def read_key(path: Path, *, create: bool = False) -> bytes:
    """The key of a log.

    Raises
    ------
    StorageKeyError
        It is missing, or none.
    """
    file = key_of(path)
    if create and not file.exists():
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.write(made, secrets.token_hex(KEY_BYTES).encode() + b"\n")
            os.fsync(made)
        finally:
            os.close(made)
    try:
        with file.open("rb") as opened:
            key = bytes.fromhex(opened.read(1024).decode("ascii"))
        if len(key) != KEY_BYTES:
            raise ValueError("another length")
    except (OSError, ValueError):
        raise StorageKeyError("the key of the log is missing, or no key") from None
    return key


def seal_end(seq: int, digest: bytes, key: bytes) -> bytes:
    """What `end_of` holds, always as long: place, hash, and a seal over both."""
    text = f"{seq:020d} {digest.hex()}"
    return f"{text} {hmac.digest(key, text.encode(), 'sha256').hex()}\n".encode()


def read_end(path: Path, key: bytes) -> tuple[int, bytes] | None:
    """Where a log ends, as was written down; None where nothing was.

    Raises
    ------
    StorageDamagedError
        It was not written with this key.
    """
    try:
        data = end_of(path).read_bytes()[:256]
    except OSError:
        return None
    if not data:
        return None
    try:
        place, digest, _ = data.decode("ascii").split()
        found = int(place), bytes.fromhex(digest)
    except ValueError:
        raise StorageDamagedError("the end of the log cannot be read") from None
    if not hmac.compare_digest(seal_end(*found, key), data):
        raise StorageDamagedError("the end of the log was written with another key")
    return found


def _last(file: int, key: bytes) -> tuple[Entry | None, bytes]:
    """The last whole line, checked against the one before; what a crash left behind is cut off."""
    size = os.fstat(file).st_size
    begin = max(0, size - 3 * MOST_BYTES)
    tail = os.pread(file, size - begin, begin)
    whole = tail[: tail.rfind(b"\n") + 1]
    if len(whole) < len(tail):
        os.ftruncate(file, begin + len(whole))
    lines = whole.splitlines(keepends=True)
    if not lines:
        return None, BEGINNING
    entry, digest = parsed(lines[-1])
    if entry.seq == 1:
        before = BEGINNING
    elif len(lines) > 1:
        before = parsed(lines[-2])[1]
    else:
        raise StorageDamagedError("the beginning of the log is missing")
    if not hmac.compare_digest(chained(before, entry.canonical(), key), digest):
        raise StorageDamagedError("the last line of the log was changed, or has another key")
    return entry, digest


def _fits_end(last: Entry | None, digest: bytes, marked: tuple[int, bytes] | None) -> None:
    """A crash may leave one line more than was written down as the end, but never one less."""
    seq = 0 if last is None else last.seq
    if marked is None and last is not None:
        raise StorageDamagedError("the file that says where the log ends is missing")
    if marked is not None and (marked[0] > seq or (marked[0] == seq and marked[1] != digest)):
        raise StorageDamagedError("lines are missing at the end of the log")


def _close(*files: int) -> None:
    for file in files:
        if file >= 0:
            os.close(file)
