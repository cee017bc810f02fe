"""CBEFF XML -> templates: every record and picture that MOSIP may send."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.exchange.mosip.talk import minutiae_xml
from tests.search.prints import person, same

from civid import Template, compare, extract, read_image
from civid.errors import FormatError
from civid.exchange.mosip import prints_of
from civid.exchange.mosip.prints import MAX_FINGERS
from civid.fingerprint.conversion import convert
from civid.formats.cbeff import mosip_xml
from civid.position import Position

INDEX, THUMB = Position.RIGHT_INDEX, Position.LEFT_THUMB


def xml(*segments: mosip_xml.Bir) -> bytes:
    return mosip_xml.build(mosip_xml.Record(segments))


def block(data: bytes, finger: Position, *, template: bool = False) -> mosip_xml.Bir:
    return mosip_xml.segment(data, finger, quality=70, template=template)


@pytest.fixture
def picture(data: Path) -> bytes:
    """A real print, as PNG."""
    return (data / "prints" / "FVC2002" / "DB1_B" / "101_1.png").read_bytes()


@pytest.mark.parametrize("record", ["iso19794-4:2005", "iso19794-4:2011"])
@pytest.mark.parametrize("payload", ["jp2", "png", "raw", "wsq"])
def test_images_in_records(picture: bytes, record: str, payload: str) -> None:
    made = convert(picture, record, dpi=500, payload=payload, position=INDEX).data
    found = prints_of(xml(block(made, INDEX)))
    assert list(found) == [INDEX]
    expected = extract(read_image(picture, dpi=500))
    if payload == "wsq":  # lossy
        assert compare(found[INDEX], expected).score > 60
    else:
        assert same(found[INDEX], expected)


def test_bare_pictures(picture: bytes) -> None:
    made = convert(picture, "wsq", dpi=500).data
    assert len(prints_of(xml(block(made, THUMB)))[THUMB]) > 20


@pytest.mark.parametrize("record", ["iso19794-2:2005", "iso19794-2:2011"])
def test_minutiae(record: str) -> None:
    template = person(1, 2)[INDEX]
    made = template.to_bytes(record, position=INDEX)
    found = prints_of(xml(block(made, INDEX, template=True)))
    assert same(found[INDEX], Template.from_bytes(made))
    assert len(found[INDEX]) == len(template)


@pytest.mark.parametrize("threads", [1, 3, None])
def test_ten_fingers_on_any_number_of_threads(threads: int | None) -> None:
    fingers = person(1, *range(1, 11))
    found = prints_of(minutiae_xml(fingers), threads=threads)
    assert set(found) == set(fingers)
    for position, one in fingers.items():
        assert same(found[position], Template.from_bytes(one.to_bytes("iso19794-2:2011")))


def test_the_record_says_which_finger_where_the_envelope_does_not(
    picture: bytes,
) -> None:
    minutiae = person(1, 7)[Position(7)].to_bytes("iso19794-2:2011", position=Position(7))
    said = xml(block(minutiae, INDEX, template=True))
    assert list(prints_of(said)) == [INDEX]
    for silence in (b"<Subtype></Subtype>", b"", b"<Subtype>Right</Subtype>"):
        silent = said.replace(b"<Subtype>Right IndexFinger</Subtype>", silence)
        assert silent != said
        assert list(prints_of(silent)) == [Position.LEFT_INDEX]
    image = convert(picture, "iso19794-4:2011", dpi=500, position=THUMB).data
    said = xml(block(image, INDEX))
    assert list(prints_of(said)) == [INDEX]
    silent = said.replace(b"<Subtype>Right IndexFinger</Subtype>", b"")
    assert list(prints_of(silent)) == [THUMB]


def test_what_is_no_finger_is_passed_over() -> None:
    fingers: Mapping[Position, Template] = person(1, 2)
    one = block(fingers[INDEX].to_bytes("iso19794-2:2011"), INDEX, template=True)
    gone = mosip_xml.missing(THUMB)
    assert list(prints_of(xml(one, gone))) == [INDEX]
    assert prints_of(minutiae_xml({})) == {}  # a face alone
    with pytest.raises(FormatError, match="nothing"):
        prints_of(xml(gone))
    with pytest.raises(FormatError, match="nothing"):
        prints_of(b" \n")


def test_of_two_prints_of_a_finger_the_better_one_is_kept() -> None:
    both = [person(seed, 2)[INDEX] for seed in range(6)]
    made = [block(one.to_bytes("iso19794-2:2011"), INDEX, template=True) for one in both]
    best = max(both, key=lambda one: one.quality)
    for order in (made, made[::-1]):
        assert prints_of(xml(*order))[INDEX].quality == best.quality


def test_a_blank_image_is_a_finger_that_cannot_be_read() -> None:
    blank = b"P5 200 200 255 " + b"\xff" * 40_000
    made = convert(blank, "iso19794-4:2011", dpi=500, payload="jp2", position=INDEX).data
    assert prints_of(xml(block(made, INDEX))) == {}


def test_one_print_that_cannot_be_read_refuses_all() -> None:
    good = person(1, 2)[INDEX].to_bytes("iso19794-2:2011")
    for bad in (good[:-9], b"FMR\0", b"FIR\x00020\x00" + bytes(40), b"abc", b"\xff\xd8\xff"):
        with pytest.raises(FormatError, match="cannot be read"):
            prints_of(xml(block(good, INDEX, template=True), block(bad, THUMB)))


def test_too_many_prints() -> None:
    one = block(person(1, 2)[INDEX].to_bytes("iso19794-2:2011"), INDEX, template=True)
    assert len(prints_of(xml(*[one] * MAX_FINGERS))) == 1
    with pytest.raises(FormatError):
        prints_of(xml(*[one] * (MAX_FINGERS + 1)))
