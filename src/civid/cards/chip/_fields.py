"""A bounded big-endian cursor for the binary records inside DG2 and DG3."""

from __future__ import annotations

from civid.errors import FormatError


class Cursor:
    """Reads forward; what is missing raises `FormatError` with its place in the record."""

    __slots__ = ("data", "name", "pos")

    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.name, self.pos = data, name, 0

    def take(self, size: int, field: str) -> bytes:
        """The next bytes."""
        left = len(self.data) - self.pos
        if size > left:
            raise FormatError(
                f"{size} bytes are needed, {left} are there",
                offset=self.pos,
                field=f"{self.name} {field}",
            )
        self.pos += size
        return self.data[self.pos - size : self.pos]

    def number(self, size: int, field: str) -> int:
        """The next bytes as an unsigned number."""
        return int.from_bytes(self.take(size, field), "big")

    def expect(self, wanted: bytes, field: str) -> None:
        """The next bytes have to be these."""
        if self.take(len(wanted), field) != wanted:
            raise FormatError(
                f"should be {wanted!r}",
                offset=self.pos - len(wanted),
                field=f"{self.name} {field}",
            )


def pack(size: int, value: int, field: str) -> bytes:
    """A number in so many bytes."""
    if not 0 <= value < 1 << (8 * size):
        raise FormatError(f"does not fit into {size} bytes", field=field)
    return value.to_bytes(size, "big")
