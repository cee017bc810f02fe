"""Why a search is done as it is: what is said is what is done."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.search.prints import again, person

from civid import Gallery, Position, Template, cpu
from civid.search import SearchExplanation, SearchParameters
from civid.search.arrays.parts import View
from civid.search.backends import cascade, comparing, explanation, inverted_index, prefilter
from civid.search.backends.base import Candidates, SearchQuery
from civid.search.backends.exact import ExactBackend
from civid.search.backends.look_costs import COSTS, LookCost

Probe = dict[Position, Template]
PEOPLE = 2200


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2,200 subjects in a segment with lists, 30 enrolled since."""
    made = tmp_path_factory.mktemp("gallery")
    with Gallery.open(made, background=False) as gallery:
        gallery.enroll_many(((str(k), person(k, 1, 2, count=14)) for k in range(PEOPLE)), threads=1)
        gallery.compact(threads=1)
        gallery.enroll_many((str(k), person(k, 1, 2, count=14)) for k in range(PEOPLE, PEOPLE + 30))
    return made


@pytest.fixture
def gallery(folder: Path) -> Any:
    with Gallery.open(folder, read_only=True) as opened:
        yield opened


def probe_of(number: int) -> Any:
    return again(person(number, 1, 2, count=14), 1)


def looked_at(
    monkeypatch: pytest.MonkeyPatch, search: Callable[[], object]
) -> tuple[int, int, int]:
    """Subjects that C was asked to look at, by lists and by scan, and to compare."""
    counts = np.zeros(3, int)
    scan, lists, compare = prefilter.prefilter, inverted_index.prefilter, comparing.search_top_k

    def by_scan(*arguments: Any, **options: Any) -> Any:
        part, begin, end = arguments[2:5]
        counts[1] += len(part.living(begin, end))
        return scan(*arguments, **options)

    def by_lists(*arguments: Any, **options: Any) -> Any:
        counts[0] += len(arguments[3].living(arguments[4].begin, arguments[4].end))
        return lists(*arguments, **options)

    def compared(*arguments: Any, **options: Any) -> Any:
        counts[2] += len(arguments[2])
        return compare(*arguments, **options)

    monkeypatch.setattr(cascade, "prefilter", by_scan)
    monkeypatch.setattr(inverted_index, "prefilter", by_lists)
    monkeypatch.setattr(cascade, "search_top_k", compared)
    search()
    monkeypatch.undo()
    return int(counts[0]), int(counts[1]), int(counts[2])


@pytest.mark.parametrize("options", [{}, {"swapped": True}, {"limit": 90},
                                     {"among": [str(k) for k in range(300)]}])  # fmt: skip
@pytest.mark.parametrize("method", ["auto", "cascade", "index", "exact"])
def test_what_is_said_is_what_is_done(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], method: str
) -> None:
    gallery.parameters = SearchParameters(method=method, exact_up_to=100)
    said = gallery.explain(probe_of(7), **options)
    done = looked_at(monkeypatch, lambda: gallery.search(probe_of(7), threads=1, **options))
    if said.method == "exact":
        assert (said.listed, said.scanned) == (0, 0)
        assert said.compared == said.subjects
    else:
        assert (said.listed, said.scanned, said.compared) == done
        assert said.listed + said.scanned == said.subjects
    assert said.method == ("exact" if method == "exact" else "index" if said.listed else "cascade")


def test_reasons(gallery: Gallery) -> None:
    listed = gallery.explain(probe_of(7))
    assert (listed.method, listed.listed, listed.scanned, listed.blocks) == ("index", 2200, 30, 1)
    assert "lists, which the segments of this gallery have" in listed.reasons[0]
    assert "30 are scanned" in listed.reasons[1]
    assert gallery.method() == "index"
    unknown = gallery.explain(next(iter(probe_of(7).values())))
    assert (unknown.method, unknown.listed) == ("index", 2200)
    assert gallery.explain(probe_of(7), swapped=True).reasons == listed.reasons
    few = gallery.explain(probe_of(7), among=["1", "2"])
    assert (few.method, few.subjects, few.compared) == ("exact", 2, 2)
    gallery.parameters = SearchParameters(method="cascade")
    assert gallery.explain(probe_of(7)).reasons[0].startswith("cascade: asked for by name")
    assert gallery.method() == "cascade"


def test_cost_and_loss(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    row = LookCost("a machine", cpu.active(), "2026-11-30", 2, 1000, 3, 10.0, 4.0, 100.0)
    monkeypatch.setattr(explanation, "COSTS", (row,))
    said = gallery.explain(probe_of(7))
    assert said.compared == 66  # 50 by lists, and 16 of the range that is scanned
    assert said.cpu_ms["this"] == pytest.approx((2200 * 4 + 30 * 10 + 66 * 100) / 1000)
    assert said.cpu_ms["exact"] == pytest.approx(2230 * 100 / 1000)
    assert said.cpu_ms["cascade"] == pytest.approx((2230 * 10 + 66 * 100) / 1000)
    mixed = gallery.explain(probe_of(7), swapped=True)  # each finger with two of each subject
    assert mixed.cpu_ms["this"] == pytest.approx(2 * said.cpu_ms["this"])
    assert said.loss is not None
    assert (said.loss.lost, said.loss.mated) == (3, 1809)
    one = gallery.explain(dict(list(probe_of(7).items())[:1]))
    assert one.costs is None  # of one finger nothing was measured here
    assert "not measured" in str(one)
    assert one.loss is not None
    assert (one.loss.fingers, one.loss.lost, one.loss.mated) == (1, 5, 3663)
    gallery.parameters = SearchParameters(method="exact")
    assert "everybody is compared" in str(gallery.explain(probe_of(7)))
    assert gallery.explain(probe_of(7)).loss is None
    told = said.to_dict()
    assert json.loads(json.dumps(told))["statement"] == str(said)
    assert "foretold: 15.7 ms" in str(said)


def test_a_backend_of_ones_own_is_named() -> None:
    class Own:
        name = "own"

        def method(self, references: View) -> str:
            return "my way"

        def search(self, probe: View, references: View, query: SearchQuery) -> Candidates:
            return ExactBackend().search(probe, references, query)

        pairs = ExactBackend().pairs

    gallery = Gallery(backend=Own())
    gallery.enroll("a", person(1))
    said = gallery.explain(person(1))
    assert isinstance(said, SearchExplanation)
    assert (said.method, said.cpu_ms) == ("my way", {})


def test_costs_that_are_carried() -> None:
    cases = [(one.isa, one.fingers) for one in COSTS]
    assert len(set(cases)) == len(cases)
    assert {("avx2", 1), ("avx2", 2), ("portable", 1), ("portable", 2)} <= set(cases)
    for one in COSTS:
        assert 0 < one.lists_us < one.scan_us < one.compare_us
