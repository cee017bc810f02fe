"""Images of records as pixels: whatever they are stored as, with the record's resolution."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from civid.errors import FormatError, ImageError
from civid.formats._reader import Finding
from civid.formats.image_records import decode, iso19794_4_2005, iso19794_4_2011
from civid.formats.image_records.iso19794_4_2011 import Record, View

GREY = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20


def record(image: bytes, compression: int, **more: int) -> Record:
    return Record((View(image, 7, 4, 3, compression=compression, **more),))  # type: ignore[arg-type]


def saved(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(GREY).save(buffer, kind, **options)
    return buffer.getvalue()


def packed_by_hand(values: npt.NDArray[np.int_], depth: int, *, rows: bool) -> bytes:
    """Bits as a text of 0 and 1, cut into bytes: nothing of the decoder is in it."""
    lines = ["".join(f"{value:0{depth}b}" for value in row) for row in values.tolist()]
    if rows:
        lines = [line + "0" * (-len(line) % 8) for line in lines]
    text = "".join(lines)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8))


@given(st.integers(1, 16), st.data())
def test_pixels_of_every_depth(depth: int, data: st.DataObject) -> None:
    white = (1 << depth) - 1
    shape = data.draw(st.tuples(st.integers(1, 6), st.integers(1, 9)))
    values = data.draw(arrays.arrays(np.int_, shape, elements=st.integers(0, white)))
    shift = max(depth - 8, 0)
    wanted = values >> shift if depth >= 8 else np.floor(values * 255 / white + 0.5)
    height, width = shape
    plain = values.astype(">u2" if depth > 8 else "u1").tobytes()
    stored = [(0, plain), (1, packed_by_hand(values, depth, rows=False))]
    if len(stored[1][1]) != len(by_rows := packed_by_hand(values, depth, rows=True)):
        stored.append((1, by_rows))
    for compression, image in stored:
        view = View(image, 7, width, height, compression=compression, depth=depth)
        shown = decode(Record((view,)), strict=True)
        assert shown.pixels.dtype == np.uint8
        assert np.array_equal(shown.pixels, wanted)
        assert shown.kind == ("raw", "packed")[compression]


def test_packed_rows_of_more_pixels_than_are_taken_at_once() -> None:
    values = np.random.default_rng(1).integers(0, 8, (700, 501))
    view = View(packed_by_hand(values, 3, rows=False), 7, 501, 700, compression=1, depth=3)
    assert np.array_equal(decode(Record((view,))).pixels, np.floor(values * 255 / 7 + 0.5))


@pytest.mark.parametrize(
    ("kind", "code", "options"),
    [
        ("PNG", 6, {"dpi": (300, 300)}),
        ("JPEG2000", 5, {"irreversible": False}),
        ("JPEG", 3, {"quality": 100}),
    ],
)
def test_pictures_inside(kind: str, code: int, options: dict[str, object]) -> None:
    shown = decode(record(saved(kind, **options), code), strict=True)
    assert np.abs(shown.pixels.astype(int) - GREY).max() <= (2 if kind == "JPEG" else 0)
    assert shown.resolution == (500, 500)
    said = [one.message for one in shown.warnings]
    assert said == (["the picture inside states 300 ppi, the record 500"] if kind == "PNG" else [])


def test_code_5_is_png_in_2005_and_jpeg_2000_in_2011() -> None:
    older = iso19794_4_2005.View(saved("PNG"), 7, 4, 3)
    assert decode(iso19794_4_2005.Record((older,), 5), strict=True).kind == "PNG"
    with pytest.raises(FormatError, match="should be JPEG 2000, looks like PNG"):
        decode(record(saved("PNG"), 5), strict=True)
    assert [one.field for one in decode(record(saved("PNG"), 5)).warnings] == [
        "ISO/IEC 19794-4:2011 image data"
    ]


def warned(one: Record, field: str, text: str) -> None:
    with pytest.raises(FormatError, match=text):
        decode(one, strict=True)
    (found,) = decode(one).warnings
    assert isinstance(found, Finding)
    assert found.field == f"{iso19794_4_2011.NAME} {field}"


def test_a_picture_of_another_size_is_shown_as_it_is() -> None:
    wrong = Record((View(saved("PNG"), 7, 40, 3, compression=6),))
    warned(wrong, "image data", "40 x 3 px are announced, the picture has 4 x 3")
    assert decode(wrong).pixels.shape == (3, 4)


def test_a_picture_where_pixels_are_announced_is_shown() -> None:
    warned(record(saved("PNG"), 0), "image data", "the announced size takes 12")
    assert np.array_equal(decode(record(saved("PNG"), 0)).pixels, GREY)


def test_an_unknown_code_is_told_by_what_the_data_look_like() -> None:
    warned(record(saved("PNG"), 9), "compression algorithm", "is unknown")
    assert np.array_equal(decode(record(GREY.tobytes(), 9)).pixels, GREY)


def test_pixels_too_many_are_left_and_too_few_are_an_error() -> None:
    warned(record(GREY.tobytes() + b"!", 0), "image data", "13 bytes")
    assert np.array_equal(decode(record(GREY.tobytes() + b"!", 0)).pixels, GREY)
    for code in (0, 1):
        with pytest.raises(FormatError, match="11 bytes; the announced size takes 12"):
            decode(record(GREY.tobytes()[:-1], code))


def test_sizes_beyond_reason_are_refused_before_anything_is_made() -> None:
    view = View(b"", 7, 0xFFFF, 0xFFFF)
    with pytest.raises(ImageError, match="too large"):
        decode(Record((view,)))
    with pytest.raises(FormatError, match=r"outside 1\.\.16"):
        decode(record(bytes(12), 0, depth=0))


def test_a_broken_picture_is_an_image_error() -> None:
    with pytest.raises(ImageError, match="damaged"):
        decode(record(saved("PNG")[:50], 6))


def test_centimetres_become_inches_and_inches_in_their_place_are_noticed() -> None:
    metric = replace(
        record(GREY.tobytes(), 0).views[0],
        scale_units=2,
        image_resolution=(197, 394),
        scan_resolution=(394, 394),
    )
    assert decode(Record((metric,)), strict=True).resolution == (500, 1000)
    wrong = replace(metric, image_resolution=(500, 500), scan_resolution=(500, 500))
    (found,) = decode(Record((wrong,)), strict=True).warnings
    assert "500 px/cm are 1270 ppi; px/inch may be meant" in str(found)
    zero = replace(metric, image_resolution=(0, 0))
    assert decode(Record((zero,))).resolution is None


@pytest.mark.parametrize("index", [-1, 1, None])
def test_a_view_that_is_not_there(index: int) -> None:
    with pytest.raises(FormatError, match="the record has 1"):
        decode(record(GREY.tobytes(), 0), index)
