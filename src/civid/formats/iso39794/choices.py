"""The two kinds of CHOICE of ISO/IEC 39794: a code or its extension block, a score or an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from civid.formats._reader import Finding, Reader
from civid.formats.iso39794 import der
from civid.formats.iso39794.ber import Element
from civid.formats.iso39794.primitives import Enumerated, Integer, Kind, Place, error, fault
from civid.formats.iso39794.structures import extension_faults, parts


@dataclass(frozen=True, slots=True)
class Coded:
    """A code of a table, in one of its two forms.

    Parameters
    ----------
    code : int
        In an extension block this is the fallback: the nearest code of the first edition.
    extended : bool
        Stands in an extension block; profiles, as ICAO's for part 5, allow only that form.
    extensions : tuple of bytes
        What else stands in the extension block: whole elements in DER that a later edition
        defines.
    """

    code: int
    extended: bool = False
    extensions: tuple[bytes, ...] = field(default=(), repr=False)


class Choice(Kind):
    """What both kinds of CHOICE share; an explicit tag stands around one."""

    universal: ClassVar[int] = 0  # never an item of a SEQUENCE OF
    constructed = True

    @staticmethod
    def chosen(reader: Reader, element: Element, place: Place) -> Element:
        """The one element inside."""
        inside = parts(element, place)
        if not inside:
            raise error(place, "is empty", element.offset)
        if len(inside) > 1:
            reader.note(fault(place, "holds more than one choice", inside[1].offset))
        if inside[0].tag not in (0x80, 0xA1):
            raise error(place, "is a choice of an unknown kind", inside[0].offset)
        return inside[0]


class CodeChoice(Choice):
    """CHOICE {code [0], extensionBlock [1] {fallback [0], ...}}: a `Coded`."""

    def __init__(self, table: Mapping[int, str]) -> None:
        self.code = Enumerated(table)

    def read(self, reader: Reader, element: Element, place: Place) -> Coded:
        chosen = self.chosen(reader, element, place)
        if chosen.tag == 0x80:
            return Coded(self.code.read(reader, chosen, place))
        block = parts(chosen, place)
        if not block or block[0].tag != 0x80:
            raise error(place, "an extension block without a fallback", chosen.offset)
        code = self.code.read(reader, block[0], place)
        rest = tuple(der.canonical(reader.data, one) for one in block[1:])
        for one, kept in zip(block[1:], rest, strict=True):
            if one.number == 0:
                reader.note(fault(place, "has two fallbacks", one.offset))
            if reader.trace is not None:
                reader.trace.add(place, "extension", one.offset, len(kept), kept)
        return Coded(code, True, rest)

    def faults(self, value: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(value, Coded):
            yield fault(place, f"should be Coded, not {type(value).__name__}")
            return
        yield from self.code.faults(value.code, place)
        yield from extension_faults(value.extensions, {0: None}, place)
        if value.extensions and not value.extended:
            yield fault(place, "extensions stand only in an extension block")

    def contents(self, value: Any) -> bytes:
        code = der.element(0x80, self.code.contents(value.code))
        return der.element(0xA1, code, *value.extensions) if value.extended else code


class ScoreChoice(Choice):
    """ScoreOrError ::= CHOICE {score [0] (0..100), error [1]}: an int, or a `Coded` error."""

    score = Integer(0, 100)
    failed = CodeChoice({0: "failure to assess"})

    def read(self, reader: Reader, element: Element, place: Place) -> int | Coded:
        chosen = self.chosen(reader, element, place)
        if chosen.tag == 0x80:
            return int(self.score.read(reader, chosen, place))
        return self.failed.read(reader, chosen, place)

    def faults(self, value: Any, place: Place) -> Iterator[Finding]:
        kind: Kind = self.failed if isinstance(value, Coded) else self.score
        yield from kind.faults(value, place)

    def contents(self, value: Any) -> bytes:
        if isinstance(value, Coded):
            return der.element(0xA1, self.failed.contents(value))
        return der.element(0x80, self.score.contents(value))
