"""MOSIP's CBEFF XML: fingers, irises and a face of one person, one ``BIR`` each.

Schema: ``mosip-cbeff.xsd`` (ISO/IEC 19785-3 edition 2, the OASIS patron format, with ``others``).
Files of before 2019, in the namespace of OASIS BIAS 1.0, are read and written as well.

>>> made = Record((segment(b"FIR", Position.LEFT_INDEX, quality=90), missing(Position.LEFT_RING)))
>>> [(position(one), one.is_exception) for one in parse(build(made)).segments]
[(<Position.LEFT_INDEX: 7>, False), (<Position.LEFT_RING: 9>, True)]
"""

from __future__ import annotations

from dataclasses import replace

from civid.errors import FormatError
from civid.formats._reader import Finding
from civid.formats._types import typed
from civid.formats.cbeff.block_kinds import block_kind
from civid.formats.cbeff.mosip_check import check_record
from civid.formats.cbeff.mosip_read import read_bir
from civid.formats.cbeff.mosip_record import (
    BIAS_NAMESPACE,
    NAMESPACE,
    BdbInfo,
    Bir,
    BirInfo,
    Quality,
    Record,
    RegistryId,
    Version,
)
from civid.formats.cbeff.mosip_words import position_of, subtype_of
from civid.formats.cbeff.mosip_write import write_bir
from civid.formats.safe_xml import Children, read_xml, write_xml
from civid.formats.safe_xml.children import Offsets
from civid.position import Position

NAME = "CBEFF XML of MOSIP"
KEY = "mosip-cbeff-xml"
#: No person has so many.
MAX_SEGMENTS = 1000


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like such a file? Never raises."""
    try:
        head = bytes(memoryview(data).cast("B")[:4096])
    except TypeError:
        return False
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head[: len(head) & ~1].decode("utf-16", "replace").encode("utf-8", "replace")
    spaces = (NAMESPACE.encode(), BIAS_NAMESPACE.encode())
    return b"BIR" in head and any(space in head for space in spaces)


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a file.

    Parameters
    ----------
    data : bytes-like
        At most 64 MiB of XML.
    strict : bool
        Any departure from the schema is an error. Otherwise only what cannot be read is; the rest
        is collected in `Record.warnings`. Unknown elements are kept either way.

    Raises
    ------
    FormatError
        Not such a file; with the path of the element and its byte offset.
    """
    root = read_xml(data, name="CBEFF XML")
    if root.name != "BIR" or root.space not in (NAMESPACE, BIAS_NAMESPACE):
        raise FormatError("the root is no BIR of CBEFF", offset=root.offset, field="BIR")
    if sum(one.name == "BIR" for one in root.walk()) > MAX_SEGMENTS:
        raise FormatError(f"more than {MAX_SEGMENTS} segments", offset=root.offset, field="BIR")
    warnings: list[Finding] = []
    children = Children(root, "BIR", warnings, strict=strict)
    read = read_bir(children)
    record = Record(read.birs, replace(read, birs=()), root.space)
    offsets = Offsets(root)
    for found in check_record(record):
        children.note(replace(found, offset=offsets.of(found.field)))
    return replace(record, warnings=tuple(warnings))


@typed
def validate(record: Record) -> list[Finding]:
    """Everything in which a record departs from the schema and from MOSIP's own validator."""
    return list(check_record(record))


@typed
def build(record: Record) -> bytes:
    """Write a file; always strictly after the schema, in UTF-8.

    Raises
    ------
    FormatError
        The first of what `validate` finds, or a text that XML cannot hold.
    """
    for finding in validate(record):
        raise finding.error()
    root = write_bir(replace(record.whole, birs=record.segments), record.namespace)
    return write_xml(root, {record.namespace: ""}, name="CBEFF XML")


def renewed(record: Record) -> Record:
    """The same in today's schema, for files of BIAS 1.0 and those with an ``Others`` a key.

    A quality without a measure gets the one that MOSIP writes, HMAC and SHA-256.
    """

    def renew(bir: Bir) -> Bir:
        block = bir.block
        quality = None if block is None else block.quality
        if block is not None and quality is not None and quality.algorithm is None:
            score = quality.score if quality.score is None or quality.score >= 0 else None
            failed = quality.failed if score is not None else quality.failed or "not computed"
            measure = RegistryId("HMAC", "SHA-256")
            block = replace(block, quality=Quality(score, measure, failed))
        birs = tuple(map(renew, bir.birs))
        return replace(bir, block=block, others_listed=False, birs=birs)

    return Record(tuple(map(renew, record.segments)), renew(record.whole), NAMESPACE)


def position(segment: Bir) -> Position:
    """Which finger a segment is of; UNKNOWN for several, or another part of the body."""
    return position_of(None if segment.block is None else segment.block.subtypes)


def missing_fingers(record: Record) -> tuple[Position, ...]:
    """The fingers that the file says are missing (EXCEPTION), in its order."""
    said = [position(one) for one in record.segments if one.is_exception]
    return tuple(one for one in said if one is not Position.UNKNOWN)


def members(record: Record) -> tuple[tuple[str, bytes], ...]:
    """Every block inside: what it is, in words, and its bytes."""
    found: list[tuple[str, bytes]] = []
    waiting = list(reversed(record.segments))
    while waiting:
        bir = waiting.pop()
        if bir.data:
            kind = bir.block.format if bir.block is not None else None
            words = block_kind(kind.organization, kind.type) if kind else block_kind(0, 0)
            part = (
                " ".join((bir.block.types or ()) + (bir.block.subtypes or ())) if bir.block else ""
            )
            found.append((f"{part}: {words}" if part else words, bir.data))
        waiting.extend(reversed(bir.birs))
    return tuple(found)


def segment(
    data: bytes,
    finger: Position,
    *,
    quality: int | None = None,
    created: str | None = None,
    template: bool = False,
) -> Bir:
    """A segment of one finger as MOSIP writes it.

    Parameters
    ----------
    data : bytes
        A finger image (ISO/IEC 19794-4), or finger minutiae where ``template`` is true.
    finger : Position
    quality : int or None
        0 to 100, the NFIQ 2 score.
    created : str or None
        ``2026-11-29T08:30:00.000Z``.
    """
    score = None if quality is None else Quality(quality, RegistryId("HMAC", "SHA-256"))
    block = BdbInfo(
        format=RegistryId("Mosip", "2" if template else "7"),
        creation_date=created,
        types=("Finger",),
        subtypes=subtype_of(finger),
        level="Processed" if template else "Raw",
        purpose="Enroll",
        quality=score,
    )
    return Bir(data, block, others=(("EXCEPTION", "false"),))


def missing(finger: Position, *, created: str | None = None) -> Bir:
    """A segment that says that a finger is missing: no block, EXCEPTION is true."""
    made = segment(b"", finger, created=created)
    return replace(made, data=None, others=(("EXCEPTION", "true"),))


__all__ = [
    "BIAS_NAMESPACE",
    "KEY",
    "NAME",
    "NAMESPACE",
    "BdbInfo",
    "Bir",
    "BirInfo",
    "Finding",
    "Quality",
    "Record",
    "RegistryId",
    "Version",
    "build",
    "members",
    "missing",
    "missing_fingers",
    "parse",
    "position",
    "renewed",
    "segment",
    "sniff",
    "validate",
]
