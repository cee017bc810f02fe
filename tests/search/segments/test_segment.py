"""A segment gives back what was written, and any flipped bit shows."""

from __future__ import annotations

import random
import struct
import zlib
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.search.segment_files import make, records

from civid.errors import GalleryDamagedError, GalleryError, GalleryFormatError, GalleryKeyError
from civid.search.arrays import encoding
from civid.search.segments import format as segment_format
from civid.search.segments.keys import StaticKeyProvider
from civid.search.segments.segment import Segment
from civid.search.segments.writer import SegmentWriter, batch_from, batch_of, write_segment

KEYS = StaticKeyProvider({"old": bytes(32), "new": bytes(range(32))})
SUBJECTS = [
    (3, "079204000001", records(1, 5, 40)),
    (4, "Ð ü 日本", records(2, 0)),
    (9, "c", records(3, 0, 12, 0)),
    (1000, "d" * 128, records(4, 255, 1, 7)),
]


def check(segment: Segment, subjects: list) -> None:  # type: ignore[type-arg]
    assert segment.sequences.tolist() == [sequence for sequence, _, _ in subjects]
    assert list(segment.ids()) == [name for _, name, _ in subjects]
    for row, (sequence, name, fingers) in enumerate(subjects):
        assert segment.id(row) == name
        assert segment.find(name) == row
        assert segment.row_of(sequence) == row
        assert segment.fingers_of(row) == fingers
        assert segment.enrolled[row] == len(fingers)
        assert segment.find(name + "x") == -1
    kept = [f for _, _, fingers in subjects for f in fingers if encoding.count(f[1])]
    made = make([template for _, template in kept])
    segment.check("block")
    segment.check("codes")
    segment.check("details")
    assert segment.positions.tolist() == [position for position, _ in kept]
    assert segment.block.tobytes() == made.block.tobytes()
    assert segment.codes.tobytes() == made.codes.tobytes()
    assert segment.offsets.tolist() == made.offsets.tolist()
    assert segment.details.tobytes() == made.details.tobytes()
    assert segment.first[-1] == segment.fingers == len(kept)
    assert segment.row_of(5) == -1
    segment.verify()


@pytest.mark.parametrize("keys", [None, KEYS])
def test_gives_back_what_was_written(tmp_path: Path, keys: StaticKeyProvider | None) -> None:
    path = tmp_path / "a.seg"
    written = write_segment(path, SUBJECTS, make, number=7, index_version=3, keys=keys)
    segment = Segment.open(path, keys, root=written.root)
    assert (segment.number, segment.index_version, segment.subjects) == (7, 3, 4)
    assert (written.number, written.subjects, written.fingers) == (7, 4, 9)
    assert segment.key_id == ("new" if keys else "")
    assert repr(segment) == "Segment(4 subjects, 6 fingers)"
    check(segment, SUBJECTS)
    for name in ("sequences", "first", "block", "codes", "details", "offsets"):
        assert not getattr(segment, name).flags.writeable
        assert getattr(segment, name).ctypes.data % 64 == 0
    assert [p.name for p in tmp_path.iterdir()] == ["a.seg"]


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@settings(max_examples=20, deadline=None)
@given(
    st.dictionaries(names, st.lists(st.integers(0, 9), min_size=1, max_size=3), max_size=12),
    st.integers(1, 5),
    st.booleans(),
)
def test_any_subjects_in_any_batches(
    tmp_path_factory: pytest.TempPathFactory, model: dict[str, list[int]], size: int, sealed: bool
) -> None:
    path = tmp_path_factory.mktemp("segment") / "a.seg"
    subjects = [(i * 3 + 1, n, records(i, *c)) for i, (n, c) in enumerate(model.items())]
    keys = KEYS if sealed else None
    with SegmentWriter(path, keys=keys) as writer:
        for begin in range(0, len(subjects), size):
            writer.add(batch_of(subjects[begin : begin + size], make))
        writer.finish()
    segment = Segment.open(path, keys)
    check(segment, subjects)
    if not sealed:
        write_segment(path.with_name("b.seg"), subjects, make)
        assert path.read_bytes() == path.with_name("b.seg").read_bytes()
        with SegmentWriter(path.with_name("c.seg")) as writer:
            for begin in range(0, len(subjects), size):
                end = min(begin + size, len(subjects))
                writer.add(batch_from(segment, segment.hashes(), begin, end))
            writer.finish()
        assert path.read_bytes() == path.with_name("c.seg").read_bytes()


def many(path: Path, keys: StaticKeyProvider | None = None) -> Path:
    """Sections of several chunks."""
    subjects = [(i + 1, f"{i:012}", records(i % 16, 40 + i % 3, 30)) for i in range(200)]
    write_segment(path, subjects, make, keys=keys)
    return path


def use(path: Path, keys: StaticKeyProvider | None = None) -> None:
    """Everything a gallery does with a segment."""
    segment = Segment.open(path, keys)
    for name in ("block", "codes", "details"):
        segment.check(name)
    list(segment.ids())
    for row in range(segment.subjects):
        segment.fingers_of(row)


@pytest.mark.parametrize("keys", [None, KEYS])
def test_a_flipped_bit_anywhere_is_found(tmp_path: Path, keys: StaticKeyProvider | None) -> None:
    small = tmp_path / "a.seg"
    write_segment(small, SUBJECTS[:3], make, keys=keys)
    large = many(tmp_path / "b.seg", keys)
    choose = random.Random(1)
    for path, places in (
        (small, [*range(260), *range(260, 4064, 97), *range(4064, small.stat().st_size)]),
        (large, choose.sample(range(large.stat().st_size), 100)),
    ):
        data = path.read_bytes()
        changed = tmp_path / "c.seg"
        for place in places:
            flipped = bytearray(data)
            flipped[place] ^= 1 << choose.randrange(8)
            changed.write_bytes(flipped)
            # A flip in the magic makes it another file.
            kinds = (GalleryDamagedError, GalleryFormatError) if place < 8 else GalleryDamagedError
            with pytest.raises(kinds):
                use(changed, keys)
            with pytest.raises(kinds):
                Segment.open(changed, keys).verify()


@pytest.mark.parametrize("keys", [None, KEYS])
def test_cut_off_grown_and_foreign_files(tmp_path: Path, keys: StaticKeyProvider | None) -> None:
    path = many(tmp_path / "a.seg", keys)
    data = path.read_bytes()
    for size in (8, 100, 4095, 4096, 5000, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:size])
        with pytest.raises(GalleryDamagedError, match="byte"):
            Segment.open(path, keys)
    path.write_bytes(data + b"x")
    with pytest.raises(GalleryDamagedError, match=f"{len(data) + 1} bytes"):
        Segment.open(path, keys)
    for foreign in (b"", b"PK", b"SQLite format 3\0" + bytes(9000)):
        path.write_bytes(foreign)
        with pytest.raises(GalleryFormatError, match="not a segment"):
            Segment.open(path, keys)
    newer = bytearray(data)
    newer[8] = 3
    newer[4064:4096] = segment_format.root(newer)
    path.write_bytes(newer)
    with pytest.raises(GalleryFormatError, match=r"version 3.*version 1 to 2"):
        Segment.open(path, keys)


def test_damage_names_section_and_offset_and_good_chunks_stay_good(tmp_path: Path) -> None:
    path = many(tmp_path / "a.seg")
    segment = Segment.open(path)
    records_at = segment_format.HEADER
    with path.open("r+b") as file:
        file.seek(records_at + 70_000)
        file.write(b"\xff\x00\xff")
    segment = Segment.open(path)
    segment.check("block")
    segment.check("records", 0, 60_000)
    assert segment.fingers_of(0) == records(0, 40, 30)
    with pytest.raises(GalleryDamagedError, match=f"records, at byte {records_at + 65536}"):
        segment.check("records", 65_000, 66_000)
    with pytest.raises(GalleryDamagedError, match="records"):
        segment.verify()


def test_offsets_that_lead_astray_are_refused(tmp_path: Path) -> None:
    """Not by accident: every check fits, as if another program had written the file."""
    batch = batch_of(SUBJECTS, make)
    wrong = {
        "sizes": batch.sizes + np.uint64(1),
        "sequences": batch.sequences[::-1],
        "record_sizes": batch.record_sizes - np.uint64(1),
        "id_sizes": batch.id_sizes * np.uint64(2),
        "codes": batch.codes[1:],
    }
    for name, table in wrong.items():
        with SegmentWriter(tmp_path / "a.seg") as writer:
            writer.add(batch._replace(**{name: table}))
            writer.finish()
        with pytest.raises(GalleryDamagedError):
            Segment.open(tmp_path / "a.seg")


def test_wrong_and_missing_keys(tmp_path: Path) -> None:
    path = tmp_path / "a.seg"
    write_segment(path, SUBJECTS, make, keys=KEYS)
    for keys in (
        None,
        StaticKeyProvider({"old": bytes(32)}),
        StaticKeyProvider({"new": bytes(32)}),
    ):
        with pytest.raises(GalleryKeyError):
            Segment.open(path, keys)
    check(
        Segment.open(path, StaticKeyProvider({"new": bytes(range(32)), "3": bytes(32)})), SUBJECTS
    )


def test_an_encrypted_segment_shows_nothing_and_never_repeats_itself(tmp_path: Path) -> None:
    files = []
    for name in ("a.seg", "b.seg"):
        write_segment(tmp_path / name, SUBJECTS, make, keys=KEYS)
        files.append((tmp_path / name).read_bytes())
    plain = [name.encode() for _, name, _ in SUBJECTS if len(name) > 4]
    plain += [t[at : at + 16] for _, _, f in SUBJECTS for _, t in f for at in range(7, len(t) - 16)]
    assert not any(trace in file for trace in plain for file in files)
    one, other = (np.frombuffer(file, np.uint8)[4096:] for file in files)
    assert (one != other).mean() > 0.98
    moved = bytearray(files[0])  # the same chunk of another segment
    moved[4096:5000] = files[1][4096:5000]
    (tmp_path / "a.seg").write_bytes(moved)
    with pytest.raises(GalleryDamagedError):
        Segment.open(tmp_path / "a.seg", KEYS).verify()


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def broken(templates: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_segment(tmp_path / "a.seg", SUBJECTS, broken)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_errors_are_those_of_a_gallery() -> None:
    assert issubclass(GalleryKeyError, GalleryError)


def forged(data: bytes) -> bytes:
    """The same file with every digest and check made to fit."""
    out = bytearray(data)
    checks = int.from_bytes(out[64:72], "little")
    at = checks
    for i in range(len(segment_format.NAMES)):
        place = 256 + 16 * i
        offset, length = struct.unpack_from("<QQ", out, place)
        end = offset + segment_format.padded(length)
        if end > len(out):
            break
        for begin in range(offset, end, segment_format.CHUNK):
            part = out[begin : min(begin + segment_format.CHUNK, end)]
            if at + 4 <= len(out):
                out[at : at + 4] = zlib.crc32(part).to_bytes(4, "little")
            at += 4
    out[72:104] = blake2b(out[checks:], digest_size=32).digest()
    out[4064:4096] = segment_format.root(out)
    return bytes(out)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_forged_file_is_refused_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Numbers that somebody has changed on purpose never lead out of the arrays."""
    folder = tmp_path_factory.mktemp("forged")
    write_segment(folder / "a.seg", SUBJECTS[:3], make)
    whole = (folder / "a.seg").read_bytes()
    assert forged(whole) == whole
    words = st.one_of(st.integers(2, 8), st.integers(32, 60), st.integers(512, len(whole) // 8 - 1))
    values = st.one_of(st.integers(0, 300), st.integers(0, (1 << 64) - 1))
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        struct.pack_into("<Q", changed, 8 * data.draw(words), data.draw(values))
    (folder / "b.seg").write_bytes(forged(bytes(changed)))
    try:
        segment = Segment.open(folder / "b.seg")
        segment.verify()
    except GalleryError:
        return
    for row in range(segment.subjects):
        low, high = segment.first[row : row + 2].tolist()
        assert 0 <= low <= high <= len(segment.positions)
        begin, end = segment.offsets[[low, high]].tolist()
        assert 0 <= begin <= end <= len(segment.block)
    assert len(segment.codes) == len(segment.details) == len(segment.block) // 8 - segment.fingers
    for row in range(segment.subjects):
        for ask in (segment.id, segment.fingers_of):
            with suppress(GalleryError):
                ask(row)
    with suppress(GalleryError):
        segment.find("c")
