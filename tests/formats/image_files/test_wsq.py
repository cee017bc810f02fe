"""WSQ against NIST's own decoder, its reference pictures, and damage of every kind."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from civid.errors import FormatError
from civid.formats.image_files import picture, wsq

Pixels = npt.NDArray[np.uint8]
SMALL = "wsq/img.wsq"


def streams(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every WSQ stream of the samples, also those inside records."""
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        start = data.find(b"\xff\xa0\xff")
        while start >= 0:
            end = data.find(b"\xff\xa1", start)
            if end < 0:
                break
            yield path.name, data[start : end + 2]
            start = data.find(b"\xff\xa0\xff", end)


def nist(data: bytes) -> Pixels:
    """What the decoder of NIST makes of it."""
    decoder = pytest.importorskip("_wsq")
    pixels, width, height, _ = decoder.decompress(data)
    return np.frombuffer(pixels, np.uint8).reshape(height, width)


def reference(path: Path) -> Pixels:
    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


def compare_with_nist(folder: Path, step: int) -> int:
    compared = 0
    for name, stream in list(streams(folder))[::step]:
        assert (wsq.decode(stream) == nist(stream)).all(), name
        compared += 1
    return compared


def test_samples_are_decoded_as_nist_does_to_the_bit(data: Path) -> None:
    assert compare_with_nist(data / "formats", 6) >= 8


@pytest.mark.slow
def test_every_sample_is_decoded_as_nist_does_to_the_bit(data: Path) -> None:
    assert compare_with_nist(data / "formats", 1) >= 50


def test_reference_pictures(data: Path) -> None:
    folder = data / "formats"
    for stream, png in [
        ("images/wsq-original.wsq", "images/wsq-converted.png"),
        ("an2/jnbis-samples/wsq_sample.wsq", "an2/jnbis-samples/wsq_sample.png"),
    ]:
        pixels = wsq.decode((folder / stream).read_bytes()).astype(int)
        assert np.abs(pixels - reference(folder / png)).max() <= 1, stream


def test_bytes_of_any_kind(data: Path) -> None:
    file = (data / "formats" / SMALL).read_bytes()
    pixels = wsq.decode(file)
    assert pixels.dtype == np.uint8
    assert pixels.flags.writeable
    for other in (bytearray(file), memoryview(file)):
        assert (wsq.decode(other) == pixels).all()
    assert (wsq.decode(file, wsq.parse(file)) == pixels).all()
    assert (wsq.decode(file + b"behind the end") == pixels).all()


@pytest.mark.parametrize("wrong", [None, 5, "text", [1], np.zeros(3)])
def test_what_is_no_file(wrong: Any) -> None:
    for head in (None, wsq.Head(64, 64, None)):
        with pytest.raises(FormatError):
            wsq.decode(wrong, head)


def cut(stream: bytes, step: int) -> None:
    """Nothing that is cut is a picture, not even where it is closed again."""
    head = wsq.parse(stream)
    for size in range(0, len(stream) - 2, step):
        with pytest.raises(FormatError):
            wsq.decode(stream[:size], head)
        with pytest.raises(FormatError) as caught:
            wsq.decode(stream[:size] + b"\xff\xa1", head)
        assert caught.value.offset is not None
        assert caught.value.offset <= size + 2


def test_cut(data: Path) -> None:
    for _, stream in list(streams(data / "formats"))[::3]:
        cut(stream, len(stream) // 30)


@pytest.mark.slow
def test_cut_at_every_byte(data: Path) -> None:
    cut((data / "formats" / SMALL).read_bytes(), 1)


def test_bytes_changed_at_random(data: Path) -> None:
    """An error with its place, or a picture of the size that the head says."""
    chance = np.random.default_rng(7)
    refused = 0
    for _, stream in list(streams(data / "formats"))[::4]:
        for _ in range(30):
            broken = bytearray(stream)
            most = len(stream) if chance.integers(2) else 700
            for place in chance.integers(2, most, chance.integers(1, 4)):
                broken[place] = chance.integers(256)
            with contextlib.suppress(FormatError):
                head = wsq.parse(broken)
                if head.width * head.height > 1 << 20:
                    continue
                refused += 1
                assert wsq.decode(broken, head).shape == (head.height, head.width)
                refused -= 1
    assert refused > 20


def test_places_of_damage(data: Path) -> None:
    file = (data / "formats" / SMALL).read_bytes()
    at = file.index(b"\xff\xa6")
    broken = file[: at + 4] + b"\x09" + file[at + 5 :]  # a Huffman table of that number
    with pytest.raises(FormatError) as caught:
        wsq.decode(broken)
    assert (caught.value.field, caught.value.offset) == ("DHT", at)
    last = file.rindex(b"\xff\xa3")
    with pytest.raises(FormatError, match=r"\d+ coefficients are coded, its size asks") as caught:
        wsq.decode(file[:last] + b"\xff\xa1")
    assert (caught.value.field, caught.value.offset) == ("end of image", last)


def test_too_large_to_be_decoded(data: Path) -> None:
    file = (data / "formats" / SMALL).read_bytes()
    at = file.index(b"\xff\xa2") + 6
    for size in (b"\xff\xff\x00\x40", b"\x0f\xa1\x0f\xa0"):
        with pytest.raises(FormatError, match="larger than 16 megapixels") as caught:
            wsq.decode(file[:at] + size + file[at + 4 :])
        assert caught.value.field == "SOF"


def test_limits_are_those_of_all_pictures() -> None:
    assert (wsq.MAX_PIXELS, wsq.MAX_SIDE) == (picture.MAX_PIXELS, picture.MAX_SIDE)
