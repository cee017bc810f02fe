"""QCVN 109:2017/BTTTT citizen messages as XML (``CongdanCollection``).

The element names and their order are those of the worked example (annex Đ) and of the deployed
service; the schema itself (annexes C and D) was not at hand. A tolerant reader takes what the
service writes: an envelope of SOAP around it, texts where elements should be, days of eight digits.

>>> made = Message((Citizen("046301123456", name=Name("Nguyễn", "Thị", "An"), sex="2"),))
>>> parse(build(made)).citizens[0].name.full
'Nguyễn Thị An'
"""

from __future__ import annotations

from dataclasses import replace

from civid.errors import FormatError
from civid.formats._reader import Finding
from civid.formats._types import typed
from civid.formats.qcvn109.check import check_message
from civid.formats.qcvn109.record import (
    NAMESPACE,
    Birth,
    Citizen,
    Coded,
    Message,
    Name,
    Place,
    Relative,
    tidied,
)
from civid.formats.qcvn109.tree import read_citizen, write_citizen
from civid.formats.safe_xml import Children, Element, read_xml, write_xml
from civid.formats.safe_xml.children import Offsets

NAME = "QCVN 109:2017/BTTTT citizen message"
KEY = "qcvn109"
#: Of one message; a reader of more would take long without a sign of life.
MAX_CITIZENS = 5_000
MAX_ELEMENTS = 200_000
_ROOT = "CongdanCollection"
_ATTRIBUTES = ("GhiChu", "ThoiDiemDuLieu", "SoCongDan")
_SOAP = ("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like such a message? Never raises."""
    try:
        head = bytes(memoryview(data).cast("B")[:4096])
    except TypeError:
        return False
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head[: len(head) & ~1].decode("utf-16", "replace").encode("utf-8", "replace")
    return NAMESPACE.encode() in head and _ROOT.encode() in head


def parse(data: bytes | bytearray | memoryview, *, strict: bool = False) -> Message:
    """Read a message.

    Parameters
    ----------
    data : bytes-like
        At most 64 MiB of XML about 5,000 citizens.
    strict : bool
        Any departure is an error. Otherwise only what cannot be read is; the rest is collected in
        `Message.warnings`, with the values as they stand.

    Raises
    ------
    FormatError
        Not such a message; with the path of the element and its byte offset.
    """
    outer = read_xml(data, name="message", max_elements=MAX_ELEMENTS)
    root = next((one for one in outer.walk() if (one.space, one.name) == (NAMESPACE, _ROOT)), None)
    if root is None:
        raise FormatError("holds no CongdanCollection", offset=outer.offset, field="message")
    warnings: list[Finding] = []
    if root is not outer:
        finding = Finding(_ROOT, "stands inside another document", outer.offset)
        if strict or outer.space not in _SOAP:
            raise finding.error()
        warnings.append(finding)
    children = Children(root, _ROOT, warnings, strict=strict, attributes=_ATTRIBUTES, ordered=False)
    about = {name: root.attribute(name) for name in _ATTRIBUTES}
    return read_collection(children, about)


def read_collection(children: Children, about: dict[str, str | None]) -> Message:
    """The citizens of a ``CongdanCollection``, and what it says of all of them."""
    found = children.all("CongDan")
    if len(found) > MAX_CITIZENS:
        offset = children.element.offset
        raise FormatError(f"more than {MAX_CITIZENS} citizens", offset=offset, field=_ROOT)
    made = [read_citizen(children.inside(one, at)) for at, one in enumerate(found, 1)]
    children.end()
    message = Message(tuple(made), about.get("ThoiDiemDuLieu"), about.get("GhiChu"))
    count = about.get("SoCongDan")
    if count is not None and count.strip() != str(len(made)):
        offset = children.element.offset
        children.complain("SoCongDan", "is not the number of citizens that follow", offset)
    offsets = Offsets(children.element)
    for one in check_message(message):
        children.note(replace(one, offset=offsets.of(one.field)))
    return replace(message, warnings=tuple(children.warnings))


@typed
def validate(message: Message) -> list[Finding]:
    """Everything in which a message departs from the regulation; empty when it is good."""
    return list(check_message(message))


@typed
def build(message: Message) -> bytes:
    """Write a message; always strictly, in UTF-8. What the service writes needs `tidied` before.

    Raises
    ------
    FormatError
        The first of what `validate` finds, or a text that XML cannot hold.
    """
    for finding in validate(message):
        raise finding.error()
    about = [("GhiChu", message.note), ("ThoiDiemDuLieu", message.as_of)]
    about.append(("SoCongDan", str(len(message.citizens))))
    root = Element(
        _ROOT,
        children=tuple(map(write_citizen, message.citizens)),
        attributes=tuple((name, text) for name, text in about if text is not None),
        space=NAMESPACE,
    )
    return write_xml(root, {NAMESPACE: "dc"}, name="message")


__all__ = [
    "KEY",
    "NAME",
    "NAMESPACE",
    "Birth",
    "Citizen",
    "Coded",
    "Message",
    "Name",
    "Place",
    "Relative",
    "build",
    "parse",
    "sniff",
    "tidied",
    "validate",
]
