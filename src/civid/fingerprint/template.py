"""A template: the minutiae of one print, and how good the print was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from civid._native import lib
from civid.errors import TemplateError

#: One minutia: x, y in px at 500 dpi (y down), angle in radians [0, 2 pi) counter-clockwise
#: (ISO/IEC 19794-2 sense), kind 0 other 1 ending 2 bifurcation, quality 1..100 (0 = unknown).
#: The same memory layout as civid_minutia_t.
MINUTIA_DTYPE = np.dtype(
    {
        "names": ["x", "y", "angle", "kind", "quality"],
        "formats": ["<f4", "<f4", "<f4", "u1", "u1"],
        "offsets": [0, 4, 8, 12, 13],
        "itemsize": 16,
    }
)

MAX_MINUTIAE: int = lib.CIVID_MAX_MINUTIAE


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """The minutiae of one print. Immutable, and safe to share between threads.

    Parameters
    ----------
    minutiae : (N,) structured array of `MINUTIA_DTYPE`
        Copied and made read-only. At most 255, all finite, inside ``width`` x ``height``.
    quality : int
        0 (useless) .. 100 (perfect); see ``docs/explain/quality.md``.
    width, height : int
        Size of the print in px at 500 dpi.

    Raises
    ------
    TemplateError
        A minutia is not finite or out of range, or there are too many.
    """

    minutiae: npt.NDArray[Any]
    quality: int
    width: int
    height: int
    _prepared: list[bytes] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        minutiae = np.array(self.minutiae, dtype=MINUTIA_DTYPE, ndmin=1)
        if minutiae.ndim != 1:
            raise TemplateError("minutiae must be a one-dimensional array")
        if len(minutiae) > MAX_MINUTIAE:
            raise TemplateError(f"{len(minutiae)} minutiae; at most {MAX_MINUTIAE} are supported")
        if not 0 <= self.quality <= 100:
            raise TemplateError("quality must be 0..100")
        for name in ("x", "y", "angle"):
            if not np.isfinite(minutiae[name]).all():
                raise TemplateError(f"the {name} of a minutia is not a finite number")
        minutiae["angle"] = np.mod(minutiae["angle"], np.float32(2 * np.pi))
        minutiae["angle"][minutiae["angle"] >= np.float32(2 * np.pi)] = 0
        minutiae.setflags(write=False)
        object.__setattr__(self, "minutiae", minutiae)

    def __len__(self) -> int:
        return len(self.minutiae)

    def __repr__(self) -> str:
        return (
            f"Template({len(self)} minutiae, quality {self.quality}, {self.width}x{self.height} px)"
        )
