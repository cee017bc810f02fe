"""Reads BER (ISO/IEC 8825-1) into elements with their places: bounded, and never by recursion.

DER, the form in which records are exchanged, is a part of BER; where bytes are BER but not DER
that is noted, once for each kind, and the reading goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from civid.errors import FormatError
from civid.formats._reader import Finding

#: A finger image record has some hundreds of elements; the most detailed have some thousands.
MAX_ELEMENTS = 50_000
#: Records nest about ten deep.
MAX_DEPTH = 32

Note = Callable[[Finding], None]


@dataclass(slots=True)
class Element:
    """One element; all places are byte offsets from the start of the data.

    Parameters
    ----------
    tag : int
        The identifier octets as one number: 0xA1 is ``[1]`` of a constructed type.
    offset, start, end, after : int
        Of the tag, of the contents, of their end, and of what follows.
    children : list of Element or None
        None where the contents are primitive.
    """

    tag: int
    offset: int
    start: int
    end: int
    after: int
    children: list[Element] | None

    @property
    def number(self) -> int | None:
        """The number of a context tag ``[n]`` below 31; None for another tag."""
        context = self.tag <= 0xFF and self.tag & 0xC0 == 0x80
        return self.tag & 0x1F if context else None


def read(data: bytes, note: Note, name: str = "record") -> Element:
    """The first element of the data, with all inside; what follows it is left.

    Parameters
    ----------
    data : bytes
    note : callable
        Is given a `Finding` for what is BER but not DER.
    name : str
        The field that errors name.

    Raises
    ------
    FormatError
        The bytes are no BER, or have more or deeper elements than any record.

    Examples
    --------
    >>> found = []
    >>> outer = read(bytes.fromhex("a1 80 02 01 05 00 00"), found.append)
    >>> [hex(one.tag) for one in outer.children], found[0].message
    (['0x2'], 'an indefinite length, which DER does not know')
    """
    walk = _Walk(data, note, name)
    return walk.read()


class _Walk:
    def __init__(self, data: bytes, note: Note, name: str) -> None:
        self.data, self.note, self.name = data, note, name
        self.noted: set[str] = set()
        self.count = 0

    def read(self) -> Element:
        data = self.data
        #: The open elements, each with where it has to stop: None = at the end-of-contents octets.
        ways: list[tuple[Element, int | None, int]] = []
        root: Element | None = None
        at, limit = 0, len(data)
        while True:
            if ways:
                parent, stop, limit = ways[-1]
                if stop is None and data[at : min(at + 2, limit)] == b"\0\0":
                    parent.end, parent.after = at, at + 2
                    at += 2
                    ways.pop()
                    continue
                if at == stop:
                    ways.pop()
                    continue
            elif root is not None:
                return root
            element, stop = self._header(at, limit)
            if root is None:
                root = element
            if ways:
                siblings = ways[-1][0].children
                assert siblings is not None  # only constructed elements are open
                siblings.append(element)
            if element.children is None:
                at = element.after
                continue
            if len(ways) >= MAX_DEPTH:
                raise self._error(f"nests more than {MAX_DEPTH} deep", element.offset)
            ways.append((element, stop, limit if stop is None else stop))
            at = element.start

    def _header(self, at: int, limit: int) -> tuple[Element, int | None]:
        # The element at a place and where its contents stop, None = not known yet.
        self.count += 1
        if self.count > MAX_ELEMENTS:
            raise self._error(f"more than {MAX_ELEMENTS} elements are no record", at)
        tag, place = self._tag(at, limit)
        if not tag:
            raise self._error("end-of-contents octets where they end nothing", at)
        constructed = bool(self.data[at] & 0x20)
        length, start = self._length(place, limit)
        if length is None:
            if not constructed:
                raise self._error("an indefinite length of a primitive element", place)
            self._not_der("an indefinite length, which DER does not know", place)
            return Element(tag, at, start, 0, 0, []), None
        if length > limit - start:
            raise self._error(f"{length} bytes are announced, {limit - start} are there", place)
        end = start + length
        return Element(tag, at, start, end, end, [] if constructed else None), end

    def _tag(self, at: int, limit: int) -> tuple[int, int]:
        # The identifier octets as a number, and where the length is.
        if at >= limit:
            raise self._error("is cut off", limit)
        tag = self.data[at]
        place = at + 1
        if tag & 0x1F != 0x1F:
            return tag, place
        while True:
            if place >= limit:
                raise self._error("is cut off", limit)
            byte = self.data[place]
            tag = tag << 8 | byte
            place += 1
            if place - at > 4 or (place - at == 2 and byte == 0x80):
                raise self._error("a tag that cannot be", at)
            if not byte & 0x80:
                break
        if tag <= 0xFFFF and tag & 0x7F < 31:
            self._not_der("a longer tag than its number needs", at)
        return tag, place

    def _length(self, at: int, limit: int) -> tuple[int | None, int]:
        # A length, None = indefinite, and where the contents start.
        if at >= limit:
            raise self._error("is cut off", limit)
        first = self.data[at]
        if first < 0x80:
            return first, at + 1
        size = first & 0x7F
        if not size:
            return None, at + 1
        if size > 8:
            raise self._error("a length that cannot be", at)
        start = at + 1 + size
        if start > limit:
            raise self._error("is cut off", limit)
        length = int.from_bytes(self.data[at + 1 : start], "big")
        if length < 0x80 or length < 1 << 8 * (size - 1):
            self._not_der("a length in more bytes than it needs", at)
        return length, start

    def _not_der(self, message: str, at: int) -> None:
        if message not in self.noted:
            self.noted.add(message)
            self.note(Finding(self.name, message, at))

    def _error(self, message: str, at: int) -> FormatError:
        return FormatError(message, offset=at, field=self.name)
