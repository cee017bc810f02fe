"""How good a print is, and why it is not better, in words that an operator can act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from civid import display
from civid.fingerprint.extract import run
from civid.fingerprint.figures import Figures, figures_of
from civid.fingerprint.image import FingerImage
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.reasons import Reason
from civid.fingerprint.template import Template


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
    # Grey levels: FVC2000 DB1 works well at its median of 24, its last twentieth is below 12
    contrast: tuple[float, float] = (18.0, 6.0)
    # Mean coherence: the last tenth of the sets lies below .36 to .70; doubled prints have .6
    coherence: tuple[float, float] = (0.66, 0.35)


LIMITS: Final = Limits()


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
    reasons: tuple[Reason, ...] = ()
    dark_share: float = 0.0
    broken_share: float = 0.0
    valley_level: float = 0.0
    contrast: float = 0.0
    offset: tuple[float, float] = (0.0, 0.0)
    cut_offset: float = 0.0
    coherence: float = 0.0

    def advice(self, language: str = "en") -> tuple[str, ...]:
        """What the operator should do: a sentence a reason, the gravest first (English: ``"en"``).

        Raises
        ------
        ValueError
            Another language.
        """
        return tuple(reason.advice(language) for reason in self.reasons)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, rounded; each reason with its advice in both languages.

        >>> QualityReport(7, 3, 20.0, (Reason.TOO_SMALL,)).to_dict()["reasons"][0]["code"]
        'too-small'
        """
        return {
            "quality": self.quality,
            "minutiae": self.minutiae,
            "area_mm2": round(self.area_mm2, 1),
            "reasons": [
                {"code": one.value, "advice": one.advice("en"), "advice_vi": one.advice("vi")}
                for one in self.reasons
            ],
        }

    def __post_init__(self) -> None:
        # Lists would leave a frozen report changeable, and without a hash.
        object.__setattr__(self, "reasons", tuple(self.reasons))
        object.__setattr__(self, "offset", tuple(self.offset))

    def _repr_html_(self) -> str:
        return display.html(self)


class Examination(NamedTuple):
    """What one look at a print gives; unpacks as ``template, report``."""

    template: Template
    report: QualityReport


def examine(image: FingerImage, parameters: ExtractionParameters | None = None) -> Examination:
    """Extract a print and say how good it is and why it is not better, in one pass.

    Costs little more than `civid.extract`; what is counted for the reasons is counted while the
    stages of the extraction are at hand.

    Parameters
    ----------
    image : FingerImage
        As for `civid.extract`.
    parameters : ExtractionParameters, optional
        As for `civid.extract`.

    Returns
    -------
    Examination
        ``template``: the same as that of `civid.extract`, bit for bit. ``report``: an image
        without a print has the reason `Reason.NO_PRINT`, and is no error.

    Raises
    ------
    ImageError, ResolutionError
        As `civid.extract`.

    Notes
    -----
    Thread-safe; the GIL is released while C runs. The limits and what they are worth stand in
    ``docs/explain/quality.md``. `civid.Gate` makes a decision of it.

    Examples
    --------
    >>> import numpy as np
    >>> blank = FingerImage(np.full((200, 160), 255, np.uint8), 500.0)
    >>> template, report = examine(blank)
    >>> len(template), report.advice()
    (0, ('No print was seen: place the finger on the glass.',))
    """
    template, counted, _ = run(image, figures=True, parameters=parameters)
    figures = figures_of(counted, template.width, template.height)
    reasons = _reasons(template.quality, figures)
    if reasons != (Reason.NO_PRINT,) and not _one_finger(figures):
        reasons = (Reason.NOT_ONE_FINGER, *reasons)
    report = QualityReport(
        template.quality,
        len(template),
        figures.area_mm2,
        reasons,
        figures.dark_share,
        figures.broken_share,
        figures.valley_level,
        figures.contrast,
        figures.offset,
        figures.cut_offset,
        figures.coherence,
    )
    return Examination(template, report)


def assess(image: FingerImage) -> QualityReport:
    """The ``report`` of `examine`, for whoever needs no template; errors as there.

    >>> import numpy as np
    >>> assess(FingerImage(np.full((200, 160), 255, np.uint8), 500.0)).reasons
    (<Reason.NO_PRINT: 'no-print'>,)
    """
    return examine(image).report


def _reasons(quality: int, figures: Figures) -> tuple[Reason, ...]:
    if (
        figures.area_mm2 < LIMITS.least_mm2
        or quality < LIMITS.least_quality
        or figures.coherence < LIMITS.least_coherence
    ):
        return (Reason.NO_PRINT,)
    dry = max(
        _weight(figures.broken_share, LIMITS.broken), _weight(figures.dark_share, LIMITS.dark)
    )
    weights = {
        Reason.TOO_DRY: dry,
        Reason.TOO_WET: _weight(figures.valley_level, LIMITS.valley),
        Reason.TOO_SMALL: _weight(figures.area_mm2, LIMITS.area),
        Reason.OFF_CENTRE: _weight(figures.cut_offset, LIMITS.offset),
        Reason.LOW_CONTRAST: _weight(figures.contrast, LIMITS.contrast),
    }
    # Broken and faint ridges are incoherent too; flooded ones are less so than doubled ones.
    if weights[Reason.TOO_DRY] <= 0 and weights[Reason.LOW_CONTRAST] <= 0:
        weights[Reason.SMEARED] = _weight(figures.coherence, LIMITS.coherence)
    # No finger is dry and wet: the graver of both stands, the other comes of what it does to the
    # figures (flooded ridges are broken by light pores, faint ones leave dark valleys). Nor is
    # anybody told to press more lightly because it is wet and more firmly because it is faint.
    for contrary in ((Reason.TOO_DRY, Reason.TOO_WET), (Reason.TOO_WET, Reason.LOW_CONTRAST)):
        if all(one in weights for one in contrary):
            del weights[min(contrary, key=weights.__getitem__)]
    least = 0.0 if quality < LIMITS.good else 1.0
    found = [reason for reason, weight in weights.items() if weight > least]
    if not found and quality < LIMITS.poor:
        found = [max(weights, key=weights.__getitem__)]
    return tuple(sorted(found, key=lambda reason: -weights[reason]))


def _one_finger(figures: Figures) -> bool:
    return figures.area_mm2 <= LIMITS.most_mm2 and figures.beside_mm2 < max(
        LIMITS.second_mm2, LIMITS.second_share * figures.area_mm2
    )


def _weight(value: float, limits: tuple[float, float]) -> float:
    """0 at the first limit, 1 at the second, whichever of them is larger."""
    begin, plain = limits
    return (value - begin) / (plain - begin)
