"""A segment: an immutable file of subjects, mapped into memory and searched where it lies.

`civid.search.segments.format` says how it is laid out, `civid.search.segments.writer` writes it. On
opening, the header and the small tables are checked; the large sections are checked chunk by chunk
by those who use them (`Segment.check`), each chunk once. An encrypted segment is decrypted into
memory of this process instead, all but its records.
"""

from __future__ import annotations

import mmap
import os
import zlib
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from civid._native.buffers import aligned
from civid.errors import GalleryDamagedError, GalleryKeyError
from civid.position import Position
from civid.search.arrays.encoding import EncodedFingers
from civid.search.arrays.packing import INDEX_VERSION, NUMBERED_VERSION
from civid.search.segments import format as form
from civid.search.segments.keys import KeyProvider, Sealer
from civid.search.segments.records import unpack_fingers

Array = npt.NDArray[Any]


def id_hash(subject_id: bytes) -> int:
    """BLAKE2b-64 of an id in UTF-8."""
    return int.from_bytes(blake2b(subject_id, digest_size=8).digest(), "little")


def id_hashes(ids: Sequence[str]) -> Array:
    """`id_hash` of many."""
    joined = b"".join(blake2b(one.encode(), digest_size=8).digest() for one in ids)
    return np.frombuffer(joined, "<u8")


class Segment:
    """Arrays of an open segment, all read-only. Safe to use from several threads.

    Attributes
    ----------
    subjects, fingers, enrolled_fingers : int
        How many; `fingers` are those that can be compared, `enrolled_fingers` all.
    number, index_version : int
        As they were given to the writer.
    numbered : bool
        Whether some of its packed templates carry the number of an extractor.
    root : bytes
        BLAKE2b-256 over everything, by way of the header.
    identity : tuple of int
        Device and inode of its file.
    sequences, first, positions, offsets, enrolled, block, codes, details, lists : array
        See `civid.search.segments.format.SECTIONS`. Call `check` before
        reading the last four.
    """

    sequences: Array
    first: Array
    positions: Array
    offsets: Array
    enrolled: Array
    block: Array
    codes: Array
    details: Array
    lists: Array

    def __init__(
        self,
        header: form.Header,
        root: bytes,
        data: mmap.mmap,
        sealer: Sealer | None,
        identity: tuple[int, int],
    ):
        self._header, self._data, self._sealer = header, data, sealer
        self.root, self.identity = root, identity
        self.number, self.index_version = header.number, header.index_version
        self.numbered = header.index_version == NUMBERED_VERSION
        if self.numbered:
            self.index_version = INDEX_VERSION
        self.subjects, self.fingers = header.subjects, header.fingers
        self.enrolled_fingers = header.enrolled
        self._load_checks()
        self._arrays: dict[str, Array] = {}
        self._checked: dict[str, Array] = {}
        self._plain: dict[str, Array] = {}  # of an encrypted one, as far as it was checked
        for section, name in enumerate(form.NAMES):
            self._take(section, name)
        if sealer is not None and hasattr(mmap, "MADV_DONTNEED"):
            data.madvise(mmap.MADV_DONTNEED)  # what was read is not looked at again
        self._structure()
        for name in (*form.NAMES[:5], "block", "codes", "details", "lists"):
            setattr(self, name, self._arrays[name])

    @classmethod
    def open(
        cls,
        path: str | Path,
        keys: KeyProvider | None = None,
        *,
        root: bytes | None = None,
        folder: int | None = None,
    ) -> Segment:
        """Map a segment.

        Parameters
        ----------
        path : Path
            The file.
        keys : KeyProvider, optional
            For an encrypted one.
        root : bytes, optional
            What its `root` must be.
        folder : int, optional
            A descriptor of the folder that `path` starts from.

        Raises
        ------
        GalleryFormatError, GalleryDamagedError
            Not a segment, of another version, or damaged: the message names section and offset.
        GalleryKeyError
            It is encrypted and the key is missing or another one.
        OSError
            The file cannot be read.
        """
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=folder)
        try:
            found = os.fstat(fd)
            size = found.st_size
            head = os.pread(fd, form.HEADER, 0)
            if root is not None and root != form.root(head):
                raise GalleryDamagedError(
                    "a segment is damaged: header at byte 0, or not the one that the gallery wrote"
                )
            header = form.parse(head, size)
            sealer = sealer_of(header, keys)
            data = mmap.mmap(fd, size, prot=mmap.PROT_READ)
        finally:
            os.close(fd)
        return cls(header, form.root(head), data, sealer, (found.st_dev, found.st_ino))

    # ---- opening

    def _load_checks(self) -> None:
        header = self._header
        table = self._data[header.checks : header.size]
        if blake2b(table, digest_size=form.DIGEST).digest() != header.checks_digest:
            raise GalleryDamagedError(
                f"a segment is damaged: table of checks, at byte {header.checks}"
            )
        self._checks: list[Any] = []
        at = 0
        for _, length in header.places:
            size = form.chunks(length) * header.check_size
            part = table[at : at + size]
            at += size
            width = header.check_size
            self._checks.append(
                [part[i : i + width] for i in range(0, size, width)]
                if header.encrypted
                else np.frombuffer(part, "<u4").tolist()
            )

    def _take(self, section: int, name: str) -> None:
        offset, length = self._header.places[section]
        kind = np.dtype(form.SECTIONS[name])
        self._checked[name] = np.zeros(form.chunks(length), bool)
        if self._sealer is None:
            raw = np.frombuffer(self._data, np.uint8, length, offset)
            self._arrays[name] = raw.view(kind)
            if name not in form.LARGE:
                self.check(name)
        elif name != "records":
            raw = self._plain[name] = aligned(form.padded(length))
            self._arrays[name] = raw[:length].view(kind)
            self._arrays[name].setflags(write=False)
            if name not in form.SELDOM:
                self.check(name)

    def _structure(self) -> None:
        """Offsets that C follows must rise and end where their section does."""
        arrays = self._arrays
        ends = {
            "first": self.fingers,
            "offsets": self._header.places[form.NAMES.index("block")][1],
            "id_offsets": len(arrays["ids"]),
            "record_offsets": self._header.places[form.NAMES.index("records")][1],
        }
        for name, end in ends.items():
            table = arrays[name]
            if table[0] != 0 or table[-1] != end or (table[1:] < table[:-1]).any():
                raise self._damage(name)
        words = len(arrays["block"]) // 8 - self.fingers
        for name in ("codes", "details"):
            if len(arrays[name]) != words:
                raise self._damage(name)
        sequences, order = arrays["sequences"], arrays["id_order"]
        if (sequences[1:] <= sequences[:-1]).any() or (sequences[:1] < 1).any():
            raise self._damage("sequences")
        if len(order) and order.max() >= self.subjects:
            raise self._damage("id_order")
        if (arrays["positions"] > max(Position)).any():
            raise self._damage("positions")

    def _damage(self, name: str, chunk: int = 0) -> GalleryDamagedError:
        offset = self._header.places[form.NAMES.index(name)][0] + chunk * form.CHUNK
        return GalleryDamagedError(f"a segment is damaged: section {name}, at byte {offset}")

    # ---- checking

    def check(self, name: str, begin: int = 0, end: int | None = None) -> None:
        """Make sure that elements begin .. end - 1 of a section are what was written.

        What was found good once is not read again, so that it costs little to ask each time. Of an
        encrypted segment ``codes`` and ``details`` are not there before they were checked. An
        element of ``block`` and ``lists`` is a byte, of ``codes`` and ``details`` a word.

        Raises
        ------
        GalleryDamagedError
            They are not.
        """
        section = form.NAMES.index(name)
        offset, length = self._header.places[section]
        width = int(form.SECTIONS[name][-1])
        last = length if end is None else min(end * width, length)
        checked = self._checked[name]
        # To the end means with the filling behind it.
        low, high = begin * width // form.CHUNK, -(-last // form.CHUNK)
        if checked[low:high].all():
            return
        for chunk in (low + np.flatnonzero(~checked[low:high])).tolist():
            if self._sealer is not None:
                plain = np.frombuffer(self._decrypted(section, chunk), np.uint8)
                if name in self._plain:
                    at = chunk * form.CHUNK
                    self._plain[name][at : at + len(plain)] = plain
            else:
                start = offset + chunk * form.CHUNK
                stop = min(start + form.CHUNK, offset + form.padded(length))
                with memoryview(self._data) as view:
                    found = zlib.crc32(view[start:stop])
                if found != self._checks[section][chunk]:
                    raise self._damage(name, chunk)
            checked[chunk] = True

    def verify(self) -> None:
        """Check everything; raises as `check` does."""
        for name in form.NAMES:
            self.check(name)

    def _decrypted(self, section: int, chunk: int) -> bytes:
        assert self._sealer is not None
        offset, length = self._header.places[section]
        start = offset + chunk * form.CHUNK
        stop = min(start + form.CHUNK, offset + form.padded(length))
        try:
            return self._sealer.open(
                form.chunk_number(section, chunk),
                self._data[start:stop] + self._checks[section][chunk],
                form.chunk_name(self.number, section),
            )
        except ValueError:
            raise self._damage(form.NAMES[section], chunk) from None

    # ---- subjects

    def fingers_of(self, row: int) -> EncodedFingers:
        """All enrolled fingers of a subject, by its row."""
        begin, end = self._arrays["record_offsets"][row : row + 2].tolist()
        return unpack_fingers(self.read("records", begin, end))

    def read(self, name: str, begin: int, end: int) -> bytes:
        """Checked bytes of a section of bytes."""
        if self._sealer is None or name != "records":
            self.check(name, begin, end)
            return bytes(self._arrays[name][begin:end])
        section = form.NAMES.index(name)
        low, high = begin // form.CHUNK, -(-end // form.CHUNK)
        parts = b"".join([self._decrypted(section, chunk) for chunk in range(low, high)])
        return parts[begin - low * form.CHUNK : end - low * form.CHUNK]

    def table(self, name: str) -> Array:
        """Any of the tables that are checked on opening."""
        return self._arrays[name]

    def id(self, row: int) -> str:
        """The id of a subject, by its row."""
        begin, end = self._arrays["id_offsets"][row : row + 2].tolist()
        return self._text(self.read("ids", begin, end))

    def ids(self) -> Iterator[str]:
        """All ids, by row."""
        self.check("ids")
        data, begin = bytes(self._arrays["ids"]), 0
        for end in self._arrays["id_offsets"][1:].tolist():
            yield self._text(data[begin:end])
            begin = end

    def _text(self, data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise self._damage("ids") from None

    def rows(self, subject_id: str) -> Iterator[int]:
        """The rows of an id: two or more when it was removed and enrolled again."""
        return (row for _, row in self.rows_of([subject_id], id_hashes([subject_id])))

    def rows_of(self, ids: Sequence[str], hashes: Array) -> Iterator[tuple[int, int]]:
        """Place and row of those of many ids that are here; `hashes` are theirs, `id_hashes`."""
        known, order = self._arrays["id_hashes"], self._arrays["id_order"]
        first = np.searchsorted(known, hashes)
        behind = np.minimum(first, max(len(known) - 1, 0))
        hits = np.flatnonzero(known[behind] == hashes) if len(known) else ()
        for place in map(int, hits):
            at = int(first[place])
            while at < len(known) and known[at] == hashes[place]:
                row = int(order[at])
                if self.id(row) == ids[place]:
                    yield place, row
                at += 1

    def find(self, subject_id: str) -> int:
        """A row of an id; -1 = not here."""
        return next(self.rows(subject_id), -1)

    def hashes(self) -> Array:
        """The hash of each id, by row."""
        by_row = np.empty(self.subjects, np.uint64)
        by_row[self._arrays["id_order"]] = self._arrays["id_hashes"]
        return by_row

    def row_of(self, sequence: int) -> int:
        """The row of a sequence number; -1 = not here."""
        row = int(np.searchsorted(self.sequences, sequence))
        return row if row < self.subjects and self.sequences[row] == sequence else -1

    @property
    def encrypted(self) -> bool:
        """Is the file encrypted?"""
        return self._header.encrypted

    @property
    def key_id(self) -> str:
        """Name of its key; empty when it is not encrypted."""
        return self._header.key_id

    def __repr__(self) -> str:
        return f"Segment({self.subjects} subjects, {self.fingers} fingers)"


def sealer_of(header: form.Header, keys: KeyProvider | None) -> Sealer | None:
    """What opens the chunks of a segment; None = they are not encrypted.

    Raises
    ------
    GalleryKeyError
        The key is missing, or another one.
    """
    if not header.encrypted:
        return None
    if keys is None:
        raise GalleryKeyError("the gallery is encrypted, and was opened without keys")
    sealer = Sealer(keys, header.key_id, header.salt, b"segment")
    if sealer.proof(header.proved()) != header.proof:
        raise GalleryKeyError("the gallery was encrypted with another key")
    return sealer
