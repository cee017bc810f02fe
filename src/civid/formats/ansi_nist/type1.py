"""The Type-1 record: what the transaction is, from whom to whom, and which records follow."""

from __future__ import annotations

from dataclasses import dataclass, field

from civid.errors import FormatError
from civid.formats.ansi_nist.names import field_name
from civid.formats.ansi_nist.tagged import PADDING, TaggedRecord, whole

#: Index of a character set (DCS) -> codec. ASCII is read as Latin-1: nothing is lost, and older
#: writers mean that by "8-bit ASCII".
_CODECS = {0: "latin-1", 1: "latin-1", 2: "utf-16-be", 3: "utf-8", 4: "utf-32-be"}


@dataclass(frozen=True, slots=True)
class Head:
    """What a Type-1 record says; a text is empty and a number None where the field is missing.

    Parameters
    ----------
    version : str
        "0200" (1997) .. "0400" (2007), "0500" (2011), "0501" (2013), "0502" (2015).
    content : tuple of (int, int)
        Type and image designation of every record that follows.
    transaction : str
        Type of transaction (TOT), as in "AMN", "CAR".
    date : str
        YYYYMMDD.
    destination, origin : str
        Agency identifiers (DAI, ORI).
    control_number, reply_to : str
        Transaction control number (TCN), and that of what is replied to (TCR).
    native_resolution, resolution : float or None
        Of the scanner (NSR) and as transmitted (NTR), px/mm; 0 = no image of fixed resolution.
    priority : int or None
        1 (most urgent) .. 9.
    codec : str
        Python's name of the character set of names and texts (DCS).
    """

    version: str
    content: tuple[tuple[int, int], ...]
    transaction: str
    date: str
    destination: str = field(repr=False)
    origin: str = field(repr=False)
    control_number: str = field(repr=False)
    reply_to: str = field(repr=False)
    native_resolution: float | None
    resolution: float | None
    priority: int | None
    codec: str


def read_head(record: TaggedRecord) -> Head:
    """The fields of a Type-1 record.

    Raises
    ------
    FormatError
        It is another record, or its list of records cannot be read.
    """
    if record.type != 1:
        raise FormatError(f"Type {record.type} is not Type 1", field="record type")
    _, content = read_content(record)
    return Head(
        version=_text(record, 2),
        content=content,
        transaction=_text(record, 4),
        date=_text(record, 5),
        destination=_text(record, 7),
        origin=_text(record, 8),
        control_number=_text(record, 9),
        reply_to=_text(record, 10),
        native_resolution=read_resolution(record.value(11)),
        resolution=read_resolution(record.value(12)),
        priority=record.integer(6),
        codec=codec_of(record),
    )


def read_content(record: TaggedRecord) -> tuple[int, tuple[tuple[int, int], ...]]:
    """The stated number of records, and (type, image designation) of each (CNT).

    Raises
    ------
    FormatError
        The field is missing, or holds something else.
    """
    pairs = []
    for items in record.subfields(3):
        numbers = [whole(item, high=999_999) for item in items[:2]]
        if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
            raise FormatError("is no list of two numbers each", field=field_name(1, 3))
        pairs.append((numbers[0], numbers[1]))
    if not pairs or pairs[0][0] != 1:
        raise FormatError("does not begin with the Type-1 record", field=field_name(1, 3))
    return pairs[0][1], tuple(pairs[1:])


def read_resolution(value: bytes | None) -> float | None:
    """px/mm as in "19.69"; None where it is missing or something else."""
    digits = (value or b"").strip(PADDING)
    if not digits.replace(b".", b"", 1).isdigit() or len(digits) > 8:
        return None
    return float(digits)


def codec_of(record: TaggedRecord) -> str:
    """Python's codec for texts of a transaction, from its Type-1 record."""
    try:
        sets = record.subfields(15)
    except FormatError:
        return "latin-1"
    index = whole(sets[0][0]) if sets else None
    return _CODECS.get(0 if index is None else index, "latin-1")


def read_text(value: bytes, codec: str) -> str:
    """A text in the character set of its transaction; whatever it is not, is taken as Latin-1."""
    try:
        return value.decode(codec)
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _text(record: TaggedRecord, number: int) -> str:
    return (record.value(number) or b"").decode("latin-1")
