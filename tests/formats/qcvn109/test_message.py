"""Citizen messages of QCVN 109: by hand, as the service writes them, both ways, XML and JSON."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FormatError
from civid.formats.qcvn109 import message_json, message_xml
from civid.formats.qcvn109.check import BLOOD, MARITAL, SEXES
from civid.formats.qcvn109.record import (
    Birth,
    Citizen,
    Coded,
    Message,
    Name,
    Place,
    Relative,
    tidied,
)

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<dc:CongdanCollection xmlns:dc="http://www.mic.gov.vn/dancu/1.0" GhiChu="Thử" \
ThoiDiemDuLieu="2026-11-29T00:00:00" SoCongDan="1">
  <dc:CongDan>
    <dc:SoDinhDanh>046301123456</dc:SoDinhDanh>
    <dc:SoCMND>191234567</dc:SoCMND>
    <dc:HoVaTen>
      <dc:Ho>Nguyễn</dc:Ho>
      <dc:ChuDem>Thị</dc:ChuDem>
      <dc:Ten>An</dc:Ten>
    </dc:HoVaTen>
    <dc:GioiTinh>2</dc:GioiTinh>
    <dc:DanToc>
      <dc:MaDanToc>02</dc:MaDanToc>
      <dc:TenGoi>Thù Lao</dc:TenGoi>
    </dc:DanToc>
    <dc:TonGiao>
      <dc:MaTonGiao>01</dc:MaTonGiao>
    </dc:TonGiao>
    <dc:TinhTrangHonNhan>1</dc:TinhTrangHonNhan>
    <dc:NhomMau>04</dc:NhomMau>
    <dc:NgayThangNamSinh>
      <dc:NgayThangNam>2001-03-05</dc:NgayThangNam>
    </dc:NgayThangNamSinh>
    <dc:NoiDangKyKhaiSinh>
      <dc:MaDonViHanhChinh>19774</dc:MaDonViHanhChinh>
      <dc:ChiTiet>Phường Tây Lộc</dc:ChiTiet>
      <dc:QuocGia>VN</dc:QuocGia>
    </dc:NoiDangKyKhaiSinh>
    <dc:QuocTich>VN</dc:QuocTich>
    <dc:QueQuan>
      <dc:MaDonViHanhChinh>46</dc:MaDonViHanhChinh>
    </dc:QueQuan>
    <dc:Cha>
      <dc:SoDinhDanh>046075123456</dc:SoDinhDanh>
      <dc:QuocTich>VN</dc:QuocTich>
      <dc:HoVaTen>
        <dc:Ho>Nguyễn</dc:Ho>
        <dc:ChuDem>Văn</dc:ChuDem>
        <dc:Ten>Bình</dc:Ten>
      </dc:HoVaTen>
    </dc:Cha>
    <dc:ChuHo>
      <dc:QuanHe>CH01</dc:QuanHe>
      <dc:SoCMND>191234568</dc:SoCMND>
      <dc:HoVaTen>
        <dc:Ten>NGUYỄN VĂN BÌNH</dc:Ten>
      </dc:HoVaTen>
    </dc:ChuHo>
    <dc:SoSoHoKhau>cm-41</dc:SoSoHoKhau>
  </dc:CongDan>
</dc:CongdanCollection>
""".encode()

#: What the deployed service writes, with made-up people.
SERVICE = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">
  <soapenv:Header xmlns:dan="http://dancuquocgia.bca"/>
  <soapenv:Body xmlns:dan="http://dancuquocgia.bca">
    <ns1:CongdanCollection xmlns:ns1="http://www.mic.gov.vn/dancu/1.0">
      <ns1:CongDan>
        <ns1:SoDinhDanh>046301123456</ns1:SoDinhDanh><ns1:SoCMND/>
        <ns1:HoVaTen><ns1:Ho/><ns1:ChuDem/><ns1:Ten>NGUYỄN THỊ AN</ns1:Ten></ns1:HoVaTen>
        <ns1:GioiTinh>2</ns1:GioiTinh><ns1:DanToc>01</ns1:DanToc><ns1:TonGiao>00</ns1:TonGiao>
        <ns1:NgayThangNamSinh>
          <ns1:Nam>2001</ns1:Nam><ns1:NgayThangNam>20010305</ns1:NgayThangNam>
        </ns1:NgayThangNamSinh>
        <ns1:ThuongTru>
          <ns1:MaTinhThanh>46</ns1:MaTinhThanh><ns1:MaQuanHuyen>474</ns1:MaQuanHuyen>
          <ns1:MaPhuongXa>19774</ns1:MaPhuongXa><ns1:ChiTiet>TÂY LỘC</ns1:ChiTiet>
        </ns1:ThuongTru>
        <ns1:QuocTich/>
        <ns1:Cha><ns1:HoVaTen>NVB</ns1:HoVaTen><ns1:SoDinhDanh>123456</ns1:SoDinhDanh></ns1:Cha>
        <ns1:TrangThaiCongDan>1</ns1:TrangThaiCongDan>
      </ns1:CongDan>
    </ns1:CongdanCollection>
  </soapenv:Body>
</soapenv:Envelope>
""".encode()


def test_a_message_says_what_it_says() -> None:
    message = message_xml.parse(FILE, strict=True)
    (an,) = message.citizens
    assert (message.note, message.as_of) == ("Thử", "2026-11-29T00:00:00")
    assert an.name is not None
    assert an.name.full == "Nguyễn Thị An"
    assert an.ethnic == Coded("02", "Thù Lao")
    assert an.birth == Birth("2001-03-05")
    assert an.home_town == Place("46")
    assert an.father == Relative(
        "046075123456", nationality="VN", name=Name("Nguyễn", "Văn", "Bình")
    )
    assert an.head is not None
    assert an.head.relation == "CH01"
    assert message_xml.build(message) == FILE
    assert message_xml.sniff(FILE)


def test_what_the_service_writes_is_read_with_a_word_for_each_liberty() -> None:
    message = message_xml.parse(SERVICE)
    (an,) = message.citizens
    found = {one.field.replace("CongdanCollection/CongDan 1/", "") for one in message.warnings}
    assert found == {
        "CongdanCollection",
        "DanToc",
        "TonGiao",
        "TrangThaiCongDan",
        "NgayThangNamSinh",
        "NgayThangNamSinh/NgayThangNam",
        "ThuongTru/MaTinhThanh",
        "ThuongTru/MaQuanHuyen",
        "ThuongTru/MaPhuongXa",
        "Cha/HoVaTen",
        "Cha/SoDinhDanh",
    }
    assert all(one.offset is not None for one in message.warnings)
    assert an.name == Name(given="NGUYỄN THỊ AN")
    assert (an.old_number, an.nationality, an.ethnic) == (None, None, Coded("01"))
    assert an.birth == Birth("20010305", "2001")
    assert [(one.name, one.text) for one in an.extras] == [("TrangThaiCongDan", "1")]
    with pytest.raises(FormatError):
        message_xml.parse(SERVICE, strict=True)
    with pytest.raises(FormatError, match="NgayThangNamSinh"):
        message_xml.build(message)


def test_what_the_service_writes_can_be_tidied() -> None:
    message = tidied(message_xml.parse(SERVICE))
    (an,) = message.citizens
    assert an.birth == Birth("2001-03-05")
    assert an.permanent_residence == Place("19774", "TÂY LỘC")
    with pytest.raises(FormatError, match="Cha/SoDinhDanh"):  # wrong stays wrong
        message_xml.build(message)
    assert an.father is not None
    good = Message((replace(an, father=replace(an.father, number=None)),))
    built = message_xml.build(good)
    again = message_xml.parse(built)
    assert again == good
    assert b"<dc:TrangThaiCongDan>1<" in built
    assert tidied(again) == again


def test_of_a_field_that_stands_there_twice_the_first_counts() -> None:
    twice = FILE.replace(b"<dc:QuocTich>", b"<dc:QuocTich>LA</dc:QuocTich><dc:QuocTich>", 1)
    message = message_xml.parse(twice)
    assert message.citizens[0].nationality == "LA"
    assert "more than once" in message.warnings[0].message
    assert message_xml.parse(message_xml.build(message), strict=True) == message


def test_json_says_the_same() -> None:
    message = message_xml.parse(FILE)
    built = message_json.build(message)
    assert message_json.parse(built, strict=True) == message
    assert message_json.sniff(built)
    assert not message_xml.sniff(built)
    whole = json.loads(built)["CongdanCollection"]
    assert whole["SoCongDan"] == "1"
    assert whole["CongDan"][0]["HoVaTen"] == {"Ho": "Nguyễn", "ChuDem": "Thị", "Ten": "An"}


@pytest.mark.parametrize("wrap", [0, 1, 2, 3])
def test_json_as_clients_of_the_service_have_it(wrap: int) -> None:
    whole: dict = {
        "CongDan": {
            "SoDinhDanh": "046301123456", "GioiTinh": 2, "VoChong": "", "ChuHo": None,
            "HoVaTen": {"Ho": "Nguyễn", "ChuDem": "", "Ten": "An"},
            "TonGiao": {"MaTonGiao": "99", "TenGoiKhac": "x"},
        },
        "GhiChu": "", "Id": "7", "SoCongDan": "1", "ThoiDiemDuLieu": "2026-11-29T00:00:00",
    }  # fmt: skip
    for key in ("CongdanCollection", "Body", "Envelope")[:wrap]:
        whole = {key: whole}
    data = json.dumps(whole).encode()
    message = message_json.parse(data)
    assert message.citizens == (
        Citizen(
            "046301123456", sex="2", name=Name("Nguyễn", None, "An"), religion=Coded("99", "x")
        ),
    )
    assert message.as_of == "2026-11-29T00:00:00"
    assert [one.field for one in message.warnings] == [
        "CongdanCollection/CongDan 1/TonGiao/TenGoiKhac"
    ]
    assert message_json.sniff(data)


JSON_HOSTILE = [
    b"", b"{", b"[]", b"null", b"{}", b'{"CongdanCollection": 5}', b"[" * 99_999, b'{"a":' * 99_999,
    b'{"CongDan":' + b'{"a":' * 100 + b"1" + b"}" * 101, b'{"CongDan": [[1]]}', b"\xff\xfe\xff",
    b'{"CongDan": {"SoDinhDanh": ' + b"1" * 10_000 + b"}}", b" " * ((4 << 20) + 1),
    b'{"CongDan": "\\ud800"', b'{"CongDan": NaN',
]  # fmt: skip


@pytest.mark.parametrize("data", JSON_HOSTILE, ids=range(len(JSON_HOSTILE)))
def test_hostile_json_is_refused_or_read_with_findings(data: bytes) -> None:
    with contextlib.suppress(FormatError):
        assert message_json.parse(data).warnings
    with pytest.raises(FormatError):
        message_json.parse(data, strict=True)


HEAD = b'<c:CongdanCollection xmlns:c="http://www.mic.gov.vn/dancu/1.0">'
XML_HOSTILE = [
    b"<c:CongDan/>" * 10_001,
    b"<c:CongDan>" + b"<c:x/>" * 10_001 + b"</c:CongDan>",
    b"<c:CongDan>" + b"<c:QueQuan><c:x/></c:QueQuan>" * 10_001 + b"</c:CongDan>",
    b"<c:CongDan>" * 40,
]


@pytest.mark.parametrize("inside", XML_HOSTILE, ids=range(len(XML_HOSTILE)))
def test_messages_that_would_take_long_are_refused(inside: bytes) -> None:
    with pytest.raises(FormatError):
        message_xml.parse(HEAD + inside + b"</c:CongdanCollection>")


@pytest.mark.parametrize("kind", [None, 5, "x"])
def test_other_things_than_bytes(kind: object) -> None:
    for module in (message_xml, message_json):
        assert not module.sniff(kind)  # type: ignore[arg-type]
        with pytest.raises(FormatError):
            module.parse(kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (">046301123456<", ">4630112345<", "SoDinhDanh"),
        (">191234567<", ">19123456x<", "SoCMND"),
        ("<dc:GioiTinh>2<", "<dc:GioiTinh>3<", "GioiTinh"),
        ("<dc:MaDanToc>02<", "<dc:MaDanToc>2<", "DanToc/MaDanToc"),
        ("<dc:MaTonGiao>01</dc:MaTonGiao>", "<dc:TenGoi>x</dc:TenGoi>", "TonGiao/MaTonGiao"),
        ("HonNhan>1<", "HonNhan>4<", "TinhTrangHonNhan"),
        ("NhomMau>04<", "NhomMau>05<", "NhomMau"),
        ("2001-03-05", "2001-02-29", "NgayThangNamSinh/NgayThangNam"),
        ("2001-03-05", "05/03/2001", "NgayThangNamSinh/NgayThangNam"),
        (">19774<", ">1977<", "NoiDangKyKhaiSinh/MaDonViHanhChinh"),
        ("<dc:QuocGia>VN<", "<dc:QuocGia>vn<", "NoiDangKyKhaiSinh/QuocGia"),
        (">046075123456<", ">1<", "Cha/SoDinhDanh"),
        ("<dc:Cha>", "<dc:Cha><dc:QuanHe>x</dc:QuanHe>", "Cha/QuanHe"),
        ("<dc:Ten>An</dc:Ten>", "", "HoVaTen/Ten"),
        ("<dc:Ho>", "<dc:Hp>x</dc:Hp><dc:Ho>", "HoVaTen/Hp"),
        ("<dc:CongDan>", "<dc:CongDan>x", ""),
        ('SoCongDan="1"', 'SoCongDan="2"', None),
        ("T00:00:00", "", None),
    ],
)
def test_departures_have_their_path(old: str, new: str, field: str | None) -> None:
    data = FILE.decode().replace(old, new, 1).encode()
    message = message_xml.parse(data)
    (found,) = message.warnings
    path = f"CongdanCollection/CongDan 1/{field}".rstrip("/")
    assert found.field == (path if field is not None else found.field)
    assert found.offset is not None
    with pytest.raises(FormatError):
        message_xml.parse(data, strict=True)


def test_a_message_cut_anywhere_is_refused() -> None:
    for end in range(0, len(FILE.rstrip()), 3):
        with pytest.raises(FormatError):
            message_xml.parse(FILE[:end])


@given(st.integers(0, len(FILE) - 1), st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused(at: int, value: int) -> None:
    with contextlib.suppress(FormatError):
        message_xml.build(message_xml.parse(FILE[:at] + bytes([value]) + FILE[at + 1 :]))


words = st.text(st.sampled_from("aàảãáạăằbcdđeêghiklmnơưyNTĐ&<\"'- "), max_size=12).map(
    lambda text: " ".join(text.split())
)
some = words.filter(bool)
maybe = st.none() | some
digits = st.from_regex(r"[0-9]{12}", fullmatch=True)
names = st.builds(Name, maybe, maybe, some)
countries = st.none() | st.sampled_from(["VN", "US", "LA"])
places = st.builds(
    Place, st.none() | st.from_regex(r"[0-9]{2}|[0-9]{3}|[0-9]{5}", fullmatch=True), some, countries
)
relatives = st.builds(Relative, st.none() | digits, st.none(), countries, names)
citizens = st.builds(
    Citizen,
    number=digits,
    old_number=st.none() | st.from_regex(r"[0-9]{9}", fullmatch=True),
    name=st.none() | names,
    sex=st.none() | st.sampled_from(SEXES),
    ethnic=st.none() | st.builds(Coded, st.from_regex(r"[0-9]{2}", fullmatch=True), maybe),
    religion=st.none() | st.builds(Coded, st.from_regex(r"[0-9]{2}", fullmatch=True)),
    marital=st.none() | st.sampled_from(MARITAL),
    blood=st.none() | st.sampled_from(BLOOD),
    birth=st.none()
    | st.builds(Birth, st.dates().filter(lambda d: d.year > 1000).map(lambda d: d.isoformat()))
    | st.builds(Birth, year=st.integers(1900, 2030).map(str)),
    birth_registration_place=st.none() | places,
    nationality=countries,
    home_town=st.none() | places,
    permanent_residence=st.none() | places,
    current_residence=st.none() | places,
    father=st.none() | relatives,
    mother=st.none() | relatives,
    spouse=st.none() | relatives,
    representative=st.none() | relatives,
    head=st.none() | st.builds(replace, relatives, relation=maybe),
    household_book=maybe,
)


@given(st.lists(citizens, max_size=3).map(tuple), maybe)
def test_round_trip(people: tuple[Citizen, ...], note: str | None) -> None:
    message = Message(people, "2026-11-29T08:30:00+07:00", note)
    for module in (message_xml, message_json):
        built = module.build(message)
        assert module.parse(built, strict=True) == message
        assert module.build(module.parse(built)) == built


def test_nothing_of_a_person_is_in_reprs() -> None:
    message = message_xml.parse(FILE)
    (an,) = message.citizens
    shown = [repr(message), repr(an)]
    assert an.name is not None
    shown += [repr(an.name), repr(an.father), repr(an.birth)]
    assert not [one for one in shown if "Nguyễn" in one or "046301" in one or "2001" in one]
