"""Errors within one record, other than of its name: empty fields, numbers, dates, codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from civid.people.synthetic.draw import written
from civid.people.synthetic.errors import Place, blank, error

blank("name.missing", "name")
blank("birth.missing", "birth")
blank("sex.missing", "sex")
blank("nationality.missing", "nationality")
blank("ethnic.missing", "ethnic", "ethnic_name")
blank("registration.missing", "registration_code")
blank("residence.missing", "province_code", "province_name", "province_list", "address")


@error("number.missing", "relation.dangling")
def _no_number(place: Place) -> bool:
    if place.as_of.year - place.born().year < 2:
        return False
    place.row["number"] = ""
    return True


@error("relation.missing", "household.no_head")
def _no_relation(place: Place) -> bool:
    if place.row["relation"] == "chủ hộ":
        return False
    place.row["relation"] = ""
    return True


@error("parents.missing")
def _no_parents(place: Place) -> bool:
    if place.row["relation"] != "con đẻ" or place.as_of.year - place.born().year > 12:
        return False
    place.row["father_number"] = place.row["mother_number"] = ""
    return True


@error("birth.partial")
def _year_only(place: Place) -> bool:
    place.row["birth"] = place.row["birth"][-4:]
    return True


@error("number.zero_lost", "relation.dangling")
def _zero(place: Place) -> bool:
    number = place.row["number"]
    if not number.startswith("0") or number.startswith("000"):
        return False
    place.row["number"] = number.lstrip("0")
    return True


@error("number.malformed", "relation.dangling")
def _malformed(place: Place) -> bool:
    number = place.row["number"]
    at = 3 + int(place.draw.rng.random() * 9)
    place.row["number"] = number[:at] + place.draw.of(["", "O", "l", "00"]) + number[at + 1 :]
    return len(place.row["number"]) not in (10, 11) or not place.row["number"].isdigit()


def _digit(place: Place, at: int, change: Callable[[int], int]) -> bool:
    number = place.row["number"]
    if len(number) != 12 or not number.isdigit():
        return False
    cell = number[:at] + str(change(int(number[at])) % 10) + number[at + 1 : 6]
    place.renumber(place.families.number_in(cell))
    return True


@error("number.sex")
def _sex_digit(place: Place) -> bool:
    return _digit(place, 3, lambda digit: digit ^ 1)


@error("number.year")
def _year_digit(place: Place) -> bool:
    return _digit(place, 5, lambda digit: digit + 3)


@error("number.year", name="number.century")
def _century_digit(place: Place) -> bool:
    return _digit(place, 3, lambda digit: digit ^ 2)


@error("number.place", "number.place_differs")
def _unassigned(place: Place) -> bool:
    place.renumber(place.families.number_in("003" + place.row["number"][3:6]))
    return True


@error("number.place_differs")
def _elsewhere(place: Place) -> bool:
    code = place.draw.province()
    if code == place.row["number"][:3]:
        return False
    place.row["registration_code"] = code
    return True


@error("cmnd9.malformed")
def _short_cmnd9(place: Place) -> bool:
    place.row["cmnd9"] = place.row["cmnd9"][:-1]
    return bool(place.row["cmnd9"])


@error("birth.impossible", "birth.paper_differs")
def _impossible(place: Place) -> bool:
    day = place.draw.of(["31/04", "31/06", "31/09", "31/11", "30/02"])
    place.row["birth"] = f"{day}/{place.row['birth'][-4:]}"
    return True


@error("birth.unreadable")
def _unreadable(place: Place) -> bool:
    place.row["birth"] = place.draw.of(["khoảng 1950", "??", "5/3/01", "không rõ"])
    return True


@error("birth.future", "number.year", "card.order", "marriage.age", "relation.parent_age",
       "household.age", "birth.paper_differs", "card.too_young")  # fmt: skip
def _future(place: Place) -> bool:
    place.row["birth"] = written(place.as_of + timedelta(days=400))
    return True


@error("birth.too_old", "number.year", "life.very_old", "relation.parent_age", "household.age",
       "birth.paper_differs")  # fmt: skip
def _too_old(place: Place) -> bool:
    place.row["birth"] = place.row["birth"][:6] + str(place.as_of.year - 130)
    return not place.row["death"]


@error("sex.writing")
def _sex_code(place: Place) -> bool:
    place.row["sex"] = "M" if place.row["sex"] == "Nam" else "F"
    return True


@error("ethnic.unknown")
def _ethnic_unknown(place: Place) -> bool:
    place.row["ethnic"] = "77"
    return True


@error("ethnic.numbering")
def _ethnic_1979(place: Place) -> bool:
    if place.row["ethnic_name"] == "Kinh":
        place.row["ethnic"], place.row["ethnic_name"] = "06", "Mường"
    else:
        place.row["ethnic"] = "12"
    return True


@error("ethnic.contradicts")
def _ethnic_other(place: Place) -> bool:
    place.row["ethnic_name"] = "Thái"
    return True


@error("ethnic.no_version")
def _ethnic_bare(place: Place) -> bool:
    place.row.update(ethnic="04", ethnic_version="", ethnic_name="")
    return True


@error("sex.unreadable", "relation.sex")
def _sex_text(place: Place) -> bool:
    place.row["sex"] = place.draw.of(["Không", "9", "Nan", "Nũ"])
    return True


@error("number.sex", "relation.sex", "relation.parent_sex", "relation.spouse_sex",
       name="sex.wrong")  # fmt: skip
def _sex_wrong(place: Place) -> bool:
    place.row["sex"] = "Nữ" if place.row["sex"] == "Nam" else "Nam"
    return True


@error("place.code_unknown", "place.spelling")
def _province_unknown(place: Place) -> bool:
    place.row["province_code"] = "098"
    return True


@error("place.code_ambiguous")
def _province_bare(place: Place) -> bool:
    place.row.update(province_code="15", province_list="", province_name="")
    return True


@error("place.era")
def _province_era(place: Place) -> bool:
    place.row.update(province_code="15", province_list="34", province_name="Yên Bái")
    return True


@error("place.contradicts")
def _province_other(place: Place) -> bool:
    other = "Cà Mau" if place.row["province_name"] != "Cà Mau" else "Cao Bằng"
    place.row["province_name"] = other
    return True


@error("place.name_unknown")
def _province_nowhere(place: Place) -> bool:
    place.row["province_name"] = "Tân Lập"
    return True


@error("place.spelling")
def _province_spelling(place: Place) -> bool:
    place.row.update(province_code="066", province_list="63", province_name="Đắc Lắc")
    return True


@error("relation.unknown", "household.spouses")
def _relation_unknown(place: Place) -> bool:
    if place.row["relation"] == "chủ hộ":
        return False
    place.row["relation"] = "bạn học"
    return True


@error("relation.sex", "household.spouses")
def _relation_sex(place: Place) -> bool:
    swap = {"vợ": "chồng", "chồng": "vợ", "mẹ đẻ": "cha đẻ"}
    if place.row["relation"] not in swap:
        return False
    place.row["relation"] = swap[place.row["relation"]]
    return True


@error("relation.self", "relation.spouse_one_sided")
def _own_parent(place: Place) -> bool:
    column = "father_number" if place.row["sex"] == "Nam" else "mother_number"
    place.row[column] = place.row["number"]
    return bool(place.row["number"])


@error("marriage.age")
def _child_bride(place: Place) -> bool:
    if not 2 < place.as_of.year - place.born().year < 15:
        return False
    place.row["marital"] = "2"
    return True


@error("card.order", "card.expired", "card.too_young", "card.after_death")
def _card_order(place: Place) -> bool:
    born = place.born()
    place.row["card_issued"] = written(born - timedelta(days=300))
    return True


@error("card.too_young")
def _card_young(place: Place) -> bool:
    born = place.born()
    if not 1990 < born.year < place.as_of.year - 12:
        return False
    place.row["card_issued"] = written(date(born.year + 10, 6, 1))
    place.row["card_expires"] = ""
    return date(born.year + 10, 6, 1) < min(place.as_of, date(2024, 7, 1))


def _die(place: Place) -> bool:
    """Make sure that the person has died; the head and parents of small children do not."""
    if place.row["relation"] != "mẹ đẻ" and place.as_of.year - place.born().year < 60:
        return False
    if place.row["relation"] == "chủ hộ":
        return False
    place.row["life"] = "chết"
    place.row["death"] = place.row["death"] or written(place.as_of - timedelta(days=200))
    return True


@error("card.after_death", "card.order", "card.expired")
def _card_dead(place: Place) -> bool:
    if not _die(place):
        return False
    day, month, year = map(int, place.row["death"].split("/"))
    place.row["card_issued"] = written(date(year, month, day) + timedelta(days=20))
    place.row["card_expires"] = ""
    return True


@error("death.order", "card.order", "relation.mother_dead", "card.after_death")
def _death_order(place: Place) -> bool:
    if not _die(place):
        return False
    place.row["death"] = written(place.born() - timedelta(days=5))
    return True


@error("life.dead_active")
def _dead_active(place: Place) -> bool:
    if not _die(place):
        return False
    place.row["life"] = "sống"
    return True


@error("life.no_death_day")
def _no_death_day(place: Place) -> bool:
    if not _die(place):
        return False
    place.row["death"] = ""
    return True


@error("number.child", "relation.dangling")
def _late_child(place: Place) -> bool:
    born = place.as_of - timedelta(days=200)
    if place.born().year != place.as_of.year - 1 or place.row["relation"] != "con đẻ":
        return False
    place.row.update(number="", birth=written(born), registered=written(born), paper_birth="")
    return True


@error("residence.absent")
def _absent(place: Place) -> bool:
    place.row["absent_since"] = written(place.as_of - timedelta(days=500))
    place.row["temporary_until"] = ""
    return not place.row["death"]


@error("residence.temporary_expired")
def _temporary(place: Place) -> bool:
    place.row["temporary_until"] = written(place.as_of - timedelta(days=100))
    return not place.row["death"]


@error("card.expired")
def _card_expired(place: Place) -> bool:
    if not place.row["card_issued"] or place.row["death"]:
        return False
    place.row["card_expires"] = written(place.as_of - timedelta(days=30))
    return True


@error("record.stale")
def _stale(place: Place) -> bool:
    place.row["confirmed"] = written(place.as_of - timedelta(days=1200))
    return not place.row["death"]


@error("birth.paper_swapped")
def _swapped(place: Place) -> bool:
    day, month, year = place.row["birth"].split("/")
    if int(day) > 12 or day == month:
        return False
    place.row["paper_birth"] = f"{month}/{day}/{year}"
    return True


@error("birth.paper_differs")
def _other_birth(place: Place) -> bool:
    born = place.born()
    place.row["paper_birth"] = written(date(born.year - 1, born.month, min(born.day, 28)))
    return True
