"""The primitive types of the ASN.1 modules: how each is read, checked and written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar

from civid.errors import FormatError
from civid.formats._reader import Finding, Reader
from civid.formats.iso39794 import der
from civid.formats.iso39794.ber import Element

#: Where a value stands, outermost name first: ``("representationBlocks[0]", "position")``.
Place = tuple[str, ...]

#: No number of the standards needs more.
_MAX_NUMBER_BYTES = 8


def fault(place: Place, message: str, offset: int | None = None) -> Finding:
    """A finding about the value at a place."""
    return Finding(".".join(place), message, offset)


def error(place: Place, message: str, offset: int) -> FormatError:
    """What is raised where a value cannot be read at all."""
    return FormatError(message, offset=offset, field=".".join(place))


class Kind(ABC):
    """A type: reads elements into plain values, finds their faults, writes them."""

    #: The universal tag, for an item of a SEQUENCE OF.
    universal: ClassVar[int]
    #: Whether its elements hold others, which a context tag says with a bit.
    constructed: ClassVar[bool] = False

    @abstractmethod
    def read(self, reader: Reader, element: Element, place: Place) -> Any:
        """The value of an element; what is wrong with it is noted in the reader."""

    @abstractmethod
    def faults(self, value: Any, place: Place) -> Iterator[Finding]:
        """All that is wrong with a value, and with those inside it."""

    @abstractmethod
    def contents(self, value: Any) -> bytes:
        """The contents octets of a value without faults."""

    def context(self, number: int) -> int:
        """The tag ``[number]`` of this type under IMPLICIT TAGS."""
        return (0xA0 if self.constructed else 0x80) | number


class Leaf(Kind):
    """A type without parts."""

    def read(self, reader: Reader, element: Element, place: Place) -> Any:
        value = self.decode(reader, element, place)
        if reader.trace is not None:
            size = element.end - element.start
            reader.trace.add(place[:-1], place[-1], element.start, size, value)
        for finding in self.faults(value, place):
            reader.note(replace(finding, offset=element.offset))
        return value

    @abstractmethod
    def decode(self, reader: Reader, element: Element, place: Place) -> Any:
        """The value, whatever its worth."""


def _primitive(reader: Reader, element: Element, place: Place) -> bytes:
    if element.children is not None:
        raise error(place, "holds elements, should be a plain value", element.offset)
    return reader.data[element.start : element.end]


class Integer(Leaf):
    """INTEGER (low..high)."""

    universal = 0x02

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def decode(self, reader: Reader, element: Element, place: Place) -> int:
        data = _primitive(reader, element, place)
        if not 0 < len(data) <= _MAX_NUMBER_BYTES:
            raise error(place, f"a number of {len(data)} bytes", element.offset)
        value = int.from_bytes(data, "big", signed=True)
        if data != der.integer(value):
            reader.note(fault(place, "a number in more bytes than it needs", element.start))
        return value

    def faults(self, value: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield fault(place, f"should be a whole number, not {type(value).__name__}")
        elif not self.low <= value <= self.high:
            yield fault(place, f"should be {self.low} to {self.high}")

    def contents(self, value: Any) -> bytes:
        return der.integer(value)


class Enumerated(Integer):
    """ENUMERATED: the codes of a table and what they mean."""

    universal = 0x0A

    def __init__(self, table: Mapping[int, str]) -> None:
        super().__init__(min(table), max(table))
        self.table = table

    def faults(self, value: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield from super().faults(value, place)
        elif value not in self.table:
            yield fault(place, "is none of the codes of its table")


class Boolean(Leaf):
    """BOOLEAN."""

    universal = 0x01

    def decode(self, reader: Reader, element: Element, place: Place) -> bool:
        data = _primitive(reader, element, place)
        if len(data) != 1:
            raise error(place, f"a truth value of {len(data)} bytes", element.offset)
        if data not in (b"\x00", b"\xff"):
            reader.note(fault(place, "true is FF in DER", element.start))
        return data != b"\0"

    def faults(self, value: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(value, bool):
            yield fault(place, f"should be a truth value, not {type(value).__name__}")

    def contents(self, value: Any) -> bytes:
        return b"\xff" if value else b"\0"


class Octets(Leaf):
    """OCTET STRING; one in pieces, as BER allows, is put together."""

    universal = 0x04

    def decode(self, reader: Reader, element: Element, place: Place) -> bytes:
        if element.children is None:
            return reader.data[element.start : element.end]
        reader.note(fault(place, "in pieces, which DER does not know", element.offset))
        pieces = []
        waiting = element.children[::-1]
        while waiting:
            piece = waiting.pop()
            if piece.tag & ~0x20 != self.universal:
                raise error(place, "has a piece of another type", piece.offset)
            if piece.children is None:
                pieces.append(reader.data[piece.start : piece.end])
            else:
                waiting.extend(reversed(piece.children))
        return b"".join(pieces)

    def faults(self, value: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(value, bytes):
            yield fault(place, f"should be bytes, not {type(value).__name__}")

    def contents(self, value: Any) -> bytes:
        return bytes(value)


class VisibleText(Octets):
    """VisibleString: printable ASCII; read from other types of text too."""

    universal = 0x1A
    _utf8 = 0x0C

    def decode(self, reader: Reader, element: Element, place: Place) -> Any:
        data = super().decode(reader, element, place)
        if element.tag & ~0x20 == self._utf8:
            with suppress(UnicodeDecodeError):
                return data.decode()
        return data.decode("latin-1")

    def faults(self, value: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(value, str):
            yield fault(place, f"should be a text, not {type(value).__name__}")
        elif not (value.isascii() and (value.isprintable() or not value)):
            yield fault(place, "has a character that is not printable ASCII")

    def contents(self, value: Any) -> bytes:
        return str(value).encode("ascii")
