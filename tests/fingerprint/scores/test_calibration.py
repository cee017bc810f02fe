"""Scores belong to a pair of extractors: measured, not named, or refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from civid.errors import TemplateError
from civid.fingerprint.compare import check_prepared, compare, compare_many, pack, prepare
from civid.fingerprint.extract import EXTRACTOR
from civid.fingerprint.parameters import NEURAL
from civid.fingerprint.scores.calibration import (
    DEFAULT,
    DEFAULT_EXTRACTOR,
    calibrate,
    calibration_of,
)
from civid.fingerprint.scores.extractors import extractor_number, has_calibration
from civid.fingerprint.template import MINUTIA_DTYPE, Template

OTHER = "vendor-x/2"


def template(extractor: str) -> Template:
    rng = np.random.default_rng(3)
    minutiae = np.zeros(30, MINUTIA_DTYPE)
    minutiae["x"], minutiae["y"] = rng.uniform(20, 300, (2, 30))
    minutiae["angle"] = rng.uniform(0, 6.2, 30)
    return Template(minutiae, quality=80, width=320, height=320, extractor=extractor)


def test_the_default_is_our_own_extractor() -> None:
    assert DEFAULT_EXTRACTOR == EXTRACTOR
    assert calibration_of(EXTRACTOR, EXTRACTOR) == DEFAULT


def test_who_is_not_named_counts_as_our_own() -> None:
    own, unnamed = template(EXTRACTOR), template("")
    score = compare(own, own).score
    assert [compare(own, unnamed).score, compare(unnamed, unnamed).score] == [score, score]
    assert compare_many(unnamed, [own, unnamed]).tolist() == pytest.approx([score, score])


@pytest.mark.parametrize("pair", [(EXTRACTOR, OTHER), (OTHER, EXTRACTOR), ("", OTHER),
                                  (OTHER, OTHER)])  # fmt: skip
def test_a_pair_that_was_never_measured_is_refused(pair: tuple[str, str]) -> None:
    a, b = template(pair[0]), template(pair[1])
    with pytest.raises(TemplateError, match=f"no calibration for minutiae of .*'{OTHER}'"):
        compare(a, b)
    with pytest.raises(TemplateError, match="no calibration"):
        compare_many(a, [template(pair[1]), b])
    # whoever knows what he does leaves the name out
    without = [dataclasses.replace(one, extractor="") for one in (a, b)]
    assert compare(*without).score > 60


def test_a_block_says_whose_minutiae_it_holds() -> None:
    made = [template(name) for name in (EXTRACTOR, NEURAL, "", f"{NEURAL};a=1")]
    for own in made:
        wanted = [compare(own, other).score for other in made]
        assert compare_many(own, pack(made)).tolist() == wanted
        assert compare_many(own, made).tolist() == wanted
    assert compare_many(made[0], []).tolist() == []
    # It has no other names: whose impostors were never measured counts as not known.
    other = template(OTHER)
    assert compare_many(other, pack([other])).tolist() == [compare(made[2], made[2]).score]


def test_a_block_of_an_extractor_that_is_not_known() -> None:
    own = template(EXTRACTOR)
    block = pack([own])
    block.block[12] = 7
    with pytest.raises(TemplateError, match="does not hold prepared templates"):
        compare_many(own, block)
    with pytest.raises(TemplateError, match="not an undamaged prepared template"):
        check_prepared(block.block)


def test_what_is_compared_says_who_made_it() -> None:
    """All that differs is the number and its share of the check sum."""
    own, neural = (np.frombuffer(prepare(template(one)), np.uint8) for one in (EXTRACTOR, NEURAL))
    assert prepare(template("")) == prepare(template(OTHER)) == own.tobytes()
    assert (own[12], neural[12]) == (0, 1)
    assert not np.array_equal(own[16:24], neural[16:24])
    assert np.array_equal(own[24:], neural[24:])
    assert np.array_equal(own[:12], neural[:12])
    assert compare(template(NEURAL), template("")).raw == compare(template(""), template("")).raw


def test_numbers_of_extractors() -> None:
    numbers = [extractor_number(one) for one in (EXTRACTOR, NEURAL, "", OTHER, ";a=1")]
    assert numbers == [0, 1, 0, 0, 0]
    assert extractor_number(f"{NEURAL};a=1") == 1
    # What is longer, or of another version, is another one.
    assert [extractor_number(one) for one in (f"{NEURAL}0", "civid-neural/2", "neural")] == [0] * 3
    assert [has_calibration(one) for one in (NEURAL, "", f"{EXTRACTOR};a=1")] == [True] * 3
    assert not has_calibration(OTHER)


def test_the_neural_extractor_has_scales_of_its_own() -> None:
    """One for itself, one for the classical beside it; either order."""
    own, neural = template(EXTRACTOR), template(NEURAL)
    numbers = calibration_of(NEURAL, NEURAL), calibration_of(EXTRACTOR, NEURAL)
    assert len({DEFAULT, *numbers}) == 3
    assert calibration_of(NEURAL, EXTRACTOR) == calibration_of("", NEURAL) == numbers[1]
    raw = compare(own, own).raw
    assert compare(neural, neural).score == calibrate(raw, numbers[0])
    assert compare(own, neural).score == calibrate(raw, numbers[1])
    assert compare_many(own, [own, neural]).tolist() == pytest.approx(
        [calibrate(raw), calibrate(raw, numbers[1])]
    )


def test_calibrations_have_numbers() -> None:
    own = template(EXTRACTOR)
    result = compare(own, own)
    assert calibrate(result.raw) == calibrate(result.raw, DEFAULT) == result.score
    for unknown in (-1, 3, 99):
        with pytest.raises(TemplateError, match=f"no calibration {unknown}"):
            calibrate(result.raw, unknown)
