"""Parameters of fusion and search: what they change, what results say, what is refused."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from tests.search.prints import again, person

from civid import ComparisonParameters, ExtractionParameters, FieldError, Gallery
from civid.errors import SearchError
from civid.fingerprint.native_parameters import ranges
from civid.search import FusionParameters, SearchParameters, fuse, read_parameters
from civid.search.backends.cascade import CascadeBackend
from civid.search.backends.inverted import IndexBackend
from civid.search.parameters.searching import _RANGES

NARROW = SearchParameters(comparison=ComparisonParameters(pair_distance=9.0))


def gallery(**options: Any) -> Gallery:
    made = Gallery(**options)
    made.enroll_many((str(i), person(i)) for i in range(12))
    return made


def test_defaults_of_search_are_those_of_the_backends() -> None:
    made = Gallery(parameters=SearchParameters(method="index"))._how[0]
    assert isinstance(made, IndexBackend)
    plain = IndexBackend()
    for name in ("share", "share_of_several", "least", "least_of_several", "fingers",
                 "range_size", "oversampling", "turns", "cells"):  # fmt: skip
        assert getattr(made, name) == getattr(plain, name), name


def test_parameters_reach_the_backend() -> None:
    how = SearchParameters(
        method="cascade", compared_least=7, compared_least_of_several=5, compared_share=0.5,
        compared_share_of_several=0.25, fingers=1, range_size=128, oversampling=2, turns=4,
    )  # fmt: skip
    made = Gallery(parameters=how)._how[0]
    assert isinstance(made, CascadeBackend)
    assert (made.least, made.least_of_several, made.fingers) == (7, 5, 1)
    assert (made.share, made.share_of_several) == (0.5, 0.25)
    assert (made.range_size, made.oversampling, made.turns) == (128, 2, 4)
    assert made.compared(100, 1, 1) == 50


def test_fewer_compared_changes_no_score_and_stays_calibrated() -> None:
    exact = gallery(backend="exact")
    few = gallery(parameters=SearchParameters(method="cascade", compared_least=3,
                                              compared_least_of_several=3))  # fmt: skip
    probe = again(person(4), 1)
    every, found = exact.search(probe), few.search(probe, limit=3)
    assert len(found) == 3 < len(every)
    assert set(found) <= set(every)
    assert found[0].calibrated
    assert found[0].parameters == few.parameters.name  # long, so with a digest
    assert re.fullmatch(r"civid-search/1;[0-9a-f]{8}", few.parameters.name)


def test_results_name_what_searched() -> None:
    made = gallery()
    probe = again(person(4), 1)
    plain = made.search(probe)[0]
    assert plain.to_dict()["parameters"] == "civid-search/1"
    assert plain.to_dict()["calibrated"] is True
    made.parameters = NARROW
    changed = made.search(probe)[0]
    assert changed.subject_id == plain.subject_id
    assert changed.score != plain.score
    assert changed.parameters == NARROW.name == "civid-search/1;comparison.pair_distance=9"
    assert not changed.calibrated
    assert math.isnan(changed.fpir)
    assert not changed.fpir <= 1  # no threshold lets it pass
    assert changed.to_dict()["fpir"] is None
    said = made.verify_subject("4", probe)
    assert said.score == changed.score
    assert (said.parameters, said.calibrated) == (NARROW.name, False)
    assert math.isnan(said.fmr)
    assert said.to_dict()["fmr"] is None
    json.dumps([changed.to_dict(), said.to_dict()], allow_nan=False)


def test_duplicates_and_many_name_it_too() -> None:
    made = gallery(parameters=NARROW)
    made.enroll("twin", again(person(4), 1))
    (one,) = made.duplicates(max_fpir=None, min_score=60)
    assert (one.parameters, one.calibrated) == (NARROW.name, False)
    assert one.to_dict()["parameters"] == NARROW.name
    found = made.search_many([again(person(4), 2), again(person(5), 2)], limit=1)
    assert [row[0].parameters for row in found] == [NARROW.name] * 2
    assert found[0] == made.search(again(person(4), 2), limit=1)


def test_a_rate_is_not_asked_of_uncalibrated_scores() -> None:
    made = gallery(parameters=NARROW)
    with pytest.raises(SearchError, match="calibrated"):
        made.search(person(4), max_fpir=1e-3)
    with pytest.raises(SearchError, match="calibrated"):
        next(iter(made.duplicates()))


def test_a_probe_extracted_otherwise_is_not_calibrated() -> None:
    probe = {
        position: type(one)(one.minutiae, one.quality, one.width, one.height,
                            extractor="civid-classical/1;crowd_most=8")
        for position, one in again(person(4), 1).items()
    }  # fmt: skip
    assert not gallery().search(probe)[0].calibrated


def test_fusion() -> None:
    assert fuse([20.0, 20.0], FusionParameters()) == fuse([20.0, 20.0])
    scores = [fuse([20.0, 20.0], FusionParameters(dependence=rho)) for rho in (0, 0.06, 0.5, 1)]
    assert scores == sorted(scores, reverse=True)
    assert scores[3] == pytest.approx(20.0, abs=1e-4)  # what says the same counts once
    # Fisher of two independent ones: P = p1 p2 (1 - ln(p1 p2)).
    product = 1e-4
    assert scores[0] == pytest.approx(-10 * math.log10(product * (1 - math.log(product))), abs=1e-4)
    free = SearchParameters(fusion=FusionParameters(price_any=0, price_labelled=0))
    made, probe = gallery(), again(person(4), 1)
    priced = made.search(probe, swapped=True)[0]
    made.parameters = free
    assert made.search(probe, swapped=True)[0].score > priced.score
    with pytest.raises(SearchError, match="FusionParameters"):
        fuse([1.0], NARROW)  # type: ignore[arg-type]


def test_a_checkpoint_of_other_parameters_is_refused(tmp_path: Path) -> None:
    made = gallery()
    list(made.duplicates(None, None, min_score=50, checkpoint=tmp_path / "mark"))
    made.parameters = NARROW
    with pytest.raises(SearchError, match="checkpoint"):
        list(made.duplicates(None, None, min_score=50, checkpoint=tmp_path / "mark"))


def test_values_out_of_range_are_refused_by_their_field() -> None:
    for name, (kind, least, most) in _RANGES.items():
        wrong: list[Any] = [least - 1, most + 1, "1", None, True, math.nan]
        for value in [*wrong, 2.5] if kind is int else wrong:
            with pytest.raises(FieldError, match=name):
                SearchParameters(**{name: value})
    for name in ("comparison", "fusion"):
        with pytest.raises(FieldError, match=name):
            SearchParameters(**{name: {}})  # type: ignore[arg-type]
    with pytest.raises(FieldError, match="method"):
        SearchParameters(method="fast")
    with pytest.raises(SearchError, match="not both"):
        Gallery(backend="exact", parameters=SearchParameters(method="cascade"))
    with pytest.raises(SearchError, match="SearchParameters"):
        Gallery(parameters=ComparisonParameters())  # type: ignore[arg-type]


def test_files(tmp_path: Path) -> None:
    file = tmp_path / "parameters.json"
    file.write_text(json.dumps({
        "extraction": {"crowd_most": 8}, "comparison": {"pair_distance": 9.0},
        "fusion": {"dependence": 0}, "search": {"cells": 16},
    }))  # fmt: skip
    found = read_parameters(file)
    assert found.extraction == ExtractionParameters(crowd_most=8)
    assert found.search == SearchParameters(
        cells=16, comparison=NARROW.comparison, fusion=FusionParameters(dependence=0)
    )
    file.write_text(json.dumps({"search": found.search.to_dict()}))
    assert read_parameters(file).search == found.search
    for text, why in (
        ("{", "no JSON"), ("[1]", "names with values"), ('{"compare": {}}', "compare"),
        ('{"comparison": {"pair_distance": 0}}', "pair_distance"),
        ('{"fusion": 5}', "names with values"), ("[" * 100000, "no JSON"),
        ('{"fusion": {}, "search": {"fusion": {}}}', "twice"), (" " * 2**20 + "{}", "longer"),
    ):  # fmt: skip
        file.write_text(text)
        with pytest.raises(FieldError, match=why):
            read_parameters(file)


@pytest.mark.parametrize("page", ["search", "fusion"])
def test_the_tables_of_the_docs_are_true(page: str) -> None:
    text = Path(__file__).resolve().parents[3] / "docs" / "explain" / f"{page}.md"
    if not text.exists():
        pytest.skip("no docs here")
    rows = re.findall(
        r"^\| `(\w+)` \| ([\d.]+) \| ([\d.]+?)\.\.([\d.]+) \|",
        text.read_text("utf-8"),
        re.MULTILINE,
    )
    found = {name: (float(value), float(low), float(high)) for name, value, low, high in rows}
    if page == "search":
        plain = SearchParameters()
        assert found == {n: (getattr(plain, n), *span) for n, (_, *span) in _RANGES.items()}
    else:
        known = ranges(FusionParameters)
        assert found == {n: (v, *known[n]) for n, v in FusionParameters().to_dict().items()}
