from __future__ import annotations

import _thread
import math
import threading
import time
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.search import oracle
from tests.search.prints import again, impression, person, template

from civid._native import ffi, lib
from civid.errors import SearchError
from civid.fingerprint.comparison_parameters import ComparisonParameters
from civid.fingerprint.native_parameters import native_or_null
from civid.position import Position
from civid.search.arrays import encoding
from civid.search.arrays.index import Index
from civid.search.arrays.parts import View
from civid.search.arrays.prepared import Prepared
from civid.search.backends.base import Candidates, SearchQuery
from civid.search.backends.comparing import compare_all, prepare_one
from civid.search.backends.exact import ExactBackend
from civid.search.backends.rules import LABELLED, Rules
from civid.search.evidence import evidence
from civid.search.fingers import Fingers, finger_set

STOCK = [template(seed, 12 + 6 * seed) for seed in range(4)]
STOCK += [impression(one, seed) for seed, one in enumerate(STOCK)] + [template(9, 0)]
sets = st.dictionaries(
    st.sampled_from(list(Position)[:6]), st.sampled_from(STOCK), min_size=1, max_size=5
)


def view_of(*subjects: Fingers) -> View:
    index = Index()
    records = [
        [(int(position), encoding.encode(one)) for position, one in finger_set(fingers)]
        for fingers in subjects
    ]
    index.append([str(i) for i in range(len(subjects))], records)
    index.publish()
    return View([index.part()])


def search(probe: View, references: View, rules: Rules) -> Candidates:
    return ExactBackend().search(probe, references, SearchQuery(limit=99, rules=rules))


@given(sets, sets, st.floats(0, 40), st.floats(0.5, 60))
@settings(max_examples=60)
def test_two_fingers_decide_as_in_the_oracle(
    probe: Fingers, reference: Fingers, hopeless: float, more: float
) -> None:
    rules = Rules(hopeless=hopeless, decided=hopeless + more)
    one, other = view_of(probe), view_of(reference)
    found = search(one, other, rules)
    expected = oracle.decided_score(probe, reference, rules.hopeless, rules.decided)
    if expected is None:
        assert len(found) == 0
        return
    score, count = expected
    assert found[0]["score"] == pytest.approx(score, rel=1e-6, abs=1e-5)
    assert found[0]["terms"] == count
    assert len(evidence(one, 0, other, 0, rules)) == count
    assert search(other, one, rules)[0]["score"] == found[0]["score"]


def test_the_two_with_the_most_minutiae_come_first() -> None:
    fingers = person(1, 1, 2, 3, 7, count=30) | {Position(9): template(5, 90)}
    fingers[Position(1)] = template(6, 10)  # the poorer of both prints counts
    probe = again(fingers, 1) | {Position(1): template(6, 80)}
    few = evidence(view_of(probe), 0, view_of(fingers), 0, Rules(decided=40))
    assert [term.probe_position for term in few] == [Position(2), Position(9)]
    every = evidence(view_of(probe), 0, view_of(fingers), 0)
    assert len(every) == 5


def test_decided_leaves_impostors_alone_and_hopeless_ends_them() -> None:
    fingers = person(1, *range(1, 11), count=24)
    probe, stranger = again(fingers, 1), person(2, *range(1, 11), count=24)
    own, both = view_of(probe), view_of(fingers, stranger)
    plain = search(own, both, LABELLED)
    decided = search(own, both, Rules(decided=60))
    hopeless = search(own, both, Rules(hopeless=30))
    assert plain["terms"].tolist() == [10, 10]
    assert decided["terms"].tolist() == [2, 10]
    assert hopeless["terms"].tolist() == [10, 2]
    assert decided["score"][1] == plain["score"][1]
    assert hopeless["score"][0] == plain["score"][0]


@pytest.mark.parametrize(
    "options",
    [
        {"hopeless": 5.0, "decided": 5.0},
        {"hopeless": math.nan},
        {"decided": math.nan},
        {"swapped": True, "decided": 50.0},
        {"swapped": True, "hopeless": 5.0},
    ],
)
def test_rules_that_make_no_sense(options: dict[str, float]) -> None:
    with pytest.raises(SearchError):
        Rules(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "rules", [(4, 0, 0), (-1, 9, 0), (3, 9, 0), (2, 5, 5), (2, math.nan, 0), (2, 9, math.nan)]
)
def test_c_refuses_the_same(rules: tuple[int, float, float]) -> None:
    pointer = prepare_one(view_of(person(1)), 0).pointer
    out, count = ffi.new("civid_candidate_t[]", 4), ffi.new("int64_t *")
    bad = ffi.new("civid_rules_t *", rules)
    for status in (
        lib.civid_search(pointer, 0, pointer, 0, 1, bad, 0, ffi.NULL, 0, out, 4, count),
        lib.civid_search_pairs(pointer, 0, 1, pointer, 0, 1, 0, bad, 0, ffi.NULL, 0, out, 4, count),
    ):
        assert status == lib.CIVID_E_VALUE
        assert count[0] == 0


def test_ctrl_c_is_heard_by_a_thread_that_compares() -> None:
    """What is let go after a call may run Python first, which would swallow the interrupt."""
    many = view_of(*({Position.LEFT_THUMB: template(seed, 40)} for seed in range(200)))
    part = many.parts[0]
    everybody = Prepared(part, np.arange(200, dtype=np.int64))
    for rules in (LABELLED, Rules(comparison=ComparisonParameters(pairing_rounds=2))):
        assert weakref.getweakrefcount(rules.pointer()) == 0
        for _ in range(5):
            timer = threading.Timer(0.05, _thread.interrupt_main)
            with pytest.raises(KeyboardInterrupt):  # noqa: PT012
                timer.start()
                begun = time.monotonic()
                while time.monotonic() < begun + 20:
                    compare_all(everybody, everybody, rules, 0.0)
            timer.join()


def test_parameters_live_as_long_as_the_rules() -> None:
    one, other = view_of({Position.LEFT_THUMB: STOCK[3]}), view_of({Position.LEFT_THUMB: STOCK[7]})
    rules = Rules(comparison=ComparisonParameters(pairing_rounds=2))
    before = search(one, other, rules)
    native_or_null.cache_clear()
    for fill in range(100):  # the memory would be taken by these
        native_or_null(ComparisonParameters(rotation_weight=0.01 + fill / 1000))
    assert np.array_equal(search(one, other, rules), before)
