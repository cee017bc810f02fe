"""When two sources agree on a field: one small function each."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from civid.cards.crosscheck.facets import Facets
from civid.cards.mrz import letters, names_field
from civid.errors import CividError
from civid.people import names

_LONGEST = 4096
_WIDTH = 30
Difference = tuple[str, str] | None


def personal_number(a: Facets, b: Facets) -> Difference:
    """The 12 digits are the same."""
    return _equal(a.personal_number, b.personal_number, "the numbers differ")


def name(a: Facets, b: Facets) -> Difference:
    """Same name with accents, or the same after transliteration."""
    if a.full_name is not None and b.full_name is not None:
        return _accented(a.full_name, b.full_name)
    if a.names is not None and b.names is not None:
        return _equal(a.names, b.names, "the names differ")
    full, zone = a.full_name or b.full_name, a.names or b.names
    if full is None or zone is None:
        return None
    try:
        wanted, plain = names_field(full, _WIDTH), letters(full)
    except CividError:
        return "note", "a name has characters without a Latin form"
    if wanted == zone:
        return None
    if plain[: len(zone.replace("<<", "<"))] == zone.replace("<<", "<") and (
        len(zone) == _WIDTH or len(zone.replace("<<", "<")) == len(plain)
    ):
        return "note", "the same letters, but split or cut in another way"
    return "conflict", "the names differ after transliteration"


def birth(a: Facets, b: Facets) -> Difference:
    """The dates of birth agree in what both state of them."""
    if a.birth is None or b.birth is None:
        return None
    parts = [(text[:2], text[2:4], text[-2:]) for text in (a.birth, b.birth)]
    centuries = {text[4:6] for text in (a.birth, b.birth) if len(text) == 8}
    pairs = list(zip(*parts, strict=True))
    if len(centuries) > 1 or any(x != y and "00" not in (x, y) for x, y in pairs[:2]):
        return "conflict", "the dates of birth differ"
    if pairs[2][0] != pairs[2][1]:
        return "conflict", "the years of birth differ"
    if pairs[0][0] != pairs[0][1] or pairs[1][0] != pairs[1][1]:
        return "note", "one date of birth is less complete"
    return None


def sex(a: Facets, b: Facets) -> Difference:
    """The same sex."""
    return _equal(a.sex, b.sex, "the sexes differ")


def expiry(a: Facets, b: Facets) -> Difference:
    """The same expiry date, or none in both."""
    return _equal(a.expiry, b.expiry, "the expiry dates differ")


def issued(a: Facets, b: Facets) -> Difference:
    """The same day of issue."""
    return _equal(a.issued, b.issued, "the days of issue differ")


def residence(a: Facets, b: Facets) -> Difference:
    """The same residence; people move, so that a difference is a note."""
    if a.residence is None or b.residence is None or _plain(a.residence) == _plain(b.residence):
        return None
    return "note", "the residences are written differently, or one is older"


def old_number(a: Facets, b: Facets) -> Difference:
    """The same former number; only one of them may leave it out."""
    if not a.old_number or not b.old_number:
        missing = a.old_number != b.old_number and None not in (a.old_number, b.old_number)
        return ("note", "only one has the former number") if missing else None
    return _equal(a.old_number, b.old_number, "the former numbers differ")


def nationality(a: Facets, b: Facets) -> Difference:
    """The same nationality, where both are written in the same way."""
    if a.nationality is None or b.nationality is None:
        return None
    if _plain(a.nationality) == _plain(b.nationality):
        return None
    return "note", "the nationalities are written differently"


FIELDS: dict[str, Callable[[Facets, Facets], Difference]] = {
    "personal_number": personal_number,
    "name": name,
    "birth": birth,
    "sex": sex,
    "expiry": expiry,
    "issued": issued,
    "residence": residence,
    "old_number": old_number,
    "nationality": nationality,
}


def _equal(a: object, b: object, message: str) -> Difference:
    return None if a is None or b is None or a == b else ("conflict", message)


def _accented(a: str, b: str) -> Difference:
    try:
        level = names.compare(a, b).level
    except CividError:
        return None if a == b else ("conflict", "a name cannot be compared")
    if level is names.Level.SAME:
        return None
    if level is names.Level.WRITTEN_DIFFERENTLY:
        return "note", "the same name, written differently"
    return "conflict", f"the names differ: {level.name.lower().replace('_', ' ')}"


def _plain(text: str) -> str:
    if len(text) <= _LONGEST:  # NFC takes the square of the time on many marks
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.casefold().replace(",", " ").split())
