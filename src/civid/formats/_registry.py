"""Which formats there are: plain data, so that none is loaded before it is used."""

from __future__ import annotations

import difflib
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from civid.errors import FormatError


@dataclass(frozen=True, slots=True)
class Format:
    """One format, and what can be done with it.

    Parameters
    ----------
    key : str
        What it is called in code and on the command line: ``"iso19794-2:2005"``, ``"png"``.
    name : str
        What its standard is called.
    kind : str
        ``"minutiae"``, ``"image record"``, ``"transaction"``, ``"envelope"`` or ``"picture"``.
    suffixes : tuple of str
        How files of it are named, the usual one first; empty where nobody agrees.
    reads, writes : bool
        Whether `civid.formats.parse` and `civid.formats.build` know it.
    module : str
        Where its verbs are; empty for pictures.
    starts : tuple of bytes
        How every file of it begins; empty where its module has to be asked.
    """

    key: str
    name: str
    kind: str
    suffixes: tuple[str, ...] = ()
    reads: bool = True
    writes: bool = True
    module: str = ""
    starts: tuple[bytes, ...] = ()

    def load(self) -> Any:
        """The module with its verbs."""
        return import_module(self.module)

    def fits(self, data: bytes | bytearray | memoryview, head: bytes) -> bool:
        """Does a file with these first bytes look like such a record? (`guards.kind`: pictures)"""
        asked = self.module and (not self.starts or head.startswith(self.starts))
        return bool(asked and self.load().sniff(data))


def _minutiae(key: str, name: str, module: str, *starts: bytes, suffix: str = ".fmr") -> Format:
    suffixes = (suffix,) if suffix != ".iso" else (".iso", ".fmr")
    return Format(key, name, "minutiae", suffixes, True, True, f"{_MINUTIAE}{module}", starts)


def _images(key: str, name: str, module: str, *starts: bytes) -> Format:
    module = f"civid.formats.image_records.{module}"
    return Format(key, name, "image record", (".fir",), True, True, module, starts)


def _picture(key: str, name: str, *suffixes: str, writes: bool = True) -> Format:
    return Format(key, name, "picture", suffixes, writes=writes)


_MINUTIAE = "civid.formats.minutiae."
_FMR, _FIR = b"FMR\0", b"FIR\0"

#: In the order in which they are asked: what begins with its own name first, loose texts last.
FORMATS: tuple[Format, ...] = (
    _minutiae("iso19794-2:2005", "ISO/IEC 19794-2:2005", "iso19794_2_2005", _FMR, suffix=".iso"),
    _minutiae("ansi378-2004", "ANSI/INCITS 378-2004", "ansi378_2004", _FMR),
    _minutiae("iso19794-2:2011", "ISO/IEC 19794-2:2011", "iso19794_2_2011", _FMR),
    _minutiae("ansi378-2009", "ANSI/INCITS 378-2009", "ansi378_2009", _FMR),
    _images("iso19794-4:2011", "ISO/IEC 19794-4:2011", "iso19794_4_2011", _FIR),
    _images("iso19794-4:2005", "ISO/IEC 19794-4:2005", "iso19794_4_2005", _FIR),
    _images("ansi381-2004", "ANSI/INCITS 381-2004", "ansi381_2004", _FIR),
    _images("iso39794-4:2019-ber", "ISO/IEC 39794-4:2019", "iso39794_4_2019", b"\x64"),
    Format(
        "ansi-nist-itl",
        "ANSI/NIST-ITL",
        "transaction",
        (".an2", ".an2k", ".eft", ".nst", ".nist"),
        module="civid.formats.ansi_nist",
        starts=(b"1.",),
    ),
    _picture("png", "PNG", ".png"),
    _picture("jpeg", "JPEG", ".jpg", ".jpeg", ".jpe", ".jfif"),
    _picture("jp2", "JPEG 2000", ".jp2", ".j2k", ".jpx", ".jpf", ".j2c", ".jpc"),
    _picture("bmp", "BMP", ".bmp", ".dib"),
    _picture("tiff", "TIFF", ".tif", ".tiff"),
    _picture("gif", "GIF", ".gif", writes=False),
    _picture("pgm", "PGM", ".pgm", ".pnm", ".ppm", ".pbm"),
    _picture("wsq", "WSQ", ".wsq", writes=False),
)
_BY_KEY = {one.key: one for one in FORMATS}
#: What `guards.kind` and `Picture.kind` call a picture -> its key.
PICTURES = {one.name: one for one in FORMATS if one.kind == "picture"}


def named(key: object) -> Format:
    """The format of this key, in any case of letters; `FormatError` names the nearest others."""
    found = _BY_KEY.get(key.lower()) if isinstance(key, str) else None
    if found is not None:
        return found
    near = difflib.get_close_matches(str(key)[:40].lower(), _BY_KEY, n=3, cutoff=0.5)
    hint = f"; do you mean {' or '.join(near)}?" if near else f"; known are {', '.join(_BY_KEY)}"
    raise FormatError(f"no such format{hint}", field="format")


def of_record(record: object) -> Format | None:
    """Whose record this is: of the module in which its class stands, or that offers its class."""
    home = f"{type(record).__module__}."
    for one in FORMATS:
        if one.module and home.startswith(f"{one.module}."):
            return one
    for one in FORMATS:  # a class in a file beside; its module is loaded, or there was no record
        offered = getattr(sys.modules.get(one.module), "Record", None)
        if isinstance(offered, type) and type(record) is offered:
            return one
    return None
