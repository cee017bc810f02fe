"""Layouts of pixels that decode to another picture, and resolutions that are none."""

from __future__ import annotations

import base64
import io
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from civid import FingerImage, read_image
from civid.errors import CividError, ImageError, ResolutionError
from civid.formats import detect
from civid.formats.image_files import picture, wsq

Pixels = npt.NDArray[np.uint8]
GREY: Pixels = np.arange(64 * 48, dtype=np.uint32).reshape(64, 48).astype(np.uint8)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)  # type: ignore[arg-type]
    return file.getvalue()


def with_alpha(alpha: int, mode: str) -> Image.Image:
    grey = Image.fromarray(GREY)
    channels = [grey] * (len(mode) - 1) + [Image.new("L", grey.size, alpha)]
    return Image.merge(mode, channels)


def bmp_v5(fourth: int) -> bytes:
    """32 bits a pixel with a mask for alpha, as scanners' libraries write it."""
    height, width = GREY.shape
    head = struct.pack("<IiiHHIIiiII", 124, width, -height, 1, 32, 3, 4 * GREY.size, 19685, 19685,
                       0, 0)  # fmt: skip
    head += struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    head = head.ljust(124, b"\0")
    body = np.dstack([GREY, GREY, GREY, np.full_like(GREY, fourth)]).tobytes()
    return b"BM" + struct.pack("<IHHI", 138 + len(body), 0, 0, 138) + head + body


def tiff(values: npt.NDArray[np.uint16], photometric: int, *, resolution: bool = True) -> bytes:
    """One strip of 16 bits."""
    height, width = values.shape
    tags = [(256, 4, width), (257, 4, height), (258, 3, 16), (259, 3, 1), (262, 3, photometric),
            (273, 4, 200), (277, 3, 1), (279, 4, 2 * values.size)]  # fmt: skip
    if resolution:
        tags += [(282, 5, 180), (283, 5, 180), (296, 3, 2)]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    file = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries + bytes(4)
    file = file.ljust(180, b"\0") + struct.pack("<II", 500, 1)
    return file.ljust(200, b"\0") + values.astype("<u2").tobytes()


@pytest.mark.parametrize("fourth", [0, 255])
def test_an_empty_fourth_byte_of_a_bmp_is_not_transparency(fourth: int) -> None:
    assert (read_image(bmp_v5(fourth)).pixels == GREY).all()


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
@pytest.mark.parametrize("alpha", [0, 255])
def test_alpha_that_is_the_same_everywhere_changes_nothing(mode: str, alpha: int) -> None:
    data = saved(with_alpha(alpha, mode), "PNG")
    assert (read_image(data, dpi=500).pixels == GREY).all()


def test_what_is_transparent_in_part_lies_on_white() -> None:
    image = with_alpha(255, "LA")
    image.putpixel((3, 5), (0, 0))
    pixels = read_image(saved(image, "PNG"), dpi=500).pixels
    assert pixels[5, 3] == 255
    assert (np.delete(pixels, 5, axis=0) == np.delete(GREY, 5, axis=0)).all()


@pytest.mark.parametrize("photometric", [0, 1])
def test_sixteen_bits_are_no_negative_whichever_end_is_white(photometric: int) -> None:
    values = GREY.astype(np.uint16) * 257
    data = tiff(values if photometric else 65535 - values, photometric)
    assert (read_image(data).pixels == GREY).all()


def test_twelve_bits_in_sixteen_are_refused_in_colour_too() -> None:
    dim = np.dstack([GREY.astype(np.uint16) * 16] * 3)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in dim)
    data = png(48, 64, 16, 2, rows)
    with pytest.raises(ImageError, match="16-bit"):
        read_image(data, dpi=500)
    bright = np.dstack([GREY.astype(np.uint16) * 257] * 3)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in bright)
    assert (read_image(png(48, 64, 16, 2, rows), dpi=500).pixels == GREY).all()


def png(width: int, height: int, bits: int, colour: int, rows: bytes) -> bytes:
    import zlib

    def chunk(name: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def test_a_tiff_without_a_resolution_says_none() -> None:
    data = tiff(GREY.astype(np.uint16) * 257, 1, resolution=False)
    assert picture.decode(data).resolution is None
    with pytest.raises(ResolutionError, match="does not say"):
        read_image(data)


def wsq_head(comment: bytes) -> bytes:
    def segment(marker: int, body: bytes) -> bytes:
        return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body

    frame = bytes(2) + struct.pack(">HH", 64, 48) + bytes(9)
    return (
        b"\xff\xa0"
        + segment(0xA8, b"NIST_COM 1\n" + comment)
        + segment(0xA4, b"")
        + segment(0xA5, b"")
        + segment(0xA2, frame)
        + segment(0xA6, b"")
        + segment(0xA3, b"\0")
        + b"\x12\x34\xff\xa1"
    )


@pytest.mark.parametrize(("said", "ppi"), [(b"PPI 255\n", None), (b"PPI 500\n", 500), (b"", None)])
def test_a_byte_of_ones_is_no_resolution(said: bytes, ppi: int | None) -> None:
    assert wsq.parse(wsq_head(said)).ppi == ppi


def test_what_a_person_states_goes_before_what_a_file_states() -> None:
    data = saved(Image.fromarray(GREY), "PNG", dpi=(1000, 1000))
    assert read_image(data).dpi == 1000
    assert read_image(data, dpi=500).dpi == 500


@pytest.mark.parametrize(
    ("encode", "name"),
    [
        (base64.b64encode, "base64 text of a PNG image"),
        (base64.encodebytes, "base64 text of a PNG image"),
        (base64.urlsafe_b64encode, "base64 text of a PNG image"),
        (lambda data: data.hex().encode(), "hexadecimal digits of a PNG image"),
        (lambda data: b"data:a;base64," + base64.b64encode(data), "a data URL of a PNG image"),
    ],
)
def test_a_picture_handed_over_as_text_is_named(encode: object, name: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 48), np.uint8)
    data = saved(Image.fromarray(noise), "PNG")
    text: bytes = encode(data)  # type: ignore[operator]
    assert detect(text) == name
    for source in (text, text.decode()):
        with pytest.raises(ImageError, match=f"this looks like {name}") as caught:
            read_image(source)
        assert len(str(caught.value)) < 200


def test_a_long_name_is_not_repeated_whole() -> None:
    with pytest.raises(ImageError) as caught:
        read_image("no such file " * 1000)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("name", ["a.png", "deadbeef", "QUJD"])
def test_a_short_name_is_a_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(CividError, match="cannot be read"):
        read_image(tmp_path / name)
    with pytest.raises(ImageError, match="cannot be read"):
        read_image(name)


def test_pixels_stay_the_type_they_were() -> None:
    assert isinstance(read_image(bmp_v5(255)), FingerImage)
