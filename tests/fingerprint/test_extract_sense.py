"""The sense of directions, not only their line: records of other vendors' extractors, made from
the same images, say the same."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template

Floats = npt.NDArray[np.float64]


def record(path: Path) -> tuple[Floats, Floats, Floats, npt.NDArray[np.int64]]:
    """x, y (px of the record), angle and kind of ISO/IEC 19794-2:2005, read by hand."""
    data = path.read_bytes()
    raw = np.frombuffer(data[28 : 28 + 6 * data[27]], ">u2,>u2,u1,u1")
    x, y = (raw[name].astype(float) % (1 << 14) for name in ("f0", "f1"))
    return x, y, raw["f2"] * (2 * np.pi / 256), raw["f0"].astype(int) >> 14


def same_and_opposite(
    ours: Template, x: Floats, y: Floats, angle: Floats, kind: npt.NDArray[np.int64]
) -> tuple[int, int]:
    """Pairs of one place and kind that point the same way, and opposite ways."""
    m = ours.minutiae
    pairs = np.hypot(np.subtract.outer(m["x"], x), np.subtract.outer(m["y"], y)) < 6
    pairs &= m["kind"][:, None] == kind
    turn = np.abs(np.angle(np.exp(1j * np.subtract.outer(m["angle"], angle))))[pairs]
    return int((turn < 0.6).sum()), int((turn > np.pi - 0.6).sum())


def test_ink_prints_point_as_fingerjetfx_says(data: Path) -> None:
    folder = data / "formats" / "fmr" / "fingerjetfx"
    counts = np.zeros(2, int)
    for path in sorted((folder / "templates-iso").glob("*.ist")):
        with Image.open(folder / "images-pgm" / f"{path.stem}.pgm") as picture:
            template = extract(FingerImage(np.asarray(picture.convert("L")), 500.0))
        x, y, angle, kind = record(path)
        resolution = struct.unpack(">H", path.read_bytes()[18:20])[0] * 2.54  # px/cm -> dpi
        counts += same_and_opposite(
            template, x * 500 / resolution, y * 500 / resolution, angle, kind
        )
    assert counts[0] > 200
    assert counts[1] < 0.06 * counts[0]


@pytest.mark.parametrize("name", ["FVC2002/DB1_B", "FVC2002/DB3_B", "FVC2004/DB4_B"])
def test_live_prints_point_as_secugen_says(data: Path, name: str) -> None:
    folder = data / "templates" / "secugen-iso19794-2" / name
    counts = np.zeros(2, int)
    for path in sorted(folder.glob("*_[15].iso")):
        with Image.open(data / "prints" / name / f"{path.stem}.png") as picture:
            pixels = np.asarray(picture.convert("L"))
        x, y, angle, kind = record(path)
        # These records were made from the images stretched to 300 x 400 px.
        wide, high = pixels.shape[1] / 300, pixels.shape[0] / 400
        angle = np.arctan2(high * np.sin(angle), wide * np.cos(angle))
        template = extract(FingerImage(pixels, 500.0))
        counts += same_and_opposite(template, x * wide, y * high, angle, kind)
    assert counts[0] > 150
    assert counts[1] < 0.06 * counts[0]
