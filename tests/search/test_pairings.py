"""Templates of several extractors in one gallery: each pair is on the scale of its own two."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lab.synthetic.learning.made import plain
from tests.search import oracle
from tests.search.backends.test_indexed import make as small_lists
from tests.search.cluster.local import local_cluster
from tests.search.golden.make_golden import KEYS
from tests.search.prints import again, impression, person, template

from civid import ExtractionParameters, Gallery, compare, extract
from civid.fingerprint.parameters import NEURAL
from civid.fingerprint.scores.calibration import DEFAULT_EXTRACTOR as CLASSICAL
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search.backends.base import Backend
from civid.search.backends.cascade import CascadeBackend
from civid.search.fingers import Fingers
from civid.search.results import Duplicate

RIGHT, LEFT = Position.RIGHT_INDEX, Position.LEFT_INDEX
#: Who may have found the minutiae, and who of them has a calibration.
MEASURED = (CLASSICAL, NEURAL, "", f"{NEURAL};sigma_along=0.6")
OTHERS = ("vendor-x/2", "civid-neural/0", f"{NEURAL}1")
BACKENDS = ("exact", "cascade", "index", "auto")
PEOPLE = 12


def by(extractor: str, fingers: Mapping[Position, Template]) -> dict[Position, Template]:
    return {place: replace(one, extractor=extractor) for place, one in fingers.items()}


@cache
def held(number: int) -> dict[Position, Template]:
    """One finger of everybody, by each extractor in turn."""
    return by(MEASURED[number % len(MEASURED)], person(number, int(RIGHT)))


@cache
def probe(number: int, extractor: str) -> dict[Position, Template]:
    return by(extractor, again(held(number), number))


def filled(gallery: Gallery) -> Gallery:
    gallery.enroll_many([(f"{number}", held(number)) for number in range(PEOPLE)])
    return gallery


def scores(gallery: Gallery, fingers: Fingers) -> dict[str, float]:
    return {one.subject_id: one.score for one in gallery.search(fingers, None)}


def as_compared(fingers: Mapping[Position, Template]) -> dict[str, float]:
    """What `civid.compare` says of everybody."""
    return {
        f"{number}": compare(fingers[RIGHT], held(number)[RIGHT]).score for number in range(PEOPLE)
    }


def check(gallery: Gallery) -> None:
    """Every way to ask, with probes of every extractor."""
    probes = [probe(number, name) for number, name in enumerate(MEASURED)]
    expected = [as_compared(one) for one in probes]
    assert [scores(gallery, one) for one in probes] == expected
    together = gallery.search_many(probes, None)
    assert [{one.subject_id: one.score for one in row} for row in together] == expected
    for one, wanted in zip(probes, expected, strict=True):
        best = gallery.search(one, 1, pairs=True)[0]
        assert best.evidence[0].score == wanted[best.subject_id] > 60
        assert gallery.verify_subject("5", one).score == wanted["5"]


def check_duplicates(gallery: Gallery) -> None:
    """Everybody against everybody, and none by the scale of another pairing."""
    found = gallery.duplicates(max_fpir=None, min_score=0)
    assert {(one.subject, one.other): one.score for one in found} == {
        (f"{a}", f"{b}"): compare(held(a)[RIGHT], held(b)[RIGHT]).score
        for a in range(PEOPLE)
        for b in range(a + 1, PEOPLE)
    }


def test_the_scales_are_so_far_apart_that_a_test_sees_it() -> None:
    one, other = person(1, int(RIGHT))[RIGHT], again(person(1, int(RIGHT)), 1)[RIGHT]
    made = {
        compare(replace(one, extractor=a), replace(other, extractor=b)).score
        for a in (CLASSICAL, NEURAL)
        for b in (CLASSICAL, NEURAL)
    }
    assert len(made) == 3
    assert min(np.diff(sorted(made))) > 1


@pytest.mark.parametrize("backend", BACKENDS)
def test_one_finger_in_memory(backend: str) -> None:
    gallery = filled(Gallery(backend=backend))
    check(gallery)
    check_duplicates(gallery)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("keys", [None, KEYS], ids=["plain", "sealed"])
def test_one_finger_in_a_folder(tmp_path: Path, backend: str, keys: object) -> None:
    how = {"backend": backend, "keys": keys, "background": False}
    with Gallery.open(tmp_path, **how) as gallery:  # type: ignore[arg-type]
        check(filled(gallery))
    with Gallery.open(tmp_path, **how) as gallery:  # type: ignore[arg-type]
        check(gallery)  # what is read again from the records
        gallery.compact()
        check(gallery)
        gallery.check_integrity()
    with Gallery.open(tmp_path, **how, read_only=True) as gallery:  # type: ignore[arg-type]
        check(gallery)
        check_duplicates(gallery)


@pytest.mark.parametrize(
    "backend",
    [small_lists(), CascadeBackend(share=0.5, share_of_several=0.5, least=4, range_size=5)],
    ids=["lists", "scan"],
)
def test_who_gets_through_a_prefilter_has_the_score_of_a_comparison(backend: Backend) -> None:
    gallery = filled(Gallery(backend=backend))
    gallery.enroll_many([(f"more {i}", person(100 + i, int(RIGHT))) for i in range(40)])
    for number, name in enumerate(MEASURED):
        fingers = probe(number, name)
        found = {one.subject_id: one.score for one in gallery.search(fingers, None)}
        expected = as_compared(fingers)
        assert found[f"{number}"] == expected[f"{number}"] > 60
        assert all(expected[who] == score for who, score in found.items() if who in expected)


def test_lists_of_a_segment(tmp_path: Path) -> None:
    strangers = [(f"s{i}", by(MEASURED[i % 2], person(1000 + i, 2, count=9))) for i in range(600)]
    with Gallery.open(tmp_path, backend="index", background=False) as gallery:
        filled(gallery).enroll_many(strangers)
        gallery.compact()
        assert len(gallery._directory.view().parts[0].lists) == 1
        for number, name in enumerate(MEASURED):
            fingers = probe(number, name)
            found = {one.subject_id: one.score for one in gallery.search(fingers, None)}
            expected = as_compared(fingers)
            assert found[f"{number}"] == expected[f"{number}"] > 60
            assert all(expected[who] == one for who, one in found.items() if who in expected)


@pytest.mark.parametrize("durable", [False, True])
def test_enrolled_anew_by_another_extractor(tmp_path: Path, durable: bool) -> None:
    gallery = Gallery.open(tmp_path, background=False) if durable else Gallery()
    with filled(gallery):
        asked = probe(3, NEURAL)
        for extractor in (NEURAL, CLASSICAL, "", NEURAL):
            instead = replace(held(3)[RIGHT], extractor=extractor)
            expected = as_compared(asked) | {"3": compare(asked[RIGHT], instead).score}
            gallery.put_finger("3", RIGHT, instead)
            assert scores(gallery, asked) == expected
            gallery.enroll("3", {RIGHT: instead}, replace=True)
            assert scores(gallery, asked) == expected
            gallery.compact()
            assert scores(gallery, asked) == expected


@pytest.mark.parametrize("other", OTHERS)
def test_whose_extractor_has_no_calibration_counts_as_not_known(other: str) -> None:
    """Neither door refuses: both have the same score, and say that it is not calibrated."""
    gallery = Gallery()
    gallery.enroll("other", by(other, held(0)))
    for name in MEASURED:
        expected = compare(probe(0, name)[RIGHT], replace(held(0)[RIGHT], extractor=""))
        assert scores(gallery, probe(0, name)) == {"other": expected.score}
    gallery = filled(Gallery())
    assert scores(gallery, probe(0, other)) == as_compared(probe(0, ""))


EVERYBODY = (*MEASURED, *OTHERS)


def pairs_of(gallery: Gallery) -> dict[tuple[str, str], Duplicate]:
    found = gallery.duplicates(max_fpir=None, min_score=0)
    return {(one.subject, one.other): one for one in found}


def check_both_doors(gallery: Gallery) -> None:
    """Subjects are called by their extractor: scores and `calibrated` are those of `compare`."""
    for name in EVERYBODY:
        asked = probe(0, name)
        wanted = {one: compare(asked[RIGHT], gallery.get(one)[RIGHT]) for one in gallery}
        assert {one.calibrated for one in wanted.values()} == (
            {True, False} if name in MEASURED[:3] else {False}
        )
        for found in (*gallery.search(asked, None), *gallery.search_many([asked, asked], None)[1]):
            one = wanted[found.subject_id]
            assert (found.score, found.calibrated) == (one.score, one.calibrated)
            assert found.evidence[0].calibrated is one.calibrated
            assert math.isnan(found.fpir) is not one.calibrated
        for subject, one in wanted.items():
            said = gallery.verify_subject(subject, asked)
            assert (said.score, said.calibrated) == (one.score, one.calibrated)
            assert math.isnan(said.fmr) is not one.calibrated
    pairs = pairs_of(gallery)
    assert len(pairs) == len(EVERYBODY) * (len(EVERYBODY) - 1) // 2
    for (subject, other), pair in pairs.items():
        one = compare(gallery.get(subject)[RIGHT], gallery.get(other)[RIGHT])
        assert (pair.score, pair.calibrated) == (one.score, one.calibrated)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("keys", [None, KEYS], ids=["plain", "sealed"])
def test_both_doors_say_what_is_calibrated(tmp_path: Path, backend: str, keys: object) -> None:
    how = {"backend": backend, "keys": keys, "background": False}
    people = {f"<{name}>": by(name, person(0, int(RIGHT))) for name in EVERYBODY}
    memory = Gallery(backend=backend)
    memory.enroll_many(people)
    check_both_doors(memory)
    with Gallery.open(tmp_path, **how) as gallery:  # type: ignore[arg-type]
        gallery.enroll_many(people)
        check_both_doors(gallery)
    with Gallery.open(tmp_path, **how) as gallery:  # type: ignore[arg-type]
        check_both_doors(gallery)
        gallery.compact()
        gallery.enroll("late", people.pop("<vendor-x/2>"))
        gallery.remove("<vendor-x/2>")
        check_both_doors(gallery)
    with Gallery.open(tmp_path, **how, read_only=True) as gallery:  # type: ignore[arg-type]
        check_both_doors(gallery)


def test_a_tail_that_moved_together_still_knows_who_was_measured() -> None:
    gallery = Gallery()
    gallery.enroll_many({f"{n}": by(EVERYBODY[n % 2 * 4], person(n, 2)) for n in range(2600)})
    gallery.remove_many([f"{n}" for n in range(2000)])
    assert gallery._directory.index._dead_fingers == 0  # `compact` of the index
    for number in (2000, 2001, 2598, 2599):
        asked = by(CLASSICAL, person(number, 2))
        (best,) = gallery.search(asked, 1)
        assert (best.subject_id, best.calibrated) == (f"{number}", number % 2 == 0)


def test_only_the_fingers_that_were_compared_count() -> None:
    """A finger of an extractor that was not measured, and that the other side has not."""
    mine = by(NEURAL, person(1, int(RIGHT), int(LEFT)))
    half = {RIGHT: mine[RIGHT], LEFT: replace(mine[LEFT], extractor="vendor-x/2")}
    gallery = Gallery()
    gallery.enroll_many({"both": half, "right": {RIGHT: mine[RIGHT]}})
    for asked in (mine, half):
        found = {one.subject_id: one for one in gallery.search(asked)}
        assert [found["both"].calibrated, found["right"].calibrated] == [False, True]
        assert [one.calibrated for one in found["both"].evidence] == [True, False]
    (pair,) = gallery.duplicates(max_fpir=None, min_score=10)
    assert pair.calibrated


@given(
    names=st.lists(
        st.tuples(st.sampled_from(MEASURED[:3]), st.sampled_from(MEASURED[:3])),
        min_size=2, max_size=4,
    ),
    alike=st.booleans(),
    swapped=st.booleans(),
    known=st.booleans(),
)  # fmt: skip
@settings(max_examples=40)
def test_sets_whose_fingers_are_of_several_extractors(
    names: list[tuple[str, str]], alike: bool, swapped: bool, known: bool
) -> None:
    """Each pair of fingers by itself, then fused, as the slow search in Python does it."""
    places = [Position(k if known else k - 1) for k in (1, 2, 7, 8)[: len(names)]]
    mine = {
        place: replace(template((5, int(place)), 20), extractor=name)
        for place, (name, _) in zip(places, names, strict=True)
    }
    theirs = {
        place: replace(
            impression(mine[place], 7) if alike else template((6, int(place)), 20), extractor=name
        )
        for place, (_, name) in zip(places, names, strict=True)
    }
    gallery = Gallery(backend="exact")
    gallery.enroll("a", theirs)
    found = gallery.search(mine, swapped=swapped)
    wanted = oracle.search(mine, {"a": theirs}, swapped=swapped)
    assert [one.subject_id for one in found] == [name for name, _ in wanted] == ["a"]
    if swapped:  # prices are added in another order there
        assert found[0].score == pytest.approx(wanted[0][1], rel=1e-5, abs=1e-4)
    else:
        assert found[0].score == wanted[0][1]


def test_real_extraction() -> None:
    """Prints that were pressed, found by both methods: what is enrolled, searched and compared."""
    first, second = plain(5).image, plain(5, 0.0, 0.2).image
    methods = {"classical": CLASSICAL, "neural": NEURAL}
    changed = extract(first, ExtractionParameters(sigma_along=0.6), method="neural")
    references = {method: extract(first, method=method) for method in methods}
    references["changed"] = changed
    gallery = Gallery()
    gallery.enroll_many([(name, {RIGHT: one}) for name, one in references.items()])
    assert gallery.extractors() == {CLASSICAL: 1, NEURAL: 1, f"{NEURAL};sigma_along=0.6": 1}
    for method, extractor in methods.items():
        asked = extract(second, method=method)
        assert asked.extractor == extractor
        found = scores(gallery, {RIGHT: asked})
        assert found == {name: compare(asked, one).score for name, one in references.items()}
        assert min(found.values()) > 60


@pytest.mark.parametrize("name", ["gallery-v1", "gallery-v2", "gallery-v2-encrypted", "gallery-v3"])
@pytest.mark.parametrize("compacted", [False, True])
def test_galleries_of_before_have_the_scores_that_they_had(
    tmp_path: Path, name: str, compacted: bool
) -> None:
    """Some of their templates say an extractor; one that has no calibration is not known."""
    path = shutil.copytree(Path(__file__).parent / "golden" / name, tmp_path / "g")
    keys = KEYS if name.endswith("encrypted") else None
    with Gallery.open(path, create=False, keys=keys, background=False) as gallery:
        if compacted:
            gallery.compact(purge=True)
        fingers = {one: by("", gallery.get(one)) for one in gallery}
        probes = [*list(fingers.values())[:3], again(person(3, 2, 7, count=13), 1)]
        for asked in probes:
            wanted = dict(oracle.search(asked, fingers))
            assert scores(gallery, asked) == wanted
            assert len(wanted) > 3


def test_a_cluster_answers_as_one_gallery(tmp_path: Path) -> None:
    people = [(f"{number}", held(number)) for number in range(PEOPLE)]
    people += [(f"again {number}", probe(number, NEURAL)) for number in range(4)]
    one = Gallery()
    one.enroll_many(people)
    with local_cluster(tmp_path, nodes=2, shards=3) as made:
        assert made.cluster.enroll_many(people) == len(people)
        for number, name in enumerate((*MEASURED, *OTHERS)):
            asked = probe(number, name)
            assert made.cluster.search(asked, None) == one.search(asked, None)
        odd = [("odd", by("vendor-x/2", held(1)))]
        one.enroll_many(odd)
        assert made.cluster.enroll_many(odd) == 1
        for how in ({"max_fpir": None, "min_score": 0.0}, {"swapped": True}):
            wanted = list(one.duplicates(**how))  # type: ignore[arg-type]
            assert list(made.cluster.duplicates(block=5, **how)) == wanted  # type: ignore[arg-type]
            assert len(wanted) >= 4
            assert {found.calibrated for found in wanted} == {True, False}
            mark = tmp_path / f"{len(how)}"
            for _ in range(2):  # the second time all of it stands in the checkpoint
                again_ = made.cluster.duplicates(block=5, checkpoint=mark, **how)  # type: ignore[arg-type]
                assert [*again_] == wanted
