"""LEADER, the end-to-end network of pyfing (Cappelli), which the user has installed with Keras."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import numpy as np

from civid.errors import UnavailableError
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import MAX_MINUTIAE, MINUTIA_DTYPE, Template

_INSTALL = "pip install pyfing keras tensorflow opencv-python-headless"


class Leader:
    """Minutiae with type and quality. The best 255 are kept."""

    def __init__(self) -> None:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        try:
            self._pyfing = import_module("pyfing")
        except ImportError as error:
            raise UnavailableError(f"LEADER needs pyfing, and {error.name}: {_INSTALL}") from None
        self.version = str(self._pyfing.__version__)
        self._leader: Any = None

    def __call__(self, image: FingerImage) -> Template:
        if self._leader is None:
            self._leader = self._pyfing.Leader()
        pixels = np.ascontiguousarray(image.pixels)
        found = self._leader.run(pixels, dpi=image.dpi)
        return leader_template(found, pixels.shape, image.dpi)


def leader_template(found: list[Any], shape: tuple[int, ...], dpi: float) -> Template:
    """pyfing's minutiae as a template: its positions are px of the image, its directions ISO's."""
    scale = 500.0 / dpi
    height, width = (max(1, round(side * scale)) for side in shape)
    best = sorted(found, key=lambda one: -one.quality)[:MAX_MINUTIAE]
    minutiae = np.zeros(len(best), MINUTIA_DTYPE)
    minutiae["x"] = np.clip([one.x * scale for one in best], 0, width)
    minutiae["y"] = np.clip([one.y * scale for one in best], 0, height)
    minutiae["angle"] = np.mod([one.direction for one in best], 2 * np.pi)
    minutiae["kind"] = [{"E": 1, "B": 2}.get(one.type, 0) for one in best]
    minutiae["quality"] = np.clip(np.rint([100 * one.quality for one in best]), 1, 100)
    quality = round(float(minutiae["quality"].mean())) if len(best) else 0
    return Template(minutiae, quality=quality, width=width, height=height)
