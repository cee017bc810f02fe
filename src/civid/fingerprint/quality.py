"""Why a print is poor, in words that an operator can act on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from civid import display
from civid.fingerprint.extract import explain
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template

Greys = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_STAGES: Final = ("resampled", "mask", "binary", "skeleton", "coherence")
_BLOCK: Final = 8  # px of a value of `coherence`
_MM: Final = 25.4 / 500


@dataclass(frozen=True, slots=True)
class Limits:
    """Two values of each figure: where it begins to explain a poor print, and where it is plain.

    Between them a reason is given for prints below `good` only, behind the second one for all.
    Chosen by the figures of 1,033 prints (FVC2000, 2002 and 2004 B, UareU, UPEK, Lindex101) and of
    synthetic impressions of known moisture; what came of it: ``docs/explain/quality.md``.
    """

    good: int = 60  # quality; about the median of the FVC sets
    poor: int = 40  # quality; below it a reason is always given, the nearest one if none is plain
    most_mm2: float = 1500.0  # no finger has more, rolled from nail to nail neither
    # A second piece of the print this large (mm2, and share of the whole) is another finger
    second_mm2: float = 60.0
    second_share: float = 0.25
    # Without a print: noise in grains of 1 to 4 px has quality 0 or 1, the poorest real print 9;
    # noise in grains of 6 px has coherence .15 to .17, the least coherent real print .26.
    least_quality: int = 4
    least_coherence: float = 0.2
    least_mm2: float = 15.0  # a quarter of the smallest real print
    # Share of the ridges' middle lines that is light: synthetic moisture 0: .09, -.4: .15, -.7: .24
    broken: tuple[float, float] = (0.16, 0.40)
    # Share of dark pixels: below .22 the prints of FVC2004 DB1 look dry to the eye (.09..84 in all)
    dark: tuple[float, float] = (0.22, 0.05)
    # Level of the valleys between dark and light: synthetic 0: .86, .4: .65, .6: .56, .8: .40
    valley: tuple[float, float] = (0.60, 0.42)
    # mm2: the smallest twentieth of the sets lies below 86 to 174
    area: tuple[float, float] = (115.0, 60.0)
    # Way of the middle of the print towards a side that cuts it, in halves of the image: careful
    # synthetic captures reach .20, prints moved half out of the image have .5 and more
    offset: tuple[float, float] = (0.22, 0.40)
    # Share of a side that must lie in the print for it to cut; chosen, not measured
    cut: float = 0.15
    # Grey levels: FVC2000 DB1 works well at its median of 24, its last twentieth is below 12
    contrast: tuple[float, float] = (18.0, 6.0)
    # Mean coherence: the last tenth of the sets lies below .36 to .70; doubled prints have .6
    coherence: tuple[float, float] = (0.66, 0.35)


LIMITS: Final = Limits()


class Reason(StrEnum):
    """What is wrong with a print."""

    NO_PRINT = "no-print"
    NOT_ONE_FINGER = "not-one-finger"
    TOO_DRY = "too-dry"
    TOO_WET = "too-wet"
    TOO_SMALL = "too-small"
    OFF_CENTRE = "off-centre"
    LOW_CONTRAST = "low-contrast"
    SMEARED = "smeared"

    def advice(self, language: str = "en") -> str:
        """One sentence for the operator.

        Parameters
        ----------
        language : {"en", "vi"}
            English or Vietnamese.

        Raises
        ------
        ValueError
            Another language.

        Examples
        --------
        >>> Reason.TOO_WET.advice()
        'Wipe the finger and the glass dry, and press more lightly.'
        """
        if language not in _LANGUAGES:
            raise ValueError(f"no advice in {language!r}; there are {', '.join(_LANGUAGES)}")
        return _ADVICE[self][_LANGUAGES.index(language)]


_LANGUAGES: Final = ("en", "vi")
_ADVICE: Final = {
    Reason.NO_PRINT: (
        "No print was seen: place the finger on the glass.",
        "Không thấy vân tay: hãy đặt ngón tay lên mặt kính.",
    ),
    Reason.NOT_ONE_FINGER: (
        "This is more than one finger: take one finger at a time, or cut the image up.",
        "Có nhiều hơn một ngón tay: hãy lấy từng ngón một, hoặc tách ảnh ra.",
    ),
    Reason.TOO_DRY: (
        "Moisten the finger a little, and press more firmly.",
        "Làm ẩm nhẹ ngón tay và ấn mạnh hơn.",
    ),
    Reason.TOO_WET: (
        "Wipe the finger and the glass dry, and press more lightly.",
        "Lau khô ngón tay và mặt kính, ấn nhẹ hơn.",
    ),
    Reason.TOO_SMALL: (
        "Lay the finger flat, so that more of it touches the glass.",
        "Đặt ngón tay nằm phẳng để tiếp xúc nhiều hơn với mặt kính.",
    ),
    Reason.OFF_CENTRE: (
        "Move the finger to the middle of the glass.",
        "Đặt ngón tay vào giữa mặt kính.",
    ),
    Reason.LOW_CONTRAST: (
        "Clean the glass, and press a little more firmly.",
        "Lau sạch mặt kính và ấn mạnh hơn một chút.",
    ),
    Reason.SMEARED: (
        "Lift the finger, place it again and hold it still.",
        "Nhấc ngón tay lên, đặt lại và giữ yên.",
    ),
}


@dataclass(frozen=True, slots=True)
class QualityReport:
    """How good a print is, why it is not better, and the figures behind.

    Attributes
    ----------
    quality, minutiae : int
        Those of the template: 0..100, and how many.
    area_mm2 : float
        Of the print, at 500 dpi.
    reasons : tuple of Reason
        The gravest first; empty for a good print only. Never dry and wet at once.
    dark_share : float
        Share of the print darker than the middle between its darkest and its lightest grey.
    broken_share : float
        Share of the ridges' middle lines lighter than the middle between ridges and valleys there.
    valley_level : float
        Mean grey of the valleys, 0 (the darkest grey of the print) .. 1 (its lightest).
    contrast : float
        Mean grey of the valleys less that of the ridges, 0..255.
    offset : (float, float)
        From the middle of the image to that of the print, right and down, in halves of the image.
    cut_offset : float
        The part of `offset` towards a side that cuts the print off; 0 if none does.
    coherence : float
        Mean over the print, 0..1: how well its ridges have one direction in each place.
    """

    quality: int
    minutiae: int
    area_mm2: float
    reasons: tuple[Reason, ...]
    dark_share: float
    broken_share: float
    valley_level: float
    contrast: float
    offset: tuple[float, float]
    cut_offset: float
    coherence: float

    def __post_init__(self) -> None:
        # Lists would leave a frozen report changeable, and without a hash.
        object.__setattr__(self, "reasons", tuple(self.reasons))
        object.__setattr__(self, "offset", tuple(self.offset))

    def _repr_html_(self) -> str:
        return display.html(self)


def assess(image: FingerImage) -> QualityReport:
    """Say how good a print is, and why it is not better.

    Parameters
    ----------
    image : FingerImage
        As for `civid.extract`.

    Returns
    -------
    QualityReport
        An image without a print has the reason `Reason.NO_PRINT`, and is no error.

    Raises
    ------
    ImageError, ResolutionError
        As `civid.extract`.

    Notes
    -----
    Thread-safe. The limits and what they are worth stand in ``docs/explain/quality.md``.

    Examples
    --------
    >>> import numpy as np
    >>> blank = FingerImage(np.full((200, 160), 255, np.uint8), 500.0)
    >>> assess(blank).reasons
    (<Reason.NO_PRINT: 'no-print'>,)
    """
    return extract_and_assess(image)[1]


def extract_and_assess(image: FingerImage) -> tuple[Template, QualityReport]:
    """`extract` and `assess` in one run of the engine; errors as theirs."""
    template, stages = explain(image, _STAGES)
    return template, _report(template, stages)


def _report(template: Template, stages: dict[str, npt.NDArray[Any]]) -> QualityReport:
    inside: Mask = stages["mask"] > 0
    area = float(np.count_nonzero(inside)) * _MM * _MM
    if not inside.any():
        nothing = (Reason.NO_PRINT,)
        return QualityReport(
            template.quality, len(template), 0.0, nothing, 0.0, 0.0, 0.0, 0.0, (0.0, 0.0), 0.0, 0.0
        )
    grey = stages["resampled"].astype(np.float64)
    ridges: Mask = inside & (stages["binary"] > 0)
    valleys: Mask = inside & ~ridges
    dark, light = np.percentile(grey[inside], (2, 98))
    ridge, valley = (float(grey[part].mean()) if part.any() else 0.0 for part in (ridges, valleys))
    offset = _offset(inside)
    figures = {
        "dark_share": float(np.mean(grey[inside] < (dark + light) / 2)),
        "broken_share": _broken(grey, ridges, valleys, inside & (stages["skeleton"] > 0)),
        "valley_level": min(1.0, max(0.0, (valley - float(dark)) / max(1.0, float(light - dark)))),
        "contrast": max(0.0, valley - ridge),
        "cut_offset": _cut_offset(inside, offset),
        "coherence": _coherence(inside, stages["coherence"]),
    }
    reasons = _reasons(template, area, figures)
    if reasons != (Reason.NO_PRINT,) and not _one_finger(inside, area):
        reasons = (Reason.NOT_ONE_FINGER, *reasons)
    return QualityReport(template.quality, len(template), area, reasons, offset=offset, **figures)


def _reasons(template: Template, area: float, figures: dict[str, float]) -> tuple[Reason, ...]:
    if (
        area < LIMITS.least_mm2
        or template.quality < LIMITS.least_quality
        or figures["coherence"] < LIMITS.least_coherence
    ):
        return (Reason.NO_PRINT,)
    dry = max(
        _weight(figures["broken_share"], LIMITS.broken), _weight(figures["dark_share"], LIMITS.dark)
    )
    weights = {
        Reason.TOO_DRY: dry,
        Reason.TOO_WET: _weight(figures["valley_level"], LIMITS.valley),
        Reason.TOO_SMALL: _weight(area, LIMITS.area),
        Reason.OFF_CENTRE: _weight(figures["cut_offset"], LIMITS.offset),
        Reason.LOW_CONTRAST: _weight(figures["contrast"], LIMITS.contrast),
    }
    # Broken and faint ridges are incoherent too; flooded ones are less so than doubled ones.
    if weights[Reason.TOO_DRY] <= 0 and weights[Reason.LOW_CONTRAST] <= 0:
        weights[Reason.SMEARED] = _weight(figures["coherence"], LIMITS.coherence)
    # No finger is dry and wet: the graver of both stands, the other comes of what it does to the
    # figures (flooded ridges are broken by light pores, faint ones leave dark valleys).
    del weights[min(Reason.TOO_DRY, Reason.TOO_WET, key=weights.__getitem__)]
    least = 0.0 if template.quality < LIMITS.good else 1.0
    found = [reason for reason, weight in weights.items() if weight > least]
    if not found and template.quality < LIMITS.poor:
        found = [max(weights, key=weights.__getitem__)]
    return tuple(sorted(found, key=lambda reason: -weights[reason]))


def _one_finger(inside: Mask, area: float) -> bool:
    if area > LIMITS.most_mm2:
        return False
    pieces = sorted(_pieces(inside[_BLOCK // 2 :: _BLOCK, _BLOCK // 2 :: _BLOCK]), reverse=True)
    if len(pieces) < 2:
        return True
    (_, x, y), (size, other_x, other_y) = pieces[:2]
    if abs(x - other_x) <= abs(y - other_y):  # of one finger, above and below its crease
        return True
    return size * (_BLOCK * _MM) ** 2 < max(LIMITS.second_mm2, LIMITS.second_share * area)


def _pieces(inside: Mask) -> list[tuple[int, float, float]]:
    """Size and middle of what hangs together."""
    left = set(zip(*(axis.tolist() for axis in np.nonzero(inside)), strict=True))
    pieces = []
    while left:
        queue, places = [left.pop()], []
        while queue:
            y, x = queue.pop()
            places.append((x, y))
            for one in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if one in left:
                    left.remove(one)
                    queue.append(one)
        middle = np.mean(places, axis=0)
        pieces.append((len(places), float(middle[0]), float(middle[1])))
    return pieces


def _weight(value: float, limits: tuple[float, float]) -> float:
    """0 at the first limit, 1 at the second, whichever of them is larger."""
    begin, plain = limits
    return (value - begin) / (plain - begin)


def _broken(grey: Greys, ridges: Mask, valleys: Mask, lines: Mask) -> float:
    """Share of the ridges' middle lines lighter than the middle grey of their tile."""
    height, width = grey.shape
    tile = 32  # three periods: both kinds in each, and slow changes of pressure do not count
    across = -(-width // tile)
    number = (np.arange(height) // tile)[:, None] * across + np.arange(width) // tile
    sums = [
        (np.bincount(number[part], grey[part], number.max() + 1),
         np.bincount(number[part], minlength=number.max() + 1))
        for part in (ridges, valleys)
    ]  # fmt: skip
    (dark, darks), (light, lights) = sums
    middle = (dark / np.maximum(darks, 1) + light / np.maximum(lights, 1)) / 2
    y, x = np.nonzero(lines)
    known = (darks > 0)[number[y, x]] & (lights > 0)[number[y, x]]
    y, x = y[known], x[known]
    if not len(y):
        return 0.0
    padded = np.pad(grey, 1, mode="edge")
    around = sum(padded[y + i, x + j] for i in range(3) for j in range(3)) / 9
    return float(np.mean(around > middle[number[y, x]]))


def _offset(inside: Mask) -> tuple[float, float]:
    height, width = inside.shape
    y, x = np.nonzero(inside)
    return (
        float(x.mean() - (width - 1) / 2) / (width / 2),
        float(y.mean() - (height - 1) / 2) / (height / 2),
    )


def _cut_offset(inside: Mask, offset: tuple[float, float]) -> float:
    right, down = offset
    sides = (
        (right, inside[:, -_BLOCK:]),
        (-right, inside[:, :_BLOCK]),
        (down, inside[-_BLOCK:]),
        (-down, inside[:_BLOCK]),
    )
    return max(0.0, *(way for way, strip in sides if strip.mean() > LIMITS.cut), 0.0)


def _coherence(inside: Mask, coherence: npt.NDArray[Any]) -> float:
    rows, columns = coherence.shape
    height, width = inside.shape
    y = np.minimum(np.arange(rows) * _BLOCK + _BLOCK // 2, height - 1)
    x = np.minimum(np.arange(columns) * _BLOCK + _BLOCK // 2, width - 1)
    blocks = inside[np.ix_(y, x)]
    return float(coherence[blocks].mean()) if blocks.any() else 0.0
