"""Which formats there are: plain data, so that none is loaded before it is used."""

from __future__ import annotations

import difflib
import sys
from dataclasses import dataclass
from functools import cache
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
        ``"minutiae"``, ``"image record"``, ``"transaction"`` (of many records), ``"envelope"``
        (around other records), ``"message"`` (of citizens' data) or ``"picture"``.
    suffixes : tuple of str
        How files of it are named, the usual one first; empty where nobody agrees.
    reads, writes : bool
        Whether `civid.formats.parse` and `civid.formats.build` know it.
    module : str
        Where its verbs are; empty for pictures.
    starts : tuple of bytes
        How every file of it begins; empty where its module has to be asked.
    says_so : bool
        Whether its bytes tell what they are; otherwise it has to be named.
    """

    key: str
    name: str
    kind: str
    suffixes: tuple[str, ...] = ()
    reads: bool = True
    writes: bool = True
    module: str = ""
    starts: tuple[bytes, ...] = ()
    says_so: bool = True

    def load(self) -> Any:
        """The module with its verbs."""
        return _module(self.module)

    def fits(self, data: bytes | bytearray | memoryview, head: bytes) -> bool:
        """Does a file with these first bytes look like such a record? (`guards.kind`: pictures)"""
        asked = self.says_so and self.module and (not self.starts or head.startswith(self.starts))
        return bool(asked and self.load().sniff(data))


@cache
def _module(name: str) -> Any:
    """Thousands of times a file, where its fields are looked at one by one."""
    return import_module(name)


def _minutiae(key: str, name: str, module: str, *suffixes: str, says_so: bool = True) -> Format:
    module, starts = f"civid.formats.minutiae.{module}", (b"FMR\0",) if ".fmr" in suffixes else ()
    return Format(key, name, "minutiae", suffixes, True, True, module, starts, says_so)


def _images(key: str, name: str, module: str, start: bytes = b"FIR\0") -> Format:
    module = f"civid.formats.image_records.{module}"
    return Format(key, name, "image record", (".fir",), True, True, module, (start,))


def _other(key: str, name: str, kind: str, module: str, *suffixes: str) -> Format:
    return Format(key, name, kind, suffixes, module=f"civid.formats.{module}")


def _picture(key: str, name: str, *suffixes: str, writes: bool = True) -> Format:
    return Format(key, name, "picture", suffixes, writes=writes)


_CARD = "ISO/IEC 19794-2:2005, card format"
_QCVN = "QCVN 109:2017/BTTTT citizen message"

#: In the order in which they are asked; of two with one suffix, the first is written.
FORMATS: tuple[Format, ...] = (
    _minutiae("iso19794-2:2005", "ISO/IEC 19794-2:2005", "iso19794_2_2005", ".iso", ".fmr"),
    _minutiae("ansi378-2004", "ANSI/INCITS 378-2004", "ansi378_2004", ".fmr"),
    _minutiae("iso19794-2:2011", "ISO/IEC 19794-2:2011", "iso19794_2_2011", ".fmr"),
    _minutiae("ansi378-2009", "ANSI/INCITS 378-2009", "ansi378_2009", ".fmr"),
    _images("iso19794-4:2011", "ISO/IEC 19794-4:2011", "iso19794_4_2011"),
    _images("iso19794-4:2005", "ISO/IEC 19794-4:2005", "iso19794_4_2005"),
    _images("ansi381-2004", "ANSI/INCITS 381-2004", "ansi381_2004"),
    _images("iso39794-4:2019-ber", "ISO/IEC 39794-4:2019", "iso39794_4_2019", b"\x64"),
    _other(
        "ansi-nist-itl", "ANSI/NIST-ITL", "transaction", "ansi_nist",
        ".an2", ".an2k", ".eft", ".nst", ".nist",
    ),
    _other("cbeff-icao", "ISO/IEC 7816-11 biometric templates (ICAO)", "envelope", "cbeff.icao"),
    _other(
        "cbeff-piv", "ANSI/INCITS 398 patron format PIV (NIST SP 800-76)", "envelope", "cbeff.piv"
    ),
    _other("mosip-cbeff-xml", "CBEFF XML of MOSIP", "envelope", "cbeff.mosip_xml", ".xml"),
    _other("qcvn109", _QCVN, "message", "qcvn109.message_xml", ".xml"),
    _other("qcvn109-json", f"{_QCVN} (JSON)", "message", "qcvn109.message_json", ".json"),
    _picture("png", "PNG", ".png"),
    _picture("jpeg", "JPEG", ".jpg", ".jpeg", ".jpe", ".jfif"),
    _picture("jp2", "JPEG 2000", ".jp2", ".j2k", ".jpx", ".jpf", ".j2c", ".jpc"),
    _picture("bmp", "BMP", ".bmp", ".dib"),
    _picture("tiff", "TIFF", ".tif", ".tiff"),
    _picture("gif", "GIF", ".gif", writes=False),
    _picture("pgm", "PGM", ".pgm", ".pnm", ".ppm", ".pbm"),
    _picture("wsq", "WSQ", ".wsq"),
    _minutiae("min", "NBIS min (MINDTCT's report of minutiae)", "nbis.min", ".min"),
    _minutiae("xyt", "NBIS xyt (text of minutiae)", "nbis.xyt", ".xyt", says_so=False),
    _minutiae("xyt-m1", "NBIS xyt of -m1 (text of minutiae)", "nbis.xyt_m1", ".xyt", says_so=False),
    _minutiae("iso19794-2:2005-card", f"{_CARD}, normal size", "card.normal", says_so=False),
    _minutiae(
        "iso19794-2:2005-compact-card", f"{_CARD}, compact size", "card.compact", says_so=False
    ),
)  # fmt: skip
#: What modules call their whole record.
_RECORDS = ("Record", "Transaction", "Message")
_BY_KEY = {one.key: one for one in FORMATS}
#: What `guards.kind` and `Picture.kind` call a picture -> its key.
PICTURES = {one.name: one for one in FORMATS if one.kind == "picture"}


def named(key: object) -> Format:
    """The format of this key, in any case of letters; `FormatError` names the nearest others."""
    found = _BY_KEY.get(key.lower()) if isinstance(key, str) else None
    if found is not None:
        return found
    near = difflib.get_close_matches(str(key)[:40].lower(), _BY_KEY, n=3, cutoff=0.6)
    hint = f"; do you mean {' or '.join(near)}?" if near else f"; known are {', '.join(_BY_KEY)}"
    raise FormatError(f"no such format{hint}", field="format")


def of_record(record: object) -> tuple[Format, ...]:
    """Whose record this is: of each module that offers its class; several share one."""
    kind = type(record)
    if kind.__name__ not in _RECORDS:
        return ()
    loaded = ((one, sys.modules.get(one.module)) for one in FORMATS if one.module)
    return tuple(one for one, module in loaded if getattr(module, kind.__name__, None) is kind)
