"""One picture of several fingers in, single fingers out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from civid.errors import ImageError, ResolutionError
from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage, checked_dpi
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.slaps.cutting import box_of, cut
from civid.fingerprint.slaps.ground import is_dark
from civid.fingerprint.slaps.hands import Choice, choose
from civid.fingerprint.slaps.model import (
    Fault,
    Finding,
    Hand,
    Slap,
    SlapFinger,
    SlapPosition,
)
from civid.fingerprint.slaps.patches import divided, foreground
from civid.fingerprint.slaps.pieces import Piece, common_angle, pieces
from civid.fingerprint.slaps.ridges import ridge_map
from civid.position import Position

#: Least resolution: at less, ridges are finer than two pixels.
MIN_DPI: Final = 200.0
#: Largest and smallest side of a picture, inches.
_INCHES: Final = (0.2, 10.0)
#: From here on a hand counts as rotated, radians (20 degrees).
ROTATED: Final = math.radians(20)
#: From here on which end of a finger is its tip is not known, radians (65 degrees).
SIDEWAYS: Final = math.radians(65)
#: How sure the picture must be to tell a hand, or to contradict the one that is given.
SURE: Final = 0.95

_HANDS: Final = {
    SlapPosition.RIGHT_FOUR: Hand.RIGHT,
    SlapPosition.LEFT_FOUR: Hand.LEFT,
    SlapPosition.THUMBS: Hand.BOTH,
    SlapPosition.PLAIN_RIGHT_THUMB: Hand.RIGHT,
    SlapPosition.PLAIN_LEFT_THUMB: Hand.LEFT,
}
_FOURS: Final = {Hand.RIGHT: SlapPosition.RIGHT_FOUR, Hand.LEFT: SlapPosition.LEFT_FOUR}


def segment(
    image: FingerImage | npt.NDArray[np.uint8],
    *,
    position: SlapPosition | int | None = None,
    dpi: float | None = None,
    missing: Iterable[Position | int] = (),
    parameters: ExtractionParameters | None = None,
) -> Slap:
    """Cut a slap into single fingers.

    Parameters
    ----------
    image : FingerImage or (H, W) uint8
        Dark ridges on light ground, fingers upwards, at 200 dpi or more; each side 0.2 to 10
        inches. Dark ground is a finding, since some sensors have it; nothing is inverted.
    position : SlapPosition or int, optional
        What it shows: 13 right four, 14 left four, 15 two thumbs, 11 right and 12 left thumb
        (ANSI/NIST-ITL). Without it, the hand is told from the picture if four fingers say it.
    dpi : float, optional
        Resolution, where `image` is an array; it goes before that of a FingerImage.
    missing : iterable of Position or int
        Fingers that are known to be absent or bandaged; those of other pictures do not matter.
    parameters : ExtractionParameters, optional
        By which each finger's quality is found, as for `civid.extract`.

    Returns
    -------
    Slap
        At most four fingers (two of thumbs, one of one), from left to right. Where fewer are
        found than expected, or they do not lie as a hand does, which is which is never guessed:
        they are `Position.UNKNOWN`. A picture without a print is no error: it has no fingers and
        the fault ``no-fingers``.

    Raises
    ------
    ImageError
        Not a two-dimensional uint8 image, or too small or too large.
    ResolutionError
        The resolution is missing or below 200 dpi.
    ValueError
        `position` or one of `missing` is no such code.

    Notes
    -----
    Thread-safe. A slap of 1600 x 1500 px takes some tenths of a second; the work grows with the
    area, and no more than about 200 MB are in use for the largest picture. The steps and what
    they are worth: ``docs/explain/slaps.md``.

    Examples
    --------
    >>> import numpy as np
    >>> segment(np.full((500, 800), 255, np.uint8), position=13, dpi=500).faults
    frozenset({<Fault.NO_FINGERS: 'no-fingers'>})
    """
    pixels, resolution = checked(image, dpi)
    given = None if position is None else SlapPosition(position)
    lost = {Position(one) for one in missing}
    thumbs = given is SlapPosition.THUMBS
    most = 4 if given is None else len(given.fingers)
    ridges = ridge_map(pixels, resolution)
    labels, origin = divided(ridges, foreground(ridges))
    angle = common_angle(labels, origin)
    found = pieces(ridges, labels, origin, angle)
    choice = choose(found, most, thumbs=thumbs or most == 1)
    angle = angle if choice.fingers else 0.0
    hand = _hand(given, choice)
    positions, findings = _assigned(given, choice, hand, lost, angle)
    findings += _shape(choice.fingers, origin, angle)
    if is_dark(pixels, labels, choice.fingers):
        findings.append(Finding(Fault.DARK_GROUND))
    ground = int(np.percentile(pixels[::8, ::8], 90))
    fingers = []
    for piece, one in zip(choice.fingers, positions, strict=True):
        box = box_of(piece, resolution / 500.0)
        picture = cut(pixels, resolution, box, piece.label, labels, ground)
        fingers.append(SlapFinger(one, box, picture, extract(picture, parameters).quality))
    return Slap(tuple(fingers), hand, given is not None, choice.confidence, angle, tuple(findings))


def checked(
    image: FingerImage | npt.NDArray[np.uint8], dpi: float | None
) -> tuple[npt.NDArray[np.uint8], float]:
    """The pixels and the resolution of a slap, or the error why not."""
    if dpi is None:
        dpi = getattr(image, "dpi", None)
        if dpi is None:
            raise ResolutionError("the resolution is missing; give dpi=...")
    resolution = checked_dpi(dpi)
    if resolution < MIN_DPI:
        raise ResolutionError(f"a slap needs {MIN_DPI:g} dpi, not {resolution:g}")
    pixels = np.asarray(getattr(image, "pixels", image))
    if pixels.ndim != 2 or pixels.dtype != np.uint8:
        raise ImageError("pixels must be a two-dimensional array of uint8")
    height, width = (side / resolution for side in pixels.shape)
    low, high = _INCHES
    if not (low <= height <= high and low <= width <= high):
        raise ImageError(f"a slap is {low:g} to {high:g} inches, not {width:.3g} x {height:.3g}")
    return pixels, resolution


def _hand(given: SlapPosition | None, choice: Choice) -> Hand:
    if given is not None:
        return _HANDS[given]
    sure = choice.confidence >= SURE and choice.lies_as_hand
    return choice.likelier if sure else Hand.UNKNOWN


def _assigned(
    given: SlapPosition | None, choice: Choice, hand: Hand, lost: set[Position], angle: float
) -> tuple[tuple[Position, ...], list[Finding]]:
    """Which finger each is, as far as that is certain; and what is not."""
    count = len(choice.fingers)
    unknown = (Position.UNKNOWN,) * count
    if not count:
        return (), [Finding(Fault.NO_FINGERS)]
    findings = [Finding(Fault.OTHER_PRINTS)] if choice.others else []
    if not choice.lies_as_hand:
        findings.append(Finding(Fault.NOT_A_HAND))
    if not choice.lies_as_hand or abs(angle) > SIDEWAYS:
        return unknown, [*findings, Finding(Fault.POSITIONS_UNKNOWN)]
    slap = given if given is not None else _FOURS.get(hand)
    if slap is None:
        if count == 4:
            findings.append(Finding(Fault.HAND_UNKNOWN))
        return unknown, [*findings, Finding(Fault.POSITIONS_UNKNOWN)]
    if given is not None and choice.confidence >= SURE and choice.likelier is not hand:
        findings.append(Finding(Fault.OTHER_HAND))
    expected = tuple(one for one in slap.fingers if one not in lost)
    if count == len(expected):
        return expected, findings
    findings.append(Finding(Fault.TOO_FEW if count < len(expected) else Fault.TOO_MANY))
    return unknown, [*findings, Finding(Fault.POSITIONS_UNKNOWN)]


def _shape(fingers: tuple[Piece, ...], origin: dict[int, int], angle: float) -> list[Finding]:
    findings = []
    if fingers and abs(angle) > ROTATED:
        findings.append(Finding(Fault.ROTATED))
    for number, finger in enumerate(fingers):
        if any(finger.cut):
            findings.append(Finding(Fault.CUT_OFF, number))
        near = fingers[max(0, number - 1) : number] + fingers[number + 1 : number + 2]
        if any(origin[other.label] == origin[finger.label] for other in near):
            findings.append(Finding(Fault.TOUCHING, number))
    return findings
