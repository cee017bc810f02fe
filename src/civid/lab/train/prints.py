"""A set of made prints to train on: what the extraction saw of each, and what is true of it.

    python -m civid.lab.train.prints FOLDER [--prints 1500] [--seed 1]

Three prints a finger, of all people, sensors and conditions, hard ones as often as easy ones. A
sensor's resolution is drawn from 400..620 dpi and called 500, so that ridges are 5 to 14 px apart.
A set is parts of 100 prints, an npz each; work that was stopped goes on with the next one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from civid.fingerprint.image import FingerImage
from civid.lab.synthetic import learning
from civid.lab.synthetic.streams import Stream
from civid.lab.train.features import FEATURES, features
from civid.lab.train.truth import truth_maps

PRINTS_A_FINGER, PART = 3, 100
#: Px from ridge to ridge of adults.
MIDDLE = 9.0

Halves = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One print, a value a block.

    Parameters
    ----------
    seen : (62, H, W) float16
        `civid.lab.train.features.features`.
    truth : (4, H, W) float16
        Mask, cosine and sine of twice the direction, logarithm of the period over 9 px.
    """

    seen: Halves
    truth: Halves


def examples(seed: int, start: int, stop: int) -> Iterator[Example]:
    """Prints `start` to `stop` of the endless row of this seed; any part of it is the same."""
    finger: learning.Finger | None = None
    for number in range(start, stop):
        which, turn = divmod(number, PRINTS_A_FINGER)
        stream = Stream(seed, which)
        person = learning.draw_person(stream)
        if finger is None or turn == 0:
            finger = learning.finger(Stream(seed, which, 0).below(1 << 40), person=person)
        yield _example(finger, Stream(seed, which, 1 + turn), number)


def _example(finger: learning.Finger, stream: Stream, number: int) -> Example:
    drawn = learning.draw_condition(stream, finger.person, difficulty=stream.uniform(0, 1))
    dpi = stream.uniform(400, 620)
    drawn = replace(drawn, sensor=replace(drawn.sensor, dpi=dpi))
    pressed = learning.press(finger, drawn, number)
    # What it was taken with is not told: the extraction takes it for 500 dpi.
    pressed = replace(pressed, image=FingerImage(pressed.image.pixels, 500.0))
    direction, period, mask = truth_maps(pressed)
    truth = np.concatenate([mask[None], direction, np.log(period / MIDDLE)[None]])
    return Example(features(pressed.image).astype(np.float16), truth.astype(np.float16))


def write(folder: Path, prints: int, seed: int) -> None:
    """Make what is missing of a set, part by part."""
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, prints, PART):
        path = folder / f"{seed}-{start:06}.npz"
        if path.exists():
            continue
        made = list(examples(seed, start, min(start + PART, prints)))
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.savez_compressed(
                file,
                sizes=np.array([one.truth.shape[1:] for one in made], np.int32),
                seen=np.concatenate([one.seen.reshape(FEATURES, -1) for one in made], 1),
                truth=np.concatenate([one.truth.reshape(4, -1) for one in made], 1),
            )
        part.replace(path)
        print(f"{start + len(made)} of {prints} prints", flush=True)


def read(folder: Path) -> list[Example]:
    """All prints of a set, in order; about 300 kB of memory each."""
    found: list[Example] = []
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as kept:
            seen, truth, at = kept["seen"], kept["truth"], 0
            for rows, cols in kept["sizes"].tolist():
                part = slice(at, at + rows * cols)
                found.append(
                    Example(
                        seen[:, part].reshape(-1, rows, cols),
                        truth[:, part].reshape(-1, rows, cols),
                    )
                )
                at = part.stop
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Made prints to train on.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--prints", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    write(asked.folder, asked.prints, asked.seed)


if __name__ == "__main__":
    main()
