"""Machine-readable zones: the published vectors, the Vietnamese layout, both directions."""

from __future__ import annotations

import contextlib
import string
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civid.cards import mrz
from civid.cards.mrz import MrzRecord
from civid.errors import CividError, FormatError
from civid.people.sex import Sex

# ICAO Doc 9303 parts 4 to 6; the second has a document number of 12 characters.
VECTORS = {
    "TD1": "I<UTOD231458907<<<<<<<<<<<<<<< 7408122F1204159UTO<<<<<<<<<<<6 "
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    "TD1 long": "I<UTOD23145890<7349<<<<<<<<<<< 3407127M9507122UTO<<<<<<<<<<<2 "
    "STEVENSON<<PETER<JOHN<<<<<<<<<",
    "TD2": "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<< D231458907UTO7408122F1204159<<<<<<<6",
    "TD3": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<< "
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
}


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_icao_are_read_and_written_again(name: str) -> None:
    lines = tuple(VECTORS[name].split())
    record = mrz.parse(lines)
    assert mrz.build(record) == lines
    assert record.layout == name.split()[0]
    assert record.issuing_state == "UTO"
    assert record.personal_number is None


def test_a_long_document_number_runs_on_into_the_optional_field() -> None:
    record = mrz.parse(VECTORS["TD1 long"])
    assert record.document_number == "D23145890734"
    assert record.optional == ""
    assert (record.surname, record.given_names) == ("STEVENSON", "PETER JOHN")
    more = replace(record, optional="AB1")
    assert mrz.parse(mrz.build(more)) == more


def test_the_check_digit_of_a_long_number_counts_no_filler() -> None:
    # 123456789 and 1: with a filler between them the digit would be another.
    record = mrz.parse(VECTORS["TD1 long"])
    long = replace(record, document_number="1234567891")
    assert mrz.build(long)[0][14:18] == "<1" + mrz.check_digit("1234567891") + "<"
    assert mrz.check_digit("1234567891") != mrz.check_digit("123456789<1")


@pytest.mark.parametrize("name", VECTORS)
def test_every_wrong_digit_is_noticed(name: str) -> None:
    lines = VECTORS[name].split()
    which = 1
    place = lines[which].index("3407127" if "long" in name else "7408122")
    broken = list(lines)
    broken[which] = broken[which][:place] + "1" + broken[which][place + 1 :]
    with pytest.raises(FormatError, match="check digit"):
        mrz.parse(broken)
    assert set(mrz.parse(broken, strict=False).failed_checks) == {"birth", "composite"}


def test_the_vietnamese_example(zone: tuple[str, ...]) -> None:
    record = mrz.parse(zone)
    assert record.document_number == "301123456"
    assert record.personal_number == "046301123456"
    assert (record.surname, record.given_names) == ("NGUYEN", "THI AN")
    assert record.full_name == "NGUYEN THI AN"
    assert record.birth == date(2001, 3, 5)
    assert record.expires_on == date(2026, 3, 5)
    assert record.sex is Sex.FEMALE
    assert not record.no_expiry
    assert not record.may_be_truncated
    assert mrz.build(record) == zone


@pytest.mark.parametrize("form", ["\n".join, "\r\n".join, "".join, " ".join, list])
def test_lines_may_come_in_any_form(zone: tuple[str, ...], form: object) -> None:
    assert mrz.parse(form(zone)) == mrz.parse(zone)  # type: ignore[operator]


def test_the_last_character_of_line_1_is_the_check_digit_of_the_12_digits(
    zone: tuple[str, ...],
) -> None:
    record = mrz.parse(zone)
    wrong = replace(record, optional="046301123456<<6")
    with pytest.raises(FormatError, match="personal_number"):
        mrz.parse(mrz.build(wrong))
    other = replace(record, optional=mrz.vietnamese_optional("046301123457"))
    assert mrz.parse(mrz.build(other), strict=False).failed_checks == ("last_nine",)


def test_no_expiry_is_written_991231(zone: tuple[str, ...]) -> None:
    record = replace(mrz.parse(zone), expiry_text=mrz.NO_EXPIRY)
    again = mrz.parse(mrz.build(record))
    assert again.no_expiry
    assert again.expires_on is None
    foreign = mrz.parse(VECTORS["TD1"])
    assert not replace(foreign, expiry_text="991231").no_expiry


def test_an_incomplete_birth_keeps_its_fillers(zone: tuple[str, ...]) -> None:
    record = replace(mrz.parse(zone), birth_text="01<<<<")
    lines = mrz.build(record)
    assert lines[1].startswith("01<<<<")
    assert mrz.parse(lines).birth is None


def test_the_century_of_birth_comes_from_the_number() -> None:
    old = MrzRecord("085000123", "850101", "M", "991231", "LE<<VAN<BA",
                    mrz.vietnamese_optional("079085000123"))  # fmt: skip
    assert mrz.parse(mrz.build(old)).birth == date(1985, 1, 1)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Nguyễn Thị An", "NGUYEN<<THI<AN"),
        ("ĐẶNG ĐÌNH ĐỨC", "DANG<<DINH<DUC"),
        ("Ðặng Ðình", "DANG<<DINH"),  # the look-alike eth
        ("H'Hen Niê", "HHEN<<NIE"),
        ("Y-Bham Êban", "Y<<BHAM<EBAN"),
        ("K’ Brêo", "K<<BREO"),
        ("Mã A Č", "MA<<A<C"),
        ("Trâ\u0300n  Thi\u0323\u00a0Hoa", "TRAN<<THI<HOA"),
        ("Ksor", "KSOR"),
        ("Công Tằng Tôn Nữ Thị Thanh Huyền Trang", "CONG<<TANG<TON<NU<THI<THANH<HU"),
    ],
)
def test_names_lose_their_marks(name: str, written: str) -> None:
    assert mrz.names_field(name, 30) == written


@pytest.mark.parametrize("name", ["", " ", "'", "王小明", "Ан", "Nguyễn\x00An", "A1", "<"])
def test_a_name_that_has_no_latin_form_is_refused_without_repeating_it(name: str) -> None:
    with pytest.raises(FormatError) as caught:
        mrz.names_field(name, 30)
    assert not name.strip() or name not in str(caught.value)


def test_a_full_line_of_names_may_be_cut(zone: tuple[str, ...]) -> None:
    full = replace(mrz.parse(zone), names="CONG<<TANG<TON<NU<THI<THANH<HU")
    assert mrz.parse(mrz.build(full)).may_be_truncated


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((), "none"),
        ("", "none"),
        (("A" * 30,) * 4, "three lines"),
        (("A" * 30, "A" * 30), "30, 30"),
        (("A" * 29, "A" * 30, "A" * 30), "29, 30, 30"),
        ("A" * 401, "400 characters"),
        (["A" * 10**7], "three lines"),
        (("IDVNM3011234567046301123456<<5", "0103059f2603058VNM<<<<<<<<<<<0", "N" * 30), "line 2"),
        (("IDVNM3011234567046301123456<<5", "01O3059F2603058VNM<<<<<<<<<<<0", "N" * 30), "birth"),
        (("IDVNM３０１1234567046301123456<<5", "A" * 30, "A" * 30), "line 1"),
    ],
)
def test_what_is_no_zone_is_refused(lines: object, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        mrz.parse(lines)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("document_code", "IDX"), ("issuing_state", "VN-"), ("birth_text", "0103"),
        ("birth_text", "0103AB"), ("expiry_text", "26<305"), ("sex_text", "MF"),
        ("names", "A" * 31), ("names", "Nguyễn"), ("optional", "1" * 16), ("optional_2", "1" * 12),
        ("layout", "TD4"), ("document_number", "12345678<9"), ("layout", "TD2"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused(zone: tuple[str, ...], field: str, value: str) -> None:
    record = replace(mrz.parse(zone), **{field: value})
    with pytest.raises(FormatError):
        mrz.build(record)


_LETTERS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=8)
_DAYS = st.dates(date(1950, 1, 1), date(2049, 12, 31)).map(lambda day: f"{day:%y%m%d}")


@given(
    number=st.text(string.digits, min_size=12, max_size=12),
    birth=_DAYS | st.sampled_from(["01<<<<", "0103<<", "<<<<<<"]),
    expiry=_DAYS | st.just("991231"),
    sex=st.sampled_from("MF<"),
    words=st.lists(_LETTERS, min_size=1, max_size=3),
)
def test_round_trip(number: str, birth: str, expiry: str, sex: str, words: list[str]) -> None:
    names = mrz.names_field(" ".join(words), 30)
    record = MrzRecord(number[3:], birth, sex, expiry, names, mrz.vietnamese_optional(number))
    lines = mrz.build(record)
    assert [len(line) for line in lines] == [30, 30, 30]
    assert mrz.parse(lines) == record
    assert mrz.parse(lines).personal_number == number


_ANY = st.text(max_size=120) | st.text("0123456789ABCDEFXYZ<", max_size=92)


@given(_ANY)
def test_no_text_crashes(text: str) -> None:
    assert isinstance(mrz.suggest(text), tuple)
    for strict in (True, False):
        with contextlib.suppress(CividError):
            mrz.parse(text, strict=strict)


@given(st.integers(0, 89), st.sampled_from("0123456789ABCXYZ<"))
def test_a_changed_character_of_the_first_two_lines_is_noticed_or_harmless(
    place: int, letter: str
) -> None:
    text = "".join(
        (
            "IDVNM3011234567046301123456<<5",
            "0103059F2603058VNM<<<<<<<<<<<0",
            "NGUYEN<<THI<AN" + "<" * 16,
        )
    )
    changed = text[:place] + letter + text[place + 1 :]
    covered = {*range(5, 30), *range(30, 37), *range(38, 45), *range(48, 60)}
    same_value = (int(letter, 36) if letter != "<" else 0) % 10 == (
        int(text[place], 36) if text[place] != "<" else 0
    ) % 10
    if changed == text or place not in covered or same_value:
        return
    with pytest.raises(FormatError):
        mrz.parse(changed)


# --- repair


def test_a_right_zone_is_its_own_only_suggestion(zone: tuple[str, ...]) -> None:
    assert mrz.suggest(zone) == (mrz.Repair(zone, ()),)


@pytest.mark.parametrize(
    ("damage", "changed"),
    [
        ({(0, 6): "O", (0, 15): "O"}, {(0, 6), (0, 15)}),
        ({(1, 0): "O", (1, 3): "B"}, {(1, 0), (1, 3)}),
        ({(0, 5): "8"}, {(0, 5)}),
        ({(1, 12): "8"}, {(1, 12)}),
        ({(2, 1): "6"}, {(2, 1)}),
        ({(0, 0): "1", (0, 1): "0"}, {(0, 0), (0, 1)}),
    ],
)
def test_what_ocr_confuses_is_suggested(
    zone: tuple[str, ...], damage: dict[tuple[int, int], str], changed: set[tuple[int, int]]
) -> None:
    grid = [list(line) for line in zone]
    for (line, column), letter in damage.items():
        grid[line][column] = letter
    found = mrz.suggest(["".join(row) for row in grid])
    assert zone in [one.lines for one in found]
    right = next(one for one in found if one.lines == zone)
    assert set(right.changed) == {
        place for place in changed if grid[place[0]][place[1]] != zone[place[0]][place[1]]
    }
    for one in found:
        assert mrz.parse(one.lines).failed_checks == ()


def test_fillers_read_as_brackets_or_lost_are_put_back(zone: tuple[str, ...]) -> None:
    read = [zone[0].replace("<", "«"), zone[1].lower(), zone[2][:27]]
    assert mrz.suggest(read)[0].lines == zone


def test_nothing_is_suggested_for_nonsense() -> None:
    assert mrz.suggest(["7" * 30, "Q" * 30, "8" * 30]) == ()
    assert mrz.suggest("") == ()
    assert mrz.suggest(["<" * 60] * 3) == ()
    assert mrz.suggest(["IDVNM" + "8" * 25, "8" * 15 + "VNM" + "8" * 12, "A" * 30]) == ()
    assert mrz.suggest(VECTORS["TD1"]) == ()


def test_a_suggestion_does_not_show_the_person(zone: tuple[str, ...]) -> None:
    assert "301123456" not in repr(mrz.suggest(zone)[0])
    assert "NGUYEN" not in repr(mrz.parse(zone))


@pytest.mark.parametrize("gap", ["<K", "K<", "KK", "<A", "U<", "0<", "<0", "AU"])
def test_a_letter_that_weighs_like_a_filler_hides_no_number(
    zone: tuple[str, str, str], gap: str
) -> None:
    lines = (zone[0][:27] + gap + zone[0][29], *zone[1:])
    with pytest.raises(FormatError, match="12 digits, two fillers") as caught:
        mrz.parse(lines)
    assert caught.value.field == "number_form"
    read = mrz.parse(lines, strict=False)
    assert (read.failed_checks, read.personal_number) == (("number_form",), None)
    assert mrz.suggest(lines)[0].lines == zone


@pytest.mark.parametrize(
    ("at", "letter"), [(15, "A"), (15, "K"), (22, "U"), (26, "A"), (29, "<"), (29, "K")]
)
def test_line_1_of_a_vietnamese_card_has_one_form(
    zone: tuple[str, str, str], at: int, letter: str
) -> None:
    line = zone[0][:at] + letter + zone[0][at + 1 :]
    failed = mrz.parse((line, *zone[1:]), strict=False).failed_checks
    assert "number_form" in failed


def test_fillers_of_line_2_are_no_letters(zone: tuple[str, str, str]) -> None:
    second = zone[1][:18] + "KKKKKKKKKKK" + zone[1][29]
    with pytest.raises(FormatError, match="letters where a card has fillers"):
        mrz.parse((zone[0], second, zone[2]))


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ("NGUYEN<<THI<AN<<<<<<KKKKKKKKKK", "names.filler"),
        ("NGUY3N<<TH1<AN<<<<<<<<<<<<<<<<", "names.digit"),
    ],
)
def test_names_have_no_check_digit_so_what_is_odd_is_said(
    zone: tuple[str, str, str], names: str, code: str
) -> None:
    assert [one.code for one in mrz.parse((*zone[:2], names)).warnings] == [code]
    assert mrz.parse(zone).warnings == ()


def test_thousands_of_marks_cost_no_square() -> None:
    # 200,000 in some tenths of a second; ordering them took minutes.
    assert mrz.letters("e" + "\u0301\u0323" * 100_000) == "E"
    assert mrz.letters("Nguyễn Thị Đào") == mrz.letters("Nguye\u0302\u0303n Thi\u0323 Đa\u0300o")


@pytest.mark.parametrize(
    "names",
    [
        "NGUYEN<<THI<AN", "NGUYEN<<THI<AN<", "NGUYEN<<THI AN<<<<<<<<<<<<<<<<",
        "NGUYEN<<THI AN", "NGUYEN << THI < AN", "NGUYEN«THI<AN", "NGUYEN«THI‹AN««««««««",
        "NGUYEN«THI<AN<<<<<<<<<<<<<<<<", "NGUYEN<<THI<AN<<<<<<<<<<<<<<<<<<<<",
    ],
)  # fmt: skip
def test_a_line_of_names_keeps_its_words_and_its_split(
    zone: tuple[str, str, str], names: str
) -> None:
    found = mrz.suggest([zone[0], zone[1], names])
    assert [one.lines[2] for one in found] == ["NGUYEN<<THI<AN".ljust(30, "<")]


def test_a_double_angle_is_two_fillers(zone: tuple[str, str, str]) -> None:
    assert mrz.suggest([line.replace("<<", "«") for line in zone])[0].lines == zone
