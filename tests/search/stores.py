"""Open a store, change it, and say what it holds."""

from __future__ import annotations

from pathlib import Path

from tests.search.segment_files import make, records

from civid.search.arrays.encoding import EncodedFingers
from civid.search.segments.keys import KeyProvider, StaticKeyProvider
from civid.search.store.sqlite_store import SqliteStore

KEYS = StaticKeyProvider({"2026": bytes(range(32))})


Model = dict[int, tuple[str, EncodedFingers]]


def opened(
    path: Path,
    *,
    read_only: bool = False,
    keys: KeyProvider | None = None,
    encrypt: bool = False,
    anchor: str | None = None,
) -> SqliteStore:
    store = SqliteStore(
        path, create=True, read_only=read_only, timeout=5, keys=keys, encrypt=encrypt, anchor=anchor
    )
    try:
        store.tail = list(store.load())  # type: ignore[attr-defined]
    except BaseException:
        store.close()
        raise
    return store


def held(store: SqliteStore) -> Model:
    """What a gallery sees through `segments`, and what it has loaded of the tail."""
    found: Model = {}
    for segment, dead in store.segments():
        segment.verify()
        alive = set(segment.sequences.tolist()) - set(dead.tolist())
        assert len(alive) == segment.subjects - len(dead)
        names = list(segment.ids())
        for row, sequence in enumerate(segment.sequences.tolist()):
            if sequence in alive:
                found[sequence] = names[row], segment.fingers_of(row)
                fingers = [f for f in found[sequence][1] if f[1][6]]
                low, high = segment.first[row : row + 2].tolist()
                made = make([template for _, template in fingers])
                assert segment.positions[low:high].tolist() == [p for p, _ in fingers]
                begin, end = segment.offsets[[low, high]].tolist()
                assert segment.block[begin:end].tobytes() == made.block.tobytes()
                words = slice(begin // 8 - low, end // 8 - high)
                assert segment.codes[words].tobytes() == made.codes.tobytes()
                assert segment.details[words].tobytes() == made.details.tobytes()
    last = max(found, default=0)
    for subject in store.tail:  # type: ignore[attr-defined]
        assert subject.sequence > last
        found[subject.sequence] = subject.subject_id, subject.fingers
    assert list(found) == sorted(found)
    return found


def add(store: SqliteStore, *seeds: int, minutiae: int = 6) -> Model:
    subjects = [(f"subject {seed}", records(seed, minutiae, seed % 3)) for seed in seeds]
    with store.transaction() as transaction:
        first = transaction.add_many(subjects)
    return {first + i: subject for i, subject in enumerate(subjects)}


def remove(store: SqliteStore, *sequences: int) -> None:
    with store.transaction() as transaction:
        transaction.remove_many(sequences)


def files(path: Path) -> list[str]:
    return sorted(p.name for p in path.iterdir() if p.suffix in (".seg", ".tmp"))


def traces(name: str, fingers: EncodedFingers) -> list[bytes]:
    found = [t[at : at + 28] for _, t in fingers for at in range(7, len(t) - 28, 28)]
    return [f"{name}subject".encode(), *found]


def everything(path: Path) -> bytes:
    return b"".join(p.read_bytes() for p in path.iterdir() if not p.name.endswith("-shm"))


class Opened:
    """A store for the length of a block."""

    def __init__(self, path: Path):
        self._store = opened(path)

    def __enter__(self) -> SqliteStore:
        return self._store

    def __exit__(self, *_: object) -> None:
        self._store.close()
