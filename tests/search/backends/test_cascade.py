from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.search.prints import again, impression, person, template
from tests.search.views import Subject, cut, rows, view_of

from civid import cpu
from civid.position import Position
from civid.search import Gallery
from civid.search.arrays.parts import View
from civid.search.backends.auto import AutoBackend
from civid.search.backends.base import CANDIDATE_DTYPE, Backend, PairsQuery, SearchQuery
from civid.search.backends.cascade import CascadeBackend
from civid.search.backends.exact import ExactBackend
from civid.search.backends.rules import LABELLED, Rules

UNKNOWN, THUMB, INDEX, MIDDLE = Position(0), Position(1), Position(2), Position(3)

STOCK = [template(seed, 20) for seed in range(4)]
STOCK += [impression(one, seed) for seed, one in enumerate(STOCK)] + [
    template(9, 0),
    template(9, 1),
]
sets: st.SearchStrategy[Subject] = st.one_of(
    st.none(),
    st.sampled_from(STOCK),
    st.dictionaries(
        st.sampled_from([UNKNOWN, THUMB, INDEX, MIDDLE]), st.sampled_from(STOCK), min_size=1
    ),
)
galleries = st.builds(
    lambda subjects, places, dead: cut(subjects, *places, dead=dead),
    st.one_of(st.lists(sets, max_size=12), st.lists(sets, min_size=6, max_size=12)),
    st.lists(st.integers(0, 12), max_size=3),
    st.sets(st.integers(0, 11), max_size=3),
)
SMALL_EXACT = ExactBackend(rows=3, columns=4)
Row = tuple[int, int, float, int]


def small_cascade(references: int = 3, probes: int = 2, **options: Any) -> CascadeBackend:
    return CascadeBackend(range_size=references, probes_a_call=probes, compared_a_call=2, **options)


def search(backend: Backend, probe: View, references: View, **options: Any) -> list[Row]:
    query = SearchQuery(**{"limit": 99} | options)
    return rows(backend.search(probe, references, query))


def pairs(backend: Backend, probes: View, references: View, **options: Any) -> list[Row]:
    blocks = [found for _, found in backend.pairs(probes, references, PairsQuery(**options))]
    return rows(np.concatenate([np.empty(0, CANDIDATE_DTYPE), *blocks]))


def score_of(found: list[Row]) -> dict[tuple[int, int], tuple[float, int]]:
    return {(probe, reference): (score, terms) for probe, reference, score, terms in found}


@given(sets, galleries, st.integers(1, 12), st.floats(0, 20), st.integers(1, 2), st.booleans())
def test_where_nothing_is_sifted_out_it_is_exact_search(
    probe: Subject, references: View, limit: int, least: float, threads: int, swapped: bool
) -> None:
    options = {"limit": limit, "min_score": least, "rules": Rules(swapped=swapped)}
    single = view_of([probe])
    found = search(small_cascade(share=1), single, references, threads=threads, **options)
    assert found == search(ExactBackend(), single, references, **options)


@given(galleries, st.one_of(st.none(), galleries), st.integers(0, 13), st.booleans())
@settings(max_examples=20)
def test_where_nothing_is_sifted_out_pairs_are_exact(
    probes: View, others: View | None, start: int, swapped: bool
) -> None:
    references = probes if others is None else others
    rules = Rules(swapped=swapped)
    found = pairs(small_cascade(share=1), probes, references, rules=rules, start=start, threads=2)
    assert found == pairs(SMALL_EXACT, probes, references, rules=rules, start=start)
    every = pairs(ExactBackend(), probes, references, rules=rules)
    assert found == [row for row in every if row[0] >= start]
    seen = [(frozenset(row[:2]) if references is probes else row[:2]) for row in found]
    assert len(set(seen)) == len(seen)
    if references is probes:
        assert all(probe < reference for probe, reference, *_ in found)


@pytest.mark.parametrize(("size", "probes"), [(3, 2), (2, 3), (5, 5), (1, 4)])
def test_pairs_start_at_every_slot(size: int, probes: int) -> None:
    subjects: list[Subject] = [{INDEX: STOCK[i % 8]} for i in range(10)] + [None]
    for view in (cut(subjects, 4, 4, 7, dead={2}), cut(subjects)):
        for references in (view, cut(subjects[:5], 2)):
            every = pairs(ExactBackend(), view, references)
            n = view.living - 1
            assert len(every) == (n * (n - 1) // 2 if references is view else n * 5)
            for start in range(12):
                expected = [row for row in every if row[0] >= start]
                for backend in (small_cascade(size, probes, share=1), SMALL_EXACT):
                    assert pairs(backend, view, references, start=start) == expected


PEOPLE: list[Subject] = [person(i, 1, 2, count=24) for i in range(90)]
MATES: list[Subject] = [again(person(i, 1, 2, count=24), i) for i in (3, 41, 88)]


def test_what_gets_through_has_the_score_of_exact_search() -> None:
    view = cut(PEOPLE, 40, 40, dead={7, 60})
    backend = CascadeBackend(least=12)
    for k, mate in enumerate((3, 41, 88)):
        probe = view_of([MATES[k]])
        found = search(backend, probe, view, limit=12)
        assert len(found) == 12
        assert found[0][1] == mate
        assert score_of(found).items() <= score_of(search(ExactBackend(), probe, view)).items()
        assert found == sorted(found, key=lambda row: (-row[2], row[1]))
        assert search(backend, probe, view, limit=2) == found[:2]
        good = [row for row in found if row[2] >= found[3][2]]
        assert search(backend, probe, view, limit=12, min_score=found[3][2]) == good
        everybody = search(ExactBackend(), probe, view)
        assert search(backend, probe, view) == everybody  # all are asked for


def test_pairs_that_get_through_have_the_score_of_exact_search() -> None:
    both = cut(PEOPLE + MATES, 30, 91, dead={7, 60})
    found = pairs(CascadeBackend(least=3), both, both, min_score=5.0)
    everything = score_of(pairs(ExactBackend(), both, both))
    assert score_of(found).items() <= everything.items()
    mates = [(3, 90), (41, 91), (88, 92)]
    assert {pair for pair, (score, _) in score_of(found).items() if score > 40} == set(mates)
    one, other = cut(PEOPLE, 50), view_of(MATES)
    between = pairs(CascadeBackend(least=3), other, one)
    assert {(row[0], row[1]) for row in between if row[2] > 40} == {(0, 3), (1, 41), (2, 88)}
    assert len(between) == 9


def test_the_answer_depends_on_neither_threads_nor_instructions() -> None:
    backend, probe = CascadeBackend(least=10), view_of(MATES[:1])
    answers = []
    for name in cpu.available():
        with cpu.using(name):
            view = cut(PEOPLE + MATES, 40)
            answers += [
                (
                    search(backend, probe, view, threads=threads),
                    pairs(backend, view, view, min_score=10.0, threads=threads),
                )
                for threads in (1, 3)
            ]
    assert all(answer == answers[0] for answer in answers)


def test_how_many_are_compared() -> None:
    backend = CascadeBackend(share=1 / 100, share_of_several=1 / 400, least=50)
    sizes = (0, 1, 49, 50, 5000, 5001, 100_000)
    assert [backend.compared(n, 10, 1) for n in sizes] == [1, 1, 49, 50, 50, 51, 1000]
    assert [backend.compared(n, 10, 2) for n in sizes] == [1, 1, 49, 50, 50, 50, 250]
    assert [backend.compared(n, 300, 2) for n in sizes] == [1, 1, 49, 50, 300, 300, 300]
    assert len(search(backend, view_of(MATES[:1]), cut(PEOPLE, 20), limit=40)) == 40


def test_progress_reaches_the_end_and_never_goes_back() -> None:
    steps: list[tuple[int, int]] = []

    def note(done: int, total: int) -> None:
        steps.append((done, total))

    def check(total: int) -> None:
        assert steps[-1] == (total, total)
        assert all(a[0] <= b[0] and b[1] == total for a, b in itertools.pairwise(steps))
        steps.clear()

    view, other = cut(PEOPLE[:21], 8, 8, 15, dead={20}), view_of(PEOPLE[:5])
    for backend in (small_cascade(least=2), SMALL_EXACT):
        search(backend, other, view, on_progress=note, threads=2)
        check(21)
        pairs(backend, view, view, on_progress=note, threads=2)
        check(210)
        pairs(backend, view, other, on_progress=note, start=9)
        assert steps[0][0] > 9 * 5
        check(105)


def test_auto_is_exact_up_to_its_limit() -> None:
    probe = view_of(MATES[:1])
    auto = AutoBackend(exact_up_to=85)
    for dead, kind in ((range(5), ExactBackend()), (range(4), CascadeBackend())):
        view = cut(PEOPLE, 40, dead=dead)  # the living count
        chosen = auto._of(view.living)
        assert isinstance(chosen, type(kind))
        assert search(auto, probe, view) == search(kind, probe, view)
        found = pairs(auto, view, probe, rules=LABELLED)
        assert found == pairs(kind, view, probe)


def test_mates_are_found_among_thousands() -> None:
    rng = np.random.default_rng(7)
    mates = rng.choice(3000, 12, replace=False).tolist()
    people = {str(i): person(i, count=30) for i in range(3000)}
    gallery, auto = Gallery(backend="cascade"), Gallery()
    gallery.enroll_many(people)
    auto.enroll_many(people)
    for mate in mates:
        probe = again(people[str(mate)], mate)
        found = gallery.search(probe, 3)
        assert found[0].subject_id == str(mate)
        assert found[0].score > 30
        assert found == auto.search(probe, 3)
    assert len(gallery.search(probe, None)) == len(auto.search(probe, None)) == 3000
    assert len(gallery.search(probe, 500)) == 500
