"""The minutiae formats by their keys; a module is loaded when it is asked for.

To add a format: one line in `FORMATS`, with a module that has ``KEY``, ``NAME``, ``sniff``,
``parse``, ``validate``, ``build``, and the two functions that take its record into the neutral form
(`civid.formats.minutiae.convert.Read`) and make one of it (`Written`).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

from civid.errors import FormatError

_HERE = "civid.formats.minutiae"


class MinutiaeFormat(NamedTuple):
    """Where a format is.

    ``path`` of its module; ``reads`` and ``writes``, each ``"module:function"``; ``says_so``
    whether its bytes say what they are, so that ``sniff`` can be believed.
    """

    path: str
    reads: str
    writes: str
    says_so: bool = True

    def module(self) -> ModuleType:
        """The module with the verbs."""
        return import_module(self.path)

    def conversion(self) -> tuple[Callable[..., Any], Callable[..., Any]]:
        """Record -> `Read`, and `MinutiaeSet` -> `Written`."""
        return _function(self.reads), _function(self.writes)


def _function(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def _record(module: str, short: str) -> MinutiaeFormat:
    return MinutiaeFormat(
        f"{_HERE}.{module}",
        f"{_HERE}.convert.from_records:from_{short}",
        f"{_HERE}.convert.to_records:to_{short}",
    )


def _other(module: str, conversion: str, short: str, *, says_so: bool = True) -> MinutiaeFormat:
    return MinutiaeFormat(
        f"{_HERE}.{module}",
        f"{_HERE}.convert.{conversion}:from_{short}",
        f"{_HERE}.convert.{conversion}:to_{short}",
        says_so,
    )


#: By key, in the order in which they are asked whether they know a file.
FORMATS: dict[str, MinutiaeFormat] = {
    "iso19794-2:2005": _record("iso19794_2_2005", "iso_2005"),
    "ansi378-2004": _record("ansi378_2004", "ansi_2004"),
    "iso19794-2:2011": _record("iso19794_2_2011", "iso_2011"),
    "ansi378-2009": _record("ansi378_2009", "ansi_2009"),
    "min": _other("nbis.min", "texts", "min"),
    "xyt": _other("nbis.xyt", "texts", "xyt", says_so=False),
    "xyt-m1": _other("nbis.xyt_m1", "texts", "xyt_m1", says_so=False),
    "iso19794-2:2005-card": _other("card.normal", "cards", "card", says_so=False),
    "iso19794-2:2005-compact-card": _other("card.compact", "cards", "compact_card", says_so=False),
}


def format_of(key: str) -> MinutiaeFormat:
    """The format of that key.

    Raises
    ------
    FormatError
        There is none; the message names those there are.
    """
    try:
        return FORMATS[key]
    except (KeyError, TypeError, ValueError):  # of what cannot be hashed, too
        known = ", ".join(FORMATS)
        raise FormatError(f"no such minutiae format; there are {known}", field="format") from None


def sniffed(data: bytes | bytearray | memoryview) -> str | None:
    """Key of the format that bytes say they are, or None. Never raises.

    >>> sniffed(b"FMR" + bytes(1) + b" 20" + bytes(5) + bytes([30]) + bytes(18))
    'iso19794-2:2005'
    """
    for key, one in FORMATS.items():
        if one.says_so and one.module().sniff(data):
            return key
    return None
