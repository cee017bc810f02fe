"""`search_many` by lists: probes go through them together, and find what each finds alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.search.prints import again, person

from civid.position import Position
from civid.search import Gallery
from civid.search.arrays.packing import view_of
from civid.search.arrays.parts import joined
from civid.search.backends.inverted_index import TOGETHER
from civid.search.backends.many import together
from civid.search.fingers import Fingers, finger_set

#: A segment has inverted lists from 512 subjects on.
PEOPLE = {f"p{i}": person(i, 2, 7, count=24) for i in range(600)}
PROBES: list[Fingers] = [
    *(again(PEOPLE[f"p{7 * i}"], i) for i in range(37)),
    *(
        {Position.RIGHT_INDEX: again(PEOPLE[f"p{9 * i}"], i)[Position.RIGHT_INDEX]}
        for i in range(5)
    ),
    person(9000, 2, 7, count=24),
    person(1, 2, count=0),
    again(PEOPLE["p5"], 5)[Position.LEFT_INDEX],
]


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    path: Path = tmp_path_factory.mktemp("g") / "g"
    with Gallery.open(path, background=False, backend="index") as made:
        made.enroll_many(list(PEOPLE.items())[:560])
        made.compact()
        made.enroll_many(list(PEOPLE.items())[560:])  # behind the lists: scanned
        made.remove("p12")
        assert any(part.lists for part in made._directory.view().parts)
        yield made


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize(
    "options", [{}, {"limit": 3}, {"limit": None}, {"swapped": True}, {"without": ["p7", "p9"]}]
)
def test_probes_find_together_what_each_finds_alone(
    gallery: Gallery, options: dict[str, object], threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[int] = []
    plain = together._batch

    def counted(backend: object, probes: list[object], *rest: object) -> object:
        batches.append(len(probes))
        return plain(backend, probes, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(together, "_batch", counted)
    alone = [gallery.search(one, threads=1, **options) for one in PROBES]  # type: ignore[arg-type]
    assert not batches
    many = gallery.search_many(PROBES, threads=threads, **options)  # type: ignore[arg-type]
    assert many == alone
    assert sum(batches) == len(PROBES)
    assert max(batches) == min(TOGETHER, -(-len(PROBES) // threads))


def test_joined_probes_are_the_probes_behind_one_another() -> None:
    views = [view_of(finger_set(one)) for one in PROBES[35:]]
    part = joined(views)
    assert part.subjects == len(views)
    assert part.fingers == sum(view.parts[0].fingers for view in views)
    for slot, view in enumerate(views):
        (own,) = view.parts
        first, last = part.first[slot : slot + 2].tolist()
        assert part.positions[first:last].tolist() == own.positions.tolist()
        begin = part.offsets[first]
        assert (part.offsets[first : last + 1] - begin).tolist() == own.offsets.tolist()
    whole = joined([view_of(finger_set(PROBES[0]))])
    assert np.array_equal(whole.offsets, view_of(finger_set(PROBES[0])).parts[0].offsets)
