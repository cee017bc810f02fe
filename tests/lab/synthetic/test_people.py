"""Populations: counts, order, independence of streams, threads, progress."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Any

import pytest

from civid.errors import CividError
from civid.lab.synthetic import Enrolment, population
from civid.position import Position

SMALL: dict[str, Any] = {"size": (160, 128), "seed": 4, "fingers": [Position.LEFT_THUMB]}


def prints(people: list[Enrolment]) -> dict[tuple[int, int, int], bytes]:
    """Pictures by person, visit (in the order of their bytes) and finger."""
    found: dict[tuple[int, int, int], bytes] = {}
    seen: Counter[int] = Counter()
    for enrolment in sorted(people, key=lambda e: [p.pixels.tobytes() for p in e.prints.values()]):
        for finger, image in enrolment.prints.items():
            found[enrolment.person, seen[enrolment.person], finger] = image.pixels.tobytes()
        seen[enrolment.person] += 1
    return found


def test_some_people_come_twice_under_two_numbers() -> None:
    people = list(population(7, duplicates=3, **SMALL))
    assert len(people) == 10
    assert sorted(Counter(e.person for e in people).values()) == [1, 1, 1, 1, 2, 2, 2]
    assert len({e.number for e in people}) == 10
    for number, pictures, person in people:
        assert len(number) == 12
        assert number.isdecimal()
        assert number[3] in "89"  # born in the 24th century: nobody's
        assert list(pictures) == [Position.LEFT_THUMB]
        assert 0 <= person < 7
    pictures_made = [e.prints[Position.LEFT_THUMB].pixels.tobytes() for e in people]
    assert len(set(pictures_made)) == 10


def test_the_seed_gives_numbers_order_and_pictures() -> None:
    first, again = (list(population(3, duplicates=1, **SMALL)) for _ in range(2))
    assert [(e.number, e.person) for e in first] == [(e.number, e.person) for e in again]
    assert prints(first) == prints(again)
    other = list(population(2, duplicates=1, **{**SMALL, "seed": 5}))
    assert not set(prints(other).values()) & set(prints(first).values())


def test_the_result_does_not_depend_on_threads() -> None:
    one, three = (list(population(4, duplicates=2, threads=n, **SMALL)) for n in (1, 3))
    assert [(e.number, e.person) for e in one] == [(e.number, e.person) for e in three]
    assert prints(one) == prints(three)


def test_pictures_do_not_depend_on_how_many_others_are_made() -> None:
    few = prints(list(population(3, duplicates=0, **SMALL)))
    many = prints(
        list(
            population(
                5,
                duplicates=0,
                **{**SMALL, "fingers": [Position.RIGHT_INDEX, Position.LEFT_THUMB]},
            )
        )
    )
    assert few.items() <= many.items()
    assert len(set(many.values())) == 10


def test_order_is_shuffled() -> None:
    order = [e.person for e in population(6, duplicates=0, **{**SMALL, "size": (96, 96)})]
    assert sorted(order) == list(range(6))
    assert order != sorted(order)


@pytest.mark.parametrize("threads", [1, 2])
def test_progress_counts_every_enrolment_in_turn(threads: int) -> None:
    told: list[tuple[int, int]] = []
    people = population(
        3,
        duplicates=1,
        threads=threads,
        on_progress=lambda done, total: told.append((done, total)),
        **SMALL,
    )
    assert told == []
    list(people)
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_stopping_early_is_no_trouble() -> None:
    people = population(400, duplicates=0, **SMALL)
    assert len(list(islice(people, 2))) == 2
    people.close()  # type: ignore[attr-defined]


def test_nobody_is_a_population_too() -> None:
    assert list(population(0, duplicates=0, **SMALL)) == []


@pytest.mark.parametrize(
    "arguments",
    [
        {"citizens": -1, "duplicates": 0},
        {"citizens": 3, "duplicates": 4},
        {"citizens": 3, "duplicates": -1},
        {"duplicates": 0, "fingers": []},
        {"duplicates": 0, "fingers": [2, 2]},
        {"duplicates": 0, "fingers": [99]},
        {"duplicates": 0, "threads": 0},
        {"duplicates": 0, "difficulty": 2.0},
        {"duplicates": 0, "seed": -1},
        {"duplicates": 0, "size": (1, 1)},
    ],
    ids=str,
)
def test_refuses_bad_arguments_before_it_starts(arguments: dict[str, Any]) -> None:
    with pytest.raises(CividError) as caught:
        population(**{"citizens": 3, **arguments})
    assert isinstance(caught.value, ValueError)
