"""Take in whatever was read of a card, find out what it is, and put it together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from civid.cards import mrz, qr
from civid.cards.card import CardRecord
from civid.cards.chip import dg1, dg2, dg3, dg13, ef_com
from civid.cards.chip.dg13 import Dg13Record
from civid.cards.chip.face import FaceImage
from civid.cards.chip.files import kind_of
from civid.cards.chip.finger import FingerImageRecord
from civid.cards.crosscheck import Disagreement, crosscheck
from civid.cards.gather import gather
from civid.cards.mrz import MrzRecord
from civid.cards.qr import QrRecord
from civid.errors import FormatError
from civid.people.kinds import bytes_of, text_of

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"II*\0", b"MM\0*", b"RIFF", b"GIF8")


@dataclass(slots=True)
class Reading:
    """What was read of one card so far."""

    qr: QrRecord | None = None
    mrz: MrzRecord | None = None
    dg1: MrzRecord | None = None
    dg13: Dg13Record | None = None
    faces: tuple[FaceImage, ...] = ()
    fingers: tuple[FingerImageRecord, ...] = ()
    com: tuple[int, ...] | None = None
    sod: bytes | None = field(default=None, repr=False)
    groups: dict[int, bytes] = field(default_factory=dict, repr=False)

    def add_text(self, text: str) -> str:
        """Take the text of a QR code or the lines of a machine-readable zone; says which.

        Raises
        ------
        FormatError
            It is neither, or damaged.
        """
        text = text_of(text, "card")
        if "|" in text:
            self.qr = _same(self.qr, qr.parse(text), "QR")
            return "qr"
        if "<" in text:
            self.mrz = _same(self.mrz, mrz.parse(text), "MRZ")
            return "mrz"
        raise FormatError("neither a QR code with | nor an MRZ with <", field="card")

    def add_bytes(self, data: bytes) -> str:
        """Take a picture, a chip file, or a text file; says which.

        Raises
        ------
        FormatError
            It is none of them, or damaged.
        ImageError
            A picture that cannot be read.
        """
        data = bytes_of(data, "card")
        if data.startswith(_PICTURES):
            from civid.cards.qr.photo import parse_photo

            self.qr = _same(self.qr, parse_photo(data), "QR")
            return "qr"
        kind = kind_of(data)
        # The tags of chip files are letters too: a text of printable lines is a text.
        if kind is not None and not _is_text(data):
            return self._add_file(kind, data)
        try:
            return self.add_text(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise FormatError("no picture, chip file, QR text or MRZ", field="card") from None

    def _add_file(self, kind: str, data: bytes) -> str:
        number = int(kind[2:]) if kind[2:].isdigit() else None
        before = self.sod if kind == "SOD" else self.groups.get(number or 0)
        _same(before, data, kind)
        if kind == "COM":
            self.com = ef_com.parse(data).groups
        elif kind == "SOD":
            self.sod = data
        else:
            self.groups[int(kind[2:])] = data
        if kind == "DG1":
            self.dg1 = dg1.parse(data, strict=False)  # wrong digits are told by disagreements()
        elif kind == "DG2":
            self.faces = dg2.parse(data)
        elif kind == "DG3":
            self.fingers = dg3.parse(data)
        elif kind == "DG13":
            self.dg13 = dg13.parse(data)
        return kind.lower()

    def card(self) -> CardRecord:
        """One record of all that was read; the zone in the chip counts before the printed one.

        Nothing is reconciled: see `disagreements` first.

        Raises
        ------
        FieldError
            Number, name, birth or day of issue was not read, or what was read is no card.

        >>> read(["046301123456||Nguyễn Thị An|05032001|Nữ|Huế|10062021"]).card().expiry
        datetime.date(2026, 3, 5)
        """
        zone = self.mrz if self.dg1 is None else self.dg1
        return gather(qr=self.qr, mrz=zone, dg13=self.dg13)

    def disagreements(self, register: CardRecord | None = None) -> tuple[Disagreement, ...]:
        """What the sources contradict one another in, and the register if it is given."""
        return crosscheck(qr=self.qr, mrz=self.mrz, dg1=self.dg1, dg13=self.dg13, register=register)


def read(sources: Iterable[str | bytes]) -> Reading:
    """Everything at once.

    >>> found = read(["046301123456||Nguyễn Thị An|05032001|Nữ|Huế|10062021"])
    >>> found.qr.issued.year, found.disagreements()
    (2021, ())
    """
    reading = Reading()
    for source in sources:
        if isinstance(source, str):
            reading.add_text(source)
        else:
            reading.add_bytes(source)
    return reading


_Read = TypeVar("_Read")


def _same(before: _Read | None, now: _Read, name: str) -> _Read:
    """What was read, unless another one was read before: two cards would be mixed into one."""
    if before is not None and before != now:
        raise FormatError("another one was given already: one card at a time", field=name)
    return now


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter in "\r\n\t" for letter in text)
