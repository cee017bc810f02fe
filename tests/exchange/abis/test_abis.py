"""The engine: what is asked of it, what it refuses, who may use it at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.abis.model import alike_prints
from tests.search.prints import again, person

from civid.errors import (
    FieldError,
    GalleryError,
    GalleryReadOnlyError,
    GalleryStorageError,
    SearchError,
    SubjectExistsError,
    SubjectIdError,
    SubjectNotFoundError,
    TemplateError,
)
from civid.exchange.abis import Abis
from civid.position import Position
from civid.search import Gallery, fpir, threshold


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Abis]:
    with Abis.open(tmp_path / "abis", create=True, threads=1) as made:
        yield made


def names(engine: Abis, *what: Any, **how: Any) -> list[str]:
    return [one.person for one in engine.identify(*what, **how)]


def test_a_search_answers_as_the_gallery_does(engine: Abis) -> None:
    plain = Gallery()
    with engine.batch():
        for index in range(40):
            fingers = again(person(index % 13, 2, 7), index)
            engine.insert(f"p{index}", fingers)
            plain.enroll(f"p{index}", fingers)
    for seed in range(4):
        probe = again(person(seed, 2, 7), 99)
        for swapped in (False, True):
            expected = plain.search(probe, 30, max_fpir=1e-3, swapped=swapped)
            found = engine.identify(probe, max_fpir=1e-3, swapped=swapped)
            assert len(expected) >= 3
            assert [(one.person, one.score, one.fpir, one.swapped) for one in found] == [
                (one.subject_id, one.score, one.fpir, one.swapped) for one in expected
            ]
            for one, other in zip(found, expected, strict=True):
                assert one.fingers == tuple(
                    (each.probe_position, each.reference_position, each.score)
                    for each in other.evidence
                )
            few = plain.search(probe, 2, min_score=10, swapped=swapped)
            assert names(engine, probe, most=2, max_fpir=None, min_score=10, swapped=swapped) == [
                one.subject_id for one in few
            ]
    assert engine.threshold(1e-3, 40) == threshold(1e-3, 40)
    assert str(found[0]).startswith("Match(score=")
    assert "p" not in repr(found[0]).partition("score")[2].partition(",")[0]


def test_among_some(engine: Abis) -> None:
    with engine.batch():
        for index in range(60):
            engine.insert(f"p{index}", again(person(index % 3, 2), index))
        engine.insert("empty", {})
    probe = again(person(1, 2), 777)
    everybody = engine.identify(probe, most=60, max_fpir=None)
    some = ["P1", "p4", "p5", "p7", "empty", "nobody"]
    found = engine.identify(probe, among=some, max_fpir=None)
    assert [one.person for one in found] == [
        one.person for one in everybody if one.person in ("p1", "p4", "p5", "p7")
    ]
    of_all = {one.person: one.score for one in everybody}
    for one in found:
        assert one.score == of_all[one.person]
        assert one.fpir == fpir(one.score, 4)  # four were searched
    assert names(engine, probe, among=some, most=1, max_fpir=None) == [found[0].person]
    assert names(engine, probe, among=[]) == names(engine, probe, among=["nobody"]) == []
    assert names(engine, "p1", among=["p1"], max_fpir=None) == []
    assert set(names(engine, "p1", among=["p1", "p4"], max_fpir=None)) == {"p4"}
    assert "p4" not in names(engine, probe, without=["P4"], most=60)
    # The threshold is that of as many as are searched.
    lowest = found[-1].score
    rate = fpir(lowest, 4) * 0.999999
    assert names(engine, probe, among=some, max_fpir=max(rate, 1e-300))[-1:] != [found[-1].person]


def test_encounters_of_one_person_count_once(engine: Abis) -> None:
    one = person(1, 2, 7)
    for index in range(5):
        engine.insert("a", again(one, index), encounter=f"e{index}")
    engine.insert("b", again(one, 9))
    (first, second) = engine.identify(again(one, 10), max_fpir=None, min_score=50)
    assert {first.person, second.person} == {"a", "b"}
    assert names(engine, "a") == ["b"]
    assert names(engine, "b") == ["a"]
    assert names(engine, again(one, 10), most=1) == [first.person]
    best = max(
        (engine.verify("a", engine.get("b", engine.encounters("b")[0].encounter).fingers),),
        key=lambda match: match.score if match else 0,
    )
    assert best is not None
    assert best.score == engine.identify("b")[0].score


def test_only_active_encounters_of_the_gallery_are_found(engine: Abis) -> None:
    one = person(1, 2)
    engine.insert("a", one, encounter="e", galleries=["North", "All"])
    engine.insert("b", again(one, 1), encounter="e", galleries=["south"])
    engine.insert("c", again(one, 2), encounter="e", galleries=["north"], active=False)
    probe = again(one, 3)
    assert set(names(engine, probe)) == {"a", "b"}
    assert names(engine, probe, gallery="NORTH") == ["a"]
    assert names(engine, probe, gallery="nowhere") == []
    assert names(engine, probe, gallery="north", among=["b", "c"]) == []
    assert engine.people(gallery="north") == ("a", "c")
    assert engine.galleries() == ("All", "North", "south")
    engine.update("c", "e", active=True)
    engine.update("a", "e", galleries=["south"])
    assert names(engine, probe, gallery="north") == ["c"]
    assert engine.galleries() == ("North", "south")
    assert engine.verify("a", probe, gallery="north") is None
    assert engine.verify("a", probe) is not None
    engine.update("a", "e", active=False)
    assert engine.verify("a", probe) is None
    assert names(engine, "a") == []  # it has nothing active to ask with


def test_many_that_may_not_be_found_do_not_hide_those_that_may(engine: Abis) -> None:
    one = person(1, 2)
    with engine.batch():
        for index in range(40):
            engine.insert(f"hidden{index}", one, active=False)
        engine.insert("last", again(one, 1))
    assert names(engine, one, most=1) == ["last"]


def test_verify(engine: Abis) -> None:
    engine.insert("a", person(1, 2))
    engine.insert("empty", {})
    mine, other = engine.verify("A", again(person(1, 2), 3)), engine.verify("a", person(2, 2))
    assert mine is not None
    assert mine.score > 40
    assert other is None or other.score < 20
    assert engine.verify("a", {}) is engine.verify("a", person(1, 3)) is None
    assert engine.verify("empty", person(1, 2)) is None
    with pytest.raises(SubjectNotFoundError):
        engine.verify("b", person(1, 2))


def test_people_come_in_pages(engine: Abis) -> None:
    with engine.batch():
        for index in range(25):
            engine.insert(f"p{index}", {}, galleries=["odd"] if index % 2 else [])
    assert engine.people() == tuple(f"p{index}" for index in range(25))
    assert engine.people(offset=20, limit=3) == ("p20", "p21", "p22")
    assert engine.people(gallery="odd", offset=10) == ("p21", "p23")
    assert engine.people(limit=0) == engine.people(offset=25) == ()
    engine.insert("p3", {}, encounter="second", galleries=["ODD"])
    assert [one for one, _ in engine.listed(offset=23)] == ["p23", "p24", "p3"]
    assert engine.listed(gallery="odd", offset=12) == (("p3", "second"),)
    assert engine.listed(gallery="even") == engine.listed(limit=0) == ()
    assert ("P3" in engine, "p25" in engine, 5 in engine) == (True, False, False)
    assert engine.missing(["x", "P3", "p25", "p4", "x"]) == ("x", "p25", "x")


def test_what_cannot_be(engine: Abis) -> None:
    engine.insert("a", person(1, 2), encounter="e")
    refused: list[tuple[type[Exception], dict[str, Any]]] = [
        (SubjectIdError, {"person": ""}), (SubjectIdError, {"person": 5}),
        (SubjectIdError, {"person": "a\n"}), (SubjectIdError, {"encounter": "x" * 129}),
        (SubjectIdError, {"galleries": [""]}), (FieldError, {"galleries": "north"}),
        (FieldError, {"galleries": [f"g{i}" for i in range(101)]}),
        (FieldError, {"kind": 5}), (FieldError, {"document": []}),
        (FieldError, {"document": {"a": float("nan")}}),
        (FieldError, {"document": {"a": object()}}),
        (FieldError, {"document": {"a": "x" * (1 << 20)}}),
        (TemplateError, {"fingers": None}), (TemplateError, {"fingers": {77: 5}}),
        (TemplateError, {"fingers": {Position.LEFT_INDEX: b"x"}}),
    ]  # fmt: skip
    for error, wrong in refused:
        with pytest.raises(error):
            engine.insert(**{"person": "b", "fingers": {}, "encounter": "e", **wrong})
    for bad in ({"most": 0}, {"most": 10_001}, {"max_fpir": 0}, {"max_fpir": 2}, {"min_score": -1}):
        with pytest.raises(SearchError):
            engine.identify(person(1, 2), **bad)  # type: ignore[arg-type]
    with pytest.raises(TemplateError):
        engine.identify(None)  # type: ignore[arg-type]
    with pytest.raises(SubjectNotFoundError):
        engine.identify("nobody")
    assert engine.identify({}) == ()
    assert engine.people() == ("a",)
    assert engine.check() == 1
    assert "a" not in repr(engine.get("a", "e")).partition("(")[2].replace("fingers", "").replace(
        "active", ""
    )


def test_a_step_that_fails_inside_a_batch_is_undone_alone(engine: Abis) -> None:
    with engine.batch():
        engine.insert("a", person(1, 2), encounter="e")
        with pytest.raises(SubjectExistsError):
            engine.insert("A", person(2, 2), encounter="E")
        assert names(engine, person(1, 2), max_fpir=None) == ["a"]  # it is in the gallery by now
        with pytest.raises(ZeroDivisionError), engine.batch():  # noqa: PT012
            engine.insert("b", person(1, 2))
            engine.delete("a")
            assert names(engine, person(1, 2), max_fpir=None) == ["b"]
            raise ZeroDivisionError
        assert names(engine, person(1, 2), max_fpir=None) == ["a"]
        engine.update("a", "e", fingers=person(3, 2))
        assert alike_prints(engine.get("a", "e").fingers, person(3, 2))
        engine.insert("c", {})
    assert engine.people() == ("a", "c")
    assert engine.check() == 2
    assert len(engine._parts.gallery) == 1


def test_others_read_while_one_writes(engine: Abis) -> None:
    engine.insert("a", person(1, 2))
    seen: list[Any] = []

    def read() -> None:
        seen.append((engine.people(), names(engine, again(person(1, 2), 1)), engine.count()))

    with engine.batch():
        engine.insert("b", person(1, 2))
        assert set(names(engine, person(1, 2))) == {"a", "b"}  # whoever writes sees it
        reader = threading.Thread(target=read)
        reader.start()
        reader.join(30)
        assert seen == [(("a",), ["a"], 1)]
    read()
    assert set(seen[1][1]) == {"a", "b"}


def test_many_threads(engine: Abis) -> None:
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for index in range(4):
                engine.insert(f"{number}.{index}", person(number, 2), encounter="e")
                engine.identify(person(number, 2))
                engine.update(f"{number}.{index}", "e", active=index != 2)
                if index == 1:
                    engine.delete(f"{number}.0")
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failed
    assert engine.count() == engine.check() == 18
    for number in range(6):
        assert set(names(engine, person(number, 2))) == {f"{number}.1", f"{number}.3"}


def test_readers_beside_a_writer(engine: Abis, tmp_path: Path) -> None:
    engine.insert("a", person(1, 2), encounter="e")
    with Abis.open(tmp_path / "abis", read_only=True, threads=1) as reader:
        assert names(reader, again(person(1, 2), 1)) == ["a"]
        engine.insert("b", person(1, 2), encounter="e")
        engine.update("a", "e", fingers=person(2, 2))
        assert reader.people() == ("a", "b")
        assert alike_prints(reader.get("b", "e").fingers, person(1, 2))
        reader.refresh()
        assert names(reader, again(person(1, 2), 1)) == ["b"]
        engine.delete("b")
        assert names(reader, again(person(1, 2), 1)) == []
        assert reader.refresh()
        assert not reader.refresh()
        for change in (
            lambda: reader.insert("c", {}),
            lambda: reader.delete("a"),
            lambda: reader.once("r", b"", lambda: 1),
            lambda: reader.forget_requests(0),
        ):
            with pytest.raises(GalleryReadOnlyError):
                change()
        assert reader.check() == 1


def test_a_reader_checks_while_others_write(engine: Abis, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        for index in range(15):
            engine.insert(f"p{index}", person(index, 2), encounter="e")
            engine.update(f"p{index}", "e", fingers=person(index, 3))
            if index % 3 == 2:
                engine.delete(f"p{index}")
        done.set()

    writer = threading.Thread(target=write)
    with Abis.open(tmp_path / "abis", read_only=True, threads=1) as reader:
        writer.start()
        while not done.is_set():
            assert 0 <= reader.check() <= 11
        writer.join()
        assert reader.check() == 10


def test_a_check_inside_a_batch(engine: Abis) -> None:
    engine.insert("a", person(1, 2), encounter="e")
    with engine.batch():
        engine.insert("b", person(2, 2))
        engine.update("a", "e", fingers=person(3, 2))
        assert engine.check() == 2
    assert engine.check() == 2


def test_a_closed_one(tmp_path: Path) -> None:
    engine = Abis.open(tmp_path, create=True)
    engine.close()
    engine.close()
    for call in (engine.count, engine.people, lambda: engine.insert("a", {}), engine.refresh):
        with pytest.raises(GalleryError):
            call()


def test_prints_that_could_not_be_removed_are_removed_later(
    engine: Abis, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise GalleryStorageError("the disk is full")

    engine.insert("a", person(1, 2))
    with monkeypatch.context() as patch:
        patch.setattr(Gallery, "remove_many", full)
        engine.delete("a")
    assert engine.people() == ()
    assert names(engine, person(1, 2)) == []
    assert "still stored" in caplog.text
    assert (len(engine._parts.gallery), engine.check()) == (1, 0)
    engine.insert("b", {})
    assert len(engine._parts.gallery) == 0
    assert engine.check() == 1
