"""The networks of fields in C: to the bit what NumPy makes of the same weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.lab.synthetic.learning.made import plain

from civid.fingerprint.extract import explain, extract
from civid.fingerprint.image import FingerImage
from civid.lab.train import twin
from civid.lab.train.features import FEATURES, features
from civid.lab.train.fields import explain_with
from civid.lab.train.weights import TABLE, Weights, table

ROOT = Path(__file__).resolve().parents[3]
KEPT = ROOT / "benchmarks" / "train" / "fields_network.npz"


@pytest.fixture(scope="module")
def kept() -> Weights:
    return Weights.read(KEPT)


def test_c_has_the_weights_that_are_kept(kept: Weights) -> None:
    assert (ROOT / TABLE).read_text() == table(kept)
    assert sum(layer.whole.size for layer in kept.layers) < 40_000


def test_whole_numbers_are_near_what_was_learned(kept: Weights) -> None:
    with np.load(KEPT) as arrays:
        learned = arrays["head.weight"][[1, 2, 4], :, 0, 0]
    last = kept.layers[-1]
    step = np.abs(learned).max(1, keepdims=True) / 127
    assert (np.abs(last.weights[:3] - learned) <= 0.51 * step).all()
    assert not last.weights[3].any()
    assert last.bias[3] == 0


@pytest.mark.parametrize("cut", [slice(0, 203), slice(60, 333)])
def test_c_is_the_twin(cut: slice, kept: Weights) -> None:
    """With the twin's directions the classical path gives the minutiae of the neural one: any bit
    that differed would go into the enhanced picture."""
    pixels = np.ascontiguousarray(plain().image.pixels[cut, 13:])
    image = FingerImage(pixels, 500.0)
    fields = twin.predict(kept, image)
    expected, made = explain_with(image, fields, ["orientation", "enhanced", "period"])
    found, learned = explain(image, ["orientation", "enhanced", "period"], method="neural")
    for name, stage in learned.items():
        np.testing.assert_array_equal(stage, made[name], err_msg=name)
    assert len(found) > 5
    np.testing.assert_array_equal(found.minutiae, expected.minutiae)
    assert found.quality == expected.quality
    own = explain(image, ["orientation"], method="classical")[1]["orientation"]
    assert (own != learned["orientation"]).mean() > 0.3


def test_of_a_blank_nothing_is_made() -> None:
    blank = FingerImage(np.full((61, 203), 255, np.uint8), 500.0)
    seen = features(blank)
    assert seen.shape == (FEATURES, 8, 26)
    assert np.isfinite(seen).all()
    assert len(extract(blank, method="neural")) == 0
