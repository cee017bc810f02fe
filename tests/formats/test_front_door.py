"""One door to all formats: told apart, read, written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from civid import FingerImage, formats, read_image
from civid.errors import CividError, FormatError, ImageError
from civid.formats.image_files import writer
from civid.formats.image_files.picture import Picture
from civid.formats.minutiae import iso19794_2_2005 as iso
from civid.formats.minutiae.card import normal as card_normal

GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "formats").glob("*.bin"))
VERBS = ("NAME", "sniff", "parse", "validate", "build")
PRINT = np.random.default_rng(1).integers(0, 256, (70, 80)).astype(np.uint8)
RECORD = iso.Record(300, 400, views=(iso.View(2, minutiae=(iso.Minutia(1, 9, 8, 64),)),))
CARD = card_normal.Record((iso.Minutia(1, 90, 80, 16),))
WRITTEN = [one.key for one in formats.known() if one.kind == "picture" and one.writes]


@pytest.mark.parametrize("one", formats.known(), ids=lambda one: one.key)
def test_every_module_of_the_list_has_the_verbs(one: formats.Format) -> None:
    if one.kind == "picture":
        assert not one.module
        return
    module = one.load()
    assert [verb for verb in VERBS if not hasattr(module, verb)] == []
    assert one.name.startswith(module.NAME)


def test_keys_and_suffixes_are_plain() -> None:
    keys = formats.names()
    assert len(set(keys)) == len(keys) > 10
    assert all(key == key.lower() and " " not in key for key in keys)
    assert all(suffix[0] == "." for one in formats.known() for suffix in one.suffixes)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_record_comes_back_to_the_byte(path: Path) -> None:
    content = path.read_bytes()
    key = formats.sniff(content)
    assert key is not None
    record = formats.parse(content, strict=True)
    assert formats.build(record) == content
    assert formats.build(record, key) == content
    assert formats.parse(content, key) == record


def test_what_does_not_say_what_it_is_has_to_be_named() -> None:
    data = formats.build(CARD, "iso19794-2:2005-card")
    assert formats.sniff(data) is None
    assert formats.parse(data, "iso19794-2:2005-card") == CARD
    assert formats.inspect(data, "iso19794-2:2005-card").error is None
    assert formats.build(CARD, "iso19794-2:2005-compact-card") != data


@pytest.mark.parametrize("key", WRITTEN)
def test_a_picture_keeps_its_resolution_and_its_pixels(key: str) -> None:
    made = formats.build(FingerImage(PRINT, 500), key)
    assert formats.sniff(made) == key
    assert formats.build(FingerImage(PRINT, 500), key) == made
    read = formats.parse(made)
    assert isinstance(read, Picture)
    if key not in ("jpeg", "wsq"):
        np.testing.assert_array_equal(read.pixels, PRINT)
    if key == "pgm":
        assert read.resolution is None
    else:
        assert read_image(made).dpi == 500
        assert formats.build(read, key)[:16] == made[:16]


@pytest.mark.parametrize("dpi", [100, 508, 569, 1000, 4000])
@pytest.mark.parametrize("key", ["png", "jp2", "bmp", "tiff"])
def test_other_resolutions_are_kept_too(key: str, dpi: float) -> None:
    assert read_image(writer.write(PRINT, key, (dpi, dpi))).dpi == dpi


def test_across_and_down_are_not_mixed_up() -> None:
    for key in ("png", "jp2", "bmp", "tiff", "jpeg"):
        across, down = formats.parse(writer.write(PRINT, key, (500, 250))).resolution
        assert (round(across), round(down)) == (500, 250), key


def test_the_quality_of_a_jpeg_is_that_which_is_asked_for() -> None:
    small, large = (writer.write(PRINT, "jpeg", quality=quality) for quality in (20, 100))
    assert len(small) < len(large)


@pytest.mark.parametrize(
    ("obj", "key", "options", "said"),
    [
        (CARD, None, {}, "say as what it is to be written: iso19794-2:2005-card or"),
        (RECORD, "ansi378-2004", {}, "not of ANSI"),
        (RECORD.views[0], None, {}, "neither a record"),
        (FingerImage(PRINT, 500), "wsq", {"bitrate": 99.0}, "outside 0.01"),
        (RECORD, "png", {}, "not of PNG"),
        (object(), None, {}, "neither a record nor a picture"),
        (object(), "png", {}, "neither a record nor a picture"),
        (FingerImage(PRINT, 500), None, {}, "say as what"),
        (FingerImage(PRINT, 500), "gif", {}, "not written"),
        (FingerImage(PRINT, 500), "iso19794-2:2005", {}, "not written from pixels"),
        (FingerImage(PRINT, 500), "png", {"quality": 5}, "only JPEG"),
        (FingerImage(PRINT, 500), "jpeg", {"quality": 0}, "1..100"),
        (FingerImage(PRINT, 500), "png", {"bitrate": 0.75}, "only WSQ"),
        (RECORD, "iso19794-2:2006", {}, "do you mean iso19794-2:2005"),
        (RECORD, "zzzz", {}, "known are iso19794-2:2005"),
    ],
)
def test_what_cannot_be_written_is_said(
    obj: object, key: str | None, options: dict[str, object], said: str
) -> None:
    with pytest.raises(FormatError, match=said):
        formats.build(obj, key, **options)


def test_pixels_that_are_none_are_an_image_error() -> None:
    for pixels in (PRINT.astype(float), PRINT[0], np.zeros((0, 3), np.uint8)):
        with pytest.raises(ImageError):
            writer.write(pixels, "png")
    for resolution in ((0.0, 500.0), (float("nan"), 500.0), (1e9, 1e9)):
        with pytest.raises(ImageError):
            writer.write(PRINT, "png", resolution)


@pytest.mark.parametrize("data", [b"", b"\0", b"nothing known, just a sentence", b"%PDF-1.7"])
def test_what_is_unknown_is_a_typed_error(data: bytes) -> None:
    assert formats.sniff(data) is None
    with pytest.raises(FormatError, match=r"empty|no kind that is known|looks like a PDF"):
        formats.parse(data)


@pytest.mark.parametrize("data", [None, "text", 5, object(), [1]])
def test_another_type_is_a_typed_error(data: object) -> None:
    assert formats.sniff(data) is None  # type: ignore[arg-type]
    for call in (formats.parse, formats.inspect, formats.unwrapped):
        with pytest.raises(CividError):
            call(data)  # type: ignore[operator]


def test_a_format_that_is_named_must_fit() -> None:
    png = writer.write(PRINT, "png")
    with pytest.raises(FormatError, match="looks like a PNG image, not BMP"):
        formats.parse(png, "bmp")
    with pytest.raises(FormatError):
        formats.parse(png, "iso19794-2:2005")
    with pytest.raises(FormatError, match="no such format"):
        formats.parse(png, "picture")


def test_the_door_is_cheap_until_it_is_used() -> None:
    code = (
        "import sys, civid.formats; "
        "late = ('numpy', 'PIL', 'zipfile', 'civid.formats.minutiae'); "
        "assert not [name for name in late if name in sys.modules]"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_old_names_are_kept() -> None:
    assert formats.iso19794_2_2005 is iso
    assert formats.picture.decode is not None


def test_pictures_are_compared_and_kept_like_any_object() -> None:
    data = writer.write(np.zeros((4, 5), np.uint8), "png", (500, 500))
    first, second = formats.parse(data), formats.parse(data)
    assert first == first
    assert first != second  # as arrays are compared pixel by pixel, and not by ==
    assert len({first, second}) == 2
