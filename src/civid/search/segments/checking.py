"""Check the file of a segment from end to end, a chunk at a time: no memory for all of it."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

from civid.errors import GalleryDamagedError
from civid.search.segments import format as form
from civid.search.segments.keys import KeyProvider
from civid.search.segments.segment import sealer_of


class Checked(NamedTuple):
    """What a file was found to be."""

    header: form.Header
    #: BLAKE2b-256 of every byte, in hexadecimal.
    digest: str
    #: Was every chunk checked? Those of an encrypted segment cannot be without its key.
    proved: bool


def check_file(
    descriptor: int,
    keys: KeyProvider | None,
    root: bytes,
    tick: Callable[[int], None] = lambda _: None,
) -> Checked:
    """Read a segment once, check its header and each chunk, and digest all of it.

    Parameters
    ----------
    descriptor : int
        Of the file; its place in the file is not changed.
    keys : KeyProvider, optional
        Of an encrypted segment. Without them its chunks are digested, not proved.
    root : bytes
        What the manifest of the gallery says of it.
    tick : callable
        Called with how many bytes were read since the last call.

    Raises
    ------
    GalleryDamagedError
        It is not what was written; the message names section and offset.
    GalleryKeyError
        The key is another one.
    OSError
        It cannot be read.
    """
    size = os.fstat(descriptor).st_size
    head = os.pread(descriptor, form.HEADER, 0)
    if form.root(head) != root:
        raise GalleryDamagedError(
            "a segment is damaged: header at byte 0, or not the one that the gallery wrote"
        )
    header = form.parse(head, size)
    table = os.pread(descriptor, size - header.checks, header.checks)
    if blake2b(table, digest_size=form.DIGEST).digest() != header.checks_digest:
        raise GalleryDamagedError(f"a segment is damaged: table of checks, at byte {header.checks}")
    blind = header.encrypted and keys is None
    sealer = None if blind else sealer_of(header, keys)
    digest, width = blake2b(head, digest_size=form.DIGEST), header.check_size
    tick(len(head))
    starts, total = [], 0
    for _, length in header.places:
        starts.append(total)
        total += form.chunks(length) * width
    at = form.HEADER
    for section in sorted(range(len(header.places)), key=lambda one: header.places[one][0]):
        offset, length = header.places[section]
        if not length:  # an empty section has no place: 0, or that of another
            continue
        at = _others(descriptor, at, offset, digest, tick)
        end = offset + form.padded(length)
        for chunk in range(form.chunks(length)):
            part = os.pread(descriptor, min(form.CHUNK, end - at), at)
            place = starts[section] + chunk * width
            check = table[place : place + width]
            good = len(part) == min(form.CHUNK, end - at)
            if sealer is not None:
                try:
                    number = form.chunk_number(section, chunk)
                    about = form.chunk_name(header.number, section)
                    sealer.open(number, part + check, about)
                except ValueError:
                    good = False
            elif not blind:
                good = good and zlib.crc32(part).to_bytes(4, "little") == check
            if not good:
                name = form.NAMES[section]
                raise GalleryDamagedError(f"a segment is damaged: section {name}, at byte {at}")
            digest.update(part)
            tick(len(part))
            at += len(part)
    _others(descriptor, at, size, digest, tick)
    return Checked(header, digest.hexdigest(), not blind)


def _others(
    descriptor: int, at: int, end: int, digest: blake2b, tick: Callable[[int], None]
) -> int:
    """Digest what lies between sections, or behind them; -> `end`."""
    while at < end:
        part = os.pread(descriptor, min(form.CHUNK, end - at), at)
        if not part:
            raise GalleryDamagedError(f"a segment is damaged: it ends at byte {at}")
        digest.update(part)
        tick(len(part))
        at += len(part)
    return end
