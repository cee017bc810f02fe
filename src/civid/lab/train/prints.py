"""A set of made prints to train on: what the extraction sees of each, and what is true of it.

    python -m civid.lab.train.prints FOLDER [--prints 3000] [--seed 1]

Four prints a finger, of all people, sensors and conditions, hard ones as often as easy ones. A
sensor's resolution is drawn from 430..590 dpi and called 500, so that ridges are 6 to 13 px apart.
A set is parts of 100 prints, an npz each; work that was stopped goes on with the next one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from civid.fingerprint.extract import explain
from civid.fingerprint.image import FingerImage
from civid.lab.synthetic import learning
from civid.lab.synthetic.streams import Stream
from civid.lab.train.fields import BLOCK
from civid.lab.train.truth import truth_maps

PRINTS_A_FINGER, PART = 4, 100
#: One block's truth, as it is kept: cosine and sine x 127, period in tenths of a px, mask.
TRUTH = np.dtype([("cosine", "i1"), ("sine", "i1"), ("period", "u1"), ("mask", "u1")])


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One print: its sides are whole blocks.

    Parameters
    ----------
    seen : (8 H, 8 W) int8
        The extraction's ``normalized`` stage: ridges positive, local contrast evened.
    truth : (H, W) of `TRUTH`
        What is true in the middle of each block.
    """

    seen: npt.NDArray[np.int8]
    truth: npt.NDArray[np.void]


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
    dpi = stream.uniform(430, 590)
    drawn = replace(drawn, sensor=replace(drawn.sensor, dpi=dpi))
    pressed = learning.press(finger, drawn, number)
    # What it was taken with is not told: the extraction takes it for 500 dpi.
    pressed = replace(pressed, image=FingerImage(pressed.image.pixels, 500.0))
    direction, period, mask = truth_maps(pressed)
    truth = np.zeros(mask.shape, TRUTH)
    truth["cosine"], truth["sine"] = np.rint(direction * 127)
    truth["period"], truth["mask"] = np.rint(period * 10), mask
    return Example(seen(pressed.image), truth)


def seen(image: FingerImage) -> npt.NDArray[np.int8]:
    """What a network sees of a picture: the ``normalized`` stage, filled up to whole blocks."""
    picture = explain(image, ["normalized"])[1]["normalized"]
    rows, cols = (-side % BLOCK for side in picture.shape)
    return np.pad(picture, ((0, rows), (0, cols)))


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
                sizes=np.array([one.truth.shape for one in made], np.int32),
                seen=np.concatenate([one.seen.ravel() for one in made]),
                truth=np.concatenate([one.truth.ravel() for one in made]),
            )
        part.replace(path)
        print(f"{start + len(made)} of {prints} prints", flush=True)


def read(folder: Path) -> list[Example]:
    """All prints of a set, in order; about 140 kB of memory each."""
    found: list[Example] = []
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as kept:
            pictures, truths, at = kept["seen"], kept["truth"], 0
            for rows, cols in kept["sizes"].tolist():
                blocks, area = rows * cols, BLOCK * BLOCK
                picture = pictures[at * area : (at + blocks) * area]
                found.append(
                    Example(
                        picture.reshape(rows * BLOCK, cols * BLOCK),
                        truths[at : at + blocks].reshape(rows, cols),
                    )
                )
                at += blocks
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Made prints to train on.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--prints", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    write(asked.folder, asked.prints, asked.seed)


if __name__ == "__main__":
    main()
