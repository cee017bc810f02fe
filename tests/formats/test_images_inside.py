"""`read_image` opens whatever holds an image: a record, a transaction."""

from __future__ import annotations

import base64
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from civid import Position, read_image
from civid.errors import ImageError, ResolutionError
from civid.formats import ansi_nist, build, image_records
from civid.formats._images import ImageInside, listed
from civid.formats.image_files.writer import write
from civid.formats.image_records import iso19794_4_2011 as fir

PRINT = np.random.default_rng(1).integers(0, 256, (40, 48)).astype(np.uint8)
OTHER = np.flipud(PRINT).copy()
EDITIONS = ["ISO/IEC 19794-4:2011", "ISO/IEC 19794-4:2005"]


def record(ppi: float = 500, **how: Any) -> bytes:
    return build(image_records.encode(PRINT, ppi, **({"position": 2, "payload": "PNG"} | how)))


def two_views() -> bytes:
    views = [
        fir.View(pixels.tobytes(), position, 48, 40, number=number)
        for pixels, position, number in ((PRINT, 2, 0), (OTHER, 2, 1), (OTHER, 7, 0))
    ]
    return fir.build(fir.Record(tuple(views)))


def transaction() -> bytes:
    how: dict[str, Any] = {"dpi": 500, "source": "civid", "day": date(2026, 1, 2)}
    images = [
        ansi_nist.image_record(pixels, idc=place, position=position, **how)
        for place, (pixels, position) in enumerate(((PRINT, 1), (OTHER, 6)), 1)
    ]
    made = ansi_nist.build_transaction(
        "CAR", date(2026, 1, 2), origin="A", destination="B", control_number="1", records=images
    )
    return build(made)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("payload", ["raw", "PNG", "JPEG 2000 lossless"])
def test_the_image_of_a_record(edition: str, payload: str, tmp_path: Path) -> None:
    path = tmp_path / "finger.fir"
    path.write_bytes(record(edition_name=edition, payload=payload))
    image = read_image(path)
    np.testing.assert_array_equal(image.pixels, PRINT)
    assert image.dpi == 500


def test_the_record_goes_before_its_picture_and_dpi_before_all() -> None:
    inside = write(PRINT, "png", (1000, 1000))
    made = fir.build(fir.Record((fir.View(inside, 2, 48, 40, compression=6),)))
    assert read_image(made).dpi == 500
    assert read_image(made, dpi=600).dpi == 600
    metric = fir.View(inside, 2, 48, 40, 0, 0, 6, (197, 197), (197, 197), 2)
    assert read_image(fir.build(fir.Record((metric,)))).dpi == 500


def test_of_several_one_is_chosen_by_its_place_or_finger() -> None:
    several = two_views()
    np.testing.assert_array_equal(read_image(several, view=0).pixels, PRINT)
    np.testing.assert_array_equal(read_image(several, position=7).pixels, OTHER)
    np.testing.assert_array_equal(
        read_image(several, position=Position.RIGHT_INDEX, view=1).pixels, OTHER
    )
    with pytest.raises(ImageError, match=r"image: holds 3 images: 0 right-index, 1 r.*view="):
        read_image(several)
    with pytest.raises(ImageError, match=r"say which one with view=\.\.\.$"):
        read_image(several, position=2)
    for choice in ({"view": 3}, {"view": -1}, {"position": 5}, {"view": 0, "position": 7}):
        with pytest.raises(ImageError, match="holds no such image, but 3 images"):
            read_image(several, **choice)  # type: ignore[arg-type]


def test_the_images_of_a_transaction() -> None:
    data = transaction()
    np.testing.assert_array_equal(read_image(data, position=1).pixels, PRINT)
    np.testing.assert_array_equal(read_image(data, view=1).pixels, OTHER)
    with pytest.raises(ImageError, match="2 images: 0 right-thumb, 1 left-thumb"):
        read_image(data)


def test_a_picture_is_its_only_image() -> None:
    picture = write(PRINT, "png", (500, 500))
    assert read_image(picture, view=0).dpi == 500
    with pytest.raises(ImageError, match="holds no such image, but 1 image: 0 image"):
        read_image(picture, view=1)


def test_what_holds_no_image_says_what_it_is(tmp_path: Path) -> None:
    golden = Path(__file__).parents[1] / "golden" / "formats" / "iso19794_2_2005-full.bin"
    with pytest.raises(ImageError, match="looks like ISO/IEC 19794-2:2005, not like an image"):
        read_image(golden)
    with pytest.raises(ImageError, match=r"looks like base64 text of ISO/IEC 19794-4:2011"):
        read_image(base64.b64encode(record()))


def test_damage_is_an_image_error_with_its_place() -> None:
    good = record(payload="raw")
    with pytest.raises(ImageError, match=r"at byte \d+\)"):
        read_image(good[:20])
    with pytest.raises(ImageError, match=r"40 x 4|the announced size"):
        read_image(good[:-100])
    with pytest.raises(ImageError, match="damaged"):
        read_image(record()[:-100])


def test_a_resolution_that_nobody_states_is_asked_for() -> None:
    # A record states one always; the least that can be written is none that prints have.
    view = fir.View(PRINT.tobytes(), 2, 48, 40, image_resolution=(72, 72))
    with pytest.raises(ResolutionError):
        read_image(fir.build(fir.Record((view,))))


def test_a_long_list_is_cut() -> None:
    images = tuple(ImageInside(f"view {n}", 0, dict) for n in range(30))
    assert listed(images).startswith("30 images: 0 view 0, 1 view 1,")
    assert listed(images).endswith("19 view 19 and 10 more")
