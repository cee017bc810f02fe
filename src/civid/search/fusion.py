"""One score from the scores of several fingers (Fisher's method)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from civid._native import address, check, ffi, lib
from civid.errors import SearchError
from civid.fingerprint.native_parameters import native_or_null
from civid.search.parameters.fusing import STANDARD, FusionParameters

#: Most scores that one set of fingers can have: ten fingers and an unknown one.
MAX_TERMS: int = lib.CIVID_POSITIONS


def fuse(scores: Sequence[float], parameters: FusionParameters | None = None) -> float:
    """Fuse the scores of several fingers of a person to one score on the same scale.

    Each score s stands for a false match rate p = 10^(-s/10) that is uniform for impostors; the
    result is -10 log10 of the chance that k impostor scores have a product of p this small
    (Fisher's method, with Brown's correction for what fingers of a person have in common). One
    score is returned as it is. Thread-safe; the same bits on every CPU.
    ``docs/explain/fusion.md`` tells the limits.

    Parameters
    ----------
    scores : sequence of float
        1 to 11 finite scores, each at least 0.
    parameters : FusionParameters, optional
        Other values than the defaults, for research: the result is no false match rate then.

    Raises
    ------
    SearchError
        There are none or too many, one is negative or not finite, or `parameters` are none.

    >>> fuse([30.0])
    30.0
    >>> round(fuse([30.0, 30.0]), 2)
    46.43
    >>> round(fuse([30.0, 30.0], FusionParameters(dependence=0)), 2)
    48.29
    """
    if parameters is not None and not isinstance(parameters, FusionParameters):
        raise SearchError("parameters of the fusion must be FusionParameters")
    given = native_or_null(parameters or STANDARD)  # held here while C reads it
    values = np.ascontiguousarray(scores, dtype=np.float32)
    if values.ndim != 1 or not 1 <= len(values) <= MAX_TERMS:
        raise SearchError(f"1 to {MAX_TERMS} scores can be fused")
    if not (np.isfinite(values).all() and (values >= 0).all()):
        raise SearchError("a score to be fused is negative or not a finite number")
    fused = ffi.new("float *")
    check(lib.civid_fuse(address(values, "float[]"), len(values), given, fused))
    return float(fused[0])
