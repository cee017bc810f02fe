"""The envelope of DG2, DG3 and DG4: ISO/IEC 7816-11 biometric information templates (CBEFF)."""

from __future__ import annotations

from dataclasses import dataclass, field

from civid.cards.chip.tlv import Tlv, children, only, unwrap
from civid.cards.chip.tlv import build as build_tlv
from civid.errors import FormatError

_GROUP, _TEMPLATE, _HEADER, _COUNT, _RANDOM = 0x7F61, 0x7F60, 0xA1, 0x02, 0x53
_BLOCKS = (0x5F2E, 0x7F2E)
_MOST = 16  # instances; documents have one face and two fingers
FACE, FINGER = 0x02, 0x08
FACE_19794_5, FINGER_19794_4 = 0x0008, 0x0007


@dataclass(frozen=True, slots=True)
class BiometricBlock:
    """One biometric data block with its header.

    Attributes
    ----------
    data : bytes
        The block, a record of its own standard.
    kind : int
        Biometric type: 2 face, 8 finger.
    format_owner, format_type : int
        Which standard the block follows; owner 0x0101 is ISO/IEC JTC 1/SC 37.
    subtype : int or None
        Which finger.
    extras : tuple of (int, bytes)
        Other header elements as they stand: creation date, validity, creator.
    """

    data: bytes = field(repr=False)
    kind: int
    format_type: int
    format_owner: int = 0x0101
    subtype: int | None = None
    version: int = 0x0101
    extras: tuple[tuple[int, bytes], ...] = field(default=(), repr=False)


def read_blocks(data: bytes, tag: int, name: str) -> tuple[BiometricBlock, ...]:
    """The blocks of one file.

    Raises
    ------
    FormatError
        Not such a file, or the number of blocks is not what it says.
    """
    group = only(children(unwrap(data, tag, name), name), _GROUP, name)
    inside = children(group, name)
    count = only(inside, _COUNT, name)
    announced = int.from_bytes(count.value[:4], "big")
    if len(count.value) > 4 or announced > _MOST:
        raise FormatError(f"more than {_MOST} blocks", offset=count.start, field=name)
    blocks = tuple(_block(one, name) for one in inside if one.tag == _TEMPLATE)
    if len(blocks) != announced:
        raise FormatError(
            f"{announced} blocks are announced, {len(blocks)} are there",
            offset=count.start,
            field=name,
        )
    return blocks


def write_blocks(
    tag: int, blocks: tuple[BiometricBlock, ...], filler: bytes | None = None
) -> bytes:
    """A file of these blocks; an empty one carries ``filler`` so that its hash tells nothing."""
    made = [build_tlv(_TEMPLATE, _header(one), build_tlv(_BLOCKS[0], one.data)) for one in blocks]
    if filler is not None:
        made.append(build_tlv(_RANDOM, filler))
    return build_tlv(tag, build_tlv(_GROUP, build_tlv(_COUNT, bytes([len(blocks)])), *made))


def _block(template: Tlv, name: str) -> BiometricBlock:
    inside = list(children(template, name))
    header = only(iter(inside), _HEADER, name)
    block = next((one for one in inside[1:] if one.tag in _BLOCKS), None)
    if block is None:
        raise FormatError("a template without data", offset=template.offset, field=name)
    numbers, extras = dict[int, int](), list[tuple[int, bytes]]()
    for one in children(header, name):
        if one.tag in (0x80, 0x81, 0x82, 0x87, 0x88) and 1 <= len(one.value) <= 3:
            numbers[one.tag] = int.from_bytes(one.value, "big")
        else:
            extras.append((one.tag, one.value))
    if 0x87 not in numbers or 0x88 not in numbers:
        raise FormatError("its header names no format", offset=header.offset, field=name)
    return BiometricBlock(
        block.value,
        numbers.get(0x81, 0),
        numbers[0x88],
        numbers[0x87],
        numbers.get(0x82),
        numbers.get(0x80, 0x0101),
        tuple(extras),
    )


def _header(one: BiometricBlock) -> bytes:
    parts = [
        build_tlv(0x80, one.version.to_bytes(2, "big")),
        build_tlv(0x81, one.kind.to_bytes(1 if one.kind < 256 else 3, "big")),
    ]
    if one.subtype is not None:
        parts.append(build_tlv(0x82, bytes([one.subtype])))
    parts += [build_tlv(tag, value) for tag, value in one.extras]
    parts += [
        build_tlv(0x87, one.format_owner.to_bytes(2, "big")),
        build_tlv(0x88, one.format_type.to_bytes(2, "big")),
    ]
    return build_tlv(_HEADER, *parts)
