"""Where the ridges of a print are, as a picture that can be inked in any colour."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from civid.fingerprint.extract import explain
from civid.fingerprint.image import FingerImage
from civid.fingerprint.parameters import extractor_name
from civid.fingerprint.template import Template

_FAMILIES = {
    extractor_name(None, method).partition("/")[0]: method for method in ("classical", "neural")
}


def method_of(template: Template) -> str:
    """The method of `civid.extract` that found these minutiae, to show what it has seen; "auto"
    where it was none of them.

    >>> method_of(Template([], quality=0, width=300, height=400, extractor="civid-neural/1"))
    'neural'
    """
    return _FAMILIES.get(template.extractor.partition("/")[0], "auto")


def ridges(image: FingerImage, template: Template) -> npt.NDArray[np.uint8]:
    """How much of a ridge each px at 500 dpi is, 0 to 255; 0 outside the print.

    They are those that the extraction has seen which made the template.
    """
    captured = explain(image, ["enhanced", "mask"], method=method_of(template))[1]
    enhanced = captured["enhanced"].astype(np.float32).clip(0, None) * (captured["mask"] > 0)
    strong = max(float(np.quantile(enhanced[enhanced > 0], 0.5)), 1.0) if enhanced.any() else 1.0
    return (enhanced / strong * 255).clip(0, 255).astype(np.uint8)
