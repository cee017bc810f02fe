"""What C counts for the reasons is what numpy makes of the stages; the template stays as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fingerprint.quality_oracle import BLOCK, figures, pieces

from civid.cpu import available, using
from civid.fingerprint.extract import explain, extract, run
from civid.fingerprint.figures import BLOCK_MM2, _beside
from civid.fingerprint.image import FingerImage, read_image
from civid.fingerprint.quality import examine
from civid.lab import synthetic

EXACT = ("area_mm2", "dark_share", "broken_share", "valley_level", "contrast", "offset",
         "cut_offset")  # fmt: skip


def same_as_numpy(image: FingerImage) -> None:
    template, report = examine(image)
    wanted = figures(image)
    for name in EXACT:
        assert getattr(report, name) == wanted[name], name
    # numpy sums float32 in an order of its own; C sums double from the first block to the last.
    assert report.coherence == pytest.approx(wanted["coherence"], abs=1e-6)
    alone = extract(image)
    assert np.array_equal(template.minutiae, alone.minutiae)
    assert (template.quality, template.extractor) == (alone.quality, alone.extractor)


@pytest.mark.parametrize("seed", range(4))
def test_synthetic_prints(seed: int) -> None:
    pressed = synthetic.impression(synthetic.master(1 + seed % 2), seed, difficulty=0.3 * seed)
    pixels = pressed.image.pixels
    # Sides that are no multiple of a block, and another resolution
    same_as_numpy(FingerImage(pixels[seed:, : 293 - seed], 500.0 + 37 * seed))


@pytest.mark.parametrize("name", ["FVC2000/DB3_B", "FVC2002/DB4_B", "FVC2004/DB1_B", "UareU"])
def test_real_prints(data: Path, name: str) -> None:
    paths = sorted((data / "prints" / name).glob("*.*"))[::27]
    if not paths:
        pytest.skip(f"no {name}")
    for path in paths:
        same_as_numpy(read_image(path, dpi=500))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(48, 140), st.integers(48, 140))
def test_scattered_pieces(seed: int, width: int, height: int) -> None:
    """Patches of grating: masks in pieces, also at the sides, and no print at all."""
    random = np.random.default_rng(seed)
    y, x = np.indices((height, width))
    pixels = np.full((height, width), 250.0)
    for _ in range(random.integers(0, 4)):
        cx, cy, radius = (
            random.integers(0, width),
            random.integers(0, height),
            random.integers(20, 60),
        )
        angle = random.uniform(0, np.pi)
        wave = 128 + 100 * np.cos((x * np.cos(angle) + y * np.sin(angle)) * 0.7)
        pixels = np.where(np.hypot(x - cx, y - cy) < radius, wave, pixels)
    image = FingerImage(pixels.astype(np.uint8), 500.0)
    _, counted, captured = run(image, ("mask",), figures=True)
    inside = captured["mask"] > 0
    if not inside.any():
        assert examine(image).report.area_mm2 == 0
        return
    same_as_numpy(image)
    found = sorted(pieces(inside[BLOCK // 2 :: BLOCK, BLOCK // 2 :: BLOCK]), reverse=True)
    sizes = [one[0] for one in found[:2]] + [0, 0]
    assert [one.blocks for one in counted.pieces] == sizes[:2]
    if len(found) > 1 and found[0][0] > found[1][0] > (found[2][0] if len(found) > 2 else 0):
        (_, x0, y0), (size, x1, y1) = found[:2]
        beside = 0.0 if abs(x0 - x1) <= abs(y0 - y1) else size * BLOCK_MM2
        assert _beside(*counted.pieces) == pytest.approx(beside)


def test_every_instruction_set_counts_the_same() -> None:
    image = synthetic.impression(synthetic.master(1), 5, difficulty=0.6).image
    reports = []
    for isa in available():
        with using(isa):
            reports.append(examine(image).report)
    assert all(one == reports[0] for one in reports)


def test_stages_and_figures_in_one_call() -> None:
    image = synthetic.impression(synthetic.master(2), 1).image
    template, counted, captured = run(image, ("skeleton",), figures=True)
    assert np.array_equal(captured["skeleton"], explain(image, ["skeleton"])[1]["skeleton"])
    assert sum(counted.greys) == counted.ridge_px + counted.valley_px > 0
    assert len(template)
