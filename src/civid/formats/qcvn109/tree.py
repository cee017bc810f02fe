"""Elements <-> records of a citizen message, the same for XML and JSON.

The order is that of the worked example in annex Đ; where ``QuocTich`` stands the example does not
show, and the place is that of the deployed service. A reader does not insist on any order.
"""

from __future__ import annotations

from civid.formats.qcvn109.record import NAMESPACE, Birth, Citizen, Coded, Name, Place, Relative
from civid.formats.safe_xml import Children, Element

#: What a ``CongDan`` holds. Of one that stands there twice the first counts; the other would come
#: back in its place, were it kept.
_KNOWN = frozenset(
    ("SoDinhDanh", "SoCMND", "HoVaTen", "GioiTinh", "DanToc", "TonGiao", "TinhTrangHonNhan",
     "NhomMau", "NgayThangNamSinh", "NoiDangKyKhaiSinh", "QuocTich", "QueQuan", "ThuongTru",
     "NoiOHienTai", "Cha", "Me", "VoChong", "NguoiDaiDien", "ChuHo", "SoSoHoKhau")
)  # fmt: skip


def read_citizen(children: Children) -> Citizen:
    """A ``CongDan``."""
    return Citizen(
        number=_text(children, "SoDinhDanh"),
        old_number=_text(children, "SoCMND"),
        name=_name(children),
        sex=_text(children, "GioiTinh"),
        ethnic=_coded(children, "DanToc", "MaDanToc"),
        religion=_coded(children, "TonGiao", "MaTonGiao"),
        marital=_text(children, "TinhTrangHonNhan"),
        blood=_text(children, "NhomMau"),
        birth=_birth(children),
        birth_registration_place=_place(children, "NoiDangKyKhaiSinh"),
        nationality=_text(children, "QuocTich"),
        home_town=_place(children, "QueQuan"),
        permanent_residence=_place(children, "ThuongTru"),
        current_residence=_place(children, "NoiOHienTai"),
        father=_relative(children, "Cha"),
        mother=_relative(children, "Me"),
        spouse=_relative(children, "VoChong"),
        representative=_relative(children, "NguoiDaiDien"),
        head=_relative(children, "ChuHo"),
        household_book=_text(children, "SoSoHoKhau"),
        extras=tuple(
            one for _, one in children.rest() if one.space != NAMESPACE or one.name not in _KNOWN
        ),
    )


def _text(children: Children, name: str) -> str | None:
    text = (children.text(name) or "").strip(" \t\r\n")
    return text or None


def _inside(children: Children, name: str) -> tuple[Children | None, str]:
    # A structure; or the text that stands where one should be.
    found = children.one(name)
    if found is None:
        return None, ""
    text = found.text.strip(" \t\r\n")
    if found.children or not text:
        return children.inside(found), ""
    children.complain(name, "is a text where elements should be", found.offset)
    return None, text


def _name(children: Children) -> Name | None:
    inside, text = _inside(children, "HoVaTen")
    if text:
        return Name(given=text)
    if inside is None:
        return None
    made = Name(_text(inside, "Ho"), _text(inside, "ChuDem"), _text(inside, "Ten"))
    inside.end()
    return made if any(made.parts) else None


def _coded(children: Children, name: str, code: str) -> Coded | None:
    inside, text = _inside(children, name)
    if text:
        return Coded(text)
    if inside is None:
        return None
    made = Coded(_text(inside, code), _text(inside, "TenGoi"))
    other = inside.one("TenGoiKhac")
    if other is not None:
        inside.complain("TenGoiKhac", "should be TenGoi", other.offset)
        made = Coded(made.code, made.other_name or other.text.strip() or None)
    inside.end()
    return made if made.code or made.other_name else None


def _birth(children: Children) -> Birth | None:
    inside, text = _inside(children, "NgayThangNamSinh")
    if text:
        return Birth(year=text) if len(text) == 4 else Birth(text)
    if inside is None:
        return None
    made = Birth(_text(inside, "NgayThangNam"), _text(inside, "Nam"))
    inside.end()
    return made if made.day or made.year else None


def _place(children: Children, name: str) -> Place | None:
    inside, text = _inside(children, name)
    if text:
        return Place(detail=text)
    if inside is None:
        return None
    made = Place(
        _text(inside, "MaDonViHanhChinh"),
        _text(inside, "ChiTiet"),
        _text(inside, "QuocGia"),
        _text(inside, "MaTinhThanh"),
        _text(inside, "MaQuanHuyen"),
        _text(inside, "MaPhuongXa"),
    )
    inside.end()
    return None if made == Place() else made


def _relative(children: Children, name: str) -> Relative | None:
    inside, text = _inside(children, name)
    if text:
        return Relative(name=Name(given=text))
    if inside is None:
        return None
    made = Relative(
        relation=_text(inside, "QuanHe"),
        number=_text(inside, "SoDinhDanh"),
        old_number=_text(inside, "SoCMND"),
        nationality=_text(inside, "QuocTich"),
        name=_name(inside),
    )
    inside.end()
    return None if made == Relative() else made


# --- the way back


def write_citizen(citizen: Citizen) -> Element:
    """A ``CongDan``."""
    known = [
        *_leaf("SoDinhDanh", citizen.number),
        *_leaf("SoCMND", citizen.old_number),
        *_write_name(citizen.name),
        *_leaf("GioiTinh", citizen.sex),
        *_write_coded("DanToc", "MaDanToc", citizen.ethnic),
        *_write_coded("TonGiao", "MaTonGiao", citizen.religion),
        *_leaf("TinhTrangHonNhan", citizen.marital),
        *_leaf("NhomMau", citizen.blood),
        *_write_birth(citizen.birth),
        *_write_place("NoiDangKyKhaiSinh", citizen.birth_registration_place),
        *_leaf("QuocTich", citizen.nationality),
        *_write_place("QueQuan", citizen.home_town),
        *_write_place("ThuongTru", citizen.permanent_residence),
        *_write_place("NoiOHienTai", citizen.current_residence),
        *_write_relative("Cha", citizen.father),
        *_write_relative("Me", citizen.mother),
        *_write_relative("VoChong", citizen.spouse),
        *_write_relative("NguoiDaiDien", citizen.representative),
        *_write_relative("ChuHo", citizen.head),
        *_leaf("SoSoHoKhau", citizen.household_book),
    ]
    return Element("CongDan", children=(*known, *citizen.extras), space=NAMESPACE)


def _leaf(name: str, text: str | None) -> list[Element]:
    return [] if text is None else [Element(name, text, space=NAMESPACE)]


def _group(name: str, *inside: list[Element]) -> list[Element]:
    children = tuple(one for part in inside for one in part)
    return [Element(name, children=children, space=NAMESPACE)] if children else []


def _write_name(name: Name | None) -> list[Element]:
    if name is None:
        return []
    return _group(
        "HoVaTen",
        _leaf("Ho", name.surname),
        _leaf("ChuDem", name.middle),
        _leaf("Ten", name.given),
    )


def _write_coded(name: str, code: str, coded: Coded | None) -> list[Element]:
    if coded is None:
        return []
    return _group(name, _leaf(code, coded.code), _leaf("TenGoi", coded.other_name))


def _write_birth(birth: Birth | None) -> list[Element]:
    if birth is None:
        return []
    return _group("NgayThangNamSinh", _leaf("NgayThangNam", birth.day), _leaf("Nam", birth.year))


def _write_place(name: str, place: Place | None) -> list[Element]:
    if place is None:
        return []
    return _group(
        name,
        _leaf("MaDonViHanhChinh", place.unit),
        _leaf("ChiTiet", place.detail),
        _leaf("QuocGia", place.country),
    )


def _write_relative(name: str, relative: Relative | None) -> list[Element]:
    if relative is None:
        return []
    return _group(
        name,
        _leaf("QuanHe", relative.relation),
        _leaf("SoDinhDanh", relative.number),
        _leaf("SoCMND", relative.old_number),
        _leaf("QuocTich", relative.nationality),
        _write_name(relative.name),
    )
