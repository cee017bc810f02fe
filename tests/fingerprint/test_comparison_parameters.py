"""Parameters of the comparison: defaults that change nothing, ranges, and names in results."""

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

from civid import ComparisonParameters, ExtractionParameters, FieldError, Template, compare, extract
from civid._native import ffi, lib
from civid.errors import TemplateError
from civid.fingerprint.compare import compare_many
from civid.fingerprint.native_parameters import native_or_null, ranges
from civid.fingerprint.scores.odds import odds, score_as_json
from civid.lab import synthetic

NAMES = [one.name for one in dataclasses.fields(ComparisonParameters)]
RANGES = ranges(ComparisonParameters)


@pytest.fixture(scope="module")
def prints() -> list[Template]:
    """Two impressions of each of two fingers."""
    return [
        extract(synthetic.impression(synthetic.master(seed), number, difficulty=0.4).image)
        for seed in (3, 4)
        for number in (1, 2)
    ]


def test_fields_and_defaults_are_those_of_c() -> None:
    native = ffi.new("civid_comparator_t *")
    size = ffi.sizeof(native[0])
    assert lib.civid_parameters_defaults(1, native, size) == lib.CIVID_OK
    assert [name for name, _ in ffi.typeof("civid_comparator_t").fields] == NAMES
    assert list(RANGES) == NAMES
    for name, value in ComparisonParameters().to_dict().items():
        assert getattr(native, name) == np.float32(value), name
    # NULL and the defaults in full are the same in C: native/tests/test_parameters.c.
    assert native_or_null(ComparisonParameters()) == ffi.NULL


@pytest.mark.parametrize("name", NAMES)
def test_values_out_of_range_are_refused_by_their_field(name: str) -> None:
    least, most = RANGES[name]
    wrong: list[Any] = [least - 1, most + 1, "1", None, True, 10**30]
    if isinstance(getattr(ComparisonParameters(), name), float):
        wrong += [float("nan"), float("inf")]
    else:
        wrong += [0.5]
    for value in wrong:
        with pytest.raises(FieldError, match=name):
            ComparisonParameters(**{name: value})
    with pytest.raises(FieldError, match="candidates_most: is less than candidates_least"):
        ComparisonParameters(candidates_least=9, candidates_most=8)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_corner_of_the_ranges_compares(prints: list[Template], data: st.DataObject) -> None:
    values: dict[str, Any] = {}
    for name in data.draw(st.lists(st.sampled_from(NAMES), max_size=6, unique=True)):
        low, high = RANGES[name]
        whole = isinstance(getattr(ComparisonParameters(), name), int)
        numbers: Any = st.integers(int(low), int(high)) if whole else st.floats(low, high)
        ends = [int(low), int(high)] if whole else [low, high]
        values[name] = data.draw(st.sampled_from(ends) | numbers)
    try:
        parameters = ComparisonParameters(**values)
    except FieldError:
        assert {"candidates_least", "candidates_most"} & set(values)
        return
    forth = compare(prints[0], prints[1], parameters)
    back = compare(prints[1], prints[0], parameters)
    assert forth.score == back.score
    assert np.isfinite(forth.score)
    assert forth.score >= 0
    assert forth.parameters == parameters.name
    assert forth.calibrated == (parameters == ComparisonParameters())
    assert len(forth.parameters) <= 64
    assert compare_many(prints[0], [prints[1]], parameters)[0] == np.float32(forth.score)
    assert (
        ComparisonParameters.from_dict(json.loads(json.dumps(parameters.to_dict()))) == parameters
    )


def test_what_parameters_are_for(prints: list[Template]) -> None:
    """Each moves what it says that it moves."""
    plain = compare(prints[0], prints[1])
    assert plain.score > 40
    near = ComparisonParameters(pair_distance=3, grow_distance=3)
    assert len(compare(prints[0], prints[1], near).pairs) < len(plain.pairs)
    other = compare(prints[0], prints[2], ComparisonParameters(pair_distance=40))
    assert len(other.pairs) > len(compare(prints[0], prints[2]).pairs)
    unlooked = compare(prints[0], prints[1], ComparisonParameters(look_gain=0))
    assert unlooked.raw != plain.raw
    assert np.array_equal(unlooked.pairs, plain.pairs)
    assert compare(prints[0], prints[1], ComparisonParameters(look_from=100000)).raw == unlooked.raw


def test_results_say_what_compared_them(prints: list[Template]) -> None:
    plain, stated = (
        compare(prints[0], prints[1]),
        compare(prints[0], prints[1], ComparisonParameters()),
    )
    assert (plain.score, plain.raw) == (stated.score, stated.raw)
    assert plain.to_dict() == stated.to_dict()
    assert (plain.parameters, plain.calibrated) == ("civid-comparison/2", True)
    changed = compare(prints[0], prints[1], ComparisonParameters(pair_distance=12, look_few=9))
    assert changed.to_dict()["parameters"] == "civid-comparison/2;pair_distance=12,look_few=9"
    assert changed.to_dict()["calibrated"] is False
    many = ComparisonParameters(pair_distance=12, look_few=9, relax_rounds=4, hull_margin=10)
    assert len(many.name) <= 64
    assert many.name != dataclasses.replace(many, hull_margin=11).name


def test_a_template_extracted_otherwise_is_not_calibrated(prints: list[Template]) -> None:
    image = synthetic.impression(synthetic.master(3), 1, difficulty=0.4).image
    other = extract(image, ExtractionParameters(crowd_most=8))
    assert not compare(other, prints[0]).calibrated
    assert not compare(prints[0], other).calibrated


def test_words_of_what_is_not_calibrated() -> None:
    assert "not calibrated" in odds(52.0, calibrated=False)
    assert "chưa hiệu chuẩn" in odds(12.0, "vi", calibrated=False)
    assert score_as_json(12.0, calibrated=False)["measured"] is False


def test_something_else_is_no_parameters(prints: list[Template]) -> None:
    for wrong in (ExtractionParameters(), {"pair_distance": 12}, 12):
        with pytest.raises(TemplateError, match="ComparisonParameters"):
            compare(prints[0], prints[1], wrong)  # type: ignore[arg-type]
        with pytest.raises(TemplateError, match="ComparisonParameters"):
            compare_many(prints[0], prints, wrong)  # type: ignore[arg-type]
    with pytest.raises(FieldError, match="pair_distanse"):
        ComparisonParameters.from_dict({"pair_distanse": 12})
    with pytest.raises(FieldError, match="names with values"):
        ComparisonParameters.from_dict([1])  # type: ignore[arg-type]


def test_the_table_of_the_docs_is_true() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "explain" / "comparison.md"
    if not page.exists():
        pytest.skip("no docs here")
    found = re.findall(
        r"^\| `(\w+)` \| ([-\d.]+) \| (-?[\d.]+?)\.\.(-?[\d.]+) \|",
        page.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    standard = ComparisonParameters().to_dict()
    assert {n: (float(v), (float(low), float(high))) for n, v, low, high in found} == {
        name: (float(standard[name]), RANGES[name]) for name in NAMES
    }
