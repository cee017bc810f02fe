"""Finger image records that hypothesis makes."""

from __future__ import annotations

from hypothesis import strategies as st

from civid.formats.image_records import ansi381_2004, iso19794_4_2005, iso19794_4_2011
from civid.formats.image_records.iso19794_4_2011 import (
    Annotation,
    Annotations,
    Certification,
    Comment,
    ExtendedBlock,
    Quality,
    Segment,
    Segmentation,
)

BYTE, WORD = st.integers(0, 0xFF), st.integers(0, 0xFFFF)
#: Codes that begin a file of each kind, and codes of the editions.
BEGINS = {2: b"\xff\xa0", 3: b"\xff\xd8\xff", 4: b"\xff\x4f\xff\x51"}
PNG = b"\x89PNG\r\n\x1a\n"
OLDER_POSITIONS = [*range(11), 13, 14, 15, *range(20, 37)]
RESOLUTION = st.sampled_from([(1, 125), (1, 500), (1, 501), (1, 1000), (2, 197), (2, 394)])


@st.composite
def images(draw: st.DrawFn, compression: int, depth: int, png: int) -> tuple[bytes, int, int]:
    """Image data that fit their code, and a size."""
    width, height = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    if compression == 0:
        size = width * height * (2 if depth > 8 else 1)
    elif compression == 1:
        size = (width * height * depth + 7) // 8
    else:
        start = PNG if compression == png else BEGINS.get(compression, BEGINS[4])
        return start + draw(st.binary(max_size=40)), width, height
    return draw(st.binary(min_size=size, max_size=size)), width, height


@st.composite
def older(draw: st.DrawFn, *, ansi: bool) -> iso19794_4_2005.Record | ansi381_2004.Record:
    """A good record of 2004 or 2005."""
    compression, depth = draw(st.integers(0, 5)), draw(st.integers(1, 16))
    scale_units, value = draw(RESOLUTION)
    views = []
    for _ in range(draw(st.integers(1, 3))):
        image, width, height = draw(images(compression, depth, 5))
        count = draw(st.integers(1, 255))
        views.append(
            iso19794_4_2005.View(
                image,
                draw(st.sampled_from(OLDER_POSITIONS)),
                width,
                height,
                draw(st.integers(1, count)),
                count,
                draw(st.sampled_from([*range(101), 254])),
                draw(st.sampled_from([0, 1, 2, 3, 7, 8, 9])),
            )
        )
    levels = ansi381_2004.LEVELS if ansi else iso19794_4_2005.LEVELS
    shared = (
        tuple(views),
        compression,
        (value, value - 1),
        (value, value),
        scale_units,
        depth,
        draw(st.sampled_from(levels)),
    )
    if ansi:
        device, owner = draw(st.integers(0, 0xFFF)), draw(st.integers(1, 0xFFFF))
        return ansi381_2004.Record(*shared, device, owner, draw(WORD), draw(st.integers(0, 15)))
    return iso19794_4_2005.Record(*shared, draw(WORD))


POSITIONS = st.sampled_from([*OLDER_POSITIONS, *range(40, 51)])
SCORES = st.sampled_from([*range(101), 254, 255])
POINTS = st.lists(st.tuples(WORD, WORD), min_size=2, max_size=5).map(tuple)
BLOCKS = st.lists(
    st.one_of(
        st.builds(
            Segmentation,
            *(WORD, WORD, SCORES, WORD, WORD),
            st.lists(
                st.builds(Segment, POSITIONS, SCORES, POINTS, BYTE), min_size=1, max_size=4
            ).map(tuple),
        ),
        st.builds(
            Annotations,
            st.lists(st.builds(Annotation, POSITIONS, st.integers(1, 2)), max_size=4).map(tuple),
        ),
        st.builds(Comment, st.binary(max_size=30), st.integers(3, 0xFF)),
        st.builds(ExtendedBlock, st.integers(0x100, 0xFFFF), st.binary(max_size=30)),
    ),
    max_size=3,
    unique_by=lambda block: id(block) if isinstance(block, Comment) else hash(type(block)),
).map(tuple)
TIMES = st.tuples(
    st.integers(0, 9999),
    st.integers(1, 12),
    st.integers(1, 31),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 60),
    st.integers(0, 999),
)


@st.composite
def newer(draw: st.DrawFn) -> iso19794_4_2011.Record:
    """A good record of 2011."""
    certified = draw(st.integers(0, 1))
    seen: dict[int, int] = {}
    views = []
    for _ in range(draw(st.integers(1, 3))):
        compression, depth = draw(st.integers(0, 6)), draw(st.integers(1, 16))
        image, width, height = draw(images(compression, depth, 6))
        scale_units, value = draw(RESOLUTION)
        position = draw(POSITIONS)
        seen[position] = seen.get(position, -1) + 1
        view = iso19794_4_2011.View(
            image=image,
            position=position,
            width=width,
            height=height,
            number=seen[position],
            impression=draw(st.sampled_from([*range(16), 24, 28, 29])),
            compression=compression,
            image_resolution=(value, value - 1),
            scan_resolution=(value, value),
            scale_units=scale_units,
            depth=depth,
            qualities=draw(
                st.lists(
                    st.builds(Quality, st.sampled_from([*range(101), 255]), WORD, WORD), max_size=3
                ).map(tuple)
            ),
            captured=draw(st.none() | TIMES),
            technology=draw(st.integers(0, 20)),
            device_vendor=draw(WORD),
            device_type=draw(WORD),
            certifications=draw(
                st.lists(st.builds(Certification, WORD, BYTE), max_size=2).map(tuple)
            )
            if certified
            else (),
            blocks=draw(BLOCKS),
        )
        views.append(view)
    return iso19794_4_2011.Record(tuple(views), certified)
