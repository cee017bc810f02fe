"""A call (lần khai thác): who asks, for which procedure, about whom; plain records."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from civid.exchange.envelopes.names import REQUIRED
from civid.formats import Finding
from civid.formats.safe_xml import Element


class Operation(StrEnum):
    """What is asked for."""

    LOOK_UP = "look_up"  #: tra cứu thông tin công dân
    CONFIRM = "confirm"  #: xác thực thông tin công dân: có hay không


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """One question about one person, as it travels.

    Parameters
    ----------
    operation : Operation
        What is asked for.
    request, procedure, service, officer, unit : str
        ``MaYeuCau``, ``MaDVC``, ``MaTichHop``, ``MaCanBo``, ``MaDonVi``; empty = not said.
    account, phone : str
        ``TaiKhoan``, ``SoDienThoai`` of the officer.
    number, old_number, name : str
        About whom; deployed callers give one of the numbers, the name, and the birth.
    birth_day, birth_year : str
        ``YYYYMMDD``, or the year alone.
    extras : tuple of Element
        Elements that nobody knows, written back behind the others; values of unknown keys of JSON
        stand here as elements without a namespace, as their JSON text.
    header : tuple of Element
        What stood in the header of the envelope; written back as it was.
    warnings : tuple of Finding
        What a tolerant reader found and went on from.
    """

    operation: Operation
    request: str = ""
    procedure: str = ""
    service: str = ""
    officer: str = ""
    unit: str = ""
    account: str = ""
    phone: str = ""
    number: str = ""
    old_number: str = ""
    name: str = ""
    birth_day: str = ""
    birth_year: str = ""
    extras: tuple[Element, ...] = ()
    header: tuple[Element, ...] = ()
    warnings: tuple[Finding, ...] = field(default=(), compare=False)

    def missing(self) -> tuple[str, ...]:
        """What has to be said of every call and is not: a call that lacks it is not answered.

        >>> Call(Operation.CONFIRM, request="1", procedure="2.001", officer="an").missing()
        ('unit',)
        """
        return tuple(part for part in REQUIRED if not getattr(self, part).strip())

    def asked(self) -> dict[str, str]:
        """Field of a citizen -> text, of what the call says about the person.

        A day is written with strokes, so that it reads as a claim of a citizen does.

        >>> Call(Operation.CONFIRM, name="Bùi Thị An", birth_day="20010312").asked()
        {'name': 'Bùi Thị An', 'birth': '2001-03-12'}
        """
        day = self.birth_day
        if len(day) == 8 and day.isascii() and day.isdigit():
            day = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        said = {
            "number": self.number, "cmnd9": self.old_number, "name": self.name,
            "birth": day or self.birth_year,
        }  # fmt: skip
        return {name: text for name, text in said.items() if text.strip()}

    def __repr__(self) -> str:
        return f"<Call to {self.operation.value}, {len(self.warnings)} warnings>"


#: Parts of a call that are plain texts of their own; those of the birth stand inside another.
TEXTS = (
    "request", "procedure", "service", "officer", "unit", "account", "phone", "number",
    "old_number", "name",
)  # fmt: skip
#: Longest text of a part; addresses are not among them.
MAX_TEXT = 256
#: No call is longer: it names one person and one officer.
MAX_BYTES = 64 << 10
MAX_DEPTH = 8
MAX_ELEMENTS = 400
