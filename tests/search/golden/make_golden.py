"""Writes the goldens of the present version: python -m tests.search.golden.make_golden TARGET.

``gallery-v1`` was written by civid as of November 2026, before there were segments, with the
subjects of `v1` below. A golden is never written anew; a new version gets new ones.
"""

from __future__ import annotations

import sys
from pathlib import Path

from civid.position import Position
from civid.search.arrays import encoding
from civid.search.arrays.encoding import EncodedFingers
from civid.search.segments.keys import KeyProvider, StaticKeyProvider
from civid.search.store.sqlite_store import SqliteStore

from ..prints import person, template
from ..segments import make, records

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


if __name__ == "__main__":
    for name, some in (("gallery-v2", None), ("gallery-v2-encrypted", KEYS)):
        write_v2(Path(sys.argv[1]) / name, some)
