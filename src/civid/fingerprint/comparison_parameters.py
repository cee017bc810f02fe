"""What a researcher may change of the comparison of two prints, and how results say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from civid._native import lib
from civid.fingerprint.native_parameters import NativeParameters

#: What results say of the comparison; a new number when other raw similarities come out.
COMPARATOR: Final = "civid-comparison/2"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonParameters(NativeParameters):
    """Parameters of `civid.compare` and of every search; all else was measured with the defaults.

    Lengths are px at 500 dpi, angles rad. The steps that they belong to are told in
    ``docs/explain/comparison.md``, the origin of the defaults stands in
    ``native/src/compare/compare_params.h``. The weights of the logistic model that makes one number
    of all are trained, and no parameters.

    Parameters
    ----------
    candidates_least, candidates_most : int
        1..48: pairs of minutiae with like surroundings that a comparison starts from; between the
        two as many as the smaller print has minutiae.
    code_chance : int
        16..192 bits of 256 that the codes of two surroundings differ by: likeness that counts as
        none.
    relax_rounds, relax_gain : int, float
        0..20 rounds in which candidates that agree strengthen each other, and 0..8: by how much.
    distance_base, distance_slope : float
        0.5..64 px, and 0..1 px a px of distance: by how much the distances of two candidates may
        differ.
    direction_tolerance : float
        0.05..2 rad between the turns of two candidates.
    bearing_tolerance, bearing_near, bearing_soft : float
        0.05..2 rad, 0..64 and 0.5..64 px: how much the bearing of one candidate from the other may
        differ, far away, and what noise of their places adds close by.
    support_least : float
        0..1: mean agreement with the pairs chosen so far that one more needs.
    pairing_rounds : int
        1..8: how often one print is laid on the other and all that falls together is paired.
    rotation_weight : float
        0..100000 px^2: what directions weigh against places where the movement is found.
    local_prior, local_reach : float
        0.01..100 pairs that say "no distortion", and 4..1000 px at which a pair's word on the
        distortion there counts a quarter.
    pair_distance, pair_direction : float
        1..64 px and 0.05..2 rad that paired minutiae may differ by.
    hull_margin : float
        0..128 px by which the other print's hull is widened where the overlap is found.
    grow_from : int
        0..100000: raw similarity above which the pairing is grown.
    grow_cluster, grow_support : int, float
        1..48 candidates left over that agree on a movement of their own, and 0..1: how well; they
        join the pairs.
    grow_rounds, grow_distance : int, float
        0..8 rounds of pairing by what the pairs around a minutia say of place, turn and scale
        there, and 1..64 px that paired minutiae may then lie apart.
    grow_reach, grow_prior, grow_stiffness : float
        4..200 px at which a pair's word on that counts a quarter, 0.01..100 pairs that say "no
        shift", and 10..1000000 px^2 that say "no turn, no scale".
    look_from : int
        0..100000: raw similarity above which pairs are asked how surprising they are (second look).
    look_ramp : float
        1..5000 raw, from there to its full force.
    look_reach, look_noise : float
        4..200 px around which the density of minutiae is taken, and 0.5..64 px that the place of a
        minutia is known to.
    look_plain, look_gain : float
        0..10 nats of mean surprise that change nothing, and 0..10000 raw a nat more or less.
    look_least, look_most : float
        -5000..0 and 0..5000 raw: most that is taken away, most that is added.
    look_few, look_many : int
        0..254 and 1..255 pairs, up to which nothing is added, from which all is.
    look_kept : float
        0..1 of what lies above `look_from` that is always kept, so that order is.

    Raises
    ------
    FieldError
        A value out of its range, or no number of its kind; the field is named.

    Notes
    -----
    Scores of other values than the defaults are on the scale that was calibrated with the defaults,
    and are no false match rates: results say ``calibrated`` is false, and what rate a score stands
    for has to be measured anew (`civid.lab`). Frozen, so safe to share between threads.

    Examples
    --------
    >>> ComparisonParameters(pair_distance=12.0).name
    'civid-comparison/2;pair_distance=12'
    >>> ComparisonParameters().name
    'civid-comparison/2'
    >>> ComparisonParameters(relax_rounds=99)
    Traceback (most recent call last):
    civid.errors.FieldError: relax_rounds: must lie in 0..20
    """

    candidates_least: int = 4
    candidates_most: int = 48
    code_chance: int = 112
    relax_rounds: int = 5
    relax_gain: float = 3.0
    distance_base: float = 8.0
    distance_slope: float = 0.06
    direction_tolerance: float = 0.5
    bearing_tolerance: float = 0.35
    bearing_near: float = 5.0
    bearing_soft: float = 8.0
    support_least: float = 0.05
    pairing_rounds: int = 2
    rotation_weight: float = 200.0
    local_prior: float = 0.12
    local_reach: float = 40.0
    pair_distance: float = 14.0
    pair_direction: float = 0.6
    hull_margin: float = 12.0
    grow_from: int = 3000
    grow_cluster: int = 2
    grow_support: float = 0.4
    grow_rounds: int = 2
    grow_reach: float = 35.0
    grow_prior: float = 0.05
    grow_stiffness: float = 800.0
    grow_distance: float = 13.0
    look_from: int = 4032
    look_ramp: float = 276.0
    look_reach: float = 20.0
    look_noise: float = 3.0
    look_plain: float = 2.1
    look_gain: float = 2200.0
    look_least: float = -1104.0
    look_most: float = 552.0
    look_few: int = 8
    look_many: int = 16
    look_kept: float = 0.1

    about: ClassVar[str] = COMPARATOR
    native_set: ClassVar[int] = lib.CIVID_PARAMETERS_COMPARISON
    native_type: ClassVar[str] = "civid_comparator_t"


#: The defaults.
STANDARD: Final = ComparisonParameters()
