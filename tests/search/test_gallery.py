from __future__ import annotations

import dataclasses
import pickle
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.search.prints import again, impression, person, same, template

from civid.errors import (
    GalleryError,
    SearchError,
    SubjectExistsError,
    SubjectIdError,
    SubjectNotFoundError,
    TemplateError,
    UnavailableError,
)
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search import Gallery
from civid.search.backends.exact import ExactBackend
from civid.search.fingers import Fingers

NUMBER = "046301123456"


@pytest.fixture(params=["memory", "folder"])
def gallery(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Gallery]:
    made = Gallery() if request.param == "memory" else Gallery.open(tmp_path / "gallery")
    with made:
        yield made


def test_finds_who_is_enrolled(gallery: Gallery) -> None:
    fingers = {str(i): person(i, 2, 7) for i in range(30)}
    assert gallery.enroll_many(fingers) == 30
    found = gallery.search(again(fingers["17"], 1), limit=10)
    assert [len(found), found[0].subject_id] == [10, "17"]
    assert found[0].score > 60 > found[1].score
    assert found[0].fingers == 2
    assert found[0].evidence[0].pairs >= 15
    bare = gallery.search(impression(fingers["4"][Position.LEFT_INDEX], 3), limit=1)
    assert bare[0].subject_id == "4"
    assert bare[0].evidence[0].reference_position == Position.LEFT_INDEX


def test_is_a_collection_in_order_of_enrolment(gallery: Gallery) -> None:
    for name in ("c", "a", "b"):
        gallery.enroll(name, template(name.encode()[0]))
    assert list(gallery) == ["c", "a", "b"]
    assert (len(gallery), gallery.fingers) == (3, 3)
    assert "a" in gallery
    assert "d" not in gallery
    assert 3 not in gallery
    gallery.remove("a")
    gallery.enroll("a", template(1))
    assert list(gallery) == ["c", "b", "a"]
    gallery.enroll("c", template(2), replace=True)
    assert list(gallery) == ["b", "a", "c"]


def test_gives_back_what_was_enrolled(gallery: Gallery) -> None:
    fingers = {Position.UNKNOWN: template(1, 0), **person(2, 1, 10, count=255)}
    gallery.enroll(NUMBER, fingers)
    got = gallery.get(NUMBER)
    assert list(got) == [Position.UNKNOWN, Position.RIGHT_THUMB, Position.LEFT_LITTLE]
    assert all(same(got[position], fingers[position]) for position in got)


def test_the_same_subject_twice_changes_nothing(gallery: Gallery) -> None:
    first, second = person(1), person(2)
    gallery.enroll(NUMBER, first)
    with pytest.raises(SubjectExistsError) as caught:
        gallery.enroll(NUMBER, second)
    assert NUMBER not in str(caught.value)
    assert same(gallery.get(NUMBER)[Position.RIGHT_INDEX], first[Position.RIGHT_INDEX])
    assert gallery.search(second)[0].score < 40
    gallery.enroll(NUMBER, second, replace=True)
    assert len(gallery) == 1
    assert gallery.search(second)[0].score > 60
    assert gallery.search(first)[0].score < 40


def test_enroll_many_is_all_or_nothing(gallery: Gallery) -> None:
    gallery.enroll("old", person(1))
    good = [(str(i), person(i)) for i in range(600)]
    for bad, error in (
        (("old", person(2)), SubjectExistsError),
        (("5", person(2)), SubjectExistsError),
        (("", person(2)), SubjectIdError),
        (("x", {}), TemplateError),
        (("x", None), TemplateError),
    ):
        with pytest.raises(error):
            gallery.enroll_many([*good, bad])  # type: ignore[list-item]
        assert list(gallery) == ["old"]
        assert len(gallery.search(person(1), None)) == 1

    def broken() -> Iterator[tuple[str, Fingers]]:
        yield from good
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gallery.enroll_many(broken())
    assert list(gallery) == ["old"]
    steps: list[tuple[int, int]] = []
    gallery.enroll_many(good, on_progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (600, 600)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    found = gallery.search(person(599), None)
    assert found[0].subject_id == "599"
    assert sorted(candidate.subject_id for candidate in found) == sorted(gallery)
    assert gallery.fingers == 601


def test_a_template_that_cannot_be_compared_is_refused(gallery: Gallery) -> None:
    minutiae = template(1).minutiae.copy()
    minutiae["x"][3] = 9000  # a template may be as large as a slap, a finger may not
    far = Template(minutiae, 50, 10_000, 400)
    with pytest.raises(TemplateError):
        gallery.enroll(NUMBER, far)
    with pytest.raises(TemplateError):
        gallery.search(far)
    assert len(gallery) == 0
    gallery.enroll(NUMBER, template(1))
    assert gallery.search(template(1))[0].score > 60


def test_remove(gallery: Gallery) -> None:
    gallery.enroll_many({str(i): person(i) for i in range(4)})
    gallery.remove("2")
    assert list(gallery) == ["0", "1", "3"]
    assert "2" not in [c.subject_id for c in gallery.search(person(2), None)]
    for ask in (gallery.get, gallery.remove):
        with pytest.raises(SubjectNotFoundError):
            ask("2")
    assert list(gallery.duplicates()) == []


def test_remove_many_is_all_or_nothing(gallery: Gallery) -> None:
    gallery.enroll_many({str(i): person(i) for i in range(4)})
    for missing in ("9", "1"):  # unknown, or named twice
        with pytest.raises(SubjectNotFoundError):
            gallery.remove_many(["1", "2", missing])
        assert list(gallery) == ["0", "1", "2", "3"]
        assert same(gallery.get("2")[Position.RIGHT_INDEX], person(2)[Position.RIGHT_INDEX])
    gallery.remove_many(["3", "1"])
    assert list(gallery) == ["0", "2"]


def test_many_removals_leave_the_rest_in_place(gallery: Gallery) -> None:
    gallery.enroll_many({str(i): template(i, 6) for i in range(1500)})
    for start in range(0, 1400, 100):  # compacts on the way
        gallery.remove_many(str(i) for i in range(start, start + 100))
    assert list(gallery) == [str(i) for i in range(1400, 1500)]
    assert gallery.nbytes < 1000 * 64 * 8
    assert same(gallery.get("1444")[Position.UNKNOWN], template(1444, 6))
    gallery.enroll("new", template(7, 30))
    assert gallery.search(template(7, 30), 1)[0].subject_id == "new"


def test_limits_of_a_search(gallery: Gallery) -> None:
    gallery.enroll_many({str(i): person(i) for i in range(12)})
    probe = again(person(3), 1)
    everybody = gallery.search(probe, None)
    assert len(everybody) == 12
    assert [c.score for c in everybody] == sorted((c.score for c in everybody), reverse=True)
    assert gallery.search(probe, 3) == everybody[:3]
    assert gallery.search(probe, min_score=everybody[4].score) == everybody[:5]
    assert [c.subject_id for c in gallery.search(probe, max_fpir=1e-3)] == ["3"]
    assert gallery.threshold(1e-3) == pytest.approx(30 + 10.79, abs=0.01)


@pytest.mark.parametrize(
    "options",
    [
        {"limit": 0},
        {"limit": -1},
        {"limit": "5"},
        {"limit": 2.5},
        {"limit": True},
        {"min_score": -1.0},
        {"min_score": float("nan")},
        {"min_score": float("inf")},
        {"max_fpir": 0.0},
        {"max_fpir": 1.5},
        {"threads": 0},
    ],
)
def test_senseless_searches_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(SearchError):
        Gallery().search(template(1), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("options", [{"max_fpir": 2.0}, {"min_score": -1.0}, {"threads": -3}])
def test_senseless_duplicates_are_refused_at_once(options: dict[str, float]) -> None:
    with pytest.raises(SearchError):
        Gallery().duplicates(**options)  # type: ignore[arg-type]


def test_an_empty_gallery_finds_nobody(gallery: Gallery) -> None:
    assert gallery.search(template(1)) == []
    assert list(gallery.duplicates()) == []
    assert gallery.enroll_many([]) == 0
    assert len(gallery) == 0


def test_duplicates_stream_while_the_gallery_changes(gallery: Gallery) -> None:
    people = {str(i): person(i, 2, 7) for i in range(40)}
    twins = {f"{i} again": again(people[str(i)], i) for i in (3, 20, 35)}
    gallery.enroll_many(people | twins)
    pairs = gallery.duplicates(max_fpir=1e-3)
    subject, other, score, evidence = next(pairs)
    assert (subject, other, len(evidence)) == ("3", "3 again", 2)
    assert score > 60  # type: ignore[operator]
    gallery.enroll("late", people["20"])
    gallery.remove("35")
    assert [(d.subject, d.other) for d in pairs] == [("20", "20 again"), ("35", "35 again")]
    assert ("20", "late") in [(d.subject, d.other) for d in gallery.duplicates()]


def test_searching_is_safe_while_another_thread_enrols(gallery: Gallery) -> None:
    gallery.enroll_many({f"first {i}": person(i) for i in range(20)})
    failures: list[BaseException] = []

    def enrol() -> None:
        try:
            for i in range(20, 120):
                gallery.enroll(f"more {i}", person(i))
                if i % 3 == 0:
                    gallery.remove(f"more {i}")
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=enrol)
    thread.start()
    try:
        while thread.is_alive():
            found = gallery.search(person(7), 2)
            assert found[0].subject_id == "first 7"
            assert len(list(gallery)) >= 20
    finally:
        thread.join()
    assert not failures
    assert [c.subject_id for c in gallery.search(person(100), 1)] == ["more 100"]


def test_a_gallery_is_not_changed_from_inside_its_own_change(gallery: Gallery) -> None:
    def sly() -> Iterator[tuple[str, Fingers]]:
        yield "1", person(1)
        gallery.enroll("2", person(2))

    with pytest.raises(GalleryError, match="inside"):
        gallery.enroll_many(sly())
    assert len(gallery) == 0
    gallery.enroll("2", person(2))


def test_nothing_shows_a_number(gallery: Gallery) -> None:
    gallery.enroll_many({NUMBER: person(1), NUMBER + "1": person(1)})
    shown = [repr(gallery), repr(gallery.search(person(1))), repr(list(gallery.duplicates()))]
    for ask in (gallery.get, gallery.remove):
        with pytest.raises(SubjectNotFoundError) as caught:
            ask(NUMBER + "7")
        shown.append(str(caught.value))
    assert not any("0463" in text for text in shown)
    assert shown[0] == "Gallery(2 subjects, 2 fingers)"


def test_a_closed_gallery_says_so(gallery: Gallery) -> None:
    gallery.enroll("1", person(1))
    gallery.close()
    gallery.close()
    for ask in (
        lambda: gallery.search(template(1)),
        lambda: gallery.duplicates(),
        lambda: gallery.enroll("2", template(1)),
        lambda: gallery.remove("1"),
        lambda: gallery.get("1"),
        gallery.refresh,
        lambda: len(gallery),
        lambda: "1" in gallery,
        lambda: list(gallery),
    ):
        with pytest.raises(GalleryError, match="closed"):
            ask()
    assert repr(gallery) == "Gallery(closed)"


def test_backends_are_chosen_by_name(tmp_path: Path) -> None:
    assert len(Gallery(backend="exact")) == 0
    with pytest.raises(UnavailableError, match="exact"):
        Gallery(backend="quantum")
    with pytest.raises(UnavailableError):
        Gallery.open(tmp_path / "g", backend="quantum")
    Gallery.open(tmp_path / "g").close()  # and the lock was given back


def test_a_bad_subject_leaves_the_probe_out(gallery: Gallery) -> None:
    for probe in (None, {}, {99: template(1)}, "template"):
        with pytest.raises(TemplateError):
            gallery.search(probe)  # type: ignore[arg-type]


def test_a_backend_may_be_an_object(tmp_path: Path) -> None:
    exact = ExactBackend(rows=2)
    with Gallery.open(tmp_path / "g", backend=exact) as gallery:
        gallery.enroll("1", person(1))
        assert gallery._how[0] is exact
        assert gallery.search(person(1))[0].subject_id == "1"
    with pytest.raises(SearchError, match="must have name, method, search and pairs"):
        Gallery(backend=object())  # type: ignore[arg-type]
    with pytest.raises(UnavailableError, match="no search backend"):
        Gallery(backend="gpu")


def test_it_says_who_made_what_it_holds(tmp_path: Path) -> None:
    fingers = {
        str(i): {Position(2): dataclasses.replace(template(i, 20), extractor=name)}
        for i, name in enumerate(["a/1", "a/1", "", "b/2", "b/2"])
    }
    for gallery in (Gallery(), Gallery.open(tmp_path / "g", background=False)):
        gallery.enroll_many(fingers)
        gallery.remove("4")
        assert gallery.extractors() == {"": 1, "a/1": 2, "b/2": 1}
        gallery.compact()
        gallery.remove("0")
        assert gallery.extractors() == {"": 1, "a/1": 1, "b/2": 1}
        assert gallery.get("3")[Position(2)].extractor == "b/2"
        gallery.close()


def test_a_look_at_some_says_who_made_the_first_and_the_last(tmp_path: Path) -> None:
    def made_by(name: str, seed: int) -> dict[Position, Template]:
        return {Position(2): dataclasses.replace(template(seed), extractor=name)}

    def people(begin: int, end: int, name: str) -> dict[str, dict[Position, Template]]:
        return {str(i): made_by(name, i % 5) for i in range(begin, end)}

    with Gallery.open(tmp_path / "g", background=False) as gallery:
        assert gallery.extractors(3) == {}
        gallery.enroll_many(people(0, 30, "a/1"))
        gallery.compact()
        gallery.enroll_many(people(30, 60, "b/2"))
        gallery.compact()
        for most in (1, 2, 7, 59, 60, 61, 1000):
            found = gallery.extractors(most)
            assert sum(found.values()) == min(most, 60)
            assert set(found) == ({"b/2"} if most == 1 else {"a/1", "b/2"})
        gallery.enroll("last", made_by("c/3", 3))
        assert set(gallery.extractors(1)) == {"c/3"}
        assert set(gallery.extractors(3)) == {"a/1", "b/2", "c/3"}
        gallery.remove_many([*people(5, 30, ""), "last"])
        assert gallery.extractors(20) == {"a/1": 3, "b/2": 17}
        assert gallery.extractors() == gallery.extractors(35) == {"a/1": 5, "b/2": 30}
        with pytest.raises(SearchError, match="at least 1"):
            gallery.extractors(0)


def test_a_gallery_is_not_pickled(gallery: Gallery) -> None:
    with pytest.raises(TypeError, match="open it where it is needed"):
        pickle.dumps(gallery)
