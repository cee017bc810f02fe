"""Errors between rows: shared numbers, duplicates, households, families."""

from __future__ import annotations

from datetime import timedelta

from civid.people.names.canonical import key
from civid.people.synthetic.draw import written
from civid.people.synthetic.errors import Place, error


def _copy(place: Place, household: bool = True) -> dict[str, str]:
    extra = dict(place.row)
    extra["reference"] += "D"
    extra["cmnd9"] = extra["spouse_number"] = extra["paper_name"] = extra["paper_birth"] = ""
    if not household:
        extra["household"] = extra["relation"] = ""
    place.family.append(extra)
    return extra


@error("number.shared", "relation.dangling", "number.year", "number.sex", "number.place_differs")
def _shared(place: Place) -> bool:
    other = place.families.household()[0]
    if other["sex"] != place.row["sex"] or not place.row["number"]:
        return False
    extra = dict(other)
    extra["number"] = place.row["number"]
    extra["spouse_number"] = extra["mother_number"] = extra["marital"] = ""
    extra["household"] = extra["relation"] = ""
    place.family.append(extra)
    return True


@error("number.repeated")
def _repeated(place: Place) -> bool:
    extra = _copy(place, household=False)
    if place.draw.chance(0.5):
        extra["name"] = extra["name"].upper()
    return bool(extra["number"])


@error("cmnd9.shared")
def _cmnd9(place: Place) -> bool:
    if len(place.family) < 2 or not place.row["cmnd9"]:
        return False
    other = place.family[(place.at + 1) % len(place.family)]
    if not other["cmnd9"]:
        return False
    other["cmnd9"] = place.row["cmnd9"]
    return True


def _duplicate(place: Place, moved: bool) -> dict[str, str]:
    extra = _copy(place, household=False)
    sex = "M" if extra["sex"] == "Nam" else "F"
    code, year = extra["registration_code"], int(extra["birth"][-4:])
    extra["number"] = place.families.number(code, sex, year)
    if moved:
        province = place.draw.province()
        extra.update(
            province_code=province, province_name=place.draw.province_names[province],
            address=f"Ấp {int(place.draw.rng.random() * 90)}", unit=f"{province}-00",
        )  # fmt: skip
    return extra


@error("person.duplicate", name="duplicate.same")
def _same(place: Place) -> bool:
    _duplicate(place, moved=False)
    return True


@error("person.duplicate", "name.no_accents", name="duplicate.no_accents")
def _bare(place: Place) -> bool:
    if place.row["ethnic"] != "01" or place.row["name"].isascii():
        return False
    _duplicate(place, moved=False)["name"] = key(place.row["name"]).title()
    return True


@error("person.duplicate", name="duplicate.moved")
def _moved(place: Place) -> bool:
    _duplicate(place, moved=True)
    return True


@error("person.duplicate", "card.order", name="duplicate.swapped_birth")
def _swapped(place: Place) -> bool:
    day, month, year = place.row["birth"].split("/")
    if int(day) > 12 or day == month:
        return False
    _duplicate(place, moved=False)["birth"] = f"{month}/{day}/{year}"
    return True


@error("relation.parent_sex", "relation.parent_age")
def _parents_swapped(place: Place) -> bool:
    father, mother = place.row["father_number"], place.row["mother_number"]
    if not father or not mother:
        return False
    place.row["father_number"], place.row["mother_number"] = mother, father
    return True


@error("relation.parent_age", "household.age", "number.year", "card.order", "card.too_young",
       "marriage.age", "birth.paper_differs", "card.expired", "parents.missing")  # fmt: skip
def _young_parent(place: Place) -> bool:
    children = [r for r in place.family if place.row["number"] in
                (r["father_number"], r["mother_number"]) and place.row["number"]]  # fmt: skip
    if not children:
        return False
    year = int(children[0]["birth"][-4:]) - 3
    place.row["birth"] = f"{place.row['birth'][:6]}{year}"
    place.row["birth"] = place.row["birth"].replace("29/02", "28/02")
    return True


@error("relation.spouse_one_sided")
def _one_sided(place: Place) -> bool:
    spouses = [r for r in place.family if r["number"] and r["number"] == place.row["spouse_number"]]
    if not spouses:
        return False
    place.row["spouse_number"] = ""
    return True


@error("relation.spouse_sex", "relation.sex", "relation.parent_sex")
def _spouse_sex(place: Place) -> bool:
    if not place.row["spouse_number"] or not place.row["number"]:
        return False
    number = place.row["number"]
    place.renumber(place.families.number_in(f"{number[:3]}{int(number[3]) ^ 1}{number[4:6]}"))
    place.row["sex"] = "Nữ" if place.row["sex"] == "Nam" else "Nam"
    return True


@error("relation.mother_dead", "card.after_death", "residence.absent")
def _mother_dead(place: Place) -> bool:
    mothers = [r for r in place.family if r["number"] and r["number"] == place.row["mother_number"]]
    if not mothers or mothers[0]["relation"] == "chủ hộ":
        return False
    mothers[0]["life"] = "chết"
    mothers[0]["death"] = written(place.born() - timedelta(days=400))
    return True


@error("household.heads", "household.age")
def _two_heads(place: Place) -> bool:
    if place.row["relation"] == "chủ hộ" or place.row["death"]:
        return False
    place.row["relation"] = "chủ hộ"
    return True


@error("household.no_head")
def _no_head(place: Place) -> bool:
    if place.row["relation"] != "chủ hộ":
        return False
    place.row["relation"] = "anh/chị/em ruột"
    return True


@error("household.spouses", "relation.sex")
def _two_spouses(place: Place) -> bool:
    terms = [row["relation"] for row in place.family if not row["death"]]
    if place.row["relation"] != "con đẻ" or not {"vợ", "chồng"} & set(terms):
        return False
    place.row["relation"] = "vợ" if place.row["sex"] == "Nữ" else "chồng"
    return True


@error("household.age")
def _old_child(place: Place) -> bool:
    if place.row["relation"] != "mẹ đẻ" or place.row["death"]:
        return False
    place.row["relation"] = "con đẻ"
    return True
