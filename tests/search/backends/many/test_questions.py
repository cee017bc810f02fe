"""Several questions about one probe at once: the answers are those of one search each."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.search.prints import again, person, template
from tests.search.views import Subject, cut, rows, view_of

from civid.fingerprint.template import Template
from civid.position import Position
from civid.search import Gallery
from civid.search.arrays.parts import View
from civid.search.backends import inverted_index
from civid.search.backends.base import (
    Backend,
    Candidates,
    PairsQuery,
    Question,
    Questions,
    SearchQuery,
)
from civid.search.backends.cascade import CascadeBackend
from civid.search.backends.exact import ExactBackend
from civid.search.backends.inverted import IndexBackend
from civid.search.backends.many.searches import search_several
from civid.search.backends.rules import Rules
from civid.search.queries import Asked, ask_many

R, L = Position.RIGHT_INDEX, Position.LEFT_INDEX
Prints = dict[Position, Template]


def people(count: int) -> list[Subject]:
    """Two fingers; some with one, none, one of unknown position, or exchanged."""
    made: list[Subject] = []
    for i in range(count):
        both = person(i, R, L, count=20 + i % 25)
        made.append(
            [both, {L: both[R], R: both[L]}, {R: both[R]}, {Position.UNKNOWN: both[L]}, None][
                i % 5 if i % 3 == 0 else 0
            ]
        )
    return made


def questions(probe: Prints, limit: int) -> list[Question]:
    def one(fingers: Prints, swapped: bool = False, many: bool = False) -> Question:
        query = SearchQuery(limit=limit, rules=Rules(swapped=swapped))
        return Question(view_of([fingers]), query, many)

    each = [one({k: v}, many=many) for k, v in probe.items() for many in (False, True)]
    return [one(probe), one(probe, True), *each, one(probe, many=True)]


def by_itself(backend: Backend, question: Question, view: View) -> Candidates:
    fingers, query, many = question
    if not many:
        return backend.search(fingers, view, query)
    pairs = backend.pairs(fingers, view, PairsQuery(rules=query.rules))
    return np.concatenate([hits for _, hits in pairs])[: query.limit]


def small(kind: type[CascadeBackend], **options: object) -> CascadeBackend:
    if kind is IndexBackend:
        options |= {"block": 32, "least_block": 8}
    return kind(
        share=0.1, share_of_several=0.05, least=5, least_of_several=3, range_size=16, **options
    )


PARTS = [(64,), (70, 6), (5, 40, 33), (7,)]


@pytest.mark.parametrize("parts", PARTS)
@pytest.mark.parametrize("backend", [
    small(IndexBackend), small(IndexBackend, fingers=1), small(IndexBackend, turns=2),
    small(IndexBackend, cells=3, fingers=3), small(CascadeBackend), ExactBackend(),
])  # fmt: skip
@pytest.mark.parametrize("limit", [3, 100])
def test_each_has_the_answer_of_a_search(
    parts: tuple[int, ...], backend: Backend, limit: int
) -> None:
    subjects = people(sum(parts))
    view = cut(subjects, *itertools.accumulate(parts[:-1]), dead=(2, 4))
    probes = [again(person(i, R, L, count=20 + i % 25), i) for i in (1, 3, 5)]
    probes += [{Position.UNKNOWN: template(8), R: template(9, 60), L: template(10, 3)}]
    if isinstance(backend, IndexBackend):  # lists are built of what is met again
        for _ in range(2):
            backend.search(view_of([probes[0]]), view, SearchQuery(limit=3))
    for probe in probes:
        asked = questions(probe, limit)
        (together,) = search_several(backend, [Questions(view_of([probe]), asked)], view)
        alone = [by_itself(backend, one, view) for one in asked]
        assert [rows(one) for one in together] == [rows(one) for one in alone]
    assert search_several(backend, [Questions(view_of([probes[0]]), [])], view) == [[]]
    assert search_several(backend, [], view) == []


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("backend", [
    small(IndexBackend), small(IndexBackend, probes_a_call=2), small(CascadeBackend),
    ExactBackend(),
])  # fmt: skip
def test_of_several_probes_each_has_its_own(backend: Backend, threads: int) -> None:
    view = cut(people(78), 5, 45, dead=(2, 4))
    for _ in range(2):
        backend.search(view_of([person(3, R, L)]), view, SearchQuery(limit=3))
    probes = [again(person(i, R, L, count=20 + i % 25), i) for i in range(5)]
    asked = [
        [Question(one, replace(query, threads=threads), many) for one, query, many in made]
        for made in ([*questions(probe, 3)][: 1 + 2 * i] for i, probe in enumerate(probes))
    ]
    together = search_several(
        backend,
        [Questions(view_of([probe]), some) for probe, some in zip(probes, asked, strict=True)],
        view,
    )
    alone = [[rows(by_itself(backend, one, view)) for one in some] for some in asked]
    assert [[rows(one) for one in some] for some in together] == alone


def test_lists_are_gone_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    view: View = view_of(people(64))
    backend, probe = small(IndexBackend), again(person(1, R, L), 1)
    for _ in range(2):
        backend.search(view_of([probe]), view, SearchQuery(limit=3))
    calls: list[int] = []
    inner = inverted_index.looks

    def counted(*given: object, **named: object) -> object:
        calls.append(len(given[5]))  # type: ignore[arg-type]
        return inner(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(inverted_index, "looks", counted)
    search_several(backend, [Questions(view_of([probe]), questions(probe, 3))], view)
    assert calls == [7, 7]  # blocks of lists
    many = questions(probe, 3) * 4  # more than one call takes
    alone = [rows(by_itself(backend, one, view)) for one in many]
    (found,) = search_several(backend, [Questions(view_of([probe]), many)], view)
    assert [rows(one) for one in found] == alone


def test_a_gallery_in_a_folder_and_its_tail(tmp_path: Path) -> None:
    with Gallery.open(tmp_path, background=False) as gallery:
        subjects = people(2300)
        gallery.enroll_many((str(i), one) for i, one in enumerate(subjects) if one is not None)
        gallery.compact()
        gallery.enroll_many((f"late {i}", person(5000 + i, R, L)) for i in range(40))
        probes = [again(person(i, R, L, count=20 + i % 25), i) for i in (1, 4, 10)]
        probes += [again(person(5003, R, L), 1), person(9999, R, L)]
        assert gallery.method() == "index"
        for probe in probes:
            asked = [Asked([R, L], 0.1), Asked([R, L], 0.1, True), Asked([R], 0.01),
                     Asked([L], 0.01)]  # fmt: skip
            alone = [
                gallery.search({place: probe[place] for place in one.positions}, 20,
                               max_fpir=one.max_fpir, swapped=one.swapped)
                for one in asked
            ]  # fmt: skip
            assert ask_many(gallery, [(probe, asked)], 20) == [alone]
            assert any(alone) == (probe is not probes[-1])
