"""Real image records travel untouched in envelopes."""

from __future__ import annotations

from pathlib import Path

import pytest

from civid.formats.cbeff import icao, mosip_xml
from civid.position import Position


def test_real_records_travel_untouched(data: Path) -> None:
    folder = data / "formats" / "fir" / "mosip-bio-utils-Finger"
    paths = sorted(folder.glob("*.iso"))
    if not paths:
        pytest.skip(f"no image records in {folder}")
    fingers = list(Position)[1:]
    blocks = {fingers[at % 10]: path.read_bytes() for at, path in enumerate(paths[:10])}
    record = mosip_xml.Record(tuple(mosip_xml.segment(one, at) for at, one in blocks.items()))
    read = mosip_xml.parse(mosip_xml.build(record), strict=True)
    assert {mosip_xml.position(one): one.data for one in read.segments} == blocks
    group = icao.Record(
        tuple(
            icao.Block(one, icao.FINGER, icao.FINGER_19794_4, subtype=icao.SUBTYPES[at])
            for at, one in blocks.items()
        ),
        icao.DG3,
    )
    again = icao.parse(icao.build(group), strict=True)
    assert {icao.position(one): one.data for one in again.blocks} == blocks
