"""Rows by key in one private file: accounts, tokens. One change at a time, in all processes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

from civid.private_files import Reread, replacing

T = TypeVar("T")
_MOST_BYTES = 4 << 20


class PrivateTable(Generic[T]):
    """The rows of a JSON file that its owner alone may read. Safe for threads and processes.

    Parameters
    ----------
    path : Path
        The file; it need not exist yet.
    key : callable
        Of a row.
    name : str
        Of the rows, in the file and in errors: ``"tokens"``.
    read, write : callable
        A row from its JSON object and back; `read` raises `ValueError`, `KeyError` or `TypeError`
        for what is none.
    version : int
        Of the form of the file.
    format_error, storage_error : type
        What is raised for a file that is no such table, and for one that cannot be read or written.
    """

    def __init__(
        self,
        path: Path,
        *,
        key: Callable[[T], str],
        name: str,
        read: Callable[[Mapping[str, Any]], T],
        write: Callable[[T], dict[str, Any]],
        version: int,
        format_error: type[Exception],
        storage_error: type[Exception],
    ):
        self._path, self._key, self._name, self._version = path, key, name, version
        self._read_row, self._write_row = read, write
        self._format_error, self._storage_error = format_error, storage_error
        self._lock = Lock()
        self._file = Reread(path, self._parsed, _MOST_BYTES)

    def rows(self) -> dict[str, T]:
        """Every row by its key, as the file has them now; empty when there is no file."""
        with self._lock:
            return dict(self._all())

    def get(self, key: str) -> T | None:
        """One row as the file has it now; None without it."""
        with self._lock:
            return self._all().get(key)

    @contextmanager
    def changing(self) -> Iterator[dict[str, T]]:
        """The rows, to be changed in place; written whole at the end, unless something is raised.

        Alone among threads and processes: who writes an older copy would undo what another did.
        """
        with self._lock, self._guarded():
            self._file.forget()
            rows = dict(self._all())
            yield rows
            self._write(rows)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        import fcntl  # POSIX alone, and only to write

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            guard = self._path.with_name(f".{self._path.name}.lock")
            file = os.open(guard, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._failed("written", error) from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    def _all(self) -> dict[str, T]:
        try:
            return self._file.get()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise self._failed("read", error) from None

    def _write(self, rows: dict[str, T]) -> None:
        body = {"version": self._version, self._name: list(map(self._write_row, rows.values()))}
        try:
            with replacing(self._path, "w", encoding="utf-8") as file:
                json.dump(body, file, ensure_ascii=False, indent=1)
        except OSError as error:
            raise self._failed("written", error) from None
        self._file.forget()

    def _parsed(self, data: bytes) -> dict[str, T]:
        try:
            if len(data) > _MOST_BYTES:
                raise ValueError("too long")
            body = json.loads(data)
            if body["version"] != self._version:
                raise ValueError("version")
            found = [self._read_row(one) for one in body[self._name]]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise self._format_error(f"the file of {self._name} cannot be read") from None
        return {self._key(one): one for one in found}

    def _failed(self, what: str, error: OSError) -> Exception:
        return self._storage_error(f"the {self._name} cannot be {what} ({error.strerror})")
