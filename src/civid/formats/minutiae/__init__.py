"""Minutiae records (bản ghi đặc điểm vân tay), one module a standard and edition.

Each has the same verbs: ``sniff``, ``parse``, ``validate``, ``build``. `FORMATS` holds them by
their keys, `civid.formats.minutiae.convert` makes one of another.
"""

from civid.formats.minutiae.keys import FORMATS, MinutiaeFormat, format_of, sniffed

__all__ = ["FORMATS", "MinutiaeFormat", "format_of", "sniffed"]
