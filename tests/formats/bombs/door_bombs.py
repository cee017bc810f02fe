"""What is meant to cost much on its way through the one door: wrappings, and dolls in dolls."""

from __future__ import annotations

import base64
import gzip
import io
import struct
import zipfile
import zlib

from tests.formats.bombs.kinds import MIB, bomb, deflated_raw, enter

#: What a view of a minutiae record holds at most.
_MINUTIAE = b"\x40\x10\x00\x10\x00\x00" * 255


def unwrapped(data: bytes) -> object:
    """As every door unwraps."""
    from civid import formats

    return formats.unwrapped(data)


def inspected(data: bytes) -> object:
    """As ``civid inspect --json`` shows it."""
    from civid import formats

    return formats.inspect(data, unwrap=True).to_dict()


def image_of(data: bytes) -> object:
    """As a print is read."""
    from civid import read_image

    return read_image(data, dpi=500)


def crc_of_zeros(size: int) -> int:
    crc = 0
    for _ in range(size // MIB):
        crc = zlib.crc32(bytes(MIB), crc)
    return zlib.crc32(bytes(size % MIB), crc)


def gzip_of_zeros(size: int) -> bytes:
    end = struct.pack("<II", crc_of_zeros(size), size)
    return gzip.compress(b"")[:10] + deflated_raw(size) + end


def zip_of_zeros(size: int) -> bytes:
    """One file, whose name is 0."""
    body = deflated_raw(size)
    about = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, crc_of_zeros(size), len(body), size, 1, 0)
    directory = b"PK\1\2" + struct.pack("<H", 20) + about + bytes(14) + b"0"
    file = b"PK\3\4" + about + b"0" + body
    return (
        file
        + directory
        + b"PK\5\6"
        + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(file), 0)
    )


def zipped(content: bytes, count: int = 1) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            archive.writestr(str(number), content)
    return file.getvalue()


def record(views: int) -> bytes:
    view = bytes((1, 0, 50, 255)) + _MINUTIAE + bytes(2)
    head = struct.pack(
        ">8sI5H2B", b"FMR\0 20\0", 24 + len(view) * views, 0, 400, 400, 197, 197, views, 0
    )
    return head + view * views


def finger_images(count: int, image: bytes) -> bytes:
    """ISO/IEC 19794-4:2011 with so many PNG images."""
    body = b""
    for _ in range(count):
        fixed = bytes(9) + bytes(6) + bytes((1, 0, 1)) + struct.pack(">4H", 500, 500, 500, 500)
        fixed += bytes((8, 6, 0)) + struct.pack(">2HI", 4000, 4000, len(image))
        body += struct.pack(">I", 4 + len(fixed) + len(image)) + fixed + image
    return b"FIR\x00020\0" + struct.pack(">IH2B", 16 + len(body), count, 0, 1) + body


def texts(text: bytes, count: int) -> bytes:
    """A transaction with so many fields of that text in its Type-2 record."""
    fields = (b"2.002:00", *(b"2.%d:%s" % (3 + number, text) for number in range(count)))
    body = b"\x1d".join(fields) + b"\x1c"
    body = b"2.001:%08d\x1d" % (len(body) + 15) + body
    head = (
        b"1.001:0110\x1d1.002:0500\x1d1.003:1\x1f1\x1e2\x1f00\x1d1.004:CAR\x1d1.005:20260101\x1d"
        b"1.007:A\x1d1.008:B\x1d1.009:C\x1d1.011:00.00\x1d1.012:00.00\x1c"
    )
    return head + body


def blank_png() -> bytes:
    """16 megapixels in 16 kB."""
    import numpy as np
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.zeros((4000, 4000), np.uint8)).save(file, "PNG")
    return file.getvalue()


for _name, _build in {
    "gzip of a gigabyte": lambda: gzip_of_zeros(1 << 30),
    "gzip of noise that is just too large": lambda: gzip.compress(bytes(range(256)) * (1 << 18)),
    "zip of a gigabyte": lambda: zip_of_zeros(1 << 30),
    "a directory of a million entries": lambda: b"PK\x03\x04" + b"PK\x01\x02" * (16 * MIB),
    "96 MiB of base64": lambda: base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(72 * MIB - 8)),
    "96 MiB of digits": lambda: b"89504e470d0a1a0a" + b"0" * (96 * MIB - 16),
    "a data URL of percent signs": lambda: b"data:," + b"%41" * (32 * MIB - 2),
    "three of them": lambda: gzip.compress(gzip.compress(zipped(bytes(64 * MIB)))),
}.items():
    enter(unwrapped, _name, _build)


@bomb(inspected)
def every_minutia_of_176_views() -> bytes:
    return record(176)


@bomb(inspected)
def hundreds_of_blank_pictures() -> bytes:
    return finger_images(600, blank_png())


@bomb(image_of)
def one_of_hundreds_of_blank_pictures() -> bytes:
    return finger_images(600, blank_png())


@bomb(inspected)
def a_picture_of_16_megapixels() -> bytes:
    return blank_png()


@bomb(inspected)
def a_gzipped_megabyte_in_each_of_40_000_fields() -> bytes:
    return texts(base64.b64encode(gzip.compress(bytes(MIB), 9)), 40_000)


@bomb(inspected)
def base64_of_nothing_in_each_of_40_000_fields() -> bytes:
    return texts(base64.b64encode(bytes(range(7, 250)) * 5), 40_000)
