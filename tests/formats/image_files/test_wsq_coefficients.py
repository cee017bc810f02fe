"""A WSQ of another size, or with data lost, is damaged: its coefficients are not all there."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from civid.errors import FormatError
from civid.formats._reader import Reader
from civid.formats.image_files import wsq

NAMES = ["wsq/jmrtd_sample_image.wsq", "wsq/jmrtd_fp.wsq", "wsq/img.wsq", "images/wsq-original.wsq"]


@pytest.fixture(params=NAMES)
def file(request: pytest.FixtureRequest, data: Path) -> bytes:
    return (data / "formats" / request.param).read_bytes()


def blocks(file: bytes) -> list[tuple[int, int, int]]:
    """Start of each block, of what is coded in it, and its end."""
    reader = Reader(file)
    return [
        (start, start + 4 + len(body), reader.pos)
        for name, start, body in wsq._walk(reader)
        if name == "SOB"
    ]


def test_what_is_whole_passes(file: bytes) -> None:
    head = wsq.parse(file)
    assert wsq.decode(file).shape == (head.height, head.width)


def test_another_size_is_damaged(file: bytes) -> None:
    at = file.index(b"\xff\xa2") + 6
    height, width = struct.unpack_from(">HH", file, at)
    for size in (
        (4000, 4000),
        (height, width + 40),
        (height - 40, width),
        (height // 2, width),
    ):
        with pytest.raises(FormatError, match="coefficients"):
            wsq.decode(file[:at] + struct.pack(">HH", *size) + file[at + 4 :])


def test_a_missing_or_a_halved_block_is_damaged(file: bytes) -> None:
    for start, coded, end in blocks(file):
        half = (coded + end) // 2
        for broken in (file[:start] + file[end:], file[:half] + file[end:]):
            with pytest.raises(FormatError):
                wsq.decode(broken)


def test_a_file_cut_at_two_thirds_and_closed_is_damaged(file: bytes) -> None:
    with pytest.raises(FormatError):
        wsq.decode(file[: len(file) * 2 // 3] + b"\xff\xa1")
