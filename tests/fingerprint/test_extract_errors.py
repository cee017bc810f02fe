"""Images that cannot be prints, and calls of the C function that cannot be right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from civid._native import address, ffi, lib
from civid.errors import CividError, ImageError, ResolutionError
from civid.fingerprint.extract import extract
from civid.fingerprint.image import FingerImage


def image(width: int, height: int, dpi: float = 500.0) -> FingerImage:
    """An image object whose own checks are not asked."""
    made = object.__new__(FingerImage)
    object.__setattr__(made, "pixels", np.zeros((height, width), np.uint8))
    object.__setattr__(made, "dpi", dpi)
    return made


@pytest.mark.parametrize(
    ("width", "height", "dpi"),
    [(47, 100, 500.0), (100, 47, 500.0), (1, 1, 500.0), (0, 0, 500.0), (94, 94, 1000.0),
     (2049, 60, 500.0), (60, 2049, 500.0), (500, 60, 100.0)],
)  # fmt: skip
def test_sizes_out_of_range_are_named(width: int, height: int, dpi: float) -> None:
    with pytest.raises(ImageError, match=rf"{width}x{height} px at {dpi:g} dpi.*48\.\.2048"):
        extract(image(width, height, dpi))


@pytest.mark.parametrize("dpi", [0.0, -500.0, 99.9, 4001.0, 1e300, float("nan"), float("inf")])
def test_resolutions_out_of_range_are_named(dpi: float) -> None:
    with pytest.raises(ResolutionError, match=r"100\.\.4000"):
        extract(image(300, 300, dpi))


@pytest.mark.parametrize("pixels", [np.zeros((90, 90, 3), np.uint8), np.zeros((90, 90), np.uint16)])
def test_pixels_of_another_kind_are_refused(pixels: Any) -> None:
    made = image(90, 90)
    object.__setattr__(made, "pixels", pixels)
    with pytest.raises(CividError, match="uint8"):
        extract(made)


@pytest.mark.parametrize(("width", "height"), [(48, 48), (48, 2048), (2048, 48)])
def test_limits_themselves_are_allowed(width: int, height: int) -> None:
    template = extract(image(width, height))
    assert (template.width, template.height, len(template)) == (width, height, 0)


def call(**changes: Any) -> int:
    """civid_extract on a blank 64 x 64 image, with some arguments changed."""
    memory = np.zeros(8_000_000, np.uint8)
    workspace = memory[-memory.ctypes.data % 64 :]
    keep = np.zeros((64, 64), np.uint8), np.zeros(255 * 16, np.uint8)
    arguments = {
        "pixels": address(keep[0], "uint8_t[]"), "width": 64, "height": 64, "stride": 64,
        "dpi": 500.0, "parameters": ffi.NULL,
        "workspace": address(workspace, "void *", writable=True),
        "size": len(workspace), "minutiae": address(keep[1], "civid_minutia_t *", writable=True),
        "capacity": 255, "print": ffi.new("civid_print_t *"), "figures": ffi.NULL,
        "captures": ffi.NULL, "count": 0,
    } | changes  # fmt: skip
    return int(lib.civid_extract(*arguments.values()))


def test_c_call_of_the_tests_is_right() -> None:
    assert call() == lib.CIVID_OK


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"pixels": ffi.NULL}, lib.CIVID_E_NULL),
        ({"workspace": ffi.NULL}, lib.CIVID_E_NULL),
        ({"print": ffi.NULL}, lib.CIVID_E_NULL),
        ({"minutiae": ffi.NULL}, lib.CIVID_E_NULL),
        ({"count": 1}, lib.CIVID_E_NULL),
        ({"capacity": -1}, lib.CIVID_E_VALUE),
        ({"count": -1}, lib.CIVID_E_VALUE),
        ({"width": 47, "stride": 47}, lib.CIVID_E_DIMENSIONS),
        ({"width": -5}, lib.CIVID_E_DIMENSIONS),
        ({"height": 2**31 - 1}, lib.CIVID_E_DIMENSIONS),
        ({"stride": 63}, lib.CIVID_E_DIMENSIONS),
        ({"dpi": float("nan")}, lib.CIVID_E_DPI),
        ({"size": 1000}, lib.CIVID_E_CAPACITY),
    ],
)
def test_c_refuses(changes: dict[str, Any], status: int) -> None:
    assert call(**changes) == status


def test_c_refuses_captures_that_do_not_fit() -> None:
    buffer = np.zeros(64 * 64 - 1, np.uint8)
    captures = ffi.new("civid_capture_t[1]")
    captures[0].stage, captures[0].capacity = lib.CIVID_STAGE_MASK, buffer.nbytes
    captures[0].data = address(buffer, "void *", writable=True)
    assert call(captures=captures, count=1) == lib.CIVID_E_CAPACITY
    captures[0].stage = lib.CIVID_STAGE_COUNT
    assert call(captures=captures, count=1) == lib.CIVID_E_VALUE


def test_c_writes_no_more_than_asked_for() -> None:
    assert call(capacity=0, minutiae=ffi.NULL) == lib.CIVID_OK
