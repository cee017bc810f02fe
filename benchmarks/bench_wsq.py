"""Speed of WSQ: ``python benchmarks/bench_wsq.py`` prints a table, NIST's coder beside civid's.

A made print of 500 x 500 px, and real ones where the test data is there; one thread, CPU time of
the process, medians over rounds that take turns, so that both see the same machine. NIST's is the
package ``wsq`` (it encodes at 0.75 bits a pixel only); without it, its columns are empty.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from civid.fingerprint.image import read_image
from civid.formats.image_files import wsq

DATA = Path(os.environ.get("CIVID_DATA", Path(__file__).parents[2] / "shared" / "data"))
ROUNDS = 15
Pixels = npt.NDArray[np.uint8]


def made_print(side: int = 500) -> Pixels:
    """Curved ridges in an oval, and noise."""
    random = np.random.default_rng(1)
    y, x = np.mgrid[:side, :side].astype(float)
    phase = 2 * np.pi / 9 * (y + 12 * np.sin(x / 60))
    inside = np.hypot(x / side - 0.5, y / side - 0.5) < 0.45
    grey = np.where(inside, 127 + 90 * np.cos(phase), 250) + random.normal(0, 8, x.shape)
    pixels: Pixels = np.clip(grey, 0, 255).astype(np.uint8)
    return pixels


def real_prints() -> list[Pixels]:
    folder = DATA / "prints"
    return [read_image(path).pixels for path in sorted(folder.glob("FVC200?/DB*_B/101_1.png"))]


def median_ms(calls: list[Callable[[], object]]) -> list[float]:
    """The median of each call; they take turns."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for call, taken in zip(calls, times, strict=True):
            start = time.process_time()
            call()
            taken.append(1000 * (time.process_time() - start))
    return [statistics.median(taken) for taken in times]


def measure(name: str, images: list[Pixels], bitrate: float) -> None:
    """One line: the median image's time, and its pixels."""
    nist = importlib.import_module("_wsq") if importlib.util.find_spec("_wsq") else None
    rows = []
    for pixels in images:
        file, raw = wsq.encode(pixels, bitrate=bitrate), pixels.tobytes()
        calls: list[Callable[[], object]] = [
            lambda: wsq.decode(file),  # noqa: B023
            lambda: wsq.encode(pixels, bitrate=bitrate),  # noqa: B023
        ]
        if nist:
            calls.append(lambda: nist.decompress(file))  # noqa: B023
            if bitrate == 0.75:
                calls.append(lambda: nist.compress(raw, *pixels.shape, bitrate))  # noqa: B023
        rows.append([*median_ms(calls), float("nan"), float("nan")][:4])
    medians = [statistics.median(column) for column in zip(*rows, strict=True)]
    size = statistics.median(pixels.size for pixels in images)
    print(
        f"{name:<12} {bitrate:>5} {size:>9.0f}"
        f" {medians[0]:>8.2f} {medians[1]:>8.2f} {medians[2]:>8.2f} {medians[3]:>8.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--real", type=int, default=10, help="how many real prints; 0 = none")
    wanted = parser.parse_args()
    print("ms of CPU time, medians")
    print(f"{'images':<12} {'rate':>5} {'pixels':>9} {'decode':>8} {'encode':>8}", end="")
    print(f" {'NIST d.':>8} {'NIST e.':>8}")
    for bitrate in (0.75, 2.25):
        measure("made 500^2", [made_print()], bitrate)
        if real := real_prints()[: wanted.real]:
            measure(f"{len(real)} real", real, bitrate)


if __name__ == "__main__":
    main()
