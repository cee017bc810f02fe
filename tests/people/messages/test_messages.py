"""Citizens as messages of QCVN 109 and back; what has no place or no code is said."""

from __future__ import annotations

from datetime import date

import pytest

from civid.formats.qcvn109 import message_json, message_xml
from civid.formats.qcvn109.record import Birth, Coded, Message, Name, Place, Relative
from civid.formats.qcvn109.record import Citizen as Entry
from civid.formats.safe_xml import Element
from civid.people.citizen import Citizen, Source, claim
from civid.people.codes import ethnic, religion
from civid.people.messages import claims, entry
from civid.people.messages.countries import country_code, country_name
from civid.people.synthetic import Population

DAY = date(2026, 11, 29)


def citizen(**texts: str) -> Citizen:
    """A citizen of whom civil status says this."""
    made = [
        claim(name, text, Source.CIVIL_STATUS, DAY, keep_unread=True)
        for name, text in texts.items()
        if text
    ]
    return Citizen("p-1").with_claims(*made)


def read(said: Entry, ethnic_list: str = "2008") -> Citizen:
    """What a message says, as a citizen."""
    incoming = claims(said, Source.SECTOR_DATABASE, DAY, ethnic_list=ethnic_list)
    return Citizen("p-1").with_claims(*incoming.claims)


def codes(warnings: tuple) -> list[str]:
    """The codes of warnings."""
    return [one.code for one in warnings]


FIELDS = (
    "number", "name", "sex", "birth", "ethnic", "nationality", "cmnd9", "marital", "relation",
    "father_number", "mother_number", "spouse_number", "permanent_residence",
)  # fmt: skip


@pytest.mark.parametrize("module", [message_xml, message_json])
def test_a_synthetic_population_comes_back(module: object) -> None:
    (table,) = Population(1500, seed=7, error_rate=0).tables()
    people = []
    for at in range(table.size):
        row = {name: table.texts(name)[at] for name in ("address", "ethnic_name", *FIELDS[:-1])}
        row["ethnic"] = row.pop("ethnic_name")
        row["permanent_residence"] = row.pop("address")
        people.append(citizen(**row))
    written = [entry(one) for one in people]
    lost = {code for one in written for code in codes(one.warnings)}
    assert lost <= {"name.split", "name.order"}
    message = Message(tuple(one.entry for one in written))
    built = module.build(message)  # type: ignore[attr-defined]
    again = module.parse(built, strict=True)  # type: ignore[attr-defined]
    assert again == message
    assert len(again.citizens) == len(people) >= 1500
    for before, said in zip(people, again.citizens, strict=True):
        after = read(said)
        for name in FIELDS:
            assert after.value(name) == before.value(name), name


def test_every_ethnic_group_keeps_its_name_not_its_number() -> None:
    moved = 0
    for code, term in ethnic("1979").entries[:54]:
        said = Entry(name=Name(given="An"), ethnic=Coded(code))
        by_1979 = read(said, "1979")
        assert by_1979.value("ethnic") == term
        written = entry(by_1979).entry.ethnic
        assert written is not None
        assert written.code == ethnic("2008").code(term)
        moved += written.code != code
        warned = "ethnic.list" in codes(claims(said, Source.COURT, DAY).warnings)
        assert warned == (written.code != code)
        assert read(Entry(ethnic=written)).value("ethnic") == term
    assert moved == 37


def test_every_religion_comes_back() -> None:
    for code, term in religion().entries:
        held = read(Entry(religion=Coded(code)))
        assert held.value("religion") == term
        assert entry(held).entry.religion == Coded(code)


def test_codes_in_use_outside_the_annex_are_kept_with_a_warning() -> None:
    for code, text in (("00", "Không tôn giáo"), ("99", "99")):
        incoming = claims(Entry(religion=Coded(code)), Source.COURT, DAY)
        assert [one.value for one in incoming.claims] == [text]
        assert codes(incoming.warnings) == ["religion.code"]
        outgoing = entry(Citizen("p").with_claims(*incoming.claims))
        assert outgoing.entry.religion == Coded(code)
        assert codes(outgoing.warnings) == ["religion.code"]


def test_unknown_codes_are_kept_as_they_stand() -> None:
    said = Entry(
        name=Name("Lê", None, "Bình"), ethnic=Coded("77"), religion=Coded("55", "x"),
        nationality="ZZ", sex="7", marital="9",
        blood="AB+", birth=Birth("1960-04-31"), number="1", old_number="2",
        head=Relative(relation="CH01", name=Name("Lê", None, "An")),
    )  # fmt: skip
    incoming = claims(said, Source.COURT, DAY)
    kept = {one.field: (one.value, one.recorded_as) for one in incoming.claims}
    assert kept["ethnic"] == ("77", "77")
    assert kept["religion"] == ("55 (x)", "55 (x)")
    assert kept["nationality"] == ("ZZ", "ZZ")
    assert kept["sex"] == (None, "7")
    assert kept["birth"] == (None, "1960-04-31")
    assert kept["relation"] == (None, "CH01")
    assert kept["head_name"] == ("Lê An", "Lê An")
    assert set(codes(incoming.warnings)) == {
        "ethnic.code", "religion.code", "nationality.code", "sex.unread", "marital.unread",
        "blood.unread", "birth.unread", "number.unread", "cmnd9.unread", "relation.unread",
    }  # fmt: skip
    outgoing = entry(Citizen("p").with_claims(*incoming.claims))
    assert message_xml.validate(Message((outgoing.entry,))) == []
    assert "birth.unread" in codes(outgoing.warnings)
    assert "ethnic.code" in codes(outgoing.warnings)


def test_names_that_a_group_has_for_itself_come_back() -> None:
    held = read(Entry(ethnic=Coded("02", "Thù Lao")))
    assert held.value("ethnic") == "Tày (Thù Lao)"
    assert entry(held).entry.ethnic == Coded("02", "Thù Lao")


@pytest.mark.parametrize(
    ("text", "birth", "warned"),
    [
        ("05/03/2001", Birth("2001-03-05"), []),
        ("03/2001", Birth(year="2001"), ["birth.month"]),
        ("2001", Birth(year="2001"), []),
        ("31/04/1960", None, ["birth.unread"]),
    ],
)
def test_incomplete_dates(text: str, birth: Birth | None, warned: list[str]) -> None:
    written = entry(citizen(birth=text))
    assert written.entry.birth == birth
    assert codes(written.warnings) == warned


@pytest.mark.parametrize(
    ("text", "parts", "warned"),
    [
        ("Nguyễn Thị An", Name("Nguyễn", "Thị", "An"), []),
        ("Lê An", Name("Lê", None, "An"), []),
        ("Trần Lê Văn An", Name("Trần", "Lê Văn", "An"), ["name.split"]),
        ("H'Hen Niê", Name(given="H'Hen Niê"), ["name.order"]),
        ("An", Name(given="An"), ["name.split"]),
    ],
)
def test_names_are_split_only_where_they_come_together_again(
    text: str, parts: Name, warned: list[str]
) -> None:
    written = entry(citizen(name=text))
    assert written.entry.name == parts
    assert parts.full == text
    assert codes(written.warnings) == warned


def test_places_keep_their_codes_beside_the_claims() -> None:
    said = Entry(
        home_town=Place("46", "Huế", "VN"),
        permanent_residence=Place("19774"),
        current_residence=Place(None, "Viêng Chăn", "LA"),
        birth_registration_place=Place(province="46", commune="19774", detail="Tây Lộc"),
    )
    incoming = claims(said, Source.RESIDENCE, DAY)
    assert dict(incoming.units) == {
        "home_town": "46",
        "permanent_residence": "19774",
        "birth_registration_place": "19774",
    }
    assert codes(incoming.warnings) == ["permanent_residence.text"]
    held = Citizen("p").with_claims(*incoming.claims)
    lao = country_name("LA")
    assert held.value("current_residence") == f"Viêng Chăn, {lao}"
    written = entry(held, units=incoming.units).entry
    assert written.home_town == said.home_town
    assert written.permanent_residence == Place("19774", None, "VN")
    assert written.current_residence == Place(None, f"Viêng Chăn, {lao}")


def test_what_has_no_place_is_said() -> None:
    said = Entry(
        father=Relative(None, "191234567", "LA", Name(given="An")),
        extras=(Element("TrangThaiCongDan", "1"),),
        birth=Birth("2001-03-05", "2002"),
    )
    assert codes(claims(said, Source.COURT, DAY).warnings) == [
        "birth.year",
        "father.old_number",
        "father.nationality",
        "message.extras",
    ]
    held = citizen(phone="0901", email="a@b.vn", nationality="Sao Hỏa")
    assert codes(entry(held).warnings) == ["nationality.code", "phone.no_place", "email.no_place"]


def test_countries() -> None:
    assert country_code("Việt Nam") == "VN"
    assert country_code("VN") == "VN"
    for code in ("VN", "LA", "US", "CN"):
        name = country_name(code)
        assert name is not None
        assert country_code(name) == code
    assert country_code("x" * 5000) is None


def test_what_held_on_a_day_is_written() -> None:
    moved = Citizen("p").with_claims(
        claim("permanent_residence", "Huế", Source.RESIDENCE, date(2001, 4, 1)),
        claim("permanent_residence", "Hà Nội", Source.RESIDENCE, date(2020, 9, 1)),
    )
    assert entry(moved, on=date(2010, 1, 1)).entry.permanent_residence == Place(None, "Huế")
    assert entry(moved).entry.permanent_residence == Place(None, "Hà Nội")


def test_nothing_of_a_person_is_in_warnings_and_reprs() -> None:
    incoming = claims(
        Entry(number="046301123456", name=Name(given="Bí Mật"), sex="7"), Source.COURT, DAY
    )
    outgoing = entry(citizen(name="Bí Mật", birth="31/04/1960"))
    shown = f"{incoming!r}{incoming.warnings}{outgoing!r}{outgoing.warnings}"
    assert "Bí" not in shown
    assert "046301" not in shown
    assert "1960" not in shown
