"""What the engine gave before the house was rebuilt (commit bcc8843): digests, one file.

``python tests/golden/bits/make.py`` prints today's; ``bits.json`` holds those of then.
`tests/test_bits.py` compares them on every instruction set. Only public names are used, so that the
same script runs on versions before and after a move.

A digest is written anew only when scores are changed on purpose, and then the change has a number:

1. until 28 November 2026;
2. the second look at scores above 35 (``native/src/compare/second_look.c``): "scores", "search ..."
   and "duplicates" are new; "templates", "prepared", "records" and, with those of commit 5642c7f,
   "scores below 35" are the old ones;
3. with several fingers 50 candidates are compared in full, not 200: "search cascade", "index" and
   "auto" are new, for the low ranks of a list differ; with 200 they are those of 2;
4. comparator 2 weighs quality, types and the common area: "scores", "scores below 35", "search ..."
   and "duplicates" are new; "templates", "prepared" and "records" are the old ones;
5. "neural templates" begin, those of civid-neural/1;
6. comparator 2 bends earlier and reaches less far (``native/src/compare/compare_params.h``), its
   model and scale are new: what is new since 4 is new again;
7. pairings that few strangers reach grow (``native/src/compare/grow.c``): as 6.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import numpy as np

import civid
from civid.fingerprint.compare import compare_many, prepare
from civid.fingerprint.template import MINUTIA_DTYPE

HERE = Path(__file__).resolve().parent
SUBJECTS = 2200  # more than exact search serves


def digest(*parts: bytes) -> str:
    return sha256(b"".join(parts)).hexdigest()[:32]


def made(rng: np.random.Generator) -> civid.Template:
    """A template out of random numbers: no extractor has a hand in it."""
    count = int(rng.integers(25, 50))
    minutiae = np.zeros(count, MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"] = rng.uniform(10, 310, (2, count))
    minutiae["angle"] = rng.uniform(0, 6.28, count)
    minutiae["kind"], minutiae["quality"] = rng.integers(1, 3, count), rng.integers(20, 100, count)
    return civid.Template(minutiae, quality=70, width=320, height=320)


def again(template: civid.Template, rng: np.random.Generator) -> civid.Template:
    """Another impression of it: some minutiae lost, all a little moved."""
    minutiae = template.minutiae[rng.random(len(template)) < 0.8].copy()
    for name in ("x", "y"):
        minutiae[name] = np.clip(minutiae[name] + rng.normal(0, 2, len(minutiae)), 0, 320)
    minutiae["angle"] += rng.normal(0, 0.05, len(minutiae))
    return civid.Template(minutiae, quality=60, width=320, height=320)


def found(gallery: civid.Gallery, probes: list[dict[civid.Position, civid.Template]]) -> str:
    lines = [f"{one.subject_id} {one.score!r}" for probe in probes for one in gallery.search(probe)]
    return digest("\n".join(lines).encode())


def bits() -> dict[str, str]:
    """Digests by what was done."""
    pictures = [civid.read_image(path) for path in sorted(HERE.glob("*.png"))]
    templates = [civid.extract(picture, method="classical") for picture in pictures]
    neural = [civid.extract(picture, method="neural") for picture in pictures]
    pairs = [civid.compare(a, b) for a in templates for b in templates]
    out = {
        "templates": digest(*(t.minutiae.tobytes() + bytes((t.quality,)) for t in templates)),
        "neural templates": digest(*(t.minutiae.tobytes() + bytes((t.quality,)) for t in neural)),
        "prepared": digest(*(prepare(template) for template in templates)),
        "scores": digest(*(np.float64(p.score).tobytes() + p.pairs.tobytes() for p in pairs)),
        "records": digest(*(template.to_iso19794_2() for template in templates)),
    }
    rng = np.random.default_rng(2026)
    right, left = civid.Position.RIGHT_INDEX, civid.Position.LEFT_INDEX
    people = {f"{i:05}": {right: made(rng), left: made(rng)} for i in range(SUBJECTS)}
    one = [{right: again(people[f"{i * 97:05}"][right], rng)} for i in range(12)]
    two = [
        {p: again(t, rng) for p, t in people[f"{i * 89:05}"].items()} for i in range(12)
    ]  # fmt: skip
    for backend in ("exact", "cascade", "index", "auto"):
        gallery = civid.Gallery(backend=backend)
        gallery.enroll_many(people)
        out[f"search {backend}"] = found(gallery, one + two)
    several = [fingers[right] for fingers in list(people.values())[:150]]
    below = np.concatenate([compare_many(template, several) for template in several])
    out["scores below 35"] = digest(below[below < 35].tobytes())
    small = civid.Gallery()
    small.enroll_many({name: people[name] for name in sorted(people)[:80]})
    small.enroll_many({f"again {i}": two[i] for i in range(1)})
    pairs_found = small.duplicates(max_fpir=None, min_score=20.0)
    lines = [f"{d.subject} {d.other} {d.score!r}" for d in pairs_found]
    out["duplicates"] = digest("\n".join(lines).encode())
    return out


if __name__ == "__main__":
    print(json.dumps(bits(), indent=1))
