"""Probes that lie turned round: found at the price of more looks, with the same scores."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from tests.search.prints import SIZE, again, impression, person
from tests.search.views import Subject, rows, view_of

from civid import Gallery, SearchParameters, Template
from civid.search.arrays.parts import Part
from civid.search.backends.base import CANDIDATE_DTYPE, Candidates, PairsQuery, SearchQuery
from civid.search.backends.cascade import CascadeBackend
from civid.search.backends.exact import ExactBackend
from civid.search.backends.inverted import IndexBackend
from civid.search.backends.turning import steps_of, turned, turned_codes, united

FEW = {"share": 0.0, "share_of_several": 0.0, "least": 3, "least_of_several": 3}
PEOPLE: list[Subject] = [person(i, 1, 2, count=30) for i in range(400)]
VIEW = view_of(PEOPLE)


def upside_down(number: int, turn: float, *positions: int) -> Subject:
    own = person(number, *positions, count=30)
    return {
        place: impression(one, (number, int(place)), turn=0, by=turn) for place, one in own.items()
    }


def scan(turns: int = 1) -> CascadeBackend:
    return CascadeBackend(range_size=128, turns=turns, **FEW)


def lists(turns: int = 1) -> IndexBackend:
    return IndexBackend(block=128, least_block=64, build_from=1, turns=turns, **FEW)


def first_word(part: Part, finger: int, minutia: int) -> int:
    word = int(part.offsets[finger]) // 8 - finger + minutia
    return int(part.pointer.codes[word])


def test_a_direction_goes_once_around() -> None:
    codes = np.array([0, 1 << 56, 0xFF << 56, 0x80 << 56 | 77], np.uint64)
    ones = [(0, 0x01, 0xFF, 0x80), (1, 0x03, 0xFE, 0x00), (8, 0xFF, 0x00, 0x7F)]
    for steps, *_ in ones:
        moved = turned_codes(codes, steps)
        assert (moved & np.uint64((1 << 56) - 1)).tolist() == [0, 0, 0, 77]
    assert (turned_codes(codes, 1) >> np.uint64(56)).tolist() == [0x01, 0x03, 0xFE, 0x00]
    assert (turned_codes(codes, 8) >> np.uint64(56)).tolist() == [0xFF, 0xFE, 0x00, 0x7F]
    assert turned_codes(codes, 16).tolist() == codes.tolist()
    around = {int(turned_codes(codes[:1], k)[0]) for k in range(16)}
    assert len(around) == 16
    assert [steps_of(k, 8) for k in range(8)] == list(range(0, 16, 2))


def test_what_is_turned_is_coded_as_prints_that_are_turned() -> None:
    """But for what falls on the other side of a limit when coordinates are rounded."""
    part, slots = VIEW.parts[0], np.array([3, 8])
    made = turned(part, slots, 8)
    assert (made.subjects, made.positions.tolist()) == (2, [1, 2, 1, 2])
    half: list[Subject] = []
    for slot in slots.tolist():
        rows = {place: one.minutiae.copy() for place, one in person(slot, 1, 2, count=30).items()}
        for one in rows.values():
            one["x"], one["y"] = SIZE - one["x"], SIZE - one["y"]
            one["angle"] = np.mod(one["angle"] + np.pi, 2 * np.pi)
        half.append({place: Template(one, 60, SIZE, SIZE) for place, one in rows.items()})
    other = view_of(half).parts[0]
    words = [(finger, k) for finger in range(4) for k in range(30)]
    mine = np.array([first_word(made, *one) for one in words], np.uint64)
    theirs = np.array([first_word(other, *one) for one in words], np.uint64)
    upright = np.array([first_word(part, int(part.first[slots[f // 2]]) + f % 2, k)
                        for f, k in words], np.uint64)  # fmt: skip
    assert set((mine ^ upright).tolist()) == {0xFF << 56}
    for finger in range(4):  # packed minutiae have an order of their own
        few = slice(30 * finger, 30 * finger + 30)
        wanted, found = Counter((theirs[few] >> 56).tolist()), Counter((mine[few] >> 56).tolist())
        assert (wanted - found).total() <= 2
    assert made.offsets.tolist() == [248 * k for k in range(5)]


@pytest.mark.parametrize("make", [scan, lists])
@pytest.mark.parametrize("fingers", [(1,), (1, 2)])
def test_turned_prints_are_found_on_request(
    make: type[CascadeBackend], fingers: tuple[int, ...]
) -> None:
    upright, around = make(turns=1), make(turns=4)
    missed = 0
    for number in range(0, 400, 40):
        for turn in (np.pi / 2, np.pi, -np.pi / 2):
            probe = view_of([upside_down(number, turn, *fingers)])
            query = SearchQuery(limit=3)
            (exact,) = ExactBackend().search(probe, VIEW, SearchQuery(limit=1))
            assert exact["reference"] == number
            for backend in (upright, around):
                backend.search(probe, VIEW, query)  # lists are built at the second meeting
            best = around.search(probe, VIEW, query)[0]
            assert (best["reference"], best["score"]) == (number, exact["score"])
            missed += number not in upright.search(probe, VIEW, query)["reference"].tolist()
    # Of few, the scan's second look, which does not know which way is up, sees nearly all.
    assert missed > 5 or make is scan


@pytest.mark.parametrize("make", [scan, lists])
def test_many_against_many_and_any_number_of_threads(make: type[CascadeBackend]) -> None:
    numbers = (3, 140, 399)
    late: list[Subject] = [upside_down(number, np.pi, 1, 2) for number in numbers]
    probes = view_of([again(person(7, 1, 2, count=30), 1), None], late)

    def pairs(threads: int) -> Candidates:
        query = PairsQuery(threads=threads, min_score=60)
        found = make(turns=4).pairs(probes, VIEW, query)
        return np.concatenate([np.empty(0, CANDIDATE_DTYPE), *(hits for _, hits in found)])

    found = pairs(1)
    assert [(row["probe"], row["reference"]) for row in found] == [
        (0, 7), *((2 + k, number) for k, number in enumerate(numbers))
    ]  # fmt: skip
    assert rows(pairs(3)) == rows(found)


def test_looks_are_united_by_their_best() -> None:
    one = np.array([(0, 2, 1.0, 2), (0, 5, 3.0, 2)], CANDIDATE_DTYPE)
    other = np.array([(9, 2, 2.0, 2), (9, 4, 3.0, 2), (9, 7, -1.0, 2)], CANDIDATE_DTYPE)
    assert [tuple(row) for row in united([one, other], 3, 6).tolist()] == [
        (6, 2, 2.0, 2), (6, 4, 3.0, 2), (6, 5, 3.0, 2)
    ]  # fmt: skip
    assert united([one, other], 1, 6)["reference"].tolist() == [4]  # the lower among equals
    assert len(united([one[:0], other[:0]], 3, 6)) == 0


def test_by_parameter() -> None:
    wide = SearchParameters(turns=4, exact_up_to=0, compared_least=1, compared_least_of_several=1)
    gallery = Gallery(parameters=wide)
    gallery.enroll_many((str(k), one) for k, one in enumerate(PEOPLE) if one is not None)
    probe = upside_down(77, np.pi, 1, 2)
    assert isinstance(probe, dict)
    (found,) = gallery.search(probe, 1)
    assert found.subject_id == "77"
    assert found.parameters.startswith("civid-search/1;")
    assert gallery.parameters.calibrated  # it changes who is looked at, and no score
    gallery.parameters = SearchParameters()
    assert gallery.method() == "exact"
    assert gallery.search(probe, 1)[0].score == found.score
