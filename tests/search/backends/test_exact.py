from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.search import oracle
from tests.search.prints import again, impression, person, template

from civid import cpu
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search import Gallery
from civid.search.backends.base import Backend
from civid.search.backends.exact import ExactBackend
from civid.search.fingers import Fingers

UNKNOWN, THUMB, INDEX, MIDDLE = Position(0), Position(1), Position(2), Position(3)

# A small stock: many sets of fingers below share prints, so that scores are high, low and equal.
STOCK = [template(seed, 24) for seed in range(4)]
STOCK += [impression(one, seed) for seed, one in enumerate(STOCK)] + [template(9, 0)]
sets = st.one_of(
    st.sampled_from(STOCK),
    st.dictionaries(
        st.sampled_from([UNKNOWN, THUMB, INDEX, MIDDLE]), st.sampled_from(STOCK), min_size=1
    ),
)


def gallery_of(subjects: dict[str, Fingers], backend: str | Backend = "auto") -> Gallery:
    gallery = Gallery(backend=backend)
    gallery.enroll_many(subjects)
    return gallery


def answer(gallery: Gallery, probe: Fingers, **options: object) -> list[tuple[str, float]]:
    found = gallery.search(probe, None, **options)  # type: ignore[arg-type]
    return [(candidate.subject_id, candidate.score) for candidate in found]


@given(sets, st.lists(sets, max_size=8))
def test_agrees_with_the_oracle(probe: Fingers, references: list[Fingers]) -> None:
    subjects = {f"subject {i}": fingers for i, fingers in enumerate(references)}
    found = gallery_of(subjects).search(probe, None)
    expected = oracle.search(probe, subjects)
    assert [c.score for c in found] == pytest.approx([s for _, s in expected], rel=1e-6, abs=1e-5)
    for candidate in found:
        assert candidate.score == pytest.approx(
            oracle.score(probe, subjects[candidate.subject_id]), rel=1e-6, abs=1e-5
        )
        evidence = [
            (e.probe_position, e.reference_position, e.score, e.compared)
            for e in candidate.evidence
        ]
        terms = oracle.terms(probe, subjects[candidate.subject_id])
        assert [e[2:] for e in evidence] == [t[2:] for t in terms]
        assert evidence == terms or any(n > 1 for *_, n in terms)  # equal bests may differ
        assert candidate.fingers == len(terms)


@given(sets, sets)
def test_symmetric_to_the_bit(one: Fingers, other: Fingers) -> None:
    forth = answer(gallery_of({"x": other}), one)
    back = answer(gallery_of({"x": one}), other)
    assert forth == back


def test_unknown_fingers_pay_for_their_choice() -> None:
    fingers = person(1, 1, 2, 7)
    gallery = gallery_of({"known": fingers, "bare": fingers[INDEX]})
    alone = oracle.score(fingers[INDEX], fingers[INDEX])
    assert alone is not None
    scores = dict(answer(gallery, fingers[INDEX]))
    assert scores["bare"] == alone
    assert scores["known"] == pytest.approx(alone - 4.7712, abs=1e-3)  # the best of three
    found = gallery.search({UNKNOWN: fingers[INDEX]}, 2)
    by_name = {candidate.subject_id: candidate.evidence[0] for candidate in found}
    assert (by_name["known"].reference_position, by_name["known"].compared) == (INDEX, 3)
    assert (by_name["bare"].reference_position, by_name["bare"].compared) == (UNKNOWN, 1)


def test_an_unknown_finger_is_not_one_that_is_compared_already() -> None:
    fingers = person(1, 1, 2)
    probe = {INDEX: fingers[INDEX], UNKNOWN: fingers[THUMB]}
    (both,) = gallery_of({"x": fingers}).search(probe)
    assert [(e.probe_position, e.reference_position) for e in both.evidence] == [
        (INDEX, INDEX),
        (UNKNOWN, THUMB),
    ]
    (one,) = gallery_of({"x": {INDEX: fingers[INDEX]}}).search(probe)
    assert [e.probe_position for e in one.evidence] == [INDEX]


def test_without_a_common_finger_nobody_is_a_candidate() -> None:
    gallery = gallery_of({"x": person(1, 1)})
    assert gallery.search(person(1, 2)) == []


def test_templates_without_minutiae_are_not_compared() -> None:
    fingers = person(1, 1, 2)
    empty = template(5, 0)
    gallery = gallery_of({"x": {**fingers, INDEX: empty}, "none": empty})
    (candidate,) = gallery.search(fingers)
    assert [e.probe_position for e in candidate.evidence] == [THUMB]
    assert gallery.search(empty) == []
    assert gallery.fingers == 1
    assert len(gallery) == 2


def test_any_number_of_threads_and_slices_gives_the_same_answer() -> None:
    prints = [template(seed, 16) for seed in range(6)]
    # Equal subjects all over, so that ties straddle the slices.
    subjects: dict[str, Fingers] = {f"{i:03}": {INDEX: prints[i % 6]} for i in range(100)}
    gallery = gallery_of(subjects)
    probe = {INDEX: impression(prints[2], 1)}
    expected = answer(gallery, probe, threads=1)
    pairs = [tuple(d) for d in gallery.duplicates(max_fpir=None, min_score=5, threads=1)]
    assert len({name for name, _ in expected}) == 100
    gallery = gallery_of(subjects, ExactBackend(slice_size=7, rows=3, columns=11))
    for threads in (1, 2, 3):
        assert answer(gallery, probe, threads=threads) == expected
        best = gallery.search(probe, 20, threads=threads)
        assert [(c.subject_id, c.score) for c in best] == expected[:20]
        assert [
            tuple(d) for d in gallery.duplicates(max_fpir=None, min_score=5, threads=threads)
        ] == pairs


def test_every_instruction_set_gives_the_same_answer() -> None:
    subjects: dict[str, Fingers] = {str(i): person(i, 1, 2, count=30) for i in range(20)}
    gallery = gallery_of(subjects)
    probes: list[Fingers] = [again(person(3, 1, 2, count=30), 1), template(77, 40)]
    answers = set()
    for name in cpu.available():
        with cpu.using(name):
            fresh = gallery_of(subjects)
            answers.add(tuple(tuple(answer(g, p)) for g in (gallery, fresh) for p in probes))
    assert len(answers) == 1


@given(st.lists(sets, max_size=7), st.floats(0, 30))
@settings(max_examples=15)
def test_duplicates_are_all_the_pairs_there_are(references: list[Fingers], least: float) -> None:
    subjects = {f"{i}": fingers for i, fingers in enumerate(references)}
    gallery = gallery_of(subjects)
    found = list(gallery.duplicates(max_fpir=None, min_score=least))
    expected = []
    for name, fingers in subjects.items():
        later = {key: value for key, value in subjects.items() if int(key) > int(name)}
        single = gallery_of(later)
        expected += [
            (name, c.subject_id, c.score, c.evidence)
            for c in single.search(fingers, None, min_score=least)
        ]
    assert [tuple(d) for d in found] == expected


def test_progress_reaches_the_end_and_never_goes_back() -> None:
    small = ExactBackend(slice_size=8, rows=4, columns=6)
    gallery = gallery_of({str(i): person(i) for i in range(21)}, small)
    steps: list[tuple[int, int]] = []

    def note(done: int, total: int) -> None:
        steps.append((done, total))

    gallery.search(person(1), on_progress=note, threads=2)
    assert steps[-1] == (21, 21)
    steps.clear()
    list(gallery.duplicates(on_progress=note, threads=2))
    assert steps[-1] == (210, 210)
    assert all(a[0] <= b[0] for a, b in itertools.pairwise(steps))


def test_an_error_of_the_callback_stops_the_search() -> None:
    class Enough(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Enough

    gallery = gallery_of({str(i): person(i) for i in range(5)})
    with pytest.raises(Enough):
        gallery.search(person(1), on_progress=stop)
    with pytest.raises(Enough):
        list(gallery.duplicates(on_progress=stop))
    assert gallery.search(person(1), 1)[0].subject_id == "1"


def test_stock_is_what_the_tests_need() -> None:
    assert isinstance(STOCK[0], Template)
    genuine = oracle.score(STOCK[0], STOCK[4])
    impostor = oracle.score(STOCK[0], STOCK[1])
    assert genuine is not None
    assert impostor is not None
    assert genuine > 30 > impostor
