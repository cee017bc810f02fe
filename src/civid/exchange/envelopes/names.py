"""Names on the wire (tên trường): what each platform calls the parts of a call, in one place.

Neither the national data exchange platform (NDXP) nor its successor, the national data
orchestration platform (NDOP, Decree 278/2025), publishes its messages. The names here are those
that public programs of ministries and provinces send to the population service (services 003 and
037); `Word.seen` says in how many unrelated ones each was found. Names in JSON follow the one
province whose program could be read; the ones it lacks follow by analogy. Whoever has the real
specification puts its names in with `Profile.renamed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from civid.errors import FieldError

POPULATION = "http://dancuquocgia.bca"


@dataclass(frozen=True, slots=True)
class Word:
    """What one part of a call is called.

    Parameters
    ----------
    xml, json : str
        In XML, and in the JSON that platforms of provinces take.
    meaning : str
        In Vietnamese.
    seen : int
        In how many unrelated public programs the name in XML was found.
    """

    xml: str
    json: str
    meaning: str
    seen: int


#: Parts of a call in the order in which they are written; the service takes them in no other.
WORDS: Mapping[str, Word] = MappingProxyType({
    "request": Word("MaYeuCau", "maYeuCau", "mã yêu cầu, của lần gọi này", 6),
    "procedure": Word("MaDVC", "maDVC", "mã dịch vụ công, thủ tục hành chính", 5),
    "service": Word("MaTichHop", "maTichHop", "mã tích hợp, dịch vụ được gọi", 5),
    "officer": Word("MaCanBo", "maCanBo", "mã cán bộ khai thác", 5),
    "unit": Word("MaDonVi", "maDonVi", "mã đơn vị của cán bộ", 1),
    "account": Word("TaiKhoan", "taiKhoan", "tên tài khoản của cán bộ", 1),
    "phone": Word("SoDienThoai", "soDienThoai", "số điện thoại của cán bộ", 1),
    "number": Word("SoDinhDanh", "soDinhDanh", "số định danh cá nhân", 5),
    "old_number": Word("SoCMND", "soCMND", "số chứng minh nhân dân", 4),
    "name": Word("HoVaTen", "hoVaTen", "họ, chữ đệm và tên", 5),
    "birth": Word("NgayThangNamSinh", "ngayThangNamSinh", "ngày, tháng, năm sinh", 5),
    "birth_day": Word("NgayThangNam", "ngayThangNam", "đủ ngày, tháng, năm: YYYYMMDD", 5),
    "birth_year": Word("Nam", "nam", "chỉ có năm", 2),
    "look_up": Word("TraCuuThongTinCongDan", "TraCuuThongTinCongDan", "tra cứu", 4),
    "confirm": Word("XacThucThongTinCongDan", "XacThucThongTinCongDan", "xác thực", 3),
    "verdict": Word("KetQuaXacThuc", "ketQuaXacThuc", "kết quả xác thực", 2),
    "exists": Word("TonTai", "tonTai", "có tồn tại", 2),
})  # fmt: skip
#: Without these no call is answered: who asks, for which procedure, and which call it is.
REQUIRED = ("request", "procedure", "officer", "unit")


@dataclass(frozen=True, slots=True)
class Profile:
    """The names of one platform.

    Parameters
    ----------
    name : str
        Of the platform.
    space : str
        Namespace of its XML.
    words : mapping
        Part of a call -> `Word`.

    Examples
    --------
    >>> ours = NDXP.renamed("ndop", space="urn:example:ndop", unit=("MaDinhDanhDonVi", "donVi"))
    >>> ours.xml("unit"), ours.json("unit"), ours.xml("officer")
    ('MaDinhDanhDonVi', 'donVi', 'MaCanBo')
    """

    name: str
    space: str
    words: Mapping[str, Word]

    def xml(self, part: str) -> str:
        """What a part is called in XML."""
        return self.words[part].xml

    def json(self, part: str) -> str:
        """What a part is called in JSON."""
        return self.words[part].json

    def renamed(self, name: str, *, space: str | None = None, **parts: tuple[str, str]) -> Profile:
        """The same with other names: part of a call = (name in XML, name in JSON).

        Raises
        ------
        FieldError
            There is no such part, or two parts of a call would have one name.
        """
        unknown = parts.keys() - self.words.keys()
        if unknown:
            raise FieldError("part", f"no such part of a call: {min(unknown)}")
        words = {
            part: replace(word, xml=parts[part][0], json=parts[part][1], seen=0)
            if part in parts
            else word
            for part, word in self.words.items()
        }
        for names in ({one.xml for one in words.values()}, {one.json for one in words.values()}):
            if len(names) < len(words) or not all(names):
                raise FieldError("part", "two parts of a call have one name, or one has none")
        return Profile(name, self.space if space is None else space, MappingProxyType(words))


#: The platform of Decree 47/2020, as public programs call it.
NDXP = Profile("ndxp", POPULATION, WORDS)
