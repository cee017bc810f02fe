"""Protocols, counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from civid.lab.errors import EvaluationError
from civid.lab.evaluation import PrintSet, pooled
from civid.lab.evaluation.one_finger import KNOWN, OneFinger, one_name
from civid.lab.evaluation.plans import all_pairs, cross, fvc, known_in, search, without
from civid.lab.evaluation.ten_fingers import fused, ten_finger_plan

from .helpers import made_set


def test_fvc_has_the_counts_of_fvc() -> None:
    plan = fvc(made_set(100, 8))
    assert (plan.mated.sum(), (~plan.mated).sum()) == (2800, 4950)
    small = fvc(made_set(10, 8))
    assert (small.mated.sum(), (~small.mated).sum()) == (280, 45)


def test_fvc_impostors_are_first_impressions_whatever_their_number() -> None:
    prints = made_set(3, 3)
    kept = tuple(s for s in prints.samples if (s.finger, s.impression) != ("2", 1))
    plan = fvc(PrintSet("made", kept[::-1]))
    samples = kept[::-1]
    impostors = {
        frozenset((samples[a].name, samples[b].name))
        for a, b in zip(plan.probe[~plan.mated], plan.reference[~plan.mated], strict=True)
    }
    assert impostors == {
        frozenset(("1_1", "2_2")), frozenset(("1_1", "3_1")), frozenset(("2_2", "3_1"))
    }  # fmt: skip


def test_all_pairs_are_all() -> None:
    plan = all_pairs(made_set(10, 8))
    assert (plan.mated.sum(), (~plan.mated).sum()) == (280, 2880)
    assert len({(int(a), int(b)) for a, b in zip(plan.probe, plan.reference, strict=True)}) == 3160
    assert (plan.probe < plan.reference).all()


def test_cross_sensor_compares_between_sensors_only() -> None:
    one, two = made_set(4, 2, group="optical"), made_set(3, 2, group="sweep")
    both = PrintSet("both", one.samples + two.samples)
    plan = cross(both)
    assert (plan.mated.sum(), len(plan)) == (3 * 2 * 2, 8 * 6)
    groups = np.array([sample.group for sample in both.samples])
    assert set(groups[plan.probe]) == {"optical"}
    assert set(groups[plan.reference]) == {"sweep"}


def test_cross_sensor_needs_two_sets_that_share_fingers() -> None:
    with pytest.raises(EvaluationError, match="column 'set'"):
        cross(made_set(2, 2))
    one, two = made_set(1, 2, group="a"), made_set(1, 2, group="b")
    strangers = tuple(replace(sample, finger="9") for sample in two.samples)
    with pytest.raises(EvaluationError, match="share no finger"):
        cross(PrintSet("both", one.samples + strangers))


def test_a_search_enrols_the_first_impressions() -> None:
    prints = made_set(5, 4)
    plan = search(prints)
    assert [prints.samples[i].name for i in plan.gallery] == [f"{f}_1" for f in range(1, 6)]
    assert len(plan.probes) == 15
    assert plan.mates.sum() == 15
    assert not plan.ignored.any()


def test_a_search_takes_given_galleries_and_probes() -> None:
    prints = made_set(5, 3)
    plan = search(
        prints,
        enrolled=lambda one: one.finger in "12" and one.impression < 3,
        probes=lambda one: one.impression == 3,
    )
    assert plan.mates.shape == (5, 4)
    assert plan.mates.sum(axis=1).tolist() == [2, 2, 0, 0, 0]
    with pytest.raises(EvaluationError, match="enrolled prints and probes"):
        search(prints, enrolled=lambda one: True)


def test_a_search_follows_the_roles_of_a_manifest() -> None:
    roles = {("1", 2): "gallery", ("2", 1): "gallery", ("1", 1): "probe", ("3", 1): "probe"}
    samples = tuple(
        replace(one, role=roles.get((one.finger, one.impression), ""))
        for one in made_set(3, 2).samples
    )
    plan = search(PrintSet("made", samples))
    assert [samples[i].name for i in plan.gallery] == ["1_2", "2_1"]
    assert [samples[i].name for i in plan.probes] == ["1_1", "3_1"]
    assert plan.mates.tolist() == [[True, False], [False, False]]


def test_pooled_fingers_of_the_same_name_are_different() -> None:
    both = pooled([made_set(2, 2, "a"), made_set(2, 2, "b")])
    plan = all_pairs(both)
    assert (plan.mated.sum(), len(plan)) == (4, 28)


def test_one_finger_under_two_names_is_left_out() -> None:
    both = pooled([made_set(2, 2, "a"), made_set(2, 2, "b")])
    same = [frozenset({("a", "1"), ("b", "2")})]
    plan = without(all_pairs(both), both, same)
    assert (plan.mated.sum(), len(plan), plan.left_out) == (4, 24, 4)
    found = search(both, same=same)
    assert found.ignored.sum() == 2
    with pytest.raises(EvaluationError, match="no finger 7 in b"):
        without(all_pairs(both), both, [frozenset({("a", "1"), ("b", "7")})])


def test_known_fingers_under_two_names_are_left_out_unasked() -> None:
    one, other = KNOWN[0].first, KNOWN[0].second
    first, second = (
        replace(
            made_set(2, 2, name),
            samples=tuple(
                replace(sample, finger=finger if sample.finger == "1" else "999")
                for sample in made_set(2, 2, name).samples
            ),
        )
        for name, finger in (one, other)
    )
    both = pooled([first, second])
    assert without(all_pairs(both), both, ()).left_out == 4
    assert search(both).ignored.sum() == 2
    assert known_in(both) == [KNOWN[0]]
    assert without(all_pairs(first), first, ()).left_out == 0
    assert known_in(first) == []


@pytest.mark.parametrize("one", KNOWN)
def test_names_of_one_finger_are_in_the_prints(data: Path, one: OneFinger) -> None:
    for name, finger in (one.first, one.second):
        assert list((data / "prints" / name).glob(f"{finger}*.png"))
        assert one_name(name, finger) == one.first
    assert len(one.evidence) > 40


def ten_fingers() -> PrintSet:
    samples = [
        replace(sample, person=person, position=str(finger), finger=str(finger))
        for person in ("p", "q")
        for finger in (1, 2, 3)
        for sample in made_set(1, 2).samples
        if (person, finger, sample.impression) != ("q", 3, 2)
    ]
    return PrintSet("people", tuple(samples))


def test_captures_are_compared_position_by_position() -> None:
    captures = ten_finger_plan(ten_fingers())
    assert (captures.plan.mated.sum(), len(captures.plan)) == (2, 6)
    positions = [sample.position for sample in ten_fingers().samples]
    for a, b in zip(captures.probe, captures.reference, strict=True):
        assert positions[a] == positions[b]
    assert len(captures.probe) == 3 * 3 + 3 * 2  # pairs with q's second capture have two


def test_fingers_are_fused_and_failures_say_nothing() -> None:
    captures = ten_finger_plan(ten_fingers())
    scores = np.arange(float(len(captures.probe)))
    scores[captures.pair == 0] = [-np.inf, 4.0, 5.0]
    scores[captures.pair == 1] = -np.inf
    total = fused(captures, scores, sum)  # type: ignore[arg-type]
    assert total[0] == 9.0
    assert total[1] == -np.inf
    assert total[2] == scores[captures.pair == 2].sum()


def test_ten_finger_needs_positions_that_persons_share() -> None:
    samples = [replace(one, person=who) for who in "pq" for one in made_set(1, 2).samples]
    own = tuple(replace(one, position=one.person) for one in samples)
    with pytest.raises(EvaluationError, match="column 'position'"):
        ten_finger_plan(PrintSet("people", own))


def test_ten_finger_needs_persons() -> None:
    with pytest.raises(EvaluationError, match="column 'person'"):
        ten_finger_plan(made_set(2, 2))
