"""Parameters of the extraction: defaults that change nothing, ranges, and names in templates."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civid import ExtractionParameters, FieldError, FingerImage, compare, explain, extract
from civid._native import ffi, lib
from civid.fingerprint.extract import EXTRACTOR, STAGES
from civid.fingerprint.native_parameters import ranges
from civid.fingerprint.quality import examine
from civid.lab import synthetic

#: Of the numbers, which C holds; ``method`` is the one field that it does not.
NAMES = [one.name for one in dataclasses.fields(ExtractionParameters) if one.name != "method"]


@pytest.fixture(scope="module")
def image() -> FingerImage:
    return synthetic.impression(synthetic.master(2), 4, difficulty=0.5).image


def test_fields_and_defaults_are_those_of_c() -> None:
    native = ffi.new("civid_extraction_t *")
    assert lib.civid_parameters_defaults(0, native, ffi.sizeof(native[0])) == lib.CIVID_OK
    assert [name for name, _ in ffi.typeof("civid_extraction_t").fields] == NAMES
    assert list(ranges(ExtractionParameters)) == NAMES
    standard = ExtractionParameters().to_dict()
    assert list(standard) == ["method", *NAMES]
    for name in NAMES:
        assert getattr(native, name) == np.float32(standard[name]), name


def test_defaults_change_no_bit(image: FingerImage) -> None:
    plain, captured = explain(image)
    stated, again = explain(image, parameters=ExtractionParameters())
    assert plain.minutiae.tobytes() == stated.minutiae.tobytes()
    assert (plain.quality, plain.extractor) == (stated.quality, stated.extractor)
    assert plain.extractor == EXTRACTOR
    for stage in STAGES:
        assert np.array_equal(captured[stage], again[stage]), stage


@pytest.mark.parametrize("name", NAMES)
def test_values_out_of_range_are_refused_by_their_field(name: str) -> None:
    least, most = ranges(ExtractionParameters)[name]
    wrong: list[Any] = [least - 1, most + 1, "1", None, True, 10**30]
    if isinstance(getattr(ExtractionParameters(), name), float):
        wrong += [float("nan"), float("inf")]
    else:
        wrong += [0.5]
    for value in wrong:
        with pytest.raises(FieldError, match=name):
            ExtractionParameters(**{name: value})


def test_the_least_period_is_not_above_the_largest() -> None:
    with pytest.raises(FieldError, match="period_most"):
        ExtractionParameters(period_least=9, period_most=8)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_corner_of_the_ranges_runs(image: FingerImage, data: st.DataObject) -> None:
    values: dict[str, Any] = {}
    for name in data.draw(st.lists(st.sampled_from(NAMES), max_size=6, unique=True)):
        low, high = ranges(ExtractionParameters)[name]
        whole = isinstance(getattr(ExtractionParameters(), name), int)
        numbers: Any = st.integers(int(low), int(high)) if whole else st.floats(low, high)
        values[name] = data.draw(st.sampled_from([int(low), int(high)] if whole else [low, high])
                                 | numbers)  # fmt: skip
    try:
        parameters = ExtractionParameters(**values)
    except FieldError:
        assert "period_least" in values or "period_most" in values
        return
    small = FingerImage(image.pixels[100:260, 60:220], image.dpi)
    template = extract(small, parameters)
    assert template.extractor == parameters.name
    assert len(template.extractor) <= 64
    assert json.loads(json.dumps(parameters.to_dict())) == parameters.to_dict()


def test_what_parameters_are_for(image: FingerImage) -> None:
    """Each moves what it says that it moves."""
    plain, captured = explain(image)
    fewer = extract(image, ExtractionParameters(least_quality=40))
    assert fewer.minutiae["quality"].min() >= 40 > plain.minutiae["quality"].min()
    strict = explain(image, ["mask"], ExtractionParameters(ridge_share=0.6))[1]["mask"]
    assert 0 < np.count_nonzero(strict) < np.count_nonzero(captured["mask"])
    inner = extract(image, ExtractionParameters(border_ahead=50, border_distance=30))
    assert 0 < len(inner) < len(plain)
    wide = explain(image, ["enhanced"], ExtractionParameters(sigma_along=0.9))[1]["enhanced"]
    assert not np.array_equal(wide, captured["enhanced"])
    bridged = explain(image, ["raw_minutiae"], ExtractionParameters(gap_length=0))[1]
    assert len(bridged["raw_minutiae"]) != len(captured["raw_minutiae"])


def test_templates_say_what_was_changed(image: FingerImage) -> None:
    changed = ExtractionParameters(sigma_along=0.6, crowd_most=8)
    template, report = examine(image, changed)
    assert template.extractor == f"{EXTRACTOR};sigma_along=0.6,crowd_most=8"
    assert report.minutiae == len(template)
    assert compare(template, extract(image)).score > 100
    many = ExtractionParameters(
        contrast_least=3, contrast_share=0.3, ridge_share=0.4, mask_least_blocks=20
    )
    other = dataclasses.replace(many, mask_least_blocks=21)
    assert len(many.name) <= 64
    assert many.name != other.name
    assert many == ExtractionParameters.from_dict(many.to_dict())
    assert len({many, other, dataclasses.replace(other, mask_least_blocks=20)}) == 2


def test_the_table_of_the_docs_is_true() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "explain" / "extraction.md"
    if not page.exists():
        pytest.skip("no docs here")
    found = re.findall(
        r"^\| `(\w+)` \| ([\d.]+) \| ([\d.]+?)\.\.([\d.]+) \|",
        page.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    standard = ExtractionParameters().to_dict()
    assert {
        name: (float(value), (float(low), float(high))) for name, value, low, high in found
    } == {name: (float(standard[name]), ranges(ExtractionParameters)[name]) for name in NAMES}
