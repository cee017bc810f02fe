"""Records of the standards: bytes <-> plain typed records. No engine here.

One module a standard and edition, all with the same verbs: ``sniff``, ``parse``, ``validate``,
``build``. `detect` says what bytes look like.
"""

from __future__ import annotations

from typing import Any

from civid.formats._detect import detect
from civid.formats._reader import Finding

__all__ = ["Finding", "detect"]

#: Where modules stood once; their names are kept.
_MOVED = {
    "ansi378_2004": "minutiae",
    "ansi378_2009": "minutiae",
    "iso19794_2_2005": "minutiae",
    "iso19794_2_2011": "minutiae",
    "netpbm": "image_files",
    "picture": "image_files",
    "wsq": "image_files",
}


def __getattr__(name: str) -> Any:
    if name in _MOVED:
        from importlib import import_module

        return import_module(f"civid.formats.{_MOVED[name]}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
