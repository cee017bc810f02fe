"""Findings: every rule finds what was planted, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from civid.errors import FieldError
from civid.people.findings import (
    COLUMNS,
    Axis,
    Decider,
    FindingState,
    Severity,
    Table,
    check_record,
    examine,
    profile,
    read_csv,
    row_of,
    rules,
)
from civid.people.findings.pairs import group_pairs
from civid.people.findings.table import digits
from civid.people.synthetic import CLASSES, Population, Truth, score

DAY = date(2024, 12, 31)
SOUND = {
    "reference": "p", "unit": "046-01", "number": "046301123456", "name": "Nguyễn Thị An",
    "sex": "Nữ", "birth": "05/03/2001", "registration_code": "046", "registered": "12/03/2001",
    "ethnic": "01", "ethnic_version": "2008", "ethnic_name": "Kinh", "nationality": "Việt Nam",
    "province_code": "046", "province_list": "63", "province_name": "Thừa Thiên Huế",
    "address": "Tổ 3", "life": "sống", "confirmed": "01/06/2024",
}  # fmt: skip


def found(**changes: str) -> dict[str, str]:
    return {f.rule: f.suggestion for f in check_record({**SOUND, **changes}, DAY)}


def test_a_sound_record_has_no_findings() -> None:
    assert found() == {}


@pytest.mark.parametrize(
    ("changes", "rule", "suggestion"),
    [
        ({"number": "46301123456"}, "number.zero_lost", "046301123456"),
        ({"number": "19301123456.0"}, "number.zero_lost", "019301123456"),
        ({"number": "046301123456.0"}, "number.zero_lost", "046301123456"),
        ({"number": "0630112345"}, "number.malformed", ""),  # no province 000
        ({"number": "4630112345"}, "number.malformed", ""),  # 004, born in 2230
        ({"number": "1.93E+10"}, "number.malformed", ""),
        ({"number": "0463O1123456"}, "number.malformed", ""),
        ({"number": "003301123456"}, "number.place", ""),
        ({"sex": "Nam"}, "number.sex", ""),
        ({"birth": "05/03/1901"}, "number.year", ""),
        ({"registration_code": "048"}, "number.place_differs", ""),
        ({"birth": "31/04/2001"}, "birth.impossible", "01/05/2001"),
        ({"birth": "2001"}, "birth.partial", ""),
        ({"birth": "01/01/2001"}, "birth.new_year", ""),
        ({"birth": "?"}, "birth.unreadable", ""),
        ({"name": "Nguyeenx Thij An"}, "name.typing", "Nguyễn Thị An"),
        ({"name": "NguyÔn ThÞ An"}, "name.encoding", "Nguyễn Thị An"),
        ({"name": "Nguyá»…n Thá»‹ An"}, "name.encoding", "Nguyễn Thị An"),
        ({"name": "NGUYEN THI AN"}, "name.no_accents", ""),
        ({"name": "Ðỗ Thị An"}, "name.look_alike", "Đỗ Thị An"),
        ({"name": "NGUYễN THỊ AN"}, "name.case", "Nguyễn Thị An"),
        ({"name": "Nguyễn  Thị An"}, "name.spaces", "Nguyễn Thị An"),
        ({"name": "Nguyễn Thị\u200b An"}, "name.invisible", "Nguyễn Thị An"),
        ({"name": "Nguyễn Thị Đọan"}, "name.tone", "Nguyễn Thị Đoạn"),
        ({"name": "Trần Thị Hoa."}, "name.punctuation", "Trần Thị Hoa"),
        ({"name": "Nguyễn Thị Аn"}, "name.script", ""),
        ({"name": "H'Hen Jŭ"}, "name.letters", ""),
        ({"cmnd9": "12345678"}, "cmnd9.zero_lost", "012345678"),
        ({"cmnd9": "12345678.0"}, "cmnd9.zero_lost", "012345678"),
        ({"cmnd9": "1234567"}, "cmnd9.malformed", ""),
        ({"registration_code": "46"}, "registration.zero_lost", "046"),
        ({"registration_code": "46.0"}, "registration.zero_lost", "046"),
        ({"registration_code": "999"}, "registration.code_unknown", ""),
        ({"registration_code": "Huế"}, "registration.code_unknown", ""),
        ({"province_code": "1", "province_name": "Hà Nội"}, "place.zero_lost", "001"),
        ({"province_code": "4.0", "province_list": "34", "province_name": "Cao Bằng"},
         "place.zero_lost", "04"),
        ({"province_code": "", "province_list": "34", "province_name": "Bình Định"},
         "place.era", "Gia Lai"),
        ({"ethnic": "1"}, "ethnic.zero_lost", "01"),
        ({"ethnic": "", "ethnic_name": "abcxyz"}, "ethnic.name_unknown", ""),
        ({"ethnic": "06", "ethnic_name": "Mường"}, "ethnic.numbering", "04"),
        ({"ethnic": "04", "ethnic_version": "", "ethnic_name": ""}, "ethnic.no_version", ""),
        ({"province_code": "15", "province_list": "34", "province_name": "Yên Bái"},
         "place.era", ""),
        ({"province_code": "066", "province_name": "Đắc Lắc"}, "place.spelling", "Đắk Lắk"),
        ({"province_code": "15", "province_list": "", "province_name": ""},
         "place.code_ambiguous", ""),
        ({"relation": "chồng"}, "relation.sex", ""),
        ({"mother_number": "046301123456"}, "relation.self", ""),
        ({"death": "01/01/2024"}, "life.dead_active", ""),
        ({"absent_since": "01/01/2023"}, "residence.absent", ""),
        ({"confirmed": "01/01/2020"}, "record.stale", ""),
        ({"paper_birth": "03/05/2001"}, "birth.paper_swapped", ""),
        ({"paper_name": "Nguyễn An"}, "name.paper_part", ""),
        ({"paper_name": "Nguyễn Thị Ân"}, "name.paper_differs", ""),
        ({"card_issued": "01/01/2000"}, "card.order", ""),
    ],
)  # fmt: skip
def test_rules_by_example(changes: dict[str, str], rule: str, suggestion: str) -> None:
    assert found(**changes).get(rule) == suggestion


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "NGUYỄN THỊ AN"}, {"name": "nguyễn thị an"}, {"name": "Nguyễn Thị Hoà"},
        {"paper_name": "NGUYỄN THỊ AN"}, {"paper_birth": "2001-03-05"},
        {"absent_since": "01/06/2024"}, {"death": "05/03/2001", "life": "chết"},
        {"card_issued": "01/06/2022", "card_expires": ""},
    ],
)  # fmt: skip
def test_harmless_differences_are_no_findings(changes: dict[str, str]) -> None:
    paper = {"paper_name": changes["name"]} if "name" in changes else {}
    assert found(**changes, **paper) == {}


def test_every_rule_is_described_and_every_planted_class_has_its_rule() -> None:
    for name, rule in rules().items():
        assert rule.id == name
        assert rule.title
        assert rule.doc.endswith(".")
        assert set(rule.fields) <= set(COLUMNS)
    assert {planted.rule for planted in CLASSES.values()} <= set(rules())
    for planted in CLASSES.values():
        assert planted.also <= set(rules())
    assert {rule.axis for rule in rules().values()} == set(Axis)
    assert len(rules()) >= 70


#: Rules that only note what may be right, or look at what the synthetic register has no error in.
NOTES = {"birth.new_year", "name.letters", "name.one_word", "life.very_old", "place.old",
         "relation.dangling", "name.punctuation", "cmnd9.zero_lost", "registration.zero_lost",
         "registration.code_unknown", "place.zero_lost", "ethnic.zero_lost",
         "ethnic.name_unknown"}  # fmt: skip


def test_precision_and_recall_on_planted_errors() -> None:
    scores = score(Population(12_000, seed=11, error_rate=0.5))
    for result in scores:
        if result.rule in NOTES:
            continue
        assert result.planted, result.rule
        assert result.recall is not None
        assert result.recall >= 0.95, result
        assert result.precision is not None
        assert result.precision >= 0.95, result


def test_clean_people_and_twins_are_left_alone() -> None:
    tables = list(Population(6_000, seed=5, error_rate=0).tables(chunk=1000))
    counts = examine(tables).counts()
    assert set(counts) <= NOTES, counts


def test_twins_are_not_duplicates_but_one_person_twice_is() -> None:
    base = {**SOUND, "mother_number": "046172000001", "father_number": "046070000001"}
    rows = [
        {**base, "reference": "a", "number": "046301000001", "name": "Nguyễn Thị Hoa"},
        {**base, "reference": "b", "number": "046301000002", "name": "Nguyễn Thị Hòa"},
        {**base, "reference": "c", "number": "046301000003", "name": "Nguyễn Thị Lan"},
        {**base, "reference": "d", "number": "046301000004", "name": "NGUYỄN THỊ HOÀ"},
    ]
    table = Table.from_rows(rows, DAY)
    examination = examine([table], only=["person.duplicate"])
    pairs = {(f.reference, f.other) for f in examination.findings([table])}
    assert pairs == {("b", "d"), ("d", "b")}


def test_one_number_two_people_or_one_person_twice() -> None:
    rows = [
        {**SOUND, "reference": "a"},
        {**SOUND, "reference": "b", "name": "Nguyễn Thị An".upper()},
        {**SOUND, "reference": "c", "number": "046301000001", "cmnd9": "271450002"},
        {**SOUND, "reference": "d", "number": "046301000001", "name": "Trần Thị Yến",
         "birth": "09/11/2001"},
        {**SOUND, "reference": "e", "number": "079085000123", "cmnd9": "271450002",
         "name": "Phạm Văn Tài", "birth": "09/11/1985", "sex": "Nam"},
    ]  # fmt: skip
    table = Table.from_rows(rows, DAY)
    made = examine([table])
    assert made.rows("number.repeated").tolist() == [0, 1]
    assert made.rows("number.shared").tolist() == [2, 3]
    assert made.rows("cmnd9.shared").tolist() == [2, 4]


def test_chunks_do_not_change_what_is_found() -> None:
    population = Population(3_000, seed=8, error_rate=0.5)
    whole = examine(population.tables(chunk=100_000))
    parts = examine(population.tables(chunk=137))
    assert whole.counts() == parts.counts()
    for name in rules():
        assert whole.rows(name).tolist() == parts.rows(name).tolist(), name
    assert [p.indicators for p in profile(whole)] == [p.indicators for p in profile(parts)]


def test_findings_spelled_out_agree_with_one_record_at_a_time() -> None:
    population = Population(400, seed=3, error_rate=1)
    (table,) = population.tables()
    wanted = sorted(
        (f.reference, f.rule)
        for at in range(table.size)
        for f in check_record(table.row(at, COLUMNS), table.as_of)
    )
    row_rules = {name for name, rule in rules().items() if rule.mask is not None}
    got = sorted((f.reference, f.rule) for f in examine([table], only=row_rules).findings([table]))
    assert got == wanted
    assert wanted


def test_profile_counts_by_unit_and_axis() -> None:
    rows = [
        {**SOUND, "unit": "A"}, {**SOUND, "unit": "A", "nationality": ""},
        {**SOUND, "unit": "B", "birth": "01/01/2001", "sex": "M"},
    ]  # fmt: skip
    table = Table.from_rows(rows, DAY)
    only = ["nationality.missing", "birth.new_year", "sex.writing", "number.sex"]
    whole, a, b = profile(examine([table], only=only))
    assert (whole.unit, whole.size, a.unit, b.unit) == ("", 3, "A", "B")
    assert whole.flagged[Axis.COMPLETE] == a.flagged[Axis.COMPLETE] == 1
    assert a.indicators == {"đủ": 0.5, "đúng": 1.0, "sạch": 1.0, "sống": 1.0}
    assert b.indicator(Axis.CORRECT) == 0  # M for a number that says female
    assert b.rules == {"birth.new_year": 1, "sex.writing": 1, "number.sex": 1}


def test_a_finding_has_its_way() -> None:
    (finding,) = check_record({**SOUND, "nationality": ""}, DAY)
    assert (finding.axis, finding.severity) == (Axis.COMPLETE, Severity.WARNING)
    assert finding.decider is Decider.CITIZEN_PAPER
    assert finding.evidence == {"nationality": ""}
    fixed = finding.move(FindingState.CONFIRMED).move(FindingState.FIXED)
    with pytest.raises(FieldError):
        fixed.move(FindingState.OPEN)
    with pytest.raises(FieldError):
        finding.move(FindingState.FIXED)
    assert SOUND["name"] not in repr(finding)


TEXT = st.text(st.characters(), max_size=40) | st.sampled_from(
    ["05/03/2001", "31/04/2001", "046301123456", "Nam"]
)


@given(st.lists(st.dictionaries(st.sampled_from(sorted(COLUMNS)), TEXT), max_size=6))
@settings(max_examples=60)
@example([{"province_name": "\ud800", "ethnic": "01", "ethnic_name": "\ud800"}])
@example([dict.fromkeys(COLUMNS, "\ud800")])
@example([dict.fromkeys(COLUMNS, "9" * 5000)])
def test_no_content_crashes_the_rules(rows: list[dict[str, str]]) -> None:
    table = Table.from_rows(rows, DAY)
    made = examine([table])
    listed = list(made.findings([table]))
    assert {f.rule for f in listed} == set(made.counts())
    assert all(f.evidence.keys() == set(f.fields) for f in listed)
    profile(made)


@pytest.mark.parametrize(
    "name", ["a" * 10_000, "\ud800", "\u0301" * 200, "А" * 200, "\x00", "١٢٣", "ﷺ" * 50]
)
def test_hostile_names_are_findings(name: str) -> None:
    assert any(f.fields[0] == "name" for f in check_record({**SOUND, "name": name}, DAY))


def test_everybody_the_same_ends_soon() -> None:
    size = 3000
    columns = {name: [SOUND.get(name, "")] * size for name in COLUMNS}
    columns["number"] = [f"046301{i:06d}" for i in range(size)]
    made = examine([Table(columns, DAY)])
    assert len(made.rows("person.duplicate")) > 0


def test_tables_refuse_what_they_cannot_be() -> None:
    with pytest.raises(FieldError):
        Table({"shoe": []}, DAY)
    with pytest.raises(FieldError):
        Table({"name": ["a"], "sex": []}, DAY)
    assert examine([]).counts() == {}
    assert examine([Table({}, DAY)]).counts() == {}
    assert check_record({}, DAY) == ()


@given(st.lists(st.text(alphabet="0123456789a٣ ", max_size=13), max_size=20))
def test_digits_agree_with_plain_python(texts: list[str]) -> None:
    def plain(text: str) -> int:
        if len(text) == 12 and text.isascii() and text.isdigit():
            return int(text)
        return -1 if text else -2

    assert digits(texts, 12).tolist() == list(map(plain, texts))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()), max_size=15))
def test_pairs_agree_with_plain_python(rows: list[tuple[int, int, bool]]) -> None:
    import numpy as np

    one, two = group_pairs(
        [np.array([r[0] for r in rows], np.int64), np.array([r[1] for r in rows], np.int64)],
        np.array([r[2] for r in rows], bool),
    )
    wanted = {
        (i, j)
        for i, a in enumerate(rows)
        for j, b in enumerate(rows)
        if i < j and a[:2] == b[:2] and a[2] and b[2]
    }
    assert set(zip(one.tolist(), two.tolist(), strict=True)) == wanted


def test_population_is_repeatable() -> None:
    truths = [Truth(), Truth()]
    made = [
        [t.texts("name") for t in Population(500, seed=4).tables(truth=truth)] for truth in truths
    ]
    assert made[0] == made[1]
    assert truths[0] == truths[1]
    assert [t.texts("name") for t in Population(500, seed=5).tables()] != made[0]


def test_a_register_is_read_from_csv_in_chunks() -> None:
    import csv
    import io

    (table,) = Population(300, seed=6, error_rate=0.5).tables()
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([*COLUMNS, "something else"])
    for at in range(table.size):
        writer.writerow([*table.row(at, COLUMNS).values(), "x"])
    file.seek(0)
    chunks = list(read_csv(file, table.as_of, chunk=64))
    assert [c.size for c in chunks[:2]] == [64, 64]
    assert examine(chunks).counts() == examine([table]).counts()


@pytest.mark.parametrize(
    "text",
    ["", "a,b\n1,2\n", "name,sex\nAn\n", "name\n" + "x" * 5000, 'name\n"An', "name\nA\x00\n"],
)
def test_bad_csv_is_a_typed_error(text: str) -> None:
    import io

    if "\x00" in text:  # a NUL is a finding about the name, not about the file
        (table,) = read_csv(io.StringIO(text), DAY)
        assert "name.invisible" in examine([table]).counts()
        return
    with pytest.raises(FieldError):
        list(read_csv(io.StringIO(text), DAY))


def test_a_citizen_is_a_row_like_any_other() -> None:
    from civid.people.citizen import Citizen, Source, claim

    born = date(2001, 3, 12)
    texts = {
        "number": "046301123456", "name": "Nguyễn Thị An", "birth": "05/03/2001", "sex": "Nữ",
        "nationality": "Việt Nam", "ethnic": "Kinh",
        "birth_registration_place": "Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế",
        "permanent_residence": "Tổ 3, Vĩnh Ninh, Thành phố Huế, Thừa Thiên Huế",
    }  # fmt: skip
    citizen = Citizen("p").with_claims(
        *(claim(field, text, Source.CIVIL_STATUS, born) for field, text in texts.items()),
        claim("phone", "0", Source.CITIZEN, date(2024, 8, 1)),
    )
    row = row_of(citizen, DAY)
    assert (row["registration_code"], row["province_code"]) == ("046", "046")
    assert check_record(row, DAY) == ()
    moved = citizen.with_claims(
        claim("permanent_residence", "12 Lê Lợi", Source.RESIDENCE, date(2022, 1, 1)),
        claim("number", "048301123456", Source.CIVIL_STATUS, date(2022, 1, 1)),
    )
    assert [f.rule for f in check_record(row_of(moved, DAY), DAY)] == ["number.place_differs"]
    assert row_of(moved, date(2021, 1, 1))["number"] == "046301123456"


def test_a_wide_file_costs_no_more_than_its_wanted_columns() -> None:
    import io
    import tracemalloc

    wide = ",".join(["name", *(f"c{number}" for number in range(500))])
    row = ",".join(["An", *(["filler"] * 500)])
    file = io.StringIO("\n".join([wide, *([row] * 2000)]))
    tracemalloc.start()
    (table,) = read_csv(file, DAY)
    kept = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert table.size == 2000
    assert kept < 4_000_000


def test_other_columns_may_be_long_ours_may_not() -> None:
    import io

    text = "name,photo\nAn," + "x" * 5000
    (table,) = read_csv(io.StringIO(text), DAY)
    assert table.texts("name")[0] == "An"
    with pytest.raises(FieldError, match="line of over"):
        list(read_csv(io.StringIO("name\n" + "x" * (1 << 24)), DAY))


def test_a_title_that_stands_twice_is_not_guessed() -> None:
    import io

    with pytest.raises(FieldError, match="twice"):
        list(read_csv(io.StringIO("name,name\nAn,Lan\n"), DAY))


def test_what_a_file_does_not_have_is_said_once_and_not_called_missing() -> None:
    table = Table({"name": ["Nguyễn Thị An", ""], "household": ["1", "1"]}, DAY)
    examined = examine([table])
    assert set(examined.counts()) == {"name.missing"}
    assert "number" in examined.unlooked
    assert "number.missing" in examined.unlooked["number"]
    assert "name" not in examined.unlooked
    full = Table({name: [""] for name in COLUMNS}, DAY)
    assert "number.missing" in examine([full]).counts()
    assert examine([full]).unlooked == {}


@pytest.mark.parametrize("name", ["Ê Đê", "E Đe", "Khmer", "KINH", "Cơ-ho", "Người nước ngoài"])
def test_ethnic_names_are_known_however_they_are_written(name: str) -> None:
    rules_hit = found(ethnic="", ethnic_version="", ethnic_name=name)
    assert ("ethnic.name_unknown" in rules_hit) == (name == "Khmer")


def test_a_citizen_without_a_number_misses_it() -> None:
    from civid.people.citizen import Citizen, Source, claim

    made = Citizen("p").with_claims(claim("name", "Lê An", Source.CITIZEN, date(2020, 1, 1)))
    assert "number.missing" in [one.rule for one in check_record(row_of(made, DAY), DAY)]
