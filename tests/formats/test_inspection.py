"""A file taken apart: every byte has its field, and what is wrong stands where it is wrong."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from tests.formats.bombs.door_bombs import texts

from civid import Position, formats, read_image
from civid.errors import FormatError
from civid.formats import Node, Tree, _registry, build, image_records
from civid.formats._fields import inside, trace
from civid.formats._reader import Finding, Reader
from civid.formats.cbeff import mosip_xml
from civid.formats.image_files.writer import write
from civid.formats.minutiae import iso19794_2_2005 as iso

GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "formats").glob("*.bin"))
PRINT = np.random.default_rng(1).integers(0, 256, (70, 80)).astype(np.uint8)
PNG = write(np.zeros((40, 50), np.uint8), "png", (500, 500))


def leaves(tree: Tree) -> list[Node]:
    return [node for _, node in tree.walk() if not node.children]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_byte_of_a_record_stands_in_a_field(path: Path) -> None:
    content = path.read_bytes()
    tree = formats.inspect(content)
    assert (tree.format, tree.size, tree.error) == (formats.sniff(content), len(content), None)
    covered = bytearray(len(content))
    for node in leaves(tree):
        assert node.offset is not None
        assert 0 <= node.offset <= node.offset + node.size <= len(content)
        covered[node.offset : node.offset + node.size] = b"\1" * node.size
    assert covered.count(0) == 0
    starts = [node.offset for node in leaves(tree)]
    for node in leaves(tree):
        if isinstance(node.value, int) and starts.count(node.offset) == 1:
            assert node.offset is not None
            raw = content[node.offset : node.offset + node.size]
            assert int.from_bytes(raw, "big") == node.value


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_cut_record_is_shown_up_to_the_damage(path: Path) -> None:
    content = path.read_bytes()
    whole = [node.name for node in leaves(formats.inspect(content))]
    for end in range(14, len(content), 7):
        tree = formats.inspect(content[:end], formats.sniff(content))
        shown = [node.name for node in leaves(tree) if node.value is not None]
        assert shown[:-1] == whole[: len(shown) - 1]  # the last may be half of one
        if tree.error is not None:
            assert [one for _, node in tree.walk() for one in node.findings].count(tree.error) == 1
            assert tree.error.offset is not None
            assert tree.error.offset <= end


def test_a_finding_stands_in_its_field() -> None:
    good = iso.build(iso.Record(300, 400, views=(iso.View(2),)))
    bad = bytearray(good)
    bad[23], bad[24], bad[26] = 7, 99, 200
    tree = formats.inspect(bytes(bad))
    found = {node.name: (node.offset, node.value) for _, node in tree.walk() if node.findings}
    assert found == {
        "reserved byte": (23, 7),
        "finger position": (24, 99),
        "finger quality": (26, 200),
    }
    assert [one.field for one in tree.findings] == list(found)


class Envelope:
    """A format of a test: a length, a record, a text."""

    NAME = "an envelope"

    @staticmethod
    def sniff(data: bytes) -> bool:
        return data.startswith(b"ENVELOPE")

    @staticmethod
    def parse(data: bytes, *, strict: bool = False) -> object:
        reader = Reader(data, strict=strict, limit=1 << 20)
        reader.expect(b"ENVELOPE", "magic")
        reader.section("member 0")
        size = reader.u16("length")
        at = reader.pos
        member = reader.take(size, "data")
        if reader.trace is not None and member[:3] == b"OWN":
            with inside("data", at):
                Reader(member).take(3, "own magic")
        reader.section()
        text = reader.take(reader.left, "text")
        now = trace()
        if now is not None:
            now.add((), "letters", reader.end - len(text), len(text), text.decode("ascii"))
        return type("Record", (), {"warnings": tuple(reader.warnings)})()


@pytest.fixture
def envelope(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = _registry.Format("envelope", "an envelope", "envelope", module="x", starts=(b"ENV",))
    monkeypatch.setattr(_registry.Format, "load", lambda self: Envelope)
    for module in ("_door", "_detect"):
        monkeypatch.setattr(f"civid.formats.{module}.FORMATS", (entry,))


def sealed(member: bytes, text: bytes = b"") -> bytes:
    return b"ENVELOPE" + len(member).to_bytes(2, "big") + member + text


@pytest.mark.usefixtures("envelope")
def test_what_is_inside_is_opened_at_its_place() -> None:
    tree = formats.inspect(sealed(sealed(PNG)))
    found = {(*path, node.name): node for path, node in tree.walk()}
    outer = ("member 0", "data", "an envelope")
    inner = (*outer, "member 0", "data")
    assert found[inner].offset == 20
    assert found[inner].value == PNG
    assert found[(*inner, "PNG", "width")].value == 50
    assert found[(*inner, "PNG", "resolution")].value == "500 dpi"
    assert found[(*outer, "magic")].offset == 10


@pytest.mark.usefixtures("envelope")
def test_damage_inside_is_told_with_the_place_in_the_file() -> None:
    tree = formats.inspect(sealed(sealed(PNG)[:-5]))
    assert tree.error is not None
    assert (tree.error.field, tree.error.offset) == ("data", 20)
    cut = formats.inspect(sealed(PNG[:-30]))
    assert cut.error == Finding("picture", "the PNG image is damaged or cut short", 10)


@pytest.mark.usefixtures("envelope")
def test_text_inside_is_opened_where_it_is_known() -> None:
    tree = formats.inspect(sealed(b"", base64.b64encode(PNG)))
    letters = next(node for _, node in tree.walk() if node.name == "letters")
    assert letters.inside == "base64 text"
    assert letters.children[0].name == "PNG"
    plain = formats.inspect(sealed(b"", b"only a sentence of words " * 5))
    assert all(not node.inside for _, node in plain.walk())


@pytest.mark.usefixtures("envelope")
def test_what_a_reader_opens_itself_hangs_under_its_field_and_once() -> None:
    for member in (b"OWN", sealed(PNG)):
        tree = formats.inspect(sealed(member + bytes(20)))
        starts = [node.name for _, node in tree.walk() if node.offset == 10 and not node.children]
        assert sorted(starts) == (["data", "own magic"] if member == b"OWN" else ["magic"])


@pytest.mark.usefixtures("envelope")
def test_dolls_in_dolls_end() -> None:
    doll = b"ENVELOPE\0\0"
    for _ in range(40):
        doll = sealed(doll)
    depth = max(path.count("an envelope") for path, _ in formats.inspect(doll).walk())
    assert 3 <= depth <= 5


def test_a_picture_shows_its_head_and_whether_it_is_whole() -> None:
    tree = formats.inspect(PNG)
    assert [(node.name, node.value) for node in tree.fields] == [
        ("width", 50),
        ("height", 40),
        ("resolution", "500 dpi"),
    ]
    cut = formats.inspect(PNG[:-30])
    assert cut.fields[0].value == 50
    assert cut.error is not None
    uneven = formats.inspect(write(np.zeros((4, 4), np.uint8), "png", (500, 250)))
    assert "across" in str(uneven.fields[2].value)


def test_more_fields_than_are_shown_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("_fields", "_taking_apart"):
        monkeypatch.setattr(f"civid.formats.{module}.MAX_FIELDS", 200)
    minutiae = tuple(iso.Minutia(1, 9, 8, 64) for _ in range(255))
    tree = formats.inspect(iso.build(iso.Record(300, 400, views=(iso.View(1, minutiae=minutiae),))))
    assert tree.fields[-1].name == "further fields"
    assert tree.fields[-1].value == "not shown: more than 200"
    assert 200 <= len(leaves(tree)) <= 201


def test_json_holds_numbers_and_no_bytes() -> None:
    tree = formats.inspect(GOLDEN[0].read_bytes())
    told = json.loads(json.dumps(tree.to_dict()))
    assert told["format"] == tree.format
    assert told["size"] == tree.size
    assert told["fields"][0]["fields"][0]["value"] == {"bytes": 4, "sha256": "201de09c6a20e560"}


def test_a_repr_shows_no_value() -> None:
    record = iso.Record(300, 400, views=(iso.View(2, minutiae=(iso.Minutia(1, 173, 158, 64),)),))
    tree = formats.inspect(iso.build(record))
    assert "minutiae" not in repr(tree)
    for _, node in tree.walk():
        assert "value" not in repr(node)


def test_what_is_unknown_or_wrapped_is_said() -> None:
    with pytest.raises(FormatError, match="no kind that is known"):
        formats.inspect(b"what is this?")
    with pytest.raises(FormatError, match="base64 text of a PNG image; unwrap it first"):
        formats.inspect(base64.b64encode(PNG))


def test_records_in_an_envelope_in_xml_are_opened() -> None:
    record = build(image_records.encode(PRINT, 500, position=2, payload="PNG"))
    sealed_xml = build(mosip_xml.Record((mosip_xml.segment(record, Position.RIGHT_INDEX),)))
    tree = formats.inspect(sealed_xml)
    found = {(*path, node.name): node for path, node in tree.walk()}
    letters = next(node for node in found.values() if node.name == "BDB")
    assert letters.inside == "base64 text"
    assert letters.children[0].name == "ISO/IEC 19794-4:2011"
    width = [node.value for path, node in tree.walk() if node.name == "width" and "PNG" in path]
    assert width == [80]
    np.testing.assert_array_equal(read_image(sealed_xml).pixels, PRINT)
    cut = sealed_xml.replace(b"</BDB>", b"AAA</BDB>")
    assert formats.inspect(cut).format == "mosip-cbeff-xml"


def test_all_that_is_wrapped_inside_a_file_is_bounded_together() -> None:
    """Each field alone is within the limits; a file may hold tens of thousands of them."""
    text = base64.b64encode(gzip.compress(bytes(1 << 20), 9))
    tree = formats.inspect(texts(text, 100))
    opened = [node for _, node in tree.walk() if node.inside]
    assert len(opened) == 64
    assert tree.error is None


def test_one_damaged_text_does_not_hide_the_others() -> None:
    good = base64.b64encode(PNG + bytes(2))
    damaged = base64.b64encode(PNG)[:-1] + b"!"
    tree = formats.inspect(texts(damaged, 1)[:-1] + b"\x1d2.999:" + good + b"\x1c")
    assert any(node.name == "PNG" for _, node in tree.walk())
