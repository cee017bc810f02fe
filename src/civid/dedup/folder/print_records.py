"""Records of minutiae in files, whatever their standard, and what a file is by its first bytes."""

from __future__ import annotations

from pathlib import Path

from civid.errors import FormatError
from civid.fingerprint.image import checked_dpi
from civid.fingerprint.records import prints
from civid.fingerprint.template import Template
from civid.formats import Format
from civid.formats._door import sniffed
from civid.formats._registry import FORMATS
from civid.position import Position

#: What records are called; ``.ist`` is an earlier name.  # codespell:ignore ist
RECORDS = frozenset({".ist"}).union(  # codespell:ignore ist
    *(one.suffixes for one in FORMATS if one.kind == "minutiae")
)
#: What files of several prints are called.
CONTAINERS = frozenset[str]().union(
    *(one.suffixes for one in FORMATS if one.kind in ("image record", "transaction"))
)
SUFFIXES = RECORDS | CONTAINERS

# Ten fingers with 255 minutiae and all their extended data take less. Whatever is larger is
# something else: .iso is also the suffix of disk images.
_MOST_BYTES = 1 << 20
_HEAD = 64
# What a shell makes of <(...): what is read of it to know it is gone.
STREAMS = ("/dev/fd/", "/proc/")


def kind_of(path: Path) -> str:
    """What a file is: "minutiae", "picture", or "several" (records of images, transactions ...).

    Its bytes are believed; its name is asked where they do not say it, as of ``.xyt``. What
    nothing is known of counts as a picture: reading it says why not.
    """
    found = _looked_at(path)
    if found is None:
        return "minutiae" if path.suffix.lower() in RECORDS else "picture"
    return found.kind if found.kind in ("minutiae", "picture") else "several"


def is_record(path: Path) -> bool:
    """Does a file hold minutiae? Devices write ``.dat``, ``.bin``, ``.fmd`` too."""
    return kind_of(path) == "minutiae"


def _looked_at(path: Path) -> Format | None:
    if str(path).startswith(STREAMS):
        return None
    try:
        with path.open("rb") as file:
            return _says_so(file.read(_HEAD))
    except OSError:
        return None  # reading it will say why


def _says_so(data: bytes) -> Format | None:
    """The format of bytes that say it; of mere numbers in lines the name is asked."""
    found = sniffed(data)
    return None if found is None or not found.says_so else found


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
    return templates_of(data, dpi, None if _says_so(data) else _by_name(path))


def templates_of(
    data: bytes, dpi: float | None = None, key: str | None = None
) -> list[tuple[Position, Template]]:
    """The same of bytes; ``key`` is their format where they do not say it."""
    given = None if dpi is None else checked_dpi(dpi)
    return [
        (position_of(position), Template(minutiae, quality=quality, width=width, height=height))
        for position, minutiae, quality, (width, height) in prints(data, key, dpi=given)
    ]


def position_of(number: int) -> Position:
    """The finger of a number; unknown for those of a later edition, or nonsense."""
    try:
        return Position(number)
    except ValueError:  # the minutiae are good all the same
        return Position.UNKNOWN


def _by_name(path: Path) -> str | None:
    suffix = path.suffix.lower()
    return next((one.key for one in FORMATS if not one.says_so and suffix in one.suffixes), None)
