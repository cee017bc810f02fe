"""Read ISO/IEC 19794-2:2005 records from files."""

from __future__ import annotations

from pathlib import Path

from civid.errors import FormatError
from civid.fingerprint._iso import all_from_iso
from civid.fingerprint.image import checked_dpi
from civid.fingerprint.template import Template
from civid.position import Position

SUFFIXES = frozenset({".iso", ".fmr", ".ist"})  # codespell:ignore ist

# Ten fingers with 255 minutiae and all their extended data take less. Whatever is larger is
# something else: .iso is also the suffix of disk images.
_MOST_BYTES = 1 << 20
_MAGIC = b"FMR\0"


def is_record(path: Path) -> bool:
    """By the suffix, or by the first bytes: devices write ``.dat``, ``.bin``, ``.fmd`` too."""
    if path.suffix.lower() in SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False  # reading it will say why


def read_record(path: Path, dpi: float | None = None) -> list[tuple[Position, Template]]:
    """Every print of a record, with the finger that it says; ``dpi`` goes before what it states.

    Raises
    ------
    FormatError
        No such record, damaged, or without a print.
    OSError
        The file cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise FormatError("larger than any fingerprint record")
    given = None if dpi is None else checked_dpi(dpi)
    return [
        (_position(position), Template(minutiae, quality=quality, width=width, height=height))
        for position, minutiae, quality, (width, height) in all_from_iso(data, given)
    ]


def _position(number: int) -> Position:
    try:
        return Position(number)
    except ValueError:  # of a later edition, or nonsense: the minutiae are good all the same
        return Position.UNKNOWN
