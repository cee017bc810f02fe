"""What is built is read back the same, in every edition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civid.formats import detect
from civid.formats.minutiae import ansi378_2004, ansi378_2009, iso19794_2_2005, iso19794_2_2011
from civid.formats.minutiae.iso19794_2_2011 import Certification, ExtendedBlock, Minutia, Quality

WORD = st.integers(0, 0xFFFF)
PER_CM = st.integers(99, 0xFFFF)
BLOCKS = st.lists(
    st.builds(
        ExtendedBlock,
        type=st.sampled_from([1, 2, 3, 0x0101, 0xFF01]),
        data=st.binary(max_size=40),
    ),
    max_size=3,
).map(tuple)


def minutiae(angles: int, top_quality: int = 100) -> st.SearchStrategy[tuple[Minutia, ...]]:
    one = st.builds(
        Minutia,
        kind=st.integers(0, 2),
        x=st.integers(0, 299),
        y=st.integers(0, 399),
        angle=st.integers(0, angles - 1),
        quality=st.integers(0, top_quality),
    )
    return st.lists(one, max_size=255).map(tuple)


def plain_view(angles: int) -> st.SearchStrategy[iso19794_2_2005.View]:
    return st.builds(
        iso19794_2_2005.View,
        position=st.integers(0, 10),
        impression=st.sampled_from([0, 1, 2, 3, 8]),
        quality=st.integers(0, 100),
        minutiae=minutiae(angles),
        blocks=BLOCKS,
    )


@given(plain_view(256), PER_CM, PER_CM, st.integers(0, 0xFFF), st.integers(0, 15))
def test_iso_2005(
    view: iso19794_2_2005.View, across: int, down: int, device: int, certification: int
) -> None:
    record = iso19794_2_2005.Record(300, 400, across, down, (view,), device, certification)
    data = iso19794_2_2005.build(record)
    assert len(data) == 30 + 6 * len(view.minutiae) + sum(4 + len(b.data) for b in view.blocks)
    assert iso19794_2_2005.parse(data, strict=True) == record
    assert detect(data) == iso19794_2_2005.NAME


@given(plain_view(180), st.tuples(WORD, WORD, st.integers(0, 0xFFF), st.integers(0, 15)))
def test_ansi_2004(view: iso19794_2_2005.View, ids: tuple[int, int, int, int]) -> None:
    record = ansi378_2004.Record(300, 400, 197, 198, (view,), *ids)
    data = ansi378_2004.build(record)
    assert ansi378_2004.parse(data, strict=True) == record
    assert detect(data) == ansi378_2004.NAME


def test_ansi_2004_with_the_long_length() -> None:
    blocks = (ExtendedBlock(0x0101, bytes(60000)),)
    views = tuple(ansi378_2004.View(number=number, blocks=blocks) for number in range(3))
    record = ansi378_2004.Record(300, 400, views=views)
    data = ansi378_2004.build(record)
    assert data[8:14] == b"\0\0" + len(data).to_bytes(4, "big")
    assert ansi378_2004.parse(data, strict=True) == record
    assert detect(data) == ansi378_2004.NAME


@given(
    st.builds(
        ansi378_2009.View,
        position=st.integers(0, 10),
        width=st.just(300),
        height=st.just(400),
        impression=st.integers(0, 255),
        quality=st.integers(0, 100) | st.sampled_from([254, 255]),
        quality_vendor=WORD,
        quality_algorithm=WORD,
        x_per_cm=PER_CM,
        y_per_cm=PER_CM,
        minutiae=minutiae(180),
        blocks=BLOCKS,
    ),
    st.sampled_from([30, 35]),
    st.tuples(WORD, WORD, st.integers(0, 255), WORD),
)
def test_ansi_2009(view: ansi378_2009.View, version: int, ids: tuple[int, int, int, int]) -> None:
    record = ansi378_2009.Record((view,), version, *ids)
    data = ansi378_2009.build(record)
    assert ansi378_2009.parse(data, strict=True) == record
    assert detect(data) == ansi378_2009.NAME


@st.composite
def representation(draw: st.DrawFn, certified: bool) -> iso19794_2_2011.View:
    size = draw(st.sampled_from([5, 6]))
    limits = ((0, 9999), (1, 12), (1, 31), (0, 23), (0, 59), (0, 60), (0, 999))
    time = st.tuples(*(st.integers(low, high) for low, high in limits))
    some = st.lists(st.builds(Certification, WORD, st.integers(0, 255)), max_size=4)
    return iso19794_2_2011.View(
        position=draw(st.sampled_from(iso19794_2_2011.POSITIONS)),
        width=300,
        height=400,
        impression=draw(st.sampled_from(iso19794_2_2011.IMPRESSIONS)),
        x_per_cm=draw(PER_CM),
        y_per_cm=draw(PER_CM),
        qualities=tuple(
            draw(st.lists(st.builds(Quality, st.integers(0, 100) | st.just(255), WORD, WORD)))
        ),
        minutiae=draw(minutiae(256, 100 if size == 6 else 0)),
        minutia_size=size,
        ridge_ending=draw(st.integers(0, 1)),
        captured=draw(st.none() | time),
        technology=draw(st.integers(0, 20)),
        device_vendor=draw(WORD),
        device_type=draw(WORD),
        certifications=tuple(draw(some)) if certified else (),
        blocks=draw(BLOCKS),
    )


@given(st.data(), st.booleans())
def test_iso_2011(data: st.DataObject, certified: bool) -> None:
    view = data.draw(representation(certified))
    record = iso19794_2_2011.Record((view,), int(certified))
    content = iso19794_2_2011.build(record)
    assert iso19794_2_2011.parse(content, strict=True) == record
    assert detect(content) == iso19794_2_2011.NAME
