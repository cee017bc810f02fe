"""Records that NIST's BioMDI wrote of two images of 10 x 12 px with the values 0..119.

``mkfir -h HEADER -f VIEWS -to ANSI -o FILE`` (usnistgov/biomdi, fingerimage), and ``-to ISO``,
with the header line ``FIR 010 0 12345678 0ABC 31 2 1 502 501 500 499 8 0 0`` and the views
``134 2 1 1 254 1 10 12 0 FILE`` and ``134 7 1 1 254 3 10 12 0 FILE``.
"""

from __future__ import annotations

import numpy as np
import pytest

from civid.formats.image_records import ansi381_2004, decode, editions, iso19794_4_2005

IMAGE = bytes(range(120))
VIEWS = (
    bytes.fromhex("00000086 02 01 01 fe 01 000a 000c 00")
    + IMAGE
    + bytes.fromhex("00000086 07 01 01 fe 03 000a 000c 00")
    + IMAGE
)
SHARED = bytes.fromhex("0abc 001f 02 01 01f6 01f5 01f4 01f3 08 00 0000") + VIEWS
START = bytes.fromhex("46495200 30313000")
ANSI = START + bytes.fromhex("000000000130 1234 5678") + SHARED
ISO = START + bytes.fromhex("00000000012c") + SHARED


@pytest.mark.parametrize(
    ("data", "kind", "own"),
    [
        (ANSI, ansi381_2004.Record, {"product_owner": 0x1234, "product_type": 0x5678}),
        (ISO, iso19794_4_2005.Record, {}),
    ],
    ids=["ANSI", "ISO"],
)
def test_what_nist_wrote(data: bytes, kind: type, own: dict[str, int]) -> None:
    record = editions.parse(data, strict=True)
    views = (
        iso19794_4_2005.View(IMAGE, 2, 10, 12, impression=1),
        iso19794_4_2005.View(IMAGE, 7, 10, 12, impression=3),
    )
    assert record == kind(
        views,
        compression=0,
        image_resolution=(500, 499),
        scan_resolution=(502, 501),
        level=31,
        capture_device=0xABC,
        **own,
    )
    assert editions.edition(editions.name_of(record)).build(record) == data
    shown = decode(record, 1, strict=True)
    assert np.array_equal(shown.pixels, np.arange(120).reshape(12, 10))
    assert shown.resolution == (500, 499)
