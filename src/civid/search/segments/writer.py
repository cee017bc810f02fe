"""Write a segment, in batches, with little memory: some hundred bytes a subject, and the batch.

The records go to the file at once, the other large sections to files without a name, from which
they are copied behind the records in the end. What is encrypted is encrypted before it goes to
any of them.
"""

from __future__ import annotations

import os
import secrets
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from civid.fingerprint.scores.extractors import NUMBERED
from civid.search.arrays import encoding
from civid.search.arrays.encoding import EncodedFingers
from civid.search.arrays.inverted_lists import BLOCK, LEAST, SMALLEST, readable
from civid.search.arrays.packing import INDEX_VERSION, NUMBERED_VERSION, Arrays, numbered
from civid.search.segments import format as form
from civid.search.segments.inverted import WaitingForLists
from civid.search.segments.keys import SALT, TAG, KeyProvider, Sealer
from civid.search.segments.records import pack_fingers
from civid.search.segments.segment import Segment, id_hash

Array = npt.NDArray[Any]


#: Makes the searched form of encoded templates, none of them without minutiae.
Make = Callable[[Sequence[bytes]], Arrays]


class Batch(NamedTuple):
    """Some subjects on their way into a segment; a `*_sizes` table has one element for each."""

    sequences: Array
    finger_counts: Array
    positions: Array
    sizes: Array
    enrolled: Array
    id_sizes: Array
    id_hashes: Array
    record_sizes: Array
    block: Array
    codes: Array
    details: Array
    ids: bytes
    records: bytes


class Written(NamedTuple):
    """A finished segment, as the gallery's manifest names it."""

    number: int
    subjects: int
    fingers: int
    root: bytes
    #: Device and inode of its file.
    identity: tuple[int, int]


def batch_of(subjects: Sequence[tuple[int, str, EncodedFingers]], make: Make) -> Batch:
    """A batch of (sequence, id, fingers)."""
    kept = [
        [finger for finger in fingers if encoding.count(finger[1])] for _, _, fingers in subjects
    ]
    made = make([template for fingers in kept for _, template in fingers])
    names = [name.encode() for _, name, _ in subjects]
    records = [pack_fingers(fingers) for _, _, fingers in subjects]
    return Batch(
        np.array([sequence for sequence, _, _ in subjects], np.int64),
        np.array([len(fingers) for fingers in kept], np.int64),
        np.array([position for fingers in kept for position, _ in fingers], np.uint8),
        np.diff(made.offsets),
        np.array([len(fingers) for _, _, fingers in subjects], np.uint8),
        np.array([len(name) for name in names], np.uint64),
        np.array([id_hash(name) for name in names], np.uint64),
        np.array([len(record) for record in records], np.uint64),
        made.block,
        made.codes,
        made.details,
        b"".join(names),
        b"".join(records),
    )


def batch_from(segment: Segment, hashes: Array, begin: int, end: int) -> Batch:
    """Rows begin .. end - 1 of a segment, as they are; `hashes` is `segment.hashes()`."""
    first, offsets = segment.first, segment.offsets
    low, high = int(first[begin]), int(first[end])
    block_low, block_high = int(offsets[low]), int(offsets[high])
    words = slice(block_low // 8 - low, block_high // 8 - high)
    segment.check("block", block_low, block_high)
    segment.check("codes", words.start, words.stop)
    segment.check("details", words.start, words.stop)
    id_ends = segment.table("id_offsets")[begin : end + 1]
    record_ends = segment.table("record_offsets")[begin : end + 1]
    return Batch(
        segment.sequences[begin:end],
        np.diff(first[begin : end + 1]),
        segment.positions[low:high],
        np.diff(offsets[low : high + 1]),
        segment.enrolled[begin:end],
        np.diff(id_ends),
        hashes[begin:end],
        np.diff(record_ends),
        segment.block[block_low:block_high],
        segment.codes[words],
        segment.details[words],
        segment.read("ids", int(id_ends[0]), int(id_ends[-1])),
        segment.read("records", int(record_ends[0]), int(record_ends[-1])),
    )


def lacks_numbers(batch: Batch) -> bool:
    """Of a segment without numbers: may there be an extractor in it that has one?"""
    return any(name in batch.records for name in NUMBERED)


def lacks_lists(segment: Segment, subjects: int, index_version: int) -> bool:
    """Has it none, as an older civid wrote it, that so many subjects would get if written now?"""
    if index_version != INDEX_VERSION or subjects < SMALLEST:
        return False
    return not readable(segment.lists)


class _Sink:
    """One section on its way to a file: cut into chunks, each checked, perhaps encrypted."""

    def __init__(self, file: IO[bytes], number: int, section: int, sealer: Sealer | None):
        self._file, self._section, self._sealer = file, section, sealer
        self._about = form.chunk_name(number, section)
        self._rest = bytearray()
        self.length = 0
        self.checks: list[bytes] = []

    def write(self, data: Any) -> None:
        view = memoryview(data).cast("B")
        self.length += len(view)
        self._rest += view
        whole = len(self._rest) // form.CHUNK * form.CHUNK
        if whole:
            self._chunks(whole)

    def finish(self) -> None:
        self._rest += bytes(form.padded(self.length) - self.length)
        self._chunks(len(self._rest))

    def _chunks(self, end: int) -> None:
        with memoryview(self._rest) as view:
            for begin in range(0, end, form.CHUNK):
                with view[begin : min(begin + form.CHUNK, end)] as part:
                    self._chunk(part)
        del self._rest[:end]

    def _chunk(self, part: memoryview) -> None:
        if self._sealer is None:
            self.checks.append(zlib.crc32(part).to_bytes(4, "little"))
            self._file.write(part)
            return
        number = form.chunk_number(self._section, len(self.checks))
        sealed = self._sealer.seal(number, part, self._about)
        self.checks.append(sealed[-TAG:])
        self._file.write(sealed[:-TAG])


class SegmentWriter:
    """Writes one segment to `path`; leave the block by an exception and the file is gone.

    `folder`, if given, is a descriptor of the folder that `path` starts from.

    Subjects come by ascending sequence number. The bytes depend on nothing but the subjects,
    `number` and `index_version`, unless they are encrypted (with `keys`).
    """

    def __init__(
        self,
        path: str | Path,
        *,
        number: int = 1,
        index_version: int = 0,
        keys: KeyProvider | None = None,
        folder: int | None = None,
    ):
        self._folder, self._parent = folder, Path(path).parent
        self._path, self._number, self._index_version = path, number, index_version
        self._key_id, self._salt, self._sealer = "", bytes(SALT), None
        if keys is not None:
            self._key_id, self._salt = keys.current(), os.urandom(SALT)
            self._sealer = Sealer(keys, self._key_id, self._salt, b"segment")
        self._tables: dict[str, list[Array]] = {name: [] for name in Batch._fields[:8]}
        self._files: dict[str, IO[bytes]] = {}
        self._sinks: dict[str, _Sink] = {}
        self.subjects = 0
        self._current, self._lists = index_version == INDEX_VERSION, WaitingForLists()

    def __enter__(self) -> Self:
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
        fd = os.open(self._path, flags, 0o600, dir_fd=self._folder)
        self._file = os.fdopen(fd, "r+b")
        try:
            self._file.write(bytes(form.HEADER))
            for name in form.LARGE:
                if name != "records":
                    self._files[name] = self._nameless()
                self._sinks[name] = self._sink(self._files.get(name, self._file), name)
        except BaseException as error:
            self.__exit__(type(error))
            raise
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        for file in (self._file, *self._files.values()):
            # What cannot be flushed any more (a full disk) has been told already.
            try:
                file.close()
            except OSError:
                if kind is None:
                    raise
        if kind is not None:
            with suppress(FileNotFoundError):
                os.unlink(self._path, dir_fd=self._folder)

    def _nameless(self) -> IO[bytes]:
        """A file that is gone when it is closed."""
        path = self._parent / f"gallery-{secrets.token_hex(8)}.tmp"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        fd = os.open(path, flags, 0o600, dir_fd=self._folder)
        os.unlink(path, dir_fd=self._folder)
        return os.fdopen(fd, "r+b")

    def _sink(self, file: IO[bytes], name: str) -> _Sink:
        return _Sink(file, self._number, form.NAMES.index(name), self._sealer)

    def add(self, batch: Batch) -> None:
        """Add subjects."""
        for name, table in self._tables.items():
            # Copies: a slice would keep its segment mapped.
            table.append(np.array(getattr(batch, name)))
        for name in form.LARGE:
            if name != "lists":
                self._sinks[name].write(getattr(batch, name))
        self.subjects += len(batch.sequences)
        if self._current:
            if numbered(batch.block, np.cumsum(batch.sizes) - batch.sizes):
                self._index_version = NUMBERED_VERSION
            self._lists.add(batch)
            while len(waiting := self._lists) >= BLOCK + LEAST:
                self._sinks["lists"].write(waiting.build(BLOCK))

    def finish(self) -> Written:
        """Write what is left; -> when it is on the disk."""
        if len(self._lists) >= SMALLEST:
            self._sinks["lists"].write(self._lists.build(len(self._lists)))
        tables = {name: _joined(table) for name, table in self._tables.items()}
        places: dict[str, tuple[int, int]] = {}
        self._sinks["records"].finish()
        places["records"] = form.HEADER, self._sinks["records"].length
        for name, array in _small(tables).items():
            sink = self._sinks[name] = self._sink(self._file, name)
            offset = self._file.tell()
            sink.write(np.ascontiguousarray(array, form.SECTIONS[name]))
            sink.finish()
            places[name] = offset, sink.length
        for name in ("codes", "details", "block", "ids", "lists"):
            self._sinks[name].finish()
            places[name] = self._file.tell(), self._sinks[name].length
            self._files[name].seek(0)
            shutil.copyfileobj(self._files[name], self._file, 1 << 20)
        checks = b"".join(b"".join(self._sinks[name].checks) for name in form.NAMES)
        start = self._file.tell()
        self._file.write(checks)
        header = form.Header(
            size=start + len(checks),
            number=self._number,
            index_version=self._index_version,
            subjects=self.subjects,
            fingers=len(tables["positions"]),
            enrolled=int(tables["enrolled"].sum(dtype=np.int64)),
            checks=start,
            checks_digest=blake2b(checks, digest_size=form.DIGEST).digest(),
            key_id=self._key_id,
            salt=self._salt,
            proof=bytes(TAG),
            places=tuple(places[name] for name in form.NAMES),
        )
        if self._sealer is not None:
            header = header._replace(proof=self._sealer.proof(header.pack()))
        head = header.pack()
        self._file.seek(0)
        self._file.write(head)
        self._file.flush()
        os.fsync(self._file.fileno())
        found = os.fstat(self._file.fileno())
        return Written(
            self._number,
            self.subjects,
            header.enrolled,
            head[-form.DIGEST :],
            (found.st_dev, found.st_ino),
        )


def _joined(parts: list[Array]) -> Array:
    return np.concatenate(parts) if parts else np.empty(0, np.uint8)


def _small(tables: dict[str, Array]) -> dict[str, Array]:
    """The sections that were kept in memory, in the order of the file."""
    order = np.argsort(tables["id_hashes"], kind="stable")
    return {
        "sequences": tables["sequences"],
        "first": _starts(tables["finger_counts"]),
        "positions": tables["positions"],
        "offsets": _starts(tables["sizes"]),
        "enrolled": tables["enrolled"],
        "id_offsets": _starts(tables["id_sizes"]),
        "id_hashes": tables["id_hashes"][order],
        "id_order": order,
        "record_offsets": _starts(tables["record_sizes"]),
    }


def _starts(sizes: Array) -> Array:
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:], dtype=np.int64)
    return starts


def write_segment(
    path: Path,
    subjects: Iterable[tuple[int, str, EncodedFingers]],
    make: Make,
    *,
    number: int = 1,
    index_version: int = 0,
    keys: KeyProvider | None = None,
) -> Written:
    """Write (sequence, id, fingers), by ascending sequence, as a segment."""
    with SegmentWriter(path, number=number, index_version=index_version, keys=keys) as writer:
        for some in _batches(subjects):
            writer.add(batch_of(some, make))
        return writer.finish()


def _batches(
    subjects: Iterable[tuple[int, str, EncodedFingers]], size: int = 1024
) -> Iterator[list[tuple[int, str, EncodedFingers]]]:
    batch = []
    for subject in subjects:
        batch.append(subject)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
