"""What a citizen message says. Every value is text as written; None is what it does not say.

Nothing here is read as a number or looked up in a code list: a wrong code stays what it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from civid.formats._reader import Finding
from civid.formats.safe_xml import Element

NAMESPACE = "http://www.mic.gov.vn/dancu/1.0"


@dataclass(frozen=True, slots=True, repr=False)
class Name:
    """``HoVaTen``: surname (``Ho``), middle name (``ChuDem``), given name (``Ten``).

    The deployed service writes the whole name into ``Ten``.
    """

    surname: str | None = None
    middle: str | None = None
    given: str | None = None

    @property
    def full(self) -> str:
        """The parts in their order, with one space between words."""
        return " ".join(" ".join(part or "" for part in self.parts).split())

    @property
    def parts(self) -> tuple[str | None, str | None, str | None]:
        """Surname, middle name, given name."""
        return self.surname, self.middle, self.given


@dataclass(frozen=True, slots=True, repr=False)
class Coded:
    """``DanToc`` or ``TonGiao``: a code, and the name by which the group calls itself."""

    code: str | None = None
    other_name: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Birth:
    """``NgayThangNamSinh``: a day (``YYYY-MM-DD``), or a year where no more is known."""

    day: str | None = None
    year: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """A place: a unit by its code, what stands below it, and the country.

    Parameters
    ----------
    unit : str or None
        ``MaDonViHanhChinh``: five digits a commune, three a district, two a province.
    detail : str or None
        ``ChiTiet``.
    country : str or None
        ``QuocGia``, ISO 3166-1 alpha-2.
    province, district, commune : str or None
        Three codes that the deployed service writes instead of one.
    """

    unit: str | None = None
    detail: str | None = None
    country: str | None = None
    province: str | None = None
    district: str | None = None
    commune: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Relative:
    """``Cha``, ``Me``, ``VoChong``, ``NguoiDaiDien`` or ``ChuHo``.

    ``relation`` (``QuanHe``) is what the citizen is to the head of the household.
    """

    number: str | None = None
    old_number: str | None = None
    nationality: str | None = None
    name: Name | None = None
    relation: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Citizen:
    """``CongDan``.

    Parameters
    ----------
    number, old_number : str or None
        ``SoDinhDanh`` (12 digits), ``SoCMND`` (nine, or twelve).
    name : Name or None
    sex : str or None
        ``GioiTinh``: 0 unknown, 1 male, 2 female.
    ethnic, religion : Coded or None
        Codes of annexes E (the list of 2008) and G.
    marital, blood : str or None
        ``TinhTrangHonNhan`` 0 to 3, ``NhomMau`` 00 to 04.
    birth : Birth or None
    birth_registration_place, home_town, permanent_residence, current_residence : Place or None
        ``NoiDangKyKhaiSinh``, ``QueQuan``, ``ThuongTru``, ``NoiOHienTai``.
    nationality : str or None
        ``QuocTich``, ISO 3166-1 alpha-2.
    father, mother, spouse, representative, head : Relative or None
    household_book : str or None
        ``SoSoHoKhau``.
    extras : tuple of Element
        Elements that nobody knows; written back behind the others.
    """

    number: str | None = None
    old_number: str | None = None
    name: Name | None = None
    sex: str | None = None
    ethnic: Coded | None = None
    religion: Coded | None = None
    marital: str | None = None
    blood: str | None = None
    birth: Birth | None = None
    birth_registration_place: Place | None = None
    nationality: str | None = None
    home_town: Place | None = None
    permanent_residence: Place | None = None
    current_residence: Place | None = None
    father: Relative | None = None
    mother: Relative | None = None
    spouse: Relative | None = None
    representative: Relative | None = None
    head: Relative | None = None
    household_book: str | None = None
    extras: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """``CongdanCollection``.

    Parameters
    ----------
    citizens : tuple of Citizen
    as_of : str or None
        ``ThoiDiemDuLieu``, as of when the data hold: ``2026-11-29T08:30:00``.
    note : str or None
        ``GhiChu``.
    warnings : tuple of Finding
        What a tolerant reader found and went on from.
    """

    citizens: tuple[Citizen, ...] = ()
    as_of: str | None = None
    note: str | None = None
    warnings: tuple[Finding, ...] = field(default=(), compare=False)

    def __repr__(self) -> str:
        return f"<Message about {len(self.citizens)} citizens>"


_PLACES = ("birth_registration_place", "home_town", "permanent_residence", "current_residence")


def tidied(message: Message) -> Message:
    """The same as the regulation wants it, where the deployed service writes otherwise.

    Days of eight digits get their strokes; a year beside a day goes; of three codes of a place the
    narrowest stays. Nothing else changes: what is wrong stays wrong.

    >>> made = Message((Citizen(birth=Birth("19921122", "1992")),))
    >>> tidied(made).citizens[0].birth.day, tidied(made).citizens[0].birth.year
    ('1992-11-22', None)
    """
    return replace(message, citizens=tuple(map(_tidy, message.citizens)), warnings=())


def _tidy(citizen: Citizen) -> Citizen:
    birth = citizen.birth
    if birth is not None and birth.day is not None:
        day = birth.day
        if len(day) == 8 and day.isascii() and day.isdigit():
            day = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        year = None if day.startswith(f"{birth.year}-") else birth.year
        birth = Birth(day, year)
    places = {}
    for name in _PLACES:
        place = getattr(citizen, name)
        if place is not None and place.unit is None:
            unit = place.commune or place.district or place.province
            place = Place(unit, place.detail, place.country)
        places[name] = place
    return replace(citizen, birth=birth, **places)
