"""Which calibration makes scores of similarities: it belongs to two extractors.

A score states a false match rate, and impostors were measured for one pair of extractors at a time
(``native/src/compare/calibrate.c`` holds the tables). Where nobody says who found the minutiae, as
in most records of others, `DEFAULT` holds; ``docs/explain/score.md`` tells by how much it is off
then. What C compares says who found it (``civid.fingerprint.scores.extractors``), and each pair of
templates has the calibration of its pairing, in galleries as in `civid.compare`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from civid._native import check, ffi, lib
from civid.errors import TemplateError
from civid.fingerprint.scores.extractors import NAMES

#: ``civid-classical/1`` against itself, and whatever does not say who made it.
DEFAULT: Final[int] = lib.CIVID_CALIBRATION_CLASSICAL

#: Whose impostors `DEFAULT` was measured on.
DEFAULT_EXTRACTOR: Final = "civid-classical/1"


@lru_cache(maxsize=256)  # asked at every comparison, and never otherwise for the same names
def calibration_of(probe: str, reference: str) -> int:
    """The number of the calibration for minutiae of these two extractors, in either order.

    Parameters
    ----------
    probe, reference : str
        `Template.extractor`. Empty = not known: taken for the one of the default calibration. What
        stands behind a ``;`` are changed parameters, for which nothing was measured.

    Raises
    ------
    TemplateError
        Impostors of these two were never measured, so that no score can be stated.

    >>> calibration_of("civid-classical/1", "civid-classical/1") == DEFAULT
    True
    >>> calibration_of("", "civid-classical/1") == DEFAULT
    True
    """
    # Changed parameters (`ExtractionParameters`): on the scale of the defaults, for research.
    names = [name.partition(";")[0] or DEFAULT_EXTRACTOR for name in (probe, reference)]
    number = ffi.new("int32_t *")
    status = lib.civid_calibration(names[0].encode("ascii"), names[1].encode("ascii"), number)
    if status == lib.CIVID_E_CALIBRATION:
        raise TemplateError(
            f"no calibration for minutiae of {names[0]!r} and {names[1]!r}: only those of"
            f" {', '.join(NAMES)}, or of an extractor that is not named, have scores"
        )
    check(status)
    return int(number[0])


def calibrate(raw: int, calibration: int = DEFAULT) -> float:
    """The score of a raw similarity: ``-10 log10`` of the false match rate.

    Raises
    ------
    TemplateError
        There is no calibration of this number.
    """
    score = ffi.new("float *")
    status = lib.civid_calibrate(calibration, raw, score)
    if status == lib.CIVID_E_CALIBRATION:
        raise TemplateError(f"there is no calibration {calibration}")
    check(status)
    return float(score[0])
