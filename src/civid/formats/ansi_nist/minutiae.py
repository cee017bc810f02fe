"""The minutiae of a transaction, whatever block of a Type-9 record holds them, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from civid.errors import FormatError
from civid.formats.ansi_nist.images import images
from civid.formats.ansi_nist.tagged import Field, TaggedRecord
from civid.formats.ansi_nist.transaction import Transaction
from civid.formats.ansi_nist.type9.extended import read_efs
from civid.formats.ansi_nist.type9.incits378 import m1_fields, read_m1
from civid.formats.ansi_nist.type9.legacy import nist_fields, read_iafis, read_nist
from civid.formats.ansi_nist.type9.points import USUAL_DPI, Core, Delta, Features, Frame, Minutia

#: The field that holds the minutiae of a block, and what reads it; the richest first.
_BLOCKS: tuple[tuple[int, Callable[[TaggedRecord, Frame | None], Features]], ...] = (
    (137, read_m1),
    (331, read_efs),
    (12, read_nist),
    (23, read_iafis),
)


def minutiae(transaction: Transaction) -> tuple[Features, ...]:
    """Every block of minutiae of every Type-9 record.

    Size and resolution are those of the image with the same image designation, where there is
    one; blocks of vendors are kept in the records and not read.

    Raises
    ------
    FormatError
        A minutia, core or delta cannot be read.

    Examples
    --------
    >>> record = make_type9(Features("M1", 300, 400, minutiae=(Minutia(9, 8, 90, 1, 60),)), idc=1)
    >>> (block,) = minutiae(Transaction((record,)))
    >>> block.block, block.minutiae[0].angle
    ('M1', 90.0)
    """
    found: list[Features] = []
    known = frames(transaction)
    for place, record in enumerate(transaction.records):
        if not isinstance(record, TaggedRecord) or record.type != 9:
            continue
        frame = known.get(record.idc)
        found += [
            replace(read(record, frame), record=place, idc=record.idc)
            for number, read in _BLOCKS
            if record.value(number)
        ]
    return tuple(found)


def frames(transaction: Transaction) -> dict[int | None, Frame]:
    """Size and resolution of the first image of each image designation."""
    known: dict[int | None, Frame] = {}
    for entry in images(transaction):
        if entry.width and entry.height:
            dpi = entry.dpi or (USUAL_DPI, USUAL_DPI)
            known.setdefault(entry.idc, Frame(entry.width, entry.height, dpi))
    return known


def make_type9(
    features: Features,
    idc: int,
    *,
    blocks: Iterable[str] = ("M1",),
    system: str = "civid",
) -> TaggedRecord:
    """A Type-9 record of these minutiae.

    Parameters
    ----------
    features : Features
        `Features.position`, `Features.impression` and, where it is not 0, the quality are written.
    idc : int
        Image designation: that of the image record which they were found in.
    blocks : iterable of str
        "M1", and "NIST" for readers of 2007 and before. The second rounds to 0.01 mm and whole
        degrees, the first to px and two degrees.
    system : str
        What found the minutiae, for "NIST".

    Raises
    ------
    FormatError
        An unknown block, or a point that cannot be written.

    Examples
    --------
    >>> one = Features("M1", 300, 400, minutiae=(Minutia(9.0, 8.0, 90.0, 1, 60),), position=2)
    >>> record = make_type9(one, idc=1)
    >>> read_m1(record, None) == one
    True
    """
    wanted = tuple(blocks)
    if not wanted or not set(wanted) <= {"M1", "NIST"}:
        raise FormatError("blocks that are written: M1, NIST", field="Type-9 record")
    fields = [
        Field(2, f"{idc:02d}".encode()),
        Field(3, str(features.impression).encode()),
        Field(4, b"S" if "NIST" in wanted else b"U"),
    ]
    if "NIST" in wanted:
        fields += nist_fields(features, system)
    if "M1" in wanted:
        fields += m1_fields(features)
    return TaggedRecord(9, tuple(fields))


__all__ = [
    "Core",
    "Delta",
    "Features",
    "Frame",
    "Minutia",
    "frames",
    "make_type9",
    "minutiae",
]
