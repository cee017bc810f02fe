"""Images and reports are values: a copy is as immutable as its original, and shares nothing."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from civid.errors import ImageError
from civid.fingerprint.image import FingerImage
from civid.fingerprint.quality import QualityReport, assess
from civid.fingerprint.reasons import Reason

COPIES: list[Callable[[Any], Any]] = [
    copy.copy,
    copy.deepcopy,
    lambda value: pickle.loads(pickle.dumps(value)),
    dataclasses.replace,
]
IDS = ["copy", "deepcopy", "pickle", "replace"]


@pytest.fixture
def image() -> FingerImage:
    return FingerImage(np.arange(48, dtype=np.uint8).reshape(6, 8), 500.0)


@pytest.mark.parametrize("copied", COPIES, ids=IDS)
def test_a_copy_of_an_image_is_read_only(image: FingerImage, copied: Callable[[Any], Any]) -> None:
    other = copied(image)
    assert np.array_equal(other.pixels, image.pixels)
    assert other.dpi == image.dpi
    assert not other.pixels.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        other.pixels[0, 0] = 1


def test_a_changed_image_is_checked_anew(image: FingerImage) -> None:
    assert dataclasses.replace(image, dpi=1000.0).dpi == 1000.0
    with pytest.raises(ImageError):
        dataclasses.replace(image, pixels=np.zeros((4, 4), np.float64))


def test_what_the_caller_keeps_does_not_change_the_image() -> None:
    pixels = np.zeros((6, 8), np.uint8)
    image = FingerImage(pixels, 500.0)
    pixels[:] = 255
    assert not image.pixels.any()


@pytest.mark.parametrize("copied", COPIES, ids=IDS)
def test_a_copy_of_a_report_is_equal_and_immutable(copied: Callable[[Any], Any]) -> None:
    blank = FingerImage(np.full((200, 160), 255, np.uint8), 500.0)
    report = assess(blank)
    other = copied(report)
    assert other == report
    assert other.reasons == (Reason.NO_PRINT,)
    with pytest.raises(dataclasses.FrozenInstanceError):
        other.quality = 100


def test_a_changed_report_keeps_nothing_of_the_old_one() -> None:
    report = QualityReport(50, 20, 100.0, (), 0.4, 0.1, 0.9, 60.0, (0.0, 0.0), 0.0, 0.8)
    changed = dataclasses.replace(report, quality=60)
    assert changed.quality == 60
    assert report.quality == 50
    assert hash(changed) != hash(report)


def test_a_report_takes_lists_but_keeps_none_of_them() -> None:
    reasons, offset = [Reason.TOO_DRY], [0.1, 0.2]
    report = QualityReport(50, 20, 100.0, reasons, 0.4, 0.1, 0.9, 60.0, offset, 0.0, 0.8)  # type: ignore[arg-type]
    reasons.append(Reason.TOO_WET)
    offset[0] = 1.0
    assert report.reasons == (Reason.TOO_DRY,)
    assert report.offset == (0.1, 0.2)
