"""The board: sums reconcile whatever was reported, in whatever order."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.campaign.trees import FIRST, small, trees

from civid.campaign.organisation import Quotas, UnitTree
from civid.campaign.progress.board import Board, Kind
from civid.campaign.progress.reports import Report
from civid.campaign.progress.stage import STAGES, Stage
from civid.errors import CampaignError

DAYS = 6


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def told(draw: st.DrawFn, tree: UnitTree) -> list[Report]:
    one = st.builds(
        lambda unit, on, after, stage, count: Report(
            unit.code, day(on), stage, count, day(on + after)
        ),
        st.sampled_from(tree.units),
        st.integers(0, DAYS - 1),
        st.integers(0, 4),
        st.sampled_from(STAGES),
        st.integers(0, 1000),
    )
    return draw(st.lists(one, max_size=40))


def latest(reports: list[Report]) -> dict[tuple[str, date, Stage], int]:
    """What counts, found the slow way."""
    kept = dict[tuple[str, date, Stage], tuple[date, int]]()
    for one in reports:
        key = one.unit, one.day, one.stage
        if key not in kept or (one.received or one.day) >= kept[key][0]:
            kept[key] = one.received or one.day, one.count
    return {key: count for key, (_, count) in kept.items()}


@given(st.data())
def test_every_level_is_the_sum_of_the_one_below(data: st.DataObject) -> None:
    tree = data.draw(trees())
    reports = data.draw(told(tree))
    board = Board(tree, FIRST, DAYS)
    cut = data.draw(st.integers(0, len(reports)))
    board.add(reports[:cut])
    board.add(reports[cut:])
    for place, unit in enumerate(tree.units):
        below = [tree.index(child.code) for child in tree.children(unit.code)]
        expected = board.own[..., place] + board.rolled[..., below].sum(axis=-1)
        assert (board.rolled[..., place] == expected).all()
    counted = latest(reports)
    assert int(board.rolled[..., 0].sum()) == sum(counted.values())
    for (unit_code, on, stage), count in counted.items():
        where = board.day_index(on), board.stage_index(stage), tree.index(unit_code)
        assert board.own[where] == count


@given(st.data())
def test_the_order_in_which_files_come_does_not_matter(data: st.DataObject) -> None:
    tree = small()
    # Of two that are told on one day the later row counts: keep one for each day of telling.
    reports = list(
        {(r.unit, r.day, r.stage, r.received): r for r in data.draw(told(tree))}.values()
    )
    first, second = Board(tree, FIRST, DAYS), Board(tree, FIRST, DAYS)
    first.add(reports)
    for one in data.draw(st.permutations(reports)):
        second.add([one])
    assert (first.rolled == second.rolled).all()


@given(st.data())
def test_what_was_known_then_is_what_had_been_told_by_then(data: st.DataObject) -> None:
    tree = small()
    reports = data.draw(told(tree))
    board = Board(tree, FIRST, DAYS)
    added = board.add(reports)
    assert added.reports == len(reports)
    on = data.draw(st.integers(0, DAYS + 4))
    before = Board(tree, FIRST, DAYS)
    before.add([one for one in reports if (one.received or one.day) <= day(on)])
    assert (board.known_on(day(on)).rolled == before.rolled).all()
    assert added.corrections + added.outdated == len(reports) - len(latest(reports))


@given(st.data())
def test_running_totals_say_the_same_as_days(data: st.DataObject) -> None:
    tree = small()
    counts = data.draw(st.lists(st.integers(0, 50), min_size=DAYS, max_size=DAYS))
    daily, running = Board(tree, FIRST, DAYS), Board(tree, FIRST, DAYS, kind=Kind.TOTAL)
    for number, count in enumerate(counts):
        daily.add([Report("C1", day(number), Stage.COLLECTED, count)])
        if data.draw(st.booleans()) or number == DAYS - 1:  # some days say nothing
            total = sum(counts[: number + 1])
            running.add([Report("C1", day(number), Stage.COLLECTED, total)])
    assert running.total("P", Stage.COLLECTED) == daily.total("P", Stage.COLLECTED) == sum(counts)
    assert (running.rolled.sum(axis=0) == daily.rolled.sum(axis=0)).all()


def test_a_correction_keeps_history() -> None:
    board = Board(small(), FIRST, DAYS)
    board.add([Report("C1", day(1), Stage.COLLECTED, 70)])
    board.add([Report("C1", day(1), Stage.COLLECTED, 65, day(3), "đếm trùng")])
    assert board.total("P", Stage.COLLECTED) == 65
    assert [one.count for one in board.history("C1", day(1), Stage.COLLECTED)] == [70, 65]
    assert board.history("C1", day(1), Stage.COLLECTED)[1].reason == "đếm trùng"
    assert board.known_on(day(2)).total("P", Stage.COLLECTED) == 70
    assert board.late()[board.tree.index("C1")] == 1


def test_what_comes_after_a_later_correction_does_not_undo_it() -> None:
    board = Board(small(), FIRST, DAYS)
    board.add([Report("C1", day(1), Stage.COLLECTED, 65, day(4))])
    added = board.add([Report("C1", day(1), Stage.COLLECTED, 70, day(2))])
    assert (added.outdated, board.total("C1", Stage.COLLECTED)) == (1, 65)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (Report("X", FIRST, Stage.COLLECTED, 1), "no-such-unit"),
        (Report("C1", day(-1), Stage.COLLECTED, 1), "outside"),
        (Report("C1", day(DAYS), Stage.COLLECTED, 1), "outside"),
        (Report("C1", FIRST, Stage.DC01, 1), "no-such-stage"),
        (Report("C1", FIRST, Stage.COLLECTED, -1), "negative"),
    ],
)
def test_what_cannot_be_changes_nothing(wrong: Report, code: str) -> None:
    board = Board(small(), FIRST, DAYS)
    with pytest.raises(CampaignError) as caught:
        board.add([Report("C1", FIRST, Stage.COLLECTED, 5), wrong])
    assert caught.value.code == code
    assert not board.rolled.any()


def test_a_rate_needs_a_quota() -> None:
    tree = small()
    board = Board(tree, FIRST, DAYS)
    board.add([Report("C3", FIRST, Stage.COLLECTED, 12)])
    quotas = Quotas(tree, {"C1": 10, "C2": 10, "D2": 10})
    assert board.rate("D2", Stage.COLLECTED, quotas).over == 2
    assert board.rate("P", Stage.COLLECTED, quotas).of == 30
    with pytest.raises(CampaignError):
        board.rate("C3", Stage.COLLECTED, quotas)


def test_totals_between_days_add_up() -> None:
    board = Board(small(), FIRST, DAYS)
    board.add([Report("C1", day(number), Stage.COLLECTED, number) for number in range(DAYS)])
    parts = board.totals(day(2)) + board.totals(since=day(3))
    assert np.array_equal(parts, board.totals())
    assert board.series("P", Stage.COLLECTED).tolist() == [0, 1, 3, 6, 10, 15]
