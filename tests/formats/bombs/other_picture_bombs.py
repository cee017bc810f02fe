"""GIF, BMP, JPEG 2000, PGM."""

from __future__ import annotations

import io
import struct

from PIL import Image
from tests.formats.bombs.kinds import MIB, bomb, enter, photograph, picture


def gif(width: int = 64, height: int = 64, head: bytes = b"") -> bytes:
    file = io.BytesIO()
    Image.new("L", (width, height)).save(file, "GIF")
    data = file.getvalue()
    at = 13 + 768 if data[10] & 0x80 and data[10] & 7 == 7 else 13 + (3 << (data[10] & 7) + 1)
    return data[:at] + head + data[at:]


def frame(width: int, height: int, body: bytes) -> bytes:
    return b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x08" + body + b"\0"


@bomb(picture)
def gif_comments() -> bytes:
    return gif(head=b"!\xfe\1a\0" * 12_000_000)


@bomb(picture)
def gif_comments_few_times() -> bytes:
    return gif(head=b"!\xfe\1a\0" * 130_000)


@bomb(picture)
def gif_one_long_comment() -> bytes:
    return gif(head=b"!\xfe" + (b"\xff" + b"a" * 255) * 250_000 + b"\0")


@bomb(picture)
def gif_one_comment_in_bytes() -> bytes:
    return gif(head=b"!\xfe" + b"\1a" * 261_000 + b"\0")


@bomb(picture)
def gif_applications() -> bytes:
    return gif(head=b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0" * 3_000_000)


@bomb(picture)
def gif_empty_extensions() -> bytes:
    return gif(head=b"!\x01\0" * 20_000_000)


@bomb(picture)
def gif_zeros() -> bytes:
    return gif(head=bytes(60 * MIB))


@bomb(picture)
def gif_pixels_in_bytes() -> bytes:
    return (
        b"GIF89a"
        + struct.pack("<HHBBB", 4000, 4000, 0, 0, 0)
        + frame(4000, 4000, b"\1\0" * 30_000_000)
    )


@bomb(picture)
def gif_frames() -> bytes:
    return gif(head=frame(1, 1, b"\2\x4c\1") * 4_000_000)


@bomb(picture)
def gif_frames_few() -> bytes:
    return gif(head=frame(4000, 4000, b"\2\x4c\1") * 80_000)


@bomb(picture)
def gif_frame_beyond_the_screen() -> bytes:
    return (
        b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0) + frame(65535, 65535, b"\2\x4c\1") + b";"
    )


@bomb(picture)
def gif_codes_that_clear() -> bytes:
    screen = b"GIF89a" + struct.pack("<HHBBB", 4000, 4000, 0, 0, 0)
    return screen + frame(4000, 4000, (b"\xff" + b"\0\1\4\x10" * 63 + b"\0\1\4") * 240_000)


@bomb(picture)
def gif_largest() -> bytes:
    return gif(4000, 4000)


def bmp(width: int, height: int, bits: int, compression: int, body: bytes) -> bytes:
    colours = 1 << bits if bits <= 8 else 0
    start = 54 + 4 * colours
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(body), 0, 0,
                       colours, 0)  # fmt: skip
    file = b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start)
    return file + head + bytes(4 * colours) + body


for _side in (2000, 2001, 4000):  # the most that is decoded of packed rows, more, far more
    enter(
        picture,
        f"bmp_runs_of_one_{_side}",
        lambda s: bmp(s, s, 8, 1, (b"\1\0" * (2 << 20))[: 4 * MIB - 2000]),
        _side,
    )
    enter(
        picture,
        f"bmp_runs_of_one_4_bits_{_side}",
        lambda s: bmp(s, s, 4, 2, (b"\1\0" * (2 << 20))[: 4 * MIB - 2000]),
        _side,
    )
    enter(
        picture,
        f"bmp_long_runs_4_bits_{_side}",
        lambda s: bmp(s, s, 4, 2, b"\xff\x12" * (s * s // 255) + b"\0\1"),
        _side,
    )
    enter(
        picture,
        f"bmp_literals_4_bits_{_side}",
        lambda s: bmp(s, s, 4, 2, (b"\0\xfe" + bytes(128)) * (s * s // 254) + b"\0\1"),
        _side,
    )
    enter(
        picture,
        f"bmp_steps_{_side}",
        lambda s: bmp(s, s, 8, 1, (b"\0\2\0\0" * (1 << 20))[: 4 * MIB - 2000]),
        _side,
    )
    enter(
        picture,
        f"bmp_large_steps_{_side}",
        lambda s: bmp(s, s, 8, 1, (b"\0\2\xff\xff" * (1 << 20))[: 4 * MIB - 2000]),
        _side,
    )
    enter(
        picture,
        f"bmp_ends_of_lines_{_side}",
        lambda s: bmp(s, s, 8, 1, (b"\0\0" * (2 << 20))[: 4 * MIB - 2000]),
        _side,
    )


@bomb(picture)
def bmp_largest() -> bytes:
    return bmp(4000, 4000, 32, 0, bytes(64_000_000))


@bomb(picture)
def bmp_largest_bits() -> bytes:
    return bmp(4000, 4000, 1, 0, bytes(2_000_000))


@bomb(picture)
def bmp_narrow() -> bytes:
    return bmp(1, 65500, 8, 0, bytes(4 * 65500))


@bomb(photograph)
def bmp_runs_photograph() -> bytes:
    return bmp(10000, 10000, 8, 1, b"\1\0" * (30 << 20))


def comment_head(comments: bytes, digit: int = 5) -> bytes:
    return b"P%d\n" % digit + comments + b"64 64 255\n" + bytes(64 * 64)


@bomb(picture)
def pgm_comments() -> bytes:
    return comment_head(b"#\n" * (1 << 19))


@bomb(picture)
def pgm_comments_60_mib() -> bytes:
    return comment_head(b"#\n" * (30 << 20))


@bomb(picture)
def pgm_comments_64_kib() -> bytes:
    return comment_head(b"#\n" * (1 << 15))


@bomb(picture)
def pgm_one_long_comment() -> bytes:
    return comment_head(b"#" + b"a" * (60 * MIB) + b"\n")


@bomb(picture)
def pgm_spaces() -> bytes:
    return comment_head(b" " * (60 * MIB))


@bomb(picture)
def pgm_spaces_and_comments_without_a_number() -> bytes:
    return b"P5" + b" #\r" * 20000


@bomb(picture)
def pgm_digits() -> bytes:
    return b"P5 " + b"1" * (60 * MIB)


@bomb(picture)
def pgm_plain() -> bytes:
    return b"P2 4000 4000 255\n" + b"0 " * 16_000_000


@bomb(picture)
def pgm_plain_colour() -> bytes:
    return b"P3 4000 2790 255\n" + b"0 " * (4000 * 2790 * 3)


@bomb(picture)
def pgm_plain_spaces() -> bytes:
    return b"P2 4000 4000 255\n" + b" " * (60 * MIB)


@bomb(picture)
def pgm_plain_without_spaces() -> bytes:
    return b"P2 4000 4000 255\n" + b"1" * (60 * MIB)


@bomb(picture)
def pgm_plain_comments() -> bytes:
    return b"P2 4000 4000 255\n" + b"0#\n" * 16_000_000


@bomb(picture)
def pgm_plain_unended_comment() -> bytes:
    return b"P2 4000 4000 255\n" + b"#" * (60 * MIB)


@bomb(picture)
def pgm_plain_letters() -> bytes:
    return b"P2 4000 4000 255\n" + b"x " * 16_000_000


@bomb(picture)
def pgm_plain_letters_behind() -> bytes:
    return b"P2 4000 4000 255\n" + b"0 " * 16_000_000 + b"x " * 15_000_000


@bomb(picture)
def pgm_plain_bits() -> bytes:
    return b"P1 4000 4000\n" + b"1" * 16_000_000


@bomb(picture)
def pgm_plain_bits_comments() -> bytes:
    return b"P1 4000 4000\n" + b"1#\n" * 16_000_000


@bomb(picture)
def pgm_deep() -> bytes:
    return b"P5 4000 4000 65535\n" + b"\x80\0" * 16_000_000


@bomb(picture)
def pgm_of_an_unusual_range() -> bytes:
    return b"P6 4000 4000 77\n" + bytes(48_000_000)


@bomb(picture)
def pgm_of_an_unusual_deep_range() -> bytes:
    return b"P6 4000 2600 7777\n" + bytes(62_400_000)


def jp2(width: int = 64, height: int = 64, mode: str = "L", **options: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, (width, height)).save(file, "JPEG2000", **options)
    return file.getvalue()


def repeated(one: Image.Image, times: int, **options: object) -> bytes:
    """A picture beside and below itself, a tile each: coding it whole would cost far more.

    Tiles are only alike where the sides are multiples of a code block at the lowest resolution.
    """
    file = io.BytesIO()
    one.save(file, "JPEG2000", no_jp2=True, **options)
    data = file.getvalue()
    at, size = data.index(b"\xff\x90"), data.index(SIZE) + 6
    tile = data[at:-2]
    rest = tile[10:]
    parts = (tile[:4] + struct.pack(">HI", i, len(tile)) + rest for i in range(times * times))
    sides = struct.pack(">II", one.width * times, one.height * times)
    return data[:size] + sides + data[size + 8 : at] + b"".join(parts) + data[-2:]


def box(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def with_boxes(boxes: bytes) -> bytes:
    data = jp2()
    return data[:12] + boxes + data[12:]


def patched(data: bytes, marker: bytes, offset: int, change: bytes) -> bytes:
    at = data.index(marker) + offset
    return data[:at] + change + data[at + len(change) :]


SIZE, CODING = b"\xff\x51", b"\xff\x52"


@bomb(picture)
def jp2_boxes() -> bytes:
    return with_boxes(box(b"free") * 7_000_000)


@bomb(picture)
def jp2_boxes_in_the_head() -> bytes:
    return with_boxes(box(b"jp2h", box(b"free") * 7_000_000))


@bomb(picture)
def jp2_heads_in_heads() -> bytes:
    body = b""
    for _ in range(3000):
        body = box(b"jp2h", body)
    return with_boxes(body)


@bomb(picture)
def jp2_palette() -> bytes:
    return with_boxes(box(b"jp2h", box(b"pclr", struct.pack(">HB", 65535, 255) + bytes(20 * MIB))))


@bomb(picture)
def jp2_largest() -> bytes:
    return jp2(4000, 4000, "RGBA")


@bomb(picture)
def jp2_largest_noise() -> bytes:
    return repeated(noise(768), 5, irreversible=True, num_resolutions=3)


@bomb(picture)
def jp2_many_tiles() -> bytes:
    return jp2(4000, 4000, tile_size=(40, 40))


@bomb(picture)
def jp2_tiles_of_one_pixel() -> bytes:
    data = jp2(4000, 4000)
    return patched(data, SIZE, 2 + 2 + 2 + 16, struct.pack(">II", 1, 1))


@bomb(picture)
def jp2_tiles_below_the_limit() -> bytes:
    data = jp2(4000, 4000)
    return patched(data, SIZE, 2 + 2 + 2 + 16, struct.pack(">II", 32, 33))


@bomb(picture)
def jp2_another_size_inside() -> bytes:
    return patched(jp2(), SIZE, 6, struct.pack(">II", 60000, 60000))


@bomb(picture)
def jp2_precincts() -> bytes:
    return repeated(noise(768), 5, precinct_size=(1, 1), codeblock_size=(4, 4))


@bomb(picture)
def jp2_small_precincts() -> bytes:
    return repeated(noise(768), 5, precinct_size=(4, 4), codeblock_size=(4, 4))


@bomb(picture)
def jp2_small_blocks() -> bytes:
    return repeated(noise(768), 5, codeblock_size=(4, 4))


@bomb(picture)
def jp2_layers() -> bytes:
    return patched(jp2(4000, 4000), CODING, 2 + 2 + 1 + 1, struct.pack(">H", 65535))


@bomb(picture)
def jp2_layers_and_precincts() -> bytes:
    data = jp2(4000, 4000, precinct_size=(128, 128))
    return patched(data, CODING, 2 + 2 + 1 + 1, struct.pack(">H", 65535))


@bomb(picture)
def jp2_components() -> bytes:
    data = jp2(no_jp2=True)
    at = data.index(SIZE)
    length = struct.unpack_from(">H", data, at + 2)[0]
    body = data[at + 4 : at + 38] + struct.pack(">H", 16384) + b"\7\1\1" * 16384
    return data[:at] + SIZE + struct.pack(">H", len(body) + 2) + body + data[at + 2 + length :]


@bomb(picture)
def jp2_comments() -> bytes:
    data = jp2()
    at = data.index(CODING)
    return data[:at] + b"\xff\x64\0\4\0\1" * 10_000_000 + data[at:]


@bomb(picture)
def jp2_tile_parts() -> bytes:
    data = jp2(no_jp2=True)
    at = data.index(b"\xff\x90")
    part = b"\xff\x90\0\x0a\0\0" + struct.pack(">I", 14) + b"\0\0" + b"\xff\x93"
    return data[:at] + part * 4_000_000 + data[at:]


def noise(side: int) -> Image.Image:
    return Image.effect_noise((side, side), 90)


@bomb(picture)
def jp2_largest_noise_in_colour() -> bytes:
    return repeated(Image.merge("RGB", [noise(768)] * 3), 5, irreversible=True, num_resolutions=3)


@bomb(picture)
def jp2_large_noise_in_colour() -> bytes:
    one = noise(512)
    turned = one.transpose(Image.Transpose.ROTATE_90)
    return repeated(Image.merge("RGB", [one, turned, one]), 4, num_resolutions=3)


@bomb(picture)
def jp2_deep_noise() -> bytes:
    import numpy as np

    one = np.random.default_rng(1).integers(0, 1 << 16, (768, 768), np.uint16)
    return repeated(Image.fromarray(one), 4, num_resolutions=3)
