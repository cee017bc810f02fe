"""What is compared says who found its minutiae, and so which scale the score is on."""

from __future__ import annotations

import numpy as np
import pytest
from tests.search.prints import template as finger

from civid.errors import TemplateError
from civid.fingerprint.compare import check_prepared, compare, compare_many, pack, prepare
from civid.fingerprint.parameters import NEURAL
from civid.fingerprint.scores.calibration import DEFAULT_EXTRACTOR as CLASSICAL
from civid.fingerprint.scores.calibration import calibration_of
from civid.fingerprint.scores.extractors import (
    NAMES,
    extractor_number,
    has_calibration,
    is_measured,
)
from civid.fingerprint.template import Template

OTHER = "vendor-x/2"


def template(extractor: str) -> Template:
    made = finger(3)
    return Template(made.minutiae, made.quality, made.width, made.height, extractor)


def test_a_block_says_whose_minutiae_it_holds() -> None:
    made = [template(name) for name in (CLASSICAL, NEURAL, "", f"{NEURAL};a=1")]
    for own in made:
        wanted = [compare(own, other).score for other in made]
        assert compare_many(own, pack(made)).tolist() == wanted
        assert compare_many(own, made).tolist() == wanted
    assert compare_many(made[0], []).tolist() == []
    # It has no other names: whose impostors were never measured counts as not known.
    other = template(OTHER)
    assert compare_many(other, pack([other])).tolist() == [compare(made[2], made[2]).score]


def test_a_block_of_an_extractor_that_is_not_known() -> None:
    own = template(CLASSICAL)
    block = pack([own])
    block.block[12] = 7
    with pytest.raises(TemplateError, match="does not hold prepared templates"):
        compare_many(own, block)
    with pytest.raises(TemplateError, match="not an undamaged prepared template"):
        check_prepared(block.block)


def test_all_that_differs_is_the_number_and_its_share_of_the_check_sum() -> None:
    own, neural = (np.frombuffer(prepare(template(one)), np.uint8) for one in (CLASSICAL, NEURAL))
    assert prepare(template("")) == prepare(template(OTHER)) == own.tobytes()
    assert (own[12], neural[12]) == (0, 1)
    assert not np.array_equal(own[16:24], neural[16:24])
    assert np.array_equal(own[24:], neural[24:])
    assert np.array_equal(own[:12], neural[:12])
    assert compare(template(NEURAL), template("")).raw == compare(template(""), template("")).raw


def test_numbers_of_extractors() -> None:
    numbers = [extractor_number(one) for one in (CLASSICAL, NEURAL, "", OTHER, ";a=1")]
    assert numbers == [0, 1, 0, 0, 0]
    assert extractor_number(f"{NEURAL};a=1") == 1
    # What is longer, or of another version, is another one.
    assert [extractor_number(one) for one in (f"{NEURAL}0", "civid-neural/2", "neural")] == [0] * 3
    assert [has_calibration(one) for one in (NEURAL, "", f"{CLASSICAL};a=1")] == [True] * 3
    assert not has_calibration(OTHER)


def test_who_was_never_measured_is_told_who_was() -> None:
    with pytest.raises(TemplateError, match=", ".join(NAMES)):
        calibration_of(OTHER, CLASSICAL)


def test_whose_scores_are_rates() -> None:
    assert [is_measured(one) for one in (CLASSICAL, NEURAL, "")] == [True] * 3
    assert [is_measured(one) for one in (f"{NEURAL};a=1", OTHER, f"{NEURAL}0")] == [False] * 3
