"""What a service team writes: checked by mypy --strict and pyright, never run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, assert_type

from civid import Candidate, Duplicate, FingerImage, Gallery, Position, Template
from civid.search import (
    FingerEvidence,
    Metadata,
    Refreshed,
    SearchExplanation,
    Verification,
    fpir,
    fuse,
    threshold,
)
from civid.search.aio import AsyncGallery
from civid.search.segments.keys import StaticKeyProvider


def opened(folder: Path) -> Gallery:
    keys = StaticKeyProvider.from_file(folder.with_suffix(".keys"))
    return Gallery.open(folder, keys=keys, read_only=True, anchor=None)


def enrol(gallery: Gallery, number: str, fingers: Mapping[Position, Template]) -> int:
    gallery.enroll(number, fingers, metadata={"unit": "079", "year": 2026, "checked": True})
    gallery.enroll_many([("b", dict(fingers)), ("c", fingers[Position.LEFT_THUMB])])
    gallery.put_finger("c", Position.RIGHT_INDEX, fingers[Position.RIGHT_INDEX])
    gallery.remove_finger("c", Position.UNKNOWN)
    gallery.set_metadata("c", Metadata({"unit": None}, tags=["border"]))
    assert_type(gallery.metadata("c").tags, frozenset[str])
    assert_type(gallery.get("c"), dict[Position, Template])
    return assert_type(gallery.changes, int)


def ask(gallery: Gallery, probe: Template) -> str:
    found = assert_type(gallery.search(probe, max_fpir=1e-3), list[Candidate])
    gallery.search({Position.LEFT_INDEX: probe}, among=["a"], without={"b"}, tag="border")
    why = assert_type(gallery.explain(probe, limit=3), SearchExplanation)
    assert_type(why.cpu_ms, dict[str, float])
    assert_type(why.reasons, tuple[str, ...])
    many = gallery.search_many([probe, {Position.LEFT_INDEX: probe}])
    assert_type(many, list[list[Candidate]])
    one = assert_type(gallery.verify_subject("a", probe), Verification)
    assert_type(one.fmr, float)
    evidence = assert_type(one.evidence, tuple[FingerEvidence, ...])
    rows: list[dict[str, Any]] = [*map(Candidate.to_dict, found), one.to_dict()]
    rows += [term.to_dict() for term in evidence]
    return json.dumps(rows)


def pairs(gallery: Gallery) -> list[str]:
    lines: list[str] = []
    for subject, other, score, evidence in gallery.duplicates():
        if score > 60 and len(evidence) > 1:
            lines.append(f"{subject} {other} {score:.1f} {evidence[0].probe_position.word}")
    best: Duplicate | None = max(gallery.duplicates(), key=lambda pair: pair.score, default=None)
    return lines if best is None else [*lines, best.subject + best.other]


def follow(gallery: Gallery, token: int) -> tuple[str, ...]:
    said = assert_type(gallery.refresh(token, timeout=2.0), Refreshed)
    if said and said.all_named:
        return said.added_ids + said.changed_ids
    return ()


def figures() -> float:
    return fuse([30.0, 40.0]) + threshold(1e-3, 1_000_000) + fpir(60.0, 1000)


async def service(folder: Path, probe: Template, image: FingerImage) -> list[str]:
    async with AsyncGallery.open(folder, calls=2) as gallery:
        await gallery.enroll("a", probe, replace=True)
        assert_type(await gallery.search(probe, tag="a", max_fpir=1e-3), list[Candidate])
        assert_type(await gallery.refresh(await gallery.changes()), Refreshed)
        return [pair.subject async for pair in gallery.duplicates() if pair.swapped]
