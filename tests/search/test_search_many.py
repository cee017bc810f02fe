"""Many probes at once find what each finds alone, to the bit, whatever is searched and how."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from tests.search.prints import again, person

from civid.errors import SearchError, TemplateError
from civid.position import Position
from civid.search import Gallery, Metadata
from civid.search.fingers import Fingers

PEOPLE = {f"p{i}": person(i, 2, 7, count=16) for i in range(70)}
PROBES: list[Fingers] = [
    again(PEOPLE["p17"], 1),
    again(PEOPLE["p60"], 2)[Position.LEFT_INDEX],
    {Position.RIGHT_INDEX: again(PEOPLE["p69"], 3)[Position.RIGHT_INDEX]},
    person(900, 3, count=16),
    {Position.UNKNOWN: person(5, 2, count=0)[Position.RIGHT_INDEX]},
    again(PEOPLE["p3"], 4),
    again(PEOPLE["p3"], 4),
]


@pytest.fixture(scope="module", params=["exact", "cascade", "index", "auto"])
def gallery(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gallery]:
    path: Path = tmp_path_factory.mktemp("g") / "g"
    names = list(PEOPLE)
    with Gallery.open(path, background=False, backend=request.param) as made:
        made.enroll_many({name: PEOPLE[name] for name in names[:40]})
        made.compact()
        made.remove("p2")
        made.enroll_many({name: PEOPLE[name] for name in names[40:]})
        made.set_metadata_many({name: Metadata(tags=["t"]) for name in names[30:60]})
        yield made


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"limit": None},
        {"limit": 1, "min_score": 20.0},
        {"swapped": True},
        {"max_fpir": 0.01, "pairs": True},
        {"tag": "t"},
        {"without": ["p17", "p3"]},
        {"among": ["p17", "p3", "p69", "p2"]},
    ],
    ids=str,
)
@pytest.mark.parametrize("threads", [1, 4])
def test_the_answers_are_those_of_single_searches(
    gallery: Gallery, options: dict[str, object], threads: int
) -> None:
    alone = [gallery.search(probe, threads=1, **options) for probe in PROBES]
    together = gallery.search_many(iter(PROBES), threads=threads, **options)
    assert [[one.to_dict() for one in found] for found in together] == [
        [one.to_dict() for one in found] for found in alone
    ]


def test_progress_counts_probes(gallery: Gallery) -> None:
    seen: list[tuple[int, int]] = []
    gallery.search_many(PROBES, on_progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (7, 7)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_none_at_all_and_what_is_no_probe(gallery: Gallery) -> None:
    assert gallery.search_many([]) == []
    with pytest.raises(TemplateError):
        gallery.search_many([*PROBES, cast(Fingers, "a print")])
    with pytest.raises(SearchError):
        gallery.search_many(PROBES, 0)
    assert Gallery().search_many(PROBES) == [[]] * len(PROBES)
