"""What is written reads back the same, here and in the parser of the standard library."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FormatError
from civid.formats.safe_xml import Children, Element, read_xml, write_xml
from civid.formats.safe_xml.children import with_rest

names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.\-]{0,8}", fullmatch=True).filter("xmlns".__ne__)
spaces = st.sampled_from(["", "urn:a", "urn:b&<\"'", "http://www.w3.org/XML/1998/namespace"])
texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r<>&\"']")
)


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> Element:
    children = draw(st.lists(elements(depth - 1), max_size=3)) if depth else []
    text = draw(texts)
    if children and not text.strip(" \t\r\n"):
        text = ""
    keys = draw(st.lists(st.tuples(spaces, names), unique=True, max_size=3))
    attributes = tuple(
        (f"{{{space}}}{name}" if space else name, draw(texts)) for space, name in keys
    )
    return Element(draw(names), text, tuple(children), attributes, draw(spaces))


def same(ours: Element, theirs: ET.Element) -> bool:
    tag = f"{{{ours.space}}}{ours.name}" if ours.space else ours.name
    return (
        tag == theirs.tag
        and dict(ours.attributes) == theirs.attrib
        and (not ours.text or ours.text == theirs.text)
        and len(ours.children) == len(theirs)
        and all(map(same, ours.children, theirs))
    )


@given(elements(), st.sampled_from([{}, {"urn:a": ""}, {"urn:a": "p"}]))
def test_what_is_written_reads_back(root: Element, prefixes: dict[str, str]) -> None:
    written = write_xml(root, prefixes)
    assert read_xml(written) == root
    assert same(root, ET.fromstring(written))
    assert write_xml(read_xml(written), prefixes) == written


@pytest.mark.parametrize(
    "root",
    [
        Element("a b"),
        Element(""),
        Element("a", "\0"),
        Element("a", "\ud800"),
        Element("a", "\ufffe"),
        Element("a", attributes=(("b c", ""),)),
        Element("a", attributes=(("b", "\x01"),)),
        Element("a", children=(Element("1"),)),
        Element("a", attributes=(("xmlns", "u"),)),
    ],
)
def test_what_xml_cannot_hold_is_refused(root: Element) -> None:
    with pytest.raises(FormatError):
        write_xml(root, {})


def test_children_are_taken_in_order_and_the_rest_keeps_its_place() -> None:
    root = read_xml(b'<r xmlns="u"><x/><b>1</b><o:y xmlns:o="v"/><a>2</a><a>3</a></r>')
    found: list = []
    children = Children(root, "r", found)
    assert children.text("a") == "2"
    assert children.text("b") == "1"
    assert children.one("c", required=True) is None
    rest = children.rest()
    assert [(at, one.name) for at, one in rest] == [(0, "x"), (2, "y"), (4, "a")]
    assert [(one.field, one.message) for one in found] == [
        ("r/a", "stands there more than once"),
        ("r/b", "stands in another place than it should"),
        ("r/c", "is missing"),
        ("r/x", "is not an element of this place"),
        ("r/a", "is not an element of this place"),
    ]
    known = [root.children[1], root.children[3]]
    assert with_rest(known, rest) == root.children
    with pytest.raises(FormatError, match="r/x"):
        Children(root, "r", [], strict=True).rest()


def test_text_beside_children_gets_no_white_space() -> None:
    mixed = read_xml(b"<a>x<b><c/></b></a>")
    assert write_xml(mixed, {}).endswith(b"\n<a>x<b><c/></b></a>\n")
    assert read_xml(write_xml(mixed, {})) == mixed
