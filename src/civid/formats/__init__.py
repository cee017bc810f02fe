"""Records of the standards: bytes <-> plain typed records. No engine here.

One module a standard and edition, all with the same verbs: ``sniff``, ``parse``, ``validate``,
``build``. The functions of the same names here find the module by what bytes look like.

>>> from civid import formats
>>> formats.sniff(b"P5 1 1 255 A")
'pgm'
>>> formats.parse(b"P5 1 1 255 A").pixels.shape
(1, 1)
"""

from __future__ import annotations

from typing import Any

from civid.formats._detect import detect
from civid.formats._door import build, known, names, parse, sniff
from civid.formats._reader import Finding
from civid.formats._registry import Format
from civid.formats._wrappings import Unwrapped, unwrapped
from civid.formats.inspection import Node, Tree, inspect

__all__ = [
    "Finding",
    "Format",
    "Node",
    "Tree",
    "Unwrapped",
    "build",
    "detect",
    "inspect",
    "known",
    "names",
    "parse",
    "sniff",
    "unwrapped",
]

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
