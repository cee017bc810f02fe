"""JPEG: fill, segments, scans, Exif data."""

from __future__ import annotations

import io
import struct

from PIL import Image
from tests.formats.bombs.kinds import MIB, bomb, enter, photograph, picture


def small(width: int = 64, height: int = 64, mode: str = "L", **options: object) -> bytes:
    file = io.BytesIO()
    image = Image.radial_gradient("L").resize((width, height)).convert(mode)
    image.save(file, "JPEG", **options)
    return file.getvalue()


def segment(marker: int, body: bytes = b"") -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def with_head(head: bytes, rest: bytes | None = None) -> bytes:
    return b"\xff\xd8" + head + (rest or small())[2:]


@bomb(picture)
def fill_4_mib() -> bytes:
    return with_head(b"\xff" * (4 * MIB))


@bomb(picture)
def fill_63_mib() -> bytes:
    return with_head(b"\xff" * (63 * MIB))


@bomb(photograph)
def fill_63_mib_photograph() -> bytes:
    return with_head(b"\xff" * (63 * MIB))


@bomb(picture)
def fill_before_each_segment() -> bytes:
    return with_head((b"\xff" * 4000 + segment(0xE5)) * 15000)


@bomb(picture)
def fill_in_the_scan() -> bytes:
    data = small()
    at = data.index(b"\xff\xda") + 12
    return data[:at] + b"\xff" * (63 * MIB) + data[at:]


@bomb(picture)
def zeros_in_the_scan() -> bytes:
    data = small()
    at = data.index(b"\xff\xda") + 12
    return data[:at] + b"\xff\0" * (31 * MIB) + data[at:]


@bomb(picture)
def restarts_in_the_scan() -> bytes:
    data = small()
    at = data.index(b"\xff\xda") + 12
    return data[:at] + b"\xff\xd0" * (31 * MIB) + data[at:]


def enter_segments(name: str, marker: int, body: bytes, count: int) -> None:
    enter(picture, name, lambda: with_head(segment(marker, body) * count))


for _marker in (0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xE5, 0xFE, 0xDB, 0xC4, 0xDD):
    enter_segments(f"empty_segments_{_marker:x}", _marker, b"", 15 * MIB)
    enter_segments(f"full_segments_{_marker:x}", _marker, bytes(65000), 1000)
enter_segments("tables_dqt", 0xDB, bytes(65), 900_000)
enter_segments("tables_dht", 0xC4, bytes(17), 3_000_000)
enter_segments("tables_in_one_dqt", 0xDB, bytes(65) * 1000, 63)
enter_segments("restart_intervals", 0xDD, b"\0\1", 10_000_000)
enter_segments("colour_profiles", 0xE2, b"ICC_PROFILE\0\1\1", 3_000_000)
enter_segments("colour_profiles_large", 0xE2, b"ICC_PROFILE\0\1\1" + bytes(65000), 1000)
enter_segments("photoshop", 0xED, b"Photoshop 3.0\0" + b"8BIM\0\1\0\0\0\0\0\0" * 5000, 1000)
enter_segments("photoshop_in_few", 0xED, b"Photoshop 3.0\0" + b"8BIM\0\1\0\0\0\0\0\0" * 5000, 63)
enter_segments("multi_picture", 0xE2, b"MPF\0II*\0\x08\0\0\0\0\0\0\0\0\0", 500)
enter_segments("exif_segments", 0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0", 4000)
enter_segments("exif_segments_large", 0xE1, b"Exif\0\0" + bytes(65000), 1000)
enter_segments("exif_segments_64", 0xE1, b"Exif\0\0II*\0\x08\0\0\0" + bytes(65000), 64)
enter_segments("xmp", 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b"<a>" * 20000, 64)


@bomb(picture)
def exif_tags_overlap() -> bytes:
    tags = b"".join(struct.pack("<HHII", 0x9000 + i, 7, 65000, 8) for i in range(5000))
    ifd = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 5000) + tags + bytes(4)
    return with_head(segment(0xE1, b"Exif\0\0" + ifd))


@bomb(picture)
def exif_directories_in_a_circle() -> bytes:
    tags = b"".join(struct.pack("<HHII", tag, 4, 1, 8) for tag in (0x8769, 0x8825, 0xA005))
    ifd = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 3) + tags + bytes(4)
    return with_head(segment(0xE1, b"Exif\0\0" + ifd))


def scans(width: int, height: int, count: int, **options: object) -> bytes:
    data = small(width, height, **options)
    at = data.rindex(b"\xff\xda")
    return data[:at] + data[at:-2] * count + b"\xff\xd9"


@bomb(picture)
def scans_of_a_large_image() -> bytes:
    return scans(4000, 4000, 60)


@bomb(picture)
def scans_of_a_large_progressive_image() -> bytes:
    return scans(4000, 4000, 50, progressive=True)


@bomb(picture)
def scans_of_a_small_image() -> bytes:
    return scans(64, 64, 60000, progressive=True)


@bomb(picture)
def scans_of_one_megapixel() -> bytes:
    return scans(1000, 1000, 54, progressive=True)


@bomb(picture)
def scans_without_data() -> bytes:
    data = small(4000, 4000, progressive=True)
    at = data.index(b"\xff\xda")
    head = data[at : at + 10]
    return data[:at] + head * 60 + b"\xff\xd9"


@bomb(picture)
def largest_progressive() -> bytes:
    return small(4000, 4000, "RGB", progressive=True, quality=100, subsampling=0)


@bomb(picture)
def largest_cmyk() -> bytes:
    return small(4000, 4000, "CMYK", quality=100)


@bomb(picture)
def longest_side() -> bytes:
    return small(65500, 244, progressive=True)


@bomb(picture)
def a_size_that_the_scan_does_not_fill() -> bytes:
    data = bytearray(small(64, 64))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 4000, 4000)
    return bytes(data)


@bomb(picture)
def pictures_one_after_another() -> bytes:
    return small() * 40000


def between_scans(head: bytes) -> bytes:
    data = small(progressive=True)
    at = data.rindex(b"\xff\xda")
    return data[:at] + head + data[at:]


@bomb(picture)
def segments_between_scans() -> bytes:
    return between_scans(segment(0xFE) * 10_000_000)


@bomb(picture)
def large_segments_between_scans() -> bytes:
    return between_scans(segment(0xFE, bytes(65000)) * 900)


@bomb(picture)
def fill_between_scans() -> bytes:
    return between_scans(b"\xff" * (60 * MIB))


@bomb(picture)
def short_fills_in_the_scan() -> bytes:
    data = small()
    at = data.index(b"\xff\xda") + 12
    return data[:at] + (b"\xff" * 4000 + b"\0") * 15000 + data[at:]


@bomb(picture)
def an_end_hidden_before_fill() -> bytes:
    return between_scans(segment(0xFE, b"\xff\xd9") + b"\xff" * (60 * MIB))
