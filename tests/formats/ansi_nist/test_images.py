"""Images out of transactions: what is stated about them, and their pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.formats.ansi_nist.made import DAY, everything, ramp, wrap

from civid.errors import FormatError, ImageError
from civid.formats import ansi_nist
from civid.formats.ansi_nist.binary import BinaryRecord, FixedImage, make_fixed_image
from civid.formats.ansi_nist.images import Entry
from civid.formats.ansi_nist.tagged import Field, TaggedRecord
from civid.formats.ansi_nist.type14.image import (
    RidgeImage,
    make_ridge_image,
    read_ridge_image,
)
from civid.formats.ansi_nist.type14.lists import Quality, Segment


def sample(data: Path, name: str) -> ansi_nist.Transaction:
    return ansi_nist.parse((data / "formats" / "an2" / name).read_bytes())


def decoded(entry: Entry) -> np.ndarray:
    return ansi_nist.decode(entry).pixels


@pytest.mark.parametrize("index", [0, *(pytest.param(one, marks=pytest.mark.slow)
                                        for one in range(1, 14))])  # fmt: skip
def test_pixels_are_those_of_another_decoder(data: Path, index: int) -> None:
    """The PNG files were made by JNBIS; both undo WSQ to the same grey level."""
    entry = ansi_nist.images(sample(data, "jnbis-samples/nist_sample.an2"))[index]
    path = data / "formats" / "an2" / "jnbis-samples" / f"nist_fp-{entry.position}.png"
    with Image.open(path) as image:
        wanted = np.asarray(image.convert("L"))
    assert np.array_equal(decoded(entry), wanted)


@pytest.mark.parametrize(
    ("name", "dpi"),
    [
        ("type-9-4-iafis.an2", [500]),
        ("type3.an2k", [250]),
        ("type9-13.an2k", [500]),
        ("type-4-14-slaps.an2", [500, 500, 500]),
        pytest.param("type9-15.an2k", [500, 1000], marks=pytest.mark.slow),
    ],
)
def test_sizes_and_resolutions(data: Path, name: str, dpi: list[int]) -> None:
    entries = ansi_nist.images(sample(data, name))
    assert [one.dpi for one in entries] == [(float(one), float(one)) for one in dpi]
    for entry in entries:
        assert decoded(entry).shape == (entry.height, entry.width)


def test_a_card_of_ten_prints(data: Path) -> None:
    entries = ansi_nist.images(sample(data, "type-14-tpcard-nqm.an2"))
    assert [one.position for one in entries] == [*range(1, 11), 14, 12, 11, 13]
    assert {one.impression for one in entries[:10]} == {3}
    assert {one.impression for one in entries[10:]} == {2}
    assert entries[1].qualities == (Quality(22, 2, 5),)
    assert [one.position for one in entries[10].qualities] == [7, 8, 9, 10]


def test_every_type_of_image() -> None:
    entries = ansi_nist.images(everything())
    assert [(one.type, one.position) for one in entries] == [
        (4, 2), (14, 2), (14, 13), (14, 7), (15, 21), (13, 0),
    ]  # fmt: skip
    for entry in entries:
        if entry.missing:
            assert entry.missing == ((7, "UP"),)
            with pytest.raises(ImageError, match="no image"):
                ansi_nist.decode(entry)
            continue
        assert np.array_equal(ansi_nist.decode(entry).pixels, ramp())


@pytest.mark.parametrize("compression", ["NONE", "PNG", "JP2L"])
def test_lossless_compressions_give_the_pixels_back(compression: str) -> None:
    pixels = ramp(64, 48)[::-1]
    record = ansi_nist.image_record(
        pixels, idc=1, position=8, dpi=500, source="A", day=DAY, compression=compression
    )
    (entry,) = ansi_nist.images(ansi_nist.parse(ansi_nist.build(wrap(record)), strict=True))
    picture = ansi_nist.decode(entry)
    assert np.array_equal(picture.pixels, pixels)
    assert picture.resolution == (500.0, 500.0)
    assert entry.compression == compression


def test_wsq_is_written() -> None:
    pixels = np.tile(np.linspace(0, 255, 128, dtype=np.uint8), (96, 1))
    record = ansi_nist.image_record(
        pixels, idc=1, position=8, dpi=500, source="A", day=DAY, compression="WSQ20"
    )
    (entry,) = ansi_nist.images(wrap(record))
    difference = decoded(entry).astype(int) - pixels
    assert np.abs(difference).mean() < 4


@pytest.mark.parametrize(
    ("native", "resolution", "dpi"), [(True, 19.69, 500), (True, 39.37, 1000), (False, 39.37, 500)]
)
def test_resolution_of_fixed_images(native: bool, resolution: float, dpi: float) -> None:
    image = FixedImage(0, (1,), 16, 12, ramp().tobytes(), native=native)
    made = wrap(make_fixed_image(image, 1), resolution=resolution)
    assert ansi_nist.images(made)[0].dpi == (dpi, dpi)


def test_lists_of_an_image_come_back() -> None:
    image = RidgeImage(
        14, 2, (14,), 16, 12, 2, 197, 197, "NONE", 8, "VN001", "20260102", ramp().tobytes(),
        missing=((7, "XX"), (9, "UP")),
        segments=(
            Segment(8, ((1, 2), (5, 11))),
            Segment(10, ((0, 0), (4, 0), (4, 9)), rectangle=False),
        ),
        qualities=(Quality(22, 8, 1), Quality(23, 8, 90, "000F", "1"), Quality(24, 8, 255)),
        comment="none",
    )  # fmt: skip
    record = make_ridge_image(image, 3)
    assert read_ridge_image(record) == image
    made = wrap(record)
    assert ansi_nist.validate(made) == []
    assert ansi_nist.images(ansi_nist.parse(ansi_nist.build(made), strict=True))[0].missing == (
        (7, "XX"),
        (9, "UP"),
    )


@pytest.mark.parametrize(
    ("number", "value"),
    [(18, b"7"), (21, b"1\x1f2"), (22, b"1"), (24, b"1\x1fx"), (25, b"1\x1f3\x1f0\x1f0")],
)
def test_a_list_that_cannot_be_read_is_said(number: int, value: bytes) -> None:
    record = ansi_nist.image_record(ramp(), idc=1, position=2, dpi=500, source="A", day=DAY)
    fields = sorted((*record.fields, Field(number, value)), key=lambda one: one.number)
    made = wrap(TaggedRecord(14, tuple(fields)))
    name = "14.021" if number == 25 else f"14.{number:03d}"
    assert any(str(one.field).startswith(name) for one in ansi_nist.validate(made))
    with pytest.raises(FormatError):
        read_ridge_image(made.records[2])  # type: ignore[arg-type]
    (entry,) = ansi_nist.images(made)  # the pixels are not lost with it
    assert np.array_equal(ansi_nist.decode(entry).pixels, ramp())


def test_a_fixed_record_that_is_too_short_is_an_entry_without_an_image() -> None:
    (entry,) = ansi_nist.images(wrap(BinaryRecord(4, 1, b"short")))
    assert (entry.position, entry.data, entry.width) == (0, b"", None)
    with pytest.raises(ImageError):
        ansi_nist.decode(entry)


@pytest.mark.parametrize(
    ("bits", "width", "message"), [(16, 16, "16 bits"), (8, 15, "are not"), (8, 0, "no pixels")]
)
def test_raw_pixels_that_do_not_fit(bits: int, width: int, message: str) -> None:
    entry = Entry(1, 14, 1, (2,), 0, width, 12, None, "NONE", bits, ramp().tobytes())
    with pytest.raises(ImageError, match=message):
        ansi_nist.decode(entry)
