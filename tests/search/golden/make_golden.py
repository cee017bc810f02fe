"""Writes the goldens of the present version: python -m tests.search.golden.make_golden TARGET.

``gallery-v1`` was written by civid as of November 2026, before there were segments, with the
subjects of `v1` below. A golden is never written anew; a new version gets new ones.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from civid.position import Position
from civid.search.arrays import encoding
from civid.search.arrays.encoding import EncodedFingers
from civid.search.segments.keys import KeyProvider, StaticKeyProvider
from civid.search.store.sqlite_store import SqliteStore

from ..prints import person, template
from ..segment_files import make, records

#: Who is removed from ``gallery-v3``.
_GONE = 2
KEYS = StaticKeyProvider({"golden": bytes(range(32))})


def v1() -> list[tuple[int, str, EncodedFingers]]:
    """Sequence number, id and fingers of what is in ``gallery-v1``."""
    subjects = [(i + 1, f"subject {i}", person(i, 2, 7, count=10 + i)) for i in (0, 1, 3, 5)]
    subjects.append((7, "Ð ü", {Position.UNKNOWN: template(1, 0), Position(6): template(2, 8)}))
    subjects.append((8, "subject 4", person(40, 2, count=9)))
    return [
        (sequence, name, tuple((int(p), encoding.encode(t)) for p, t in fingers.items()))
        for sequence, name, fingers in subjects
    ]


def v2() -> list[tuple[int, str, EncodedFingers]]:
    """The same for ``gallery-v2`` and ``gallery-v2-encrypted``."""
    gone = (2, 5, 9)
    return [(i, f"subject {i}", records(i, i, 5)) for i in range(1, 11) if i not in gone]


def write_v2(path: Path, keys: KeyProvider | None) -> None:
    """A segment with a tombstone, and a tail."""
    store = SqliteStore(path, create=True, read_only=False, timeout=5, keys=keys)
    list(store.load())
    for begin, end, gone in ((1, 8, (2, 5)), (8, 11, (9,))):
        with store.transaction() as transaction:
            transaction.add_many([(f"subject {i}", records(i, i, 5)) for i in range(begin, end)])
        if begin == 1:
            store.compact(make)
        with store.transaction() as transaction:
            transaction.remove_many(gone)
    store.close()
    (path / "gallery.lock").unlink()


def v3(*, with_removed: bool = False) -> list[tuple[int, str, EncodedFingers]]:
    """The same for ``gallery-v3``: templates with and without the name of their extractor."""
    subjects = []
    for i in range(1, 7):
        fingers = {
            position: replace(made, extractor="" if i % 3 == 0 else f"civid-classical/{i % 3}")
            for position, made in person(i, 2, 7, count=10 + i).items()
        }
        stored = tuple((int(p), encoding.encode(made)) for p, made in fingers.items())
        subjects.append((i, f"subject {i}", stored))
    return [one for one in subjects if one[0] != _GONE or with_removed]


def write_v3(path: Path) -> None:
    """A segment with a tombstone, and a tail."""
    store = SqliteStore(path, create=True, read_only=False, timeout=5)
    list(store.load())
    for begin, end in ((0, 4), (4, 6)):
        with store.transaction() as transaction:
            transaction.add_many(
                [(name, fingers) for _, name, fingers in v3(with_removed=True)[begin:end]]
            )
        if begin == 0:
            store.compact(make)
    with store.transaction() as transaction:
        transaction.remove_many([_GONE])
    store.close()
    (path / "gallery.lock").unlink()


if __name__ == "__main__":
    write_v3(Path(sys.argv[1]) / "gallery-v3")
    for name, some in (("gallery-v2", None), ("gallery-v2-encrypted", KEYS)):
        write_v2(Path(sys.argv[1]) / name, some)
