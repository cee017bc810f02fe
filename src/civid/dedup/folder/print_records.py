"""What files of prints are called, and what a file is by its first bytes."""

from __future__ import annotations

from pathlib import Path

from civid.fingerprint.upload import RECORD_SUFFIXES, format_of
from civid.formats import Format
from civid.formats._registry import FORMATS

#: What files of several prints are called.
CONTAINERS = frozenset[str]().union(
    *(one.suffixes for one in FORMATS if one.kind in ("image record", "transaction"))
)
SUFFIXES = RECORD_SUFFIXES | CONTAINERS

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
        return "minutiae" if path.suffix.lower() in RECORD_SUFFIXES else "picture"
    return found.kind if found.kind in ("minutiae", "picture") else "several"


def is_record(path: Path) -> bool:
    """Does a file hold minutiae? Devices write ``.dat``, ``.bin``, ``.fmd`` too."""
    return kind_of(path) == "minutiae"


def _looked_at(path: Path) -> Format | None:
    if str(path).startswith(STREAMS):
        return None
    try:
        with path.open("rb") as file:
            return format_of(file.read(_HEAD), path.name)
    except OSError:
        return None  # reading it will say why
