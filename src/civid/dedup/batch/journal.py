"""How far a sweep has come, in a file: lines of JSON, the last of which may be cut short."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from civid.errors import RegisterStorageError, SearchError
from civid.search.checkpoint import checksummed, verify

_KIND = "civid sweep 1"
Pairs = list[tuple[str, str, str]]


class Journal:
    """Steps of a sweep; each line says what was found and where to go on.

    Parameters
    ----------
    path : Path
        Made where there is none.
    of : str
        What the sweep is of: a journal of anything else is refused.

    Attributes
    ----------
    after : dict of str to list
        Step -> where it goes on; a step that is done has None.
    found : list of (str, str, str)
        Two references and the way, of everything that was found before.

    Raises
    ------
    SearchError
        The file is of another sweep, damaged, or none.
    RegisterStorageError
        It cannot be read or written.
    """

    def __init__(self, path: Path, of: str):
        self.after: dict[str, list[Any] | None] = {}
        self.found: Pairs = []
        try:
            size = self._read(path, of)
            self._file = path.open("a", encoding="ascii")
            if size is None:
                self._append({"kind": _KIND, "of": of})
            else:
                os.truncate(self._file.fileno(), size)
        except OSError as error:
            raise RegisterStorageError(
                f"the journal of the sweep cannot be used: {error.strerror}"
            ) from None

    def write(self, step: str, after: list[Any] | None, found: Pairs) -> None:
        """Everything of the step before `after` is done; None = all of it."""
        try:
            self._append(checksummed({"step": step, "after": after, "found": found}))
        except OSError as error:
            raise RegisterStorageError(
                f"the journal of the sweep cannot be written: {error.strerror}"
            ) from None

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def _append(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, separators=(",", ":")) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _read(self, path: Path, of: str) -> int | None:
        """Bytes of the whole lines; None for a file that is not begun."""
        if not path.exists() or not (data := path.read_bytes()):
            return None
        whole = data[: data.rfind(b"\n") + 1]
        if not whole:
            return None
        try:
            head, *lines = [json.loads(line) for line in whole.splitlines()]
            mine = head == {"kind": _KIND, "of": of}
            for line in lines if mine else ():
                verify(line, {"step", "after", "found"})
                self.after[line["step"]] = line["after"]
                self.found += [(str(a), str(b), str(way)) for a, b, way in line["found"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SearchError("the journal of the sweep is damaged") from None
        if not mine:
            raise SearchError("the journal is of another sweep: give another folder")
        return len(whole)
