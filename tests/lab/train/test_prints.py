"""Sets of made prints to train on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from civid.fingerprint.image import FingerImage
from civid.lab.train import prints


def same(one: prints.Example, other: prints.Example) -> bool:
    return np.array_equal(one.seen, other.seen) and np.array_equal(one.truth, other.truth)


def test_any_part_of_a_row_is_the_same() -> None:
    whole = list(prints.examples(3, 0, 6))
    assert all(map(same, whole[3:5], prints.examples(3, 3, 5)))
    assert not same(whole[4], next(prints.examples(4, 4, 5)))
    for one in whole:
        assert one.seen.shape == tuple(8 * side for side in one.truth.shape)
        inside = one.truth["mask"] == 1
        assert inside.any()
        assert one.truth["period"][inside].min() >= 40
        length = np.hypot(one.truth["cosine"][inside] / 127, one.truth["sine"][inside] / 127)
        assert np.median(length) > 0.98


def test_a_set_is_read_as_it_was_written_and_goes_on(tmp_path: Path) -> None:
    prints.write(tmp_path, 3, 7)
    (part,) = tmp_path.glob("*.npz")
    made = part.stat().st_mtime_ns
    prints.write(tmp_path, 3, 7)
    assert part.stat().st_mtime_ns == made
    assert all(map(same, prints.read(tmp_path), prints.examples(7, 0, 3)))


def test_what_is_seen_has_whole_blocks() -> None:
    picture = np.tile(np.uint8([0, 0, 0, 0, 255, 255, 255, 255]), (101, 15))[:, :115]
    seen = prints.seen(FingerImage(picture, 500.0))
    assert seen.shape == (104, 120)
    assert seen.dtype == np.int8
    assert not seen[101:].any()
    assert not seen[:, 115:].any()
