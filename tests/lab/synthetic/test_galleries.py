"""Synthetic galleries: reproducible at any place, plausible, and told apart like real prints."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civid.errors import CividError
from civid.fingerprint.compare import compare, compare_many, pack
from civid.fingerprint.template import MINUTIA_DTYPE, Template
from civid.lab.synthetic import GalleryModel, SyntheticError, SyntheticGallery
from civid.lab.synthetic.templates.press_kernels import HEIGHT, WIDTH
from civid.position import Position

BOTH = (Position.RIGHT_INDEX, Position.LEFT_INDEX)


def plain(count: int, *, seed: int = 5, number: int = 0) -> list[Template]:
    gallery = SyntheticGallery(seed, BOTH[:1])
    made = gallery.templates(0, count, number=number)
    return [one[Position.RIGHT_INDEX] for one in made]


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 1 << 40),
    st.integers(0, 40),
    st.integers(0, 3),
    st.lists(st.sampled_from(list(Position)), min_size=1, max_size=4, unique=True),
)
def test_a_finger_is_the_same_in_any_batch(
    subject: int, count: int, number: int, fingers: list[Position]
) -> None:
    gallery = SyntheticGallery(11, fingers)
    raw = gallery.raw(subject, subject + count + 1, number=number)
    at = subject + count
    for k, finger in enumerate(fingers):
        one = gallery.impression(at, finger, number)
        slot = count * len(fingers) + k
        own = raw.minutiae[raw.first[slot] : raw.first[slot + 1]]
        assert own.tobytes() == one.minutiae.tobytes()
        assert raw.quality[slot] == one.quality


def test_chunks_and_threads_change_nothing() -> None:
    gallery = SyntheticGallery(3, BOTH)
    whole = gallery.raw(0, 1500)
    spans = [(0, 1), (1, 700), (700, 1500)]
    with ThreadPoolExecutor(3) as pool:
        parts = list(pool.map(lambda span: gallery.raw(*span), spans))
    assert b"".join(part.minutiae.tobytes() for part in parts) == whole.minutiae.tobytes()
    lengths = np.concatenate([np.diff(part.first) for part in parts])
    assert np.array_equal(lengths, np.diff(whole.first))
    assert np.array_equal(np.concatenate([part.quality for part in parts]), whole.quality)


def test_objects_are_the_raw_form() -> None:
    gallery = SyntheticGallery(4, BOTH)
    raw = gallery.raw(20, 30)
    objects = [
        template for one in gallery.templates(20, 30) for template in (one[BOTH[0]], one[BOTH[1]])
    ]
    assert b"".join(one.minutiae.tobytes() for one in objects) == raw.minutiae.tobytes()
    assert [one.quality for one in objects] == raw.quality.tolist()


def test_the_same_bytes_on_every_machine() -> None:
    raw = SyntheticGallery(2026, BOTH).raw(0, 200)
    digest = hashlib.sha256(raw.minutiae.tobytes() + raw.first.tobytes() + raw.quality.tobytes())
    assert digest.hexdigest()[:16] == "078e0e24874405ba"


def test_seeds_fingers_and_subjects_differ() -> None:
    prints = {
        SyntheticGallery(seed).impression(subject, finger).minutiae.tobytes()
        for seed in (0, 1)
        for subject in (0, 1)
        for finger in Position
    }
    assert len(prints) == 2 * 2 * len(Position)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1 << 61), st.integers(0, 5))
def test_rows_are_valid_templates(subject: int, number: int) -> None:
    raw = SyntheticGallery(9, tuple(Position)).raw(subject, subject + 5, number=number)
    rows = raw.minutiae
    assert rows.dtype == MINUTIA_DTYPE
    assert ((rows["x"] >= 0) & (rows["x"] < WIDTH)).all()
    assert ((rows["y"] >= 0) & (rows["y"] < HEIGHT)).all()
    assert ((rows["angle"] >= 0) & (rows["angle"] < 2 * np.pi)).all()
    assert set(np.unique(rows["kind"])) <= {1, 2}
    assert rows["quality"].min() >= 1
    assert rows["quality"].max() <= 99
    assert np.diff(raw.first).max() <= 255
    assert not rows.view(np.uint8).reshape(-1, 16)[:, 14:].any()


def test_empty_span() -> None:
    raw = SyntheticGallery(1).raw(7, 7)
    assert len(raw.minutiae) == 0
    assert raw.first.tolist() == [0]
    assert list(SyntheticGallery(1).templates(7, 7)) == []


@pytest.mark.parametrize(
    "call",
    [
        lambda: SyntheticGallery(-1),
        lambda: SyntheticGallery(1, ()),
        lambda: SyntheticGallery(1, (Position.RIGHT_INDEX, Position.RIGHT_INDEX)),
        lambda: SyntheticGallery(1, (77,)),  # type: ignore[arg-type]
        lambda: SyntheticGallery(1).raw(3, 2),
        lambda: SyntheticGallery(1).raw(-1, 2),
        lambda: SyntheticGallery(1).raw(0, 1 << 70),
        lambda: SyntheticGallery(1).raw(0, 1, number=-1),
        lambda: SyntheticGallery(1).raw(0.5, 1),  # type: ignore[arg-type]
        lambda: SyntheticGallery(1).templates(2, 1),
        lambda: SyntheticGallery(1).impression(True),
        lambda: SyntheticGallery(1).impression(1, 77),  # type: ignore[arg-type]
    ],
)
def test_refuses(call: object) -> None:
    with pytest.raises(SyntheticError) as caught:
        call()  # type: ignore[operator]
    assert isinstance(caught.value, CividError)


def test_counts_and_spacing_are_those_of_prints() -> None:
    raw = SyntheticGallery(1).raw(0, 500)
    counts = np.diff(raw.first)
    assert 38 < counts.mean() < 52
    assert 20 <= np.percentile(counts, 5) < 30
    nearest = []
    for k in range(300):
        own = raw.minutiae[raw.first[k] : raw.first[k + 1]]
        far = np.hypot(own["x"][:, None] - own["x"], own["y"][:, None] - own["y"])
        np.fill_diagonal(far, np.inf)
        nearest.append(far.min(1))
    assert 14 < np.median(np.concatenate(nearest)) < 21


def test_mated_impressions_are_found() -> None:
    first, second = plain(100), plain(100, number=1)
    scores = [compare(a, b).score for a, b in zip(first, second, strict=True)]
    assert np.median(scores) > 60
    assert np.mean(np.array(scores) > 30) > 0.85


def test_impostors_score_as_calibrated() -> None:
    prints = plain(250)
    packed = pack(prints)
    scores = np.concatenate([compare_many(one, packed)[:k] for k, one in enumerate(prints)])
    # A score of 10 ought to be reached by a tenth, 20 by a hundredth: within 3 dB of that.
    for score in (10, 20):
        measured = -10 * np.log10(np.mean(scores >= score))
        assert abs(measured - score) < 3


def test_a_flow_without_divergence_makes_impostors_too_unlike() -> None:
    flat = GalleryModel()._replace(polarity=0.0, inward=0.0, density=6e-4, densest=4.0)
    means = []
    for model in (None, flat):
        gallery = SyntheticGallery(5, BOTH[:1], model=model)
        prints = [one[Position.RIGHT_INDEX] for one in gallery.templates(0, 120)]
        packed = pack(prints)
        means.append(np.mean([compare_many(one, packed)[:k].sum() for k, one in enumerate(prints)]))
    assert means[1] < 0.7 * means[0]
