"""Random templates, and other impressions of them. No print of a person is in here."""

from __future__ import annotations

import numpy as np

from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.position import Position

SIZE = 400


def template(seed: object, count: int = 36) -> Template:
    """A finger that nobody has."""
    rng = generator(seed)
    minutiae = np.zeros(count, MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"] = rng.uniform(20, SIZE - 20, (2, count))
    minutiae["angle"] = rng.uniform(0, 2 * np.pi, count)
    minutiae["kind"] = rng.integers(0, 3, count)
    minutiae["quality"] = rng.integers(0, 101, count)
    return Template(minutiae, int(rng.integers(0, 101)), SIZE, SIZE)


def impression(original: Template, seed: object, *, turn: float = 0.2, by: float = 0.0) -> Template:
    """The same finger, moved, turned (by at most `turn`, and `by`), jittered, with a few minutiae
    lost and others found."""
    rng = generator(seed)
    kept = original.minutiae[rng.random(len(original)) > 0.1].copy()
    angle = rng.uniform(-turn, turn) + by
    x, y = kept["x"] - SIZE / 2, kept["y"] - SIZE / 2
    cosine, sine = np.cos(angle), np.sin(angle)
    kept["x"] = cosine * x + sine * y + SIZE / 2 + rng.normal(0, 1, len(kept)) + 5
    kept["y"] = -sine * x + cosine * y + SIZE / 2 + rng.normal(0, 1, len(kept)) - 5
    kept["angle"] = np.mod(kept["angle"] + angle + rng.normal(0, 0.05, len(kept)), 2 * np.pi)
    inside = (kept["x"] >= 0) & (kept["x"] <= SIZE) & (kept["y"] >= 0) & (kept["y"] <= SIZE)
    kept = kept[inside]
    found = template(rng.integers(1 << 30), 3).minutiae
    minutiae = np.concatenate([kept, found])
    return Template(minutiae, original.quality, SIZE, SIZE)


def person(seed: int, *positions: int, count: int = 36) -> dict[Position, Template]:
    """Some fingers of one person; the right index unless told."""
    return {
        Position(position): template((seed, position), count)
        for position in positions or (Position.RIGHT_INDEX,)
    }


def again(fingers: dict[Position, Template], seed: int) -> dict[Position, Template]:
    """Other impressions of the same fingers."""
    return {position: impression(one, (seed, int(position))) for position, one in fingers.items()}


def same(one: Template, other: Template) -> bool:
    """Equal to the bit?"""
    return (
        len(one) == len(other)
        and all(
            one.minutiae[name].tobytes() == other.minutiae[name].tobytes()
            for name in MINUTIA_DTYPE.names or ()
        )
        and (one.quality, one.width, one.height) == (other.quality, other.width, other.height)
    )


def generator(seed: object) -> np.random.Generator:
    return np.random.default_rng(seed)  # type: ignore[arg-type]
