"""Among a few subjects: the same as an exact search of them, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.search.prints import again, person

from civid.exchange.abis import Abis
from civid.exchange.abis.few import FewBackend, subject_name
from civid.search import Gallery

PEOPLE = 90


@pytest.fixture(scope="module")
def galleries(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Gallery, list[str]]]:
    """One with two segments, a tail, and dead subjects in each; and who lives."""
    folder = tmp_path_factory.mktemp("few")
    gallery = Gallery.open(folder, backend=FewBackend(), background=False)
    names = [subject_name(1 + index // 20, index) for index in range(PEOPLE)]
    for end in (30, 60, PEOPLE):
        some = range(end - 30, end)
        gallery.enroll_many({names[one]: again(person(one % 9, 2, 7), one) for one in some})
        if end < PEOPLE:
            gallery.compact()
    gallery.remove_many(names[::7])
    yield gallery, [name for index, name in enumerate(names) if index % 7]
    gallery.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_as_an_exact_search_of_them(
    galleries: tuple[Gallery, list[str]], data: st.DataObject
) -> None:
    gallery, living = galleries
    chosen = data.draw(st.lists(st.sampled_from(living), unique=True, min_size=1))
    limit, swapped = data.draw(st.integers(1, 20)), data.draw(st.booleans())
    least = data.draw(st.sampled_from([0.0, 20.0, 150.0]))
    probe = again(person(data.draw(st.integers(0, 9)), 2, 7), 1000)
    few = Gallery(backend="exact")
    few.enroll_many({name: gallery.get(name) for name in living if name in chosen})
    backend = gallery._backend
    assert isinstance(backend, FewBackend)
    with backend.only([*chosen, "gone", subject_name(3, 7)]):
        found = gallery.search(probe, limit, min_score=least, swapped=swapped)
    expected = few.search(probe, limit, min_score=least, swapped=swapped)
    assert [(one.subject_id, one.score, one.evidence) for one in found] == [
        (one.subject_id, one.score, one.evidence) for one in expected
    ]
    assert len(gallery.search(probe, None)) == len(living)  # and then everybody again
    assert gallery.method() == "exact"


def test_names_that_do_not_rise_are_found_all_the_same() -> None:
    backend = FewBackend()
    gallery = Gallery(backend=backend)
    gallery.enroll_many({name: person(index, 2) for index, name in enumerate("zcxabm")})
    for index, name in enumerate("zcxabm"):
        with backend.only([name]):
            (found,) = gallery.search(again(person(index, 2), 1), min_score=50)
        assert found.subject_id == name


def test_failures_do_not_bring_names_back(tmp_path: Path) -> None:
    def fails(engine: Abis) -> None:
        with engine.batch():
            for index in range(5):
                engine.insert(f"failed{index}", person(index, 2))
            engine.identify(person(1, 2))  # they enter the gallery
            raise ZeroDivisionError

    with Abis.open(tmp_path, create=True) as engine:
        for round_ in range(3):
            with pytest.raises(ZeroDivisionError):
                fails(engine)
            engine.insert(f"kept{round_}", person(0, 2))
        names = list(engine._parts.gallery)
        assert names == sorted(names)
        assert len(names) == 3
        kept = ["kept0", "kept1", "kept2"]
        assert {one.person for one in engine.identify(person(0, 2), among=kept)} == set(kept)


def test_who_is_searched_is_counted_by_the_index_of_them(tmp_path: Path) -> None:
    """Each search counts them: of 90,000 people it took 22 ms, and takes 5 out of the index."""
    with Abis.open(tmp_path, create=True) as engine, engine._parts.reading() as rows:
        said: list[str] = []
        rows.db.set_trace_callback(said.append)
        assert rows.searched(None) == 0
        rows.db.set_trace_callback(None)
        (plan,) = rows.db.execute(f"EXPLAIN QUERY PLAN {said[0]}").fetchall()
        assert plan[-1].endswith("INDEX searched")
