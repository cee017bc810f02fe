"""What files come wrapped in: base64, hexadecimal digits, a data URL, gzip, a zip archive."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from civid.errors import FormatError
from civid.formats._text import decoded, head_of_text, written_as_text

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

#: As of a picture file; nothing that is read is larger.
MAX_BYTES = 64 << 20
#: Base64 with its line ends takes 1.4 times as much.
MAX_WRAPPED_BYTES = 96 << 20
MAX_MEMBERS = 1000
#: Wrapped more often than this is no file of a person's.
MAX_DEPTH = 3
#: Pictures without a print shrink to a hundredth; what shrinks further and is large is a bomb.
_MAX_RATIO, _SMALL = 200, 1 << 20
_GZIP, _ZIP, _ENTRY = b"\x1f\x8b\x08", (b"PK\x03\x04", b"PK\x05\x06"), b"PK\x01\x02"
_STORED, _DEFLATED = 0, 8
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """What was inside.

    Parameters
    ----------
    data : bytes
    wrappings : tuple of str
        What was taken off, outermost first: ``("gzip", "base64 text")``; empty where nothing was.
    """

    data: bytes = field(repr=False)
    wrappings: tuple[str, ...] = ()


def wrapping(data: bytes) -> str | None:
    """What these bytes are wrapped in, or None. Text counts where what it stands for is known."""
    if data.startswith(_GZIP):
        return "gzip"
    if data.startswith(_ZIP):
        return "a zip archive"
    text = head_of_text(data)
    if text is None or (text[0] != "a data URL" and not _known(text[1])):
        return None
    return text[0]


def _known(head: bytes) -> bool:
    from civid.formats._detect import detect

    return detect(head) is not None


def wrapped(data: bytes, detect: Callable[[bytes], str | None]) -> str | None:
    """In words: what these bytes are wrapped in, and of what, or None."""
    if data.startswith(_GZIP):
        inside = detect(_head_of_gzip(data))
        return f"gzip of {inside}" if inside else "gzip"
    if data.startswith(_ZIP):
        inside = detect(_head_of_zip(data))
        return f"a zip archive of {inside}" if inside else "a zip archive"
    return written_as_text(data[:_HEAD], detect)


def unwrapped(data: bytes | bytearray | memoryview, *, member: str | None = None) -> Unwrapped:
    """Take off base64, hexadecimal digits, a data URL, gzip and zip, at most three of them.

    Parameters
    ----------
    data : bytes-like
        At most 96 MiB.
    member : str, optional
        Which file of a zip archive that holds several.

    Returns
    -------
    Unwrapped
        Data that are not wrapped come back as they are.

    Raises
    ------
    FormatError
        Damaged or encrypted; wrapped more than three times; inside are more than 64 MiB, or what
        was compressed beyond all that pictures allow, or more than 1,000 files; or several
        files, and none was named.

    Notes
    -----
    Safe to call from several threads at once.

    Examples
    --------
    >>> unwrapped(b"data:image/x-portable-graymap,P5 1 1 255 A")
    Unwrapped(wrappings=('a data URL',))
    """
    from civid.formats._door import _bytes

    raw = _bytes(data)
    if len(raw) > MAX_WRAPPED_BYTES:
        raise FormatError(f"larger than {MAX_WRAPPED_BYTES >> 20} MiB", field="file")
    return opened(raw, member=member)


def opened(data: bytes, *, member: str | None = None, most: int = MAX_BYTES) -> Unwrapped:
    """The same, with at most so many bytes inside of each wrapping."""
    from civid.formats._door import sniffed

    inside, taken = data, list[str]()
    while sniffed(inside) is None:
        kind = wrapping(inside)
        if kind is None:
            break
        if len(taken) == MAX_DEPTH:
            raise FormatError(f"wrapped more than {MAX_DEPTH} times", field="file")
        inside = _opened(kind, inside, member, most)
        taken.append(kind)
    return Unwrapped(inside, tuple(taken))


def _opened(kind: str, data: bytes, member: str | None, most: int) -> bytes:
    if kind == "gzip":
        return _gunzipped(data, most)
    if kind == "a zip archive":
        return _unzipped(data, member, most)
    inside = decoded(kind, data)
    if len(inside) > most:
        raise _too_much(most, kind)
    return inside


def _bounded(inside: int, outside: int, kind: str, most: int) -> None:
    if inside > most:
        raise _too_much(most, kind)
    if inside > _SMALL and inside > _MAX_RATIO * max(outside, 1):
        raise FormatError(f"compressed to less than 1/{_MAX_RATIO}, as no print is", field=kind)


def _too_much(most: int, kind: str) -> FormatError:
    size = f"{most >> 20} MiB" if most == MAX_BYTES else f"{most:,} bytes"
    return FormatError(f"more than {size} are inside", field=kind)


def _head_of_gzip(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(data[:_HEAD], _HEAD)
    except zlib.error:
        return b""


def _head_of_zip(data: bytes) -> bytes:
    """Of the one file in it; empty where there are more, or it cannot be opened."""
    import zipfile

    if len(data) > MAX_WRAPPED_BYTES or data.count(_ENTRY) > MAX_MEMBERS:
        return b""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_chosen(archive)) as file:
            return file.read(_HEAD)
    except Exception:  # as in `_unzipped`; what it looks like is said without it
        return b""


def _gunzipped(data: bytes, most: int) -> bytes:
    """RFC 1952; a file of several parts has more in it than any that is read here."""
    opener = zlib.decompressobj(wbits=31)
    try:
        inside = opener.decompress(data, min(most, _SMALL + _MAX_RATIO * len(data)) + 1)
    except zlib.error:
        raise FormatError("damaged", field="gzip") from None
    _bounded(len(inside), len(data), "gzip", most)
    if not opener.eof:
        raise FormatError("cut short", offset=len(data), field="gzip")
    if opener.unused_data.strip(b"\0"):
        raise FormatError("something follows its end", field="gzip")
    return inside


def _unzipped(data: bytes, member: str | None, most: int) -> bytes:
    import zipfile  # on use, as it loads much

    # An entry of the directory begins with these bytes; they are counted before Python walks it.
    if data.count(_ENTRY) > MAX_MEMBERS:
        raise FormatError(f"more than {MAX_MEMBERS} files are inside", field="a zip archive")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entry = _chosen(archive, member)
            _bounded(entry.file_size, entry.compress_size, "a zip archive", most)
            with archive.open(entry) as file:
                inside = file.read(entry.file_size + 1)
    except FormatError:
        raise
    except Exception as error:  # zipfile raises half a dozen types for damaged files
        raise FormatError("damaged, encrypted or cut short", field="a zip archive") from error
    _bounded(len(inside), entry.compress_size, "a zip archive", most)
    return inside


def members(data: bytes) -> list[str]:
    """The names of what a zip archive holds; none of what is no archive, or a damaged one."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [one.filename for one in _files(archive)]
    except Exception:  # zipfile raises half a dozen types for damaged files
        return []


def _files(archive: ZipFile) -> list[ZipInfo]:
    return [
        one
        for one in archive.infolist()
        if not one.is_dir() and not one.filename.startswith("__MACOSX/")
    ]


def _chosen(archive: ZipFile, member: str | None = None) -> ZipInfo:
    files = _files(archive)
    if member is not None:
        files = [one for one in files if one.filename == member][-1:]
        if not files:
            raise FormatError("has no such file inside", field="a zip archive")
    if len(files) != 1:
        count = f"holds {len(files)} files" if files else "is empty"
        hint = "; say which one with member=..." if files else ""
        raise FormatError(f"{count}{hint}", field="a zip archive")
    if files[0].compress_type not in (_STORED, _DEFLATED):
        raise FormatError("compressed in a way that is not read", field="a zip archive")
    return files[0]
