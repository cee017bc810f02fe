"""Scores belong to a pair of extractors: measured, not named, or said to be not calibrated."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from civid.errors import TemplateError
from civid.fingerprint.compare import compare, compare_many, pack
from civid.fingerprint.parameters import CLASSICAL, NEURAL
from civid.fingerprint.scores.calibration import (
    DEFAULT,
    DEFAULT_EXTRACTOR,
    calibrate,
    calibration_of,
)
from civid.fingerprint.template import MINUTIA_DTYPE, Template

OTHER = "vendor-x/2"


def template(extractor: str) -> Template:
    rng = np.random.default_rng(3)
    minutiae = np.zeros(30, MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"] = rng.uniform(20, 300, (2, 30))
    minutiae["angle"] = rng.uniform(0, 6.2, 30)
    return Template(minutiae, quality=80, width=320, height=320, extractor=extractor)


def test_the_default_is_the_classical_extractor() -> None:
    assert DEFAULT_EXTRACTOR == CLASSICAL
    assert calibration_of(CLASSICAL, CLASSICAL) == DEFAULT


def test_who_is_not_named_counts_as_classical() -> None:
    own, unnamed = template(CLASSICAL), template("")
    score = compare(own, own).score
    assert [compare(own, unnamed).score, compare(unnamed, unnamed).score] == [score, score]
    assert compare_many(unnamed, [own, unnamed]).tolist() == pytest.approx([score, score])


@pytest.mark.parametrize("pair", [(CLASSICAL, OTHER), (OTHER, CLASSICAL), ("", OTHER),
                                  (OTHER, OTHER), (NEURAL, OTHER)])  # fmt: skip
def test_who_was_never_measured_is_scored_as_nobody_known_and_not_calibrated(
    pair: tuple[str, str],
) -> None:
    a, b = template(pair[0]), template(pair[1])
    known = [dataclasses.replace(one, extractor="") if one.extractor == OTHER else one
             for one in (a, b)]  # fmt: skip
    found, wanted = compare(a, b), compare(*known)
    assert (found.score, found.raw) == (wanted.score, wanted.raw)
    assert (found.calibrated, wanted.calibrated) == (False, True)
    assert compare_many(a, [template(pair[1]), b]).tolist() == pytest.approx([wanted.score] * 2)
    with pytest.raises(TemplateError, match=f"no calibration for minutiae of .*'{OTHER}'"):
        calibration_of(*pair)


def test_a_block_has_the_default() -> None:
    own = template(CLASSICAL)
    assert compare_many(own, pack([own]))[0] == np.float32(compare(own, own).score)
    assert compare_many(own, []).tolist() == []


def test_the_neural_extractor_has_scales_of_its_own() -> None:
    """One for itself, one for the classical beside it; either order."""
    own, neural = template(CLASSICAL), template(NEURAL)
    numbers = calibration_of(NEURAL, NEURAL), calibration_of(CLASSICAL, NEURAL)
    assert len({DEFAULT, *numbers}) == 3
    assert calibration_of(NEURAL, CLASSICAL) == calibration_of("", NEURAL) == numbers[1]
    raw = compare(own, own).raw
    assert compare(neural, neural).score == calibrate(raw, numbers[0])
    assert compare(own, neural).score == calibrate(raw, numbers[1])
    assert compare_many(own, [own, neural]).tolist() == pytest.approx(
        [calibrate(raw), calibrate(raw, numbers[1])]
    )


def test_calibrations_have_numbers() -> None:
    own = template(CLASSICAL)
    result = compare(own, own)
    assert calibrate(result.raw) == calibrate(result.raw, DEFAULT) == result.score
    for unknown in (-1, 3, 99):
        with pytest.raises(TemplateError, match=f"no calibration {unknown}"):
            calibrate(result.raw, unknown)
