"""Copy a file: go on where a killed copy stopped, flush, and read back from the disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from civid.errors import GalleryStorageError

#: Bytes that are read and written at once.
BLOCK = 1 << 20
Tick = Callable[[int], None]


def copied(source: int, size: int, part: Path, prove: Callable[[int], str], tick: Tick) -> str:
    """Copy an open file to `part`, and read it back from there; -> its BLAKE2b-256.

    What lies in `part` already is kept as far as it is the same.

    Parameters
    ----------
    source : int
        Descriptor of a file that nobody changes.
    size : int
        Its length.
    part : Path
        Where to; renamed by the caller.
    prove : callable
        Reads the copy by its descriptor, checks what can be checked; -> its BLAKE2b-256.
    tick : callable
        Told how many bytes were copied since the last call.

    Raises
    ------
    GalleryStorageError
        What was read back is not what was written.
    OSError
        The disk is full, or something cannot be read.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    target = os.open(part, flags, 0o600)
    try:
        digest, same = blake2b(digest_size=32), os.fstat(target).st_size
        for at in range(0, size, BLOCK):
            block = os.pread(source, min(BLOCK, size - at), at)
            if len(block) < min(BLOCK, size - at):
                raise GalleryStorageError("a file ended while it was copied")
            if at >= same or os.pread(target, len(block), at) != block:
                same = min(same, at)
                _write(target, block, at)
            digest.update(block)
            tick(len(block))
        os.ftruncate(target, size)
        os.fsync(target)
        drop_cache(target)
        if prove(target) != digest.hexdigest():
            raise GalleryStorageError("the disk gave back other bytes than were written to it")
        return digest.hexdigest()
    finally:
        os.close(target)


def _write(target: int, block: bytes, at: int) -> None:
    with memoryview(block) as view:
        while view:
            done = os.pwrite(target, view, at)
            view, at = view[done:], at + done


def digest_of(descriptor: int, tick: Tick = lambda _: None) -> str:
    """BLAKE2b-256 of a whole file, in hexadecimal."""
    digest, at = blake2b(digest_size=32), 0
    while block := os.pread(descriptor, BLOCK, at):
        digest.update(block)
        at += len(block)
        tick(len(block))
    return digest.hexdigest()


def drop_cache(descriptor: int) -> None:
    """Read it from the disk the next time, where the system can be told so."""
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def needs_room(folder: Path, size: int) -> None:
    """`GalleryStorageError` when a disk cannot take so many bytes more."""
    found = os.statvfs(folder)
    free = found.f_bavail * found.f_frsize
    if size > free:
        raise GalleryStorageError(
            f"{size / 1e6:,.0f} MB are needed there, and {free / 1e6:,.0f} MB are free;"
            " nothing was written"
        )
