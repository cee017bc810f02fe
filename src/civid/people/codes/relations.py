"""Relations to the head of a household (quan hệ với chủ hộ), Circular 55/2021 Art 6."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from civid.errors import CodeError
from civid.people.names.canonical import MAX_LENGTH, canonical
from civid.people.sex import Sex
from civid.people.tables import rows

HEAD = "chủ hộ"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a member is to the head, and what follows from it.

    Parameters
    ----------
    term : str
        Vietnamese term. No official numeric codes were found, so that the term is the code.
    group : str
        Group of relations.
    sex : Sex
        Sex of the member by the term; UNKNOWN where it says none.
    age : str
        ``older``, ``younger`` than the head, ``spouse``, or empty.
    """

    term: str
    group: str
    sex: Sex
    age: str


@cache
def relations() -> dict[str, Relation]:
    """Every relation by its canonical term, with short forms (con, cháu nội ...)."""
    found = {canonical(HEAD): Relation(HEAD, "Chủ hộ", Sex.UNKNOWN, "")}
    for row in rows("household_relations"):
        term = row["relation_to_head_vi"]
        sex = {"F": Sex.FEMALE, "M": Sex.MALE}.get(row["implied_sex_of_member"], Sex.UNKNOWN)
        relation = Relation(term, row["group"], sex, row["age_check_against_head"])
        for written in _short_forms(term):
            found.setdefault(canonical(written), relation)
    for short, full in _SHORT.items():
        found.setdefault(canonical(short), found[canonical(full)])
    for short, (full, sex) in _SEXED.items():
        base = found[canonical(full)]
        found[canonical(short)] = Relation(base.term, base.group, sex, base.age)
    return found


_SHORT = {"con": "con đẻ", "con trai": "con đẻ", "con gái": "con đẻ", "khác": "khác (phải ghi rõ)"}
#: Short forms that say the sex where the listed term does not.
_SEXED = {
    "con trai": ("con đẻ", Sex.MALE),
    "con gái": ("con đẻ", Sex.FEMALE),
    "ông nội": ("ông nội", Sex.MALE),
    "bà nội": ("bà nội", Sex.FEMALE),
    "ông ngoại": ("ông ngoại", Sex.MALE),
    "bà ngoại": ("bà ngoại", Sex.FEMALE),
    "cha": ("cha đẻ", Sex.MALE),
    "bố": ("cha đẻ", Sex.MALE),
    "mẹ": ("mẹ đẻ", Sex.FEMALE),
}


def _short_forms(term: str) -> list[str]:
    """``ông/bà nội, ông/bà ngoại`` -> each of the four, and the term itself."""
    forms = [term]
    for part in term.split(","):
        first, slash, second = part.strip().partition("/")
        if not slash:
            forms.append(part.strip())
        elif " " in second and " " not in first:  # ông/bà nội
            forms += [second, f"{first} {second.split(' ', 1)[1]}"]
        elif "/" not in second:
            forms += [first, second]
    return forms


def relation(term: str) -> Relation:
    """Find a relation by its term; `CodeError` when the list does not have it.

    >>> relation("Vợ").sex, relation("con").age
    (<Sex.FEMALE: 'F'>, 'younger')
    """
    if isinstance(term, str) and len(term) <= MAX_LENGTH:
        found = relations().get(canonical(term))
        if found is not None:
            return found
    raise CodeError("relation", "not a relation of Circular 55/2021")
