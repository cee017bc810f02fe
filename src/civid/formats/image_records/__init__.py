"""Finger image records (bản ghi ảnh vân tay), one module a standard and edition.

`iso19794_4_2005`, `iso19794_4_2011`, `ansi381_2004` and `iso39794_4_2019` have the verbs of all
records: ``sniff``, ``parse``, ``validate``, ``build``. They keep the image data as they are;
`decode` makes pixels of them, `encode` a record of pixels, `convert` a record of one edition from
one of another.

ANSI/INCITS 381-2009 is named and refused: its byte layout stands in no public source, and a guess
at it would read the wrong finger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from civid.formats.image_records.conversion import convert as convert
    from civid.formats.image_records.editions import parse as parse
    from civid.formats.image_records.encoding import encode as encode
    from civid.formats.image_records.pixels import decode as decode

#: Loaded on use: pixels need NumPy, and what only reads a header does not.
_HOMES = {
    "convert": "conversion",
    "decode": "pixels",
    "encode": "encoding",
    "parse": "editions",
}

__all__ = ["convert", "decode", "encode", "parse"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"civid.formats.image_records.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
