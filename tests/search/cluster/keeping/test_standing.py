"""Who may answer: replayed against a model of two disks, a keeper, and everything that can fail."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from civid.search.cluster.keeping.cluster_map import UNKNOWN, Place
from civid.search.cluster.keeping.standing import Seen, Standing, judge, later_place

PLACE = Place(1, ("a", "b"), 5)


def seen(epoch: int, term: int = 1, digest: str = "", **more: object) -> Seen:
    return Seen(term, ("a", "b"), epoch, digest=digest or str(epoch), **more)  # type: ignore[arg-type]


def test_both_equal() -> None:
    found = judge(PLACE, {"a": seen(5), "b": seen(5)})
    assert found == Standing(("a", "b"), (), "a", True, 5)


def test_old_epoch_never_answers() -> None:
    found = judge(PLACE, {"a": seen(4)})
    assert found == Standing()
    found = judge(PLACE, {"a": seen(4), "b": seen(5)})
    assert (found.live, found.behind, found.ahead, found.whole) == (("b",), ("a",), "b", False)


def test_old_term_never_answers() -> None:
    place = Place(2, ("a", "b"), 5)
    found = judge(place, {"a": seen(9, term=1), "b": seen(5, term=2)})
    assert (found.live, found.behind) == (("b",), ("a",))


def test_equal_epochs_with_other_content_do_not_both_answer() -> None:
    found = judge(PLACE, {"a": seen(5, digest="x"), "b": seen(5, digest="y")})
    assert found.live == ("a",)
    assert found.behind == ("b",)
    assert not found.whole


def test_a_damaged_replica_follows() -> None:
    found = judge(PLACE, {"a": seen(5), "b": Seen(0, (), 0, error="damaged", damaged=True)})
    assert (found.live, found.behind) == (("a",), ("b",))
    found = judge(PLACE, {"a": seen(5), "b": Seen(0, (), 0, error="busy")})
    assert (found.live, found.behind, found.whole) == (("a",), (), False)


def test_an_unknown_floor_needs_everybody() -> None:
    place = Place(1, ("a", "b"), UNKNOWN)
    assert judge(place, {"a": seen(9)}) == Standing()
    found = judge(place, {"a": seen(9), "b": seen(8)})
    assert (found.live, found.ahead, found.epoch) == (("a",), "a", 9)


def test_a_stranger_does_not_count() -> None:
    assert judge(PLACE, {"c": seen(9)}) == Standing()


def test_a_move_that_was_cut_short_counts() -> None:
    later = Seen(2, ("b", "c"), 5)
    assert later_place(PLACE, {"a": seen(5), "b": later}) == Place(2, ("b", "c"), 5)
    assert later_place(PLACE, {"a": seen(5)}) == PLACE


@dataclass
class Disk:
    """A replica: the changes that it has."""

    changes: list[int] = field(default_factory=list)
    up: bool = True

    def seen(self) -> Seen:
        epoch = self.changes[-1] + 1 if self.changes else 1
        return Seen(1, ("a", "b"), epoch, digest=str(self.changes))


@given(st.lists(st.tuples(st.sampled_from("WWWXUDRS"), st.sampled_from("ab")), max_size=60))
def test_whoever_answers_has_all_that_was_acknowledged(steps: list[tuple[str, str]]) -> None:
    """W: a change reaches both; X: one alone; D/U: down, up; R: an old disk; S: settle."""
    disks = {"a": Disk(), "b": Disk()}
    acknowledged: list[int] = []
    floor, number = 1, 1
    old: list[int] = []
    for step, name in steps:
        there = {key: disk.seen() for key, disk in disks.items() if disk.up}
        standing = judge(Place(1, ("a", "b"), floor), there)
        for one in standing.live:
            assert set(acknowledged) <= set(disks[one].changes)
        if step in "WX" and standing.whole:
            for key, disk in disks.items():
                if step == "W" or key == name:
                    disk.changes.append(number)
            if step == "W":
                acknowledged.append(number)
                floor = number + 1
            number += 1
        elif step in "UD":
            disks[name].up = step == "U"
        elif step == "R":
            other = disks["b" if name == "a" else "a"]
            if set(acknowledged) <= set(other.changes):  # one disk at a time loses something
                disks[name].changes = list(old)
            old = list(disks[name].changes)[: len(acknowledged) // 2]
        elif step == "S" and standing.ahead:
            for key in standing.behind:
                disks[key].changes = list(disks[standing.ahead].changes)
