"""Calls in XML and JSON: read back as written, deployed forms, hostile input."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.errors import FieldError, FormatError
from civid.exchange.envelopes import NDXP, Call, Operation, call_json, call_xml
from civid.exchange.envelopes.call import TEXTS
from civid.formats.safe_xml import Element

#: As public programs write it, with an invented person.
DEPLOYED = """<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:dan="http://dancuquocgia.bca">
  <soapenv:Header/>
  <soapenv:Body>
    <dan:TraCuuThongTinCongDan>
      <dan:MaYeuCau>RANDOM091500123</dan:MaYeuCau>
      <dan:MaDVC>G15-TP110</dan:MaDVC>
      <dan:MaTichHop>037</dan:MaTichHop>
      <dan:MaCanBo>an.ca</dan:MaCanBo>
      <dan:MaDonVi>46.474</dan:MaDonVi>
      <dan:TaiKhoan>Lê Văn Bình</dan:TaiKhoan>
      <dan:SoDienThoai>0</dan:SoDienThoai>
      <dan:SoDinhDanh>046301123456</dan:SoDinhDanh>
      <dan:HoVaTen>NGUYỄN THỊ AN</dan:HoVaTen>
      <dan:NgayThangNamSinh>
        <dan:NgayThangNam>20010305</dan:NgayThangNam>
      </dan:NgayThangNamSinh>
    </dan:TraCuuThongTinCongDan>
  </soapenv:Body>
</soapenv:Envelope>"""

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")).filter(
        lambda char: char not in "\ufffe\uffff"
    ),
    max_size=40,
).map(str.strip)
calls = st.builds(
    Call,
    st.sampled_from(Operation),
    **dict.fromkeys((*TEXTS, "birth_day", "birth_year"), texts),
)


def test_a_deployed_call() -> None:
    call = call_xml.parse(DEPLOYED.encode(), strict=True)
    assert (call.operation, call.request, call.procedure) == (
        Operation.LOOK_UP, "RANDOM091500123", "G15-TP110",
    )  # fmt: skip
    assert (call.service, call.officer, call.unit) == ("037", "an.ca", "46.474")
    assert call.asked() == {
        "number": "046301123456", "name": "NGUYỄN THỊ AN", "birth": "2001-03-05",
    }  # fmt: skip
    assert call_xml.parse(call_xml.build(call), strict=True) == call
    order = [
        one.split(">")[0].strip().removeprefix("<dan:")
        for one in call_xml.build(call).decode().splitlines()
        if "<dan:Ma" in one or "<dan:So" in one
    ]
    assert order == ["MaYeuCau", "MaDVC", "MaTichHop", "MaCanBo", "MaDonVi", "SoDienThoai",
                     "SoDinhDanh"]  # fmt: skip


@given(calls)
def test_read_back_as_written(call: Call) -> None:
    assert call_xml.parse(call_xml.build(call)) == call
    assert call_json.parse(call_json.build(call), call.operation) == call


@given(st.binary(max_size=300))
def test_any_bytes_are_a_call_or_a_format_error(data: bytes) -> None:
    for parse in (call_xml.parse, lambda one: call_json.parse(one, Operation.CONFIRM)):
        with contextlib.suppress(FormatError):
            parse(data)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
        ),
        max_leaves=9,
    )
)
def test_any_json_is_a_call_or_a_format_error(value: Any) -> None:
    keys = {word.json for word in NDXP.words.values()}
    for document in (value, dict.fromkeys(sorted(keys), value), {"khac": value}):
        data = json.dumps(document).encode()
        try:
            call = call_json.parse(data, Operation.CONFIRM)
        except FormatError:
            continue
        again = call_json.parse(call_json.build(call), Operation.CONFIRM)
        assert again == call


def test_unknown_parts_are_kept_and_told() -> None:
    text = DEPLOYED.replace(
        "<dan:SoDinhDanh>", "<dan:MucDich>đối chiếu</dan:MucDich><dan:SoDinhDanh>"
    )
    call = call_xml.parse(text.encode())
    assert [(one.name, one.text) for one in call.extras] == [("MucDich", "đối chiếu")]
    assert [one.field for one in call.warnings] == ["call/MucDich"]
    assert text.encode().index(b"<dan:MucDich>") == call.warnings[0].offset
    assert call_xml.parse(call_xml.build(call)) == call
    with pytest.raises(FormatError, match="MucDich"):
        call_xml.parse(text.encode(), strict=True)
    data = {"maYeuCau": 1764403200000, "hoVaTen": "An", "userNameService": "X", "sau": {"a": [1.5]}}
    told = call_json.parse(json.dumps(data).encode(), Operation.CONFIRM)
    assert told.request == "1764403200000"
    assert json.loads(call_json.build(told)) == data | {"maYeuCau": "1764403200000"}
    assert {one.field for one in told.warnings} >= {"call/userNameService", "call/sau"}


def test_the_header_goes_along() -> None:
    text = DEPLOYED.replace(
        "<soapenv:Header/>",
        '<soapenv:Header><x:id xmlns:x="http://x-road.eu/xsd/xroad.xsd">29f4</x:id>'
        "</soapenv:Header>",
    )
    call = call_xml.parse(text.encode())
    assert call.header[0].text == "29f4"
    assert b">29f4</" in call_xml.build(call)


def test_a_call_that_does_not_say_who_asks() -> None:
    bare = call_xml.parse(
        b'<XacThucThongTinCongDan xmlns="http://dancuquocgia.bca"><HoVaTen>An</HoVaTen>'
        b"<NgayThangNamSinh>1992</NgayThangNamSinh></XacThucThongTinCongDan>"
    )
    assert bare.missing() == ("request", "procedure", "officer", "unit")
    assert bare.birth_year == "1992"
    assert {one.field for one in bare.warnings} >= {"call/MaYeuCau", "call/MaDonVi"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("046301123456", "46301123456"), "call/SoDinhDanh"),
        (("20010305", "20010230"), "call/NgayThangNamSinh/NgayThangNam"),
        (("</dan:NgayThangNam>", "</dan:NgayThangNam><dan:Nam>2001</dan:Nam>"),
         "call/NgayThangNamSinh/Nam"),
        (("<dan:MaCanBo>an.ca</dan:MaCanBo>", ""), "call/MaCanBo"),
    ],
)  # fmt: skip
def test_what_is_odd_is_told(change: tuple[str, str], field: str) -> None:
    data = DEPLOYED.replace(*change).encode()
    assert field in {one.field for one in call_xml.parse(data).warnings}
    with pytest.raises(FormatError):
        call_xml.parse(data, strict=True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<a/>", "asks for something unknown (at byte 0)"),
        (b"x" * (64 << 10) + b"x", "more than 65536 bytes"),
        (DEPLOYED.replace("an.ca", "a" * 300).encode(), "longer than 256"),
        (DEPLOYED.replace("</soapenv:Body>", "<b/></soapenv:Body>").encode(), "one element"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', ""),
        (DEPLOYED.replace("an.ca", "<b/>" * 500).encode(), ""),
        ("văn bản", "bytes"),
    ],
)
def test_what_is_no_call_in_xml(data: Any, said: str) -> None:
    with pytest.raises(FormatError) as caught:
        call_xml.parse(data)
    assert said in str(caught.value)
    assert "an.ca" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "said", "offset"),
    [
        (b"[]", "should be an object", 0),
        (b'{"a": ', "not JSON", 6),
        ('{"ă": '.encode(), "not JSON", 7),
        (b'{"a": "\xff"}', "not UTF-8", 7),
        (b'{"a": ' + b"[" * 9, "nests deeper", 13),
        (b'{"maDVC": "1", "maDVC": "2"}', "more than once", None),
        (b'{"hoVaTen": ["An"]}', "should be text", None),
        (b'{"hoVaTen": true}', "should be text", None),
        (b'{"a": 1e999}', "number that is none", None),
        (b'{"a": NaN}', "number that is none", None),
        (b'{"a": ' + b"9" * 5000 + b"}", "number that is none", None),
        (b"{" + b",".join(b'"%d":1' % one for one in range(401)) + b"}", "more than 400", None),
        (3, "bytes", None),
    ],
)
def test_what_is_no_call_in_json(data: Any, said: str, offset: int | None) -> None:
    with pytest.raises(FormatError, match=said) as caught:
        call_json.parse(data, Operation.CONFIRM)
    assert caught.value.offset == offset


def test_what_cannot_be_written() -> None:
    for bad in (
        Call(Operation.CONFIRM, name="\0"),
        Call(Operation.CONFIRM, name=" An"),
        Call(Operation.CONFIRM, name="a" * 257),
        Call(Operation.CONFIRM, name="\ud800"),
        Call(Operation.CONFIRM, extras=(Element("a b", "1"),)),
    ):
        with pytest.raises(FormatError):
            call_xml.build(bad)
    for bad in (
        Call(Operation.CONFIRM, name="\ud800"),
        Call(Operation.CONFIRM, extras=(Element("a", "no JSON"),)),
        Call(Operation.CONFIRM, name="An", extras=(Element("hoVaTen", '"Bình"'),)),
    ):
        with pytest.raises(FormatError):
            call_json.build(bad)


def test_real_names_are_put_in_at_one_place() -> None:
    ndop = NDXP.renamed("ndop", space="urn:example", officer=("Officer", "officer"))
    call = Call(Operation.LOOK_UP, "1", "2", "037", "an.ca", "46", name="An")
    data = call_xml.build(call, profile=ndop)
    assert b"<dan:Officer>an.ca</dan:Officer>" in data
    assert b"MaCanBo" not in data
    assert call_xml.parse(data, profile=ndop, strict=True) == call
    with pytest.raises(FormatError):
        call_xml.parse(data)
    said = call_json.build(call, profile=ndop)
    assert call_json.parse(said, Operation.LOOK_UP, profile=ndop) == call
    assert ndop.words["officer"].seen == 0
    for wrong in ({"officer": ("MaDVC", "x")}, {"nobody": ("a", "b")}, {"officer": ("", "x")}):
        with pytest.raises(FieldError):
            NDXP.renamed("x", **wrong)


def test_no_personal_data_in_a_repr() -> None:
    call = call_xml.parse(DEPLOYED.encode())
    assert "046301123456" not in repr(call)
    assert "AN" not in repr(call)
