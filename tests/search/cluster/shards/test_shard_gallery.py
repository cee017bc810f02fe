"""A shard: numbers of the cluster, batches once, and a replica that follows from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.search.prints import person

from civid import Gallery
from civid.search.cluster.shards import changes
from civid.search.cluster.shards.changes import Batch, Change
from civid.search.cluster.shards.shard_gallery import Row, ShardGallery, StaleReplicaError
from civid.search.fingers import encoded

PEOPLE = [encoded(person(seed, count=8)) for seed in range(12)]


def batch(after: int, *what: tuple[int, int, str]) -> Batch:
    """(number, person, kind) each."""
    return Batch(
        after,
        tuple(
            Change(f"p{who}", None if kind == "-" else PEOPLE[who], kind == "r", number)
            for number, who, kind in what
        ),
    )


def test_numbers_and_epoch_are_those_of_the_cluster(tmp_path: Path) -> None:
    with ShardGallery.open(tmp_path / "g") as shard:
        assert shard.epoch == 1
        first = batch(1, (4, 0, "+"), (9, 1, "+"))
        assert shard.apply(first) == [changes.ENROLLED, changes.ENROLLED]
        assert shard.epoch == 10
        assert shard.living().tolist() == [4, 9]
        assert shard.names(shard.living()) == {4: "p0", 9: "p1"}
        shard.compact()
        assert shard.apply(batch(10, (12, 0, "-"), (15, 2, "+"))) == ["removed", "enrolled"]
        assert [row[:2] for row in shard.rows(1, 99, 99)] == [(9, "p1"), (15, "p2")]
    with ShardGallery.open(tmp_path / "g") as shard:
        assert (shard.epoch, shard.living().tolist()) == (16, [9, 15])
    with Gallery.open(tmp_path / "g") as plain:  # a normal gallery, as anybody reads it
        plain.check_integrity()
        assert sorted(plain) == ["p1", "p2"]


def test_a_batch_counts_once_and_in_its_place(tmp_path: Path) -> None:
    with ShardGallery.open(tmp_path / "g") as shard:
        first = batch(1, (4, 0, "+"))
        shard.apply(first)
        before = shard.digest()
        assert shard.apply(first) == [changes.ENROLLED]
        assert (shard.epoch, shard.digest(), len(shard)) == (5, before, 1)
        with pytest.raises(StaleReplicaError):
            shard.apply(batch(3, (7, 1, "+")))
        with pytest.raises(StaleReplicaError):
            shard.apply(batch(9, (12, 1, "+")))
        assert shard.digest() == before


def test_outcomes(tmp_path: Path) -> None:
    with ShardGallery.open(tmp_path / "g") as shard:
        shard.apply(batch(1, (1, 0, "+")))
        other = Change("p0", PEOPLE[1], number=2)
        assert shard.apply(Batch(2, (other,))) == [changes.EXISTS]
        assert shard.apply(batch(3, (3, 0, "+"))) == [changes.ALREADY]
        assert shard.apply(Batch(4, (Change("p0", PEOPLE[1], True, 4),))) == [changes.REPLACED]
        assert shard.apply(batch(5, (5, 3, "-"))) == [changes.ABSENT]
        assert (shard.epoch, shard.living().tolist()) == (6, [4])


class Cut(Exception):
    pass


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 11), st.sampled_from("+++r-")), min_size=1, max_size=20),
    st.integers(0, 20),
    st.integers(0, 5),
    st.booleans(),
)
def test_follows_from_anywhere(
    tmp_path_factory: pytest.TempPathFactory,
    done: list[tuple[int, str]],
    seen: int,
    cut: int,
    fold: bool,
) -> None:
    """A replica that stopped after some changes, and was cut short while it followed, follows."""
    root = tmp_path_factory.mktemp("follow")
    with ShardGallery.open(root / "a") as ahead, ShardGallery.open(root / "b") as behind:
        for at, (who, kind) in enumerate(done):
            one = batch(ahead.epoch, (3 * at + 2, who, kind))
            if at < seen:
                behind.apply(Batch(behind.epoch, one.changes))
            ahead.apply(one)
        if fold:
            ahead.compact()
        pages = 0

        def page(start: int) -> Sequence[Row]:
            nonlocal pages
            pages += 1
            if pages == cut:
                raise Cut
            return ahead.rows(start, ahead.epoch, 2)

        for _ in range(2):
            try:
                behind.follow(ahead.living(), ahead.epoch, page)
                break
            except Cut:
                before = set(behind.living().tolist())
                assert before <= set(ahead.living().tolist())
                complete = before == set(ahead.living().tolist())
                assert behind.epoch < ahead.epoch or complete, "half of it looks whole"
        assert behind.epoch == ahead.epoch
        assert behind.digest() == ahead.digest()
        assert behind.rows(1, 999, 999) == ahead.rows(1, 999, 999)


def test_what_lost_its_middle_does_not_follow(tmp_path: Path) -> None:
    with ShardGallery.open(tmp_path / "a") as ahead, ShardGallery.open(tmp_path / "b") as behind:
        ahead.apply(batch(1, (1, 0, "+"), (2, 1, "+"), (3, 2, "+")))
        behind.apply(batch(1, (1, 0, "+"), (3, 2, "+")))
        with pytest.raises(StaleReplicaError):
            behind.follow(ahead.living(), ahead.epoch, lambda start: [])
        behind.apply(batch(4, (9, 5, "+")))
        with pytest.raises(StaleReplicaError):
            behind.follow(ahead.living(), ahead.epoch, lambda start: [])
