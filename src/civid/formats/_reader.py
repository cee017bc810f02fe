"""A bounded big-endian cursor, and what is found wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass

from civid.errors import FormatError
from civid.formats._fields import trace

#: No minutiae or image record of a person is larger; refuse before walking it.
MAX_RECORD_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One departure from a standard.

    Parameters
    ----------
    field : str
        The standard's name of the field.
    message : str
        What is wrong with it.
    offset : int or None
        Byte offset in the record; None where there are no bytes yet.
    view, minutia : int or None
        Which view and which minutia in it, counted from 0.
    """

    field: str
    message: str
    offset: int | None = None
    view: int | None = None
    minutia: int | None = None

    def error(self) -> FormatError:
        """The same as an exception."""
        return FormatError(self.message, offset=self.offset, field=self.field)

    def __str__(self) -> str:
        return str(self.error())


class Reader:
    """Reads forward through bytes; whatever is missing raises `FormatError` with its place.

    `places` says where the fields of the current section were read; `section` starts another.
    A record inside another file has a name, which errors put before the field. Where fields are
    traced (`civid.formats._fields.traced`), each one that is read is written down.
    """

    __slots__ = (
        "data",
        "end",
        "name",
        "path",
        "places",
        "pos",
        "strict",
        "trace",
        "warnings",
    )

    def __init__(
        self,
        data: bytes | bytearray | memoryview,
        *,
        strict: bool = False,
        name: str = "",
        limit: int = MAX_RECORD_BYTES,
    ) -> None:
        self.name = name
        self.path: tuple[str, ...] = ()
        self.trace = trace()
        try:
            self.data = bytes(memoryview(data).cast("B")[: limit + 1])
        except TypeError:
            raise FormatError(
                f"a record is bytes, not {type(data).__name__}", field=self._named("record")
            ) from None
        if len(self.data) > limit:
            raise FormatError(f"more than {limit} bytes are no record", field=self._named("length"))
        self.pos = 0
        self.end = len(self.data)
        self.strict = strict
        self.warnings: list[Finding] = []
        self.places: dict[str, int] = {}

    @property
    def left(self) -> int:
        """Bytes that were not read yet."""
        return self.end - self.pos

    def section(self, *path: str) -> dict[str, int]:
        """Start another section; the offsets of its fields come into what is returned.

        ``path`` names it where fields are traced, outermost first: ``"view 0", "quality 1"``.
        """
        self.path = path
        self.places = {}
        return self.places

    def take(self, size: int, field: str) -> bytes:
        """The next bytes."""
        taken = self._next(size, field)
        if self.trace is not None:
            self.trace.add(self.path, field, self.pos - size, size, taken)
        return taken

    def _next(self, size: int, field: str) -> bytes:
        start = self.pos
        stop = start + size
        if stop > self.end:
            raise FormatError(
                f"{size} bytes are needed, the record has only {self.left} more",
                offset=start,
                field=self._named(field),
            )
        self.places.setdefault(field, start)
        self.pos = stop
        return self.data[start:stop]

    def number(self, size: int, field: str) -> int:
        """The next bytes as an unsigned number."""
        value = int.from_bytes(self._next(size, field), "big")
        if self.trace is not None:
            self.trace.add(self.path, field, self.pos - size, size, value)
        return value

    def u8(self, field: str) -> int:
        return self.number(1, field)

    def u16(self, field: str) -> int:
        return self.number(2, field)

    def u32(self, field: str) -> int:
        return self.number(4, field)

    def expect(self, wanted: bytes, field: str) -> None:
        """The next bytes have to be these."""
        start = self.pos
        if self.take(len(wanted), field) != wanted:
            raise FormatError(f"should be {wanted!r}", offset=start, field=self._named(field))

    def complain(self, field: str, message: str, offset: int | None = None) -> None:
        """Note a departure from the standard: raised when strict, else kept as a warning."""
        self.note(Finding(self._named(field), message, self.pos if offset is None else offset))

    def _named(self, field: str) -> str:
        return f"{self.name} {field}" if self.name else field

    def note(self, finding: Finding) -> None:
        """The same with a finding."""
        if self.strict:
            raise finding.error()
        self.warnings.append(finding)
        if self.trace is not None:
            self.trace.note(finding)
