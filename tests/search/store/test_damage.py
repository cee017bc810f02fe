"""Any flipped byte anywhere: the same answer or GalleryDamagedError, and nothing else."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from tests.search.prints import Template, again, person, same, template  # type: ignore[attr-defined]
from tests.search.segment_files import make, records

from civid.errors import GalleryDamagedError, GalleryError
from civid.position import Position
from civid.search import Gallery
from civid.search.store.files import folder
from civid.search.store.sqlite_store import SqliteStore

PEOPLE = {f"{i:03}": person(i, 2, 7, count=10 + i % 7) for i in range(24)}
PROBE = again(PEOPLE["011"], 5)


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "original"
    with Gallery.open(path) as gallery:
        gallery.enroll_many(PEOPLE)
        gallery.enroll_many({"x": template(1, 255), "y": template(2, 0)})
        gallery.remove_many(["003", "017", "018", "x"])
    return path


def content(gallery: Gallery) -> list[tuple[str, list[tuple[Position, Template]]]]:
    return [(name, list(gallery.get(name).items())) for name in gallery]


def equal(one: list, other: list) -> bool:  # type: ignore[type-arg]
    return len(one) == len(other) and all(
        a == b
        and [p for p, _ in x] == [p for p, _ in y]
        and all(same(s, t) for (_, s), (_, t) in zip(x, y, strict=True))
        for (a, x), (b, y) in zip(one, other, strict=True)
    )


def survives(path: Path, expected: list, found: list) -> str:  # type: ignore[type-arg]
    """Open, read and search; -> "same" or "damaged"; anything else fails."""
    try:
        with Gallery.open(path, create=False) as gallery:
            assert equal(content(gallery), expected)
            assert gallery.search(PROBE, 5) == found
            gallery.enroll("new", template(3, 12))
            assert "new" in gallery
    except GalleryDamagedError:
        return "damaged"
    with Gallery.open(path, create=False) as gallery:
        assert equal(content(gallery)[:-1], expected)
    return "same"


def flips(original: Path, name: str, places: list[int], scratch: Path) -> dict[str, int]:
    with Gallery.open(original, read_only=True) as gallery:
        expected, found = content(gallery), gallery.search(PROBE, 5)
    choose = random.Random(7)
    outcome = {"same": 0, "damaged": 0}
    for place in places:
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(original, scratch)
        data = bytearray((scratch / name).read_bytes())
        data[place] ^= choose.choice([1, 2, 4, 8, 16, 32, 64, 128, 255])
        (scratch / name).write_bytes(data)
        outcome[survives(scratch, expected, found)] += 1
    return outcome


def test_flipped_bytes_in_the_database(original: Path, tmp_path: Path) -> None:
    size = (original / folder.DATABASE).stat().st_size
    places = random.Random(3).sample(range(size), 150)
    outcome = flips(original, folder.DATABASE, places, tmp_path / "scratch")
    assert outcome["damaged"] > 30


def test_every_byte_of_the_header(original: Path, tmp_path: Path) -> None:
    outcome = flips(original, folder.DATABASE, list(range(100)), tmp_path / "scratch")
    assert outcome["damaged"] > 10


@pytest.mark.slow
def test_a_flip_in_every_region(original: Path, tmp_path: Path) -> None:
    size = (original / folder.DATABASE).stat().st_size
    places = [place + place // 17 % 17 for place in range(0, size - 17, 17)]
    flips(original, folder.DATABASE, places, tmp_path / "scratch")


def test_flipped_bytes_in_the_commit_counter(original: Path, tmp_path: Path) -> None:
    size = (original / folder.WITNESS).stat().st_size
    places = [*range(0, 44), *range(4090, size)]
    outcome = flips(original, folder.WITNESS, places, tmp_path / "scratch")
    assert outcome["damaged"] == 0  # the other slot carries on


def test_flipped_bytes_in_the_log(tmp_path: Path) -> None:
    gallery = Gallery.open(tmp_path / "live")
    gallery.enroll_many(dict(list(PEOPLE.items())[:12]))
    for name, fingers in list(PEOPLE.items())[12:]:
        gallery.enroll(name, fingers)
    original = Path(shutil.copytree(tmp_path / "live", tmp_path / "original"))
    gallery.close()
    (original / (folder.DATABASE + "-shm")).unlink()
    size = (original / (folder.DATABASE + "-wal")).stat().st_size
    places = [*range(32), *random.Random(5).sample(range(32, size), 80)]
    backup = shutil.copytree(original, tmp_path / "backup")
    # Reading the original would already fold its log into the database.
    with Gallery.open(backup, read_only=True) as reader:
        expected, found = content(reader), reader.search(PROBE, 5)
    outcome = {"same": 0, "damaged": 0}
    choose = random.Random(11)
    for place in places:
        scratch = tmp_path / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(original, scratch)
        log = scratch / (folder.DATABASE + "-wal")
        data = bytearray(log.read_bytes())
        data[place] ^= 1 << choose.randrange(8)
        log.write_bytes(data)
        outcome[survives(scratch, expected, found)] += 1
    assert outcome["damaged"] > 50


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
@pytest.mark.parametrize("name", [folder.DATABASE, folder.WITNESS])
def test_cut_off_files(original: Path, name: str, share: float) -> None:
    with Gallery.open(original, read_only=True) as gallery:
        expected = content(gallery)
    data = (original / name).read_bytes()
    (original / name).write_bytes(data[: int(len(data) * share)])
    for read_only in (True, False):
        try:
            with Gallery.open(original, read_only=read_only) as gallery:
                assert equal(content(gallery), expected)
                assert name == folder.WITNESS or share > 0.5
        except GalleryError:
            continue


@pytest.mark.parametrize("fill", [0, 255])
def test_overwritten_pages(original: Path, tmp_path: Path, fill: int) -> None:
    with Gallery.open(original, read_only=True) as gallery:
        expected, found = content(gallery), gallery.search(PROBE, 5)
    size = (original / folder.DATABASE).stat().st_size
    for page in range(0, size, 4096):
        scratch = tmp_path / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(original, scratch)
        with (scratch / folder.DATABASE).open("r+b") as file:
            file.seek(page)
            file.write(bytes([fill]) * 4096)
        survives(scratch, expected, found)


def test_damage_after_opening_is_found_by_get(original: Path) -> None:
    with Gallery.open(original) as gallery:
        path = original / folder.DATABASE
        data = bytearray(path.read_bytes())
        for at in range(8192, len(data), 64):
            data[at] ^= 4
        with path.open("r+b") as file:
            file.write(data)
        gallery._store._connection.execute("PRAGMA shrink_memory")  # type: ignore[attr-defined]
        found = gallery.search(PROBE, 1)  # from memory, and right
        assert found[0].subject_id == "011"
        failures = 0
        for name in list(gallery):
            try:
                got = gallery.get(name)
                assert name != "y" or same(got[Position.UNKNOWN], template(2, 0))
            except GalleryDamagedError:
                failures += 1
        assert failures > 5


def store_content(path: Path, read_only: bool) -> dict[int, object]:
    store = SqliteStore(path, create=False, read_only=read_only, timeout=5)
    try:
        found: dict[int, object] = {s.sequence: (s.subject_id, s.fingers) for s in store.load()}
        for segment, dead in store.segments():
            segment.check("block")
            segment.check("codes")
            segment.check("details")
            for row, sequence in enumerate(segment.sequences.tolist()):
                if sequence not in dead:
                    assert segment.find(segment.id(row)) == row
                    found[sequence] = segment.id(row), segment.fingers_of(row)
        return found
    finally:
        store.close()


@pytest.mark.parametrize("name", ["gallery-*.seg", folder.DATABASE])
def test_flips_in_a_gallery_with_segments(tmp_path: Path, name: str) -> None:
    """In a segment every flip is found; in the database it is, or the answers are the same."""
    path = tmp_path / "original"
    store = SqliteStore(path, create=True, read_only=False, timeout=5)
    list(store.load())
    for begin in (0, 40):
        with store.transaction() as transaction:
            transaction.add_many([(f"{i}", records(i, 9, 4)) for i in range(begin, begin + 40)])
            transaction.remove_many([begin + 3, begin + 9])
        if not begin:
            store.compact(make)
            with store.transaction() as transaction:
                transaction.remove_many([5, 6])
    store.close()
    expected = store_content(path, True)
    target = next(path.glob(name))
    data = target.read_bytes()
    choose, damaged = random.Random(8), 0
    places = [*range(0, 150), *choose.sample(range(150, len(data)), 150)]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << choose.randrange(8)
        scratch = tmp_path / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(path, scratch)
        (scratch / target.name).write_bytes(changed)
        try:
            assert store_content(scratch, place % 2 == 0) == expected
        except GalleryDamagedError:
            damaged += 1
    assert damaged == len(places) if name.endswith("seg") else damaged > 50
