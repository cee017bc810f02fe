"""Extracting again: what is due alone, all of a subject or nothing, the same after a kill."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search.prints import person, template

from civid.errors import GalleryReadOnlyError, ImageError, SearchError
from civid.fingerprint.compare import compare
from civid.fingerprint.extract import extract
from civid.fingerprint.gate import Gate
from civid.fingerprint.image import FingerImage, read_image
from civid.fingerprint.parameters import EXTRACTOR, NEURAL, ExtractionParameters
from civid.fingerprint.scores.calibration import DEFAULT_EXTRACTOR
from civid.fingerprint.template import Template
from civid.lab import synthetic
from civid.position import Position
from civid.search import Gallery, Metadata
from civid.search.arrays import encoding
from civid.search.segments.keys import StaticKeyProvider
from civid.search.upkeep import Kept, Left, Unusable, outdated, re_extract, re_extracting

EARLIER = "civid-classical/0"
RIGHT, LEFT = Position.RIGHT_INDEX, Position.LEFT_INDEX
KEYS = StaticKeyProvider({"2026": bytes(range(32))})
KINDS = pytest.mark.parametrize("keys", [None, KEYS], ids=["plain", "sealed"])
OTHERWISE = ExtractionParameters(sigma_along=0.6, crowd_most=8)


class Extracted(NamedTuple):
    """A print that was extracted already."""

    template: Template
    report: None = None


def before(one: Template, extractor: str = EARLIER) -> Template:
    """What an earlier extractor made of a finger: all but two minutiae."""
    rows = one.minutiae[2:]
    return Template(rows, one.quality, one.width, one.height, extractor)


def today(one: Template) -> Extracted:
    return Extracted(replace(one, extractor=EXTRACTOR))


@functools.cache
def fingers(number: int) -> dict[Position, Template]:
    return person(number, int(RIGHT), int(LEFT), count=30)


def earlier(number: int, extractor: str = EARLIER) -> dict[Position, Template]:
    return {position: before(one, extractor) for position, one in fingers(number).items()}


def kept(subject: str, wanted: frozenset[Position]) -> dict[Position, Kept]:
    """Everybody's images, as what today's extractor makes of them."""
    made = fingers(int(subject))
    return {position: today(made[position]) for position in wanted}


def held(gallery: Gallery) -> list[tuple[str, dict[Position, bytes], Metadata]]:
    """All that is in it, in order and to the bit."""
    return [
        (
            name,
            {position: encoding.encode(one) for position, one in gallery.get(name).items()},
            gallery.metadata(name),
        )
        for name in gallery
    ]


@KINDS
def test_what_is_due_changes_and_the_rest_stays(
    tmp_path: Path, keys: StaticKeyProvider | None
) -> None:
    with Gallery.open(tmp_path, keys=keys, background=False) as gallery:
        for i in range(5):
            gallery.enroll(f"{i}", earlier(i), metadata=Metadata({"n": i}, ["border"]))
            if i == 2:
                gallery.compact()
        done_already = today(fingers(1)[LEFT]).template
        gallery.put_finger("1", LEFT, done_already)
        gallery.enroll("5", {RIGHT: today(fingers(5)[RIGHT]).template})
        told = [(one.subject, set(one.fingers)) for one in outdated(gallery)]
        both = {RIGHT, LEFT}
        assert told == [("0", both), ("2", both), ("3", both), ("4", both), ("1", {RIGHT})]
        steps: list[tuple[int, int]] = []
        done = re_extract(gallery, kept, on_progress=lambda *step: steps.append(step))
        assert (done.subjects, done.fingers, done.current) == (5, 9, 2)
        assert (done.changed_subjects, done.changed, done.left) == (5, 9, {})
        assert steps[-1] == (9, 9)
        assert gallery.extractors() == {EXTRACTOR: 11}
        for i in range(5):
            found = gallery.get(f"{i}")
            assert encoding.encode(found[RIGHT]) == encoding.encode(
                today(fingers(i)[RIGHT]).template
            )
            assert gallery.metadata(f"{i}") == Metadata({"n": i}, ["border"])
            assert gallery.search(fingers(i), 1, tag="border")[0].subject_id == f"{i}"
        assert encoding.encode(gallery.get("1")[LEFT]) == encoding.encode(done_already)
        after, changes = held(gallery), gallery.changes
        assert re_extract(gallery, kept).fingers == 0
        assert gallery.changes == changes
    with Gallery.open(tmp_path, keys=keys, create=False) as gallery:
        gallery.check_integrity()
        assert held(gallery) == after
        assert gallery.describe().encrypted == (keys is not None)


def test_when_everybody_changes_the_order_is_what_it_was() -> None:
    gallery = Gallery()
    names = [f"{i}" for i in (7, 3, 9, 1)]
    gallery.enroll_many((name, earlier(int(name))) for name in names)
    re_extract(gallery, kept)
    assert list(gallery) == names


@pytest.mark.parametrize("score", [float("nan"), -1.0, float("inf")])
def test_a_least_score_that_would_let_every_print_pass_is_refused(score: float) -> None:
    gallery = Gallery()
    gallery.enroll("7", earlier(7))
    with pytest.raises(SearchError, match="min_score must be a finite number, 0 or more"):
        re_extract(gallery, kept, min_score=score)


def test_what_cannot_be_extracted_keeps_its_template() -> None:
    good = fingers(0)
    turned = {RIGHT: today(template(1003)), LEFT: today(good[LEFT])}
    blank = FingerImage(np.full((300, 260), 255, np.uint8), 500)
    cases: dict[str, Mapping[Position, Kept]] = {
        "no-image": {LEFT: today(good[LEFT])},
        "my-own": {RIGHT: Unusable("my-own", "lost in 2019"), LEFT: today(good[LEFT])},
        "no-minutiae": {RIGHT: blank, LEFT: today(good[LEFT])},
        "unreadable-image": {
            RIGHT: FingerImage(np.zeros((20, 20), np.uint8), 500), LEFT: today(good[LEFT])
        },
        "other-finger": turned,
    }  # fmt: skip
    for code, images in cases.items():
        gallery = Gallery()
        gallery.enroll("0", earlier(0))
        left: list[Left] = []
        done = re_extract(gallery, lambda *_: images, on_left=left.append)  # noqa: B023
        assert (done.changed, done.left) == (1, {code: 1})
        assert [(one.subject, one.position, one.extractor, one.code) for one in left] == [
            ("0", RIGHT, EARLIER, code)
        ]
        assert encoding.encode(gallery.get("0")[RIGHT]) == encoding.encode(earlier(0)[RIGHT])
        assert gallery.get("0")[LEFT].extractor == EXTRACTOR
    gallery = Gallery()
    gallery.enroll("0", earlier(0))
    assert re_extract(gallery, lambda *_: turned, min_score=0).changed == 2
    record = {RIGHT: Extracted(good[RIGHT]), LEFT: Extracted(before(good[LEFT], "other/1"))}
    assert re_extract(gallery, lambda *_: record, every=True).left == {"no-image": 2}


def test_an_error_of_the_files_stands_for_all_fingers_of_the_subject() -> None:
    def broken(subject: str, wanted: frozenset[Position]) -> Mapping[Position, Kept]:
        if subject == "1":
            raise ImageError("damaged")
        if subject == "2":
            raise FileNotFoundError(2, "No such file")
        return kept(subject, wanted)

    gallery = Gallery()
    gallery.enroll_many((f"{i}", earlier(i)) for i in range(4))
    done = re_extract(gallery, broken)
    assert (done.changed_subjects, done.left) == (2, {"unreadable-image": 2, "no-such-file": 2})
    assert list(gallery) == ["1", "2", "0", "3"]

    def bug(*_: object) -> Mapping[Position, Kept]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        re_extract(gallery, bug)


def test_a_gate_keeps_poor_prints_out() -> None:
    gallery = Gallery()
    gallery.enroll("0", earlier(0))
    done = re_extract(gallery, kept, gate=Gate(0, 31, retries=0))
    assert (done.changed, done.left) == (0, {"poor-print": 2})
    assert re_extract(gallery, kept, gate=Gate(0, 30, retries=0)).changed == 2


def test_all_writes_only_what_comes_out_otherwise() -> None:
    gallery = Gallery()
    gallery.enroll("0", {position: today(one).template for position, one in fingers(0).items()})
    gallery.enroll("1", earlier(1))
    gallery.enroll("2", {RIGHT: today(before(fingers(2)[RIGHT])).template})
    done = re_extract(gallery, kept, every=True)
    assert (done.fingers, done.changed, done.same, done.current) == (5, 3, 2, 0)
    assert list(gallery) == ["0", "1", "2"]
    assert len(gallery.get("2")[RIGHT]) == 30


def test_a_gallery_open_to_read_is_refused_before_any_work(tmp_path: Path) -> None:
    with Gallery.open(tmp_path, background=False) as gallery:
        gallery.enroll("0", earlier(0))

    def never(*_: object) -> Mapping[Position, Kept]:
        raise AssertionError

    with Gallery.open(tmp_path, read_only=True) as gallery:
        assert [one.fingers for one in outdated(gallery)] == [{RIGHT: EARLIER, LEFT: EARLIER}]
        with pytest.raises(GalleryReadOnlyError):
            re_extract(gallery, never)


def test_what_others_change_meanwhile_is_theirs() -> None:
    gallery = Gallery()
    gallery.enroll_many((f"{i}", earlier(i)) for i in range(4))
    better, thumb = template(1001), template(1002)

    def meanwhile(subject: str, wanted: frozenset[Position]) -> Mapping[Position, Kept]:
        if subject == "0":
            gallery.put_finger("0", RIGHT, better)
        if subject == "1":
            gallery.remove("1")
        if subject == "2":
            gallery.put_finger("2", Position.LEFT_THUMB, thumb)
        return kept(subject, wanted)

    done = re_extract(gallery, meanwhile, threads=1)
    assert (done.changed_subjects, done.left) == (2, {"changed-meanwhile": 4})
    assert gallery.get("0")[RIGHT].minutiae.tobytes() == better.minutiae.tobytes()
    assert gallery.get("0")[LEFT].extractor == EARLIER
    assert "1" not in gallery
    assert gallery.get("2")[Position.LEFT_THUMB].minutiae.tobytes() == thumb.minutiae.tobytes()
    assert gallery.get("2")[RIGHT].extractor == EXTRACTOR


def test_threads_ask_at_the_same_time_and_the_gallery_is_the_same() -> None:
    def one(threads: int, images: re_extracting.Images) -> list[object]:
        gallery = Gallery()
        gallery.enroll_many((f"{i}", earlier(i)) for i in range(12))
        re_extract(gallery, images, threads=threads)
        return list(held(gallery))

    both = threading.Barrier(2, timeout=20)

    def met(subject: str, wanted: frozenset[Position]) -> Mapping[Position, Kept]:
        both.wait()
        return kept(subject, wanted)

    assert one(2, met) == one(1, kept)


class Stopped(BaseException):
    """As Ctrl-C."""


@given(data=st.data())
def test_stopped_anywhere_and_again_it_ends_as_one_run(data: st.DataObject) -> None:
    """Whatever was made by whom, whichever images are gone, and wherever it stops."""
    makers = st.sampled_from([EARLIER, "", "other/1", EXTRACTOR, f"{EXTRACTOR};crowd_most=8"])
    people = data.draw(st.lists(st.tuples(makers, makers), min_size=1, max_size=9))
    gone = data.draw(st.sets(st.integers(0, 2 * len(people) - 1)))
    every, batch = data.draw(st.booleans()), data.draw(st.integers(1, 4))
    stops = data.draw(st.lists(st.integers(1, 10), max_size=4))

    def filled() -> Gallery:
        gallery = Gallery()
        for i, (right, left) in enumerate(people):
            both = {RIGHT: earlier(i, right)[RIGHT], LEFT: earlier(i, left)[LEFT]}
            gallery.enroll(f"{i}", both, metadata={"n": i})
        return gallery

    def some(subject: str, wanted: frozenset[Position]) -> Mapping[Position, Kept]:
        all_of = kept(subject, wanted)
        return {
            position: one
            for position, one in all_of.items()
            if 2 * int(subject) + (position == LEFT) not in gone
        }

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(re_extracting, "_BATCH", batch)
        once, again = filled(), filled()
        re_extract(once, some, every=every, threads=1)
        for stop in stops:
            left = stop

            def stopping(subject: str, wanted: frozenset[Position]) -> Mapping[Position, Kept]:
                nonlocal left
                left -= 1
                if not left:
                    raise Stopped
                return some(subject, wanted)

            with contextlib.suppress(Stopped):
                re_extract(again, stopping, every=every, threads=1)
            for name, found, _ in held(again):  # one by one, all of a subject or nothing
                number = int(name)
                new = {
                    position: encoding.encode(today(one).template)
                    for position, one in fingers(number).items()
                }
                made = dict(zip((RIGHT, LEFT), people[number], strict=True))
                fresh = {position for position, data in found.items() if data == new[position]}
                could = {
                    position
                    for position in (RIGHT, LEFT)
                    if 2 * number + (position == LEFT) not in gone
                    and (every or made[position] != EXTRACTOR)
                }
                assert fresh in (set(), could)
        re_extract(again, some, every=every, threads=1)
    assert held(again) == held(once)


@pytest.fixture(scope="module")
def images() -> dict[tuple[int, int], FingerImage]:
    """Made prints of three fingers, two impressions each."""
    masters = [synthetic.master(i) for i in range(3)]
    return {
        (i, n): synthetic.impression(one, n, difficulty=0.1).image
        for i, one in enumerate(masters)
        for n in (1, 2)
    }


def test_images_are_extracted_as_by_extract(images: dict[tuple[int, int], FingerImage]) -> None:
    gallery = Gallery()
    for i in range(3):
        gallery.enroll(f"{i}", {RIGHT: extract(images[i, 1], OTHERWISE)})
    one = {RIGHT: extract(images[1, 1])}
    done = re_extract(gallery, lambda subject, _: {RIGHT: images[int(subject), 1]})
    assert (done.extractor, done.changed) == (EXTRACTOR, 3)
    assert encoding.encode(gallery.get("1")[RIGHT]) == encoding.encode(one[RIGHT])
    back = re_extract(
        gallery, lambda subject, _: {RIGHT: images[int(subject), 1]}, parameters=OTHERWISE
    )
    assert (back.extractor, back.changed) == (OTHERWISE.name, 3)
    wrong = re_extract(gallery, lambda subject, _: {RIGHT: images[(int(subject) + 1) % 3, 1]})
    assert wrong.left == {"other-finger": 3}


def test_a_gallery_of_both_is_searched(data: Path) -> None:
    """Real prints, half of them by other parameters: everybody is found from either side."""
    folder = data / "prints" / "FVC2002" / "DB1_B"
    images = {(i, n): read_image(folder / f"{i}_{n}.png") for i in range(101, 111) for n in (1, 2)}
    gallery = Gallery()
    for i in range(101, 111):
        gallery.enroll(f"{i}", {RIGHT: extract(images[i, 1], OTHERWISE if i % 2 else None)})
    assert gallery.extractors() == {EXTRACTOR: 5, OTHERWISE.name: 5}
    for parameters in (None, OTHERWISE):
        for i in range(101, 111):
            found = gallery.search({RIGHT: extract(images[i, 2], parameters)}, 2)
            assert found[0].subject_id == f"{i}"
            assert found[0].score > 60
            assert all(one.score < 20 for one in found[1:])
    done = re_extract(gallery, lambda subject, _: {RIGHT: images[int(subject), 1]})
    assert (done.changed, done.current, done.left) == (5, 5, {})
    assert gallery.extractors() == {EXTRACTOR: 10}


@pytest.mark.parametrize("extractor", [DEFAULT_EXTRACTOR, NEURAL, "", EARLIER])
def test_a_score_is_of_the_two_extractors(extractor: str) -> None:
    """An earlier one without a calibration counts as not known, as in galleries."""
    old = before(fingers(1)[RIGHT], extractor)
    new = Extracted(replace(fingers(1)[RIGHT], extractor=NEURAL))
    known = "" if extractor == EARLIER else extractor
    score = compare(new.template, replace(old, extractor=known)).score
    gallery = Gallery()
    gallery.enroll("1", {RIGHT: old})
    by = {"parameters": ExtractionParameters(method="neural"), "every": True}
    left: list[Left] = []
    for least in (score + 0.01, score):
        done = re_extract(
            gallery, lambda subject, wanted: {RIGHT: new}, min_score=least, on_left=left.append,
            **by,  # type: ignore[arg-type]
        )  # fmt: skip
    assert [one.code for one in left] == ["other-finger"]
    assert f"scores {score:.1f} against" in left[0].detail
    assert done.changed == 1
