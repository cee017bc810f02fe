"""ISO/IEC 19794-2:2005 alone, for callers that take no other format."""

from __future__ import annotations

from civid.fingerprint.records import ISO_2005, Print, prints


def all_from_iso(data: bytes, dpi: float | None = None) -> list[Print]:
    """Every view; the record is parsed once."""
    return prints(data, ISO_2005, dpi=dpi)


__all__ = ["Print", "all_from_iso"]
