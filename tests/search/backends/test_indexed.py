from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np
import pytest
from tests.search.prints import again, person
from tests.search.views import Subject, rows, view_of

from civid.position import Position
from civid.search import Gallery
from civid.search.arrays.parts import View
from civid.search.backends import cascade
from civid.search.backends.base import CANDIDATE_DTYPE, Candidates, PairsQuery, SearchQuery
from civid.search.backends.cascade import CascadeBackend
from civid.search.backends.inverted import IndexBackend
from civid.search.backends.rules import LABELLED, Rules

INDEX = Position(1)
PEOPLE: list[Subject] = [person(i, 1, 2, count=24) for i in range(40)]
PEOPLE += [again(person(i, 1, 2, count=24), i) for i in (3, 31)]


def make(**options: int) -> IndexBackend:
    return IndexBackend(
        share=0.1, share_of_several=0.1, least=4, range_size=16, block=16, least_block=8,
        build_from=20, **options,
    )  # fmt: skip


def scan(share: float = 0.1) -> CascadeBackend:
    return CascadeBackend(share=share, share_of_several=share, least=4, range_size=16)


def pairs(
    backend: CascadeBackend,
    probes: View,
    references: View,
    threads: int = 1,
    start: int = 0,
    rules: Rules = LABELLED,
) -> Candidates:
    query = PairsQuery(threads=threads, rules=rules, start=start)
    found = backend.pairs(probes, references, query)
    return np.concatenate([np.empty(0, CANDIDATE_DTYPE), *(hits for _, hits in found)])


def search(backend: CascadeBackend, view: View) -> Candidates:
    probe = view_of([again(person(5, 1, 2, count=24), 9)])
    return backend.search(probe, view, SearchQuery(limit=4))


def test_duplicates_are_found_with_any_number_of_threads() -> None:
    view = view_of(PEOPLE[:30], PEOPLE[30:], dead=(8,))
    backend = make()
    found = pairs(backend, view, view)
    assert backend.nbytes > 0
    best = {(row["probe"], row["reference"]) for row in found if row["score"] > 60}
    assert best == {(3, 40), (31, 41)}
    assert rows(pairs(make(), view, view, threads=3)) == rows(found)
    rest = pairs(make(), view, view, start=20)
    assert rows(rest) == rows(found[found["probe"] >= 20])
    any_finger = pairs(make(), view, view, rules=Rules(swapped=True))
    assert {(3, 40), (31, 41)} <= {(r["probe"], r["reference"]) for r in any_finger}


def test_scores_are_those_of_the_cascade() -> None:
    view = view_of(PEOPLE)
    exact = {(row["probe"], row["reference"]): row["score"] for row in pairs(scan(1), view, view)}
    for row in pairs(make(), view, view):
        assert row["score"] == exact[row["probe"], row["reference"]]


def test_a_search_builds_lists_of_what_it_meets_again() -> None:
    view, backend = view_of(PEOPLE), make()
    first = search(backend, view)
    assert backend.nbytes == 0
    second = search(backend, view)
    assert backend.nbytes > 0
    assert first["reference"][0] == second["reference"][0] == 5
    assert first["score"][0] == second["score"][0]
    del view
    gc.collect()
    assert backend.nbytes == 0  # gone with the part


def test_small_ranges_and_few_probes_are_scanned() -> None:
    backend = make()
    few, many = view_of(PEOPLE[:7]), view_of(PEOPLE)
    pairs(backend, few, many)
    assert backend.nbytes == 0
    found = pairs(backend, many, few)
    assert backend.nbytes == 0
    assert rows(found) == rows(pairs(scan(), many, few))


def test_memory_is_bounded() -> None:
    view = view_of(PEOPLE)
    one = make()
    pairs(one, view, view)
    most = one.nbytes // 2
    bounded = make(most_bytes=most)
    found = pairs(bounded, view, view)
    assert 0 < bounded.nbytes <= most
    assert {(3, 40), (31, 41)} <= {(row["probe"], row["reference"]) for row in found}
    nothing = make(most_bytes=0)
    assert rows(pairs(nothing, view, view)) == rows(pairs(scan(), view, view))


def test_no_label_needs_a_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    """A finger of unknown position, and any finger against any, ask the lists of every position."""
    known = view_of(PEOPLE)
    unknown = view_of([{Position.UNKNOWN: person(i, 1, count=24)[INDEX]} for i in range(40)])
    backend, query = make(), SearchQuery(limit=4)
    own = again(person(5, 1, 2, count=24), 9)
    for view in (known, unknown):
        for _ in range(2):
            backend.search(view_of([own]), view, query)

    def no_scan(*arguments: object, **options: object) -> None:
        raise AssertionError("scanned")

    nameless = {Position.UNKNOWN: own[INDEX]}
    mixed = {INDEX: own[Position(2)], Position(2): own[INDEX]}
    for probe, view, rules in (
        (nameless, known, LABELLED),
        (nameless, unknown, LABELLED),
        ({INDEX: own[INDEX]}, unknown, LABELLED),
        (mixed, known, Rules(swapped=True)),
        (own, known, Rules(swapped=True)),
    ):
        asked = view_of([probe]), view, replace(query, rules=rules)
        whole = scan(1).search(*asked)
        with monkeypatch.context() as patched:
            patched.setattr(cascade, "prefilter", no_scan)
            found = backend.search(*asked)
        assert found["reference"][0] == whole["reference"][0] == 5
        assert found["score"][0] == whole["score"][0]


def test_lists_and_scans_have_their_shares() -> None:
    view = view_of(PEOPLE[:30], PEOPLE[30:35])  # the second part is too small for lists
    backend = make()
    for _ in range(2):
        found = search(backend, view)
    assert found["reference"][0] == 5
    late = backend.search(
        view_of([again(person(33, 1, 2, count=24), 9)]), view, SearchQuery(limit=4)
    )
    assert late["reference"][0] == 33


def test_by_name() -> None:
    gallery = Gallery(backend="index")
    for k in range(5):
        gallery.enroll(str(k), person(k, 1))
    assert gallery.method() == "index"
    assert [one.subject_id for one in gallery.search(again(person(3, 1), 1), limit=1)] == ["3"]
