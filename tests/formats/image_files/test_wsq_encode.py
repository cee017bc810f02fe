"""Encoding WSQ: there and back, beside NIST's encoder, and what cannot be written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from civid import read_image
from civid.errors import FormatError, ImageError
from civid.formats.image_files import picture, wsq

Pixels = npt.NDArray[np.uint8]


def ridges(height: int, width: int, period: float = 9) -> Pixels:
    """A wave that bends, with an edge of paper around it."""
    y, x = np.mgrid[:height, :width]
    phase = 2 * np.pi * (y + 12 * np.sin(x / 40)) / period
    inside = (x / width - 0.5) ** 2 + (y / height - 0.5) ** 2 < 0.2
    return np.where(inside, 120 + 80 * np.sin(phase), 240).astype(np.uint8)


def psnr(one: Pixels, other: Pixels) -> float:
    return float(10 * np.log10(255**2 / np.mean((one.astype(float) - other) ** 2)))


def segment(file: bytes, marker: int) -> bytes:
    at = file.index(bytes((0xFF, marker)))
    return file[at : at + 2 + int.from_bytes(file[at + 2 : at + 4], "big")]


@pytest.fixture(scope="module")
def prints() -> list[Pixels]:
    folder = Path(__file__).parents[3].parent / "shared" / "data" / "prints"
    paths = sorted(folder.glob("FVC2002/DB*_B/10[1-3]_1.png"))
    if not paths:
        pytest.skip("no prints beside this checkout")
    return [np.asarray(Image.open(path).convert("L")) for path in paths]


@pytest.mark.parametrize(("bitrate", "least"), [(0.75, 24), (2.25, 32)])
def test_there_and_back(prints: list[Pixels], bitrate: float, least: float) -> None:
    for pixels in prints:
        file = wsq.encode(pixels, bitrate=bitrate)
        assert wsq.sniff(file)
        assert wsq.parse(file) == wsq.Head(pixels.shape[1], pixels.shape[0], 500)
        assert len(file) * 8 < 1.1 * bitrate * pixels.size + 8 * 1000
        assert psnr(wsq.decode(file), pixels) > least


def test_beside_nist(prints: list[Pixels]) -> None:
    """Either decoder makes the same of either stream; sizes and quality are the same; bins have
    the widths that NIST's encoder gives them, but for the last digit."""
    nist: Any = pytest.importorskip("_wsq")
    for pixels in prints:
        ours = wsq.encode(pixels)
        theirs = nist.compress(pixels.tobytes(), *pixels.shape, 0.75)
        for stream in (ours, theirs):
            by_nist = np.frombuffer(nist.decompress(stream)[0], np.uint8).reshape(pixels.shape)
            assert (wsq.decode(stream) == by_nist).all()
        assert abs(len(ours) / len(theirs) - 1) < 0.005
        assert abs(psnr(wsq.decode(ours), pixels) - psnr(wsq.decode(theirs), pixels)) < 0.01
        assert segment(ours, 0xA8) == segment(theirs, 0xA8)  # the comment, to the byte
        assert np.allclose(widths(ours), widths(theirs), rtol=2e-4, atol=0)


def slope(height: int, width: int) -> Pixels:
    """Ridges on ground that becomes lighter: much of it lies in the coarsest sub-bands."""
    y, x = np.mgrid[:height, :width]
    noise = np.random.default_rng(height).normal(0, 4, (height, width))
    grey = 60 + 80 * x / width + 60 * y / height + 20 * np.sin(0.7 * x + 0.3 * y) + noise
    return np.clip(np.round(grey), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("other", [81, 82, 97, 112, 128, 129])
def test_sizes_beside_nist(other: int) -> None:
    """Odd and even lengths at every level give the bits of NIST's decoder, at any bit rate."""
    nist: Any = pytest.importorskip("_wsq")
    for side in range(81, 98):
        pixels = slope(side, other)
        theirs = nist.compress(pixels.tobytes(), *pixels.shape, 2.25)
        for stream in (theirs, *(wsq.encode(pixels, bitrate=rate) for rate in (0.1, 0.75, 8))):
            by_nist = np.frombuffer(nist.decompress(stream)[0], np.uint8).reshape(pixels.shape)
            assert (wsq.decode(stream) == by_nist).all()


def test_short_sides_beside_nist() -> None:
    """Up to 80 px, NIST's decoder does not undo the transform, of its own streams neither: the
    picture that comes back here is nearer to the one that was encoded."""
    nist: Any = pytest.importorskip("_wsq")
    tall, wide = slope(300, 64), slope(64, 300)
    # Of images 64 px high, NIST's encoder leaves out the coarsest sub-bands.
    theirs = nist.compress(tall.tobytes(), *tall.shape, 2.25)
    for pixels, stream in (
        (tall, theirs),
        (tall, wsq.encode(tall, bitrate=2.25)),
        (wide, wsq.encode(wide, bitrate=2.25)),
    ):
        by_nist = np.frombuffer(nist.decompress(stream)[0], np.uint8).reshape(pixels.shape)
        assert psnr(wsq.decode(stream), pixels) > psnr(by_nist, pixels) + 3


def widths(file: bytes) -> list[float]:
    body = segment(file, 0xA5)[4:]
    return [
        int.from_bytes(body[at + 1 : at + 3], "big") / 10 ** body[at]
        for at in range(0, len(body), 3)
    ]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(64, 200),
    st.integers(64, 200),
    st.floats(0.05, 12),
    st.sampled_from(("ridges", "noise", "steps", "grey")),
)
def test_any_image_comes_back(height: int, width: int, bitrate: float, kind: str) -> None:
    pixels = {
        "ridges": lambda: ridges(height, width),
        "noise": lambda: np.random.default_rng(height).integers(
            0, 256, (height, width), dtype=np.uint8
        ),
        "steps": lambda: np.kron([[0, 255], [255, 0]], np.ones((100, 100)))[:height, :width].astype(
            np.uint8
        ),
        "grey": lambda: np.full((height, width), width, np.uint8),
    }[kind]()
    decoded = wsq.decode(wsq.encode(pixels, bitrate=bitrate))
    assert decoded.shape == pixels.shape
    if kind == "grey":
        assert (decoded == pixels).all()


def test_strides_do_not_matter() -> None:
    pixels = ridges(150, 220)
    file = wsq.encode(np.ascontiguousarray(pixels[::2, ::2]))
    assert wsq.encode(pixels[::2, ::2]) == file
    assert wsq.encode(np.asfortranarray(pixels[::2, ::2])) == file


def test_resolution_and_comments() -> None:
    pixels = ridges(100, 90)
    for ppi in (1, 500, 1000):
        assert wsq.parse(wsq.encode(pixels, ppi=ppi)).ppi == ppi
    assert read_image(wsq.encode(pixels, ppi=1000)).dpi == 1000
    unknown = wsq.encode(pixels, ppi=None)
    assert b"\nPPI -1\n" in unknown
    assert wsq.parse(unknown).ppi is None
    said = wsq.encode(pixels, comment="right index")
    assert b"\xff\xa8\x00\x0dright index\xff\xa4" in said
    assert (picture.decode(said).pixels == picture.decode(unknown).pixels).all()


@pytest.mark.parametrize(
    "pixels",
    [
        ridges(63, 64),
        ridges(64, 63),
        np.zeros((64, 65_501), np.uint8),
        np.zeros((4001, 4000), np.uint8),
        np.zeros((0, 0), np.uint8),
        np.zeros((64, 64), np.uint16),
        np.zeros((64, 64, 3), np.uint8),
        b"pixels",
        None,
    ],
)
def test_what_is_no_image(pixels: Any) -> None:
    with pytest.raises(ImageError):
        wsq.encode(pixels)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"bitrate": 0}, "WSQ_BITRATE"),
        ({"bitrate": 17}, "WSQ_BITRATE"),
        ({"bitrate": float("nan")}, "WSQ_BITRATE"),
        ({"bitrate": "0.75"}, "WSQ_BITRATE"),
        ({"bitrate": True}, "WSQ_BITRATE"),
        ({"ppi": 0}, "PPI"),
        ({"ppi": 100_000}, "PPI"),
        ({"ppi": 500.0}, "PPI"),
        ({"comment": "\u00e9"}, "COM"),
        ({"comment": "x" * 65_534}, "COM"),
        ({"comment": b"x"}, "COM"),
    ],
)
def test_what_cannot_be_written(options: dict[str, Any], field: str) -> None:
    with pytest.raises(FormatError) as caught:
        wsq.encode(ridges(64, 64), **options)
    assert caught.value.field == field
