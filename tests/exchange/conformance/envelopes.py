"""CBEFF files as MOSIP's packets hold them, made of our own prints; and some that are wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from civid import FingerImage, Position, Template, read_image
from civid.formats.cbeff import mosip_xml
from civid.formats.image_records import encode, iso19794_4_2011

#: What MOSIP's registration clients write: JPEG 2000 without loss. Others are allowed, too.
JPEG2000 = "JPEG 2000 lossless"
CREATED = "2026-11-29T08:30:00.000Z"
#: Sensors give the fingers of FVC2002 DB1_B numbers 101 to 110, eight impressions each.
FVC = "prints/FVC2002/DB1_B"


def of_images(images: Mapping[Position, FingerImage], payload: str = JPEG2000) -> bytes:
    """A file of ISO/IEC 19794-4:2011 records, one a finger."""
    segments = []
    for finger, image in images.items():
        record = encode(image.pixels, image.dpi, position=int(finger), payload=payload, quality=80)
        data = iso19794_4_2011.build(record)
        segments.append(mosip_xml.segment(data, finger, quality=80, created=CREATED))
    return mosip_xml.build(mosip_xml.Record(tuple(segments)))


def of_templates(templates: Mapping[Position, Template]) -> bytes:
    """A file of ISO/IEC 19794-2:2011 records: minutiae, no picture (BDB type 2)."""
    segments = [
        mosip_xml.segment(
            template.to_bytes("iso19794-2:2011", position=finger), finger, template=True
        )
        for finger, template in templates.items()
    ]
    return mosip_xml.build(mosip_xml.Record(tuple(segments)))


def of_nobody() -> bytes:
    """A file of a person without a finger that could be captured: exceptions, no prints."""
    fingers = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
    return mosip_xml.build(mosip_xml.Record(tuple(mosip_xml.missing(one) for one in fingers)))


def of_nothing() -> bytes:
    """A file without a segment."""
    return mosip_xml.build(mosip_xml.Record(()))


def of_no_images() -> bytes:
    """A file of the right form around bytes that are no finger images."""
    content = b"FIR\x00020\x00" + b"\xff" * 64
    fingers = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
    return mosip_xml.build(
        mosip_xml.Record(tuple(mosip_xml.segment(content, one) for one in fingers))
    )


def of_empty_blocks() -> bytes:
    """A file whose blocks say which finger they are of, and hold nothing."""
    return re.sub(rb"<BDB>[^<]*</BDB>", b"<BDB></BDB>", of_no_images())


def cut_off(good: bytes) -> bytes:
    """A file whose second half is missing."""
    return good[: len(good) // 2]


def with_entities(good: bytes) -> bytes:
    """A file whose head declares entities that grow when they are read ("a billion laughs")."""
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE BIR [<!ENTITY a0 "{"ha" * 50}">{grown}]>'.encode()
    start = good.index(b"<BIR")
    return good[:start] + head + good[start:].replace(b"</BIR>", b"&a9;</BIR>", 1)


def deep(levels: int) -> bytes:
    """A file of envelopes within envelopes."""
    head = f'<BIR xmlns="{mosip_xml.NAMESPACE}">'
    return (head + "<BIR>" * levels + "</BIR>" * levels + "</BIR>").encode()


def of_a_face() -> bytes:
    """A file with a face, and nothing that a fingerprint engine could read."""
    block = mosip_xml.BdbInfo(
        format=mosip_xml.RegistryId("Mosip", "8"), types=("Face",), subtypes=(), level="Raw"
    )
    return mosip_xml.build(mosip_xml.Record((mosip_xml.Bir(b"FAC\0030\0" + bytes(64), block),)))


def person(data: Path, number: int, impression: int) -> dict[Position, FingerImage]:
    """Person 0 to 4: two real fingers (of FVC2002 DB1_B), pressed for the n-th time (1 to 8)."""
    fingers = (Position.RIGHT_INDEX, Position.LEFT_INDEX)
    return {
        finger: read_image(data / FVC / f"{101 + 2 * number + at}_{impression}.png", dpi=500)
        for at, finger in enumerate(fingers)
    }
