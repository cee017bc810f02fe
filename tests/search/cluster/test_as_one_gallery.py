"""Whatever is asked, the answer is that of one gallery of the union, to the bit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.search.cluster.local import LocalCluster, local_cluster
from tests.search.prints import again, impression, person, template

from civid import Gallery
from civid.errors import (
    GalleryError,
    SearchError,
    SubjectExistsError,
    SubjectIdError,
    SubjectNotFoundError,
    TemplateError,
)
from civid.position import Position
from civid.search.cluster.sweep import Sweep

#: Some of them are there twice or three times, some are one another's equals to the bit.
PEOPLE: list[tuple[str, Any]] = (
    [(f"p{i}", person(i, 2, 7, count=20)) for i in range(40)]
    + [(f"again {i}", again(person(i, 2, 7, count=20), i)) for i in range(0, 12, 2)]
    + [(f"equal {i}", person(i, 2, 7, count=20)) for i in range(0, 12, 3)]
    + [(f"thumb {i}", person(i, 1, count=20)) for i in range(5)]
    + [("bare", template(99, 20)), ("swapped", {
        Position(7): template((3, 2), 20), Position(2): template((3, 7), 20)})]
)  # fmt: skip


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalCluster, Gallery]]:
    with local_cluster(tmp_path_factory.mktemp("one"), nodes=3, shards=5) as made:
        one = Gallery()
        one.enroll_many(PEOPLE)
        assert made.cluster.enroll_many(PEOPLE) == len(PEOPLE)
        for name in ("p5", "p17", "again 4"):
            one.remove(name)
            made.cluster.remove(name)
        one.enroll("p9", person(109, 2, 7, count=20), replace=True)
        made.cluster.enroll("p9", person(109, 2, 7, count=20), replace=True)
        yield made, one


@settings(max_examples=60, deadline=None)
@given(
    who=st.integers(0, len(PEOPLE) - 1),
    kind=st.sampled_from(["same", "again", "bare", "stranger"]),
    limit=st.one_of(st.none(), st.integers(1, 70)),
    min_score=st.sampled_from([0.0, 0.0, 5.0, 33.3]),
    max_fpir=st.sampled_from([None, 1e-3, 0.3]),
    swapped=st.booleans(),
    pairs=st.booleans(),
)
def test_search(
    both: tuple[LocalCluster, Gallery],
    who: int,
    kind: str,
    limit: int | None,
    min_score: float,
    max_fpir: float | None,
    swapped: bool,
    pairs: bool,
) -> None:
    made, one = both
    probe: Any = PEOPLE[who][1] if isinstance(PEOPLE[who][1], dict) else {0: PEOPLE[who][1]}
    if kind == "again":
        probe = again(probe, who)
    elif kind == "bare":
        probe = impression(next(iter(probe.values())), who)
    elif kind == "stranger":
        probe = person(1000 + who, 2, 7, count=20)
    how: dict[str, Any] = {
        "min_score": min_score, "max_fpir": max_fpir, "swapped": swapped, "pairs": pairs
    }  # fmt: skip
    want = one.search(probe, limit, **how)
    got = made.cluster.search(probe, limit, **how)
    assert got == want
    assert [found.fpir for found in got] == [found.fpir for found in want]
    for a, b in zip(got, want, strict=True):
        for x, y in zip(a.evidence, b.evidence, strict=True):
            assert (x.minutiae is None) == (not pairs)
            assert y.minutiae is None or (x.minutiae == y.minutiae).all()  # type: ignore[union-attr]


def test_who_is_here(both: tuple[LocalCluster, Gallery]) -> None:
    made, one = both
    assert len(made.cluster) == len(one)
    for name, _ in PEOPLE:
        assert (name in made.cluster) == (name in one)
    for odd in (7, "", "a\nb", "\ud800", "x" * 129):
        assert odd not in made.cluster
        assert odd not in one
    assert made.cluster.threshold(1e-3) == one.threshold(1e-3)


@pytest.mark.parametrize("block", [1, 7, 4096])
@pytest.mark.parametrize("how", [{}, {"max_fpir": None, "min_score": 20.0}, {"swapped": True}])
def test_duplicates(both: tuple[LocalCluster, Gallery], block: int, how: dict[str, Any]) -> None:
    made, one = both
    seen: list[tuple[int, int]] = []
    found = made.cluster.duplicates(block=block, on_progress=lambda *at: seen.append(at), **how)
    want = list(one.duplicates(**how))
    assert list(found) == want
    assert want
    assert seen[-1][0] == seen[-1][1]


def test_duplicates_go_on(both: tuple[LocalCluster, Gallery], tmp_path: Path) -> None:
    """Cut short anywhere, each pair is given once in the end, and no block is done twice."""
    made, one = both
    how: dict[str, Any] = {"max_fpir": None, "min_score": 8.0}
    want = list(one.duplicates(**how))
    mark = tmp_path / "mark"
    for stop in (0, 3, 11):
        work = made.cluster.duplicates(checkpoint=mark, block=8, **how)
        for _ in range(stop):
            next(work)
        work.close()  # type: ignore[attr-defined]
    lines = len(mark.read_bytes().splitlines())
    with mark.open("ab") as file:
        file.write(b"[1,0,[[1,2,")  # the process died here
    made.cluster.enroll("later", PEOPLE[0][1])  # not there when it began
    try:
        assert list(made.cluster.duplicates(checkpoint=mark, block=8, **how)) == want
        data = mark.read_bytes()
        assert len(data.splitlines()) > lines > 2
        assert b"p1" not in data
        assert list(made.cluster.duplicates(checkpoint=mark, block=8, **how)) == want
        assert mark.read_bytes() == data
        with pytest.raises(SearchError, match="other options"):
            list(made.cluster.duplicates(checkpoint=mark, block=9, **how))
        plain = data.splitlines()  # civid 0.1 wrote no checksums
        plain[1:] = [json.dumps(json.loads(line)[:3]).encode() for line in plain[1:]]
        mark.write_bytes(b"\n".join(plain) + b"\n")
        assert list(made.cluster.duplicates(checkpoint=mark, block=8, **how)) == want
        place = data.index(b".", data.index(b"\n") + 1) + 1  # a digit of a score
        mark.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(SearchError, match="of the checkpoint is damaged"):
            list(made.cluster.duplicates(checkpoint=mark, block=8, **how))
        head = json.loads(data.splitlines()[0])
        before = {name: value for name, value in head.items() if name != "engine"}  # 0.1
        for begun_by, told in (
            (head | {"engine": "civid-comparison/9 0"}, "another engine"),
            (before, "does not name"),
        ):
            begun = json.dumps(begun_by).encode() + data[data.index(b"\n") :]
            mark.write_bytes(begun)
            with pytest.raises(SearchError, match=told):
                list(made.cluster.duplicates(checkpoint=mark, block=8, **how))
            assert mark.read_bytes() == begun
        mark.write_bytes(data[:230] + b"\n" + data[231:])
        with pytest.raises(SearchError):
            list(made.cluster.duplicates(checkpoint=mark, block=8, **how))
    finally:
        made.cluster.remove("later")


def test_a_block_that_fails_is_done_by_another(
    both: tuple[LocalCluster, Gallery], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, one = both
    asked: list[str] = []
    ask = made.transport.ask

    def failing(node: str, group: str, method: str, *arguments: Any) -> Any:
        if method == "block":
            asked.append(node)
            if len(asked) % 3 == 1:
                return ask("nobody", group, method, *arguments)
        return ask(node, group, method, *arguments)

    monkeypatch.setattr(made.transport, "ask", failing)
    assert list(made.cluster.duplicates(block=16)) == list(one.duplicates())
    assert len(set(asked)) > 1  # which of three is free depends on the moment
    assert Sweep.__doc__


def test_enrolment_is_idempotent(both: tuple[LocalCluster, Gallery]) -> None:
    made, _ = both
    size = len(made.cluster)
    made.cluster.enroll("p0", PEOPLE[0][1])
    assert made.cluster.enroll_many(PEOPLE[20:24]) == 0
    assert len(made.cluster) == size
    with pytest.raises(SubjectExistsError) as caught:
        made.cluster.enroll("p0", PEOPLE[1][1])
    assert caught.value.subject_id == "p0"
    assert "p0" not in str(caught.value)
    with pytest.raises(SubjectNotFoundError):
        made.cluster.remove("nobody")


def test_ids_of_all_scripts(both: tuple[LocalCluster, Gallery]) -> None:
    """Two ids that only look alike are two, in a cluster as in a gallery."""
    made, one = both
    names = ["Nguy\u1ec5n", "Nguye\u0302\u0303n", "\U0001f642", " lead", "\u4e2d\u6587"]
    for number, name in enumerate(names):
        made.cluster.enroll(name, person(900 + number, 2, count=16))
        one.enroll(name, person(900 + number, 2, count=16))
    try:
        probe = person(901, 2, count=16)
        assert made.cluster.search(probe) == one.search(probe)
        assert made.cluster.search(probe)[0].subject_id == names[1]
        assert all(name in made.cluster for name in names)
    finally:
        for name in names:
            made.cluster.remove(name)
            one.remove(name)


def test_twice_in_one_call(both: tuple[LocalCluster, Gallery]) -> None:
    made, _ = both
    with pytest.raises(SubjectExistsError):
        made.cluster.enroll_many([("twice", PEOPLE[0][1]), ("twice", PEOPLE[1][1])])
    made.cluster.remove("twice")
    assert "twice" not in made.cluster


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda c: c.search(PEOPLE[0][1], 0), SearchError),
        (lambda c: c.search(PEOPLE[0][1], min_score=-1), SearchError),
        (lambda c: c.search(PEOPLE[0][1], max_fpir=2), SearchError),
        (lambda c: c.search({}), TemplateError),
        (lambda c: c.enroll("", PEOPLE[0][1]), SubjectIdError),
        (lambda c: c.enroll("x", {}), TemplateError),
        (lambda c: c.duplicates(max_fpir=0), SearchError),
        (lambda c: c.duplicates(block=0), SearchError),
        (lambda c: c.drain_node("nobody"), GalleryError),
        (lambda c: c.drain_node("n0") and c.drain_node("n1"), GalleryError),
    ],
)
def test_refusals(both: tuple[LocalCluster, Gallery], call: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        call(both[0].cluster)
