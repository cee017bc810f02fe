"""PGM, PBM and PPM: the same pixels as Pillow's, whose decoder is slow."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from civid import read_image
from civid.errors import ImageError


def plain(head: bytes, values: list[int], gap: bytes = b" ") -> bytes:
    return head + gap.join(b"%d" % value for value in values)


RNG = np.random.default_rng(1)
FILES = {
    "plain bits": b"P1 7 3\n" + b"1011010\n0 1 0 1 1 0 1 # a comment\n1111111",
    "plain": plain(b"P2 5 4 255\n", RNG.integers(0, 256, 20).tolist()),
    "plain, an unusual range": plain(
        b"P2\n# a comment\n5 4\n77\n", RNG.integers(0, 78, 20).tolist()
    ),
    "plain, comments": plain(b"P2 5 4 255\n", RNG.integers(0, 256, 20).tolist(), b" # x\n"),
    "plain colour": plain(b"P3 5 2 255\n", RNG.integers(0, 256, 30).tolist(), b"\n"),
    "bits": b"P4 11 2\n" + b"\x5a\xa0\x0f\xe0",
    "raw": b"P5 5 4 255\n" + RNG.bytes(20),
    "raw, an unusual range": b"P5 5 4 100\n" + bytes(range(20)),
    "raw, two bytes": b"P5 5 4 65535\n" + RNG.bytes(40),
    "raw, two bytes, another range": b"P5 5 4 4000\n"
    + np.arange(0, 4000, 200).astype(">u2").tobytes(),
    "raw colour": b"P6 5 2 255\n" + RNG.bytes(30),
    "raw colour, two bytes": b"P6 5 2 65535\n" + RNG.bytes(60),
}


@pytest.mark.parametrize("name", FILES)
def test_pixels_are_those_of_pillow(name: str) -> None:
    with Image.open(io.BytesIO(FILES[name])) as image:
        deep = image.mode.startswith("I")
        wanted = np.asarray(image) >> 8 if deep else np.asarray(image.convert("L"))
    found = read_image(FILES[name], dpi=500).pixels.astype(int)
    assert np.abs(found - wanted).max() <= ("unusual" in name or "another" in name)


@pytest.mark.parametrize(
    "data",
    [b"P2 2 2 255\n1 2 3", b"P2 2 2 255\n1 2 3 256", b"P2 2 2 255\n1 2 3 x",
     b"P2 2 2 255\n1 2 3 -4", b"P2 2 2 0\n1 2 3 4", b"P5 2 2 255\nabc",
     b"P1 2 2\n1 0 2 1", b"P4 9 2\nabc", b"P5 2", b"P5 #",
     b"P2 2 2 255\n1 2 3 99999999999999999999"],
)  # fmt: skip
def test_what_is_short_or_no_number_is_refused(data: bytes) -> None:
    with pytest.raises(ImageError):
        read_image(data, dpi=500)
