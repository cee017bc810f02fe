"""DG13: the holder's data in Vietnamese, with accents. The issuer's own format, no ICAO standard.

Tag 6D holds, one after another, ``SEQUENCE { INTEGER n, string }`` for n = 1 to 16
(``data/dg13_tags.csv``). Tags 1 to 13 agree in three public readers, 14 to 16 in fewer. Read:
any string type, with or without one SEQUENCE around all. Written: the string types that readers
have seen, without it. Cards of 2024 may hold this differently (Circular 16/2024 Art 6). [C]
"""

from __future__ import annotations

from collections.abc import Iterator

from civid.cards.chip._dg13_record import FIELDS, Dg13Record
from civid.cards.chip.files import DG_TAGS
from civid.cards.chip.tlv import Tlv, children, unwrap
from civid.cards.chip.tlv import build as build_tlv
from civid.errors import FormatError
from civid.people.tables import packaged

__all__ = ["Dg13Record", "build", "parse"]

_SEQUENCE, _SET, _INTEGER, _UTF8, _PRINTABLE = 0x30, 0x31, 0x02, 0x0C, 0x13
_ENCODINGS = {0x0C: "utf-8", 0x13: "utf-8", 0x16: "utf-8", 0x14: "utf-8", 0x04: "utf-8",
              0x1E: "utf-16-be"}  # fmt: skip
_PARENTS, _SPOUSE = 13, 14
_MOST_TEXT = 4096
_PRINTABLE_SET = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?"
)


def parse(data: bytes) -> Dg13Record:
    """Read DG13.

    Raises
    ------
    FormatError
        Not such a file, damaged, a number twice, or text that is not UTF-8.

    Examples
    --------
    >>> parse(bytes.fromhex("6d13 3011 020101 130c 303436333031313233343536")).personal_number
    '046301123456'
    """
    values, extras = dict[str, str](), list[tuple[int, bytes]]()
    seen = set[int]()
    for segment in _segments(unwrap(data, DG_TAGS[13], "DG13")):
        inside = list(children(segment, "DG13"))
        number = _number(segment, inside)
        if number in seen:
            raise FormatError(f"field {number} twice", offset=segment.offset, field="DG13")
        seen.add(number)
        texts = [_text(one) for one in _strings(inside[1:])]
        if number == _PARENTS:
            if len(texts) > 2:
                raise FormatError("more than two parents", offset=segment.offset, field="DG13")
            values |= zip(("father", "mother"), [*texts, "", ""], strict=False)
        elif number in FIELDS:
            if len(texts) > 1:
                raise FormatError(
                    f"field {number} holds several values", offset=segment.offset, field="DG13"
                )
            values[FIELDS[number]] = texts[0] if texts else ""
        else:
            extras.append((number, segment.value))
    return Dg13Record(**values, extras=tuple(extras))


def build(record: Dg13Record) -> bytes:
    """Write DG13; fields that are None are left out.

    >>> build(Dg13Record(personal_number="046301123456")).hex()
    '6d133011020101130c303436333031313233343536'
    """
    segments = dict[int, bytes]()
    for number, name in FIELDS.items():
        value = getattr(record, name)
        if value is None:
            continue
        text = _string(number, value) if value or number != _SPOUSE else b""
        if number == _SPOUSE and text:
            text = build_tlv(_SEQUENCE, text)
        segments[number] = _segment(number, text)
    if record.father is not None or record.mother is not None:
        both = (record.father or "", record.mother or "")
        names = [build_tlv(_SEQUENCE, _string(_PARENTS, one)) for one in both]
        segments[_PARENTS] = _segment(_PARENTS, *names)
    for number, raw in record.extras:
        if number in segments or number <= max(FIELDS):
            raise FormatError(f"field {number} twice", field="DG13")
        segments[number] = build_tlv(_SEQUENCE, raw)
    return build_tlv(DG_TAGS[13], *(segments[number] for number in sorted(segments)))


def _segments(file: Tlv) -> Iterator[Tlv]:
    elements = list(children(file, "DG13"))
    if len(elements) == 1 and elements[0].tag in (_SEQUENCE, _SET):
        inside = list(children(elements[0], "DG13"))
        if inside and inside[0].tag in (_SEQUENCE, _SET):
            elements = inside
    for one in elements:
        if one.tag != _SEQUENCE:
            raise FormatError("something else than a field", offset=one.offset, field="DG13")
        yield one


def _number(segment: Tlv, inside: list[Tlv]) -> int:
    if not inside or inside[0].tag != _INTEGER or len(inside[0].value) != 1:
        raise FormatError("a field without a number", offset=segment.offset, field="DG13")
    return inside[0].value[0]


def _strings(elements: list[Tlv]) -> Iterator[Tlv]:
    # A value may stand alone, or inside one SEQUENCE each or for all; never deeper than two.
    for one in elements:
        if one.tag not in (_SEQUENCE, _SET):
            yield one
            continue
        for inner in children(one, "DG13"):
            if inner.tag in (_SEQUENCE, _SET):
                yield from children(inner, "DG13")
            else:
                yield inner


def _text(one: Tlv) -> str:
    encoding = _ENCODINGS.get(one.tag)
    if encoding is None or len(one.value) > _MOST_TEXT:
        raise FormatError("no text, or too long a one", offset=one.offset, field="DG13")
    try:
        return one.value.decode(encoding)
    except UnicodeDecodeError as error:
        raise FormatError("is not UTF-8", offset=one.start + error.start, field="DG13") from None


def _string(number: int, value: str) -> bytes:
    printable = _types()[number] == "PrintableString" and _PRINTABLE_SET.issuperset(value)
    raw = value.encode("utf-8", "surrogatepass")
    if len(raw) > _MOST_TEXT or not _encodable(value):
        raise FormatError("too long, or no Unicode", field=f"DG13 field {number}")
    return build_tlv(_PRINTABLE if printable else _UTF8, raw)


def _encodable(value: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _segment(number: int, *values: bytes) -> bytes:
    return build_tlv(_SEQUENCE, build_tlv(_INTEGER, bytes([number])), *values)


def _types() -> dict[int, str]:
    return {int(row["tag"]): row["written_as"] for row in packaged("civid.cards", "dg13_tags")}
