"""What a researcher may change of the fusion of several fingers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from civid._native import lib
from civid.fingerprint.native_parameters import NativeParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionParameters(NativeParameters):
    """Parameters of `civid.search.fuse` and of all scores of several fingers.

    ``docs/explain/fusion.md`` tells the method, ``native/src/search/search_params.h`` where the
    defaults come from.

    Parameters
    ----------
    dependence : float
        0..1: covariance of -ln p between two fingers of a person, against 1 of a finger with
        itself. 0 = independent fingers (Fisher), 1 = all fingers say the same.
    price_labelled, price_other_hand, price_other_slap, price_exchanged, price_any : float
        0..60 dB that a search of swapped fingers takes from the score of sets as labelled, with the
        hands mixed, with a slap counted from the wrong end, with two fingers exchanged, and in any
        order. Only while the sum of 10^(-price/10) is at most 1 is such a score no better than it
        says.

    Raises
    ------
    FieldError
        A value out of its range, or no number; the field is named.

    Notes
    -----
    Fused scores of other values than the defaults are no false match rates: results say
    ``calibrated`` is false. Frozen, so safe to share between threads.

    Examples
    --------
    >>> FusionParameters(dependence=0).name
    'civid-fusion/1;dependence=0'
    """

    dependence: float = 0.06
    price_labelled: float = 1.0
    price_other_hand: float = 13.0
    price_other_slap: float = 16.0
    price_exchanged: float = 16.0
    price_any: float = 10.0

    about: ClassVar[str] = "civid-fusion/1"
    native_set: ClassVar[int] = lib.CIVID_PARAMETERS_FUSION
    native_type: ClassVar[str] = "civid_fusion_t"


#: The defaults.
STANDARD: Final = FusionParameters()
