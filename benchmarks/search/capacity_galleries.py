"""Synthetic galleries of two and of ten fingers for capacity.py, whole and cut into shards."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from civid.fingerprint.template import Template
from civid.lab.synthetic import SyntheticGallery
from civid.position import Position
from civid.search import Gallery

SEED = 4
FINGERS = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
TEN = tuple(Position(number) for number in range(1, 11))
CHUNK, FOLD = 10_000, 200_000
STRANGERS = 500_000_000


def folder_of(work: Path, subjects: int, fingers: tuple[Position, ...] = FINGERS) -> Path:
    return work / (str(subjects) if fingers == FINGERS else f"{subjects}x{len(fingers)}")


def strangers(
    count: int, fingers: tuple[Position, ...] = FINGERS
) -> list[dict[Position, Template]]:
    """People who are enrolled nowhere."""
    return list(SyntheticGallery(SEED, fingers).templates(STRANGERS, STRANGERS + count))


def make(
    work: Path, sizes: list[int], distinct: int, fingers: tuple[Position, ...] = FINGERS
) -> None:
    """Make those that are missing: one gallery that grows, and a copy of it at each size.

    From `distinct` people on the same ones come again under other names, which saves most of the
    time. A stranger is searched for as long among them (docs/explain/capacity.md).
    """
    missing = sorted(size for size in sizes if not folder_of(work, size, fingers).exists())
    if not missing:
        return
    work.mkdir(parents=True, exist_ok=True)
    growing = work / "growing"
    shutil.rmtree(growing, ignore_errors=True)
    source = SyntheticGallery(SEED, fingers)
    people: list[dict[Position, Template]] = []
    gallery = Gallery.open(growing, background=False)
    for size in missing:
        while len(gallery) < size:
            first = len(gallery)
            last = min(first + CHUNK, size, (first // FOLD + 1) * FOLD)
            more = range(len(people), min(last, distinct))
            people += source.templates(more.start, max(more.stop, more.start))
            gallery.enroll_many(
                ((f"{k:012}", people[k % distinct]) for k in range(first, last)), threads=1
            )
            if last % FOLD == 0:
                gallery.compact(threads=1)
            print(f"{last:,}", end=" ", flush=True, file=sys.stderr)
        gallery.compact(threads=1)
        gallery.close()
        if size == missing[-1]:
            growing.rename(folder_of(work, size, fingers))
            return
        part = work / "part"
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(growing, part)
        part.rename(folder_of(work, size, fingers))
        gallery = Gallery.open(growing, background=False)


def shards_of(work: Path, subjects: int, shards: int) -> list[Path]:
    """The gallery cut into pieces of equal size; itself where there is one."""
    whole = folder_of(work, subjects)
    if shards == 1:
        return [whole]
    paths = [work / f"{subjects}-{k}-of-{shards}" for k in range(shards)]
    if all(path.exists() for path in paths):
        return paths
    with Gallery.open(whole, read_only=True) as gallery:
        ids = list(gallery)
        for k, path in enumerate(paths):
            if path.exists():
                continue
            part = work / "part"
            shutil.rmtree(part, ignore_errors=True)
            with Gallery.open(part, background=False) as piece:
                mine = ids[k::shards]
                piece.enroll_many(((one, gallery.get(one)) for one in mine), threads=1)
                piece.compact(threads=1)
            part.rename(path)
    return paths
