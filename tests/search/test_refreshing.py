"""A reader is told what changed; and can wait for what a writer has said."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.search.prints import person

from civid.errors import GalleryBehindError, GalleryError
from civid.position import Position
from civid.search import Gallery, refreshing

PEOPLE = {f"p{i}": person(i, count=6) for i in range(12)}


def held(gallery: Gallery) -> dict[str, list[bytes]]:
    return {
        name: [one.minutiae.tobytes() for one in gallery.get(name).values()] for name in gallery
    }


steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["enroll", "finger", "remove"]), st.sampled_from(list(PEOPLE))),
        st.just(("compact", "")),
        st.just(("refresh", "")),
    ),
    max_size=14,
)


@settings(max_examples=12, deadline=None)
@given(steps)
def test_what_is_told_is_the_difference(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("g") / "g"
    with Gallery.open(path, background=False) as writer:
        writer.enroll_many({"p0": PEOPLE["p0"], "p1": PEOPLE["p1"]})
        with Gallery.open(path, read_only=True) as reader:
            before = held(reader)
            for what, name in [*changes, ("refresh", "")]:
                if what == "enroll":
                    writer.enroll(name, PEOPLE[name], replace=True)
                elif what == "finger" and name in writer:
                    writer.put_finger(name, Position.LEFT_RING, PEOPLE[name][Position.RIGHT_INDEX])
                elif what == "remove" and name in writer:
                    writer.remove(name)
                elif what == "compact":
                    writer.compact(purge=True)
                elif what == "refresh":
                    said = reader.refresh()
                    after = held(reader)
                    assert list(reader) == list(writer)
                    assert set(said.added_ids) == after.keys() - before.keys()
                    assert set(said.removed_ids) == before.keys() - after.keys()
                    both = after.keys() & before.keys()
                    assert {n for n in both if after[n] != before[n]} <= set(said.changed_ids)
                    assert set(said.changed_ids) <= both
                    counts = (len(said.added_ids), len(said.removed_ids), len(said.changed_ids))
                    assert (said.added, said.removed, said.changed) == counts
                    assert said.changes == reader.changes == writer.changes
                    assert said.all_named
                    before = after


def test_names_are_bounded_and_counts_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "MOST_NAMED", 3)
    with (
        Gallery.open(tmp_path / "g", background=False) as writer,
        Gallery.open(tmp_path / "g", read_only=True) as reader,
    ):
        writer.enroll_many(PEOPLE)
        said = reader.refresh()
        assert (said.added, said.added_ids) == (12, ("p0", "p1", "p2"))
        assert not said.all_named
        writer.remove_many(list(PEOPLE)[2:])
        said = reader.refresh()
        assert (said.removed, said.removed_ids) == (10, ("p2", "p3", "p4"))
        assert not reader.refresh()
        assert "p2" not in repr(said)


def test_a_reader_waits_for_what_it_is_told_to(tmp_path: Path) -> None:
    with (
        Gallery.open(tmp_path / "g", background=False) as writer,
        Gallery.open(tmp_path / "g", read_only=True) as reader,
    ):
        writer.enroll("a", PEOPLE["p1"])
        assert reader.refresh(writer.changes).added_ids == ("a",)
        assert not reader.refresh(writer.changes)
        wanted = writer.changes + 1
        later = threading.Timer(0.02, writer.enroll, ("b", PEOPLE["p2"]))
        later.start()
        assert "b" in reader.refresh(wanted, timeout=30).added_ids
        later.join()
        with pytest.raises(GalleryBehindError):
            reader.refresh(writer.changes + 1, timeout=0)
        with pytest.raises(GalleryBehindError):
            writer.refresh(writer.changes + 1, timeout=0)
        with pytest.raises(GalleryError):
            reader.refresh("1")


def test_the_counter_counts_transactions() -> None:
    gallery = Gallery()
    gallery.enroll_many(PEOPLE)
    gallery.remove("p3")
    assert gallery.changes == 2
    assert not gallery.refresh(2)
