"""QCVN 109:2017/BTTTT citizen messages as JSON: the names of the elements are the keys.

The regulation has XML only; its site published a sample as JSON in 2020, of which only the XML side
could be read. The form is that which clients of the national service read and write: no prefixes,
``CongDan`` an object or a list, what XML has as attributes beside it.

>>> made = Message((Citizen("046301123456", sex="2", birth=Birth(year="2001")),))
>>> parse(build(made)) == made
True
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from civid.errors import FormatError
from civid.formats._reader import Finding
from civid.formats._types import typed
from civid.formats.qcvn109.message_xml import MAX_ELEMENTS, read_collection, validate
from civid.formats.qcvn109.record import NAMESPACE, Birth, Citizen, Message
from civid.formats.qcvn109.tree import write_citizen
from civid.formats.safe_xml import Children, Element

NAME = "QCVN 109:2017/BTTTT citizen message (JSON)"
KEY = "qcvn109-json"
#: Empty lists of a hostile file are twenty times as large in memory.
MAX_BYTES = 4 << 20
MAX_DEPTH = 32
_ROOT = "CongdanCollection"
_ABOUT = ("GhiChu", "ThoiDiemDuLieu", "SoCongDan")


class _Pairs(list[tuple[str, object]]):
    # An object with its keys in their order, twice where they stand twice.
    pass


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like such a message? Never raises."""
    try:
        head = bytes(memoryview(data).cast("B")[:4096])
    except TypeError:
        return False
    return head.lstrip()[:1] == b"{" and (
        f'"{_ROOT}"'.encode() in head or (b'"CongDan"' in head and b'"SoDinhDanh"' in head)
    )


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Message:
    """Read a message.

    Parameters
    ----------
    data : bytes-like
        At most 4 MiB of JSON in UTF-8, UTF-16 or UTF-32.
    strict : bool
        Any departure is an error; else it is collected in `Message.warnings`.

    Raises
    ------
    FormatError
        Not such a message; with the path of the key.
    """
    try:
        raw = bytes(memoryview(data).cast("B")[: MAX_BYTES + 1])
    except TypeError:
        raise FormatError(
            f"a message is bytes, not {type(data).__name__}", field="message"
        ) from None
    if len(raw) > MAX_BYTES:
        raise FormatError(f"more than {MAX_BYTES} bytes", field="message")
    try:
        whole = json.loads(
            raw, object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=str
        )
    except json.JSONDecodeError as error:
        raise FormatError(f"not JSON: {error.msg}", offset=error.pos, field="message") from None
    except (RecursionError, ValueError) as error:
        what = "nests too deep" if isinstance(error, RecursionError) else "not JSON in Unicode"
        raise FormatError(what, field="message") from None
    root = _collection(whole)
    if root is None:
        raise FormatError("holds no CongdanCollection", field="message")
    tree = Element(_ROOT, children=_children(root, 0, [MAX_ELEMENTS]), space=NAMESPACE)
    warnings: list[Finding] = []
    about = {one.name: one.text for one in tree.children if one.name in _ABOUT and one.text}
    people = tuple(one for one in tree.children if one.name not in (*_ABOUT, "Id"))
    bare = Element(_ROOT, children=people, space=NAMESPACE)
    children = Children(bare, _ROOT, warnings, strict=strict, ordered=False)
    return read_collection(children, dict(about))


def _collection(whole: object) -> _Pairs | None:
    # The object that holds CongDan, at most four keys deep (Envelope, Body, CongdanCollection).
    for _ in range(4):
        if not isinstance(whole, _Pairs):
            return None
        inside = dict(whole)
        if "CongDan" in inside:
            return whole
        whole = next((inside[key] for key in (_ROOT, "Body", "Envelope") if key in inside), None)
        if isinstance(whole, _Pairs) and not whole:
            return whole
    return None


def _children(pairs: _Pairs, depth: int, left: list[int]) -> tuple[Element, ...]:
    if depth > MAX_DEPTH:
        raise FormatError(f"nests deeper than {MAX_DEPTH}", field="message")
    found: list[Element] = []
    for key, value in pairs:
        several = value if isinstance(value, list) and not isinstance(value, _Pairs) else [value]
        left[0] -= len(several)
        if left[0] < 0:
            raise FormatError(f"more than {MAX_ELEMENTS} values", field="message")
        found += (_element(key, one, depth, left) for one in several)
    order: dict[str, int] = {}  # a key that stands there twice is a list
    return tuple(sorted(found, key=lambda one: order.setdefault(one.name, len(order))))


def _element(key: str, value: object, depth: int, left: list[int]) -> Element:
    name = key.removeprefix("@").rpartition(":")[2][:64]
    if isinstance(value, _Pairs):
        return Element(name, children=_children(value, depth + 1, left), space=NAMESPACE)
    if isinstance(value, list):
        raise FormatError("a list inside a list", field=name)
    text = value if isinstance(value, str) else ""
    if isinstance(value, bool):
        text = "true" if value else "false"
    return Element(name, text, space=NAMESPACE)


@typed
def build(message: Message) -> bytes:
    """Write a message; always strictly, in UTF-8.

    Raises
    ------
    FormatError
        The first of what `validate` finds.
    """
    for finding in validate(message):
        raise finding.error()
    about = {"GhiChu": message.note, "ThoiDiemDuLieu": message.as_of}
    root: dict[str, object] = {key: text for key, text in about.items() if text is not None}
    root["SoCongDan"] = str(len(message.citizens))
    root["CongDan"] = [_value(write_citizen(one)) for one in message.citizens]
    text = json.dumps({_ROOT: root}, ensure_ascii=False, indent=2)
    try:
        return (text + "\n").encode("utf-8")
    except UnicodeEncodeError:
        raise FormatError("a character that Unicode does not have", field="message") from None


def _value(element: Element) -> object:
    if not element.children:
        return element.text
    return _object(element.children)


def _object(children: Sequence[Element]) -> dict[str, object]:
    made: dict[str, object] = {}
    for one in children:
        value = _value(one)
        if one.name in made:
            before = made[one.name]
            made[one.name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            made[one.name] = value
    return made


__all__ = ["KEY", "NAME", "Birth", "Citizen", "Message", "build", "parse", "sniff", "validate"]
