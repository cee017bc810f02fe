"""Extended data: bytes put together by hand, round trips, and what lies."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FormatError
from civid.formats.minutiae import ansi378_2004, ansi378_2009
from civid.formats.minutiae.common import ExtendedBlock
from civid.formats.minutiae.extended import (
    ANSI_2004,
    ANSI_2009,
    ISO_2005,
    ISO_2011,
    Core,
    CoresAndDeltas,
    Delta,
    Edition,
    Item,
    RidgeCount,
    RidgeCounts,
    ZonalQuality,
    blocks_of,
    typed,
)

EDITIONS = {"iso2005": ISO_2005, "iso2011": ISO_2011, "ansi2004": ANSI_2004, "ansi2009": ANSI_2009}


def items(block: ExtendedBlock, edition: Edition) -> tuple[tuple[Item, ...], set[str]]:
    found = typed([block], edition, width=300, height=400, minutiae=30)
    return found.items, {finding.field for finding in found.findings}


@pytest.mark.parametrize(
    ("edition", "data", "item"),
    [
        ("iso2005", "01 0005 0206 07", RidgeCounts(1, (RidgeCount(0, 5, 2),))),
        (
            "iso2005",
            "02 4059 0078 21 0001 0002 01 4003 0004 10 20 30",
            CoresAndDeltas((Core(89, 120, 33), Core(1, 2)), (Delta(3, 4, (16, 32, 48)),)),
        ),
        (
            "ansi2004",
            "41 0059 0078 21 01 0003 0004",
            CoresAndDeltas((Core(89, 120, 33),), (Delta(3, 4),)),
        ),
        ("iso2005", "96c802 e4", ZonalQuality(150, 200, 2, bytes((3, 2, 1, 0)))),
        ("iso2011", "000f 0010 96c804 12 34", ZonalQuality(150, 200, 4, b"\1\2\3\4", 15, 16)),
    ],
)
def test_bytes_and_their_meaning(edition: str, data: str, item: Item) -> None:
    kind = {RidgeCounts: 1, CoresAndDeltas: 2, ZonalQuality: 3}[type(item)]  # type: ignore[index]
    content = bytes.fromhex(data)[: 4 if kind == 1 else None]
    block = ExtendedBlock(kind, content)
    assert items(block, EDITIONS[edition]) == ((item,), set())
    assert blocks_of([item], EDITIONS[edition], width=300, height=400, minutiae=30) == (block,)


@pytest.mark.parametrize(
    ("edition", "kind", "data", "field"),
    [
        ("iso2005", 1, "", "ridge count extraction method"),
        ("iso2005", 1, "03", "ridge count extraction method"),
        ("iso2005", 1, "01 0102", "extended data block length"),
        ("iso2005", 1, "01 01 1e 03", "ridge count data"),
        ("iso2005", 1, "01 01 ff ff", "ridge count data"),
        ("iso2005", 2, "01 0100", "core y coordinate"),
        ("iso2005", 2, "01 012c 0001 00", "core coordinate"),
        ("iso2005", 2, "00 01 0001 0190", "delta coordinate"),
        ("iso2005", 2, "00", "number of deltas"),
        ("iso2005", 2, "0000 00", "extended data block length"),
        ("ansi2004", 2, "41 0001 0001 b4 00", "core angle"),
        ("iso2005", 3, "0010 04", "zonal quality"),
        ("iso2005", 3, "1010 09", "zonal quality"),
        ("iso2005", 3, "0101 08", "zonal quality"),
    ],
)
def test_what_lies_is_told(edition: str, kind: int, data: str, field: str) -> None:
    block = ExtendedBlock(kind, bytes.fromhex(data))
    found, fields = items(block, EDITIONS[edition])
    assert fields == {field}
    unreadable = isinstance(found[0], ExtendedBlock)
    assert not unreadable or found[0] == block


def test_a_vendors_block_and_zones_where_there_are_none_stay_blocks() -> None:
    for edition, kind in ((ISO_2005, 0x0221), (ANSI_2009, 3), (ISO_2011, 7)):
        block = ExtendedBlock(kind, b"abc")
        assert items(block, edition) == ((block,), set())


def test_2011_may_say_that_there_is_no_neighbour() -> None:
    block = ExtendedBlock(1, bytes((2, 4, 255, 255)))
    assert items(block, ISO_2011) == ((RidgeCounts(2, (RidgeCount(4, 255, 255),)),), set())


@pytest.mark.parametrize(
    ("edition", "item", "field"),
    [
        (ISO_2005, RidgeCounts(3), "method"),
        (ISO_2005, RidgeCounts(0, (RidgeCount(0, 30, 1),)), "ridge count data"),
        (ISO_2005, RidgeCounts(0, (RidgeCount(0, 1, 256),)), "ridge count data"),
        (ISO_2005, CoresAndDeltas((Core(300, 0),)), "core coordinate"),
        (ISO_2005, CoresAndDeltas((Core(0, 0, 256),)), "core angle"),
        (ANSI_2004, CoresAndDeltas((Core(0, 0, 1), Core(0, 0))), "core angle"),
        (ISO_2005, CoresAndDeltas((), (Delta(0, 0),) * 16), "number of deltas"),
        (ANSI_2004, ZonalQuality(150, 200, 8, bytes(4)), "zonal quality"),
        (ISO_2005, ZonalQuality(150, 200, 8, bytes(5)), "zonal quality"),
        (ISO_2005, ZonalQuality(150, 200, 2, b"\4\0\0\0"), "zonal quality"),
        (ISO_2005, ZonalQuality(150, 200, 8, bytes(4), vendor=1), "zonal quality"),
        (ISO_2005, ZonalQuality(0, 200, 8, bytes(4)), "zonal quality"),
        (ISO_2005, ZonalQuality(150, 200, 9, bytes(4)), "depth"),
    ],
)
def test_building_is_strict(edition: Edition, item: Item, field: str) -> None:
    with pytest.raises(FormatError, match=field):
        blocks_of([item], edition, width=300, height=400, minutiae=30)


@st.composite
def made_items(draw: st.DrawFn, edition: Edition) -> tuple[Item, ...]:
    index, angle = st.integers(0, 29), st.integers(0, edition.angles - 1)
    x, y = st.integers(0, 299), st.integers(0, 399)
    counts = st.lists(st.builds(RidgeCount, index, index, st.integers(0, 255)), max_size=9)
    made: list[Item] = [RidgeCounts(draw(st.integers(0, 2)), tuple(draw(counts)))]
    with_angles = draw(st.booleans())
    one = angle if with_angles else st.none()
    three = st.tuples(angle, angle, angle) if with_angles else st.none()
    cores = draw(st.lists(st.builds(Core, x, y, one), max_size=15))
    deltas = draw(st.lists(st.builds(Delta, x, y, three), max_size=15))
    made.append(CoresAndDeltas(tuple(cores), tuple(deltas)))
    if edition.zones:
        across, down = draw(st.integers(20, 255)), draw(st.integers(20, 255))
        bits = draw(st.integers(1, 8))
        cells = -(-300 // across) * -(-400 // down)
        value = st.integers(0, (1 << bits) - 1)
        values = bytes(draw(st.lists(value, min_size=cells, max_size=cells)))
        owner = draw(st.integers(0, 0xFFFF)) if edition.zones == 7 else 0
        made.append(ZonalQuality(across, down, bits, values, owner, owner))
    made.append(ExtendedBlock(0x0101, draw(st.binary(max_size=9))))
    return tuple(draw(st.permutations(made)))


@pytest.mark.parametrize("name", EDITIONS)
@given(data=st.data())
def test_round_trip(name: str, data: st.DataObject) -> None:
    made = data.draw(made_items(EDITIONS[name]))
    blocks = blocks_of(made, EDITIONS[name], width=300, height=400, minutiae=30)
    found = typed(blocks, EDITIONS[name], width=300, height=400, minutiae=30)
    assert found == (made, ())


@pytest.mark.parametrize("name", EDITIONS)
@given(kind=st.integers(1, 3), data=st.binary(max_size=80), minutiae=st.integers(0, 255))
def test_random_bytes(name: str, kind: int, data: bytes, minutiae: int) -> None:
    blocks = [ExtendedBlock(kind, data)]
    found = typed(blocks, EDITIONS[name], width=300, height=400, minutiae=minutiae)
    assert len(found.items) == 1
    if not found.findings and found.items[0] not in blocks:
        again = blocks_of(found.items, EDITIONS[name], width=300, height=400, minutiae=minutiae)
        assert typed(again, EDITIONS[name], width=300, height=400, minutiae=minutiae) == found


def test_a_huge_image_of_tiny_cells_is_refused_at_once() -> None:
    block = ExtendedBlock(3, bytes((1, 1, 8)) + bytes(60000))
    found = typed([block], ISO_2005, width=65535, height=65535, minutiae=0)
    assert found.items == (block,)
    assert [finding.field for finding in found.findings] == ["zonal quality"]


def test_samples(data: Path) -> None:
    folder = data / "formats" / "fmr"
    view = ansi378_2009.parse((folder / "ansi378v2009am1-sample.dat").read_bytes()).views[1]
    found = typed(view.blocks, ANSI_2009, width=view.width, height=view.height, minutiae=22)
    (counts,) = found.items
    assert isinstance(counts, RidgeCounts)
    assert counts.counts[0] == (18, 2, 3)
    assert found.findings == ()
    # Written by a program that counts minutiae from 1 and says 0 where there is no neighbour.
    record = ansi378_2004.parse((folder / "fmr.ansi2004").read_bytes())
    view2 = record.views[2]
    found = typed(
        view2.blocks, ANSI_2004, width=record.width, height=record.height, minutiae=28, view=2
    )
    counts, points = found.items
    assert isinstance(counts, RidgeCounts)
    assert (counts.method, len(counts.counts)) == (2, 28 * 8)
    assert points == view2.blocks[1]  # its last delta is two bytes short
    assert [finding.field for finding in found.findings] == ["ridge count data", "delta angle"]
    assert "counted from 1" in str(found.findings[0])
