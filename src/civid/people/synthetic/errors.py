"""Errors to plant, one function a class. Each says by its name which rule has to find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import normalize

from civid.people.names.canonical import key
from civid.people.names.legacy import _TCVN3
from civid.people.synthetic.draw import Draw, written
from civid.people.synthetic.households import Families, Row


@dataclass(frozen=True, slots=True)
class Place:
    """Where an error may be planted.

    Parameters
    ----------
    family : list of dict
        The household; planting may change any of it, or add a row.
    at : int
        Row that is spoilt.
    families : Families
        For further draws.
    """

    family: list[Row]
    at: int
    families: Families

    @property
    def row(self) -> Row:
        """The row to spoil."""
        return self.family[self.at]

    @property
    def draw(self) -> Draw:
        """Draws of the generator."""
        return self.families.draw

    @property
    def as_of(self) -> date:
        """Day of the register."""
        return self.families.as_of

    def born(self) -> date:
        """Birth of the row."""
        day, month, year = map(int, self.row["birth"].split("/"))
        return date(year, month, day)

    def renumber(self, new: str) -> None:
        """Give the row another number and tell its relatives."""
        old = self.row["number"]
        for member in self.family:
            for column in ("father_number", "mother_number", "spouse_number"):
                if member[column] == old and old:
                    member[column] = new
        self.row["number"] = new


#: Plants the error and returns True, or returns False when this row does not lend itself to it.
Plant = Callable[[Place], bool]


@dataclass(frozen=True, slots=True)
class ErrorClass:
    """A class of errors.

    Parameters
    ----------
    rule : str
        Rule that has to find it.
    plant : callable
        As `Plant`.
    also : frozenset of str
        Rules that rightly object too, on this row or on others of the household.
    """

    rule: str
    plant: Plant
    also: frozenset[str]


CLASSES: dict[str, ErrorClass] = {}


def error(rule: str, *also: str, name: str = "") -> Callable[[Plant], Plant]:
    """Register an error class."""

    def register(plant: Plant) -> Plant:
        CLASSES[name or rule] = ErrorClass(rule, plant, frozenset((rule, *also)))
        return plant

    return register


def blank(rule: str, *columns: str, also: tuple[str, ...] = ()) -> None:
    """Register the class that empties columns."""

    def plant(place: Place) -> bool:
        for column in columns:
            place.row[column] = ""
        return True

    CLASSES[rule] = ErrorClass(rule, plant, frozenset((rule, *also)))


_NO_PAPER = ("name.paper_differs", "name.paper_part", "name.paper_accents")
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
    place.renumber(number[:at] + str(change(int(number[at])) % 10) + number[at + 1 :])
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
    place.renumber("003" + place.row["number"][3:])
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


def _name(place: Place, change: Callable[[str], str]) -> bool:
    name = place.row["name"]
    if not name.isascii() and "'" not in name and place.row["ethnic"] == "01":
        new = change(name)
        place.row["name"], place.row["paper_name"] = new, ""
        return new != name
    return False


@error("name.encoding", "name.case", "name.look_alike", "name.invisible", "name.not_nfc",
       "name.spaces", "name.initials")  # fmt: skip
def _mojibake(place: Place) -> bool:
    data = place.row["name"].encode()
    shown = data.decode("cp1252", "replace")
    return "\ufffd" not in shown and _name(place, lambda _: shown)


@error("name.encoding", "name.case", "name.look_alike", "name.invisible", name="name.tcvn3")
def _tcvn3(place: Place) -> bool:
    back = {meant: shown for shown, meant in _TCVN3.items()}
    return _name(place, lambda name: "".join(back.get(char, char) for char in name))


_TELEX = {
    "\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j",
    "\u0302": "", "\u0306": "w", "\u031b": "w",
}  # fmt: skip


def _telex_word(word: str) -> str:
    out, tone, last = "", "", ""
    for char in normalize("NFD", word.replace("đ", "dd").replace("Đ", "DD")):
        if char in "\u0301\u0300\u0309\u0303\u0323":
            tone = _TELEX[char]
        elif char == "\u0302":
            out += last.lower()
        elif char in _TELEX:
            out += "w"
        else:
            out, last = out + char, char
    return out + tone


@error("name.typing", "name.case")
def _telex(place: Place) -> bool:
    words = place.row["name"].split()
    if place.draw.chance(0.5):
        typed = [_telex_word(word) for word in words]
    else:
        at = max(range(len(words)), key=lambda i: len(_telex_word(words[i])) - len(words[i]))
        typed = [_telex_word(word) if i == at else word for i, word in enumerate(words)]
    return _name(place, lambda _: " ".join(typed))


@error("name.no_accents")
def _bare(place: Place) -> bool:
    return _name(place, lambda name: key(name).title())


@error("name.not_nfc")
def _nfd(place: Place) -> bool:
    return _name(place, lambda name: normalize("NFD", name))


@error("name.invisible")
def _zero_width(place: Place) -> bool:
    at = 1 + int(place.draw.rng.random() * 3)
    return _name(place, lambda name: f"{name[:at]}\u200b{name[at:]}")


@error("name.look_alike")
def _eth(place: Place) -> bool:
    return _name(place, lambda name: name.replace("Đ", "Ð").replace("đ", "ð"))


@error("name.spaces")
def _spaces(place: Place) -> bool:
    return _name(place, lambda name: name.replace(" ", place.draw.of(["  ", " \u00a0"]), 1))


@error("name.case")
def _caps_slip(place: Place) -> bool:
    def slip(name: str) -> str:
        return "".join(char if ord(char) > 0x7F else char.upper() for char in name)

    return _name(place, slip) and any(
        any(c.islower() for c in w) and sum(map(str.isupper, w)) > 1
        for w in place.row["name"].split()
    )


@error("name.digits")
def _digits(place: Place) -> bool:
    return _name(place, lambda name: f"{name}0")


@error("name.symbols")
def _symbols(place: Place) -> bool:
    return _name(place, lambda name: name.replace(" ", " #", 1))


@error("name.unreadable")
def _endless(place: Place) -> bool:
    return _name(place, lambda name: (name + " ") * 60)


@error("name.tone")
def _tone(place: Place) -> bool:
    slips = {"oàn": "òan", "oán": "óan", "uyễ": "ũyê", "uyế": "úyê", "iến": "íên", "uấn": "úân",
             "oạt": "ọat", "ường": "ừơng"}  # fmt: skip
    found = [right for right in slips if right in place.row["name"]]
    return bool(found) and _name(place, lambda name: name.replace(found[0], slips[found[0]], 1))


@error("sex.writing")
def _sex_code(place: Place) -> bool:
    place.row["sex"] = "M" if place.row["sex"] == "Nam" else "F"
    return True


@error("name.script")
def _cyrillic(place: Place) -> bool:
    return _name(place, lambda name: name.replace("a", "а").replace("n", "п", 1))


@error("name.initials")
def _initials(place: Place) -> bool:
    words = place.row["name"].split()
    if len(words) < 3 or words[1][0].lower() in "ayoiuêôơưâăý" or not words[1][0].isascii():
        return False
    return _name(place, lambda _: " ".join([words[0], f"{words[1][0]}.", *words[2:]]))


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


@error("name.paper_differs")
def _other_name(place: Place) -> bool:
    sex = "M" if place.row["sex"] == "Nam" else "F"
    place.row["paper_name"] = place.draw.name(sex, place.row["name"].split()[0])
    return key(place.row["paper_name"]).split()[-1] != key(place.row["name"]).split()[-1]


@error("name.paper_part")
def _part_lost(place: Place) -> bool:
    words = place.row["name"].split()
    if len(words) < 3 or place.row["ethnic"] != "01":
        return False
    place.row["paper_name"] = " ".join([words[0], *words[2:]])
    return True


@error("name.paper_accents")
def _accents_lost(place: Place) -> bool:
    bare = key(place.row["name"]).upper()
    place.row["paper_name"] = bare
    return place.row["ethnic"] == "01" and bare != place.row["name"].upper()


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
