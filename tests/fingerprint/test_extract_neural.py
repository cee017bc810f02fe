"""Extraction by ``method="neural"``; the network itself is judged in tests/lab/train."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from tests.lab.synthetic.learning.made import plain

from civid import ExtractionParameters, FieldError, compare, cpu, examine, explain, extract
from civid.fingerprint.extract import METHODS, STAGES
from civid.fingerprint.image import FingerImage
from civid.fingerprint.template import Template


def same(one: Template, other: Template) -> bool:
    return np.array_equal(one.minutiae, other.minutiae) and one.quality == other.quality


def test_templates_say_by_which_method() -> None:
    image = plain().image
    own, neural = extract(image, method="classical"), extract(image, method="neural")
    assert all(same(neural, extract(image, method=method)) for method in ("neural", "auto"))
    assert not same(own, neural)
    assert (own.extractor, neural.extractor) == ("civid-classical/1", "civid-neural/1")
    changed = extract(image, ExtractionParameters(sigma_along=0.6), method="neural")
    assert changed.extractor == "civid-neural/1;sigma_along=0.6"
    # One print by two methods is one print.
    assert compare(own, neural).score > 60


def test_parameters_have_the_method_too() -> None:
    """So that whatever takes parameters can extract so: a file of them, a gate, a gallery."""
    image, by = plain().image, ExtractionParameters(method="classical")
    expected = extract(image, method="classical")
    template, report = examine(image, by)
    assert same(template, expected)
    assert template.extractor == by.name == "civid-classical/1"
    assert report.minutiae == len(template)
    assert ExtractionParameters.from_dict(by.to_dict()) == by
    assert by.changes() == {}
    # What is said beside the parameters goes first.
    assert same(extract(image, by, method="neural"), extract(image))
    assert extract(image, by, method="neural").extractor == "civid-neural/1"
    with pytest.raises(FieldError, match="method: is none of auto, classical, neural"):
        ExtractionParameters(method="deep")


def test_a_method_that_there_is_not() -> None:
    with pytest.raises(ValueError, match=f"unknown method 'deep'; there are {', '.join(METHODS)}"):
        extract(plain().image, method="deep")
    with pytest.raises(TypeError, match="given as method="):
        extract(plain().image, "classical")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unknown stage 'features'"):
        explain(plain().image, ["features"], method="classical")
    assert "features" not in STAGES


@pytest.mark.parametrize("isa", cpu.available())
def test_every_instruction_set_and_thread_gives_the_same_bits(isa: str) -> None:
    image = plain().image
    expected = explain(image, ["features", "enhanced"], method="neural")
    with cpu.using(isa), ThreadPoolExecutor(3) as pool:
        many = list(pool.map(lambda _: extract(image, method="neural"), range(6)))
        found = explain(image, ["features", "enhanced"], method="neural")
    assert all(same(one, expected[0]) for one in [*many, found[0]])
    for name, stage in expected[1].items():
        np.testing.assert_array_equal(found[1][name], stage)


@pytest.mark.parametrize("size", [(48, 48), (49, 57), (2048, 48), (1024, 2048)])
@pytest.mark.parametrize("noise", [False, True])
def test_pictures_of_any_size(size: tuple[int, int], noise: bool) -> None:
    """Noise and paper: a template of the picture's size, features that are numbers."""
    pixels = np.full(size, 255, np.uint8)
    if noise:
        pixels = np.random.default_rng(1).integers(0, 256, size, np.uint8)
    template, stages = explain(FingerImage(pixels, 500.0), ["features"], method="neural")
    assert (template.height, template.width) == size
    rows, columns = (-(-side // 8) for side in size)
    assert stages["features"].shape == (62, rows, columns)
    assert np.isfinite(stages["features"]).all()
    assert np.abs(stages["features"]).max() < 20
    assert template.quality < 40
