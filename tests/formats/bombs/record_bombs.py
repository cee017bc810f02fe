"""Minutiae records, and WSQ."""

from __future__ import annotations

import importlib
import struct
import tempfile
from pathlib import Path

from tests.formats.bombs.kinds import bomb, enter, picture

MIB = 1 << 20
MINUTIAE = b"\x40\x10\0\x10\0\0" * 255


def read_file(data: bytes) -> object:
    """As ``civid enroll`` reads it."""
    from civid import read_upload

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.iso"
        path.write_bytes(data)
        return read_upload(path).prints()


def parse(edition: str, data: bytes) -> object:
    """Whatever may be asked of a record."""
    from civid.formats import detect

    module = importlib.import_module(f"civid.formats.minutiae.{edition}")
    detect(data)
    return module.validate(module.parse(data))


def parse_2005(data: bytes) -> object:
    return parse("iso19794_2_2005", data)


def parse_2011(data: bytes) -> object:
    return parse("iso19794_2_2011", data)


def parse_2004(data: bytes) -> object:
    return parse("ansi378_2004", data)


def parse_2009(data: bytes) -> object:
    return parse("ansi378_2009", data)


def iso_2005(views: int, extended: bytes, minutiae: bytes = MINUTIAE) -> bytes:
    head = bytes((1, 0, 50, len(minutiae) // 6))
    view = head + minutiae + struct.pack(">H", len(extended)) + extended
    body = view * views
    return (
        struct.pack(">8sI5H2B", b"FMR\0 20\0", 24 + len(body), 0, 400, 400, 197, 197, views, 0)
        + body
    )


EMPTY_BLOCKS = struct.pack(">HH", 0, 4) * 16383
RESERVED_BLOCKS = struct.pack(">HH", 0x100, 0) * 16383

for _read in (read_file, parse_2005):
    _name = _read.__name__
    enter(_read, f"views_{_name}", iso_2005, 176, b"")
    enter(_read, f"views_255_{_name}", iso_2005, 255, b"")
    enter(_read, f"blocks_{_name}", iso_2005, 255, EMPTY_BLOCKS)
    enter(_read, f"blocks_of_a_file_{_name}", iso_2005, 14, EMPTY_BLOCKS)
    enter(_read, f"reserved_blocks_{_name}", iso_2005, 255, RESERVED_BLOCKS)
    enter(_read, f"broken_blocks_{_name}", iso_2005, 255, EMPTY_BLOCKS + b"\0\1\2")
    enter(_read, f"views_without_minutiae_{_name}", iso_2005, 255, b"", b"")
    enter(_read, f"minutiae_all_wrong_{_name}", iso_2005, 255, b"", b"\xff" * 1530)


@bomb(parse_2011)
def iso_2011_views() -> bytes:
    lists = b"\xff" + bytes(5 * 255)
    view = (
        bytes(9)
        + bytes(5)
        + lists
        + struct.pack(">BBHHBHHBB", 1, 0, 197, 197, 0, 400, 400, 0x60, 255)
    )
    view += MINUTIAE + struct.pack(">H", len(EMPTY_BLOCKS)) + EMPTY_BLOCKS
    view = struct.pack(">I", len(view) + 4) + view
    body = view * 176
    return b"FMR\x00030\0" + struct.pack(">IHB", 15 + len(body), 176, 0) + body


@bomb(parse_2011)
def iso_2011_lists_that_are_wrong() -> bytes:
    lists = b"\xff" + b"\xfe" * (5 * 255) + b"\xff" + b"\xff" * (3 * 255)
    view = (
        bytes(9) + bytes(5) + lists + struct.pack(">BBHHBHHBB", 99, 99, 1, 1, 99, 0, 0, 0x6F, 255)
    )
    view += b"\xff" * 1530 + struct.pack(">H", len(RESERVED_BLOCKS)) + RESERVED_BLOCKS
    view = struct.pack(">I", len(view) + 4) + view
    body = view * 176
    return b"FMR\x00030\0" + struct.pack(">IHB", 15 + len(body), 176, 1) + body


@bomb(parse_2004)
def ansi_2004_blocks() -> bytes:
    view = bytes((1, 0, 50, 255)) + MINUTIAE + struct.pack(">H", len(EMPTY_BLOCKS)) + EMPTY_BLOCKS
    return (
        b"FMR\0 20\0" + struct.pack(">HHHHHHHBB", 26, 0, 0, 400, 400, 197, 197, 255, 0) + view * 255
    )


@bomb(parse_2009)
def ansi_2009_blocks() -> bytes:
    view = struct.pack(">4B6HB", 1, 0, 0, 50, 0, 0, 400, 400, 197, 197, 255)
    view += MINUTIAE + struct.pack(">H", len(RESERVED_BLOCKS)) + RESERVED_BLOCKS
    body = view * 250
    return b"FMR\x00035\0" + struct.pack(">IHHBHBB", 21 + len(body), 0, 0, 0, 0, 250, 0) + body


def wsq(head: bytes = b"", coded: bytes = b"\x12\x34", side: int = 64) -> bytes:
    def segment(marker: int, body: bytes) -> bytes:
        return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body

    filters = b"\x09\x07" + b"\0\x09\0\0\0\1" * 9
    quantisation = b"\0\0\1" + b"\0\0\1\0\0\1" * 64
    huffman = b"\0" + b"\2" + bytes(15) + b"\x6b\x01"
    frame = bytes(2) + struct.pack(">HH", side, side) + bytes(9)
    start = segment(0xA4, filters) + segment(0xA5, quantisation) + segment(0xA2, frame)
    return (
        b"\xff\xa0"
        + head
        + start
        + segment(0xA6, huffman)
        + segment(0xA3, b"\0")
        + coded
        + b"\xff\xa1"
    )


@bomb(picture)
def wsq_segments() -> bytes:
    return wsq(b"\xff\xa8\0\2" * 4_000_000)


@bomb(picture)
def wsq_tables() -> bytes:
    table = b"\0" + b"\2" + bytes(15) + b"\x6b\x01"
    body = table * 3400
    return wsq((b"\xff\xa6" + struct.pack(">H", len(body) + 2) + body) * 200)


@bomb(picture)
def wsq_blocks() -> bytes:
    return wsq(coded=b"\x12" + b"\xff\xa3\0\3\0\x12" * 2_000_000)


@bomb(picture)
def wsq_stuffed() -> bytes:
    return wsq(coded=b"\xff\0" * (8 * MIB - 1000))


@bomb(picture)
def wsq_bits() -> bytes:
    return wsq(coded=b"\0" * (MIB - 1000), side=4000)


@bomb(picture)
def wsq_bits_beyond_what_is_counted() -> bytes:
    return wsq(coded=b"\0" * (15 * MIB), side=4000)


@bomb(picture)
def wsq_all_zeros() -> bytes:
    """Sixteen megapixels in 600 bytes: each three of them are 65,535 zeros."""
    zeros = b"\0" + b"\2" + bytes(15) + b"\x6a\x01"
    head = b"\xff\xa6" + struct.pack(">H", len(zeros) + 2) + zeros
    data = wsq(head, b"", side=4000)
    runs = "".join(f"0{65535:016b}" for _ in range(183)) + f"0{12_000_000 - 183 * 65535:016b}"
    runs += "1" * (-len(runs) % 8)
    coded = int(runs, 2).to_bytes(len(runs) // 8, "big").replace(b"\xff", b"\xff\0")
    at = data.index(b"\xff\xa6", data.index(b"\xff\xa2"))
    return data[:at] + b"\xff\xa3\0\3\0" + coded + b"\xff\xa1"


@bomb(picture)
def wsq_comments() -> bytes:
    return wsq(
        (b"\xff\xa8" + struct.pack(">H", 65001) + b"NIST_COM 9\n" + b"\nPPI 1" * 10831 + b"\n\n")
        * 240
    )
