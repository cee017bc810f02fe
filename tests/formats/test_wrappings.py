"""What files come wrapped in is named, and taken off within bounds."""

from __future__ import annotations

import base64
import gzip
import io
import re
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid import Template, formats, read_image
from civid.errors import CividError, FormatError
from civid.formats import _wrappings
from civid.formats.minutiae import iso19794_2_2005 as iso

RECORD = iso.build(iso.Record(300, 400, views=(iso.View(2, minutiae=(iso.Minutia(1, 9, 8, 64),)),)))


def zipped(*files: tuple[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def url(data: bytes) -> bytes:
    return b"data:application/octet-stream;base64," + base64.b64encode(data)


WRAPPERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "base64": ("base64 text", base64.b64encode),
    "base64 in lines": ("base64 text", base64.encodebytes),
    "base64 for addresses": ("base64 text", base64.urlsafe_b64encode),
    "base64 without its end": ("base64 text", lambda data: base64.b64encode(data).rstrip(b"=")),
    "base64 after a mark": ("base64 text", lambda data: b"\xef\xbb\xbf" + base64.b64encode(data)),
    "hex": ("hexadecimal digits", lambda data: data.hex().encode()),
    "hex in words": ("hexadecimal digits", lambda data: data.hex(" ", 2).upper().encode()),
    "data URL": ("a data URL", url),
    "data URL with signs": (
        "a data URL",
        lambda data: b"data:," + urllib.parse.quote_from_bytes(data).encode(),
    ),
    "gzip": ("gzip", gzip.compress),
    "zip": ("a zip archive", lambda data: zipped(("a/b.iso", data))),
    "zip of a Mac": (
        "a zip archive",
        lambda data: zipped(("b.iso", data), ("__MACOSX/._b.iso", b"x"), kind=zipfile.ZIP_STORED),
    ),
}


@pytest.mark.parametrize("name", WRAPPERS)
def test_each_is_named_and_taken_off(name: str) -> None:
    kind, wrap = WRAPPERS[name]
    wrapped = wrap(RECORD)
    assert formats.sniff(wrapped) is None
    assert str(formats.detect(wrapped)).startswith(kind)
    with pytest.raises(FormatError, match=f"looks like {kind}.*unwrap"):
        formats.parse(wrapped)
    opened = formats.unwrapped(wrapped)
    assert (opened.data, opened.wrappings) == (RECORD, (kind,))
    assert formats.parse(wrapped, unwrap=True) == iso.parse(RECORD)
    assert formats.inspect(wrapped, unwrap=True).wrappings == (kind,)


@pytest.mark.parametrize("name", WRAPPERS)
def test_every_reader_names_what_is_inside(name: str) -> None:
    kind, wrap = WRAPPERS[name]
    wrapped = wrap(RECORD)
    said = re.escape(f"looks like {kind} of {iso.NAME}") + ".*unwrap it first"
    for read in (formats.parse, read_image, Template.from_bytes):
        with pytest.raises(CividError, match=said):
            read(wrapped)


def test_of_an_archive_that_cannot_be_looked_into_the_kind_is_named() -> None:
    many = zipped(("a", RECORD), ("b", RECORD))
    for archive in (many, zipped(), zipped(("a", RECORD))[:-9], b"PK\3\4" + bytes(40)):
        assert formats.detect(archive) == "a zip archive"


def test_what_is_not_wrapped_stays_as_it_is() -> None:
    for data in (RECORD, b"", b"a sentence of some words, no more", b"0" * 10):
        assert formats.unwrapped(data) == formats.Unwrapped(data)


def test_three_deep_is_taken_off_and_four_are_not() -> None:
    third = gzip.compress(base64.b64encode(zipped(("x", RECORD))))
    assert formats.unwrapped(third).wrappings == ("gzip", "base64 text", "a zip archive")
    with pytest.raises(FormatError, match="more than 3 times"):
        formats.unwrapped(url(third))


def test_of_several_files_one_is_named() -> None:
    two = zipped(("a.iso", RECORD), ("b.png", b"x"), ("folder/", b""))
    with pytest.raises(FormatError, match="holds 2 files; say which"):
        formats.unwrapped(two)
    assert formats.unwrapped(two, member="a.iso").data == RECORD
    assert formats.parse(two, unwrap=True, member="a.iso") == iso.parse(RECORD)
    assert formats.inspect(two, unwrap=True, member="a.iso").format == iso.KEY
    with pytest.raises(FormatError, match="no such file"):
        formats.unwrapped(two, member="c")
    with pytest.raises(FormatError, match="is empty"):
        formats.unwrapped(zipped())


def test_a_name_in_an_archive_stands_in_no_error() -> None:
    two = zipped(("Nguyen-Thi-An.iso", RECORD), ("Le-An.iso", RECORD))
    for member in (None, "Tran-An"):
        with pytest.raises(FormatError) as caught:
            formats.unwrapped(two, member=member)
        assert "An" not in str(caught.value)


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gzip": ("compressed to less|more than 64", lambda: gzip.compress(bytes(65 << 20))),
    "a smaller one": ("compressed to less", lambda: gzip.compress(bytes(8 << 20))),
    "zip": ("more than 64", lambda: zipped(("a", bytes(65 << 20)))),
    "many files": (
        "more than 1000 files",
        lambda: zipped(*((str(at), b"") for at in range(1001))),
    ),
    "an untrue size": ("damaged", lambda: _untrue(zipped(("a", bytes(8 << 20))))),
    "cut": ("cut short", lambda: gzip.compress(RECORD)[:-9]),
    "half a gzip": ("damaged", lambda: gzip.compress(RECORD)[:12] + bytes(40)),
    "two of them": ("something follows", lambda: gzip.compress(RECORD) * 2),
    "other compression": (
        "not read",
        lambda: zipped(("a", RECORD), kind=zipfile.ZIP_BZIP2),
    ),
    "a cut zip": ("damaged", lambda: zipped(("a", RECORD))[:-9]),
    "letters of no base64": ("damaged", lambda: url(RECORD)[:-9] + b"\x9d\xc6"),
    "no comma": ("no comma", lambda: b"data:image/png;base64" + b"A" * 40),
}


def _untrue(archive: bytes) -> bytes:
    """The directory says that inside are 100 bytes."""
    at = archive.rindex(b"PK\x01\x02")
    return archive[: at + 24] + (100).to_bytes(4, "little") + archive[at + 28 :]


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_and_damage_are_typed_errors(name: str) -> None:
    said, make = BOMBS[name]
    with pytest.raises(FormatError, match=said):
        formats.unwrapped(make())


def test_an_encrypted_archive_is_a_typed_error() -> None:
    archive = bytearray(zipped(("a", RECORD)))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(signature) + place] |= 1
    with pytest.raises(FormatError, match="encrypted"):
        formats.unwrapped(bytes(archive))


@given(st.binary(max_size=200), st.sampled_from(sorted(WRAPPERS)))
def test_whatever_is_inside_nothing_else_is_raised(data: bytes, name: str) -> None:
    wrapped = WRAPPERS[name][1](data)
    for call in (formats.detect, formats.sniff):
        call(wrapped)
    try:
        opened = formats.unwrapped(wrapped)
    except CividError:
        return
    if WRAPPERS[name][0] in ("gzip", "a zip archive") and not _wrappings.wrapping(data):
        assert opened.data == data


def test_gzip_of_raw_deflate_is_not_taken_for_one() -> None:
    assert formats.detect(zlib.compress(RECORD)) is None
