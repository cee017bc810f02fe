"""Sets made by hand, and plug-ins that count how often they are called."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.lab.evaluation import PrintSet, Sample


def made_set(fingers: int, impressions: int, name: str = "made", **fields: str) -> PrintSet:
    """A set without files, for protocols."""
    return PrintSet(
        name,
        tuple(
            Sample(Path(f"{f}_{i}.png"), str(f), i, **fields)  # type: ignore[arg-type]
            for f in range(1, fingers + 1)
            for i in range(1, impressions + 1)
        ),
    )


def write_set(folder: Path, fingers: int = 4, impressions: int = 3) -> Path:
    """Images whose grey level says the finger and whose corner says the impression."""
    folder.mkdir(parents=True, exist_ok=True)
    for finger in range(1, fingers + 1):
        for impression in range(1, impressions + 1):
            pixels = np.full((64, 60), 20 * finger, np.uint8)
            pixels[0, 0] = impression
            path = folder / f"{finger}_{impression}.png"
            Image.fromarray(pixels).save(path, dpi=(500, 500))
    return folder


class Counting:
    """An extractor that reads the finger off the grey level."""

    version = "1"

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, image: FingerImage) -> bytes | None:
        self.calls += 1
        finger, impression = int(image.pixels[9, 9]) // 20, int(image.pixels[0, 0])
        if (finger, impression) == (2, 3):
            raise RuntimeError("this one is too faint")
        return bytes([finger, impression])


class Alike:
    """A matcher that knows the answer, less the distance of the impressions."""

    version = "1"

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, probe: bytes, reference: bytes) -> float:
        self.calls += 1
        return 50.0 * (probe[0] == reference[0]) - abs(probe[1] - reference[1])


def extract_any(image: FingerImage) -> Template:
    """A plug-in that is a plain function."""
    minutiae = np.zeros(5, MINUTIA_DTYPE)
    minutiae["x"] = int(image.pixels[9, 9]) % 50
    return Template(minutiae, quality=50, width=60, height=64)


def compare_any(probe: Template, reference: Template) -> float:
    """Another one."""
    return float((probe.minutiae["x"] == reference.minutiae["x"]).sum())
