"""``civid card`` and ``civid number``: for people and machines, in two languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from civid.cards import mrz, qr
from civid.cards.card import CardRecord
from civid.cards.models import CardModel
from civid.cards.parts import to_files, to_mrz, to_qr
from civid.people.sex import Sex

QR = (
    "046301123456|191234567|Nguyễn Thị An|05032001|Nữ|"
    "Tổ 3, Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế|10062021"
)
MRZ = (
    "IDVNM3011234567046301123456<<5",
    "0103059F2603058VNM<<<<<<<<<<<0",
    "NGUYEN<<THI<AN<<<<<<<<<<<<<<<<",
)


@pytest.fixture
def card() -> CardRecord:
    """A card of 2021."""
    return CardRecord(
        personal_number="046301123456", full_name="Nguyễn Thị An", birth=date(2001, 3, 5),
        sex=Sex.FEMALE, issued=date(2021, 6, 10), old_number="191234567",
        residence="Tổ 3, Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế",
    )  # fmt: skip


def test_a_qr_code_for_people(civid: Callable) -> None:
    done = civid("card", "read", QR)
    assert done.code == 0
    assert "Nguyễn Thị An" in done.out
    assert "2021-06-10" in done.out
    assert "only one source" in done.err


def test_a_qr_code_in_vietnamese(civid: Callable) -> None:
    done = civid("card", "read", QR, "--lang", "vi")
    assert "họ, chữ đệm và tên" in done.out
    assert "10/06/2021" in done.out
    assert "full name" not in done.out


def test_a_qr_code_for_machines(civid: Callable) -> None:
    document = civid("card", "read", QR, "--json").json
    assert document["qr"]["full_name"] == "Nguyễn Thị An"
    assert document["qr"]["birth"] == "2001-03-05"
    assert document["disagreements"] == []


@pytest.mark.parametrize("words", [MRZ, ("\n".join(MRZ),), ("".join(MRZ),)])
def test_a_zone_in_any_form(civid: Callable, words: tuple[str, ...]) -> None:
    document = civid("card", "read", *words, "--json").json
    assert document["mrz"]["personal_number"] == "046301123456"
    assert document["mrz"]["expires"] == "2026-03-05"


def test_sources_that_contradict(civid: Callable) -> None:
    done = civid("card", "read", QR.replace("05032001", "06032001"), *MRZ, "--json")
    assert done.code == 1
    fields = {(one["field"], one["severity"]) for one in done.json["disagreements"]}
    assert ("birth", "conflict") in fields
    shown = civid("card", "read", QR.replace("05032001", "06032001"), *MRZ, "--lang", "vi")
    assert "mâu thuẫn: ngày sinh (qr, mrz): ngày sinh khác nhau" in shown.out


def test_a_card_against_the_register(civid: Callable, card: CardRecord, tmp_path: Path) -> None:
    path = tmp_path / "register.json"
    path.write_text(CardModel.from_record(card).model_dump_json(), encoding="utf-8")
    done = civid("card", "read", QR, "--register", path)
    assert done.code == 0
    assert "the sources agree" in done.err
    other = civid("card", "read", QR.replace("Thị An", "Thị Ân"), "--register", path, "--json")
    assert other.code == 1
    assert other.json["disagreements"][0]["sources"] == ["qr", "register"]


def test_files_of_all_kinds(civid: Callable, card: CardRecord, tmp_path: Path) -> None:
    (tmp_path / "qr.txt").write_text(qr.build(to_qr(card)), encoding="utf-8")
    (tmp_path / "mrz.txt").write_text("\n".join(mrz.build(to_mrz(card))))
    for number, data in to_files(card, prints=()).items():
        (tmp_path / f"dg{number}.bin").write_bytes(data)
    done = civid("card", "read", *sorted(tmp_path.iterdir()), "--json")
    assert done.code == 0
    assert {"qr", "mrz", "dg1", "dg13"} <= set(done.json)
    assert done.json["fingers"] == []
    assert civid("card", "read", *sorted(tmp_path.iterdir())).code == 0


def test_a_chip_is_checked_against_an_authority(
    civid: Callable, card: CardRecord, tmp_path: Path
) -> None:
    pytest.importorskip("cryptography")
    from civid.cards.chip.authority import SpecimenAuthority
    from civid.cards.chip.sod import build

    authority, files = SpecimenAuthority.make(), to_files(card)
    (tmp_path / "csca.der").write_bytes(authority.certificate)
    (tmp_path / "sod.bin").write_bytes(build(files, authority.signer()))
    (tmp_path / "dg1.bin").write_bytes(files[1])
    words = ("card", "read", tmp_path / "sod.bin", tmp_path / "dg1.bin")
    assert "not checked" in civid(*words).err
    trust = ("--trust", tmp_path / "csca.der")
    done = civid(*words, *trust)
    assert done.code == 0
    assert "genuine" in done.out
    (tmp_path / "other.der").write_bytes(SpecimenAuthority.make(number=2).certificate)
    done = civid(*words, "--trust", tmp_path / "other.der", "--json")
    assert done.code == 1
    assert done.json["chip"]["genuine"] is False
    assert done.json["chip"]["failures"][0]["code"] == "chain"
    assert civid("card", "read", QR, *trust).code == 2


def test_a_photograph(civid: Callable, card: CardRecord, tmp_path: Path) -> None:
    segno = pytest.importorskip("segno")
    pytest.importorskip("zxingcpp")
    path = tmp_path / "photo.png"
    segno.make_qr(QR.encode(), mode="byte").save(str(path), scale=4)
    assert civid("card", "read", path, "--json").json["qr"]["personal_number"] == "046301123456"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("card", "read", "046301123456|x"), 3, "2"),
        (("card", "read", "no-such-file"), 3, "no such file"),
        (("card", "read", "x" * 300), 2, "neither a file"),
        (("card", "read"), 2, "WHAT"),
        (("card",), 2, ""),
        (("card", "nonsense"), 2, "nonsense"),
        (("card", "expiry", "--birth", "2001-03-05", "--issued", "2010-01-01"), 3, "no law"),
        (("card", "expiry", "--birth", "x", "--issued", "2010-01-01"), 2, "birth"),
        (("number",), 2, "NUMBER"),
        (("number", "046301123456", "--sex", "Z"), 3, "sex"),
    ],
)
def test_mistakes(civid: Callable, words: tuple[str, ...], code: int, said: str) -> None:
    done = civid(*words)
    assert done.code == code
    assert said in done.err + done.out
    assert "Traceback" not in done.err


def test_a_misread_zone_comes_with_a_suggestion(civid: Callable) -> None:
    done = civid("card", "read", MRZ[0].replace("3011", "3O11"), *MRZ[1:], "--json")
    assert done.code == 3
    assert "perhaps it says" in done.error["advice"]
    assert MRZ[0] in done.error["advice"]


def test_dates(civid: Callable) -> None:
    words = ("card", "expiry", "--birth", "05/03/2001", "--issued", "2021-06-10")
    assert civid(*words, "--json").json["expires_on"] == "2026-03-05"
    assert "05/03/2026" in civid(*words, "--lang", "vi").out
    never = civid("card", "expiry", "--birth", "1950-01-01", "--issued", "2021-06-10")
    assert "no expiry" in never.out
    leap = civid("card", "expiry", "--birth", "2000-02-29", "--issued", "2021-06-10")
    assert "29 February" in leap.err


def test_deadlines(civid: Callable) -> None:
    pytest.importorskip("holidays")
    words = ("card", "due", "--filed", "2025-01-24")
    assert civid(*words, "--json").json["due"] == "2025-02-11"
    assert "ngày làm việc" in civid(*words, "--lang", "vi").out


def test_a_specimen(civid: Callable, card: CardRecord, tmp_path: Path) -> None:
    pytest.importorskip("segno")
    (tmp_path / "card.json").write_text(CardModel.from_record(card).model_dump_json())
    done = civid("card", "specimen", tmp_path / "card.json", "-o", tmp_path / "out", "--json")
    if done.code == 6:
        pytest.skip("no font with Vietnamese letters here")
    assert done.code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "back.png", "back.svg", "front.png", "front.svg",
    ]  # fmt: skip
    (tmp_path / "bad.json").write_text(json.dumps({"personal_number": "1"}))
    bad = civid("card", "specimen", tmp_path / "bad.json", "-o", tmp_path / "out")
    assert bad.code == 3
    assert "personal_number" in bad.err


def test_numbers(civid: Callable) -> None:
    found = civid("number", "046301123456", "175222004567", "191234567", "--json").json["numbers"]
    assert [one["kind"] for one in found] == ["personal", "personal", "cmnd9"]
    assert found[0]["places"][0]["name"] == "Thừa Thiên Huế"
    assert (found[0]["sex"], found[0]["birth_year"]) == ("female", 2001)
    assert found[1]["places"][0]["country"] == "US"
    bad = civid("number", "12", "046 301 123456")
    assert bad.code == 1
    assert "not valid" in bad.out
    odd = civid("number", "046301123456", "--sex", "Nam", "--birth-year", "1999", "--lang", "vi")
    assert odd.code == 0
    assert "chữ số thứ tư chỉ giới tính khác" in odd.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("card", "read", "nope.png"), "không có tệp"),
        (("card", "read", "a|b"), "phải có 7 hoặc 11 trường, chỉ thấy 2"),
        (("card", "expiry", "--birth", "2001-03-05", "--issued", "2010-01-01"), "chưa có luật"),
        (("card", "due"), "Thiếu tùy chọn '--filed'"),
    ],
)
def test_errors_in_vietnamese(civid: Callable, words: tuple[str, ...], said: str) -> None:
    for lang in (("--lang", "vi"), ("--lang=vi",)):
        done = civid(*words, *lang)
        assert done.code in (2, 3)
        assert done.err.startswith("lỗi: ")
        assert "cần làm: " in done.err
        assert said in done.err
    assert civid(*words).err.startswith("error: ")


def test_a_number_that_is_none_says_why_in_vietnamese(civid: Callable) -> None:
    done = civid("number", "19301123456.0", "46301123456", "--lang", "vi")
    assert done.code == 1
    assert "là số thập phân" in done.out
    assert "có 11 chữ số, không phải 12" in done.out
