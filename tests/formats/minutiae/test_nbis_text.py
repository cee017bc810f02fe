"""Text of NBIS: files by hand, both conventions, and what lies."""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FormatError
from civid.formats._fields import traced
from civid.formats.minutiae.convert import read
from civid.formats.minutiae.nbis import min as report
from civid.formats.minutiae.nbis import xyt
from civid.formats.minutiae.nbis.min import MinMinutia, Neighbour
from civid.formats.minutiae.nbis.xyt import XytMinutia

#: As ``dump_minutiae`` of NBIS prints it, blanks at the ends of lines included.
MIN = (
    b"Image (w,h) 388 374\n\n2 Minutiae Detected\n\n"
    b"   0 :   52,  163 :  8 :  0.149 :BIF : APP :  6 :   54, 157;  3 \n"
    b"   1 :   54,  157 : 24 :  0.640 :RIG : DIS :  1 \n"
)
TWO = (
    MinMinutia(52, 163, 8, 0.149, False, True, 6, (Neighbour(54, 157, 3),)),
    MinMinutia(54, 157, 24, 0.64, True, False, 1),
)


def test_min_by_hand() -> None:
    record = report.parse(MIN, strict=True)
    assert record == report.Record(388, 374, TWO)
    assert report.build(record) == MIN
    assert report.sniff(MIN)
    (view,) = read(record, "min").minutiae.views
    first, second = view.minutiae
    assert (first.kind, first.x, first.y, first.quality) == (2, 52, 163, 15)
    # 8 steps of 11.25 degrees clockwise from straight up point to the right; 24 to the left.
    assert first.angle == pytest.approx(0)
    assert second.angle == pytest.approx(math.pi)
    assert view.ridge_counts is not None
    assert view.ridge_counts.counts == ((0, 1, 3),)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (b"Image (w,h) 388 374", b"Image 388 374", "image size"),
        (b"2 Minutiae Detected", b"2 Minutiae", "number of minutiae"),
        (b"2 Minutiae Detected", b"3 Minutiae Detected", "number of minutiae"),
        (b"   1 :   54", b"   2 :   54", "minutia index"),
        (b" : 24 : ", b" : 32 : ", "direction"),
        (b"0.640", b"1.640", "reliability"),
        (b"RIG", b"END", "minutia 1"),
        (b"388 374", b"50 374", "x coordinate"),
        (b"54, 157;", b"55, 157;", "neighbours"),
        (b" :  1 \n", b" : 11 \n", "feature"),
        (b"Image", b"\xffmage", "text"),
    ],
)
def test_a_report_that_lies(old: bytes, new: bytes, field: str) -> None:
    assert old in MIN
    with pytest.raises(FormatError, match=field):
        report.parse(MIN.replace(old, new), strict=True)


def test_xyt_of_both_conventions_is_the_same_print() -> None:
    # What mindtct writes for one minutia at 30, 40 of an image 100 px high, at 90 degrees.
    nist, m1 = xyt.parse(b"30 60 270 77\n"), xyt.parse(b"30 40 45 77\n", m1=True)
    assert nist.minutiae == (XytMinutia(30, 60, 270, 77),)
    for record in (nist, m1):
        (one,) = read(record, "xyt", size=(80, 100)).minutiae.views[0].minutiae
        assert (one.kind, one.x, one.y, one.quality) == (0, 30, 40, 77)
        assert one.angle == pytest.approx(math.pi / 2)
    assert not xyt.looks_like_m1(nist)
    assert xyt.looks_like_m1(m1)


def test_without_the_height_it_is_said_and_the_print_is_the_same_but_for_its_place() -> None:
    record = xyt.parse(b"30 60 270 77\n10 20 0 5\n")
    found = read(record, "xyt")
    assert [finding.field for finding in found.findings] == ["image height"]
    first, second = found.minutiae.views[0].minutiae
    assert second.y - first.y == 40
    assert not read(xyt.parse(b"30 40 45 77\n", m1=True), "xyt").findings


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"1 2 3 4 5\n", "line 0"),
        (b"1 2 3 4\n1 2\n", "line 1"),
        (b"1 2 x 4\n", "line 0"),
        (b"1 2 nan 4\n", "line 0"),
        (b"1 2 3e9 4\n", "line 0"),
        (b"1 2 3\n", "quality"),
        (b"1 2.5 3 4\n", "minutiae"),
        (b"1 2 360 4\n", "theta"),
        (b"-1 2 3 4\n", "x coordinate"),
        (b"1 2 3 101\n", "quality"),
    ],
)
def test_an_xyt_that_lies(data: bytes, field: str) -> None:
    with pytest.raises(FormatError, match=field):
        xyt.parse(data, strict=True)


def test_lines_end_in_any_way_and_blank_ones_are_none() -> None:
    assert xyt.parse(b"\r\n1 2 3 4\r\n\n 5 6 7 8").minutiae == ((1, 2, 3, 4), (5, 6, 7, 8))
    assert xyt.parse(b"").minutiae == ()


def test_sniffing() -> None:
    assert xyt.sniff(b"1 2 3 4\n")
    for wrong in (b"1 2\n", b"Image (w,h) 1 2", b"", None, 5, "1 2 3 4", b"x" * 300, b"1 2 3 4 5"):
        assert not xyt.sniff(wrong)
        assert wrong == b"Image (w,h) 1 2" or not report.sniff(wrong)


@given(
    st.lists(
        st.builds(
            XytMinutia,
            st.integers(0, 999),
            st.integers(0, 999),
            st.integers(0, 359),
            st.none() | st.integers(0, 100),
        )
    )
)
def test_xyt_round_trip(rows: list[XytMinutia]) -> None:
    record = xyt.Record(tuple(rows))
    assert xyt.parse(xyt.build(record)) == record


@given(st.data())
def test_min_round_trip(data: st.DataObject) -> None:
    one = st.builds(
        MinMinutia,
        st.integers(0, 299),
        st.integers(0, 399),
        st.integers(0, 31),
        st.integers(0, 1000).map(lambda value: value / 1000),
        st.booleans(),
        st.booleans(),
        st.integers(0, 10),
    )
    rows = data.draw(st.lists(one, max_size=9))
    near = [Neighbour(row.x, row.y, 5) for row in rows]
    made = [row._replace(neighbours=tuple(near[:index])) for index, row in enumerate(rows)]
    record = report.Record(300, 400, tuple(made))
    assert report.parse(report.build(record), strict=True) == record


@pytest.mark.parametrize("module", [xyt, report])
@given(data=st.binary(max_size=60) | st.text("0123456789 .:;,\n-", max_size=60).map(str.encode))
def test_random_bytes(module: object, data: bytes) -> None:
    for content in (data, MIN[:60] + data):
        assert module.sniff(content) in (True, False)  # type: ignore[attr-defined]
        with suppress(FormatError):
            module.parse(content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("data", [b"1 2 3 4\n" * 30_000, b"1" * (5 << 20), b" " * 10**6 + b"x"])
def test_long_ones_are_refused_at_once(data: bytes) -> None:
    for parse in (xyt.parse, report.parse):
        with pytest.raises(FormatError):
            parse(data)


def test_places_of_fields() -> None:
    with traced() as fields:
        xyt.parse(b"1 22 3 4\n15 6 7 8\n")
        report.parse(MIN)
    for content, chosen in ((b"1 22 3 4\n15 6 7 8\n", fields[:8]), (MIN, fields[8:])):
        for one in chosen:
            text = content[one.offset : one.offset + one.size].decode()
            assert text == str(one.value), one.name
    assert {one.name for one in fields[8:]} >= {"direction", "image width", "neighbours"}


def test_real_files_of_m1(data: Path) -> None:
    """y downwards, theta in units of two degrees."""
    paths = sorted((data / "templates" / "mindtct-xyt-FVC2002-DB1_A").glob("*.xyt"))[:80]
    assert len(paths) == 80
    for path in paths:
        record = xyt.parse(path.read_bytes(), strict=True, m1=True)
        assert xyt.looks_like_m1(record)
        assert xyt.parse(xyt.build(record), m1=True) == record
