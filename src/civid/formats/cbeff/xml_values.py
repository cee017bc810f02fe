"""Values of XML schemas in elements: texts, numbers, truth, base64, and the way back."""

from __future__ import annotations

import base64
import binascii
import re

from civid.formats.safe_xml import Children, Element

#: ``xs:dateTime``, with any number of digits behind the seconds.
DATE_TIME = re.compile(
    r"-?\d{4,9}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T"
    r"(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,20})?|24:00:00(\.0{1,20})?)"
    r"(Z|[+-](0\d|1[0-4]):[0-5]\d)?",
    re.ASCII,
)
UUID = re.compile(r"[a-fA-F0-9]{8}-([a-fA-F0-9]{4}-){3}[a-fA-F0-9]{12}")
#: Characters of a list of words; the longest names a whole hand.
MAX_WORDS = 4096
#: ``xs:unsignedInt``.
MAX_NUMBER = 0xFFFFFFFF


def number(children: Children, name: str, *, required: bool = False) -> int | None:
    """A whole number, or None where none is there; what is no number raises `FormatError`."""
    found = children.leaf(name, required=required)
    if found is None:
        return None
    text = found.text.strip(" \t\r\n")
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise children.refuse(name, "should be a whole number", found.offset)
    return int(text)


def truth(children: Children, name: str, *, required: bool = False) -> bool | None:
    """True or false (``true``, ``1``, ``false``, ``0``), or None where none is there."""
    found = children.leaf(name, required=required)
    if found is None:
        return None
    text = found.text.strip(" \t\r\n")
    if text.lower() in ("true", "1"):
        value = True
    elif text.lower() in ("false", "0"):
        value = False
    else:
        raise children.refuse(name, "should be true or false", found.offset)
    if text not in ("true", "false"):
        children.complain(name, "should be written true or false", found.offset)
    return value


def words(children: Children, name: str) -> tuple[str, ...] | None:
    """Words with spaces between them, or None where the element is not there."""
    found = children.leaf(name)
    if found is None:
        return None
    if len(found.text) > MAX_WORDS:
        raise children.refuse(name, f"longer than {MAX_WORDS} characters", found.offset)
    return tuple(found.text.split())


def blob(children: Children, name: str) -> bytes | None:
    """Bytes in base64, plain or of the kind for addresses (``-`` and ``_``), or None.

    Raises
    ------
    FormatError
        Neither of the two.
    """
    found = children.leaf(name)
    if found is None:
        return None
    text = "".join(found.text.split())
    if "-" in text or "_" in text:
        children.complain(name, "base64 of the kind for addresses, not plain", found.offset)
        text = text.replace("-", "+").replace("_", "/")
    if len(text) % 4 and not text.endswith("="):
        children.complain(name, "base64 without its padding", found.offset)
        text += "=" * (-len(text) % 4)
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise children.refuse(name, "should be base64", found.offset) from None
    last = data[len(data) - (len(data) % 3 or 3) :] if data else b""
    if len(text) != -(-len(data) // 3) * 4 or not text.endswith(base64.b64encode(last).decode()):
        children.complain(name, "bits or padding behind the last byte", found.offset)
    return data


def leaf(name: str, text: str | None, space: str) -> list[Element]:
    """An element with a text; none where there is none."""
    return [] if text is None else [Element(name, text, space=space)]


def leaf_blob(name: str, data: bytes | None, space: str) -> list[Element]:
    """An element with bytes in plain base64, on one line."""
    return leaf(name, None if data is None else base64.b64encode(data).decode("ascii"), space)


def leaf_truth(name: str, value: bool | None, space: str) -> list[Element]:
    """An element with ``true`` or ``false``."""
    return leaf(name, None if value is None else "true" if value else "false", space)
