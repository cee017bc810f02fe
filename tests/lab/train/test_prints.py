"""Sets of made prints to train on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from civid.lab.train import prints
from civid.lab.train.features import FEATURES


def same(one: prints.Example, other: prints.Example) -> bool:
    return np.array_equal(one.seen, other.seen) and np.array_equal(one.truth, other.truth)


def test_any_part_of_a_row_is_the_same() -> None:
    whole = list(prints.examples(3, 0, 6))
    assert all(map(same, whole[3:5], prints.examples(3, 3, 5)))
    assert not same(whole[4], next(prints.examples(4, 4, 5)))
    for one in whole:
        assert one.seen.shape == (FEATURES, *one.truth.shape[1:])
        mask, cosine, sine, period = one.truth.astype(np.float32)
        inside = mask == 1
        assert inside.any()
        assert 9 * np.exp(period[inside].min()) >= 4
        assert np.median(np.hypot(cosine, sine)[inside]) > 0.98


def test_a_set_is_read_as_it_was_written_and_goes_on(tmp_path: Path) -> None:
    prints.write(tmp_path, 3, 7)
    (part,) = tmp_path.glob("*.npz")
    made = part.stat().st_mtime_ns
    prints.write(tmp_path, 3, 7)
    assert part.stat().st_mtime_ns == made
    assert all(map(same, prints.read(tmp_path), prints.examples(7, 0, 3)))
