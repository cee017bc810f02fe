"""Where the ridges of a print are, as a picture that can be inked in any colour."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from civid.fingerprint.extract import explain
from civid.fingerprint.image import FingerImage


def ridges(image: FingerImage) -> npt.NDArray[np.uint8]:
    """How much of a ridge each px at 500 dpi is, 0 to 255; 0 outside the print."""
    captured = explain(image, ["enhanced", "mask"])[1]
    enhanced = captured["enhanced"].astype(np.float32).clip(0, None) * (captured["mask"] > 0)
    strong = max(float(np.quantile(enhanced[enhanced > 0], 0.5)), 1.0) if enhanced.any() else 1.0
    return (enhanced / strong * 255).clip(0, 255).astype(np.uint8)
