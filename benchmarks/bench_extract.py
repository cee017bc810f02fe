"""Speed of the extraction: ``pytest benchmarks/bench_extract.py --benchmark-enable``.

A made print of 388 x 374 px, and real ones of that size (FVC2002 DB1_B) when the test data is
there, with every instruction set of this CPU; one thread. The median over prints and rounds is the
figure to quote: machines are noisy.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from civid import cpu
from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage, read_image
from civid.fingerprint.quality import examine

DATA = Path(os.environ.get("CIVID_DATA", Path(__file__).parents[2] / "shared" / "data"))
WIDTH, HEIGHT = 388, 374


def made_print() -> FingerImage:
    """Curved ridges in an oval with a minutia every 900 px^2 or so, and noise."""
    random = np.random.default_rng(1)
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(float)
    phase = 2 * np.pi / 9 * (y + 12 * np.sin(x / 60))
    for sign in (1, -1) * 20:
        phase += sign * np.arctan2(y - random.uniform(0, HEIGHT), x - random.uniform(0, WIDTH))
    inside = np.hypot(x / WIDTH - 0.5, y / HEIGHT - 0.5) < 0.45
    grey = np.where(inside, 127 + 90 * np.cos(phase), 250) + random.normal(0, 8, x.shape)
    return FingerImage(np.clip(grey, 0, 255).astype(np.uint8), 500.0)


def real_prints() -> list[FingerImage]:
    folder = DATA / "prints" / "FVC2002" / "DB1_B"
    return [read_image(path) for path in sorted(folder.glob("*_[15].png"))]


@pytest.mark.parametrize("method", ["classical", "neural"])
@pytest.mark.parametrize("isa", cpu.available())
def test_made_print(benchmark: Any, isa: str, method: str) -> None:
    image = made_print()
    with cpu.using(isa):
        template = benchmark(extract, image, method=method)
    assert len(template) > 10


@pytest.mark.parametrize("method", ["classical", "neural"])
@pytest.mark.parametrize("isa", cpu.available())
def test_real_prints(benchmark: Any, isa: str, method: str) -> None:
    images = real_prints()
    if not images:
        pytest.skip(f"no prints under {DATA}; set CIVID_DATA")
    # One round extracts every print once; the time reported is that of all of them.
    benchmark.extra_info["prints"] = len(images)
    with cpu.using(isa):
        templates = benchmark(lambda: [extract(image, method=method) for image in images])
    assert all(len(template) > 5 for template in templates)


def test_examine(benchmark: Any) -> None:
    images = real_prints()
    if not images:
        pytest.skip(f"no prints under {DATA}; set CIVID_DATA")
    benchmark.extra_info["prints"] = len(images)
    made = benchmark(lambda: [examine(image) for image in images])
    assert len(made) == len(images)
