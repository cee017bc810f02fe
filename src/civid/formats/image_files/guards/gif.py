"""GIF: data comes in blocks of at most 255 bytes, and Pillow walks them in Python."""

from __future__ import annotations

from civid.errors import ImageError

#: 64 MiB of full blocks.
_MAX_BLOCKS = 1 << 18


def check(data: bytes) -> None:
    """No endless blocks."""
    size = len(data)
    at = 13 + _palette(data, 10)
    blocks = 0
    while at < size and data[at] != 0x3B:
        blocks += 1
        if data[at] == 0x21:
            at += 2
            if at < size and not data[at] and data[at - 1] != 0xFE:
                raise ImageError("the GIF file is damaged: an extension is empty")
        elif data[at] == 0x2C:
            at += 11 + _palette(data, at + 9)
        else:  # stray zeros between blocks are skipped by every reader
            at += 1
            if blocks > _MAX_BLOCKS:
                break
            continue
        while at < size and data[at]:
            at += data[at] + 1
            blocks += 1
            if blocks > _MAX_BLOCKS:
                raise ImageError("the GIF file is damaged: too many blocks")
        at += 1
    if blocks > _MAX_BLOCKS:
        raise ImageError("the GIF file is damaged: too many blocks")


def _palette(data: bytes, flags_at: int) -> int:
    """Bytes of the palette that these flags announce."""
    flags = data[flags_at] if flags_at < len(data) else 0
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
