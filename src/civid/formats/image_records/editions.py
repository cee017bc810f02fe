"""The editions by their names, and a reader that finds out which one it has."""

from __future__ import annotations

from types import ModuleType

from civid.errors import FormatError
from civid.formats.image_records import (
    ansi381_2004,
    iso19794_4_2005,
    iso19794_4_2011,
)
from civid.formats.image_records.common import refusal

#: Those with one header for all images.
Older = iso19794_4_2005.Record | ansi381_2004.Record
Record = iso19794_4_2011.Record | Older

#: Those that are read and written.
EDITIONS: dict[str, ModuleType] = {
    module.NAME: module for module in (iso19794_4_2011, iso19794_4_2005, ansi381_2004)
}


def edition(name: str) -> ModuleType:
    """The module of an edition by its name.

    Raises
    ------
    FormatError
        There is none of that name.

    >>> edition("ISO/IEC 19794-4:2011").VERSION
    b'020\\x00'
    """
    module = EDITIONS.get(name) if isinstance(name, str) else None
    if module is None:
        raise FormatError(f"should be one of {', '.join(EDITIONS)}", field="edition")
    return module


def name_of(record: Record) -> str:
    """The name of a record's edition.

    Raises
    ------
    FormatError
        This is no finger image record.
    """
    for name, module in EDITIONS.items():
        if isinstance(record, module.Record):
            return name
    raise FormatError(f"not {type(record).__name__}", field="finger image record")


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Record:
    """Read a finger image record of any edition that is read.

    Raises
    ------
    FormatError
        With the field and its byte offset; names what the bytes are if they are another record.

    >>> parse(b"BM" + bytes(100))
    Traceback (most recent call last):
    civid.errors.FormatError: finger image record: this is a BMP image (at byte 0)
    """
    for module in EDITIONS.values():
        if module.sniff(data):
            record: Record = module.parse(data, strict=strict)
            return record
    try:
        head = bytes(memoryview(data).cast("B")[:4096])
    except TypeError:
        text = f"a record is bytes, not {type(data).__name__}"
        raise FormatError(text, field="finger image record") from None
    raise refusal(head, "finger image record")
