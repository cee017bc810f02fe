"""XML of strangers: what is refused, what is read, and that offsets are those of the file."""

from __future__ import annotations

import pytest

from civid.errors import FormatError
from civid.formats._fields import traced
from civid.formats.safe_xml import Element, read_xml

MIB = 1 << 20

HOSTILE = {
    "billion laughs": b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>',
    "quadratic": b'<!DOCTYPE l [<!ENTITY a "' + b"a" * 9999 + b'">]><l>' + b"&a;" * 9999 + b"</l>",
    "external entity": b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>',
    "parameter entity": b'<!DOCTYPE l [<!ENTITY % a SYSTEM "http://x/">%a;]><l/>',
    "external subset": b'<!DOCTYPE l SYSTEM "http://x/"><l/>',
    "document type only": b"<!DOCTYPE l><l/>",
    "entity nobody declared": b"<l>&a;</l>",
    "a million deep": b"<a>" * 1_000_000,
    "a million attributes": b"<a " + b" ".join(b'a%d=""' % i for i in range(1_000_000)) + b"/>",
    "attributes with >": b"<a " + b" ".join(b'a%d=">"' % i for i in range(300_000)) + b"/>",
    "many attributes": b"<a " + b" ".join(b'a%d=""' % i for i in range(65)) + b"/>",
    "many attributes of all": b"<a>"
    + (b"<b " + b" ".join(b'a%d=""' % i for i in range(50)) + b"/>") * 4001
    + b"</a>",
    "the same attribute": b'<a b="" b=""/>',
    "a million elements": b"<a>" + b"<b/>" * 1_000_000,
    "long name": b"<" + b"b" * MIB + b"/>",
    "long comment": b"<a><!--" + b"b" * MIB + b"--></a>",
    "long namespace": b'<a xmlns="' + b"u" * 300 + b'"/>',
    "many namespaces": b"".join(
        (b"<a>", *(b'<b xmlns:c%d="u"/>' % i for i in range(50_001)), b"</a>")
    ),
    "namespace undeclared": b"<x:a/>",
    "wide text": b"<a>" + b"A" * (MIB + 1) + "ế".encode() + b"</a>",
    "too large": b" " * (64 * MIB + 1),
    "lines": b"<a>" + b"\n" * (5 * MIB) + b"</a>",
    "UTF-7": b'<?xml version="1.0" encoding="utf-7"?><a/>',
    "a codec of Python": b'<?xml version="1.0" encoding="rot13"?><a/>',
    "several bytes": b'<?xml version="1.0" encoding="shift_jis"?><a/>',
    "UTF-32": '<?xml version="1.0" encoding="utf-32"?><a/>'.encode("utf-32"),
    "not what it says": b'<?xml version="1.0" encoding="utf-16"?><a/>',
    "no UTF-8": b"<a>\xff</a>",
    "half of a pair": b"<a>\xed\xa0\x80</a>",
    "a zero byte": b"<a>\0</a>",
    "empty": b"",
    "two roots": b"<a/><b/>",
    "text outside": b"<a/>b",
    "not XML": b"FMR\0 20\0",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_refused_with_their_place(name: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_xml(HOSTILE[name])
    assert caught.value.field is not None
    assert len(str(caught.value)) < 4096


@pytest.mark.parametrize("kind", [None, 5, "<a/>", memoryview(b"<a/>")[::-1]])
def test_other_things_than_bytes(kind: object) -> None:
    with pytest.raises(FormatError):
        read_xml(kind)  # type: ignore[arg-type]


def test_a_document_cut_anywhere_is_refused() -> None:
    whole = '<?xml version="1.0"?><a xmlns="u" b="1"><c>ế&amp;</c><!-- d --><e/></a>'.encode()
    assert read_xml(whole).children[0].text == "ế&"
    for end in range(len(whole)):
        with pytest.raises(FormatError):
            read_xml(whole[:end])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert read_xml("<a><b>Nguyễn</b></a>".encode(encoding)).children[0].text == "Nguyễn"


def test_the_limits_themselves_are_allowed() -> None:
    deep = read_xml(b"<a>" * 32 + b"</a>" * 32)
    assert sum(1 for _ in deep.walk()) == 32
    attributes = b"<a " + b" ".join(b'a%d=""' % i for i in range(64)) + b"/>"
    assert len(read_xml(attributes).attributes) == 64
    text = read_xml(b"<a>" + b"A" * (20 * MIB) + b"</a>").text
    assert len(text) == 20 * MIB


def test_namespaces_text_and_offsets() -> None:
    data = b'<p:a xmlns:p="u" p:k="1" l="2">\n <b>x</b><?pi?>y</p:a>'
    root = read_xml(data)
    inner = Element("b", "x")
    assert root == Element("a", "\n y", (inner,), (("{u}k", "1"), ("l", "2")), "u")
    assert root.attribute("{u}k") == "1"
    assert root.attribute("k") is None
    assert data[root.children[0].offset :].startswith(b"<b>")


def test_the_name_of_an_attribute_is_kept_once() -> None:
    """Its namespace would cost a copy for each attribute of each element."""
    one = b"<b " + b" ".join(b'p:a%d=""' % i for i in range(50)) + b"/>"
    root = read_xml(b'<a xmlns:p="' + b"u" * 256 + b'">' + one * 100 + b"</a>")
    names = [name for child in root.children for name, _ in child.attributes]
    assert len(names) == 5000
    assert len(set(map(id, names))) == 50


def test_no_text_is_repeated_in_errors_and_reprs() -> None:
    with pytest.raises(FormatError) as caught:
        read_xml("<a><b>Nguyễn Thị Bí</b></c>".encode())
    assert "Bí" not in str(caught.value)
    assert "Bí" not in repr(read_xml("<a><b>Nguyễn Thị Bí</b></a>".encode()))


def test_fields_are_traced_with_their_places() -> None:
    data = b'<a><b k="1">x</b><b>y</b></a>'
    with traced() as fields:
        read_xml(data)
    found = [(one.path, one.name, one.value) for one in fields]
    assert found == [(("b",), "@k", "1"), ((), "b", "x"), ((), "b 2", "y")]
    assert [data[one.offset : one.offset + one.size] for one in fields][1:] == [
        b'<b k="1">x',
        b"<b>y",
    ]
