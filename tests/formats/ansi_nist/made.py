"""Transactions that these tests make."""

from __future__ import annotations

from datetime import date

import numpy as np

from civid.formats.ansi_nist import (
    Features,
    Transaction,
    build_transaction,
    image_record,
    make_type9,
    missing_record,
)
from civid.formats.ansi_nist._walk import Record
from civid.formats.ansi_nist.binary import FixedImage, make_fixed_image
from civid.formats.ansi_nist.tagged import Field, TaggedRecord
from civid.formats.ansi_nist.type9.points import Core, Delta, Minutia

DAY = date(2026, 1, 2)
FEATURES = Features(
    "M1",
    300,
    400,
    minutiae=(
        Minutia(9.0, 8.0, 90.0, 1, 60),
        Minutia(299.0, 399.0, 358.0, 2, 100),
        Minutia(0.0, 0.0, 0.0, 0, 0),
    ),
    cores=(Core(150.0, 200.0, 44.0),),
    deltas=(Delta(200.0, 300.0, (10.0, 130.0, 250.0)),),
    position=2,
    impression=1,
    quality=70,
)


def ramp(width: int = 16, height: int = 12) -> np.ndarray:
    """A small image in which every pixel tells its place."""
    return np.arange(width * height, dtype=np.uint8).reshape(height, width)


def wrap(*records: Record, **named: object) -> Transaction:
    """Records in a transaction."""
    return build_transaction(
        "CAR",
        DAY,
        origin="VN001",
        destination="VN000",
        control_number="T-1",
        records=records,
        **named,  # type: ignore[arg-type]
    )


def everything(width: int = 16, height: int = 12) -> Transaction:
    """One record of every type that is understood, and some that are only kept."""
    pixels = ramp(width, height)
    fixed = FixedImage(1, (2,), width, height, pixels.tobytes())
    return wrap(
        make_fixed_image(fixed, 1),
        make_type9(FEATURES, 2, blocks=("NIST", "M1")),
        image_record(pixels, idc=2, position=2, dpi=500, source="VN001", day=DAY),
        image_record(
            pixels, idc=3, position=13, dpi=1000, source="VN001", day=DAY, compression="PNG"
        ),
        missing_record(idc=4, position=7, source="VN001", day=DAY, code="UP"),
        image_record(
            pixels, idc=5, position=21, dpi=500, source="VN001", day=DAY, record_type=15,
            impression=10,
        ),
        image_record(
            pixels, idc=6, position=0, dpi=500, source="VN001", day=DAY, record_type=13,
            impression=4,
        ),
        TaggedRecord(99, (Field(2, b"7"), Field(999, bytes(range(256))))),
        texts={3: "Huế"},
    )  # fmt: skip
