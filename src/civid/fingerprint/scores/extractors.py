"""Who found the minutiae, as the number that packed and prepared templates carry.

C finds the calibration of two templates by it (``CIVID_EXTRACTOR_*`` in
``native/include/civid.h``), so that `civid.compare`, galleries and clusters score the same two on
the same scale. An extractor that gets a calibration gets a number there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from civid._native import ffi, lib
from civid.fingerprint.native_parameters import CHANGED

_NUMBERS: Final[dict[str, int]] = {
    ffi.string(lib.civid_extractor_name(number)).decode(): number
    for number in range(lib.CIVID_EXTRACTOR_COUNT)
}
#: A score that the new template of an image has to reach against the one that it replaces: a
#: stranger's does one time in ten thousand, that of another finger hardly ever.
SAME_FINGER: Final = 40.0
#: Whose impostors were measured.
NAMES: Final = tuple(_NUMBERS)
#: Those of them that have another number than 0, as they stand in what is stored.
NUMBERED: Final = tuple(name.encode() for name, number in _NUMBERS.items() if number)


def has_calibration(extractor: str) -> bool:
    """Whether impostors of this extractor were measured; who is not named counts as measured.

    >>> has_calibration("civid-neural/1"), has_calibration(""), has_calibration("vendor-x/2")
    (True, True, False)
    """
    return not extractor or _base(extractor) in _NUMBERS


@lru_cache(maxsize=256)  # asked for the templates of each result
def is_measured(extractor: str) -> bool:
    """Whether scores of this extractor's templates are the false match rates that they state: its
    impostors were measured, by the defaults of its parameters.

    >>> is_measured("civid-neural/1"), is_measured(""), is_measured("civid-neural/1;sigma_along=1")
    (True, True, False)
    """
    return CHANGED not in extractor and has_calibration(extractor)


@lru_cache(maxsize=256)  # asked for each template that is packed, and never otherwise for a name
def extractor_number(extractor: str) -> int:
    """The number of an extractor. Who has no calibration counts as not known.

    Parameters
    ----------
    extractor : str
        `Template.extractor`. What stands behind a ``;`` are changed parameters, for which nothing
        was measured: it counts as the one that has the defaults.

    Returns
    -------
    int
        0 for ``civid-classical/1``, and for whoever is not known.

    >>> extractor_number("civid-classical/1"), extractor_number("vendor-x/2")
    (0, 0)
    >>> extractor_number("civid-neural/1"), extractor_number("civid-neural/1;a=1")
    (1, 1)
    """
    return _NUMBERS.get(_base(extractor), 0)


def _base(extractor: str) -> str:
    return extractor.partition(";")[0]
