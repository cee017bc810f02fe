"""What departs from the regulation: forms of numbers and codes, dates, the closed lists.

Whether a code of a people, a religion or a country exists is the matter of its list; see
`civid.people.messages`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from civid.formats._reader import Finding
from civid.formats.qcvn109.record import Birth, Citizen, Coded, Message, Name, Place, Relative

_NUMBER = re.compile(r"[0-9]{12}")
_OLD_NUMBER = re.compile(r"[0-9]{9}|[0-9]{12}")
_UNIT = re.compile(r"[0-9]{2}|[0-9]{3}|[0-9]{5}")
_TWO_DIGITS = re.compile(r"[0-9]{2}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"[12][0-9]{3}")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
SEXES, MARITAL, BLOOD = ("0", "1", "2"), ("0", "1", "2", "3"), ("00", "01", "02", "03", "04")
_PLACES = {
    "NoiDangKyKhaiSinh": "birth_registration_place",
    "QueQuan": "home_town",
    "ThuongTru": "permanent_residence",
    "NoiOHienTai": "current_residence",
}
_RELATIVES = {
    "Cha": "father",
    "Me": "mother",
    "VoChong": "spouse",
    "NguoiDaiDien": "representative",
    "ChuHo": "head",
}


def check_message(message: Message) -> Iterator[Finding]:
    """Every departure of a message."""
    if message.as_of is not None and not _is_time(message.as_of):
        yield Finding("CongdanCollection/ThoiDiemDuLieu", "should be a date and time")
    for at, citizen in enumerate(message.citizens, 1):
        yield from _citizen(citizen, f"CongdanCollection/CongDan {at}")


def _citizen(citizen: Citizen, path: str) -> Iterator[Finding]:
    yield from _form(citizen.number, _NUMBER, f"{path}/SoDinhDanh", "twelve digits")
    yield from _form(citizen.old_number, _OLD_NUMBER, f"{path}/SoCMND", "nine or twelve digits")
    if citizen.number is None and citizen.old_number is None and citizen.name is None:
        yield Finding(path, "says of nobody who it is")
    yield from _name(citizen.name, path)
    for text, codes, name in (
        (citizen.sex, SEXES, "GioiTinh"),
        (citizen.marital, MARITAL, "TinhTrangHonNhan"),
        (citizen.blood, BLOOD, "NhomMau"),
    ):
        if text is not None and text not in codes:
            yield Finding(f"{path}/{name}", f"should be one of {', '.join(codes)}")
    yield from _coded(citizen.ethnic, f"{path}/DanToc", "MaDanToc")
    yield from _coded(citizen.religion, f"{path}/TonGiao", "MaTonGiao")
    if citizen.birth is not None:
        yield from _birth(citizen.birth, f"{path}/NgayThangNamSinh")
    yield from _form(citizen.nationality, _COUNTRY, f"{path}/QuocTich", "two capital letters")
    for name, field in _PLACES.items():
        place = getattr(citizen, field)
        if place is not None:
            yield from _place(place, f"{path}/{name}")
    for name, field in _RELATIVES.items():
        relative = getattr(citizen, field)
        if relative is not None:
            yield from _relative(relative, f"{path}/{name}", of_head=field == "head")
    if citizen.household_book == "":
        yield Finding(f"{path}/SoSoHoKhau", "is empty")


def _name(name: Name | None, path: str) -> Iterator[Finding]:
    if name is None:
        return
    for text, part in zip(name.parts, ("Ho", "ChuDem", "Ten"), strict=True):
        if text is not None and text != text.strip():
            yield Finding(f"{path}/HoVaTen/{part}", "has a space at its beginning or end")
    if not name.given:
        yield Finding(f"{path}/HoVaTen/Ten", "is missing")


def _coded(coded: Coded | None, path: str, element: str) -> Iterator[Finding]:
    if coded is not None:
        if coded.code is None:
            yield Finding(f"{path}/{element}", "is missing")
        yield from _form(coded.code, _TWO_DIGITS, f"{path}/{element}", "two digits")


def _birth(birth: Birth, path: str) -> Iterator[Finding]:
    if birth.day is not None and birth.year is not None:
        yield Finding(path, "holds a day and a year, should hold one of them")
    if birth.day is not None and not _is_day(birth.day):
        yield Finding(f"{path}/NgayThangNam", "should be a day written YYYY-MM-DD")
    yield from _form(birth.year, _YEAR, f"{path}/Nam", "a year of four digits")


def _place(place: Place, path: str) -> Iterator[Finding]:
    yield from _form(place.unit, _UNIT, f"{path}/MaDonViHanhChinh", "two, three or five digits")
    yield from _form(place.country, _COUNTRY, f"{path}/QuocGia", "two capital letters")
    for name, text in (
        ("MaTinhThanh", place.province),
        ("MaQuanHuyen", place.district),
        ("MaPhuongXa", place.commune),
    ):
        if text is not None:
            yield Finding(f"{path}/{name}", "should be one code, MaDonViHanhChinh")


def _relative(relative: Relative, path: str, *, of_head: bool) -> Iterator[Finding]:
    yield from _form(relative.number, _NUMBER, f"{path}/SoDinhDanh", "twelve digits")
    yield from _form(relative.old_number, _OLD_NUMBER, f"{path}/SoCMND", "nine or twelve digits")
    yield from _form(relative.nationality, _COUNTRY, f"{path}/QuocTich", "two capital letters")
    yield from _name(relative.name, path)
    if relative.relation is not None and not of_head:
        yield Finding(f"{path}/QuanHe", "belongs to the head of the household only")


def _form(text: str | None, form: re.Pattern[str], path: str, what: str) -> Iterator[Finding]:
    if text is not None and not form.fullmatch(text):
        yield Finding(path, f"should be {what}")


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_time(text: str) -> bool:
    return bool(_TIME.fullmatch(text)) and _is_day(text[:10]) and text[11:13] < "24"
