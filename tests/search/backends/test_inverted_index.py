from __future__ import annotations

import itertools

import numpy as np
import pytest
from tests.search.prints import again, person
from tests.search.views import Subject, view_of

from civid import cpu
from civid.errors import NativeError
from civid.search.arrays.parts import Part
from civid.search.backends import inverted_index as lists
from civid.search.backends.inverted_index import InvertedIndex
from civid.search.backends.prefilter import prefilter

PEOPLE: list[Subject] = [person(i, 1, 2, count=24) for i in range(60)]
MATES: list[Subject] = [again(person(i, 1, 2, count=24), i) for i in (3, 41)]
REFERENCES = view_of(PEOPLE, dead=(7,)).parts[0]
PROBES = view_of(MATES).parts[0]


def look(cells: int = 16, keep: int = 4, **options: object) -> list[list[tuple[int, int, float]]]:
    slots = np.arange(2)
    near = lists.nearest(PROBES, slots, cells)
    made = InvertedIndex(REFERENCES, 0, 60)
    found = lists.prefilter(PROBES, slots, near, REFERENCES, made,
                       keep=keep, fingers=2, cells=cells, **options)  # type: ignore[arg-type]  # fmt: skip
    return [[(int(row["reference"]), int(row["probe"]), float(row["score"])) for row in one]
            for one in found]  # fmt: skip


def test_mates_stand_out_on_every_instruction_set() -> None:
    answers = []
    for name in cpu.available():
        with cpu.using(name):
            answers.append([look(cells) for cells in (4, 8, 16, 32, 64)])
    assert all(answer == answers[0] for answer in answers)
    for answer in answers[0]:
        for probe, (rows, mate) in enumerate(zip(answer, (3, 41), strict=True)):
            assert [slot for slot, _, _ in rows] == sorted(slot for slot, _, _ in rows)
            assert {own for _, own, _ in rows} == {probe}
            assert max(rows, key=lambda row: row[2])[0] == mate


def test_scores_are_those_of_the_scan() -> None:
    scanned = prefilter(PROBES, np.arange(2), REFERENCES, 0, 60, keep=60, fingers=2)
    for mine, theirs in zip(look(keep=60), scanned, strict=True):
        assert len(mine) == 59  # not the dead one
        want = {row["reference"]: row["score"] for row in theirs}
        assert {slot: score for slot, _, score in mine} == want


def test_those_after_and_part_of_a_part() -> None:
    late, early = look(keep=99, after=np.array([45, 58]))
    assert [slot for slot, _, _ in late] == list(range(45, 60))
    assert [slot for slot, _, _ in early] == [58, 59]
    near = lists.nearest(PROBES, np.array([1]))
    made = InvertedIndex(REFERENCES, 30, 50)
    (found,) = lists.prefilter(PROBES, np.array([1]), near, REFERENCES, made, keep=1, fingers=1)
    assert found["reference"].tolist() == [41]


def test_lists_of_another_part_are_refused() -> None:
    near = lists.nearest(PROBES, np.arange(2))
    with pytest.raises(NativeError):
        lists.prefilter(
            PROBES, np.arange(2), near, PROBES, InvertedIndex(REFERENCES, 0, 60), keep=1, fingers=1
        )
    index = InvertedIndex(REFERENCES, 0, 60)
    with pytest.raises(NativeError):
        lists.prefilter(PROBES, np.arange(2), near[:-1], REFERENCES, index, keep=1, fingers=1)
    with pytest.raises(NativeError):
        lists.nearest(PROBES, np.arange(2), 7)


def test_more_centres_find_more() -> None:
    single: list[Subject] = [person(i, count=40) for i in range(8)]
    part: Part = view_of(single).parts[0]
    made = [InvertedIndex(part, 0, 3), InvertedIndex(part, 3, 8)]
    sums = [lists.measure(part, 2, made, cells) for cells in (4, 16, 64)]
    assert all((more >= fewer).all() for fewer, more in itertools.pairwise(sums))
    assert sums[0].argmax() == 2
    assert sums[0][2] == 40 * 46
