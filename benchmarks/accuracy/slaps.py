"""How well slaps are cut into fingers. Prints the tables of docs/explain/slaps.md.

    python benchmarks/accuracy/slaps.py [--slaps 45] [--seed 7000] [--threads 2]

Synthetic slaps of each condition, with boxes known from the ink itself; which hand and which
fingers are missing is said to `segment`, as at a counter, and once more nothing is said. A finger
is right if no side of its box lies more than 32 px inside the true one or 64 px outside (500 dpi);
a slap is right if all its fingers are, none is left out and none is added. With `--nist FOLDER`
(the CSV files in `images` of the SlapSeg III validation package of NIST) how often the hand is told
right from boxes that people marked.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from civid.fingerprint.slaps import Box, Hand, Slap, SlapFinger, segment
from civid.fingerprint.slaps.hands import told
from civid.fingerprint.slaps.pieces import Piece
from civid.lab.synthetic import Master, master
from civid.lab.synthetic.slaps import Condition, SyntheticSlap, TrueFinger, slap
from civid.position import Position

INSIDE, OUTSIDE = 32.0, 64.0
CODES = (13, 14, 13, 14, 15)


@dataclass
class Count:
    """What came of the slaps of one condition."""

    slaps: int = 0
    right: int = 0
    fingers: int = 0
    found: int = 0
    boxed: int = 0
    false: int = 0
    named: int = 0
    wrong: int = 0
    hands: int = 0
    hands_right: int = 0
    hands_wrong: int = 0
    turns: list[float] = field(default_factory=list)
    sides: list[tuple[float, ...]] = field(default_factory=list)

    def add(self, made: SyntheticSlap, said: Slap, unsaid: Slap | None) -> bool:
        pairs = matched(made.fingers, said.fingers)
        good = 0
        for true, found in pairs:
            sides = outside(true, found.box)
            self.sides.append(sides)
            good += all(-INSIDE <= side <= OUTSIDE for side in sides)
            self.turns.append(abs(math.degrees(turned(found.box.angle - true.angle))))
            self.named += found.position is not Position.UNKNOWN
            self.wrong += found.position not in (Position.UNKNOWN, true.position)
        self.slaps += 1
        self.fingers += len(made.fingers)
        self.found += len(pairs)
        self.boxed += good
        self.false += len(said.fingers) - len(pairs)
        right = good == len(made.fingers) == len(said.fingers)
        self.right += right
        if unsaid is not None:
            self.hands += 1
            true_hand = Hand.RIGHT if made.code == 13 else Hand.LEFT
            self.hands_right += unsaid.hand is true_hand
            self.hands_wrong += unsaid.hand not in (true_hand, Hand.UNKNOWN)
            for true, found in matched(made.fingers, unsaid.fingers):
                self.wrong += found.position not in (Position.UNKNOWN, true.position)
        return right


def matched(
    true: tuple[TrueFinger, ...], found: tuple[SlapFinger, ...]
) -> list[tuple[TrueFinger, SlapFinger]]:
    """Pairs whose middles lie within half a finger of each other."""
    left = list(found)
    pairs = []
    for one in true:
        near = min(left, key=lambda f: math.dist(one.centre, (f.box.x, f.box.y)), default=None)
        if near is None or math.dist(one.centre, (near.box.x, near.box.y)) > 0.5 * one.size[0]:
            continue
        left.remove(near)
        pairs.append((one, near))
    return pairs


def outside(true: TrueFinger, box: Box) -> tuple[float, ...]:
    """How far each side lies outside the true one: left, right, top, bottom; px."""
    dx, dy = box.x - true.centre[0], box.y - true.centre[1]
    cosine, sine = math.cos(true.angle), math.sin(true.angle)
    a, b = cosine * dx - sine * dy, sine * dx + cosine * dy
    wide, tall = (box.width - true.size[0]) / 2, (box.height - true.size[1]) / 2
    return wide - a, wide + a, tall - b, tall + b


def turned(angle: float) -> float:
    return (angle + math.pi) % (2 * math.pi) - math.pi


def measured(
    masters: list[Master], condition: Condition, seed: int, slaps: int, threads: int
) -> tuple[Count, list[int]]:
    count, bad = Count(), []

    def one(number: int) -> tuple[SyntheticSlap, Slap, Slap | None]:
        made = slap(
            seed + number, code=CODES[number % len(CODES)], condition=condition, masters=masters
        )
        said = segment(made.image, position=made.code, missing=made.missing)
        whole = made.code != 15 and len(made.fingers) == 4
        return made, said, segment(made.image) if whole else None

    with ThreadPoolExecutor(threads) as pool:
        for number, result in enumerate(pool.map(one, range(slaps))):
            if not count.add(*result):
                bad.append(number)
    return count, bad


def line(name: str, c: Count) -> str:
    turns = np.percentile(c.turns or [0.0], (50, 95))
    hands = f"{c.hands_right}/{c.hands_wrong}/{c.hands}" if c.hands else "-"
    return (
        f"{name:9} {c.slaps:5} {100 * c.right / c.slaps:6.1f} % {c.found:5}/{c.fingers:<5}"
        f"{100 * c.boxed / max(1, c.fingers):6.1f} % {c.false:5} {c.named:6} {c.wrong:5}"
        f"   {hands:12}{turns[0]:5.1f} {turns[1]:5.1f}"
    )


def marked(folder: Path) -> Iterator[tuple[Hand, list[Piece]]]:
    """Four fingers of NIST's hand-marked slaps, as the prints that `told` looks at."""
    for name in ("segments-twoinch.csv", "segments-threeinch.csv"):
        slaps: dict[str, dict[int, dict[str, float]]] = defaultdict(dict)
        with (folder / name).open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                # Two inch slaps are there at 500 and at 1000 dpi.
                again = "twoinch" in name and "_1000_" in row["filename"]
                if row["tlx"] != "NA" and "challenge" not in row["filename"] and not again:
                    values = {key: float(row[key]) for key in row if key != "filename"}
                    slaps[row["filename"]][int(row["frgp"])] = values
        for key, fingers in slaps.items():
            scale = 0.5 if "_1000_" in key else 1.0
            for hand, wanted in ((Hand.RIGHT, (2, 3, 4, 5)), (Hand.LEFT, (10, 9, 8, 7))):
                if set(wanted) <= set(fingers):
                    yield hand, [piece_of(fingers[finger], scale) for finger in wanted]


def piece_of(row: dict[str, float], scale: float) -> Piece:
    # Not theta: its sign is another one in some rows.
    angle = math.atan2(row["tly"] - row["try"], row["trx"] - row["tlx"])
    cosine, sine = math.cos(angle), math.sin(angle)
    corners = [(scale * row[f"{c}x"], scale * row[f"{c}y"]) for c in ("tl", "tr", "bl", "br")]
    across = [cosine * x - sine * y for x, y in corners]
    along = [sine * x + cosine * y for x, y in corners]
    none = np.empty(0)
    return Piece(
        0, none, none, angle, (min(across), max(across)), (min(along), max(along)), 1.0, 1.0,
        (False, False, False, False),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Slaps: how well they are cut into fingers.")
    parser.add_argument("--slaps", type=int, default=45, help="of each condition")
    parser.add_argument("--seed", type=int, default=7000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", type=Condition, help="one condition")
    parser.add_argument("--bad", action="store_true", help="numbers of slaps that are not right")
    parser.add_argument("--nist", type=Path, help="folder with segments-*.csv of SlapSeg III")
    options = parser.parse_args()
    print("condition slaps    right   found       boxes  false  named wrong   hand         turn")
    masters = [master(options.seed + number) for number in range(24)]
    total = Count()
    for condition in [options.only] if options.only else list(Condition):
        count, bad = measured(masters, condition, options.seed, options.slaps, options.threads)
        print(line(condition.value, count), bad if options.bad else "", flush=True)
        for name, value in vars(count).items():
            setattr(total, name, getattr(total, name) + value)
    print(line("all", total))
    sides = np.percentile(np.array(total.sides), (5, 50, 95), axis=0).round().astype(int)
    print("sides outside the true box, px at 5, 50, 95 %: "
          + ", ".join(f"{name} {sides[:, k].tolist()}"
                      for k, name in enumerate(("left", "right", "top", "bottom"))))  # fmt: skip
    if options.nist:
        by_hand(list(marked(options.nist)))


def by_hand(slaps: list[tuple[Hand, list[Piece]]]) -> None:
    """How the fingers of hand-marked slaps lie, and how often their hand is told."""
    rows = []
    for hand, pieces in slaps:
        middles = np.array([piece.middle for piece in pieces])
        steps = np.diff(middles if hand is Hand.RIGHT else middles[::-1], axis=0)
        rows.append([*np.abs(steps[:, 0]), *steps[:, 1]])
    print("ways from finger to finger, index first, px across and down: mean "
          f"{np.mean(rows, axis=0).round().astype(int).tolist()}, "
          f"deviation {np.std(rows, axis=0).round().astype(int).tolist()}")  # fmt: skip
    sizes = np.array([(p.width, p.height, p.height / p.width) for _, ps in slaps for p in ps])
    print("width, height, height / width at 5, 50, 95 %: "
          f"{np.percentile(sizes, (5, 50, 95), axis=0).round(2).T.tolist()}")  # fmt: skip
    answers = [(hand, *told(pieces)) for hand, pieces in slaps]
    sure = [(hand, said) for hand, said, confidence in answers if confidence >= 0.95]
    print(f"hand of {len(answers)} slaps marked at NIST: sure of {len(sure)}, of these right "
          f"{sum(hand is said for hand, said in sure)}; likelier hand right in "
          f"{sum(hand is said for hand, said, _ in answers)}")  # fmt: skip


if __name__ == "__main__":
    main()
