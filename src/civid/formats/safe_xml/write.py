"""Elements -> XML in UTF-8, two spaces a level."""

from __future__ import annotations

import re
from collections.abc import Mapping

from civid.errors import FormatError
from civid.formats.safe_xml.element import Element

_XML = "http://www.w3.org/XML/1998/namespace"
_NAME = re.compile(r"[A-Za-z_\u00c0-\u02ff\u0370-\u1fff][\w.\-\u00b7]*")
#: What XML 1.0 cannot hold, however it is written.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_QUOTED = {**_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_IN_TEXT, _IN_QUOTES = str.maketrans(_TEXT), str.maketrans(_QUOTED)


def write_xml(root: Element, prefixes: Mapping[str, str], *, name: str = "XML") -> bytes:
    """A document with this root element.

    Parameters
    ----------
    root : Element
    prefixes : mapping
        Namespace -> prefix; an empty one makes it the default. Others are made up.
    name : str
        What errors call it.

    Raises
    ------
    FormatError
        A name that is none, or a character that XML cannot hold.

    Examples
    --------
    >>> write_xml(Element("a", children=(Element("b", "1 < 2"),)), {}).decode().splitlines()[1:]
    ['<a>', '  <b>1 &lt; 2</b>', '</a>']
    """
    known = _prefixes(root, prefixes)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    spaces = {prefix: space for (space, _), prefix in known.items() if space not in ("", _XML)}
    declared = "".join(
        f' xmlns{":" * bool(prefix)}{prefix}="{space.translate(_IN_QUOTES)}"'
        for prefix, space in spaces.items()
    )
    _write(root, known, declared, "\n", lines, name)
    return ("".join(lines) + "\n").encode("utf-8")


#: Prefix by namespace and whether an attribute is in it: attributes have no default namespace.
_Known = dict[tuple[str, bool], str]


def _prefixes(root: Element, wanted: Mapping[str, str]) -> _Known:
    used: dict[tuple[str, bool], None] = {}
    for element in root.walk():
        used[element.space, False] = None
        for key, _ in element.attributes:
            if key.startswith("{"):
                used[key[1:].rpartition("}")[0], True] = None
    known: _Known = {}
    for space, of_attribute in used:
        prefix = wanted.get(space)
        if space == _XML:
            prefix = "xml"
        elif not space:
            prefix = ""
        elif not prefix and (of_attribute or ("", False) in used):
            prefix = f"main{len(known)}"  # no default: it would take in what is in no namespace
        elif prefix is None:
            prefix = f"ns{len(known)}"
        known[space, of_attribute] = prefix
    return known


def _write(
    element: Element, known: _Known, declared: str, indent: str, lines: list[str], name: str
) -> None:
    tag = _tag(known[element.space, False], element.name, name)
    attributes = declared
    for key, value in element.attributes:
        space, _, local = key[1:].rpartition("}") if key.startswith("{") else ("", "", key)
        written = _tag(known[space, True] if space else "", local, name)
        if written == "xmlns":
            raise FormatError("an attribute cannot be called xmlns", field=name)
        attributes += f' {written}="{_holds(value, name, local).translate(_IN_QUOTES)}"'
    text = _holds(element.text, name, element.name).translate(_IN_TEXT)
    if not element.children:
        lines.append(f"{indent}<{tag}{attributes}" + (f">{text}</{tag}>" if text else "/>"))
        return
    lines.append(f"{indent}<{tag}{attributes}>{text}")
    # Beside text of its own, white space between children would be text as well.
    inner = "" if text or not indent else indent + "  "
    for child in element.children:
        _write(child, known, "", inner, lines, name)
    lines.append(f"{indent if inner else ''}</{tag}>")


def _tag(prefix: str, local: str, name: str) -> str:
    if not _NAME.fullmatch(local):
        raise FormatError("not a name of XML", field=name)
    return f"{prefix}:{local}" if prefix else local


def _holds(text: str, name: str, where: str) -> str:
    if _IMPOSSIBLE.search(text):
        raise FormatError("a character that XML cannot hold", field=f"{name}/{where[:64]}")
    return text
