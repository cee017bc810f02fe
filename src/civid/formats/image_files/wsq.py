"""WSQ (FBI IAFIS-IC-0110): the head of a file. Pixels are decoded by the package ``wsq``.

Only what is needed before decoding: that the file is whole, how large its image is, and the
resolution that encoders leave in the NIST comment.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from civid.errors import FormatError, UnavailableError
from civid.formats._reader import Reader
from civid.formats.image_files.wsq_coefficients import (
    MAX_COUNTED,
    Table,
    check,
    count,
    expected,
    tables,
)

NAME = "WSQ"
_SOI, _EOI = b"\xff\xa0", b"\xff\xa1"
#: Frame, block, wavelet, quantisation, Huffman tables, restart interval, comment: a length follows.
_SEGMENTS = {
    0xA2: "SOF",
    0xA3: "SOB",
    0xA4: "DTT",
    0xA5: "DQT",
    0xA6: "DHT",
    0xA7: "DRT",
    0xA8: "COM",
}
#: A byte full of ones: what encoders write that were not told the resolution.
_NOT_SAID = 255
#: Tables, comments and blocks; encoders write three blocks and about ten others.
_MAX_SEGMENTS = 256
#: In coded data FF is always followed by 00.
_MARKER = re.compile(rb"\xff[^\0]", re.DOTALL)
_PPI = re.compile(rb"(?:^|\n)PPI (\d{1,5})(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Head:
    """Size in px, and the resolution or None where the file does not say it."""

    width: int
    height: int
    ppi: int | None


def sniff(data: bytes | bytearray | memoryview) -> bool:
    """Does this look like a WSQ file? Never raises."""
    try:
        head = bytes(memoryview(data)[:4])
    except TypeError:
        return False
    return head[:2] == _SOI and len(head) == 4 and head[2] == 0xFF and 0xA1 <= head[3] <= 0xA8


def parse(data: bytes | bytearray | memoryview) -> Head:
    """Walk all segments and read the head.

    Raises
    ------
    FormatError
        A segment is missing, damaged or cut short.
    """
    width = height = 0
    ppi = None
    found: set[str] = set()
    reader = Reader(data)
    for name, start, body, _ in _walk(reader):
        if name == "SOF":
            if "SOF" in found or len(body) < 15:
                raise FormatError("damaged", offset=start, field="start of frame")
            height, width = int.from_bytes(body[2:4], "big"), int.from_bytes(body[4:6], "big")
        elif name == "COM" and ppi is None and body.startswith(b"NIST_COM"):
            match = _PPI.search(body)
            ppi = int(match[1]) if match else None
            ppi = None if ppi == _NOT_SAID else ppi
        found.add(name)
    missing = [name for name in ("DTT", "DQT", "DHT", "SOF", "SOB") if name not in found]
    if missing or not width or not height:
        what = ", ".join(missing) or "no size"
        raise FormatError(f"incomplete: {what}", offset=reader.pos, field="end of image")
    return Head(width, height, ppi)


def check_coefficients(data: bytes, head: Head) -> None:
    """Raise `FormatError` where the coded data are not those of one image of this size."""
    if len(data) > MAX_COUNTED:
        return
    wanted = 0.0
    counted = 0
    known: dict[int, Table] = {}
    for name, start, body, coded in _walk(Reader(data)):
        if name == "DQT":
            wanted = expected(body, head.width, head.height)
        elif name == "DHT":
            known |= tables(body)
        elif name == "SOB":
            if not body or body[0] not in known:
                raise FormatError("its Huffman table is missing", offset=start, field="block")
            counted += count(coded, known[body[0]], 2 * wanted - counted)
    check(counted, wanted)


def _walk(reader: Reader) -> Iterator[tuple[str, int, bytes, bytes]]:
    """Name, place and body of each segment, and of a block what is coded in it."""
    reader.expect(_SOI, "start of image")
    for _ in range(_MAX_SEGMENTS + 1):
        start = reader.pos
        marker = reader.take(2, "marker")
        if marker == _EOI:
            return
        name = _SEGMENTS.get(marker[1]) if marker[0] == 0xFF else None
        if name is None:
            raise FormatError("damaged", offset=start, field="marker")
        body, coded = _segment(reader, name), b""
        if name == "SOB":
            # Huffman codes follow, in which FF is always followed by 00.
            end = _next_marker(reader.data, reader.pos)
            if end < 0:
                raise FormatError("cut short", offset=start, field="block")
            coded = reader.take(end - reader.pos, "block")
        yield name, start, body, coded
    raise FormatError("too many segments", offset=reader.pos, field="marker")


def _segment(reader: Reader, field: str) -> bytes:
    start = reader.pos
    length = reader.u16(field)
    if length < 2:
        raise FormatError("its length is damaged", offset=start, field=field)
    return reader.take(length - 2, field)


def _next_marker(data: bytes, start: int) -> int:
    found = _MARKER.search(data, start)
    return found.start() if found else -1


def decode(data: bytes, head: Head) -> npt.NDArray[np.uint8]:
    """The pixels, (H, W) uint8, by the optional package ``wsq``.

    Its decoder (NBIS) damages the memory of the process on some broken files, which no check of
    the input can exclude; it therefore works in a short-lived process of its own.

    Raises
    ------
    UnavailableError
        The package is not installed.
    FormatError
        The file cannot be decoded.
    """
    spec = importlib.util.find_spec("_wsq")
    if spec is None or spec.origin is None:
        raise UnavailableError("WSQ images need an optional package: pip install 'civid[wsq]'")
    if not _PYTHON.match(Path(sys.executable or "").name):  # a host that embeds Python is another
        raise UnavailableError("the WSQ decoder needs a Python interpreter that can be started")
    check_coefficients(data, head)
    command = [sys.executable, "-I", "-S", "-c", _CHILD, str(Path(spec.origin).parent)]
    try:
        child = subprocess.run(
            command, input=data, capture_output=True, timeout=_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise FormatError("the decoder does not finish", field="WSQ") from None
    except OSError as error:
        raise UnavailableError(f"the WSQ decoder does not start: {error.strerror}") from None
    if child.returncode or len(child.stdout) != head.width * head.height:
        raise FormatError("the image data is damaged", field="WSQ")
    return np.frombuffer(child.stdout, np.uint8).reshape(head.height, head.width)


_PYTHON = re.compile(r"(python|pypy)[\d.]*t?(\.exe)?$", re.IGNORECASE)
#: The slowest decoding seen is a tenth of a second for a megapixel.
_TIMEOUT_S = 10
_CHILD = """
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (4, 4))
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
except (ImportError, ValueError, OSError):
    pass
sys.path.append(sys.argv[1])
import _wsq
sys.stdout.buffer.write(_wsq.decompress(sys.stdin.buffer.read())[0])
"""
