"""Blocks of extended data -> what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from civid.errors import FormatError
from civid.formats._reader import Finding, Reader
from civid.formats.minutiae.common import ExtendedBlock
from civid.formats.minutiae.extended.checks import check_item
from civid.formats.minutiae.extended.items import (
    CORES_AND_DELTAS,
    RIDGE_COUNTS,
    ZONAL_QUALITY,
    Core,
    CoresAndDeltas,
    Delta,
    Edition,
    Extended,
    Item,
    RidgeCount,
    RidgeCounts,
    ZonalQuality,
)


def typed(
    blocks: Sequence[ExtendedBlock],
    edition: Edition,
    *,
    width: int,
    height: int,
    minutiae: int,
    view: int | None = None,
) -> Extended:
    """What the blocks of a view mean. Never raises.

    Parameters
    ----------
    blocks : sequence of ExtendedBlock
    edition : Edition
        ``ISO_2005``, ``ISO_2011``, ``ANSI_2004``, ``ANSI_2009``.
    width, height : int
        Size of the image in px: zonal quality cannot be read without.
    minutiae : int
        How many the view has: ridge counts point at them.
    view : int, optional
        Written into the findings.

    Returns
    -------
    Extended
        A block that cannot be read stays an `ExtendedBlock`, and a finding says why.
    """
    items: list[Item] = []
    findings: list[Finding] = []
    for block in blocks:
        read = reader_of(block, edition)
        if read is None:
            items.append(block)
            continue
        reader = Reader(block.data)
        reader.trace = None
        try:
            item = read(reader, edition, width, height)
        except FormatError as error:
            items.append(block)
            findings.append(Finding(error.field or "extended data", str(error), view=view))
            continue
        if reader.left:
            text = f"{reader.left} bytes are left over in the block"
            findings.append(Finding("extended data block length", text, view=view))
        items.append(item)
        findings += check_item(item, edition, width, height, minutiae, view)
    return Extended(tuple(items), tuple(findings))


_Read = Callable[[Reader, Edition, int, int], Item]


def reader_of(block: ExtendedBlock, edition: Edition) -> _Read | None:
    if block.type == ZONAL_QUALITY and not edition.zones:
        return None
    readers: dict[int, _Read] = {
        RIDGE_COUNTS: _read_ridge_counts,
        CORES_AND_DELTAS: _read_cores_and_deltas,
        ZONAL_QUALITY: _read_zonal_quality,
    }
    return readers.get(block.type)


def _read_ridge_counts(reader: Reader, edition: Edition, width: int, height: int) -> RidgeCounts:
    method = reader.u8("ridge count extraction method")
    area = reader.take(reader.left // 3 * 3, "ridge count data")
    rows = zip(area[0::3], area[1::3], area[2::3], strict=True)
    return RidgeCounts(method, tuple([RidgeCount(*row) for row in rows]))


def _read_cores_and_deltas(
    reader: Reader, edition: Edition, width: int, height: int
) -> CoresAndDeltas:
    cores = []
    for x, y, angles in _read_points(reader, edition, "core", 1):
        cores.append(Core(x, y, angles[0] if angles else None))
    deltas = []
    for x, y, angles in _read_points(reader, edition, "delta", 3):
        deltas.append(Delta(x, y, (angles[0], angles[1], angles[2]) if angles else None))
    return CoresAndDeltas(tuple(cores), tuple(deltas))


def _read_points(
    reader: Reader, edition: Edition, name: str, angles: int
) -> Iterator[tuple[int, int, bytes]]:
    count = reader.u8(f"number of {name}s")
    with_angles = bool(count & 0x40) if edition.ansi else False
    for _ in range(count & 0x3F):
        x = reader.u16(f"{name} x coordinate")
        y = reader.u16(f"{name} y coordinate")
        if not edition.ansi:
            with_angles = bool(x & 0x4000)
        count_angles = angles if with_angles else 0
        taken = bytes([reader.u8(f"{name} angle") for _ in range(count_angles)])
        yield x & 0x3FFF, y & 0x3FFF, taken


def _read_zonal_quality(reader: Reader, edition: Edition, width: int, height: int) -> ZonalQuality:
    vendor = algorithm = 0
    if edition.zones == 7:
        vendor, algorithm = reader.u16("quality vendor"), reader.u16("quality algorithm")
    across, down = reader.u8("cell width"), reader.u8("cell height")
    bits = reader.u8("cell quality information depth")
    if not across or not down or not 1 <= bits <= 8:
        raise FormatError("a cell of no size, or of no or too many bits", field="zonal quality")
    cells = -(-width // across) * -(-height // down)
    packed = reader.take(-(-cells * bits // 8), "zonal quality")
    number, mask = int.from_bytes(packed, "big"), (1 << bits) - 1
    if bits == 8:
        values = packed
    else:
        # Digits of a long number: shift once a cell would take a second for a large image.
        text = f"{number:0{8 * len(packed)}b}"
        values = bytes([int(text[at : at + bits], 2) & mask for at in range(0, cells * bits, bits)])
    return ZonalQuality(across, down, bits, values, vendor, algorithm)
