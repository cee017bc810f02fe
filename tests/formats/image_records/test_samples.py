"""The finger image records of MOSIP and Idemia: read, shown, written back, and compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.formats.image_records import samples

import civid
from civid.formats._fields import traced
from civid.formats.image_files import picture
from civid.formats.image_records import decode, iso19794_4_2011
from civid.formats.image_records.iso19794_4_2011 import (
    Annotation,
    Annotations,
    Comment,
    Segment,
    Segmentation,
)

REFUSED = {
    "Face": "ISO/IEC 19794-5 (a face image)",
    "Exception_Photo": "ISO/IEC 19794-5 (a face image)",
    "Iris": "ISO/IEC 19794-6 (an iris image)",
    "encyrpted": "base64 text",
    ".jp2": "a JPEG 2000 image",
    ".wsq": "a WSQ image",
}


@pytest.fixture(scope="module")
def rows(data: Path) -> dict[str, samples.Row]:
    return {path.name: samples.row(path) for path in samples.files(data)}


def test_face_iris_and_pictures_are_refused_by_name(rows: dict[str, samples.Row]) -> None:
    refused = {name: one.strict for name, one in rows.items() if one.format == "-"}
    assert len(refused) == 9
    for name, said in refused.items():
        (kind,) = [kind for part, kind in REFUSED.items() if part in name.removesuffix(".wsq.iso")]
        assert said == f"this is {kind} (at byte 0)"


def test_all_others_are_good_and_come_back_to_the_byte(rows: dict[str, samples.Row]) -> None:
    read = {name: one for name, one in rows.items() if one.format != "-"}
    assert len(read) == 20
    assert {one.format for one in read.values()} == {iso19794_4_2011.NAME}
    assert {one.strict for one in read.values()} == {"good"}
    assert {one.round_trip for one in read.values()} == {"to the byte"}


def test_only_jpeg_2000_contradicts_its_record(rows: dict[str, samples.Row]) -> None:
    said = "x image resolution: the picture inside states 1000 ppi, the record 500"
    for name, one in rows.items():
        if one.format != "-":
            assert one.warnings == (said if one.image.startswith("JPEG 2000") else "none")
            assert one.resolution == ("500; 500" if "twofingers" in name else "500")


def bio_utils(data: Path, name: str) -> bytes:
    return (data / "formats" / "fir" / "mosip-bio-utils-Finger" / name).read_bytes()


def test_the_payload_is_the_file_beside_it(data: Path) -> None:
    for name, inside in [
        ("info_left_index_auth_jp2000.iso", "info_left_index_auth.jp2"),
        ("info_left_index_registration_jp2000.iso", "info_left_index_registration.jp2"),
        ("info_left_thumb_auth_wsq.iso", "info_left_thumb_auth.wsq"),
    ]:
        record = iso19794_4_2011.parse(bio_utils(data, name), strict=True)
        image = bio_utils(data, inside)
        assert record.views[0].image == image
        if image[0] == 0:
            assert np.array_equal(decode(record).pixels, picture.decode(image).pixels)


def test_the_extension_after_the_image_has_its_form(data: Path) -> None:
    name = "info_left_index_registration_jp2000.iso"
    (view,) = iso19794_4_2011.parse(bio_utils(data, name), strict=True).views
    assert view.blocks == (
        Segmentation(64, 1, 57, 64, 15, (Segment(7, 57, ((0, 0), (280, 448)), 64),)),
        Annotations((Annotation(1, 1), Annotation(10, 2))),
        Comment(b"This is of Finger (7)"),
    )
    assert view.qualities == ((57, 64, 15),)
    assert view.captured == (2022, 12, 28, 12, 30, 15, 976)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Automatic_Auth_0001Right_Little.iso", "Automatic_Auth_0001Right_Little.wsq.iso"),
        ("Automatic_Registration_0001Left_Ring.iso", "Default_Auth_Left_Ring_wsq.iso"),
        ("Default_Registration_Left_Thumb.iso", "Automatic_Auth_0001Left_Thumb.wsq.iso"),
    ],
)
def test_jpeg_2000_and_wsq_of_a_finger_are_the_same_finger(
    data: Path, first: str, second: str
) -> None:
    one, other = (template(data, name) for name in (first, second))
    assert civid.compare(one, other).score > 150
    stranger = template(data, "Default_Auth_Right_Ring.iso")
    assert civid.compare(one, stranger).score < 40
    assert civid.compare(other, stranger).score < 40


def template(data: Path, name: str) -> civid.Template:
    content = (data / "formats" / "fir" / "mosip-mock-services" / name).read_bytes()
    shown = decode(iso19794_4_2011.parse(content))
    assert shown.resolution is not None
    return civid.extract(civid.FingerImage(shown.pixels, shown.resolution[0]))


def test_the_inspector_looks_into_the_wsq_inside(data: Path) -> None:
    content = bio_utils(data, "info_left_thumb_auth_wsq.iso")
    with traced() as fields:
        iso19794_4_2011.parse(content)
    inner = [one for one in fields if one.path[:2] == ("representation 0", "image data")]
    assert inner[0].offset == 62
    assert content[62:64] == b"\xff\xa0"
    assert max(one.offset + one.size for one in inner) == len(content)
