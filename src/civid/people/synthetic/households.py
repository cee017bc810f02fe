"""Families in households: couples, children, twins, grandparents, people alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from civid.people.findings.columns import COLUMNS
from civid.people.synthetic.draw import Draw, written

Row = dict[str, str]
_EMPTY = dict.fromkeys(COLUMNS, "")
_STRIDE = 387_421
#: Ages at which a card is renewed (Law 26/2023 Art 21); enough for plausible days of expiry.
_CARD_AGES = (25, 40, 60)


class Families:
    """An endless stream of clean households.

    Parameters
    ----------
    seed : int
        The same seed gives the same people.
    as_of : date
        Day of the register.
    """

    def __init__(self, seed: int, as_of: date):
        self.draw = Draw(seed)
        self.as_of = as_of
        self._cells: dict[str, int] = {}
        self._households = 0
        self._people = 0

    def __iter__(self) -> Iterator[list[Row]]:
        while True:
            yield self.household()

    def number(self, place: str, sex: str, year: int) -> str:
        """A number of the right structure that nobody else has."""
        century = 2 * (year // 100 - 19) + (sex == "F")
        return self.number_in(f"{place}{century}{year % 100:02d}")

    def number_in(self, cell: str) -> str:
        """A number with these six first digits that nobody else has."""
        count = self._cells.get(cell, 0)
        self._cells[cell] = count + 1
        return f"{cell}{(count * _STRIDE + int(cell) * 7919) % 1_000_000:06d}"

    def household(self) -> list[Row]:
        """One household with its head first."""
        draw = self.draw
        self._households += 1
        province = draw.province()
        base = dict(_EMPTY)
        base["household"] = f"HH{self._households:08d}"
        base["province_code"] = province
        base["province_list"] = "63"
        base["province_name"] = draw.province_names[province]
        base["unit"] = f"{province}-{int(draw.rng.random() * 12):02d}"
        base["address"] = f"Tổ {1 + int(draw.rng.random() * 30)}, số nhà {self._households % 997}"
        highland = draw.chance(0.02)
        year = self.as_of.year
        head_age = 22 + int(draw.rng.random() * 60)
        head_sex = "M" if draw.chance(0.7) else "F"
        head = self._person(base, head_sex, year - head_age, "chủ hộ", highland)
        family = [head]
        if draw.chance(0.12):
            return family
        other = "F" if head_sex == "M" else "M"
        spouse = None
        if draw.chance(0.8):
            gap = int(draw.rng.random() * 8) - (2 if head_sex == "M" else 6)
            age = max(23, head_age - gap)
            term = "vợ" if other == "F" else "chồng"
            spouse = self._person(base, other, year - age, term, highland)
            head["spouse_number"], spouse["spouse_number"] = spouse["number"], head["number"]
            head["marital"] = spouse["marital"] = "2"
            family.append(spouse)
        self._children(family, base, head, spouse, head_age, highland)
        if draw.chance(0.1) and head_age < 55:
            parent = self._person(base, "F", year - head_age - 25, "mẹ đẻ", highland)
            head["mother_number"] = parent["number"]
            family.append(parent)
        return family

    def _children(
        self,
        family: list[Row],
        base: Row,
        head: Row,
        spouse: Row | None,
        head_age: int,
        highland: bool,
    ) -> None:
        draw = self.draw
        ages = [int(head["birth"][-4:])] + ([int(spouse["birth"][-4:])] if spouse else [])
        youngest = max(ages)  # the younger parent was at least 20
        surname = head["name"].split()[0]
        if spouse is not None and head["sex"] == "Nữ":
            surname = spouse["name"].split()[0]
        born = youngest + 20 + int(draw.rng.random() * 8)
        for _ in range(int(draw.rng.random() * 4)):
            if born > self.as_of.year or born > youngest + 45 or len(family) > 6:
                break
            sex = "M" if draw.chance(0.52) else "F"
            child = self._person(base, sex, born, "con đẻ", highland, surname)
            self._parents(child, head, spouse)
            family.append(child)
            if draw.chance(0.03):
                family.append(self._twin(child, base, head, spouse, highland, surname))
            born += 1 + int(draw.rng.random() * 5)

    def _twin(
        self, child: Row, base: Row, head: Row, spouse: Row | None, highland: bool, surname: str
    ) -> Row:
        draw = self.draw
        sex = child["sex"] if draw.chance(0.6) else ("Nữ" if child["sex"] == "Nam" else "Nam")
        letter = "M" if sex == "Nam" else "F"
        year = int(child["birth"][-4:])
        twin = self._person(base, letter, year, "con đẻ", highland, surname)
        words, mine = child["name"].split(), twin["name"].split()
        while mine[-1] == words[-1]:
            mine = draw.name(letter, surname, avoid=words[-1]).split()
        if not highland and len(words) > 2:  # twins often share the middle name
            mine = [*words[:-1], mine[-1]]
        twin["name"] = " ".join(mine)
        for other in ("paper_name", "paper_birth", "card_issued", "card_expires"):
            twin[other] = ""
        for same in ("birth", "registered", "registration_code"):
            twin[same] = child[same]
        if twin["number"]:
            twin["number"] = self.number(child["registration_code"], letter, year)
        self._parents(twin, head, spouse)
        return twin

    def _parents(self, child: Row, head: Row, spouse: Row | None) -> None:
        for parent in (head, spouse):
            if parent is not None:
                column = "father_number" if parent["sex"] == "Nam" else "mother_number"
                child[column] = parent["number"]

    def _person(
        self, base: Row, sex: str, year: int, relation: str, highland: bool, surname: str = ""
    ) -> Row:
        draw = self.draw
        row = dict(base)
        self._people += 1
        row["reference"] = f"P{self._people:08d}"
        row["sex"] = "Nam" if sex == "M" else "Nữ"
        row["relation"] = relation
        row["nationality"] = "Việt Nam"
        row["ethnic_version"] = "2008"
        if highland:
            row["name"] = draw.highland_name(sex)
            row["ethnic"], row["ethnic_name"] = "11", "Ê-đê"
        else:
            row["name"] = draw.name(sex, surname or draw.surname())
            row["ethnic"], row["ethnic_name"] = "01", "Kinh"
        last = min(date(year, 12, 31), self.as_of - timedelta(days=90))
        born = draw.day(date(year, 1, 2), last) if last.year == year else last
        if year < 1975 and draw.chance(0.08):
            born = date(year, 1, 1)
        row["birth"] = written(born)
        place = base["province_code"] if draw.chance(0.8) else draw.province()
        row["registration_code"] = place
        row["registered"] = written(draw.day(born, min(born + timedelta(50), self.as_of)))
        row["number"] = self.number(place, sex, born.year)
        row["marital"] = "1"
        row["life"] = "sống"
        row["confirmed"] = written(draw.day(self.as_of - timedelta(600), self.as_of))
        if born.year < 1998 and draw.chance(0.7):
            row["cmnd9"] = f"{int(place):02d}{self._people % 10_000_000:07d}"
        self._card(row, born)
        if relation == "mẹ đẻ" and draw.chance(0.15):
            row["life"] = "chết"
            row["death"] = written(draw.day(self.as_of - timedelta(400), self.as_of))
            row["confirmed"] = row["death"]
        elif draw.chance(0.05):
            row["absent_since"] = written(draw.day(self.as_of - timedelta(300), self.as_of))
        if draw.chance(0.3):
            row["paper_name"], row["paper_birth"] = row["name"].upper(), row["birth"]
        return row

    def _card(self, row: Row, born: date) -> None:
        draw = self.draw
        if self.as_of.year - born.year < 16 or draw.chance(0.1):
            return
        start = max(date(2021, 3, 1), _birthday(born, 14) + timedelta(days=1))
        issued = draw.day(start, self.as_of - timedelta(days=450))
        if issued < start:
            return
        for age in _CARD_AGES:
            expires = _birthday(born, age)
            if expires > issued + timedelta(days=731):
                if expires > self.as_of:
                    row["card_issued"], row["card_expires"] = written(issued), written(expires)
                return
        row["card_issued"] = written(issued)


def _birthday(born: date, age: int) -> date:
    day = 28 if (born.month, born.day) == (2, 29) else born.day
    return date(born.year + age, born.month, day)
