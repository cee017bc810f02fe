"""Pixels become records of every edition, and come back."""

from __future__ import annotations

import numpy as np
import pytest

from civid.errors import CividError, FormatError, ImageError, ResolutionError
from civid.formats.image_records import decode, editions, encode
from civid.formats.image_records.encoding import level
from civid.formats.image_records.wavelet import is_reversible

RNG = np.random.default_rng(1)
RIDGES = (127 + 100 * np.sin(np.arange(64) / 1.5)[None, :] * np.ones((80, 1))).astype(np.uint8)
NOISE = RNG.integers(0, 256, (48, 33)).astype(np.uint8)


@pytest.mark.parametrize("name", editions.EDITIONS)
@pytest.mark.parametrize("payload", ["raw", "PNG", "JPEG 2000 lossless"])
@pytest.mark.parametrize("pixels", [NOISE, NOISE[::-1, ::2]], ids=["whole", "strided"])
def test_what_is_not_lossy_comes_back_to_the_bit(
    name: str, payload: str, pixels: np.ndarray
) -> None:
    module = editions.edition(name)
    record = encode(
        pixels, 500, position=7, edition_name=name, payload=payload, quality=80, product=(1, 2)
    )
    read = module.parse(module.build(record), strict=True)
    shown = decode(read, strict=True)
    assert np.array_equal(shown.pixels, pixels)
    assert shown.resolution == (500, 500)
    assert not shown.warnings
    assert read.views[0].position == 7


@pytest.mark.parametrize("name", editions.EDITIONS)
def test_wsq(name: str) -> None:
    module = editions.edition(name)
    pixels = np.tile(RIDGES, (4, 4))
    record = encode(pixels, 500, edition_name=name, product=(1, 2))
    shown = decode(module.parse(module.build(record), strict=True), strict=True)
    assert shown.kind == "WSQ"
    assert np.abs(shown.pixels.astype(int) - pixels).mean() < 10


def test_a_lossless_stream_says_so() -> None:
    assert is_reversible(encode(NOISE, 500, payload="JPEG 2000 lossless").views[0].image)


@pytest.mark.parametrize(
    ("ppi", "iso", "ansi"), [(1000, 40, 40), (750, 35, 30), (500, 30, 30), (250, 20, 20)]
)
def test_levels(ppi: int, iso: int, ansi: int) -> None:
    assert level(ppi, ansi=False) == iso
    assert level(ppi, ansi=True) == ansi


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"pixels": NOISE.astype(int)}, ImageError),
        ({"pixels": NOISE[0]}, ImageError),
        ({"pixels": NOISE[:0]}, ImageError),
        ({"pixels": None}, ImageError),
        ({"ppi": 0}, ResolutionError),
        ({"ppi": float("nan")}, ResolutionError),
        ({"ppi": "500"}, ResolutionError),
        ({"ppi": 100}, ResolutionError),
        ({"payload": "TIFF"}, FormatError),
        ({"payload": None}, FormatError),
        ({"edition_name": "ANSI/INCITS 381-2009"}, FormatError),
        ({"edition_name": None}, FormatError),
        ({"position": 16}, FormatError),
        ({"impression": 29}, FormatError),
        ({"quality": 101}, FormatError),
        ({"edition_name": "ANSI/INCITS 381-2004"}, FormatError),
    ],
)
def test_what_cannot_be_written_is_a_typed_error(
    change: dict[str, object], error: type[CividError]
) -> None:
    good = {"pixels": NOISE, "ppi": 500, "payload": "raw", "edition_name": "ISO/IEC 19794-4:2005"}
    encode(**good)  # type: ignore[arg-type]
    with pytest.raises(error):
        encode(**(good | change))  # type: ignore[arg-type]
