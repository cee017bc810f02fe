"""UTF-8 read as something else: seen first, read again where no byte is lost, never tidied."""

from __future__ import annotations

from datetime import date
from unicodedata import normalize

import pytest

from civid.cards import qr
from civid.errors import FormatError
from civid.people.findings import check_record
from civid.people.findings.model import Decider
from civid.people.names.misread import is_misread, reread
from civid.people.names.repairs import repairs
from civid.people.synthetic import Population

NAMES = (
    "Hoàng Văn Dũng", "Võ Thị Mỹ", "Trần Thị Hòa", "Nguyễn Văn An", "H'Hen Niê", "Hà Anh",
    "Đặng Thu Thảo", "LÊ THỊ ÁNH TUYẾT", "Y Ê’ban", "Tổ 3, Vĩnh Ninh, Thành phố Huế",
)  # fmt: skip
SINGLE = ("latin-1", "cp1252", "cp1258")
ALL = (*SINGLE, "shift_jis", "cp932", "big5", "gbk", "cp949")
AS_OF = date(2026, 1, 1)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoding", ALL)
def test_misread_text_is_seen_once_and_twice(name: str, encoding: str) -> None:
    once = normalize("NFC", name.encode().decode(encoding, "replace"))
    twice = once.encode().decode("cp1252", "replace")
    assert is_misread(once)
    assert is_misread(twice)
    if "\ufffd" not in once:
        assert reread(once) == name


@pytest.mark.parametrize("name", NAMES)
def test_text_read_wrong_twice_over_comes_back(name: str) -> None:
    twice = name.encode().decode("latin-1").encode().decode("latin-1")
    assert reread(twice) == name


@pytest.mark.parametrize(
    "text",
    [
        *NAMES, "NguyÔn ThÞ Hoµ", "Nguyeãn Thò Hoøa", "Nguy­n Th¸ Hòa", "Ɓok Krơng", "Lã\xa0Văn An",
        "Y’Ban", "An – Bình", "Thôn 3 · Đông Hà", "王小明", "",
    ],
)  # fmt: skip
def test_sound_text_and_old_fonts_are_no_misread_utf8(text: str) -> None:
    assert not is_misread(text)
    assert reread(text) is None


def test_a_population_has_no_misread_names_but_the_planted_ones() -> None:
    people = Population(3000, seed=5, error_rate=0.0)
    assert not any(table.misread("name").any() for table in people.tables())


@pytest.mark.parametrize("encoding", ALL)
@pytest.mark.parametrize("name", NAMES[:4])
def test_no_automatic_change_of_misread_names(name: str, encoding: str) -> None:
    text = name.encode().decode(encoding, "replace")
    found = [one for one in check_record({"name": text}, AS_OF) if one.rule.startswith("name.")]
    assert "name.encoding" in [one.rule for one in found]
    assert Decider.AUTOMATIC not in [one.decider for one in found]


def test_windows_1258_gives_back_the_name() -> None:
    assert [one.text for one in repairs("VĂµ Thá»‹ Má»¹")] == ["Võ Thị Mỹ"]
    assert [one.text for one in repairs("HoĂ\xa0ng")] == ["Hoàng"]


@pytest.mark.parametrize("encoding", ["shift_jis", "latin-1", "cp1252", "cp1258", "cp949"])
def test_a_qr_code_read_in_a_wrong_encoding_says_so(encoding: str) -> None:
    text = "046201123456||Nguyễn Văn An|05032001|Nam|Huế|10062021"
    record = qr.parse(text.encode().decode(encoding, "replace"))
    assert "text.encoding" in [one.code for one in record.warnings]
    assert qr.parse(text).warnings == ()


def test_a_qr_code_that_lost_a_bar_to_a_wrong_encoding_is_refused_with_the_cause() -> None:
    text = "046201123456||Nguyễn Văn An|05032001|Nam|Huế|10062021"
    with pytest.raises(FormatError, match="wrong encoding"):
        qr.parse(text.encode().decode("big5", "replace"))


def test_a_tab_parts_words() -> None:
    text = "046301\n123456||Nguyễn\tThị An|05032001\t|Nữ|12 Lê Lợi,\r\nHuế|10062021\r\n"
    record = qr.parse(text)
    assert record.personal_number == "046301123456"
    assert (record.full_name, record.residence) == ("Nguyễn Thị An", "12 Lê Lợi, Huế")
    for blank in ("\t", "\xa0", "\u2028"):
        found = check_record({"name": f"Nguyễn{blank}Thị An"}, AS_OF)
        assert [one.suggestion for one in found if one.rule == "name.spaces"] == ["Nguyễn Thị An"]
