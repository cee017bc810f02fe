"""Power cuts: the recorded calls of a writer, and what a disk may have kept of them.

A disk has kept what was flushed, and of all else anything: of a file's later writes some, in any
order, the last one torn; of a folder's later changes of names a first part.
"""

from __future__ import annotations

import random
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from tests import child

_HEAD = struct.Struct("<QqIIII")
_SECTOR = 512


@cache
def library() -> Path | None:
    """`calls.c`, compiled; None where that cannot be."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    made = Path(mkdtemp(prefix="civid-torture-")) / "calls.so"
    source = Path(__file__).with_name("calls.c")
    options = ["-shared", "-fPIC", "-O1", "-o", str(made), str(source), "-ldl", "-lpthread"]
    return None if subprocess.run([compiler, *options]).returncode else made


def environment(folder: Path, **more: str) -> dict[str, str]:
    """For a process that is watched in a folder."""
    found = child.environment()
    if more:
        found |= {"LD_PRELOAD": str(library()), "CIVID_TORTURE_FOLDER": str(folder)}
    return found | {f"CIVID_TORTURE_{name.upper()}": value for name, value in more.items()}


class Call(NamedTuple):
    """One recorded call; `kind` as in `calls.c`."""

    kind: str
    inode: int
    offset: int
    data: bytes
    other: bytes


def calls(record: Path) -> Iterator[Call]:
    """Of a file; the last one may be cut short."""
    data, at = record.read_bytes(), 0
    while at + _HEAD.size <= len(data):
        inode, offset, kind, length, more, _ = _HEAD.unpack_from(data, at)
        middle, end = at + _HEAD.size + length, at + _HEAD.size + length + more
        if end > len(data):
            return
        yield Call(chr(kind), inode, offset, data[at + _HEAD.size : middle], data[middle:end])
        at = end


class File:
    """What is on the disk for certain, and the writes since."""

    def __init__(self) -> None:
        self.flushed = b""
        self.pending: list[tuple[int, bytes | None]] = []

    def kept(self, chosen: list[tuple[int, bytes | None]]) -> bytes:
        data = bytearray(self.flushed)
        for offset, piece in chosen:
            if piece is None:
                del data[offset:]
                data.extend(bytes(offset - len(data)))
            else:
                data.extend(bytes(max(0, offset - len(data))))
                data[offset : offset + len(piece)] = piece
        return bytes(data)

    def now(self) -> bytes:
        return self.kept(self.pending)

    def flush(self) -> None:
        self.flushed, self.pending = self.now(), []

    def after_a_cut(self, choose: random.Random) -> bytes:
        pending = self.pending
        how = choose.randrange(5)
        if how == 0:
            pending = []
        elif how == 1:
            pending = pending[: choose.randrange(len(pending) + 1)]
        elif how == 2:
            pending = [one for one in pending if choose.random() < 0.5]
        elif how == 3 and pending:
            pending = pending[: choose.randrange(len(pending)) + 1]
            offset, piece = pending[-1]
            if piece is not None:
                torn = choose.randrange(len(piece) // _SECTOR + 1) * _SECTOR
                pending = [*pending[:-1], (offset, piece[:torn])]
        return self.kept(pending)


class Disk:
    """Follows the calls; folders themselves are there from the start."""

    def __init__(self, *known: Path) -> None:
        self.names: dict[bytes, File] = {str(path).encode(): File() for path in known}
        self._flushed: dict[bytes, File] = {}
        self._changes: list[list[tuple[bytes, File | None]]] = []
        self._inodes = {path.stat().st_ino: self.names[str(path).encode()] for path in known}

    def follow(self, call: Call) -> None:
        name = call.data
        if call.kind in "OT":
            if name not in self.names:
                self._rename((name, File()))
            file = self._inodes[call.inode] = self.names[name]
            if call.kind == "T":
                file.pending.append((0, None))
        elif call.kind == "W":
            self._inodes[call.inode].pending.append((call.offset, call.data))
        elif call.kind == "Z":
            self._inodes[call.inode].pending.append((call.offset, None))
        elif call.kind == "S" and call.inode in self._inodes and not Path(name.decode()).is_dir():
            self._inodes[call.inode].flush()
        elif call.kind == "S":
            self._flushed, self._changes = dict(self.names), []
        elif call.kind == "U":
            self._rename((name, None))
        elif call.kind in "LR":
            moved = (call.other, self.names[name])
            self._rename(moved, *([(name, None)] if call.kind == "R" else []))  # type: ignore[list-item]

    def _rename(self, *changes: tuple[bytes, File | None]) -> None:
        self._apply(self.names, list(changes))
        self._changes.append(list(changes))

    @staticmethod
    def _apply(names: dict[bytes, File], changes: list[tuple[bytes, File | None]]) -> None:
        for name, file in changes:
            if file is None:
                names.pop(name, None)
            else:
                names[name] = file

    def after_a_cut(self, choose: random.Random) -> dict[bytes, bytes]:
        """What the disk may hold when the power is back."""
        names = dict(self._flushed)
        for changes in self._changes[: choose.randrange(len(self._changes) + 1)]:
            self._apply(names, changes)
        contents: dict[int, bytes] = {}
        for file in names.values():
            if id(file) not in contents:
                contents[id(file)] = file.after_a_cut(choose)
        return {name: contents[id(file)] for name, file in names.items()}
