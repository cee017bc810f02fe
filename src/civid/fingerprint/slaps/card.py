"""The plain impressions of a whole ten-print card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from civid.errors import ImageError
from civid.fingerprint.image import FingerImage
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.slaps.model import Slap, SlapPosition
from civid.fingerprint.slaps.segmentation import checked, segment
from civid.position import Position

#: Where the plain impressions are on a card eight inches wide, inches from its left side; they fill
#: its lowest two inches (FBI card FD-258; the boxes of NIST's ten-print samples measure the same).
BOXES: Final = {
    SlapPosition.LEFT_FOUR: (0.0, 3.2),
    SlapPosition.PLAIN_LEFT_THUMB: (3.2, 4.0),
    SlapPosition.PLAIN_RIGHT_THUMB: (4.0, 4.8),
    SlapPosition.RIGHT_FOUR: (4.8, 8.0),
}
_WIDTH: Final = 8.0
_ROW: Final = 2.0
_TOLERANCE: Final = 0.3  # inches of the width of a scan


def segment_card(
    image: FingerImage | npt.NDArray[np.uint8],
    *,
    dpi: float | None = None,
    missing: Iterable[Position | int] = (),
    parameters: ExtractionParameters | None = None,
) -> Mapping[SlapPosition, Slap]:
    """Cut the plain impressions of a ten-print card into single fingers.

    Parameters
    ----------
    image : FingerImage or (H, W) uint8
        The card from its left to its right side, eight inches, and down to its lower side: the
        whole of it or its print boxes alone. Upright; the card's frame must not be turned by more
        than a few degrees.
    dpi, missing, parameters
        As for `segment`.

    Returns
    -------
    mapping of SlapPosition to Slap
        Left four, left thumb, right thumb, right four. Boxes are in px of the card.

    Raises
    ------
    ImageError, ResolutionError, ValueError
        As `segment`; the card is not eight inches wide, or less than two high.

    Examples
    --------
    >>> import numpy as np
    >>> card = segment_card(np.full((2500, 4000), 255, np.uint8), dpi=500)
    >>> [position.name for position in card]
    ['LEFT_FOUR', 'PLAIN_LEFT_THUMB', 'PLAIN_RIGHT_THUMB', 'RIGHT_FOUR']
    """
    pixels, resolution = checked(image, dpi)
    height, width = pixels.shape
    if not _has_size(width / resolution, height / resolution):
        raise ImageError("a ten-print card is 8 inches wide and at least 2 high")
    lost = tuple(missing)
    top = max(0, height - round(_ROW * resolution))
    slaps = {}
    for position, (first, last) in BOXES.items():
        left, right = (round(edge / _WIDTH * width) for edge in (first, last))
        part = pixels[top:, left:right]
        slap = segment(part, position=position, dpi=resolution, missing=lost, parameters=parameters)
        slaps[position] = _moved(slap, left, top)
    return MappingProxyType(slaps)


def is_card(image: FingerImage) -> bool:
    """Whether an image is as wide and high as a ten-print card, and no finger could be.

    >>> is_card(FingerImage(np.full((2500, 4000), 255, np.uint8), 500))
    True
    """
    height, width = image.pixels.shape
    return _has_size(width / image.dpi, height / image.dpi)


def _has_size(width: float, height: float) -> bool:
    return abs(width - _WIDTH) <= _TOLERANCE and height >= _ROW - _TOLERANCE


def _moved(slap: Slap, right: int, down: int) -> Slap:
    fingers = tuple(
        replace(finger, box=replace(finger.box, x=finger.box.x + right, y=finger.box.y + down))
        for finger in slap.fingers
    )
    return replace(slap, fingers=fingers)
