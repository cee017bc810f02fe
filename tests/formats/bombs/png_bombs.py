"""PNG: chunks, what is inflated, animation, Exif data."""

from __future__ import annotations

import struct
import zlib

from tests.formats.bombs.kinds import MIB, bomb, deflated, enter, photograph, picture


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(
    width: int = 64,
    height: int = 64,
    bits: int = 8,
    colour: int = 0,
    *,
    interlace: int = 0,
    head: bytes = b"",
    pixels: bytes | None = None,
    tail: bytes = b"",
) -> bytes:
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    rows = height * (1 + (width * samples * bits + 7) // 8) * (1 + interlace)
    start = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlace))
    pixels = chunk(b"IDAT", deflated(rows)) if pixels is None else pixels
    return b"\x89PNG\r\n\x1a\n" + start + head + pixels + tail + chunk(b"IEND")


for _name in (b"tEXt", b"prVt", b"IDAT", b"PLTE", b"gAMA", b"eXIf", b"fcTL", b"fdAT", b"tRNS"):
    enter(picture, f"empty_{_name.decode()}", lambda name: png(head=chunk(name) * 5_000_000), _name)
    enter(
        picture,
        f"empty_{_name.decode()}_behind",
        lambda name: png(tail=chunk(name) * 1_000_000),
        _name,
    )
for _name in (b"tEXt", b"prVt", b"eXIf"):
    enter(
        picture,
        f"large_{_name.decode()}",
        lambda name: png(head=chunk(name, b"a\0" + bytes(62 * MIB))),
        _name,
    )
    enter(
        picture,
        f"many_large_{_name.decode()}",
        lambda name: png(head=chunk(name, b"a\0" + bytes(65000)) * 1000),
        _name,
    )


@bomb(photograph)
def a_million_texts_photograph() -> bytes:
    return png(head=chunk(b"tEXt", b"a\0b") * 1_000_000)


@bomb(picture)
def pixels_in_a_million_pieces() -> bytes:
    data = deflated(4000 * 4001)
    return png(
        4000, 4000, pixels=b"".join(chunk(b"IDAT", data[i : i + 1]) for i in range(len(data)))
    )


@bomb(picture)
def empty_pieces_between_pixels() -> bytes:
    data = deflated(64 * 65)
    return png(
        pixels=chunk(b"IDAT", data[:20]) + chunk(b"IDAT") * 60000 + chunk(b"IDAT", data[20:])
    )


@bomb(picture)
def compressed_texts() -> bytes:
    body = b"a\0\0" + deflated(MIB - 1)
    return png(head=chunk(b"zTXt", body) * 1000)


@bomb(picture)
def compressed_texts_63() -> bytes:
    body = b"a\0\0" + deflated(MIB - 1)
    return png(head=chunk(b"zTXt", body) * 63)


@bomb(picture)
def a_compressed_text_of_20_gb() -> bytes:
    return png(head=chunk(b"zTXt", b"a\0\0" + deflated(1 << 30) * 20))


@bomb(picture)
def international_texts() -> bytes:
    return png(head=chunk(b"iTXt", b"a\0\1\0\0\0" + deflated(MIB - 1)) * 63)


@bomb(picture)
def colour_profiles() -> bytes:
    return png(head=chunk(b"iCCP", b"a\0\0" + deflated(MIB - 1)) * 63)


@bomb(picture)
def pixels_that_inflate_to_30_gb() -> bytes:
    return png(pixels=chunk(b"IDAT", deflated(1 << 30) * 30))


@bomb(picture)
def pixels_that_go_on_for_10_gb() -> bytes:
    return png(pixels=chunk(b"IDAT", deflated(10 << 30)))


@bomb(picture)
def blocks_without_data() -> bytes:
    return png(pixels=chunk(b"IDAT", b"\x78\x9c" + b"\0\0\0\xff\xff" * (12 * MIB)))


@bomb(picture)
def largest_colour() -> bytes:
    return png(4000, 4000, 16, 6)


@bomb(picture)
def largest_interlaced() -> bytes:
    return png(4000, 4000, 16, 6, interlace=1)


@bomb(picture)
def largest_interlaced_narrow() -> bytes:
    return png(244, 65500, 8, 6, interlace=1)


@bomb(picture)
def largest_wide() -> bytes:
    return png(65500, 244, 16, 2)


@bomb(picture)
def largest_bits() -> bytes:
    return png(4000, 4000, 1, 0)


@bomb(picture)
def transparent_palette() -> bytes:
    head = chunk(b"PLTE", bytes(768)) + chunk(b"tRNS", bytes(256))
    return png(4000, 4000, 8, 3, head=head)


@bomb(picture)
def transparent_colour() -> bytes:
    return png(4000, 4000, 8, 2, head=chunk(b"tRNS", bytes(6)))


@bomb(picture)
def animated() -> bytes:
    control = struct.pack(">IIIIIHHBB", 0, 64, 64, 0, 0, 1, 1, 0, 0)
    head = chunk(b"acTL", struct.pack(">II", 1 << 30, 0))
    return png(head=head, tail=chunk(b"fcTL", control) * 1_000_000)


@bomb(picture)
def animated_canvas() -> bytes:
    control = struct.pack(">IIIIIHHBB", 0, 4000, 4000, 0, 0, 1, 1, 2, 1)
    head = chunk(b"acTL", struct.pack(">II", 2, 0)) + chunk(b"fcTL", control)
    return png(4000, 4000, 8, 6, head=head)


@bomb(picture)
def size_of_four_thousand_million() -> bytes:
    return png(64, 64).replace(struct.pack(">II", 64, 64), struct.pack(">II", 1 << 30, 1 << 30), 1)


@bomb(picture)
def exif_tags_overlap() -> bytes:
    tags = b"".join(struct.pack("<HHII", 0x9000 + i, 7, 60000, 8) for i in range(5000))
    return png(head=chunk(b"eXIf", b"II*\0\x08\0\0\0" + struct.pack("<H", 5000) + tags + bytes(4)))


@bomb(picture)
def exif_of_a_million_numbers() -> bytes:
    tag = struct.pack("<HHII", 0x9000, 5, 6_000_000, 26)
    return png(head=chunk(b"eXIf", b"II*\0\x08\0\0\0\1\0" + tag + bytes(4) + bytes(48_000_000)))


@bomb(picture)
def exif_in_text() -> bytes:
    """As ImageMagick writes it, in hexadecimal digits."""
    text = b"Raw profile type exif\0\nexif\n 9999999\n" + b"00" * (20 * MIB)
    return png(head=chunk(b"tEXt", text))
