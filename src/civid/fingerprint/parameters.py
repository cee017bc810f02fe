"""What a researcher may change of the extraction, and how templates say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Final

from civid._native import lib
from civid.errors import FieldError
from civid.fingerprint.native_parameters import NOT_IN_C, NativeParameters, named

#: What templates say of who made them; the number rises when minutiae change.
CLASSICAL: Final = "civid-classical/1"
NEURAL: Final = "civid-neural/1"
#: Ways to find minutiae. "auto" is "neural": the best that is measured within 60 ms a print.
METHODS: Final = ("auto", "classical", "neural")
#: What templates of "auto" say.
EXTRACTOR: Final = NEURAL


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionParameters(NativeParameters):
    """Parameters of `civid.extract`; all else was measured with the defaults.

    Lengths are px at 500 dpi; blocks are of 8 x 8 px; a period is the distance from ridge to ridge
    there. The stages that they belong to are told in ``docs/explain/extraction.md``, the origin of
    the defaults stands in ``native/src/extract/extract_params.h``.

    Parameters
    ----------
    method : {"auto", "classical", "neural"}
        As for `civid.extract`, whose own ``method`` goes first.
    contrast_least : float
        Grey levels, 0.5..64: a block of less contrast is no print.
    contrast_share : float
        0..0.9 of the print's own contrast: neither is one of less.
    ridge_share : float
        0..0.8: share of the amplitude that the Gabor filter has to keep in a block of print.
    mask_least_blocks : int
        1..10000 blocks: smaller pieces of print are dropped.
    mask_most_hole : int
        0..10000 blocks: smaller holes in the print are filled.
    period_least, period_most : float
        4..20 px: shorter and longer ridge periods are taken for errors.
    period_default : float
        5..14 px: where no period can be measured.
    second_look : float
        0.1..8: how far the direction of the enhanced image is trusted against that of the first.
    sigma_across, sigma_along : float
        0.25..0.6 and 0.25..1.2 periods: width of the Gabor filter's envelope.
    hole_area, speck_area : int
        0..400 px: smaller holes in ridges are filled (pores), smaller pieces of ridge go.
    spur_length, island_length, gap_length, bridge_length, lake_length : float
        0..3 periods: shorter spurs, lines of their own, gaps between facing ends, lines across two
        ridges and enclosures are repaired in the skeleton.
    border_ahead, border_distance : int
        0..64 px that the print has to go on, in front of an ending and all round a minutia.
    twin_distance : float
        0..64 px: minutiae that face each other this near go.
    crowd_radius, crowd_most : float, int
        A minutia with more than ``crowd_most`` (0..255) others within ``crowd_radius`` (0..128 px)
        goes.
    least_quality : int
        1..100: a minutia of less is not reported.

    Raises
    ------
    FieldError
        A value out of its range, or no number of its kind; the field is named.

    Notes
    -----
    A template that was made with other values than the defaults says so in its ``extractor``. Its
    scores are on the scale that was measured with the defaults: what false match rate a score
    stands for has to be measured anew (`civid.lab`).

    Examples
    --------
    >>> ExtractionParameters(sigma_along=0.6).name
    'civid-neural/1;sigma_along=0.6'
    >>> ExtractionParameters(method="classical").name
    'civid-classical/1'
    >>> ExtractionParameters(ridge_share=2.0)
    Traceback (most recent call last):
    civid.errors.FieldError: ridge_share: must lie in 0..0.8
    """

    method: str = field(default="auto", metadata=NOT_IN_C)
    contrast_least: float = 2.5
    contrast_share: float = 0.20
    ridge_share: float = 0.33
    mask_least_blocks: int = 30
    mask_most_hole: int = 40
    period_least: float = 4.5
    period_most: float = 15.0
    period_default: float = 9.0
    second_look: float = 1.5
    sigma_across: float = 0.40
    sigma_along: float = 0.46
    hole_area: int = 20
    speck_area: int = 30
    spur_length: float = 0.6
    island_length: float = 1.0
    gap_length: float = 1.3
    bridge_length: float = 1.3
    lake_length: float = 2.0
    border_ahead: int = 14
    border_distance: int = 6
    twin_distance: float = 6.0
    crowd_radius: float = 20.0
    crowd_most: int = 6
    least_quality: int = 5

    about: ClassVar[str] = EXTRACTOR
    native_set: ClassVar[int] = lib.CIVID_PARAMETERS_EXTRACTION
    native_type: ClassVar[str] = "civid_extraction_t"

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise FieldError("method", f"is none of {', '.join(METHODS)}")
        NativeParameters.__post_init__(self)  # a class with slots has no super() of its own

    @property
    def name(self) -> str:
        """What templates that were made with these say of who made them; at most 64 characters.

        >>> ExtractionParameters(method="classical", crowd_most=8).name
        'civid-classical/1;crowd_most=8'
        """
        return extractor_name(self)


def extractor_name(parameters: ExtractionParameters | None, method: str = "auto") -> str:
    """What templates of `extract` with these parameters say of who made them.

    >>> extractor_name(None), extractor_name(None, "classical")
    ('civid-neural/1', 'civid-classical/1')
    """
    about = NEURAL if is_neural(parameters, method) else CLASSICAL
    return about if parameters is None else named(about, parameters.changes())


def is_neural(parameters: ExtractionParameters | None, method: str) -> bool:
    """Whether the network is asked: by the method, else by the parameters.

    >>> is_neural(ExtractionParameters(method="classical"), "auto")
    False
    """
    wanted = parameters.method if parameters is not None and method == "auto" else method
    return wanted != "classical"
