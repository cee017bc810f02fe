"""Writes the fields of the binary record inside DG2; `formats._reader` reads them."""

from __future__ import annotations

from civid.errors import FormatError


def pack(size: int, value: int, field: str) -> bytes:
    """A number in so many bytes."""
    if not 0 <= value < 1 << (8 * size):
        raise FormatError(f"does not fit into {size} bytes", field=field)
    return value.to_bytes(size, "big")
