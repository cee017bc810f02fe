"""The bootstrap draws fingers, and all that belongs to them."""

from __future__ import annotations

import numpy as np
import pytest

from civid.lab.bootstrap import Resampled, draws, probe_interval, verification_intervals
from civid.lab.metrics import equal_error, rates


def sample(seed: int = 0, fingers: int = 6, each: int = 3) -> tuple[np.ndarray, ...]:
    random = np.random.default_rng(seed)
    owner = np.repeat(np.arange(fingers), each)
    a, b = np.triu_indices(len(owner), 1)
    mated = owner[a] == owner[b]
    scores = random.integers(0, 20, len(a)) + 8.0 * mated
    sides = np.stack([owner[a], owner[b]], axis=1)
    return scores[mated], scores[~mated], sides[mated], sides[~mated]


def test_weights_of_one_give_the_rates_themselves() -> None:
    genuine, impostor, *units = sample()
    curve = Resampled(genuine, impostor, *units).rates(np.ones(6, np.int64))
    assert curve is not None
    for mine, theirs in zip(curve, rates(genuine, impostor), strict=True):
        np.testing.assert_allclose(mine, theirs)


def test_a_draw_repeats_every_comparison_of_its_fingers() -> None:
    genuine, impostor, genuine_units, impostor_units = sample(1)
    times = np.array([2, 0, 1, 3, 0, 0])
    curve = Resampled(genuine, impostor, genuine_units, impostor_units).rates(times)
    many_genuine = np.repeat(genuine, times[genuine_units[:, 0]])
    weight = times[impostor_units[:, 0]] * times[impostor_units[:, 1]]
    many_impostor = np.repeat(impostor, weight)
    assert curve is not None
    thresholds, fnmr, fmr = curve
    for t, miss, false in zip(thresholds, fnmr, fmr, strict=True):
        assert miss == pytest.approx((many_genuine < t).mean())
        assert false == pytest.approx((many_impostor >= t).mean())


def test_impostors_within_one_subject_count_once_for_each_draw() -> None:
    genuine, impostor = np.array([9.0, 9.0]), np.array([5.0, 1.0])
    own = np.array([[0, 0], [1, 1]])
    crossed = np.array([[0, 0], [0, 1]])  # two fingers of person 0; then 0 and 1
    curve = Resampled(genuine, impostor, own, crossed).rates(np.array([3, 1]))
    assert curve is not None
    thresholds, _, fmr = curve
    assert fmr[thresholds.tolist().index(5.0)] == pytest.approx(3 / (3 + 3))


def test_every_round_draws_as_many_fingers_as_there_are() -> None:
    drawn = draws(10, 50)
    assert drawn.shape == (50, 10)
    assert (drawn.sum(axis=1) == 10).all()
    assert (drawn == draws(10, 50)).all()
    assert (drawn != draws(10, 50, seed=1)).any()


def test_one_bad_finger_widens_the_interval_more_than_scattered_errors() -> None:
    """The same number of misses: in one finger, or one in each."""
    owner = np.repeat(np.arange(10), 10)
    units = np.stack([owner, owner], axis=1)
    impostor = np.arange(10.0)
    pairs = np.stack([np.arange(10), (np.arange(10) + 1) % 10], axis=1)
    in_one, in_each = np.full(100, 50.0), np.full(100, 50.0)
    in_one[:10] = -1
    in_each[::10] = -1
    widths = []
    for genuine in (in_one, in_each):
        assert equal_error(genuine, impostor).value == pytest.approx(0.1)
        low, high = verification_intervals(Resampled(genuine, impostor, units, pairs))["fmr100"]
        widths.append(high - low)
    assert widths[0] > 0.25
    assert widths[1] < 0.02


def test_one_finger_gives_no_interval() -> None:
    units = np.zeros((2, 2), np.int64)
    assert verification_intervals(Resampled(np.ones(2), np.zeros(2), units, units)) == {}
    assert probe_interval(np.zeros(5, np.int64), lambda weight: float(weight.sum())) is None


def test_probes_are_drawn_by_finger() -> None:
    found = np.repeat([1.0, 1, 1, 0], 5)
    units = np.repeat(np.arange(4), 5)
    interval = probe_interval(units, lambda weight: float(np.average(found, weights=weight)))
    assert interval is not None
    assert interval[0] <= 0.5
    assert interval[1] == 1.0
