"""The types with parts: SEQUENCE and SEQUENCE OF."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from civid.errors import FormatError
from civid.formats._reader import Finding, Reader
from civid.formats.iso39794 import ber, der
from civid.formats.iso39794.ber import Element
from civid.formats.iso39794.primitives import Kind, Place, error, fault


@dataclass(frozen=True)
class Member:
    """One component of a SEQUENCE: its context tag, its name, where it is kept, its type."""

    number: int
    name: str
    attribute: str
    kind: Kind
    optional: bool = False


def parts(element: Element, place: Place) -> list[Element]:
    """The elements inside one that has to hold some."""
    if element.children is None:
        raise error(place, "is a plain value, should hold elements", element.offset)
    return element.children


class Sequence(Kind):
    """SEQUENCE: a frozen dataclass whose attributes are the components.

    With ``extensible`` ("..." in the module) the class has an attribute ``extensions`` for the
    elements that this edition does not know. ``more`` finds what the components do not show
    alone.
    """

    universal = 0x30
    constructed = True

    def __init__(
        self,
        cls: type[Any],
        *members: Member,
        extensible: bool = True,
        more: Callable[[Any, Place], Iterator[Finding]] | None = None,
    ) -> None:
        self.cls: type[Any] = cls
        self.members, self.extensible, self.more = members, extensible, more
        self.by_number = {member.number: member for member in members}

    def read(self, reader: Reader, element: Element, place: Place) -> Any:
        values: dict[str, Any] = {}
        unknown: list[bytes] = []
        last, in_order = -1, True
        for child in parts(element, place):
            number = child.number
            member = None if number is None else self.by_number.get(number)
            if member is None:
                self._keep(reader, child, place, unknown)
                last = 31
                continue
            where = (*place, member.name)
            if member.attribute in values:
                reader.note(fault(where, "stands twice; the first is kept", child.offset))
                continue
            if member.number < last and in_order:
                in_order = False  # noted once: all that follow may be out of order with it
                reader.note(fault(where, "stands out of its order", child.offset))
            last = max(last, member.number)
            values[member.attribute] = member.kind.read(reader, child, where)
        for member in self.members:
            if not member.optional and member.attribute not in values:
                raise error((*place, member.name), "is missing", element.offset)
        if self.extensible:
            values["extensions"] = tuple(unknown)
        made = self.cls(**values)
        for finding in self.more(made, place) if self.more else ():
            reader.note(replace(finding, offset=element.offset))
        return made

    def _keep(self, reader: Reader, child: Element, place: Place, unknown: list[bytes]) -> None:
        where = (*place, "extension")
        if not self.extensible:
            reader.note(fault(where, "an element that cannot be here is left out", child.offset))
            return
        unknown.append(der.canonical(reader.data, child))
        if reader.trace is not None:
            reader.trace.add(place, "extension", child.offset, len(unknown[-1]), unknown[-1])

    def faults(self, value: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(value, self.cls):
            yield fault(place, f"should be {self.cls.__name__}, not {type(value).__name__}")
            return
        found = False
        for member in self.members:
            part = getattr(value, member.attribute)
            if part is None and member.optional:
                continue
            for finding in member.kind.faults(part, (*place, member.name)):
                found = True
                yield finding
        if self.extensible:
            yield from extension_faults(value.extensions, self.by_number, place)
        if self.more and not found:
            yield from self.more(value, place)

    def contents(self, value: Any) -> bytes:
        pieces = []
        for member in self.members:
            part = getattr(value, member.attribute)
            if part is not None:
                tag = member.kind.context(member.number)
                pieces.append(der.element(tag, member.kind.contents(part)))
        return b"".join(pieces) + (b"".join(value.extensions) if self.extensible else b"")


def extension_faults(
    extensions: Any, known: Mapping[int, object], place: Place
) -> Iterator[Finding]:
    """What is wrong with kept elements: each is one element in DER with a tag not yet given."""
    if not isinstance(extensions, tuple):
        yield fault((*place, "extension"), "should be a tuple of bytes")
        return
    for one in extensions:
        message = "should be one element in DER, with a tag that the edition does not give"
        not_der: list[Finding] = []
        try:
            element = ber.read(one, not_der.append)
            if element.number not in known and element.after == len(one) and not not_der:
                continue
        except (FormatError, TypeError):
            pass
        yield fault((*place, "extension"), message)


class SequenceOf(Kind):
    """SEQUENCE OF: a tuple."""

    universal = 0x30
    constructed = True

    def __init__(self, item: Kind, also: frozenset[int] = frozenset()) -> None:
        self.item = item
        #: Other tags of items that are read, with a note.
        self.also = also

    def read(self, reader: Reader, element: Element, place: Place) -> Any:
        values = []
        for at, child in enumerate(parts(element, place)):
            where = self._item(place, at)
            if child.tag & ~0x20 != self.item.universal & ~0x20:
                if child.tag not in self.also:
                    raise error(where, "is of another type", child.offset)
                reader.note(fault(where, "is of another type", child.offset))
            values.append(self.item.read(reader, child, where))
        return tuple(values)

    def faults(self, value: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(value, tuple):
            yield fault(place, f"should be a tuple, not {type(value).__name__}")
            return
        for at, item in enumerate(value):
            yield from self.item.faults(item, self._item(place, at))

    def contents(self, value: Any) -> bytes:
        tag = self.item.universal
        return b"".join(der.element(tag, self.item.contents(item)) for item in value)

    @staticmethod
    def _item(place: Place, at: int) -> Place:
        return (*place[:-1], f"{place[-1]}[{at}]")
