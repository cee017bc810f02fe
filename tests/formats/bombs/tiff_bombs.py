"""TIFF: strips, tiles, tags, directories, codecs."""

from __future__ import annotations

import io
import struct

from PIL import Image
from tests.formats.bombs.kinds import MIB, bomb, deflated, enter, photograph, picture

Tags = list[tuple[int, int, list[int]]]
CODES = {1: "B", 2: "B", 3: "H", 4: "I", 7: "B", 16: "Q"}


def tiff(tags: Tags, body: bytes = b"", *, following: int = 0) -> bytes:
    """One directory; the body stands at byte 8 and values that do not fit at the end."""
    at = 8 + len(body)
    entries, rest = b"", b""
    place = at + 2 + 12 * len(tags) + 4
    for tag, kind, values in sorted(tags):
        raw = struct.pack(f"<{len(values)}{CODES[kind]}", *values)
        if len(raw) > 4:
            entries += struct.pack("<HHII", tag, kind, len(values), place + len(rest))
            rest += raw
        else:
            entries += struct.pack("<HHI", tag, kind, len(values)) + raw.ljust(4, b"\0")
    head = b"II*\0" + struct.pack("<I", at)
    return (
        head + body + struct.pack("<H", len(tags)) + entries + struct.pack("<I", following) + rest
    )


def grey(width: int, height: int, compression: int = 1, more: Tags | None = None) -> Tags:
    stated = [(256, 4, [width]), (257, 4, [height]), (258, 3, [8]), (259, 3, [compression]),
              (262, 3, [1]), (277, 3, [1])]  # fmt: skip
    return [*stated, *(more or [])]


def tiles(
    width: int, height: int, side: int, body: bytes, compression: int, count: int = 1
) -> bytes:
    more: Tags = [(322, 4, [side]), (323, 4, [side]), (324, 4, [8] * count),
                  (325, 4, [len(body)] * count)]  # fmt: skip
    return tiff(grey(width, height, compression, more), body)


def strips(width: int, height: int, rows: int, body: bytes, compression: int, count: int) -> bytes:
    more: Tags = [(278, 4, [rows]), (273, 4, [8] * count), (279, 4, [len(body)] * count)]
    return tiff(grey(width, height, compression, more), body)


for _side in (1024, 4096, 8192, 16384, 32768, 65536):
    enter(
        picture, f"one_tile_of_{_side}", lambda s: tiles(100, 100, s, deflated(s * 1024), 8), _side
    )
    enter(
        photograph,
        f"one_tile_of_{_side}_photograph",
        lambda s: tiles(100, 100, s, deflated(s * 1024), 8),
        _side,
    )


@bomb(picture)
def tiles_of_16() -> bytes:
    return tiles(4000, 4000, 16, deflated(256), 8, 250 * 250)


@bomb(picture)
def tiles_that_are_one() -> bytes:
    return tiles(4000, 4000, 16, deflated(256) + bytes(MIB), 8, 250 * 250)


@bomb(picture)
def a_million_strips() -> bytes:
    return strips(16, 65500, 1, bytes(16), 1, 1_000_000)


@bomb(picture)
def strips_of_one_row() -> bytes:
    return strips(244, 65500, 1, deflated(244), 8, 65500)


@bomb(picture)
def strips_of_one_row_raw() -> bytes:
    return strips(244, 65500, 1, bytes(244), 1, 65500)


@bomb(picture)
def strips_that_are_the_file() -> bytes:
    return strips(4000, 4000, 1, deflated(4000) + bytes(30 * MIB), 8, 4000)


@bomb(picture)
def a_strip_that_inflates_to_4_gb() -> bytes:
    return strips(4000, 4000, 4000, deflated(1 << 30) * 4, 8, 1)


@bomb(picture)
def lzw_without_pixels() -> bytes:
    return strips(4000, 4000, 4000, b"\x80\0" * (30 * MIB), 5, 1)


@bomb(picture)
def packed_bits() -> bytes:
    return strips(4000, 4000, 4000, b"\x80" * (60 * MIB), 32773, 1)


@bomb(picture)
def packed_bits_of_one() -> bytes:
    return strips(4000, 4000, 4000, b"\0\0" * 16_000_000, 32773, 1)


def saved(compression: str, mode: str = "L", size: tuple[int, int] = (4000, 4000)) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, "TIFF", compression=compression)
    return file.getvalue()


for _compression, _mode in (
    ("group3", "1"),
    ("group4", "1"),
    ("tiff_lzw", "RGBA"),
    ("tiff_adobe_deflate", "RGBA"),
    ("packbits", "RGBA"),
    ("jpeg", "RGB"),
    ("jpeg", "CMYK"),
    ("raw", "RGB"),
    ("raw", "I;16"),
    ("raw", "F"),
    ("raw", "I"),
    ("raw", "LAB"),
    ("tiff_lzw", "I;16"),
    ("zstd", "L"),
    ("lzma", "L"),
):
    enter(
        picture,
        f"largest_{_compression}_{_mode}".replace(";", ""),
        lambda c, m: saved(c, m),
        _compression,
        _mode,
    )


@bomb(picture)
def planes() -> bytes:
    stated = grey(4000, 4000, 8)
    stated = [tag for tag in stated if tag[0] not in (258, 262, 277)]
    body = deflated(16_000_000)
    stated += [(258, 3, [8] * 4), (262, 3, [2]), (277, 3, [4]), (284, 3, [2]), (338, 3, [1]),
               (278, 4, [4000]), (273, 4, [8] * 4), (279, 4, [len(body)] * 4)]  # fmt: skip
    return tiff(stated, body)


@bomb(picture)
def thousands_of_samples() -> bytes:
    stated = [tag for tag in grey(4000, 4000) if tag[0] not in (258, 277)]
    stated += [(258, 3, [8] * 60000), (277, 3, [60000]), (273, 4, [8]), (279, 4, [1000])]
    return tiff(stated, bytes(1000))


@bomb(picture)
def numbers_of_a_tag() -> bytes:
    return tiff(grey(64, 64, 1, [(273, 4, [8]), (279, 4, [4096]), (50000, 3, [1] * 6_000_000)]),
                bytes(4096))  # fmt: skip


@bomb(picture)
def a_long_description() -> bytes:
    more: Tags = [(273, 4, [8]), (279, 4, [4096]), (270, 2, [65] * (10 * MIB))]
    return tiff(grey(64, 64, 1, more), bytes(4096))


@bomb(picture)
def tags_by_the_ten_thousand() -> bytes:
    more: Tags = [(tag, 3, [1]) for tag in range(1000, 60000)]
    return tiff(grey(64, 64, 1, [*more, (273, 4, [8]), (279, 4, [4096])]), bytes(4096))


@bomb(picture)
def directories_below_one_another() -> bytes:
    count = 60000
    below = b"".join(
        struct.pack("<HHHIII", 1, 0x8769, 4, 1, 8 + 18 * (i + 1), 0) for i in range(count)
    )
    return tiff(grey(64, 64, 1, [(273, 4, [8]), (279, 4, [4096]), (0x8769, 4, [8])]), below)


@bomb(picture)
def directories_below_side_by_side() -> bytes:
    below = b"".join(struct.pack("<HHHII", 1, 0x9000 + i % 1000, 3, 1, i) + bytes(4)
                     for i in range(4000))  # fmt: skip
    places = [8 + 18 * i for i in range(4000)]
    more: Tags = [(273, 4, [8]), (279, 4, [4096]), (0x014A, 4, places)]
    return tiff(grey(64, 64, 1, more), below)


@bomb(picture)
def pages_without_end() -> bytes:
    body = bytes(4096)
    stated = grey(64, 64, 1, [(273, 4, [8]), (279, 4, [4096])])
    return tiff(stated, body, following=8 + len(body))


@bomb(picture)
def tags_that_overlap() -> bytes:
    more: Tags = [(273, 4, [8]), (279, 4, [4096])]
    data = tiff(grey(64, 64, 1, more), bytes(20 * MIB))
    at = struct.unpack_from("<I", data, 4)[0]
    count = 3000
    entries = b"".join(struct.pack("<HHII", 1000 + i, 7, 20 * MIB, 8) for i in range(count))
    return data[:at] + struct.pack("<H", count + 8) + data[at + 2 : at + 98] + entries + bytes(8)
