"""The commit counter: how many transactions were acknowledged, in a file of its own.

SQLite ends its write-ahead log at the first frame whose checksum fails, and goes on with what
comes before as if nothing had followed: a flipped bit there, or a lost log file, would silently
take back enrolments. The commit counter is written after each commit and before `enroll` returns,
so a database that is older than its commit counter is known to be damaged.

Two slots take turns, 4096 bytes apart, so that a torn write spoils one of them only.

====== ===== ====================================================
offset bytes field of a slot, little-endian
====== ===== ====================================================
0      8     ``cividgal``
8      4     version of the gallery's format, 2 (1 = before there were segments)
12     4     0
16     8     generation: transactions so far; -1 = being created
24     16    BLAKE2b-128 of the bytes before
====== ===== ====================================================
"""

from __future__ import annotations

import os
import struct
from hashlib import blake2b

from civid.errors import GalleryDamagedError, GalleryFormatError, GalleryStorageError

MAGIC = b"cividgal"
VERSION = 2
_READABLE = (1, VERSION)
#: Generation of a gallery whose creation was not finished.
CREATING = -1

#: macOS has no fdatasync.
_flush = getattr(os, "fdatasync", os.fsync)

_BODY = struct.Struct("<8sIIq")
_DIGEST = 16
_SLOT = _BODY.size + _DIGEST
_SLOTS = (0, 4096)
SIZE = _SLOTS[-1] + _SLOT


def read(descriptor: int) -> int:
    """The generation; closes the file.

    Raises
    ------
    GalleryFormatError
        Not a gallery's file, or one of another version.
    GalleryDamagedError
        It was one.
    """
    data = _read(descriptor)
    bodies = [_BODY.unpack(body) for start in _SLOTS if (body := _sound(data, start))]
    if not bodies:
        if len(data) == SIZE or MAGIC in data:
            raise GalleryDamagedError("the gallery's commit counter file is damaged")
        raise GalleryFormatError("gallery.civid is not a gallery's file")
    for _, version, _, _ in bodies:
        if version not in _READABLE:
            raise GalleryFormatError(
                f"the gallery has format version {version}; this civid reads version 1 to {VERSION}"
            )
    return max(int(generation) for _, _, _, generation in bodies)


def is_whole(descriptor: int) -> bool:
    """Are both slots unharmed? Closes the file."""
    data = _read(descriptor)
    return all(_sound(data, start) for start in _SLOTS)


def _read(descriptor: int) -> bytes:
    try:
        with open(descriptor, "rb", buffering=0) as file:
            return file.read(SIZE + 1)
    except OSError as error:
        raise GalleryStorageError(f"cannot read the gallery: {error.strerror}") from error


def _sound(data: bytes, start: int) -> bytes:
    """The body of a slot, or nothing when its digest fails."""
    body = data[start : start + _BODY.size]
    digest = data[start + _BODY.size : start + _SLOT]
    if len(digest) < _DIGEST or not body.startswith(MAGIC):
        return b""
    return body if blake2b(body, digest_size=_DIGEST).digest() == digest else b""


class CommitCounter:
    """The writer's hand on the file, by a descriptor that it closes in the end."""

    def __init__(self, descriptor: int):
        self._fd = descriptor

    def write(self, generation: int) -> None:
        """Returns when it is on the disk."""
        body = _BODY.pack(MAGIC, VERSION, 0, generation)
        slot = _SLOTS[generation % 2]
        os.pwrite(self._fd, body + blake2b(body, digest_size=_DIGEST).digest(), slot)
        _flush(self._fd)

    def create(self, generation: int) -> None:
        """Write both slots: no later write makes the file longer, a full disk does not matter."""
        self.write(generation)
        self.write(generation - 1)

    def close(self) -> None:
        """Let go of the file."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
