"""One edition from another: codes that differ, and what is lost and said."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from PIL import Image
from tests.formats.image_records import made

from civid.errors import CividError, FormatError, ResolutionError
from civid.formats.image_records import (
    ansi381_2004,
    convert,
    decode,
    editions,
    encode,
    iso19794_4_2005,
    iso19794_4_2011,
)
from civid.formats.image_records.iso19794_4_2011 import Comment, Quality, Record, View

ISO_2005, ISO_2011, ANSI = iso19794_4_2005.NAME, iso19794_4_2011.NAME, ansi381_2004.NAME
GREY = np.random.default_rng(1).integers(0, 256, (20, 30)).astype(np.uint8)
PLAIN = View(bytes(6), 7, 2, 3, impression=0)


def lost(record: editions.Record, name: str) -> list[str]:
    return [str(one) for one in convert(record, name, product=(1, 2)).lost]


@pytest.mark.parametrize("payload", ["raw", "PNG", "JPEG 2000 lossless"])
@pytest.mark.parametrize("source", editions.EDITIONS)
@pytest.mark.parametrize("target", editions.EDITIONS)
def test_the_picture_stays_the_same(source: str, target: str, payload: str) -> None:
    record = encode(
        GREY, 500, position=2, edition_name=source, payload=payload, quality=70, product=(1, 2)
    )
    done = convert(record, target, product=(1, 2)).record
    module = editions.edition(target)
    read = module.parse(module.build(done), strict=True)
    assert np.array_equal(decode(read, strict=True).pixels, GREY)
    assert decode(read).resolution == (500, 500)
    back = convert(read, source, product=(1, 2)).record
    assert back.views == record.views
    assert back.announced(0) == record.announced(0)


@given(made.older(ansi=False))
def test_from_2005(record: iso19794_4_2005.Record) -> None:
    into(record, ISO_2011)
    into(record, ANSI)


@given(made.older(ansi=True))
def test_from_2004(record: ansi381_2004.Record) -> None:
    into(record, ISO_2005)
    into(record, ISO_2011)


@given(made.newer())
def test_from_2011(record: Record) -> None:
    into(record, ISO_2005)
    into(record, ANSI)


def into(record: editions.Record, name: str) -> None:
    """A good record of the other edition with the same images, or a typed error."""
    try:
        done = convert(record, name, product=(1, 2))
    except CividError:
        return
    module = editions.edition(name)
    assert module.validate(done.record) == []
    assert [view.image for view in done.record.views] == [view.image for view in record.views]


def test_everything_that_2005_cannot_say_is_told() -> None:
    full = replace(
        PLAIN,
        impression=29,
        position=40,
        qualities=(Quality(57, 64, 15), Quality(50, 15, 15)),
        captured=(2022, 12, 28, 12, 30, 15, 976),
        technology=14,
        device_vendor=64,
        device_type=3,
        certifications=(iso19794_4_2011.Certification(64, 2),),
        blocks=(Comment(b"secret"),),
    )
    assert lost(Record((full,), certified=1), ISO_2005) == [
        "finger position: 40 cannot be said",
        "quality algorithm vendor: 64 cannot be said",
        "quality algorithm: 15 cannot be said",
        "quality block: 1 further scores cannot be said",
        "impression type: 29 cannot be said, set to 0",
        "capture date and time: cannot be said",
        "capture device technology ID: 14 cannot be said",
        "capture device vendor ID: 64 cannot be said",
        "capture device type ID: 3 cannot be said",
        "certification block: cannot be said",
        "extended data: cannot be said",
        "image acquisition level: set to 30 from the resolution",
    ]


def test_everything_that_2011_cannot_say_of_2004_is_told() -> None:
    view = ansi381_2004.View(bytes(6), 7, 2, 3, number=3, count=4)
    record = ansi381_2004.Record(
        (view,),
        0,
        capture_device=5,
        product_owner=0x1234,
        product_type=1,
        compliance=8,
    )
    assert lost(record, ISO_2011) == [
        "image acquisition level: 30 cannot be said",
        "capture device ID: 5 cannot be said",
        "CBEFF product owner: 4660 cannot be said",
        "CBEFF product type: 1 cannot be said",
        "compliance: 8 cannot be said",
        "view number: view 3 of 4 becomes 0, counted from 0",
    ]


@pytest.mark.parametrize(
    ("newer", "older", "told"),
    [(0, 0, False), (3, 3, False), (8, 8, False), (24, 9, False), (4, 7, False), (9, 1, True),
     (7, 7, True), (5, 7, True), (28, 0, True), (29, 0, True), (10, 0, True)],
)  # fmt: skip
def test_impressions(newer: int, older: int, told: bool) -> None:
    done = convert(Record((replace(PLAIN, impression=newer),)), ISO_2005)
    assert done.record.views[0].impression == older
    assert any(one.field == "impression type" for one in done.lost) == told
    if not told:
        assert convert(done.record, ISO_2011).record.views[0].impression == newer


def test_a_reversible_stream_of_2005_is_lossless_in_2011_and_a_lossy_one_is_not() -> None:
    for irreversible, code in ((False, 5), (True, 4)):
        buffer = io.BytesIO()
        Image.fromarray(GREY).save(buffer, "JPEG2000", irreversible=irreversible)
        view = iso19794_4_2005.View(buffer.getvalue(), 7, 30, 20)
        done = convert(iso19794_4_2005.Record((view,), 4), ISO_2011)
        assert done.record.views[0].compression == code  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"image": bytes(12), "depth": 16}, "pixel depth"),
        ({"image": made.PNG, "compression": 6}, "compression algorithm"),
        ({"scan_resolution": (501, 501)}, "scan resolution"),
        ({"image_resolution": (499, 499)}, "image resolution"),
        ({"scale_units": 2}, "scale units"),
    ],
)
def test_images_that_differ_need_records_of_their_own(
    change: dict[str, object], field: str
) -> None:
    other = replace(PLAIN, position=8, **change)  # type: ignore[arg-type]
    with pytest.raises(FormatError, match=f"{field}: view 1 differs from view 0"):
        convert(Record((PLAIN, other)), ISO_2005)


def test_views_of_one_finger_are_counted() -> None:
    views = (PLAIN, replace(PLAIN, number=1), replace(PLAIN, position=8))
    assert lost(Record(views), ISO_2005) == [
        "image acquisition level: set to 30 from the resolution"
    ]
    counted_on = (PLAIN, replace(PLAIN, position=8, number=1))
    assert lost(Record(counted_on), ISO_2005)[0] == (
        "representation number: 1 becomes 1, counted from 1"
    )
    done = convert(Record(views), ISO_2005).record
    assert [(one.number, one.count) for one in done.views] == [(1, 2), (2, 2), (1, 1)]  # type: ignore[union-attr]


def test_typed_errors() -> None:
    with pytest.raises(FormatError, match="CBEFF product owner"):
        convert(Record((PLAIN,)), ANSI)
    with pytest.raises(FormatError, match="should be one of"):
        convert(Record((PLAIN,)), "ANSI/INCITS 381-2009")
    with pytest.raises(FormatError, match="there is none"):
        convert(Record(), ISO_2005)
    with pytest.raises(FormatError, match="is unknown"):
        convert(Record((replace(PLAIN, compression=9),)), ISO_2005)
    coarse = replace(PLAIN, image_resolution=(72, 72))
    with pytest.raises(ResolutionError, match="72 ppi"):
        convert(Record((coarse,)), ISO_2005)
