"""The one door for uploads: every kind of file, which finger is which, and files of strangers."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import civid
from civid import CividError, FingerImage, FormatError, ImageError, Position, ResolutionError
from civid.fingerprint.slaps import segment
from civid.fingerprint.upload import MAX_RECORD_BYTES, read_upload
from civid.formats import ansi_nist, build, image_records
from civid.formats.minutiae.convert import FORMATS
from civid.lab import synthetic
from civid.lab.synthetic import slaps as synthetic_slaps

INDEX = Position.RIGHT_INDEX


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    return synthetic.impression(synthetic.master(3), 1, difficulty=0.1).image.pixels


@pytest.fixture(scope="module")
def hand() -> np.ndarray:
    """The right four fingers in one picture."""
    masters = [synthetic.master(40 + k) for k in range(4)]
    made = synthetic_slaps.slap(3, code=13, masters=masters)
    return np.asarray(made.image.pixels)


def png(pixels: np.ndarray, dpi: int | None = 500) -> bytes:
    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG", **({} if dpi is None else {"dpi": (dpi, dpi)}))
    return out.getvalue()


def card(*records: Any) -> bytes:
    return build(
        ansi_nist.build_transaction(
            "CAR", date(2026, 1, 2), origin="A", destination="B", control_number="1",
            records=list(records),
        )
    )  # fmt: skip


def image(pixels: np.ndarray, position: int) -> Any:
    return ansi_nist.image_record(
        pixels, idc=position, position=position, dpi=500, source="A", day=date(2026, 1, 2),
        record_type=14, impression=0,
    )  # fmt: skip


def test_a_picture_is_a_print_of_an_unknown_finger(pixels: np.ndarray, tmp_path: Path) -> None:
    data = png(pixels)
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    with path.open("rb") as file:
        uploads = [read_upload(data), read_upload(path), read_upload(str(path)), read_upload(file)]
    template, report = civid.examine(FingerImage(pixels, 500))
    for upload in uploads:
        assert (upload.format, upload.kind, upload.unnamed) == ("png", "picture", 1)
        (one,) = upload.prints()
        assert one.position is Position.UNKNOWN
        assert one.image is not None
        assert np.array_equal(one.image.pixels, pixels)
        assert np.array_equal(one.template.minutiae, template.minutiae)
        assert one.report == report


@pytest.mark.parametrize("key", sorted(key for key, one in FORMATS.items() if one.says_so))
def test_records_keep_their_finger(pixels: np.ndarray, key: str) -> None:
    template = civid.extract(FingerImage(pixels, 500))
    upload = read_upload(template.to_bytes(key, position=INDEX))
    (one,) = upload.prints()
    assert (upload.format, upload.kind, one.image, one.report) == (key, "minutiae", None, None)
    assert one.position == (Position.UNKNOWN if key == "min" else INDEX)
    assert civid.compare(one.template, template).score > 100


def test_a_name_says_what_bytes_do_not(pixels: np.ndarray, tmp_path: Path) -> None:
    template = civid.extract(FingerImage(pixels, 500))
    path = tmp_path / "a.xyt"
    path.write_bytes(template.to_bytes("xyt"))
    assert read_upload(path).format == "xyt"
    with pytest.raises(ImageError):
        read_upload(path.read_bytes())


def test_fingers_of_records_and_transactions(pixels: np.ndarray, hand: np.ndarray) -> None:
    one = read_upload(build(image_records.encode(pixels, 500, position=7, payload="PNG")))
    assert [found.position for found in one.prints()] == [Position.LEFT_INDEX]
    both = read_upload(card(image(hand, 13), image(pixels, 3)))
    assert (len(both.single), len(both.cuts)) == (1, 1)
    found = {found.position: found for found in both.prints()}
    assert sorted(found) == [2, 3, 4, 5]
    alone = civid.extract(FingerImage(pixels, 500))
    assert np.array_equal(found[Position.RIGHT_MIDDLE].template.minutiae, alone.minutiae)
    assert np.array_equal(both.one(Position.RIGHT_MIDDLE).template.minutiae, alone.minutiae)
    cut = both.one(Position.RIGHT_RING)
    assert np.array_equal(cut.template.minutiae, found[Position.RIGHT_RING].template.minutiae)
    assert cut.report is not None
    assert both.pick(Position.LEFT_RING) is None
    with pytest.raises(FormatError, match="not one of this finger"):
        both.one()


def test_a_picture_that_somebody_calls_a_slap(hand: np.ndarray) -> None:
    upload = read_upload(png(hand), slap=13)
    assert sorted(one.position for one in upload.prints()) == [2, 3, 4, 5]
    with pytest.raises(ValueError, match="17"):
        read_upload(png(hand), slap=17)


def test_pictures_are_extracted_by_given_parameters(pixels: np.ndarray, hand: np.ndarray) -> None:
    few = civid.ExtractionParameters(least_quality=60)
    (one,) = read_upload(png(pixels), parameters=few).prints()
    assert one.image is not None
    wanted = civid.extract(one.image, few)
    assert np.array_equal(one.template.minutiae, wanted.minutiae)
    assert len(wanted) < len(civid.extract(one.image))
    both = card(image(hand, 13), image(pixels, 7))
    for upload in (read_upload(png(hand), slap=13, parameters=few),
                   read_upload(both, parameters=few)):  # fmt: skip
        assert {one.template.extractor for one in upload.prints()} == {one.template.extractor}
    ready = read_upload(one.template.to_bytes("ansi378-2009"), parameters=few).one()
    assert len(ready.template) == len(one.template)


def test_fingers_are_cut_and_judged_by_given_parameters(hand: np.ndarray) -> None:
    found = {}
    for method in ("classical", "neural"):
        by = civid.ExtractionParameters(method=method)
        cut = segment(hand, position=13, dpi=500, parameters=by)
        for finger in cut.fingers:
            assert finger.quality == civid.extract(finger.image, by).quality
        found[method] = [finger.quality for finger in cut.fingers]
        prints = read_upload(png(hand), slap=13, parameters=by).prints()
        assert [one.template.quality for one in prints] == found[method]
    assert found["classical"] != found["neural"]


def test_a_ten_print_card_is_cut(hand: np.ndarray) -> None:
    height, width = hand.shape
    sheet = np.full((1100, 4000), 255, np.uint8)
    part = hand[: min(height, 1000), : min(width, 1600)]
    sheet[1100 - len(part) :, 2400 : 2400 + part.shape[1]] = part
    upload = read_upload(png(sheet))
    assert (upload.kind, len(upload.cuts)) == ("several", 1)
    found = [one.position for one in upload.prints()]
    assert found
    assert set(found) <= {2, 3, 4, 5}


def test_prints_that_nobody_can_tell_apart(pixels: np.ndarray) -> None:
    records = [image(pixels, 0), image(pixels[::-1].copy(), 0)]
    records[1] = ansi_nist.image_record(
        pixels, idc=9, position=0, dpi=500, source="A", day=date(2026, 1, 2), record_type=14,
        impression=0,
    )  # fmt: skip
    upload = read_upload(card(*records))
    assert upload.unnamed == 2
    with pytest.raises(FormatError, match="which finger"):
        upload.prints()


def test_what_is_stated_goes_first_and_what_is_missing_is_said(pixels: np.ndarray) -> None:
    with pytest.raises(ResolutionError, match="dpi"):
        read_upload(png(pixels, None))
    said = read_upload(png(pixels, 250), dpi=500).one().image
    assert said is not None
    assert said.dpi == 500
    with pytest.raises(ResolutionError):
        read_upload(png(pixels), dpi=7)


def test_nothing_of_a_print_stands_in_texts(pixels: np.ndarray) -> None:
    upload = read_upload(png(pixels))
    assert repr(upload) == "<Upload: png, 1 prints, 0 to cut>"
    assert len(repr(upload.prints()[0])) < 120


@pytest.mark.parametrize("data", [b"", b"hello", b"FMR\0 20\0" + bytes(9), b"\xff\xa0\xff"])
def test_what_is_no_print_is_refused(data: bytes) -> None:
    with pytest.raises((ImageError, FormatError)):
        read_upload(data).prints()


def test_sizes_are_bounded(pixels: np.ndarray) -> None:
    record = civid.extract(FingerImage(pixels, 500)).to_bytes()
    with pytest.raises(FormatError, match="larger"):
        read_upload(record + bytes(MAX_RECORD_BYTES))
    with pytest.raises(ImageError):
        read_upload(png(pixels) + bytes(64 << 20))
    for wrong in (None, 5, ["a"]):
        with pytest.raises(ImageError):
            read_upload(wrong)  # type: ignore[arg-type]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_damage_has_a_type(pixels: np.ndarray, data: st.DataObject) -> None:
    small = np.ascontiguousarray(pixels[100:220, 80:200])
    kinds = [
        png(small),
        civid.extract(FingerImage(pixels, 500)).to_bytes(),
        build(image_records.encode(small, 500, position=7, payload="PNG")),
        card(image(small, 2), image(small, 13)),
    ]
    content = bytearray(data.draw(st.sampled_from(kinds)))
    for _ in range(data.draw(st.integers(0, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    try:
        for one in read_upload(bytes(content[: cut or None])).prints():
            assert 0 <= one.template.quality <= 100
    except CividError:
        pass
