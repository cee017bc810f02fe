"""Fields from elsewhere in front of the extraction, and the true ones of made prints."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.lab.synthetic.learning.made import plain

from civid.errors import NativeError
from civid.fingerprint.compare import compare
from civid.fingerprint.extract import explain, extract
from civid.fingerprint.image import FingerImage
from civid.lab.synthetic.learning import Print
from civid.lab.train.fields import Fields, FieldsError, explain_with, extract_with
from civid.lab.train.truth import true_fields, truth_maps

BLOCKS = (5, 4)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"mask": np.ones((5, 4)), "period": np.full((4, 5), 9)},
        {"mask": np.ones(20)},
        {"direction": np.zeros((3, *BLOCKS))},
        {"direction": np.zeros(BLOCKS)},
        {"direction": np.full((2, *BLOCKS), 1.1)},
        {"direction": np.full((2, *BLOCKS), np.nan)},
        {"period": np.full(BLOCKS, 3.9)},
        {"period": np.full(BLOCKS, np.nan)},
    ],
)
def test_what_is_no_field_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(FieldsError):
        Fields("wrong", **given)


def test_fields_belong_to_one_size() -> None:
    blank = FingerImage(np.full((200, 160), 255, np.uint8), 500.0)
    with pytest.raises(NativeError):
        extract_with(blank, Fields("small", mask=np.ones(BLOCKS, bool)))


def test_fields_are_kept_apart_from_what_was_given() -> None:
    given = np.full(BLOCKS, 9, np.float32)
    fields = Fields("own", period=given)
    given[:] = 0
    assert fields.period is not None
    assert (fields.period == 9).all()
    assert not fields.period.flags.writeable


def off(pressed: Print) -> tuple[float, float, float]:
    """How far what the extraction finds on an easy print lies from its truth: median direction in
    degrees, median share of the period, share of blocks whose mask differs."""
    direction, period, mask = truth_maps(pressed)
    _, found = explain(pressed.image, ["orientation", "period", "mask"])
    inside = mask & (np.hypot(*direction) > 0.5)
    turn = np.exp(2j * found["orientation"]) * (direction[0] - 1j * direction[1])
    turned = np.degrees(np.abs(np.angle(turn[inside]))) / 2
    wider = np.abs(found["period"][inside] / period[inside] - 1)
    seen = found["mask"][::8, ::8] > 0
    return float(np.median(turned)), float(np.median(wider)), float((seen != mask).mean())


@pytest.mark.parametrize("dpi", [500.0, 750.0])
def test_truth_is_where_the_extraction_looks(dpi: float) -> None:
    turned, wider, outside = off(plain(dpi=dpi))
    assert turned < 2.5
    assert wider < 0.08  # it smooths over six ridges
    assert outside < 0.1


def test_true_fields_are_taken_as_they_are() -> None:
    pressed = plain()
    fields = true_fields(pressed)
    template, found = explain_with(pressed.image, fields, ["orientation", "period", "mask"])
    assert fields.direction is not None
    assert fields.period is not None
    assert fields.mask is not None
    assert (found["period"] == fields.period).all()
    assert ((found["mask"][::8, ::8] > 0) == fields.mask).all()
    known = np.hypot(*fields.direction) > 0.5
    turn = np.exp(2j * found["orientation"]) * (fields.direction[0] - 1j * fields.direction[1])
    assert np.abs(np.angle(turn[known])).max() < 0.01
    assert template.extractor == "civid-classical/1;fields=true-mask-direction-period"


def test_templates_of_given_fields_compare() -> None:
    pressed = plain()
    own, given = extract(pressed.image), extract_with(pressed.image, true_fields(pressed))
    assert len(given) > 20
    assert compare(own, given).score > 100
