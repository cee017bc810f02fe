"""Envelopes of SOAP 1.1 and 1.2: what stands in header and body, and faults.

Deployed callers of the population service send and read SOAP 1.1 (W3C Note, 8 May 2000).
"""

from __future__ import annotations

from civid.errors import FormatError
from civid.formats.safe_xml import Element, read_xml, write_xml

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"


def unwrapped(
    data: bytes | bytearray | memoryview, *, most_bytes: int, max_elements: int, name: str
) -> tuple[tuple[Element, ...], Element]:
    """The elements of the header, and the one of the body; a bare document is its own body.

    Raises
    ------
    FormatError
        Not XML, too long, or a body that holds no or several elements; with the byte offset.
    """
    try:
        size = memoryview(data).nbytes
    except TypeError:
        raise FormatError(f"a message is bytes, not {type(data).__name__}", field=name) from None
    if size > most_bytes:
        raise FormatError(f"more than {most_bytes} bytes", field=name)
    root = read_xml(data, name=name, max_elements=max_elements)
    if root.space not in (SOAP_11, SOAP_12):
        return (), root
    if root.name != "Envelope":
        raise FormatError("is not an Envelope", offset=root.offset, field=name)
    parts = {one.name: one for one in root.children if one.space == root.space}
    body = parts.get("Body")
    if body is None or len(body.children) != 1:
        offset = (body or root).offset
        raise FormatError("should hold one element", offset=offset, field=f"{name}/Body")
    header = parts.get("Header")
    return (() if header is None else header.children), body.children[0]


def wrapped(
    inside: Element, prefixes: dict[str, str], *, header: tuple[Element, ...] = (), name: str
) -> bytes:
    """An envelope of SOAP 1.1 around an element; `FormatError` for what XML cannot hold."""
    envelope = Element(
        "Envelope",
        children=(
            Element("Header", children=header, space=SOAP_11),
            Element("Body", children=(inside,), space=SOAP_11),
        ),
        space=SOAP_11,
    )
    return write_xml(envelope, {SOAP_11: "soapenv", **prefixes}, name=name)
