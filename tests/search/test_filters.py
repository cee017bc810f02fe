"""A search among some finds what a gallery of only these would find, to the bit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.search.prints import again, person

from civid.errors import FieldError, SearchError
from civid.position import Position
from civid.search import Candidate, Gallery, Metadata, operating_point
from civid.search.segments.segment import Segment

PEOPLE = {f"p{i}": person(i, 2, 7, count=20) for i in range(60)}
PROBE = again(PEOPLE["p17"], 5)


@pytest.fixture(scope="module")
def galleries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Gallery]]:
    """In memory; and in a folder: a segment, some of it removed, a second one, and a tail."""
    memory = Gallery()
    memory.enroll_many(PEOPLE)
    folder = Gallery.open(tmp_path_factory.mktemp("g") / "g", background=False)
    names = list(PEOPLE)
    folder.enroll_many({name: PEOPLE[name] for name in names[:30]})
    folder.enroll("gone", PROBE)
    folder.compact()
    folder.remove("gone")
    folder.enroll_many({name: PEOPLE[name] for name in names[30:45]})
    folder.compact()
    folder.enroll_many({name: PEOPLE[name] for name in names[45:]})
    folder.enroll("again", PEOPLE["p1"])
    folder.remove("again")
    with memory, folder:
        yield [memory, folder]


def answer(found: list[Candidate]) -> list[object]:
    return [one.to_dict() for one in found]


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from([*PEOPLE, "nobody"])), st.booleans())
def test_among_is_a_gallery_of_these(
    galleries: list[Gallery], names: set[str], swapped: bool
) -> None:
    alone = Gallery()
    alone.enroll_many({name: PEOPLE[name] for name in PEOPLE if name in names})
    wanted = answer(alone.search(PROBE, swapped=swapped))
    for gallery in galleries:
        assert answer(gallery.search(PROBE, swapped=swapped, among=names)) == wanted
        others = set(PEOPLE) - names
        assert answer(gallery.search(PROBE, swapped=swapped, without=others)) == wanted


def test_both_at_once_and_who_is_gone(galleries: list[Gallery]) -> None:
    for gallery in galleries:
        found = gallery.search(PROBE, None, among=["p1", "p17", "p50", "gone"], without={"p17"})
        assert {one.subject_id for one in found} == {"p1", "p50"}
        assert found[0].searched == 2
        assert found[0].fpir == operating_point.fpir(found[0].score, 2)
        assert gallery.search(PROBE, among=[]) == []
        assert gallery.search(PROBE, without=PEOPLE) == []
        assert gallery.search(PROBE, among=["a\ud800"]) == []


def test_the_threshold_is_that_of_those_searched() -> None:
    gallery = Gallery()
    gallery.enroll_many(PEOPLE)
    score = gallery.search(PROBE, 1)[0].score
    limit = operating_point.fpir(score, 20)  # below what sixty have, above what two have
    assert gallery.search(PROBE, 1, max_fpir=limit) == []
    assert gallery.search(PROBE, 1, max_fpir=limit, among=["p17", "p2"])


def test_a_search_by_tag_follows_every_change(tmp_path: Path) -> None:
    with Gallery.open(tmp_path / "g", background=False) as gallery:
        gallery.enroll_many(PEOPLE, metadata={"p17": Metadata(tags=["a", "b"])})
        assert [one.subject_id for one in gallery.search(PROBE, tag="a")] == ["p17"]
        gallery.compact()
        gallery.set_metadata_many({name: Metadata(tags=["a"]) for name in ("p3", "p4")})
        found = gallery.search(PROBE, None, tag="a")
        assert found[0].subject_id == "p17"
        assert {one.subject_id for one in found} == {"p3", "p4", "p17"}
        assert found[0].searched == 3
        assert gallery.search(PROBE, tag="a", without=["p17"])[0].subject_id != "p17"
        gallery.remove("p17")
        assert {one.subject_id for one in gallery.search(PROBE, None, tag="a")} == {"p3", "p4"}
        assert gallery.search(PROBE, tag="nobody has it") == []
        with pytest.raises(FieldError):
            gallery.search(PROBE, tag="")


@pytest.mark.parametrize("wrong", ["p1", b"p1", 3, [3]])
def test_what_is_no_collection_of_ids_is_refused(wrong: object) -> None:
    with pytest.raises(SearchError):
        Gallery().search(PROBE, among=wrong)
    with pytest.raises(SearchError):
        Gallery().search(PROBE, without=wrong)


def test_the_cascade_gives_some_that_stand_close_together_their_share() -> None:
    """The last 300 of 2,500, all in one range: as many are compared as of a gallery of 300."""
    rng = random.Random(3)
    fingers = [person(i, 2, count=12) for i in range(40)]
    people = {f"s{i}": fingers[rng.randrange(40)] for i in range(2500)}
    gallery, alone = Gallery(backend="cascade"), Gallery(backend="cascade")
    gallery.enroll_many(people)
    last = list(people)[-300:]
    alone.enroll_many({name: people[name] for name in last})
    probe = person(41, 2, count=12)
    assert answer(gallery.search(probe, 99, among=last)) == answer(alone.search(probe, 99))
    first = people.keys() - set(last)
    assert answer(gallery.search(probe, 99, without=first)) == answer(alone.search(probe, 99))


def test_a_subject_is_verified_as_a_search_scores_it(galleries: list[Gallery]) -> None:
    for gallery in galleries:
        for name in ("p3", "p17", "p33", "p50"):
            for probe in (PROBE, PROBE[Position.RIGHT_INDEX]):
                for swapped in (False, True):
                    (found,) = gallery.search(probe, among=[name], swapped=swapped, pairs=True)
                    one = gallery.verify_subject(name, probe, swapped=swapped, pairs=True)
                    assert (one.score, one.evidence) == (found.score, found.evidence)
                    wanted = operating_point.fpir(one.score, 1)
                    assert one.fmr == pytest.approx(wanted, rel=1e-12) or one.score > 100
                    assert one.evidence[0].minutiae is not None


def test_a_verification_without_a_finger_in_common_is_nothing() -> None:
    gallery = Gallery()
    gallery.enroll("a", person(1, 2))
    said = gallery.verify_subject("a", person(1, 3))
    assert (said.score, said.fmr, said.fingers, said.swapped) == (0.0, 1.0, 0, False)


def test_ids_of_nobody_cost_no_look_into_a_segment(
    galleries: list[Gallery], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million of them took ten seconds: each was looked for in each segment, one by one."""
    looks: list[int] = []
    plain = Segment.id

    def counted(one: Segment, row: int) -> str:
        looks.append(row)
        return plain(one, row)

    monkeypatch.setattr(Segment, "id", counted)
    nobody = [f"n{i}" for i in range(5000)] + ["\ud800", "", "a\n"]
    for gallery in galleries:
        assert gallery.search(PROBE, among=nobody) == []
        assert gallery.search(PROBE, 1, among=[*nobody, "p17"])[0].subject_id == "p17"
    assert len(looks) < 20
