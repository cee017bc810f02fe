"""Merged answers are those of a sort of everything."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from civid.search import threshold
from civid.search.cluster.merging import ShardAnswer, merged, missing
from civid.search.results import Candidate

SCORES = st.sampled_from([0.0, 0.1, 12.5, 40.0, 40.0000038, 99.0]).map(
    lambda x: float(np.float32(x))
)


@given(
    st.lists(st.tuples(st.integers(0, 3), SCORES), max_size=30),
    st.one_of(st.none(), st.integers(1, 12)),
    SCORES,
    st.one_of(st.none(), st.sampled_from([1e-4, 0.5])),
)
def test_as_one_sort(
    found: list[tuple[int, float]], limit: int | None, least: float, max_fpir: float | None
) -> None:
    everybody = [(shard, number, score) for number, (shard, score) in enumerate(found)]
    answers = []
    for shard in range(4):
        mine = sorted(
            ((n, s) for at, n, s in everybody if at == shard), key=lambda one: (-one[1], one[0])
        )
        answers.append(
            ShardAnswer(shard, len(mine), tuple((n, Candidate(str(n), s, (), 7)) for n, s in mine))
        )
    got = merged(answers, limit, least, max_fpir)
    wanted = least
    if max_fpir is not None:
        wanted = max(wanted, threshold(max_fpir, len(found)))
    best = sorted(
        ((s, n) for _, n, s in everybody if np.float32(s) >= np.float32(wanted)),
        key=lambda one: (-one[0], one[1]),
    )[:limit]
    assert [(one.score, int(one.subject_id)) for one in got] == best
    assert all(one.searched == len(found) for one in got)


def test_missing() -> None:
    assert missing([ShardAnswer(2, 0, ()), ShardAnswer(0, 0, ())], 4) == [1, 3]
