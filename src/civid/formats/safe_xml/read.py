"""XML -> elements. Whatever could cost more than the file itself is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from civid.errors import FormatError
from civid.formats._fields import trace
from civid.formats.safe_xml.element import Element

MAX_BYTES = 64 << 20
MAX_DEPTH = 32
MAX_ELEMENTS = 50_000
MAX_ATTRIBUTES = 64
#: Of all elements together: each costs some fifty times its shortest form.
MAX_ALL_ATTRIBUTES = 200_000
#: A namespace is copied into the name of every element in it.
MAX_NAMESPACE = 256
#: Longer text is base64; one wide character would make every other four times as large.
MAX_WIDE_TEXT = 1 << 20
#: A tag or a comment that is longer would be read again with every piece of the file.
MAX_TOKEN = 1 << 18
#: Expat stops at every line; base64 in lines of 16 letters would still fit.
MAX_LINES = 1 << 22
_PIECE = 1 << 16
_ENCODINGS = frozenset(("utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1"))
_SEPARATOR = "\n"  # no namespace and no name has one


@dataclass(slots=True)
class _Open:
    # An element whose end was not seen yet.
    name: str
    space: str
    attributes: tuple[tuple[str, str], ...]
    offset: int
    text: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)  # how many children of a name
    path: tuple[str, ...] = ()


def read_xml(
    data: bytes | bytearray | memoryview, *, name: str = "XML", max_elements: int = MAX_ELEMENTS
) -> Element:
    """The root element of a document.

    Comments and processing instructions are passed over. UTF-8, UTF-16, ASCII and ISO-8859-1 are
    read.

    Parameters
    ----------
    data : bytes-like
        At most 64 MiB.
    name : str
        What errors call it.
    max_elements : int

    Raises
    ------
    FormatError
        Not well-formed; a document type or an entity; deeper than 32, more elements than allowed,
        64 attributes of one or 200,000 of all, a tag longer than 256 KiB. With the byte offset.

    Examples
    --------
    >>> read_xml(b"<a><b>1</b></a>").children[0].text
    '1'
    """
    try:
        raw = bytes(memoryview(data).cast("B")[: MAX_BYTES + 1])
    except TypeError:
        raise FormatError(f"a document is bytes, not {type(data).__name__}", field=name) from None
    if len(raw) > MAX_BYTES:
        raise FormatError(f"more than {MAX_BYTES} bytes", field=name)
    if raw.count(b"\n") + raw.count(b"\r") > MAX_LINES:
        raise FormatError(f"more than {MAX_LINES} lines", field=name)
    return _Builder(name, max_elements).run(raw)


class _Builder:
    def __init__(self, name: str, max_elements: int) -> None:
        self.name = name
        self.max_elements = max_elements
        self.trace = trace()
        self.open: list[_Open] = []
        self.root: Element | None = None
        self.elements = 0
        self.attributes = 0
        self.spaces = 0
        self.clark: dict[str, str] = {}  # one copy of every attribute's name
        parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.buffer_text = True
        parser.buffer_size = _PIECE
        parser.ordered_attributes = True
        parser.XmlDeclHandler = self.declaration
        parser.StartDoctypeDeclHandler = self.doctype
        parser.EntityDeclHandler = self.entity
        parser.ExternalEntityRefHandler = self.entity
        parser.SkippedEntityHandler = self.entity
        parser.StartNamespaceDeclHandler = self.namespace
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        self.parser = parser

    def run(self, raw: bytes) -> Element:
        parser = self.parser
        try:
            for at in range(0, len(raw), _PIECE):
                piece = raw[at : at + _PIECE]
                parser.Parse(piece, False)
                seen = max(parser.CurrentByteIndex, 0)
                if at + len(piece) - seen > MAX_TOKEN:
                    self.refuse("a tag or comment longer than 256 KiB", seen)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            what = expat.errors.messages.get(error.code, "is not well-formed")
            self.refuse(f"not well-formed XML: {what}", max(parser.ErrorByteIndex, 0))
        except (ValueError, LookupError, UnicodeError) as error:
            if isinstance(error, FormatError):
                raise
            self.refuse("an encoding that is not read here", 0)
        if self.root is None:  # expat has said so before
            self.refuse("no element", 0)
        return self.root

    def refuse(self, message: str, offset: int | None = None) -> NoReturn:
        at = self.parser.CurrentByteIndex if offset is None else offset
        where = "/".join((self.name, *(one.name[:64] for one in self.open)))
        raise FormatError(message, offset=max(at, 0), field=where)

    # --- what expat calls

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            self.refuse("an encoding that is not read here")

    def doctype(self, *_about: object) -> None:
        self.refuse("a document type (DOCTYPE) is not taken from strangers")

    def entity(self, *_about: object) -> int:
        self.refuse("an entity is not taken from strangers")

    def namespace(self, _prefix: str | None, uri: str | None) -> None:
        self.spaces += 1
        if len(uri or "") > MAX_NAMESPACE:
            self.refuse(f"a namespace longer than {MAX_NAMESPACE} characters")
        if self.spaces > MAX_ELEMENTS:
            self.refuse(f"more than {MAX_ELEMENTS} namespaces")

    def start(self, full: str, attributes: list[str]) -> None:
        self.elements += 1
        if self.elements > self.max_elements:
            self.refuse(f"more than {self.max_elements} elements")
        if len(self.open) >= MAX_DEPTH:
            self.refuse(f"elements nest deeper than {MAX_DEPTH}")
        if len(attributes) > 2 * MAX_ATTRIBUTES:
            self.refuse(f"more than {MAX_ATTRIBUTES} attributes of one element")
        self.attributes += len(attributes) // 2
        if self.attributes > MAX_ALL_ATTRIBUTES:
            self.refuse(f"more than {MAX_ALL_ATTRIBUTES} attributes")
        space, _, name = full.rpartition(_SEPARATOR)
        made = _Open(name, space, self.pairs(attributes), self.parser.CurrentByteIndex)
        if self.trace is not None:
            made.path = self.section(name)
        self.open.append(made)

    def pairs(self, flat: list[str]) -> tuple[tuple[str, str], ...]:
        if not flat:
            return ()
        names = [
            self.clark.get(full) or self.clark.setdefault(full, _clark(full)) for full in flat[::2]
        ]
        return tuple(zip(names, flat[1::2], strict=True))

    def section(self, name: str) -> tuple[str, ...]:
        if not self.open:
            return ()
        above = self.open[-1]
        number = above.numbers[name] = above.numbers.get(name, 0) + 1
        return (*above.path, name if number == 1 else f"{name} {number}")

    def characters(self, text: str) -> None:
        self.open[-1].text.append(text)

    def end(self, _full: str) -> None:
        made = self.open[-1]
        text = "".join(made.text)
        if made.children and not text.strip(" \t\r\n"):
            text = ""
        if len(text) > MAX_WIDE_TEXT and not text.isascii():
            self.refuse("long text that is not ASCII")
        children, attributes = tuple(made.children), made.attributes
        element = Element(made.name, text, children, attributes, made.space, made.offset)
        if self.trace is not None:
            self.write_down(made, element)
        self.open.pop()
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element

    def write_down(self, made: _Open, element: Element) -> None:
        assert self.trace is not None
        size = max(self.parser.CurrentByteIndex - made.offset, 1)
        for key, value in element.attributes:
            self.trace.add(made.path, f"@{key.rpartition('}')[2]}", made.offset, size, value)
        if element.text:
            name = (made.path or (made.name,))[-1]
            shown: str | bytes = element.text
            if len(element.text) > 256:
                shown = element.text.encode("utf-8")
            self.trace.add(made.path[:-1], name, made.offset, size, shown)


def _clark(full: str) -> str:
    space, _, name = full.rpartition(_SEPARATOR)
    return f"{{{space}}}{name}" if space else name
